#include "index/ascending.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

namespace rapporteur::index {
namespace {

TEST(first_not_less, is_what_the_library_finds_from_every_place_on) {
  for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 16U, 100U}) {
    for (unsigned seed = 0; seed < 20; ++seed) {
      std::mt19937 random(seed);
      std::vector<std::uint32_t> list(size);
      std::uint32_t last = 0;
      for (std::uint32_t& n : list) n = last += 1 + random() % 5;
      for (std::size_t at = 0; at <= size; ++at) {
        for (std::uint32_t n = 0; n <= last + 2; ++n) {
          const auto wanted = std::lower_bound(list.begin() + static_cast<std::ptrdiff_t>(at), list.end(), n);
          ASSERT_EQ(first_not_less(list, at, n), static_cast<std::size_t>(wanted - list.begin())) << size << ' ' << n;
        }
      }
    }
  }
}

TEST(first_not_less, goes_to_the_greatest_number) {
  const std::vector<std::uint32_t> list = {1, 2, 3, 4, 5, 6, 7, 8, 0xFFFFFFFF};
  EXPECT_EQ(first_not_less(list, 0, 0xFFFFFFFF), 8U);
  EXPECT_EQ(first_not_less(list, 9, 0xFFFFFFFF), 9U);
}

}  // namespace
}  // namespace rapporteur::index
