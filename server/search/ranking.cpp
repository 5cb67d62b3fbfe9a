#include "server/search/ranking.hpp"

#include "index/impact.hpp"
#include "index/schema.hpp"
#include "server/search/idf.hpp"
#include "server/search/stop_words.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace rapporteur::search {
namespace {

// docs/relevance.md says how these were chosen.
constexpr double k_side_by_side = 0.3;       // of the two words' mean idf, for words side by side as typed
constexpr double k_near = 0.2;               // the same for words in either order …
constexpr std::uint32_t k_near_window = 8;   // … at most this far apart
constexpr std::size_t k_near_articles = 50;  // how many of the best are looked at for that: positions cost a read each
constexpr std::size_t k_pairs = 10;          // of neighbouring words, the rarest
constexpr std::size_t k_places = 1000;       // of a word in an article
constexpr std::size_t k_feedback_words = 4;  // different words from which a query says enough to be fed back
constexpr double k_feedback_archive = 300;   // articles below which three of them are no evidence of anything
constexpr std::size_t k_feedback_articles = 3;  // best articles that others are compared with
constexpr std::size_t k_feedback_terms = 10;    // stems that these share
constexpr double k_feedback = 0.2;              // weight of all of them, of that of the query's own words
// Such a stem may be in at most this share of the archive's articles, or this many if the archive is small.
constexpr double k_feedback_most = 0.05;
constexpr double k_feedback_most_articles = 1000;
constexpr double k_feedback_most_small = 0.25;

// An article in hand, by number, so that lists can be read in step.
struct candidate {
  Xapian::docid id = 0;
  double* score = nullptr;
  std::size_t place = 0;  // before the second look
};

class second_look {
 public:
  second_look(index::reader& reader, std::vector<candidate> candidates)
      : db_(reader.database()), view_(reader.view()), articles_(view_.documents()), candidates_(std::move(candidates)) {
    std::sort(candidates_.begin(), candidates_.end(),
              [](const candidate& a, const candidate& b) { return a.id < b.id; });
  }

  void add_proximity(const plan& p) {
    std::vector<word_pair> pairs = pairs_of(p);
    if (pairs.empty()) return;
    std::map<std::string_view, places> words;
    for (const word_pair& w : pairs) {
      words.try_emplace(*w.one);
      words.try_emplace(*w.other);
    }
    std::vector<candidate> nearest = candidates_;
    if (nearest.size() > k_near_articles) {
      std::nth_element(nearest.begin(), nearest.begin() + k_near_articles, nearest.end(),
                       [](const candidate& x, const candidate& y) { return x.place < y.place; });
      nearest.resize(k_near_articles);
      std::sort(nearest.begin(), nearest.end(), [](const candidate& x, const candidate& y) { return x.id < y.id; });
    }
    // Word by word and in order of the articles: neighbours on disk are read together.
    for (auto& [word, all] : words) {
      index::database_view::places of_word(view_, word);
      all.resize(nearest.size());
      for (std::size_t i = 0; i < nearest.size(); ++i) {
        of_word.read(nearest[i].id, all[i]);
        if (all[i].size() > k_places) all[i].resize(k_places);
      }
    }
    for (const word_pair& w : pairs) {
      const places& one = words.find(*w.one)->second;
      const places& other = words.find(*w.other)->second;
      for (std::size_t i = 0; i < nearest.size(); ++i) {
        const auto [beside, near] = count(one[i], other[i]);
        if (near > 0) *nearest[i].score += w.weight * (k_side_by_side * saturated(beside) + k_near * saturated(near));
      }
    }
  }

  /// best: the best articles, with the score of each relative to the first. weight: that of all of the query's words.
  void add_feedback(const std::vector<scored>& best, double weight) {
    struct shared_stem {
      double weight = 0;
      unsigned articles = 0;
    };
    std::map<std::string, shared_stem> stems;
    double all = 0;
    for (const auto& [id, share] : best) {
      all += share;
      const auto end = db_.termlist_end(id);
      auto t = db_.termlist_begin(id);
      for (t.skip_to(std::string(index::prefix::stem)); t != end; ++t) {
        const std::string term = *t;
        if (!term.starts_with(index::prefix::stem)) break;
        if (term.starts_with(index::prefix::title_stem)) continue;
        shared_stem& s = stems[term];
        s.weight += share * t.get_wdf();
        ++s.articles;
      }
    }
    const double most =
        std::max(k_feedback_most * articles_, std::min(k_feedback_most_small * articles_, k_feedback_most_articles));
    std::vector<std::pair<double, std::string>> chosen;
    for (auto& [term, s] : stems) {
      if (s.articles < 2) continue;
      const std::string_view word = std::string_view(term).substr(term.find(':') + 1);
      if (word.size() < 3 || is_stop_word_anywhere(word)) continue;
      const double with = view_.frequency(term);
      if (with > most) continue;
      chosen.emplace_back(s.weight / all / k_unit * idf(with, articles_), term);
    }
    std::sort(chosen.begin(), chosen.end(), [](const auto& a, const auto& b) {
      return a.first > b.first || (a.first == b.first && a.second < b.second);
    });
    if (chosen.size() > k_feedback_terms) chosen.resize(k_feedback_terms);
    double total = 0;
    for (const auto& c : chosen) total += c.first;
    if (total <= 0) return;
    std::vector<Xapian::docid> ids;
    ids.reserve(candidates_.size());
    for (const candidate& c : candidates_) ids.push_back(c.id);
    index::database_view::postings with;
    for (const auto& [value, term] : chosen) {
      view_.read_among(term, ids, true, with);
      auto c = candidates_.begin();
      for (std::size_t i = 0; i < with.documents.size(); ++i) {
        while (c->id < with.documents[i]) ++c;
        *c->score += k_feedback * weight / total * value * with.frequencies[i];
      }
    }
  }

