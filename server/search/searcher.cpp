#include "server/search/searcher.hpp"

#include "index/generation.hpp"
#include "index/impact.hpp"
#include "index/reader.hpp"
#include "index/schema.hpp"
#include "index/xapian_error.hpp"
#include "server/search/highlighter.hpp"
#include "server/search/newest_state.hpp"
#include "server/search/planner.hpp"
#include "server/search/query_parser.hpp"
#include "server/search/ranking.hpp"
#include "server/search/shared_vocabulary.hpp"
#include "server/search/speller.hpp"

#include <fmt/format.h>
#include <xapian.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

namespace rapporteur::search {
namespace {

using clock = std::chrono::steady_clock;

constexpr auto k_refresh_every = std::chrono::milliseconds(100);  // a look at which generation is current
constexpr int k_attempts = 4;  // runs of a search that the index changes under; commits wait for the last one
constexpr Xapian::doccount k_widen_below = 10;      // fewer full matches than this: any word is enough
constexpr Xapian::doccount k_count_exactly = 1000;  // matches up to which a total is counted, not estimated
constexpr Xapian::doccount k_verify = 1000;         // candidates whose text is compared for ="…"
constexpr std::size_t k_facet_values = 100;
constexpr Xapian::doccount k_count_trial = 200;  // to which trials of other spellings are counted
constexpr auto k_vocabulary_patience = std::chrono::milliseconds(250);  // then a search answers without a suggestion

// What makes a score readable: a word whose idf is 1 and whose impact is its unit counts 1.
constexpr double k_score_unit = index::impact_model{}.scale;

error from_xapian(const Xapian::Error& e) {
  const std::string_view type = e.get_type();
  if (type == "DatabaseCorruptError" || type == "DatabaseError") {
    return {errc::index_damaged,
            fmt::format("the index cannot be read ({}); run rapporteur-index check", e.get_type())};
  }
  // Not get_msg(): it may quote a term, and terms are what somebody asked.
  return {errc::internal, fmt::format("the search failed inside Xapian ({})", e.get_type())};
}

}  // namespace

struct searcher::impl {
  std::filesystem::path folder;
  limits bounds;
  index::reader reader;
  planner plans;
  highlighter marks;
  speller spelling;
  std::shared_ptr<shared_vocabulary> words;  // made by whoever needs it first
  std::shared_ptr<newest_state> seen;        // by all searchers of this index; may be null
  clock::time_point refreshed = clock::now();

  impl(std::filesystem::path f, const limits& l, index::reader r)
      : folder(std::move(f)),
        bounds(l),
        reader(std::move(r)),
        plans(reader, bounds),
        spelling(reader, bounds.max_query_terms) {}
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  [[nodiscard]] index_state state() const {
    const thesaurus* used = plans.words();
    return {reader.info().revision, reader.info().as_of, reader.info().articles,
            used == nullptr ? 0 : used->fingerprint()};
  }

  result<void> refresh(bool now) {
    const auto newest = seen ? seen->get() : index_position();
    const bool behind = seen && position_of(reader.info()) != newest;
    if (!now && !behind && clock::now() - refreshed < k_refresh_every && reader.is_untouched()) return {};
    refreshed = clock::now();
    if (auto moved = reader.refresh(); !moved) {
      // What is open goes on being served, unless it is what changed under us.
      if (now || !reader.is_usable()) return moved.error();
    } else if (seen) {
      seen->advance(newest, position_of(reader.info()));
    }
    return {};
  }

  // Runs fn over one state of the index: again from the start, whatever came of it, when something was committed while
  // it ran. Where commits follow each other faster than fn can run it would lose every race: the last time they are
  // held back, as they are for a copy. The seam where Xapian's exceptions end.
  template <class F>
  auto guarded(F&& fn) -> decltype(fn()) {
    try {
      if (auto r = refresh(false); !r) return r.error();
      for (int attempt = 1; attempt < k_attempts; ++attempt) {
        std::optional<decltype(fn())> made;
        try {
          made = fn();
          if (reader.is_untouched()) return std::move(*made);
        } catch (const Xapian::DatabaseModifiedError&) {
          made.reset();
        } catch (const Xapian::Error&) {
          if (reader.is_untouched()) throw;
        } catch (const std::length_error&) {
          if (reader.is_untouched()) throw;
        }
        if (attempt + 1 == k_attempts) break;
        if (auto r = refresh(true); !r && r.error().code != errc::index_changing) {
          // Where nothing newer can be read, what is open goes on being served.
          if (made && *made && reader.is_usable()) return std::move(*made);
          return r.error();
        }
      }
      // Where the lock cannot be had (a folder without its file) this is a try like the others.
      const auto held = index::commit_lock::shared(folder);
      if (auto r = refresh(true); !r) return r.error();
      return fn();
    } catch (const Xapian::DatabaseModifiedError&) {
      return error{errc::index_changing, "the index changed several times during this request; try again"};
    } catch (const Xapian::Error& e) {
      return from_xapian(e);
    } catch (const std::length_error&) {
      // What Xapian makes of a damaged table that tells it to copy a string of an impossible length.
      return error{errc::index_damaged,
                   "the index cannot be read (a string of an impossible length); run rapporteur-index check"};
    }
  }

