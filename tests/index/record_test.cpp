// Records, terms, sort keys and impacts: what is stored comes back, and damage is told.
#include "index/record.hpp"

#include "index/impact.hpp"
#include "index/schema.hpp"
#include "index/text_codec.hpp"
#include "index/unicode.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {
namespace {

record sample() {
  record r;
  article& a = r.fields;
  a.id = "varland-1";
  a.title = "Los campos de Ñandú";
  a.title_derived = true;
  a.url = "https://example.org/1";
  a.published = partial_date{2019, 6, 13, date_precision::day};
  a.updated = partial_date{2020, 0, 0, date_precision::year};
  a.source = "The Sample Courier";
  a.authors = {"A. Writer", "B. Writer"};
  a.language = "es";
  a.language_detected = true;
  a.collection = "samples";
  a.tags = {{"country", {"Varland", "Ostmark"}}, {"empty", {}}};
  a.origin = {"a/b.jsonl", 12345678901ULL, 42};
  r.text_number = 1ULL << 40;
  r.text_bytes = 300;
  return r;
}

TEST(record, comes_back_as_it_went) {
  const record r = sample();
  const auto back = decode_record(encode_record(r));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->fields.title, r.fields.title);
  EXPECT_TRUE(back->fields.title_derived);
  EXPECT_TRUE(back->fields.language_detected);
  EXPECT_EQ(back->fields.published, r.fields.published);
  EXPECT_EQ(back->fields.updated, r.fields.updated);
  EXPECT_EQ(back->fields.authors, r.fields.authors);
  EXPECT_EQ(back->fields.tags, r.fields.tags);
  EXPECT_EQ(back->fields.origin.offset, r.fields.origin.offset);
  EXPECT_EQ(back->text_number, r.text_number);
}

TEST(record, every_truncation_and_extension_is_damage) {
  const std::string bytes = encode_record(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto back = decode_record(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(back) << size;
    EXPECT_EQ(back.error().code, errc::index_damaged);
  }
  EXPECT_FALSE(decode_record(bytes + "x"));
}

TEST(terms, long_values_are_cut_and_stay_distinct) {
  const std::string long_value(400, 'a');
  const std::string other = long_value + "b";
  const std::string one = make_term(prefix::source, long_value);
  EXPECT_LE(one.size(), 245U);
  EXPECT_EQ(one, make_term(prefix::source, long_value));
  EXPECT_NE(one, make_term(prefix::source, other));
  std::string accented;
  while (accented.size() < 400) accented += "é";
  EXPECT_EQ(find_invalid_utf8(make_term(prefix::source, accented)), std::string::npos);
  const std::string zeros(200, '\0');
  const std::string term = make_term(prefix::tag, zeros);
  EXPECT_LE(term.size() + static_cast<std::size_t>(std::count(term.begin(), term.end(), '\0')), 245U);
}

TEST(terms, outlets_are_compared_folded) {
  EXPECT_EQ(source_term("NK  News"), source_term("nk news"));
  EXPECT_EQ(source_term("Médiapart"), source_term("MEDIAPART"));
  EXPECT_NE(source_term("NK News"), source_term("NKNews"));
}

TEST(terms, of_paths_are_short_and_printable) {
  std::set<std::string> terms;
  for (int n = 0; n < 10000; ++n) terms.insert(path_term("/srv/reports/" + std::to_string(n) + ".txt"));
  EXPECT_EQ(terms.size(), 10000U);
  constexpr std::string_view k_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const std::string& t : terms) {
    EXPECT_EQ(t.size(), 13U);
    EXPECT_EQ(t.find_first_not_of(k_letters), std::string::npos) << t;
  }
  // It is on disk: another hash is another format.
  EXPECT_EQ(path_term("/srv/reports/1.txt"), "Pk0kE6gVGx7OI");
  EXPECT_EQ(file_key("/srv/reports/1.txt"), file_key_of_term(path_term("/srv/reports/1.txt")));
  EXPECT_EQ(file_key("/a").size(), 13U);
}

TEST(content_values, are_hashes_in_half_the_bytes) {
  const std::string hash = content_hash(sample().fields);
  ASSERT_EQ(hash.size(), 16U);
  EXPECT_EQ(content_value(hash).size(), 8U);
  EXPECT_EQ(content_of_value(content_value(hash)), hash);
  EXPECT_EQ(content_value("00ff10"), std::string("\0\xFF\x10", 3));
  EXPECT_EQ(content_of_value(std::string("\0\xFF\x10", 3)), "00ff10");
  EXPECT_EQ(content_value(""), "");
  EXPECT_EQ(content_of_value(""), "");
  for (const char* other : {"abc", "xy", "1g", "-1", "a b"}) EXPECT_EQ(content_value(other), other);
}

TEST(sort_keys, order_dates_both_ways) {
  const partial_date year{2019, 0, 0, date_precision::year};
  const partial_date day{2019, 6, 13, date_precision::day};
  const partial_date later{2020, 1, 1, date_precision::day};
  EXPECT_LT(newest_key(year), newest_key(day));
  EXPECT_LT(newest_key(day), newest_key(later));
  EXPECT_GT(oldest_key(day), oldest_key(later));
  EXPECT_EQ(newest_key(day).size(), 4U);
}

TEST(impact, grows_with_frequency_and_falls_with_length) {
  const impact_model m;
  EXPECT_LT(m.impact(1, 0, 300), m.impact(2, 0, 300));
  EXPECT_LT(m.impact(1, 0, 300), m.impact(0, 1, 300));
  EXPECT_GT(m.impact(1, 0, 100), m.impact(1, 0, 3000));
  EXPECT_GE(m.impact(1, 0, 100000000), 1U);
  EXPECT_LE(m.impact(1000000, 1000, 1), static_cast<std::uint32_t>(m.scale * (m.k1 + 1)) + 1);
  const auto back = impact_model::parse(m.to_string());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->to_string(), m.to_string());
  EXPECT_FALSE(impact_model::parse("nonsense"));
}

TEST(text_codec, comes_back_with_and_without_dictionary) {
  std::vector<std::string> texts;
  texts.reserve(300);
  for (int i = 0; i < 300; ++i) {
    texts.push_back("Report " + std::to_string(i) + ": the special rapporteur visited camp number " +
                    std::to_string(i * 7919 % 1000) +
                    " and heard testimony about detention without trial, in a district called " +
                    std::to_string(i * i) + ".");
  }
  const std::string dictionary = text_codec::train({texts.begin(), texts.end()}, 4096);
  ASSERT_FALSE(dictionary.empty());
  text_codec with(dictionary);
  text_codec without("");
  EXPECT_LT(with.compress(texts[17]).size(), without.compress(texts[17]).size());
  EXPECT_EQ(with.compress(texts[17])[4] & 3, 0) << "a frame has no room for the dictionary's number";
  for (const std::string& t : texts) {
    EXPECT_EQ(with.decompress(with.compress(t), t.size()).value(), t);
    EXPECT_EQ(without.decompress(without.compress(t), t.size()).value(), t);
  }
  std::string damaged = with.compress(texts[0]);
  damaged[damaged.size() / 2] = static_cast<char>(~damaged[damaged.size() / 2]);
  const auto outcome = with.decompress(damaged, texts[0].size());
  EXPECT_TRUE(!outcome || *outcome != texts[0]);
  EXPECT_EQ(with.decompress("", 10).error().code, errc::index_damaged);
  EXPECT_EQ(with.decompress(with.compress(texts[0]), 5).error().code, errc::index_damaged);
}

}  // namespace
}  // namespace rapporteur::index
