#include "server/search/listed_query.hpp"

#include "server/search/ranking.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace rapporteur::search {
namespace {

struct listed_article {
  Xapian::docid id = 0;
  float weight = 0;
};
using article_list = std::shared_ptr<const std::vector<listed_article>>;

// Xapian::PostingSource says what each call has to do.
class list_source final : public Xapian::PostingSource {
 public:
  explicit list_source(article_list articles) : articles_(std::move(articles)) {}

  [[nodiscard]] Xapian::doccount get_termfreq_min() const override { return size(); }
  [[nodiscard]] Xapian::doccount get_termfreq_est() const override { return size(); }
  [[nodiscard]] Xapian::doccount get_termfreq_max() const override { return size(); }
  [[nodiscard]] double get_weight() const override { return at().weight; }
  [[nodiscard]] Xapian::docid get_docid() const override { return at().id; }
  [[nodiscard]] bool at_end() const override { return begun_ && place_ >= articles_->size(); }
  [[nodiscard]] list_source* clone() const override { return new list_source(articles_); }
  [[nodiscard]] std::string get_description() const override { return "list_source"; }

  void init(const Xapian::Database& /*db*/) override {
    begun_ = false;
    place_ = 0;
    float greatest = 0;
    for (const listed_article& a : *articles_) greatest = std::max(greatest, a.weight);
    set_maxweight(greatest);
  }

  // The least weight that would count is a hint, and Xapian 1.4 gives it as it is after scaling: not to be compared.
  void next(double /*least*/) override {
    if (begun_)
      ++place_;
    else
      begun_ = true;
  }

  void skip_to(Xapian::docid id, double /*least*/) override {
    begun_ = true;
    // In steps that double: the next one is mostly near.
    std::size_t step = 1;
    std::size_t beyond = place_;
    while (beyond < articles_->size() && (*articles_)[beyond].id < id) {
      place_ = beyond + 1;
      beyond += step;
      step *= 2;
    }
    const auto end = articles_->begin() + static_cast<std::ptrdiff_t>(std::min(beyond, articles_->size()));
    const auto from = articles_->begin() + static_cast<std::ptrdiff_t>(std::min(place_, articles_->size()));
    place_ = static_cast<std::size_t>(
        std::lower_bound(from, end, id, [](const listed_article& a, Xapian::docid i) { return a.id < i; }) -
        articles_->begin());
  }

 private:
  [[nodiscard]] Xapian::doccount size() const { return static_cast<Xapian::doccount>(articles_->size()); }
  [[nodiscard]] const listed_article& at() const { return (*articles_)[place_]; }

  article_list articles_;
  std::size_t place_ = 0;
  bool begun_ = false;
};

}  // namespace

Xapian::Query listed(const Xapian::Database& db, const Xapian::Query& query, Xapian::doccount& room) {
  Xapian::Enquire enquire(db);
  enquire.set_query(query);
  enquire.set_weighting_scheme(impact_weight());
  enquire.set_docid_order(Xapian::Enquire::ASCENDING);
  const Xapian::MSet found = enquire.get_mset(0, room + 1);
  if (found.size() > room) return query;
  room -= found.size();
  auto articles = std::make_shared<std::vector<listed_article>>();
  articles->reserve(found.size());
  for (auto m = found.begin(); m != found.end(); ++m) {
    articles->push_back({*m, static_cast<float>(m.get_weight())});
  }
  std::sort(articles->begin(), articles->end(),
            [](const listed_article& a, const listed_article& b) { return a.id < b.id; });
  return Xapian::Query((new list_source(std::move(articles)))->release());
}

}  // namespace rapporteur::search
