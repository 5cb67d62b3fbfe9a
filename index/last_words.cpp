#include "index/last_words.hpp"

#include "index/shard.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <xapian.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
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

bool is_of_the_disk(int number) {
  return number == ENOSPC || number == EDQUOT || number == EIO || number == EFBIG || number == EROFS;
}

// Empty if it is not Xapian's exception in a destructor. The compiler ends the program with that exception caught or
// not caught, depending on what it has inlined.
std::string reason(int number) {
  if (const std::exception_ptr caught = std::current_exception()) {
    try {
      std::rethrow_exception(caught);
    } catch (const Xapian::Error& e) {
      return from_xapian(e, last().index).message;
    } catch (...) {
      return {};
    }
  }
  if (std::uncaught_exceptions() == 0) return {};
  // Nothing between the call that failed and here has set errno again, if it was a call that failed.
  if (is_of_the_disk(number)) {
    return fmt::format("{}: could not be written: {}", last().index, std::strerror(number));  // NOLINT(concurrency-*)
  }
  return fmt::format("{}: could not be written: the disk may be full or failing", last().index);
}

[[noreturn]] void speak() {
  const int number = errno;
  const std::string why = reason(number);
  if (why.empty()) {
    if (last().before != nullptr) last().before();
    std::abort();
  }
  const std::string line =
      fmt::format("rapporteur-index: {}; the index is as it was; make room and run the command again\n", why);
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
