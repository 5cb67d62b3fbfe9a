// Cursors as text: there and back, and everything that is not one.
#include "server/search/cursor.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

namespace rapporteur::search {
namespace {

cursor by_relevance() {
  cursor c;
  c.request = 0xFEDCBA9876543210U;
  c.position = 4'000'000'000U;
  c.state = 0x0123456789ABCDEFU;
  return c;
}

cursor by_date(std::string date, std::string content) {
  cursor c;
  c.request = 7;
  c.order = sort_order::oldest;
  c.date = std::move(date);
  c.content = std::move(content);
  return c;
}

TEST(cursor, comes_back_as_it_was) {
  for (const cursor& c : {by_relevance(), by_date({"\0\1\2\xFF", 4}, std::string(16, '\xAB')), by_date("", "x")}) {
    const std::string text = to_string(c);
    EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    const auto back = parse_cursor(text);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, c);
  }
}

TEST(cursor, one_that_is_garbled_is_told) {
  for (const cursor& c : {by_relevance(), by_date({"\0\1\2\xFF", 4}, std::string(16, '\xAB'))}) {
    const std::string text = to_string(c);
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string other = text;
      other[i] = text[i] == 'A' ? 'B' : 'A';
      EXPECT_EQ(parse_cursor(other).error().code, errc::bad_cursor) << other;
      EXPECT_EQ(parse_cursor(text.substr(0, i)).error().code, errc::bad_cursor) << i;
    }
    EXPECT_EQ(parse_cursor(text + "A").error().code, errc::bad_cursor);
    EXPECT_EQ(parse_cursor(text + "=").error().code, errc::bad_cursor);
    EXPECT_EQ(parse_cursor(text + text).error().code, errc::bad_cursor);
  }
  EXPECT_EQ(parse_cursor(std::string(100'000, 'A')).error().code, errc::bad_cursor);
  EXPECT_EQ(parse_cursor("\xFF\xFE").error().code, errc::bad_cursor);
  EXPECT_EQ(parse_cursor(to_string(by_date("abc", "x"))).error().code, errc::bad_cursor);
}

TEST(cursor, a_request_is_known_by_what_it_finds_and_in_which_order) {
  request r;
  r.q = "camps";
  const std::uint64_t same = fingerprint_of(r);
  const std::function<void(request&)> k_same[] = {
      [](request& x) { x.limit = 50; },          [](request& x) { x.offset = 50; },
      [](request& x) { x.facets = {"source"}; }, [](request& x) { x.snippets = 0; },
      [](request& x) { x.after = cursor(); },    [](request& x) { x.timeline = timeline_unit::day; },
  };
  for (const auto& change : k_same) {
    request x = r;
    change(x);
    EXPECT_EQ(fingerprint_of(x), same);
  }
  const std::function<void(request&)> k_others[] = {
      [](request& x) { x.q = "camp"; },
      [](request& x) { x.sort = sort_order::newest; },
      [](request& x) { x.expand = false; },
      [](request& x) { x.from = partial_date::parse("2019").value(); },
      [](request& x) { x.from = partial_date::parse("2019-01").value(); },
      [](request& x) { x.to = partial_date::parse("2019").value(); },
      [](request& x) { x.wanted.sources = {"a"}; },
      [](request& x) {
        x.wanted.sources = {"a", "b"};
      },
      [](request& x) { x.wanted.sources = {"ab"}; },
      [](request& x) { x.wanted.languages = {"a"}; },
      [](request& x) { x.wanted.authors = {"a"}; },
      [](request& x) { x.wanted.collections = {"a"}; },
      [](request& x) {
        x.wanted.tags = {{"a", {"b"}}};
      },
      [](request& x) { x.excluded.sources = {"a"}; },
      [](request& x) {
        x.excluded.tags = {{"a", {"b"}}};
      },
  };
  std::set<std::uint64_t> seen{same};
  for (const auto& change : k_others) {
    request x = r;
    change(x);
    EXPECT_TRUE(seen.insert(fingerprint_of(x)).second);
  }
}

TEST(cursor, a_state_is_known_by_all_that_it_is) {
  const index_state s{.revision = 1, .as_of = "a", .articles = 2, .thesaurus = 3};
  std::set<std::uint64_t> seen{fingerprint_of(s)};
  for (const auto& other :
       {index_state{2, "a", 2, 3}, index_state{1, "b", 2, 3}, index_state{1, "a", 3, 3}, index_state{1, "a", 2, 4}}) {
    EXPECT_TRUE(seen.insert(fingerprint_of(other)).second);
  }
}

}  // namespace
}  // namespace rapporteur::search
