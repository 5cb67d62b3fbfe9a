// The document of an article against the same made plainly: straight into a Xapian::Document, through maps. Terms,
// weights, positions, values and record must be the same for made-up articles and for real ones.
#include "index/document.hpp"

#include "index/record.hpp"
#include "index/schema.hpp"
#include "index/unicode.hpp"
#include "tests/index/make_article.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <xapian.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

impact_model model() {
  impact_model m;
  m.average_length = 300;
  return m;
}

class plain_builder {
 public:
  explicit plain_builder(std::string main_language) : main_language_(std::move(main_language)) {}

  Xapian::Document build(const article& a, std::uint64_t text_number, const std::string& content) {
    words_.clear();
    others_.clear();
    const std::string language(stem_language(a.language, main_language_));
    std::uint32_t title_length = 0;
    if (!a.title_derived) title_length = count(a.title, language, 0, true);
    const std::uint32_t length = title_length + count(a.text, language, title_length + k_title_gap, false);

    Xapian::Document doc;
    for (const auto& [word, c] : words_) {
      doc.add_term(word, model_.impact(c.in_text, c.in_title, length));
      for (const std::uint32_t p : c.positions) doc.add_posting(word, p, 0);
      if (c.in_title == 0) continue;
      doc.add_term("S" + word, model_.impact(0, c.in_title, length));
      for (const std::uint32_t p : c.title_positions) doc.add_posting("S" + word, p, 0);
    }
    for (const auto& [key, c] : others_) {
      const auto& [prefix, value] = key;
      doc.add_term(make_term(prefix, value), model_.impact(c.in_text, c.in_title, length));
      if (prefix == "Z" && c.in_title > 0) doc.add_term(make_term("ZS", value), model_.impact(0, c.in_title, length));
    }
    add_fields(doc, a);
    doc.add_value(slot::content, content_value(content));
    record r;
    r.fields = a;
    r.fields.text.clear();
    r.text_number = text_number;
    r.text_bytes = a.text.size();
    doc.set_data(encode_record(r));
    return doc;
  }

 private:
  struct counts {
    std::uint32_t in_text = 0, in_title = 0;
    std::set<std::uint32_t> positions, title_positions;
  };

  std::uint32_t count(const std::string& text, const std::string& language, std::uint32_t offset, bool title) {
    token_list list;
    analyzer_.analyze(text, list);
    std::vector<std::string_view> stems;
    const auto add = [title](counts& c) { ++(title ? c.in_title : c.in_text); };
    for (const token& t : list.tokens()) {
      const std::string folded(list.text(t));
      if (t.kind == token_kind::acronym) {
        add(others_[{"XACR:", folded}]);
      } else if (t.kind == token_kind::symbol) {
        add(others_[{"XSYM:", folded}]);
      } else {
        counts& c = words_[folded];
        add(c);
        c.positions.insert(offset + t.position);
        if (title) c.title_positions.insert(t.position);
        stemmers_.stem(language, t.kind, std::string_view(text).substr(t.begin, t.end - t.begin), folded, stems);
        for (const std::string_view stem : stems) add(others_[{"Z", language + ":" + std::string(stem)}]);
      }
    }
    return list.last_position();
  }

  void add_fields(Xapian::Document& doc, const article& a) {
    token_list list;
    for (const std::string& author : a.authors) {
      analyzer_.analyze(author, list);
      for (const token& t : list.tokens()) {
        if (carries_position(t.kind)) doc.add_posting(make_term("A", list.text(t)), t.position, 0);
      }
      doc.add_boolean_term(author_term(author));
    }
    doc.add_boolean_term(id_term(a.id));
    if (!a.language.empty()) doc.add_boolean_term(language_term(a.language));
    doc.add_value(slot::language, a.language);
    if (!a.source.empty()) doc.add_boolean_term(source_term(a.source));
    doc.add_value(slot::source, compose(a.source));
    if (!a.collection.empty()) doc.add_boolean_term(collection_term(a.collection));
    doc.add_value(slot::collection, compose(a.collection));
    for (const tag& t : a.tags) {
      for (const std::string& v : t.values) doc.add_boolean_term(tag_term(t.name, v));
    }
    if (a.published) {
      const std::string digits = fmt::format("{:08}", a.published->packed());
      doc.add_boolean_term("Y" + digits.substr(0, 4));
      if (a.published->precision >= date_precision::month) doc.add_boolean_term("M" + digits.substr(0, 6));
      if (a.published->precision >= date_precision::day) doc.add_boolean_term("D" + digits);
      doc.add_value(slot::newest, newest_key(*a.published));
      doc.add_value(slot::oldest, oldest_key(*a.published));
      doc.add_value(slot::year, digits.substr(0, 4));
    }
    if (!a.origin.file.empty()) doc.add_boolean_term(path_term(a.origin.file));
  }