  struct matched {
    std::vector<scored> page;
    std::uint64_t total = 0;
    bool exact = true;
  };

  matched match(const Xapian::Query& query, const request& r, std::uint32_t offset, std::uint32_t limit,
                const std::vector<Xapian::MatchSpy*>& spies) {
    Xapian::Enquire enquire(reader.database());
    enquire.set_query(query);
    switch (r.sort) {
      case sort_order::relevance:
        enquire.set_weighting_scheme(impact_weight());
        break;
      case sort_order::newest:
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        enquire.set_sort_by_value(index::slot::newest, true);
        break;
      case sort_order::oldest:
        enquire.set_weighting_scheme(Xapian::BoolWeight());
        enquire.set_sort_by_value(index::slot::oldest, true);
        break;
    }
    for (Xapian::MatchSpy* s : spies) enquire.add_matchspy(s);
    const Xapian::doccount count_to = spies.empty() ? k_count_exactly : reader.database().get_doccount();
    const Xapian::MSet found = enquire.get_mset(offset, limit, std::max(count_to, offset + limit));
    matched out;
    for (auto m = found.begin(); m != found.end(); ++m) out.page.emplace_back(*m, m.get_weight());
    out.total = found.get_matches_estimated();
    out.exact = found.get_matches_lower_bound() == found.get_matches_upper_bound();
    return out;
  }

  // Candidates whose title or text holds every one of the strings, character for character.
  result<matched> match_verified(const plan& p, const request& r, std::uint32_t offset, std::uint32_t limit) {
    const matched candidates = match(p.query, r, 0, k_verify, {});
    matched out;
    out.exact = candidates.exact && candidates.total <= k_verify;
    for (const auto& [id, score] : candidates.page) {
      auto record = reader.get_record(id);
      if (!record) return record.error();
      auto text = reader.get_text(*record);
      if (!text) return text.error();
      const bool holds = std::all_of(p.verify.begin(), p.verify.end(), [&](const plan::characters& wanted) {
        return record->fields.title.find(wanted.text) != std::string::npos ||
               (!wanted.title_only && text->find(wanted.text) != std::string::npos);
      });
      if (!holds) continue;
      if (out.total >= offset && out.page.size() < limit) out.page.emplace_back(id, score);
      ++out.total;
    }
    return out;
  }

