// What holds for every text, asked of real ones: the project's own articles, and a sample of the corpora beside it.
#include "analysis_rows.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

struct real_text {
  std::string name;
  std::string text;
};

// Texts of a JSON Lines file: count of them at equal distances, and the first of each language among those looked at.
void sample(const fs::path& file, std::size_t count, std::vector<real_text>& out) {
  std::ifstream in(file, std::ios::binary);
  const auto size = static_cast<std::size_t>(fs::file_size(file));
  const std::size_t looks = count * 6;
  std::set<std::string> languages;
  std::string line;
  for (std::size_t i = 0; i < looks; ++i) {
    in.clear();
    in.seekg(static_cast<std::streamoff>(size * i / looks));
    if (i > 0) std::getline(in, line);
    if (!std::getline(in, line)) continue;
    boost::system::error_code failure;
    const boost::json::value v = boost::json::parse(line, failure);
    if (failure || !v.is_object()) continue;
    const auto member = [&v](const char* key) {
      const auto* m = v.as_object().if_contains(key);
      return m != nullptr && m->is_string() ? std::string(m->as_string()) : std::string();
    };
    if (!languages.insert(member("lang")).second && i % 6 != 0) continue;
    out.push_back({file.filename().string() + " " + member("id"), member("title") + "\n\n" + member("text")});
  }
}

std::vector<real_text> own_texts() {
  std::vector<real_text> out;
  for (const auto& entry : fs::recursive_directory_iterator(std::string(RAPPORTEUR_SOURCE_DIR) + "/tests/articles")) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".jsonl" || extension == ".ndjson") {
      sample(entry.path(), 8, out);
    } else if (extension == ".txt" || extension == ".md") {
      std::ifstream in(entry.path(), std::ios::binary);
      out.push_back({entry.path().filename().string(), std::string(std::istreambuf_iterator<char>(in), {})});
    }
  }
  return out;
}

std::vector<real_text> corpus_texts() {
  std::vector<real_text> out;
  const fs::path folder = std::string(RAPPORTEUR_SOURCE_DIR) + "/../shared/corpora/articles";
  if (!fs::exists(folder)) return out;
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.insert(entry.path());
  for (const fs::path& file : files) sample(file, 40, out);
  return out;
}

// The tokens with their texts and kinds; positions counted on from an offset.
std::vector<std::string> tokens_of(const token_list& list, bool acronyms = true, std::uint32_t offset = 0) {
  std::vector<std::string> out;
  for (const token& t : list.tokens()) {
    if (!acronyms && t.kind == token_kind::acronym) continue;
    out.push_back(std::to_string(t.position + offset) + ":" + std::to_string(static_cast<int>(t.kind)) + ":" +
                  std::string(list.text(t)));
  }
  return out;
}

class every_text : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    texts_ = GetParam() ? corpus_texts() : own_texts();
    if (GetParam() && texts_.empty()) GTEST_SKIP() << "the corpora are not beside the project";
    ASSERT_GT(texts_.size(), GetParam() ? 200U : 20U);
  }

  std::vector<real_text> texts_;
  analyzer analyzer_;
  token_list list_;
};

TEST_P(every_text, has_the_same_tokens_composed_and_decomposed) {
  for (const real_text& t : texts_) {
    analyzer_.analyze(nfc(t.text), list_);
    const auto composed = tokens_of(list_);
    const std::string decomposed = nfd(t.text);
    analyzer_.analyze(decomposed, list_);
    EXPECT_EQ(tokens_of(list_), composed) << t.name;
    EXPECT_EQ(what_is_wrong(decomposed, list_, false), "") << t.name;
  }
}

TEST_P(every_text, has_tokens_in_their_places) {
  for (const real_text& t : texts_) {
    analyzer_.analyze(t.text, list_);
    EXPECT_EQ(what_is_wrong(t.text, list_, t.text.size() < 3000), "") << t.name;
  }
}

TEST_P(every_text, has_the_tokens_of_its_halves) {
  for (const real_text& t : texts_) {
    const std::size_t blank = t.text.find("\n\n", t.text.size() / 2);
    const std::size_t cut = blank == std::string::npos ? t.text.find("\n\n") : blank;
    if (cut == std::string::npos) continue;
    analyzer_.analyze(t.text, list_);
    const auto whole = tokens_of(list_);
    analyzer_.analyze(std::string_view(t.text).substr(0, cut + 2), list_);
    auto halves = tokens_of(list_);
    const std::uint32_t offset = list_.last_position();
    analyzer_.analyze(std::string_view(t.text).substr(cut + 2), list_);
    const auto second = tokens_of(list_, true, offset);
    halves.insert(halves.end(), second.begin(), second.end());
    EXPECT_EQ(halves, whole) << t.name;
  }
}

TEST_P(every_text, has_the_same_words_as_a_query_and_as_an_article) {
  for (const real_text& t : texts_) {
    analyzer_.analyze(t.text, list_);
    const auto article = tokens_of(list_, false);
    analyzer_.analyze(t.text, list_, text_role::query);
    EXPECT_EQ(tokens_of(list_, false), article) << t.name;
  }
}

// What a reader sees does not depend on where the reading began (index::analyzer::analyze_part).
TEST_P(every_text, has_the_words_of_its_parts) {
  token_list part;
  for (const real_text& t : texts_) {
    const std::size_t begin = break_at_or_after(t.text, t.text.size() / 3);
    const std::size_t end = break_at_or_after(t.text, t.text.size() * 2 / 3);
    analyzer_.analyze(t.text, list_);
    std::vector<std::string> wanted;
    for (const token& k : list_.tokens()) {
      if (k.begin >= begin && k.end <= end && k.kind != token_kind::acronym) wanted.emplace_back(list_.text(k));
    }
    analyzer_.analyze_part(t.text, begin, end, false, part);
    std::vector<std::string> found;
    for (const token& k : part.tokens()) found.emplace_back(part.text(k));
    EXPECT_EQ(found, wanted) << t.name;
  }
}

INSTANTIATE_TEST_SUITE_P(own, every_text, testing::Values(false));
INSTANTIATE_TEST_SUITE_P(corpora, every_text, testing::Values(true));

}  // namespace
}  // namespace rapporteur::index
