#include "server/search/searcher.hpp"

#include "index/impact.hpp"
#include "index/reader.hpp"
#include "index/schema.hpp"
#include "server/search/breakdown.hpp"
#include "server/search/character_check.hpp"
#include "server/search/cursor.hpp"
#include "server/search/highlighter.hpp"
#include "server/search/matching.hpp"
#include "server/search/planner.hpp"
#include "server/search/query_parser.hpp"
#include "server/search/ranking.hpp"
#include "server/search/related.hpp"
#include "server/search/request_bounds.hpp"
#include "server/search/result_list.hpp"
#include "server/search/shared_vocabulary.hpp"
#include "server/search/speller.hpp"
#include "server/search/steady_index.hpp"
#include "server/search/suggester.hpp"
#include "server/search/why.hpp"

#include <fmt/format.h>
#include <xapian.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr auto k_vocabulary_patience = std::chrono::milliseconds(250);  // then a search answers without a suggestion

// What makes a score readable: a word whose idf is 1 and whose impact is its unit counts 1.
constexpr double k_score_unit = index::impact_model{}.scale;

}  // namespace

struct searcher::impl {
  steady_index steady;
  index::reader& reader;  // steady's
  limits bounds;
  planner plans;
  highlighter marks;
  speller spelling;
  suggester completions;
  std::shared_ptr<shared_vocabulary> words;  // made by whoever needs it first

  impl(std::filesystem::path folder, const limits& l, index::reader r)
      : steady(std::move(folder), std::move(r)),
        reader(steady.reader()),
        bounds(l),
        plans(reader, bounds),
        spelling(reader, bounds.max_query_terms),
        completions(reader) {}
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  [[nodiscard]] index_state state() const {
    const thesaurus* used = plans.words();
    return {reader.info().revision, reader.info().as_of, reader.info().articles,
            used == nullptr ? 0 : used->fingerprint()};
  }

  [[nodiscard]] result_list list_of() { return {reader, fingerprint_of(state())}; }

  // True if the article with that id term is among the matches.
  bool matches(const match_query& query, const std::string& id_term) {
    const match_query one(Xapian::Query::OP_FILTER, query, match_query(id_term));
    return !match(reader, one, false).ids.empty();
  }

  result<hit> make_hit(Xapian::docid id, double score, const request& r) {
    auto record = reader.get_record(id);
    if (!record) return record.error();
    hit h;
    h.score = std::round(score / k_score_unit * 1000) / 1000;
    const std::string_view language = reader.stem_language(record->fields);
    h.title = highlighter::mark(record->fields.title,
                                marks.find(record->fields.title, language, !record->fields.title_derived));
    if (r.snippets > 0) {
      auto text = reader.open_text(*record);
      if (!text) return text.error();
      auto passages = marks.passages(*text, language, r.snippets, r.snippet_chars);
      if (!passages) return passages.error();
      h.snippets = std::move(*passages);
    }
    h.fields = std::move(record->fields);
    return h;
  }

  [[nodiscard]] result<void> check(const request& r) const { return check_bounds(r, bounds); }

  [[nodiscard]] parsed_query parse(std::string_view q) const {
    parser_limits l;
    l.max_leaves = bounds.max_query_terms;
    return parse_query(q, l);
  }

  // The patterns of a query, for marking one article: what a list of results would mark in it.
  result<std::vector<pattern>> patterns_of(std::string_view q, bool expand, std::string_view id) {
    if (q.size() > bounds.max_query_bytes) {
      return error{errc::too_large,
                   fmt::format("q: {} bytes, at most {} are allowed", q.size(), bounds.max_query_bytes)};
    }
    request r;
    r.expand = expand;
    auto p = plans.make(parse(q).root, r);
    if (!p) return p.error();
    if (!p->widened_patterns.empty() && !matches(p->query, index::id_term(id))) p->use_widened_patterns();
    return std::move(p->patterns);
  }

  result<listing> list(const request& r) {
    auto p = plans.make(parse(r.q).root, r);
    if (!p) return p.error();
    auto located = list_of().locate(*p, r, false);
    if (!located) return located.error();
    listing out;
    out.ids.reserve(located->found.page.size());
    for (const auto& [id, score] : located->found.page) {
      auto record = reader.get_record(id);
      if (!record) return record.error();
      out.ids.push_back(std::move(record->fields.id));
    }
    out.next = std::move(located->found.next);
    out.index = state();
    return out;
  }

