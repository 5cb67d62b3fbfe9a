// What must hold for every answer: what is marked is what matched, all of it and nothing else, and what is shown is
// what the article says. Over real articles, with queries made of their words.
#include "index/analysis.hpp"
#include "index/reader.hpp"
#include "index/stemming.hpp"
#include "server/search/query_parser.hpp"
#include "server/search/searcher.hpp"
#include "tests/server/search/real_articles.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace rapporteur::search {
namespace {

struct byte_range {
  std::size_t begin = 0, end = 0;
};

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') out.push_back(c);
  }
  return out;
}

/// A marked run, read again with the tokeniser as if it were all there is.
class marked_run {
 public:
  marked_run(std::string text, bool in_title, std::string_view language)
      : text_(std::move(text)), in_title_(in_title), language_(language) {
    analyzer().analyze(text_, tokens_, index::text_role::query);
  }

  [[nodiscard]] const std::string& text() const { return text_; }

  // The parts of the run that a leaf of the query matches; empty: it does not.
  [[nodiscard]] std::vector<byte_range> matched_by(const query_node& leaf) const {
    std::vector<byte_range> out;
    if (leaf.scope == query_field::title && !in_title_) return out;
    if (leaf.kind == node_kind::exact) {
      for (std::size_t at = text_.find(leaf.text); at != std::string::npos; at = text_.find(leaf.text, at + 1))
        out.push_back({at, at + leaf.text.size()});
      return out;
    }
    index::token_list wanted;
    analyzer().analyze(leaf.text, wanted, index::text_role::query);
    if (leaf.kind == node_kind::word) match_word(leaf.text, wanted, out);
    if (leaf.kind == node_kind::phrase || leaf.kind == node_kind::wildcard || wanted.last_position() > 1)
      match_run(wanted, leaf.kind == node_kind::wildcard, out);
    return out;
  }

  // True if every word of the run is part of a match of one of the leaves.
  [[nodiscard]] bool justified_by(const std::vector<const query_node*>& leaves) const {
    std::vector<byte_range> explained;
    for (const query_node* leaf : leaves) {
      for (const byte_range& r : matched_by(*leaf)) explained.push_back(r);
    }
    return std::all_of(tokens_.tokens().begin(), tokens_.tokens().end(), [&](const index::token& t) {
      if (!index::carries_position(t.kind) || t.kind == index::token_kind::bigram) return true;
      return std::any_of(explained.begin(), explained.end(),
                         [&](const byte_range& r) { return r.begin <= t.begin && t.end <= r.end; });
    });
  }

 private:
  static index::analyzer& analyzer() {
    static index::analyzer a;
    return a;
  }
  static index::stemmers& stemmers() {
    static index::stemmers s;
    return s;
  }

  [[nodiscard]] std::set<std::string> stems(const index::token_list& list, const index::token& t,
                                            std::string_view text) const {
    std::vector<std::string_view> found;
    stemmers().stem(language_, t.kind, text.substr(t.begin, t.end - t.begin), list.text(t), found);
    return {found.begin(), found.end()};
  }

  // One of the words, compounds, acronyms or symbols that the leaf is read as, in any of its forms.
  void match_word(std::string_view typed, const index::token_list& wanted, std::vector<byte_range>& out) const {
    for (const index::token& w : wanted.tokens()) {
      const bool whole =
          wanted.last_position() == 1 || w.kind == index::token_kind::compound || w.kind == index::token_kind::symbol;
      if (!whole) continue;
      const std::set<std::string> wanted_stems = stems(wanted, w, typed);
      for (const index::token& t : tokens_.tokens()) {
        bool same = tokens_.text(t) == wanted.text(w);
        if (!same && w.kind != index::token_kind::acronym && t.kind != index::token_kind::acronym) {
          for (const std::string& s : stems(tokens_, t, text_)) same = same || wanted_stems.contains(s);
        }
        if (same) out.push_back({t.begin, t.end});
      }
    }
  }

  // The leaf's words at positions in a row, exactly; the last one as a beginning if it is a wildcard.
  void match_run(const index::token_list& wanted, bool wildcard, std::vector<byte_range>& out) const {
    std::vector<std::string> words;
    std::uint32_t position = 0;
    std::uint32_t covered = 0;
    for (std::size_t i = 0; i < wanted.tokens().size(); ++i) {
      const index::token& t = wanted.tokens()[i];
      if (!index::carries_position(t.kind) || t.position == position) continue;
      position = t.position;
      if (t.kind == index::token_kind::unigram && covered == t.end && i + 1 == wanted.tokens().size()) continue;
      if (t.kind == index::token_kind::bigram) covered = t.end;
      words.emplace_back(wanted.text(t));
    }
    if (words.empty()) return;
    for (std::uint32_t first = 1; first <= tokens_.last_position(); ++first) {
      byte_range r{text_.size(), 0};
      bool whole = true;
      for (std::uint32_t w = 0; w < words.size() && whole; ++w) {
        whole = false;
        for (const index::token& t : tokens_.tokens()) {
          if (t.position != first + w || t.kind == index::token_kind::acronym) continue;
          const bool same =
              wildcard && w + 1 == words.size() ? tokens_.text(t).starts_with(words[w]) : tokens_.text(t) == words[w];
          if (!same) continue;
          whole = true;
          r = {std::min<std::size_t>(r.begin, t.begin), std::max<std::size_t>(r.end, t.end)};
        }
      }
      if (whole) out.push_back(r);
    }
  }