  double idf_of(const std::string& term) { return idf(view_.frequency(term), articles_); }

 private:
  static constexpr index::impact_model k_model{};
  static constexpr double k_unit = k_model.scale;

  struct word_pair {
    const std::string* one = nullptr;
    const std::string* other = nullptr;
    double weight = 0;
  };
  using places = std::vector<std::vector<Xapian::termpos>>;  // by article

  // Neighbours as typed, each pair once; of many those of the rarest words.
  std::vector<word_pair> pairs_of(const plan& p) {
    std::vector<word_pair> out;
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (std::size_t i = 1; i < p.order.size(); ++i) {
      const std::vector<std::string>& before = p.units[p.order[i - 1]].terms;
      const std::vector<std::string>& after = p.units[p.order[i]].terms;
      if (before.empty() || after.empty() || before.back() == after.front()) continue;
      if (!seen.insert({before.back(), after.front()}).second) continue;
      const double weight = (idf_of(before.back()) + idf_of(after.front())) / 2 * k_unit;
      out.push_back({&before.back(), &after.front(), weight});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const word_pair& x, const word_pair& y) { return x.weight > y.weight; });
    if (out.size() > k_pairs) out.resize(k_pairs);
    return out;
  }

  static double saturated(double times) { return times * (k_model.k1 + 1) / (times + k_model.k1); }

  // How often the second stands right behind the first, and how often one near the other.
  static std::pair<unsigned, unsigned> count(const std::vector<Xapian::termpos>& a,
                                             const std::vector<Xapian::termpos>& b) {
    unsigned beside = 0;
    unsigned near = 0;
    std::size_t y = 0;  // first place of the second word behind the first
    for (const Xapian::termpos x : a) {
      while (y < b.size() && b[y] <= x) ++y;
      const bool behind = y < b.size() && b[y] - x <= k_near_window;
      const bool before = y > 0 && b[y - 1] < x && x - b[y - 1] <= k_near_window;
      if (behind && b[y] - x == 1) ++beside;
      if (behind || before) ++near;
    }
    return {beside, near};
  }

  Xapian::Database& db_;
  index::database_view& view_;
  double articles_;
  std::vector<candidate> candidates_;
};

void sort_best(std::span<scored> best) {
  // Equal scores: the order in which articles were added, as Xapian has it.
  std::sort(best.begin(), best.end(), [](const scored& a, const scored& b) {
    return a.second > b.second || (a.second == b.second && a.first < b.first);
  });
}

}  // namespace

Xapian::BM25Weight impact_weight() {
  return {k_impact_k1, 0, 0, 0, 0.5};
}

bool can_rerank(const plan& p) {
  return p.order.size() > 1;
}

void rerank(index::reader& reader, const plan& p, const std::vector<std::vector<scored>*>& groups,
            second_look_told* told) {
  // The best of each group, k_reranked in all: the same articles, whichever page was asked for.
  std::vector<std::span<scored>> looked_at;
  std::vector<candidate> candidates;
  for (std::vector<scored>* g : groups) {
    looked_at.push_back(std::span(*g).first(std::min<std::size_t>(g->size(), k_reranked - candidates.size())));
    for (scored& s : looked_at.back()) candidates.push_back({s.first, &s.second, candidates.size()});
  }
  const auto score_of_told = [&]() -> double {
    for (const std::span<scored> g : looked_at) {
      for (const scored& x : g) {
        if (told != nullptr && x.first == told->id) return x.second;
      }
    }
    return -1;
  };
  const double matched = score_of_told();
  if (told != nullptr) told->looked_at = matched >= 0;
  if (candidates.size() < 2) return;
  second_look look(reader, std::move(candidates));
  look.add_proximity(p);
  const double with_near = score_of_told();
  if (told != nullptr) told->near = with_near - matched;
  if (p.units.size() >= k_feedback_words && reader.database().get_doccount() >= k_feedback_archive) {
    std::vector<scored> best;
    for (const std::span<scored> g : looked_at) {
      std::vector<scored> ordered(g.begin(), g.end());
      sort_best(ordered);
      for (std::size_t i = 0; i < ordered.size() && best.size() < k_feedback_articles; ++i) best.push_back(ordered[i]);
    }
    const double top = best.front().second;
    if (best.size() == k_feedback_articles && top > 0) {
      for (scored& b : best) b.second = std::min(b.second / top, 1.0);
      double weight = 0;
      for (const unit& u : p.units) {
        if (!u.terms.empty()) weight += look.idf_of(u.terms.front());
      }
      look.add_feedback(best, weight);
    }
  }
  if (told != nullptr) told->alike = score_of_told() - with_near;
  for (const std::span<scored> g : looked_at) sort_best(g);
}

}  // namespace rapporteur::search
