// Long texts: how they are cut, what their directory says of them, and that they come and go with their article.
#include "index/text_blocks.hpp"

#include "index/reader.hpp"
#include "index/schema.hpp"
#include "index/writer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

// Invented sentences, always the same for a seed.
std::string long_text(std::size_t bytes, unsigned seed) {
  constexpr const char* k_words[] = {"the",           "envoy",     "visited",   "prisons", "in",
                                     "Varland",       "détention", "camps",     "UN",      "reports",
                                     "torture",       "北朝鮮",    "людей",     "السجناء", "A/HRC/25/63",
                                     "ill-treatment", "of",        "witnesses", "said",    "สิทธิมนุษยชน"};
  std::mt19937 random(seed);
  std::string out;
  while (out.size() < bytes) {
    for (unsigned n = 5 + random() % 20; n > 0; --n) {
      out += k_words[random() % std::size(k_words)];
      out += n == 1 ? "." : " ";
    }
    out += random() % 8 == 0 ? "\n\n" : " ";
  }
  return out;
}

struct made {
  std::string text;
  token_list tokens;
  text_directory directory;
};

made make(std::string text) {
  made m;
  m.text = std::move(text);
  analyzer a;
  stemmers s;
  a.analyze(m.text, m.tokens);
  m.directory = make_directory(m.text, m.tokens, "en", s);
  return m;
}

TEST(blocks, cover_the_text_and_end_where_words_do) {
  for (const std::size_t bytes : {33000U, 100000U, 700000U}) {
    const made m = make(long_text(bytes, 1));
    const auto& begins = m.directory.begins;
    ASSERT_GT(m.directory.blocks(), 2U);
    EXPECT_EQ(begins.front(), 0U);
    EXPECT_EQ(begins.back(), m.text.size());
    std::size_t next = 0;
    for (std::size_t b = 0; b < m.directory.blocks(); ++b) {
      EXPECT_TRUE(is_break(m.text, begins[b]));
      EXPECT_GE(begins[b + 1] - begins[b], k_block_bytes / 2);
      const std::uint32_t before = next == 0 ? 0 : m.tokens.tokens()[next - 1].position;
      while (next < m.tokens.tokens().size() && m.tokens.tokens()[next].begin < begins[b + 1]) ++next;
      EXPECT_GE(m.tokens.tokens()[next - 1].position, before + k_block_positions);
    }
  }
}

// A text without a place to cut is one block, however long.
TEST(blocks, are_never_cut_inside_a_word) {
  EXPECT_EQ(make(std::string(200000, 'x')).directory.blocks(), 1U);
  const made dashes = make(long_text(40000, 2) + std::string(100000, '-') + " " + long_text(40000, 3));
  for (std::size_t b = 0; b < dashes.directory.blocks(); ++b)
    EXPECT_TRUE(is_break(dashes.text, dashes.directory.begins[b]));
}

TEST(directory, never_misses_a_word) {
  const made m = make(long_text(120000, 4));
  stemmers s;
  std::vector<std::string_view> stems;
  std::size_t held = 0;
  for (const token& t : m.tokens.tokens()) {
    const std::string_view folded = m.tokens.text(t);
    std::size_t block = 0;
    while (m.directory.begins[block + 1] <= t.begin) ++block;
    std::uint64_t hash = 0;
    if (t.kind == token_kind::acronym)
      hash = acronym_hash(folded);
    else if (t.kind == token_kind::symbol)
      hash = symbol_hash(folded);
    else if (t.kind == token_kind::unigram)
      continue;
    else
      hash = t.kind == token_kind::bigram ? stem_hash(folded) : word_hash(folded, "en", s);
    ASSERT_TRUE(m.directory.blocks_of(hash).test(block)) << folded;
    s.stem("en", t.kind, std::string_view(m.text).substr(t.begin, t.end - t.begin), folded, stems);
    for (const std::string_view stem : stems) ASSERT_TRUE(m.directory.blocks_of(stem_hash(stem)).test(block)) << stem;
    ++held;
  }
  EXPECT_GT(held, 1000U);
  std::size_t wrong = 0;
  for (int n = 0; n < 1000; ++n) {
    const block_set b = m.directory.blocks_of(word_hash("absent" + std::to_string(n), "en", s));
    for (std::size_t i = 0; i < m.directory.blocks(); ++i) wrong += b.test(i) ? 1 : 0;
  }
  EXPECT_LT(wrong, 1000 * m.directory.blocks() / 10);
}

TEST(directory, counts_characters) {
  // Of one to four bytes, and as many that some begin and end anywhere among eight.
  const std::vector<std::string> k_characters = {"a", "é", "한", "😀"};
  std::mt19937 random(8);
  for (std::size_t count = 0; count < 5000; count += 1 + count / 7) {
    std::string text;
    for (std::size_t n = 0; n < count; ++n) text += k_characters[random() % k_characters.size()];
    EXPECT_EQ(block_text::borrow(text).directory().characters, count);
    if (!text.empty()) {
      EXPECT_EQ(block_text::borrow(text + std::string(3000, 'x')).directory().characters, count + 3000);
    }
  }
  EXPECT_EQ(block_text::borrow(std::string(9000, '\x80')).directory().characters, 0U);
}