  std::string text_;
  bool in_title_;
  std::string language_;
  index::token_list tokens_;
};

/// The words of an article, for finding it without an index.
struct word_sets {
  std::unordered_set<std::string> exact, stems;
};

class marks_over_real_articles : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    articles() = real_articles(40);
    std::vector<article> all = articles();
    for (article& a : long_articles(all, 3, 80000)) articles().push_back(std::move(a));
    archive() = std::make_unique<temporary_index>(articles());
    // Languages as the index has them: of most articles they were detected.
    index::reader reader = index::reader::open(archive()->path()).value();
    for (article& a : articles()) {
      a.language = reader.stem_language(reader.get_record(reader.find(a.id)).value().fields);
      by_id()[a.id] = &a;
    }
  }
  static void TearDownTestSuite() { archive().reset(); }
  static std::vector<article>& articles() {
    static std::vector<article> a;
    return a;
  }
  static std::map<std::string, const article*>& by_id() {
    static std::map<std::string, const article*> m;
    return m;
  }
  static std::unique_ptr<temporary_index>& archive() {
    static std::unique_ptr<temporary_index> a;
    return a;
  }

  answer ask(const std::string& q, std::uint32_t limit) {
    request r;
    r.q = q;
    r.limit = limit;
    r.expand = false;
    r.sort = sort_order::newest;  // full matches only
    auto a = searcher_.search(r);
    EXPECT_TRUE(a) << q;
    return a ? *a : answer{};
  }

  static bool satisfied(const query_node& n, const std::vector<marked_run>& marks,
                        const std::vector<std::string>& ignored) {
    const auto child = [&](const query_node& c) { return satisfied(c, marks, ignored); };
    switch (n.kind) {
      case node_kind::word:
        if (std::find(ignored.begin(), ignored.end(), n.text) != ignored.end()) return true;
        [[fallthrough]];
      case node_kind::wildcard:
      case node_kind::phrase:
      case node_kind::exact:
        return std::any_of(marks.begin(), marks.end(), [&](const marked_run& m) { return !m.matched_by(n).empty(); });
      case node_kind::near:
      case node_kind::all_of:
        return std::all_of(n.children.begin(), n.children.end(), child);
      case node_kind::any_of:
        return std::any_of(n.children.begin(), n.children.end(), child);
      default:
        return true;
    }
  }

  static std::string show(const std::vector<marked_run>& marks) {
    std::string out;
    for (const marked_run& m : marks) out += "[" + m.text() + "] ";
    return out;
  }

  searcher searcher_ = searcher::open(archive()->path(), limits{}).value();
};

void add_marks(const marked_text& runs, bool title, std::string_view language, std::vector<marked_run>& out) {
  for (const run& r : runs) {
    if (r.match) out.emplace_back(r.text, title, language);
  }
}