  impact_model model_ = model();
  std::string main_language_;
  analyzer analyzer_;
  stemmers stemmers_;
  std::map<std::string, counts> words_;
  std::map<std::pair<std::string, std::string>, counts> others_;  // by prefix and value
};

// A line for each term and value.
std::vector<std::string> lines_of(Xapian::Document doc) {
  std::vector<std::string> out;
  for (auto t = doc.termlist_begin(); t != doc.termlist_end(); ++t) {
    std::string line = *t + " " + std::to_string(t.get_wdf()) + " at";
    for (auto p = t.positionlist_begin(); p != t.positionlist_end(); ++p) line += " " + std::to_string(*p);
    out.push_back(std::move(line));
  }
  for (auto v = doc.values_begin(); v != doc.values_end(); ++v)
    out.push_back("slot " + std::to_string(v.get_valueno()) + ": " + *v);
  return out;
}

// The same of what has not been through Xapian, which sorts and drops what comes twice.
std::vector<std::string> lines_of(draft_document& draft) {
  std::vector<std::string> out;
  for (const draft_document::term& t : draft.sorted_terms()) {
    std::string line = fmt::format("{} {} at", t.name, t.frequency);
    for (const std::uint32_t p : t.positions) line += fmt::format(" {}", p);
    out.push_back(std::move(line));
  }
  for (const auto& [number, value] : draft.sorted_values()) out.push_back(fmt::format("slot {}: {}", number, value));
  return out;
}

// Builds every article with one builder and one document, as an indexer does.
void expect_the_same(const std::vector<article>& articles) {
  for (const char* main_language : {"", "en"}) {
    document_builder builder(model(), main_language);
    plain_builder plain(main_language);
    draft_document draft;
    std::uint64_t number = 7;
    for (const article& a : articles) {
      builder.build(a, ++number, content_hash(a), draft);
      const Xapian::Document made = draft.as_xapian();
      const Xapian::Document expected = plain.build(a, number, content_hash(a));
      EXPECT_EQ(made.serialise(), expected.serialise()) << a.id;
      ASSERT_EQ(lines_of(draft), lines_of(expected)) << a.id;
      EXPECT_EQ(draft.data(), expected.get_data()) << a.id;
    }
  }
}

std::vector<article> made_up_articles() {
  std::vector<article> out;
  out.push_back(test::make_article("empty", "", ""));
  out.push_back(test::make_article("plain", "The camps of the Camps",
                                   "The camps. The U.N. and the UN spoke of camps, Camp and un."));
  out.push_back(test::make_article("compounds", "Well-known ill-treatment",
                                   "ill-treatment illtreatment no-no no-no-no A/HRC/25/63"));
  out.push_back(test::make_article("accents", "Élevés", "élevés eleves élève l’homme L'Homme d’eux", "fr"));
  out.push_back(test::make_article("han", "人权报告", "人权报告，人人人人权。인권 인권 보고 カタカナ", "zh"));
  out.push_back(test::make_article("unknown", "Notes", "Some words of detainees, détenus", ""));
  out.push_back(
      test::make_article("long", std::string(300, 'a') + "s", std::string(400, 'x') + " b" + std::string(95, 'y')));
  std::string marks;
  for (int i = 0; i < 90; ++i) marks += "ố́̂";
  out.push_back(test::make_article("marks", marks, marks + " " + marks, "es"));
  out.push_back(test::make_article("zeros", std::string("a\0b", 3), std::string("c\0d \0\0", 6)));
  {
    article a = test::make_article("derived", "The text begins", "The text begins so.");
    a.title_derived = true;
    out.push_back(a);
  }
  {
    article a = test::make_article("fields", "Title", "Text");
    a.authors = {"Jane Doe",    "John Doe", "Doe", "Jane Doe",
                 "Doe Doe-Doe", "AFP",      "",    std::string(300, 'n') + " " + std::string(300, 'm')};
    a.tags = {
        {"country", {"AFG", "afg", "AFG"}}, {"country", {"afg"}}, {"empty", {}}, {"long", {std::string(500, 'v')}}};
    a.source = "The Sample Courier";
    a.collection = "Letters";
    a.published = partial_date{2019, 6, 13, date_precision::day};
    a.origin.file = "/archive/" + std::string(400, 'p') + ".txt";
    out.push_back(a);
    a.published = partial_date{2019, 6, 0, date_precision::month};
    out.push_back(a);
    a.published = partial_date{2019, 0, 0, date_precision::year};
    out.push_back(a);
  }
  return out;
}

