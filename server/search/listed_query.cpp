#include "server/search/listed_query.hpp"

#include "server/search/matching.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace rapporteur::search {
namespace {

using article_list = std::shared_ptr<const match_query::node>;

// Xapian::PostingSource says what each call has to do.
class list_source final : public Xapian::PostingSource {
 public:
  explicit list_source(article_list list) : list_(std::move(list)) {}

  [[nodiscard]] Xapian::doccount get_termfreq_min() const override { return size(); }
  [[nodiscard]] Xapian::doccount get_termfreq_est() const override { return size(); }
  [[nodiscard]] Xapian::doccount get_termfreq_max() const override { return size(); }
  [[nodiscard]] double get_weight() const override { return list_->weights[place_]; }
  [[nodiscard]] Xapian::docid get_docid() const override { return list_->ids[place_]; }
  [[nodiscard]] bool at_end() const override { return begun_ && place_ >= list_->ids.size(); }
  [[nodiscard]] list_source* clone() const override { return new list_source(list_); }
  [[nodiscard]] std::string get_description() const override { return "list_source"; }

  void init(const Xapian::Database& /*db*/) override {
    begun_ = false;
    place_ = 0;
    double greatest = 0;
    for (const double w : list_->weights) greatest = std::max(greatest, w);
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
    const std::vector<Xapian::docid>& ids = list_->ids;
    std::size_t step = 1;
    std::size_t beyond = place_;
    while (beyond < ids.size() && ids[beyond] < id) {
      place_ = beyond + 1;
      beyond += step;
      step *= 2;
    }
    const auto end = ids.begin() + static_cast<std::ptrdiff_t>(std::min(beyond, ids.size()));
    const auto from = ids.begin() + static_cast<std::ptrdiff_t>(std::min(place_, ids.size()));
    place_ = static_cast<std::size_t>(std::lower_bound(from, end, id) - ids.begin());
  }

 private:
  [[nodiscard]] Xapian::doccount size() const { return static_cast<Xapian::doccount>(list_->ids.size()); }

  article_list list_;
  std::size_t place_ = 0;
  bool begun_ = false;
};

}  // namespace

match_query listed(index::reader& reader, const match_query& query, Xapian::doccount& room) {
  matches found = match(reader, query, true);
  if (found.ids.size() > room) return query;
  room -= static_cast<Xapian::doccount>(found.ids.size());
  return match_query::listed(std::move(found.ids), std::move(found.weights));
}

Xapian::Query source_of(std::shared_ptr<const match_query::node> list) {
  return Xapian::Query((new list_source(std::move(list)))->release());
}

}  // namespace rapporteur::search
