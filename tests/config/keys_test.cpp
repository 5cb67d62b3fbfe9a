// The table of keys: consistent with the structs, and each row usable by everything that is made from it.
#include "config/keys.hpp"

#include "config/value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace rapporteur::config {
namespace {

TEST(keys, names_are_unique_and_spelt_alike) {
  std::set<std::string> names;
  std::set<std::string> variables;
  for (const key_row& row : all_keys()) {
    EXPECT_NE(find_section(row.section), nullptr) << row.full_name();
    EXPECT_EQ(find_key(row.section, row.name), &row);
    EXPECT_TRUE(names.insert(row.full_name()).second) << row.full_name();
    // Sections and keys have underscores too, so that two keys could share a variable: server.a_b and server_a.b.
    EXPECT_TRUE(variables.insert(row.variable()).second) << row.variable();
    EXPECT_THAT(std::string(row.name), testing::MatchesRegex("[a-z][a-z_]*"));
  }
}

TEST(keys, every_default_is_allowed_and_every_row_explained) {
  for (const key_row& row : all_keys()) {
    const value v = row.get({});
    EXPECT_EQ(check_value(row, v).error, "") << row.full_name();
    EXPECT_GE(row.doc.size(), 20U) << row.full_name();
    EXPECT_TRUE(row.doc.ends_with('.')) << row.full_name();
    EXPECT_TRUE(is_utf8(row.doc));
    if (row.type == kind::count || row.type == kind::size || row.type == kind::duration) {
      EXPECT_LT(row.min, row.max) << row.full_name();
    }
  }
}

// A bound that the member cannot hold would wrap around without a word: port is 16 bits wide.
TEST(keys, every_bound_survives_its_member) {
  for (const key_row& row : all_keys()) {
    if (row.type != kind::count && row.type != kind::size && row.type != kind::duration) continue;
    for (const std::int64_t bound : {row.min, row.max}) {
      settings s;
      row.set(s, value(bound));
      EXPECT_EQ(std::get<std::int64_t>(row.get(s)), bound) << row.full_name();
    }
  }
}

TEST(keys, every_row_sets_a_member_of_its_own) {
  const auto other_than_default = [](const key_row& row) -> value {
    switch (row.type) {
      case kind::boolean:
        return !std::get<bool>(row.get({}));
      case kind::count:
      case kind::size:
      case kind::duration:
        return std::get<std::int64_t>(row.get({})) == row.min ? row.max : row.min;
      case kind::choice:
        return std::string(row.words.back() == std::get<std::string>(row.get({})) ? row.words.front()
                                                                                  : row.words.back());
      case kind::origins:
        return std::vector<std::string>{"https://news.example"};
      case kind::networks:
        return std::vector<std::string>{"10.0.0.0/8"};
      case kind::base_path:
        return std::string("/search");
      case kind::web_address:
        return std::string("https://news.example/search");
      case kind::address:
        return std::string("::1");
      case kind::secret:
        return std::string("a-key-of-the-test");
      case kind::path:
      case kind::optional_path:
        break;
    }
    return std::string("/somewhere/else");
  };
  for (const key_row& changed : all_keys()) {
    settings s;
    changed.set(s, other_than_default(changed));
    for (const key_row& row : all_keys()) {
      EXPECT_EQ(row.get(s) != row.get({}), &row == &changed) << changed.full_name() << " and " << row.full_name();
    }
  }
}

TEST(keys, every_choice_comes_back_as_the_same_word) {
  for (const key_row& row : all_keys()) {
    for (const std::string_view word : row.words) {
      settings s;
      row.set(s, value(std::string(word)));
      EXPECT_EQ(std::get<std::string>(row.get(s)), word);
    }
  }
}

TEST(keys, orders_name_keys_and_defaults_obey_them) {
  for (const order_row& order : all_orders()) {
    const key_row* lower = find_key(order.section, order.lower);
    const key_row* upper = find_key(order.section, order.upper);
    ASSERT_NE(lower, nullptr) << order.lower;
    ASSERT_NE(upper, nullptr) << order.upper;
    EXPECT_LE(std::get<std::int64_t>(lower->get({})), std::get<std::int64_t>(upper->get({})));
  }
}

TEST(keys, what_the_design_promises_of_privacy_is_the_default) {
  const settings s;
  EXPECT_FALSE(s.log.queries);
  EXPECT_FALSE(s.log.addresses);
  EXPECT_EQ(s.server.address, "127.0.0.1");
  EXPECT_TRUE(s.server.cors_origins.empty());
  EXPECT_TRUE(s.inbox.cors_origins.empty());
  EXPECT_TRUE(s.server.trusted_proxies.empty());
  EXPECT_FALSE(s.server.metrics);
  EXPECT_EQ(s.server.result_cache, 32U << 20U);
  EXPECT_TRUE(s.inbox.key.empty());
  EXPECT_TRUE(s.inbox.key_file.empty());
}

}  // namespace
}  // namespace rapporteur::config