  result<answer> search(const request& r) {
    answer out;
    parsed_query parsed = parse(r.q);
    out.warnings = std::move(parsed.warnings);
    auto planned = plans.make(parsed.root, r);
    if (!planned) return planned.error();
    plan& p = *planned;
    out.understood = std::move(p.understood);
    out.expanded = std::move(p.expanded);
    out.ignored = std::move(p.ignored);
    out.warnings.insert(out.warnings.end(), p.warnings.begin(), p.warnings.end());

    auto located = list_of().locate(p, r, true);
    if (!located) return located.error();
    result_list::matched& found = located->found;
    const std::uint64_t articles = located->articles;
    out.widened = located->widened;
    const bool first_page = r.offset == 0 && !r.after;
    if (first_page && p.verify.empty() && located->few) propose(r, parsed.root, articles, out);
    out.total = found.total;
    out.total_exact = found.exact;
    out.next = found.next;
    if (auto told = break_down(reader, plans, bounds, p, r, std::move(found.all), out); !told) return told.error();
    marks.prepare(p.patterns);
    bool with_all = true;
    for (const auto& [id, score] : found.page) {
      // Articles that have all words come first; in the others, parts of words count as well.
      if (with_all && out.widened && located->offset + out.hits.size() >= articles) {
        with_all = false;
        p.use_widened_patterns();
        marks.prepare(p.patterns);
      }
      auto h = make_hit(id, score, r);
      if (!h) return h.error();
      out.hits.push_back(std::move(*h));
    }
    out.index = state();
    return out;
  }

  // What may have been meant instead of a query that all its words find so few articles for.
  void propose(const request& r, const query_node& root, std::uint64_t articles, answer& out) {
    if (!words) words = std::make_shared<shared_vocabulary>(steady.folder());
    const auto known = words->get(reader.info(), k_vocabulary_patience);
    out.provisional = !words->is_of(reader.info());
    if (!known) return;
    out.did_you_mean =
        spelling.propose(r.q, root, articles, *known, [&](const query_node& trial, bool any) -> std::uint64_t {
          const auto p = plans.make(trial, r);
          if (!p || (any && p->widened.empty())) return 0;
          return match(reader, any ? p->widened : p->query, false).ids.size();
        });
  }

  struct opened {
    index::record record;
    index::block_text text;  // fetched as it is read
  };

  result<opened> open_article(std::string_view id) {
    const Xapian::docid found = reader.find(id);
    if (found == 0) return error{errc::not_found, fmt::format("no article has the id “{}”", id)};
    auto record = reader.get_record(found);
    if (!record) return record.error();
    auto text = reader.open_text(*record);
    if (!text) return text.error();
    return opened{std::move(*record), std::move(*text)};
  }
};

result<searcher> searcher::open(const std::filesystem::path& index, const limits& l) {
  auto reader = index::reader::open(index);
  if (!reader) return reader.error();
  return searcher(std::make_unique<impl>(index, l, std::move(*reader)));
}

result<answer> searcher::search(const request& r) {
  if (auto checked = impl_->check(r); !checked) return checked.error();
  return impl_->steady.run([&] { return impl_->search(r); });
}

result<listing> searcher::list(const request& r, std::uint32_t count) {
  request page = r;
  page.limit = 0;
  if (auto checked = impl_->check(page); !checked) return checked.error();
  page.limit = count;
  return impl_->steady.run([&] { return impl_->list(page); });
}

result<struct article> searcher::read(std::string_view id, bool with_text) {
  return impl_->steady.run([&]() -> result<struct article> {
    const Xapian::docid found = impl_->reader.find(id);
    if (found == 0) return error{errc::not_found, fmt::format("no article has the id “{}”", id)};
    auto record = impl_->reader.get_record(found);
    if (!record) return record.error();
    if (with_text) {
      auto text = impl_->reader.get_text(*record);
      if (!text) return text.error();
      record->fields.text = std::move(*text);
    }
    return std::move(record->fields);
  });
}

result<article_answer> searcher::article(std::string_view id, std::string_view q, bool expand) {
  return impl_->steady.run([&]() -> result<article_answer> {
    auto found = impl_->open_article(id);
    if (!found) return found.error();
    std::vector<pattern> patterns;
    if (!q.empty()) {
      auto p = impl_->patterns_of(q, expand, id);
      if (!p) return p.error();
      patterns = std::move(*p);
    }
    impl_->marks.prepare(patterns);
    article_answer out;
    const struct article& a = found->record.fields;
    out.title =
        highlighter::mark(a.title, impl_->marks.find(a.title, impl_->reader.stem_language(a), !a.title_derived));
    for (const run& r : out.title) out.matches += r.match ? 1 : 0;
    found->text.need(0, found->text.size());
    if (!found->text.failure()) return found->text.failure().error();
    const std::string_view text = found->text.view();
    out.paragraphs =
        highlighter::mark_paragraphs(text, impl_->marks.find(text, impl_->reader.stem_language(a), false), out.matches);
    out.fields = std::move(found->record.fields);
    out.index = impl_->state();
    return out;
  });
}

result<snippets_answer> searcher::snippets(std::string_view id, std::string_view q, std::uint32_t count,
                                           std::uint32_t chars, bool expand) {
  request r;
  r.snippets = count;
  r.snippet_chars = chars;
  if (auto checked = impl_->check(r); !checked) return checked.error();
  return impl_->steady.run([&]() -> result<snippets_answer> {
    auto found = impl_->open_article(id);
    if (!found) return found.error();
    auto patterns = impl_->patterns_of(q, expand, id);
    if (!patterns) return patterns.error();
    impl_->marks.prepare(*patterns);
    snippets_answer out;
    const struct article& a = found->record.fields;
    out.id = a.id;
    out.title =
        highlighter::mark(a.title, impl_->marks.find(a.title, impl_->reader.stem_language(a), !a.title_derived));
    auto passages = impl_->marks.passages(found->text, impl_->reader.stem_language(a), count, chars);
    if (!passages) return passages.error();
    out.snippets = std::move(*passages);
    out.index = impl_->state();
    return out;
  });
}

