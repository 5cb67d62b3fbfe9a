#include "index/xapian_error.hpp"

#include "index/durable.hpp"

#include <fmt/format.h>
#include <xapian.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace rapporteur::index {

error from_xapian(const Xapian::Error& e, const std::string& where) {
  const int number = errno;
  const std::string_view type = e.get_type();
  if (type == "DatabaseLockError") {
    return {errc::index_locked, fmt::format("{}: another process is writing here: {}", where, e.get_msg())};
  }
  // A file that ends too early is no failure of the system's to Xapian, which throws its general DatabaseError.
  if (type == "DatabaseCorruptError" || type == "DatabaseVersionError" ||
      e.get_msg().starts_with("EOF reading block")) {
    return {errc::index_damaged,
            fmt::format("{}: {}; run rapporteur-index check, then restore a snapshot or rebuild", where, e.get_msg())};
  }
  // What Xapian throws in place of the failure of a write to a database that was opened with DB_DANGEROUS.
  if (type == "InvalidOperationError" && e.get_msg().starts_with("cancel() not supported")) {
    return unexplained_write_failure(where, number);
  }
  const char* system = e.get_error_string();
  const std::string message =
      fmt::format("{}: {}{}{}", where, e.get_msg(), system != nullptr ? ": " : "", system != nullptr ? system : "");
  const bool full = system != nullptr && (std::strcmp(system, std::strerror(ENOSPC)) == 0 ||  // NOLINT(concurrency-*)
                                          std::strcmp(system, std::strerror(EDQUOT)) == 0);   // NOLINT(concurrency-*)
  if (full) return {errc::disk_full, message + "; make room and run the command again"};
  return {errc::io, message};
}

error impossible_length(const std::string& where) {
  return {errc::index_damaged,
          fmt::format("{}: it holds a string of an impossible length; run rapporteur-index check, then restore a "
                      "snapshot or rebuild",
                      where)};
}

error caught_error(const std::string& where) {
  try {
    throw;
  } catch (const Xapian::Error& e) {
    return from_xapian(e, where);
  } catch (const std::length_error&) {
    return impossible_length(where);
  }
}

error unexplained_write_failure(const std::string& where, int number) {
  // Nothing between the call that failed and here has set errno again, if it was a call that failed.
  for (const int of_the_disk : {ENOSPC, EDQUOT, EIO, EFBIG, EROFS}) {
    if (number != of_the_disk) continue;
    error e = system_error(where, "could not be written", number);
    if (e.code == errc::disk_full) e.message += "; make room and run the command again";
    return e;
  }
  return {errc::io, fmt::format("{}: could not be written: the disk may be full or failing", where)};
}

}  // namespace rapporteur::index
