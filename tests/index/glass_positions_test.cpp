// What is written is read back, whole and up to a place, with the instructions of every processor and with those of
// this one; and no bytes make more of it than an exception. That Xapian reads the same is told by database_view_test.
#include "index/glass_positions.hpp"

#include <gtest/gtest.h>
#include <xapian.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace rapporteur::index::glass {
namespace {

using reading = void (*)(std::string_view, std::uint32_t, std::vector<std::uint32_t>&);
constexpr reading k_ways[] = {take_positions, take_positions_plainly};  // NOLINT(modernize-avoid-c-arrays)

std::vector<std::uint32_t> positions(std::mt19937& random, std::size_t count, std::uint32_t widest) {
  std::vector<std::uint32_t> out(count);
  std::uint32_t at = 1 + random() % widest;
  for (std::uint32_t& p : out) {
    p = at;
    at += 1 + random() % widest;
  }
  return out;
}

TEST(positions, come_back_whole_and_up_to_a_place) {
  std::mt19937 random(1);
  for (std::size_t count = 1; count < 200; ++count) {
    for (const std::uint32_t widest : {1U, 2U, 3U, 50U, 20'000'000U}) {
      const std::vector<std::uint32_t> wanted = positions(random, count, widest);
      std::string bytes;
      put_positions(bytes, wanted);
      for (const reading take : k_ways) {
        std::vector<std::uint32_t> got = {7, 8, 9};
        take(bytes, 0xFFFFFFFFU, got);
        ASSERT_EQ(got, wanted) << count << ' ' << widest;
        for (const std::uint32_t most : {0U, wanted.front(), wanted[count / 2], wanted[count / 2] + 1, wanted.back()}) {
          take(bytes, most, got);
          ASSERT_LE(got.size(), count);
          ASSERT_TRUE(std::equal(got.begin(), got.end(), wanted.begin())) << count << ' ' << widest << ' ' << most;
          // All up to there, and of those behind it at least one if not all are there.
          const auto up_to = std::upper_bound(wanted.begin(), wanted.end(), most) - wanted.begin();
          ASSERT_GE(got.size(), static_cast<std::size_t>(up_to)) << count << ' ' << widest << ' ' << most;
        }
      }
    }
  }
}

TEST(positions, of_a_long_text_are_not_all_read_for_the_first_of_them) {
  std::mt19937 random(2);
  const std::vector<std::uint32_t> all = positions(random, 10'000, 20);
  std::string bytes;
  put_positions(bytes, all);
  for (const reading take : k_ways) {
    std::vector<std::uint32_t> got;
    take(bytes, all[3], got);
    EXPECT_LT(got.size(), 100U);
  }
}

TEST(positions, of_the_greatest_numbers) {
  const std::vector<std::vector<std::uint32_t>> lists = {
      {0}, {0xFFFFFFFF}, {0, 0xFFFFFFFF}, {0, 1, 0xFFFFFFFF}, {0, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF}};
  for (const auto& wanted : lists) {
    std::string bytes;
    put_positions(bytes, wanted);
    for (const reading take : k_ways) {
      std::vector<std::uint32_t> got;
      take(bytes, 0xFFFFFFFFU, got);
      EXPECT_EQ(got, wanted);
    }
  }
}

TEST(positions, that_are_damaged_are_told_or_ascend) {
  std::mt19937 random(3);
  std::size_t told = 0;
  for (int n = 0; n < 20'000; ++n) {
    std::string bytes;
    put_positions(bytes, positions(random, 1 + random() % 60, 1 + random() % 40));
    if (random() % 3 == 0) bytes.resize(random() % (bytes.size() + 1));
    for (unsigned change = random() % 4; change > 0 && !bytes.empty(); --change)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    std::vector<std::uint32_t> before;
    for (const reading take : k_ways) {
      std::vector<std::uint32_t> got;
      try {
        take(bytes, 0xFFFFFFFFU, got);
        ASSERT_TRUE(std::is_sorted(got.begin(), got.end(), std::less_equal<>()));
      } catch (const Xapian::DatabaseCorruptError&) {
        got.clear();
        ++told;
      }
      if (take == k_ways[0])
        before = got;
      else
        ASSERT_EQ(got, before);
    }
  }
  EXPECT_GT(told, 1000U);
}

}  // namespace
}  // namespace rapporteur::index::glass