result<suggest_answer> searcher::suggest(std::string_view q, std::uint32_t limit) {
  return impl_->steady.run([&]() -> result<suggest_answer> {
    impl& s = *impl_;
    if (!s.words) s.words = std::make_shared<shared_vocabulary>(s.steady.folder());
    // Who types does not wait: the next letter is answered with what was made meanwhile.
    const auto words = s.words->get(s.reader.info(), std::chrono::milliseconds(0));
    const auto table = s.words->suggestions(s.reader.info(), std::chrono::milliseconds(0));
    suggest_answer out;
    out.suggestions = s.completions.suggest(q, limit, words.get(), table.get());
    out.complete = words != nullptr && table != nullptr;
    out.index = s.state();
    return out;
  });
}

result<related_answer> searcher::related(const related_request& r) {
  return impl_->steady.run([&]() -> result<related_answer> {
    impl& s = *impl_;
    auto like = find_related(s.reader, s.plans, r);
    if (!like) return like.error();
    related_answer out;
    out.id = r.id;
    out.title = highlighter::mark(like->title, {});
    out.by = std::move(like->by);
    s.marks.prepare(like->patterns);
    request shown;
    shown.snippets = r.snippets;
    shown.snippet_chars = r.snippet_chars;
    for (const auto& [id, likeness] : like->articles) {
      auto h = s.make_hit(id, likeness * k_score_unit, shown);
      if (!h) return h.error();
      out.hits.push_back(std::move(*h));
    }
    out.index = s.state();
    return out;
  });
}

result<why_answer> searcher::why(std::string_view id, std::string_view q, bool expand) {
  request r;
  r.q = q;
  r.expand = expand;
  if (auto checked = impl_->check(r); !checked) return checked.error();
  return impl_->steady.run([&]() -> result<why_answer> {
    impl& s = *impl_;
    auto article = s.open_article(id);
    if (!article) return article.error();
    parsed_query parsed = s.parse(q);
    auto planned = s.plans.make(parsed.root, r, true);
    if (!planned) return planned.error();
    plan& p = *planned;
    why_answer out;
    out.id = id;
    out.understood = p.understood;
    out.ignored = p.ignored;
    out.warnings = std::move(parsed.warnings);
    out.warnings.insert(out.warnings.end(), p.warnings.begin(), p.warnings.end());
    const Xapian::docid number = s.reader.find(id);
    const std::string id_term = index::id_term(id);
    out.all = s.matches(p.query, id_term);
    if (out.all && !p.verify.empty()) {
      auto held = holds_all(s.reader, p, number);
      if (!held) return held.error();
      out.all = *held;
    }
    second_look_told told{.id = number};
    if (p.verify.empty()) {
      std::uint64_t full = 0;
      r.limit = k_reranked;
      const result_list::matched ranked = s.list_of().match_ranked(p, r, 0, full, out.widened, &told);
      const bool weighs = !p.patterns.empty() || !p.widened_patterns.empty();
      for (std::size_t i = 0; weighs && i < ranked.page.size(); ++i) {
        if (ranked.page[i].first == number) out.rank = static_cast<std::uint32_t>(i + 1);
      }
    }
    const bool some = out.widened && !out.all && s.matches(p.widened, id_term);
    out.found = out.all || some;
    if (auto told_parts = tell_parts(s.reader, s.marks, p, id_term, article->record.fields,
                                     s.reader.stem_language(article->record.fields), article->text, some, out);
        !told_parts)
      return told_parts.error();
    out.near = told.near / k_score_unit;
    out.alike = told.alike / k_score_unit;
    for (why_answer::part& part : out.parts) {
      part.weight /= k_score_unit;
      if (out.found && !part.excluded) out.score += part.weight;
    }
    out.score += out.near + out.alike;
    tell_in_words(out);
    out.index = s.state();
    return out;
  });
}

result<index_state> searcher::state() {
  return impl_->steady.run([&]() -> result<index_state> { return impl_->state(); });
}

void searcher::use_thesaurus(std::shared_ptr<const thesaurus> words) {
  impl_->plans.use_thesaurus(std::move(words));
}

void searcher::share_newest(std::shared_ptr<newest_state> seen) {
  impl_->steady.share_newest(std::move(seen));  // the next request looks at the index, and tells
}

void searcher::share_vocabulary(std::shared_ptr<shared_vocabulary> words) {
  impl_->words = std::move(words);
}

searcher::searcher(std::unique_ptr<impl> p) : impl_(std::move(p)) {}
searcher::searcher(searcher&&) noexcept = default;
searcher& searcher::operator=(searcher&&) noexcept = default;
searcher::~searcher() = default;

}  // namespace rapporteur::search
