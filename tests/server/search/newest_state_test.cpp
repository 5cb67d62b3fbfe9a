// Searchers of one index, each of which looks only from time to time: none answers from before what another has seen.
#include "server/search/newest_state.hpp"

#include "tests/server/search/small_archive.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::search {
namespace {

index_position at(std::string generation, std::uint64_t revision) {
  index::index_info info;
  info.generation = std::move(generation);
  info.revision = revision;
  return position_of(info);
}

TEST(newest_state, orders_states_in_time) {
  const std::vector<index_position> in_time{{},
                                            at("g000001", 1),
                                            at("g000001", 12),
                                            at("g000002", 12),  // merged
                                            at("g000003", 4),   // an older snapshot restored
                                            at("g999999", 5),
                                            at("g1000000", 5)};
  for (std::size_t i = 1; i < in_time.size(); ++i) EXPECT_LT(in_time[i - 1], in_time[i]) << i;
}

TEST(newest_state, goes_back_only_with_the_index) {
  newest_state s;
  s.advance(s.get(), at("g000001", 5));
  const auto before = s.get();
  s.advance(before, at("g000001", 7));
  s.advance(before, at("g000001", 6));  // another thread, which looked earlier
  EXPECT_EQ(s.get(), at("g000001", 7));
  s.advance(s.get(), at("g000001", 2));  // the folder holds another index now
  EXPECT_EQ(s.get(), at("g000001", 2));
}

TEST(newest_state, no_searcher_answers_from_before_what_another_has_seen) {
  const small_archive archive({make_article("a", "T", "quokka", "en")});
  const auto seen = std::make_shared<newest_state>();
  auto slow = archive.open();
  slow.share_newest(seen);
  // Each round takes less time than a searcher lets pass between two looks, or most of them do.
  constexpr int k_rounds = 20;
  for (int round = 0; round < k_rounds; ++round) {
    ASSERT_TRUE(slow.state());
    archive.write({make_article("a", "T", "quokka " + std::to_string(round), "en")});
    auto quick = archive.open();
    quick.share_newest(seen);
    const auto newest = quick.state();
    ASSERT_TRUE(newest);
    EXPECT_EQ(slow.state().value().revision, newest->revision);
  }
}

}  // namespace
}  // namespace rapporteur::search
