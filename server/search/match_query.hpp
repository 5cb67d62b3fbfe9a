// What the planner makes of a query: a tree of terms and operators, to be matched here (server/search/matching) or by
// Xapian.
//
// Means what the Xapian::Query of the same operators means, weights included. A value: copies share their parts, which
// nothing changes.
#pragma once

#include <xapian.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rapporteur::search {

class match_query {
 public:
  using op = Xapian::Query::op;

  struct node {
    enum class kind {
      term,   ///< text
      all,    ///< every article
      value,  ///< compared by Xapian: slot, text
      many,   ///< parts, by how
      list,   ///< ids and weights, found before
    };
    kind is = kind::all;
    op how = Xapian::Query::OP_AND;
    std::string text;
    double factor = 1;    ///< of OP_SCALE_WEIGHT
    unsigned window = 0;  ///< of OP_PHRASE and OP_NEAR
    Xapian::valueno slot = 0;
    std::vector<match_query> parts;
    std::vector<Xapian::docid> ids;  ///< ascending
    std::vector<double> weights;     ///< of each
  };

  /// Nothing: no article has it.
  match_query() = default;

  explicit match_query(std::string term);

  /// One operator over several parts: AND, OR, AND_NOT, FILTER, MAX, SYNONYM, and over terms PHRASE and NEAR. Parts
  /// that are nothing are left out where that means the same, and make nothing of the whole where they must match.
  match_query(op how, const match_query& one, const match_query& other);
  template <class Iterator>
  match_query(op how, Iterator begin, Iterator end, unsigned window = 0) {
    std::vector<match_query> parts;
    for (; begin != end; ++begin) parts.push_back(as_part(*begin));
    *this = joined(how, std::move(parts), window);
  }

  /// OP_SCALE_WEIGHT; a factor of 0 leaves a part unweighed.
  match_query(op how, const match_query& one, double factor);

  /// OP_VALUE_GE and OP_VALUE_LE.
  match_query(op how, Xapian::valueno slot, std::string limit);

  static match_query everything();

  /// Articles that were found already and what they weigh; ids ascend.
  static match_query listed(std::vector<Xapian::docid> ids, std::vector<double> weights);

  [[nodiscard]] bool empty() const noexcept { return node_ == nullptr; }

  /// Not of an empty one.
  [[nodiscard]] const node& top() const noexcept { return *node_; }

  /// The first term in it; empty if there is none.
  [[nodiscard]] std::string first_term() const;

  /// Terms in it, each as often as it stands there.
  [[nodiscard]] std::size_t terms() const;

  [[nodiscard]] Xapian::Query as_xapian() const;

 private:
  static match_query as_part(const match_query& q) { return q; }
  static match_query as_part(const std::string& term) { return match_query(term); }
  static match_query joined(op how, std::vector<match_query> parts, unsigned window);
  explicit match_query(node n);

  std::shared_ptr<const node> node_;
};

}  // namespace rapporteur::search
