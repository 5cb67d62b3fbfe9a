// What comes out of Xapian is told as what it means; what is none of Xapian's passes on.
#include "index/xapian_error.hpp"

#include <gtest/gtest.h>
#include <xapian.h>

#include <functional>
#include <stdexcept>
#include <string>

namespace rapporteur::index {
namespace {

struct thrown {
  const char* name;
  std::function<void()> raise;
  errc meaning;
  const char* said;
};

class caught_errors : public testing::TestWithParam<thrown> {};

TEST_P(caught_errors, are_told_as_what_they_mean) {
  try {
    GetParam().raise();
    FAIL() << "nothing was thrown";
  } catch (...) {
    const error e = caught_error("g000001");
    EXPECT_EQ(e.code, GetParam().meaning) << e.message;
    EXPECT_TRUE(e.message.starts_with("g000001: ")) << e.message;
    EXPECT_NE(e.message.find(GetParam().said), std::string::npos) << e.message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    each, caught_errors,
    testing::Values(
        thrown{"a_held_lock", [] { throw Xapian::DatabaseLockError("held"); }, errc::index_locked, "another process"},
        thrown{"damage", [] { throw Xapian::DatabaseCorruptError("block 3"); }, errc::index_damaged, "restore"},
        thrown{"a_file_cut_short", [] { throw Xapian::DatabaseError("EOF reading block 7"); }, errc::index_damaged,
               "restore"},
        thrown{"an_impossible_length", [] { throw std::length_error("basic_string::append"); }, errc::index_damaged,
               "impossible length"},
        thrown{"anything_else_of_xapians", [] { throw Xapian::NetworkError("unreachable"); }, errc::io, "unreachable"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(caught_errors, leave_what_is_not_xapians) {
  const auto fault_of_ours = [] {
    try {
      throw std::logic_error("ours");
    } catch (...) {
      caught_error("g000001");
    }
  };
  EXPECT_THROW(fault_of_ours(), std::logic_error);
}

}  // namespace
}  // namespace rapporteur::index