  // True if the article with that id term is among the matches.
  bool matches(const Xapian::Query& query, const std::string& id_term) {
    Xapian::Enquire enquire(reader.database());
    enquire.set_query(Xapian::Query(Xapian::Query::OP_FILTER, query, Xapian::Query(id_term)));
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    return !enquire.get_mset(0, 1).empty();
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

  static std::optional<Xapian::valueno> facet_slot(std::string_view name) {
    if (name == "source") return index::slot::source;
    if (name == "lang") return index::slot::language;
    if (name == "collection") return index::slot::collection;
    if (name == "year") return index::slot::year;
    return std::nullopt;
  }

  static facet make_facet(const std::string& name, const Xapian::ValueCountMatchSpy& spy) {
    facet f;
    f.name = name;
    for (auto v = spy.values_begin(); v != spy.values_end(); ++v) f.values.push_back({*v, v.get_termfreq()});
    std::erase_if(f.values, [](const facet_value& v) { return v.value.empty(); });
    std::stable_sort(f.values.begin(), f.values.end(),
                     [](const facet_value& a, const facet_value& b) { return a.count > b.count; });
    if (f.values.size() > k_facet_values) f.values.resize(k_facet_values);
    return f;
  }

  [[nodiscard]] result<void> check(const request& r) const {
    const auto refuse = [](errc code, std::string message) -> result<void> { return error{code, std::move(message)}; };
    if (r.q.size() > bounds.max_query_bytes) {
      return refuse(errc::too_large,
                    fmt::format("q: {} bytes, at most {} are allowed", r.q.size(), bounds.max_query_bytes));
    }
    if (r.limit > bounds.max_limit)
      return refuse(errc::invalid_argument, fmt::format("limit: at most {}", bounds.max_limit));
    if (static_cast<std::uint64_t>(r.offset) + r.limit > bounds.max_depth) {
      return refuse(errc::invalid_argument,
                    fmt::format("offset: offset and limit together reach at most {} deep", bounds.max_depth));
    }
    if (r.snippets > bounds.max_snippets)
      return refuse(errc::invalid_argument, fmt::format("snippets: at most {}", bounds.max_snippets));
    if (r.snippet_chars > bounds.max_snippet_chars || (r.snippets > 0 && r.snippet_chars < 20)) {
      return refuse(errc::invalid_argument, fmt::format("snippet_chars: from 20 to {}", bounds.max_snippet_chars));
    }
    for (const std::string& f : r.facets) {
      if (!facet_slot(f))
        return refuse(errc::invalid_argument, fmt::format("facets: “{}” is none of source, lang, collection, year", f));
    }
    return {};
  }

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

    std::vector<std::unique_ptr<Xapian::ValueCountMatchSpy>> counters;
    std::vector<Xapian::MatchSpy*> spies;
    const auto count_facets = [&] {
      counters.clear();
      spies.clear();
      for (const std::string& f : r.facets) {
        counters.push_back(std::make_unique<Xapian::ValueCountMatchSpy>(*facet_slot(f)));
        spies.push_back(counters.back().get());
      }
    };

    count_facets();
    matched found;
    bool few = false;            // articles with all that was asked
    std::uint64_t articles = 0;  // … and how many
    if (!p.verify.empty()) {
      auto verified = match_verified(p, r, r.offset, r.limit);
      if (!verified) return verified.error();
      found = std::move(*verified);
      if (!spies.empty()) match(p.query, r, 0, 0, spies);
    } else {
      // What is looked at again is matched from the first on, whichever page was asked for.
      const bool again = r.sort == sort_order::relevance && r.limit > 0 && r.offset < k_reranked && can_rerank(p);
      const std::uint32_t skip = again ? 0 : r.offset;
      const std::uint32_t wanted = again ? std::max(k_reranked, r.offset + r.limit) : r.limit;
      found = match(p.query, r, skip, wanted, spies);
      few = found.exact && found.total < k_plenty;
      articles = found.total;
      matched others;  // articles with some of the words
      if (!p.widened.empty() && r.sort == sort_order::relevance && found.exact && found.total < k_widen_below) {
        count_facets();
        const matched wide = match(p.widened, r, 0, 0, spies);
        if (wide.total > found.total) {
          const Xapian::Query rest(Xapian::Query::OP_AND_NOT, p.widened, p.query);
          const auto full = static_cast<std::uint32_t>(found.total);
          others =
              match(rest, r, skip > full ? skip - full : 0, wanted - static_cast<std::uint32_t>(found.page.size()), {});
          found.total = wide.total;
          found.exact = wide.exact;
          out.widened = true;
        }
      }
      if (again) rerank(reader, p, {&found.page, &others.page});
      found.page.insert(found.page.end(), others.page.begin(), others.page.end());
      if (again) {
        const std::size_t from = std::min<std::size_t>(r.offset, found.page.size());
        const std::size_t to = std::min<std::size_t>(from + r.limit, found.page.size());
        found.page = {found.page.begin() + static_cast<std::ptrdiff_t>(from),
                      found.page.begin() + static_cast<std::ptrdiff_t>(to)};
      }
    }
    if (r.offset == 0 && p.verify.empty() && few) out.did_you_mean = propose(r, parsed.root, articles);
    out.total = found.total;
    out.total_exact = found.exact;
    for (std::size_t i = 0; i < counters.size(); ++i) {
      out.facets.push_back(make_facet(r.facets[i], *counters[i]));
      out.facets.back().exact = p.verify.empty();
    }
    marks.prepare(p.patterns);
    bool with_all = true;
    for (const auto& [id, score] : found.page) {
      // Articles that have all words come first; in the others, parts of words count as well.
      if (with_all && out.widened && r.offset + out.hits.size() >= articles) {
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
  std::optional<std::string> propose(const request& r, const query_node& root, std::uint64_t articles) {
    if (!words) words = std::make_shared<shared_vocabulary>(folder);
    const auto known = words->get(reader.info(), k_vocabulary_patience);
    if (!known) return std::nullopt;
    return spelling.propose(r.q, root, articles, *known, [&](const query_node& trial, bool any) -> std::uint64_t {
      const auto p = plans.make(trial, r);
      if (!p || (any && p->widened.empty())) return 0;
      Xapian::Enquire enquire(reader.database());
      enquire.set_query(any ? p->widened : p->query);
      enquire.set_weighting_scheme(Xapian::BoolWeight());
      const Xapian::MSet counted = enquire.get_mset(0, 0, k_count_trial);
      return counted.get_matches_lower_bound() == 0 ? 0 : counted.get_matches_estimated();
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
  return impl_->guarded([&] { return impl_->search(r); });
}

result<article_answer> searcher::article(std::string_view id, std::string_view q, bool expand) {
  return impl_->guarded([&]() -> result<article_answer> {
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
  return impl_->guarded([&]() -> result<snippets_answer> {
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

result<index_state> searcher::state() {
  return impl_->guarded([&]() -> result<index_state> { return impl_->state(); });
}

void searcher::use_thesaurus(std::shared_ptr<const thesaurus> words) {
  impl_->plans.use_thesaurus(std::move(words));
}

void searcher::share_newest(std::shared_ptr<newest_state> seen) {
  impl_->seen = std::move(seen);  // the next request looks at the index, and tells
}

void searcher::share_vocabulary(std::shared_ptr<shared_vocabulary> words) {
  impl_->words = std::move(words);
}

searcher::searcher(std::unique_ptr<impl> p) : impl_(std::move(p)) {}
searcher::searcher(searcher&&) noexcept = default;
searcher& searcher::operator=(searcher&&) noexcept = default;
searcher::~searcher() = default;

}  // namespace rapporteur::search
