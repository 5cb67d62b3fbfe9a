// Exceptions of Xapian that leave a destructor end the program with its words, and nothing else does.
#include "index/last_words.hpp"

#include <gtest/gtest.h>
#include <xapian.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

namespace rapporteur::index {
namespace {

constexpr int k_status = 3;

template <class Error>
void fail(const Error& error, int number) {
  errno = number;
  throw error;
}

// As Xapian's ValueUpdater. What is destroyed with it decides how the compiler ends the program.
template <class Error>
struct writes_at_its_end {
  Error error;
  int number;
  ~writes_at_its_end() {
    const std::string more(100, 'x');
    fail(error, number);
  }
};

template <class Error>
void end_in_a_destructor(const Error& error, int number) {
  leave_last_words("/somewhere/index", k_status);
  std::thread([&] {
    try {
      const std::string more(100, 'x');
      const writes_at_its_end<Error> w{error, number};
    } catch (const Error&) {
      // Not reached: that is the matter.
    }
  }).join();
}

TEST(last_words, are_said_when_xapian_ends_the_program) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(end_in_a_destructor(Xapian::DatabaseError("Error writing block", ENOSPC), ENOSPC),
              testing::ExitedWithCode(k_status), "rapporteur-index: /somewhere/index: .*No space left on device");
  EXPECT_EXIT(end_in_a_destructor(Xapian::DatabaseCorruptError("Unexpected block"), 0),
              testing::ExitedWithCode(k_status), "rapporteur-index: /somewhere/index: .*run the command again");
}

TEST(last_words, are_not_said_of_mistakes_of_our_own) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        leave_last_words("/somewhere/index", k_status);
        const std::thread forgotten([] {});
      },
      testing::KilledBySignal(SIGABRT), "terminate called without an active exception");
  EXPECT_EXIT(end_in_a_destructor(std::logic_error("ours"), 0), testing::KilledBySignal(SIGABRT), "ours");
}

}  // namespace
}  // namespace rapporteur::index
