// What the indexer says of a request arrives as it was said, or is known not to have arrived.
#include "index/receipt.hpp"

#include <gtest/gtest.h>

namespace rapporteur::index {
namespace {

receipt sample() {
  return {
      .revision = 42,
      .articles = {
          {.id = "courier-17", .line = 1, .outcome = article_outcome::added, .reason = {}},
          {.id = "a\tb\nc\\d\r", .line = 2, .outcome = article_outcome::replaced, .reason = {}},
          {.id = "북한-1", .line = 3, .outcome = article_outcome::unchanged, .reason = {}},
          {.id = "", .line = 4, .outcome = article_outcome::refused, .reason = {errc::malformed, "line 4:\tno\ntext"}},
          {.id = "gone", .line = 0, .outcome = article_outcome::removed, .reason = {}},
          {.id = "never", .line = 0, .outcome = article_outcome::not_found, .reason = {}},
      }};
}

void expect_same(const receipt& a, const receipt& b) {
  EXPECT_EQ(a.revision, b.revision);
  ASSERT_EQ(a.articles.size(), b.articles.size());
  for (std::size_t i = 0; i < a.articles.size(); ++i) {
    EXPECT_EQ(a.articles[i].id, b.articles[i].id);
    EXPECT_EQ(a.articles[i].line, b.articles[i].line);
    EXPECT_EQ(a.articles[i].outcome, b.articles[i].outcome);
    EXPECT_EQ(a.articles[i].reason.message, b.articles[i].reason.message);
    if (a.articles[i].outcome == article_outcome::refused) {
      EXPECT_EQ(a.articles[i].reason.code, b.articles[i].reason.code);
    }
  }
}

TEST(receipt, comes_back_as_it_went) {
  const auto back = decode_receipt(encode_receipt(sample()));
  ASSERT_TRUE(back) << back.error().message;
  expect_same(*back, sample());
  const auto empty = decode_receipt(encode_receipt({}));
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->revision, 0U);
  EXPECT_TRUE(empty->articles.empty());
}

TEST(receipt, every_code_and_outcome_comes_back) {
  receipt all;
  for (const auto code : k_all_errc) all.articles.push_back({"x", 1, article_outcome::refused, {code, "why"}});
  for (const auto outcome : k_all_article_outcomes) all.articles.push_back({"x", 1, outcome, {errc::io, ""}});
  const auto back = decode_receipt(encode_receipt(all));
  ASSERT_TRUE(back);
  expect_same(*back, all);
}

TEST(receipt, no_part_of_one_is_taken_for_the_whole) {
  const std::string whole = encode_receipt(sample());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto back = decode_receipt(whole.substr(0, size));
    ASSERT_FALSE(back) << size;
    EXPECT_EQ(back.error().code, errc::malformed);
  }
}

TEST(receipt, says_what_cannot_be_read_and_passes_over_what_is_new) {
  struct row {
    const char* what;
    std::string text;
    bool ok;
  };
  const row rows[] = {
      {"nothing", "", false},
      {"something else", "{\"revision\": 1}\n", false},
      {"a later version", "rapporteur-receipt 2\nrevision\t1\nend\t0\n", false},
      {"no revision", "rapporteur-receipt 1\nend\t0\n", false},
      {"a revision that is no number", "rapporteur-receipt 1\nrevision\t1x\nend\t0\n", false},
      {"a line that is no number", "rapporteur-receipt 1\nrevision\t1\narticle\tx\tadded\ta\nend\t1\n", false},
      {"too few fields", "rapporteur-receipt 1\nrevision\t1\narticle\t1\tadded\nend\t1\n", false},
      {"fewer articles than it says", "rapporteur-receipt 1\nrevision\t1\nend\t1\n", false},
      {"a field more, a line more",
       "rapporteur-receipt 1\nrevision\t1\tx\nwarning\tsomething\narticle\t1\tadded\ta\t\t\tx\nend\t1\n", true},
  };
  for (const auto& r : rows) EXPECT_EQ(decode_receipt(r.text).has_value(), r.ok) << r.what;
  const auto later = decode_receipt("rapporteur-receipt 1\nrevision\t1\narticle\t1\tpostponed\ta\tbusy\twhy\nend\t1\n");
  ASSERT_TRUE(later);
  EXPECT_EQ(later->articles[0].outcome, article_outcome::refused);
  EXPECT_EQ(later->articles[0].reason.code, errc::internal);
  EXPECT_EQ(later->articles[0].reason.message, "why");
}

}  // namespace
}  // namespace rapporteur::index
