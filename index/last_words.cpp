#include "index/last_words.hpp"

#include "index/xapian_error.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <xapian.h>

#include <cerrno>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>

namespace rapporteur::index {
namespace {

// For a handler that takes no arguments.
struct words {
  std::string index;
  int status = 0;
  std::terminate_handler before = nullptr;
};
words& last() {
  static words w;
  return w;
}

// Nothing if it is not Xapian's exception in a destructor. The compiler ends the program with that exception caught or
// not caught, depending on what it has inlined.
std::optional<error> reason(int number) {
  if (const std::exception_ptr caught = std::current_exception()) {
    try {
      std::rethrow_exception(caught);
    } catch (const Xapian::Error& e) {
      return from_xapian(e, last().index);
    } catch (...) {
      return std::nullopt;
    }
  }
  if (std::uncaught_exceptions() == 0) return std::nullopt;
  return unexplained_write_failure(last().index, number);
}

[[noreturn]] void speak() {
  const int number = errno;
  const std::optional<error> why = reason(number);
  if (!why) {
    if (last().before != nullptr) last().before();
    std::abort();
  }
  const std::string line = fmt::format("rapporteur-index: {}; the index is as it was{}\n", why->message,
                                       why->code == errc::disk_full ? "" : "; make room and run the command again");
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  // No destructors: other threads go on, and what is unfinished goes with the next run.
  ::_exit(last().status);
}

}  // namespace

void leave_last_words(const std::filesystem::path& index, int status) {
  last().index = index.string();
  last().status = status;
  last().before = std::set_terminate(speak);
}

}  // namespace rapporteur::index
