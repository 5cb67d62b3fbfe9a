// Records as they are stored: smaller, each readable by itself, and damage is told.
#include "index/record_codec.hpp"

#include "index/generation.hpp"
#include "index/merge.hpp"
#include "index/schema.hpp"
#include "tests/index/index_folder.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace rapporteur::index {
namespace {

// Records of one kind have much in common, those of two kinds little.
article of_kind(int kind, int n) {
  constexpr const char* k_outlets[] = {"Varland Human Rights Monitor, weekly bulletin",
                                       "Ostmark Gazetteer of Detention"};
  constexpr const char* k_folders[] = {"/srv/archive/varland/bulletins/2019.jsonl", "/var/lib/gazette/ostmark.jsonl"};
  constexpr const char* k_tags[] = {"recommending_state", "place_of_detention"};
  article a =
      test::make_article(fmt::format("{}-{}", kind, n), fmt::format("Entry {}", n * 7919 % 1000), "Some words.");
  a.source = k_outlets[kind];
  a.url = fmt::format("https://{}.example.org/documents/by-number/{}", kind == 0 ? "varland" : "gazette", n);
  a.tags = {{k_tags[kind], {fmt::format("{}", n % 50)}}};
  a.origin = {k_folders[kind], static_cast<std::uint64_t>(n) * 813, static_cast<std::uint64_t>(n)};
  return a;
}

std::string encoded(int kind, int n) {
  return encode_record(of_kind(kind, n), static_cast<std::uint64_t>(n), 11);
}

std::vector<std::string> many(int kind, int count) {
  std::vector<std::string> all;
  for (int n = 0; n < count; ++n) all.push_back(encoded(kind, n));
  return all;
}

TEST(record_codec, gives_back_what_it_was_given_and_stores_less) {
  record_dictionaries dictionaries;
  record_codec without(dictionaries, false);
  const std::string one = encoded(0, 1234);
  const std::string plain = without.pack(one);
  EXPECT_LE(plain.size(), one.size());
  EXPECT_EQ(dictionaries.add(record_codec::train(many(0, 400))), 1U);
  record_codec with(dictionaries, false);
  const std::string packed = with.pack(one);
  EXPECT_LT(packed.size(), plain.size() / 2);
  // Whatever its kind of compression, each is read by any codec of the generation.
  for (const std::string& stored : {one, plain, packed}) {
    for (record_codec* c : {&without, &with}) {
      const auto back = c->unpack(stored);
      ASSERT_TRUE(back) << back.error().message;
      EXPECT_EQ(encode_record(*back), one);
    }
  }
  std::string tiny(1, '\1');
  EXPECT_EQ(with.pack(tiny), tiny) << "what does not get smaller stays as it is";
}

TEST(record_codec, damage_is_told) {
  record_dictionaries dictionaries;
  dictionaries.add(record_codec::train(many(0, 400)));
  record_codec codec(dictionaries, false);
  const std::string packed = codec.pack(encoded(0, 77));
  ASSERT_NE(packed.front(), '\1');
  const auto expect_damaged = [&codec](const std::string& bytes, const std::string& what) {
    const auto back = codec.unpack(bytes);
    ASSERT_FALSE(back) << what;
    EXPECT_EQ(back.error().code, errc::index_damaged) << what;
    EXPECT_NE(back.error().message.find("run check"), std::string::npos) << what;
  };
  for (std::size_t size = 0; size < packed.size(); ++size) expect_damaged(packed.substr(0, size), std::to_string(size));
  expect_damaged(packed + "x", "longer");
  std::string other = packed;
  other.front() = '\x20';
  expect_damaged(other, "a dictionary that is not there");
  other.front() = '\0';
  expect_damaged(other, "an unknown version");
  // A header that claims terabytes.
  expect_damaged(std::string("\3\xE0\xFF\xFF\xFF\xFF\xFF\x0F\0\0\1\0\0", 13), "too large");
  for (std::size_t at = 0; at < packed.size(); ++at) {
    std::string flipped = packed;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    (void)codec.unpack(flipped);  // wrong or refused, but nothing worse
  }
}

TEST(record_codec, learns_when_records_begin_to_look_otherwise) {
  record_dictionaries dictionaries;
  dictionaries.add(record_codec::train(many(0, 400)));
  record_codec codec(dictionaries, true);
  std::size_t early = 0;
  std::size_t late = 0;
  std::vector<std::string> stored;
  for (int n = 0; n < 1000; ++n) stored.push_back(codec.pack(encoded(0, n)));
  EXPECT_EQ(dictionaries.size(), 1U) << "nothing was to be gained";
  for (int n = 0; n < 3000; ++n) {
    stored.push_back(codec.pack(encoded(1, n)));
    if (n < 100) early += stored.back().size();
    if (n >= 2900) late += stored.back().size();
  }
  EXPECT_LT(late, early * 2 / 3);
  EXPECT_GE(dictionaries.size(), 2U);
  EXPECT_LE(dictionaries.size(), 4U);
  record_codec reading(dictionaries, false);
  for (std::size_t n = 0; n < stored.size(); ++n) {
    const auto back = reading.unpack(stored[n]);
    ASSERT_TRUE(back) << n;
    EXPECT_EQ(encode_record(*back),
              n < 1000 ? encoded(0, static_cast<int>(n)) : encoded(1, static_cast<int>(n) - 1000));
  }
  // One that does not learn takes the dictionary that fits what it is given first.
  for (int kind = 0; kind < 2; ++kind) {
    record_codec later(dictionaries, false);
    EXPECT_LE(later.pack(encoded(kind, 5)).size(), kind == 0 ? stored[5].size() : early / 100);
  }
}

TEST(record_codec, dictionaries_have_an_end) {
  record_dictionaries dictionaries;
  EXPECT_EQ(dictionaries.add(""), 0U);
  for (std::size_t n = 1; n <= record_dictionaries::k_most; ++n) EXPECT_EQ(dictionaries.add("x"), n);
  EXPECT_EQ(dictionaries.add("x"), 0U);
  EXPECT_EQ(dictionaries.get(0), "");
  EXPECT_EQ(dictionaries.get(record_dictionaries::k_most + 1), "");
}

class records_on_disk : public index_folder {
 protected:
  [[nodiscard]] std::size_t dictionaries() const {
    return record_dictionaries::read(reader::open(folder_)->database()).size();
  }
  // Everything but the numbers of texts, which depend on how threads take turns.
  void expect_all(int of_each) const {
    auto r = reader::open(folder_);
    for (int kind = 0; kind < 2; ++kind) {
      for (int n = 0; n < of_each; ++n) {
        const article a = of_kind(kind, n);
        const auto stored = r->get_record(r->find(a.id));
        ASSERT_TRUE(stored) << a.id << ": " << stored.error().message;
        EXPECT_EQ(encode_record(stored->fields, 0, 0), encode_record(a, 0, 0));
      }
    }
    expect_sound();
  }
};

TEST_F(records_on_disk, keep_their_dictionaries_through_changes_and_merges) {
  std::vector<article> all;
  for (int kind = 0; kind < 2; ++kind) {
    for (int n = 0; n < 2500; ++n) all.push_back(of_kind(kind, n));
  }
  run(std::move(all), writer::mode::rebuild);
  const std::size_t learnt = dictionaries();
  EXPECT_GE(learnt, 2U);
  expect_all(2500);

  article changed = of_kind(1, 3);
  changed.text = "Other words.";
  run({changed, of_kind(0, 2500), of_kind(1, 2500)});
  EXPECT_EQ(dictionaries(), learnt);
  expect_all(2501);
  const auto stored = reader::open(folder_)->database().get_document(reader::open(folder_)->find("1-2500")).get_data();
  EXPECT_LT(stored.size(), encoded(1, 2500).size() / 2) << "a later article makes use of them too";

  int asked = 0;
  const auto merged = merge_index(folder_, [&] {
    if (++asked == 1) run({of_kind(0, 2501), of_kind(1, 2501)});
    return false;
  });
  ASSERT_TRUE(merged && merged->merged);
  EXPECT_EQ(dictionaries(), learnt);
  expect_all(2502);
}

TEST_F(records_on_disk, check_tells_of_a_lost_dictionary) {
  std::vector<article> all;
  for (int n = 0; n < 300; ++n) all.push_back(of_kind(0, n));
  run(std::move(all), writer::mode::rebuild);
  EXPECT_TRUE(check_index(folder_)->problems.empty());
  {
    const std::string generation = reader::open(folder_)->info().generation;
    Xapian::WritableDatabase db((folder_ / generation).string(), Xapian::DB_OPEN);
    db.set_metadata(record_dictionary_key(1), "");
    db.commit();
  }
  const auto report = check_index(folder_);
  ASSERT_TRUE(report);
  ASSERT_FALSE(report->problems.empty());
  EXPECT_NE(report->problems.front().find("its dictionary is missing"), std::string::npos) << report->problems.front();
}

}  // namespace
}  // namespace rapporteur::index