TEST_F(marks_over_real_articles, are_what_matched_and_nothing_else) {
  query_maker queries(articles(), 2026);
  std::size_t answered = 0;
  std::size_t seen = 0;
  std::size_t scattered = 0;
  for (int round = 0; round < 20; ++round) {
    for (int k = 0; k < static_cast<int>(query_maker::kind::count); ++k) {
      const std::string q = queries.make(static_cast<query_maker::kind>(k));
      const query_node root = parse_query(q, parser_limits{}).root;
      std::vector<const query_node*> wanted;
      for_each_leaf(root, [&](const query_node& leaf, bool excluded) {
        if (!excluded) wanted.push_back(&leaf);
      });
      const answer a = ask(q, 4);
      answered += a.hits.empty() ? 0 : 1;
      for (const hit& h : a.hits) {
        SCOPED_TRACE(q + " in " + h.fields.id);
        ++seen;
        const article& original = *by_id().at(h.fields.id);
        const std::string language(index::stem_language(h.fields.language, "en"));
        const article_answer whole = searcher_.article(h.fields.id, q, false).value();

        std::vector<marked_run> marks;
        add_marks(whole.title, true, language, marks);
        std::string title;
        for (const run& r : whole.title) title += r.text;
        EXPECT_EQ(title, original.title);
        EXPECT_EQ(whole.title, h.title);
        std::string text;
        std::set<std::string> marked;
        std::string open;  // a marked run that ends its paragraph: a phrase may go on in the next one
        for (const marked_text& p : whole.paragraphs) {
          for (std::size_t i = 0; i < p.size(); ++i) {
            text += p[i].text;
            if (i == 0 && !p[i].match && !open.empty()) marks.emplace_back(std::exchange(open, {}), false, language);
            if (!p[i].match) continue;
            marked.insert(without_blanks(p[i].text));
            if (i == 0 && !open.empty()) open += "\n\n";
            open += p[i].text;
            if (i + 1 < p.size()) marks.emplace_back(std::exchange(open, {}), false, language);
          }
        }
        if (!open.empty()) marks.emplace_back(open, false, language);
        EXPECT_EQ(without_blanks(text), without_blanks(original.text));

        // A NEAR with a phrase asks the index for the phrase's words near and for the phrase anywhere.
        if (marks.empty() && k == static_cast<int>(query_maker::kind::near_phrase)) {
          ++scattered;
          continue;
        }
        EXPECT_FALSE(marks.empty());
        EXPECT_TRUE(satisfied(root, marks, a.ignored)) << show(marks);
        for (const marked_run& m : marks)
          EXPECT_TRUE(m.justified_by(wanted)) << "[" << m.text() << "] is not asked for";

        for (const marked_run& m : marks) marked.insert(without_blanks(m.text()));
        const std::string plain = without_blanks(original.text);
        std::size_t from = 0;
        for (const marked_text& s : h.snippets) {
          std::string piece;
          for (std::size_t i = 0; i < s.size(); ++i) {
            if (s[i].ellipsis) {
              EXPECT_TRUE(i == 0 || i + 1 == s.size());
              EXPECT_EQ(s[i].text, i == 0 ? "… " : " …");
              EXPECT_FALSE(s[i].match);
              continue;
            }
            piece += s[i].text;
            if (!s[i].match) continue;
            // Phrases that overlap make one long run in the article, of which a passage may show a part.
            const std::string shown = without_blanks(s[i].text);
            const bool part = std::any_of(marked.begin(), marked.end(),
                                          [&](const std::string& r) { return r.find(shown) != std::string::npos; });
            EXPECT_TRUE(marked.contains(shown) || (part && marked_run(s[i].text, false, language).justified_by(wanted)))
                << "[" << s[i].text << "]";
          }
          const std::size_t at = plain.find(without_blanks(piece), from);
          ASSERT_NE(at, std::string::npos) << piece;
          from = at + without_blanks(piece).size();
        }
        if (HasFailure()) return;
      }
    }
  }
  EXPECT_GT(answered, 200U);
  EXPECT_GT(seen, 600U);
  EXPECT_LT(scattered, 10U);
}

// Articles are found without an index, by their words alone: those that hold the very words of a query must be among
// the hits, and no hit may lack a word in any of its forms.
TEST_F(marks_over_real_articles, hits_are_the_articles_that_hold_the_words) {
  index::analyzer analyzer;
  index::stemmers stemmers;
  index::token_list list;
  std::vector<std::string_view> found;
  std::map<std::string, word_sets> words;
  for (const article& a : articles()) {
    word_sets& w = words[a.id];
    for (const std::string* text : {&a.title, &a.text}) {
      analyzer.analyze(*text, list);
      for (const index::token& t : list.tokens()) {
        if (t.kind == index::token_kind::acronym || t.kind == index::token_kind::symbol) continue;
        w.exact.emplace(list.text(t));
        stemmers.stem(a.language, t.kind, std::string_view(*text).substr(t.begin, t.end - t.begin), list.text(t),
                      found);
        for (const std::string_view s : found) w.stems.emplace(s);
      }
    }
  }
  query_maker queries(articles(), 7);
  std::size_t asked = 0;
  for (int round = 0; round < 150; ++round) {
    for (const auto kind : {query_maker::kind::word, query_maker::kind::words, query_maker::kind::three_words}) {
      const std::string q = queries.make(kind);
      const query_node root = parse_query(q, parser_limits{}).root;
      std::vector<std::string> wanted;
      bool plain = true;
      for_each_leaf(root, [&](const query_node& leaf, bool) {
        analyzer.analyze(leaf.text, list, index::text_role::query);
        plain = plain && leaf.kind == node_kind::word && list.tokens().size() == 1;
        wanted.push_back(leaf.text);
      });
      const answer a = ask(q, 100);
      // Words that are left out, or read as one name, are another query.
      if (!plain || !a.ignored.empty() || a.understood != to_string(root) || a.total > 100) continue;
      ++asked;
      std::set<std::string> hits;
      for (const hit& h : a.hits) hits.insert(h.fields.id);
      for (const auto& [id, held] : words) {
        const std::string& language = by_id()[id]->language;
        bool exact = true;
        bool any_form = true;
        for (const std::string& w : wanted) {
          const bool has = held.exact.contains(w);
          bool has_form = has;
          stemmers.stem(language, index::token_kind::word, w, w, found);
          for (const std::string_view s : found) has_form = has_form || held.stems.contains(std::string(s));
          exact = exact && has;
          any_form = any_form && has_form;
        }
        EXPECT_TRUE(!exact || hits.contains(id)) << q << " is in " << id << " and not found";
        EXPECT_TRUE(any_form || !hits.contains(id)) << q << " is found in " << id << " and not there";
      }
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(asked, 100U);
}

}  // namespace
}  // namespace rapporteur::search