TEST(directory, survives_storage_and_refuses_damage) {
  const made m = make(long_text(90000, 5));
  const std::string stored = encode_directory(m.directory);
  const auto again = decode_directory(stored, m.text.size());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->begins, m.directory.begins);
  EXPECT_EQ(again->characters, m.directory.characters);
  stemmers s;
  for (const char* w : {"envoy", "prisons", "nobody"}) {
    for (std::size_t b = 0; b < again->blocks(); ++b) {
      EXPECT_EQ(again->blocks_of(word_hash(w, "en", s)).test(b), m.directory.blocks_of(word_hash(w, "en", s)).test(b));
    }
  }
  EXPECT_FALSE(decode_directory(stored, m.text.size() + 1));
  for (std::size_t size = 0; size < stored.size(); size += 1 + size / 50) {
    const auto cut = decode_directory(stored.substr(0, size), m.text.size());
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, errc::index_damaged);
  }
  std::mt19937 random(6);
  for (int n = 0; n < 2000; ++n) {
    std::string broken = stored;
    broken[random() % 60] = static_cast<char>(random());
    const auto d = decode_directory(broken, m.text.size());
    if (d) (void)d->blocks_of(random());  // whatever it says, it stays inside its memory
  }
}

class long_articles_on_disk : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "rapporteur-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(writer::mode mode, const std::vector<std::pair<std::string, std::string>>& articles) {
    auto w = writer::open(folder_, mode, {});
    ASSERT_TRUE(w) << w.error().message;
    for (const auto& [id, text] : articles) {
      if (text.empty()) {
        ASSERT_TRUE(w->remove(id));
        continue;
      }
      article a;
      a.id = id;
      a.text = text;
      ASSERT_TRUE(w->add(a));
    }
    ASSERT_TRUE(w->commit());
  }

  std::size_t text_keys() {
    auto r = reader::open(folder_);
    std::size_t n = 0;
    // Other keys begin with a word; these with "t" and a number.
    for (auto k = r->database().metadata_keys_begin(std::string("t") + '\0');
         k != r->database().metadata_keys_end(std::string("t") + '\0'); ++k)
      ++n;
    return n;
  }

  std::string text_of(const std::string& id) {
    auto r = reader::open(folder_);
    return r->get_text(r->get_record(r->find(id)).value()).value();
  }

  void expect_sound() {
    const auto report = check_index(folder_);
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->problems.empty()) << report->problems.front();
  }

  fs::path folder_;
};

TEST_F(long_articles_on_disk, come_back_whole_and_leave_nothing_behind) {
  const std::string first = long_text(150000, 7);
  const std::string second = long_text(60000, 8);
  write(writer::mode::update, {{"a", first}, {"b", "A short one."}});
  EXPECT_EQ(text_of("a"), first);
  EXPECT_EQ(text_of("b"), "A short one.");
  const std::size_t with_first = text_keys();
  EXPECT_GT(with_first, 12U);
  expect_sound();

  write(writer::mode::update, {{"a", second}});
  EXPECT_EQ(text_of("a"), second);
  EXPECT_LT(text_keys(), with_first);
  expect_sound();

  write(writer::mode::update, {{"a", "Short now."}});
  EXPECT_EQ(text_of("a"), "Short now.");
  EXPECT_EQ(text_keys(), 2U);

  write(writer::mode::update, {{"a", ""}});
  EXPECT_EQ(text_keys(), 1U);
  expect_sound();
}

TEST_F(long_articles_on_disk, are_rebuilt_with_a_dictionary) {
  std::vector<std::pair<std::string, std::string>> articles;
  for (unsigned n = 0; n < 24; ++n) articles.emplace_back("a" + std::to_string(n), long_text(40000 + 2000 * n, n));
  write(writer::mode::rebuild, articles);
  auto r = reader::open(folder_);
  EXPECT_FALSE(r->database().get_metadata(std::string(key::dictionary)).empty());
  for (const auto& [id, text] : articles) EXPECT_EQ(text_of(id), text) << id;
  expect_sound();
}

TEST_F(long_articles_on_disk, are_fetched_in_parts) {
  const std::string text = long_text(300000, 9);
  write(writer::mode::update, {{"a", text}});
  auto r = reader::open(folder_);
  auto opened = r->open_text(r->get_record(r->find("a")).value());
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->fetched(), 0U);
  opened->need(150000, 150010);
  EXPECT_EQ(opened->fetched(), 1U);
  EXPECT_EQ(opened->view().substr(150000, 10), std::string_view(text).substr(150000, 10));
  opened->need(0, opened->size());
  EXPECT_EQ(opened->fetched(), opened->blocks());
  EXPECT_EQ(opened->view(), text);
  EXPECT_TRUE(opened->failure());
}

// A block that is gone is an error, not a text of other words.
TEST_F(long_articles_on_disk, tell_of_a_missing_block) {
  write(writer::mode::update, {{"a", long_text(100000, 10)}});
  {
    auto r = reader::open(folder_);
    const std::uint64_t number = r->get_record(r->find("a"))->text_number;
    Xapian::WritableDatabase db((folder_ / r->info().generation).string(), Xapian::DB_OPEN);
    db.set_metadata(text_block_key(number, 3), "");
    db.commit();
  }
  auto r = reader::open(folder_);
  const auto text = r->get_text(r->get_record(r->find("a")).value());
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, errc::index_damaged);
  const auto report = check_index(folder_);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->problems.size(), 1U);
}

}  // namespace
}  // namespace rapporteur::index