void read_lines(const fs::path& file, std::size_t most, std::vector<article>& out) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  std::vector<std::string> lines;
  while (std::getline(in, line) && lines.size() < 20000) lines.push_back(line);
  const std::size_t step = std::max<std::size_t>(1, lines.size() / most);
  for (std::size_t n = 0; n < lines.size(); n += step) {
    json::error_code ec;
    const json::value v = json::parse(lines[n], ec);
    if (ec || !v.is_object()) continue;
    const auto get = [&](const char* name) {
      const json::value* field = v.as_object().if_contains(name);
      return field != nullptr && field->is_string() ? std::string(field->as_string()) : std::string();
    };
    article a =
        test::make_article(fmt::format("{}-{}", file.filename().string(), n), get("title"), get("text"), get("lang"));
    if (a.language.empty()) a.language = get("language");
    if (a.language.size() > 3) a.language.clear();
    a.source = get("source");
    if (const std::string author = get("author"); !author.empty()) a.authors = {author, author};
    if (const std::string country = get("country"); !country.empty()) a.tags = {{"country", {country}}};
    if (const auto date = partial_date::parse(get("date"))) a.published = *date;
    a.origin.file = file.string();
    a.origin.line = n + 1;
    out.push_back(std::move(a));
  }
}

TEST(document, of_a_made_up_article_is_as_made_plainly) {
  expect_the_same(made_up_articles());
}

TEST(document, of_each_of_our_articles_is_as_made_plainly) {
  std::vector<article> articles;
  for (const auto& entry : fs::recursive_directory_iterator(std::string(RAPPORTEUR_SOURCE_DIR) + "/tests/articles")) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".jsonl" || extension == ".ndjson") {
      read_lines(entry.path(), 1000, articles);
    } else if (extension == ".txt" || extension == ".md") {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string text(std::istreambuf_iterator<char>(in), {});
      const std::string language = entry.path().parent_path().filename().string();
      articles.push_back(test::make_article(entry.path().string(), text.substr(0, text.find('\n')), text,
                                            language.size() == 2 ? language : std::string()));
    }
  }
  ASSERT_GT(articles.size(), 20U);
  expect_the_same(articles);
}

TEST(document, of_real_articles_is_as_made_plainly) {
  const fs::path folder = std::string(RAPPORTEUR_SOURCE_DIR) + "/../shared/corpora/articles";
  if (!fs::exists(folder)) GTEST_SKIP() << "the corpora are not beside the project";
  std::vector<article> articles;
  for (const auto& entry : fs::directory_iterator(folder)) read_lines(entry.path(), 40, articles);
  ASSERT_GT(articles.size(), 100U);
  expect_the_same(articles);
}

TEST(term_table, numbers_names_in_order_while_it_grows_and_after_it_was_emptied) {
  term_table t;
  // Many names make it grow, a few afterwards are cleared one by one.
  for (const std::uint32_t count : {5000U, 3U, 40U, 0U, 20000U, 8U}) {
    t.clear();
    for (std::uint32_t n = 0; n < count; ++n) ASSERT_EQ(t.number_of(fmt::format("name {}", n * 7 % count)), n);
    for (std::uint32_t n = 0; n < count; ++n) ASSERT_EQ(t.number_of(fmt::format("name {}", n * 7 % count)), n);
    ASSERT_EQ(t.size(), count);
    for (std::uint32_t n = 0; n < count; ++n) ASSERT_EQ(t.name(n), fmt::format("name {}", n * 7 % count));
  }
  t.clear();
  EXPECT_EQ(t.number_of(""), 0U);
  EXPECT_EQ(t.number_of(std::string_view("\0", 1)), 1U);
  EXPECT_EQ(t.number_of("name 1"), 2U);
  EXPECT_EQ(t.number_of(""), 0U);
}

TEST(draft_document, takes_a_filter_once_and_keeps_the_term_that_is_there) {
  draft_document d;
  d.add_term("prison", 3, std::vector<std::uint32_t>{4, 9});
  d.add_term("Adoe", 0, std::vector<std::uint32_t>{2});
  d.add_filter("Adoe");
  d.add_filter("Len");
  d.add_filter("Len");
  EXPECT_EQ(lines_of(d.as_xapian()), (std::vector<std::string>{"Adoe 0 at 2", "Len 0 at", "prison 3 at 4 9"}));
  d.clear();
  d.add_filter("Len");
  d.set_value(3, "en");
  d.set_value(2, "");
  EXPECT_EQ(lines_of(d.as_xapian()), (std::vector<std::string>{"Len 0 at", "slot 3: en"}));
}

}  // namespace
}  // namespace rapporteur::index
