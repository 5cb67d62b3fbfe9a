#include "tests/relevance/measures.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace rapporteur::relevance {
namespace {

constexpr std::size_t k_shallow = 10;
constexpr std::size_t k_deep = 100;

double gain(int grade, std::size_t rank) {
  return (std::exp2(grade) - 1) / std::log2(static_cast<double>(rank) + 2);
}

}  // namespace

measures& measures::operator+=(const measures& other) {
  ndcg_10 += other.ndcg_10;
  map += other.map;
  precision_10 += other.precision_10;
  recall_100 += other.recall_100;
  return *this;
}

measures measures::over(double queries) const {
  return {ndcg_10 / queries, map / queries, precision_10 / queries, recall_100 / queries};
}

measures measure(const std::vector<std::string>& ranked, const judgements& relevant) {
  measures out;
  double found = 0;
  double gained = 0;
  for (std::size_t rank = 0; rank < std::min(ranked.size(), k_deep); ++rank) {
    const auto judged = relevant.find(ranked[rank]);
    if (judged == relevant.end()) continue;
    ++found;
    out.map += found / static_cast<double>(rank + 1);
    if (rank < k_shallow) {
      gained += gain(judged->second, rank);
      out.precision_10 += 1.0 / k_shallow;
    }
  }
  std::vector<int> grades;
  for (const auto& [id, grade] : relevant) grades.push_back(grade);
  std::sort(grades.begin(), grades.end(), std::greater<>());
  double best = 0;
  for (std::size_t rank = 0; rank < std::min(grades.size(), k_shallow); ++rank) best += gain(grades[rank], rank);
  out.ndcg_10 = best > 0 ? gained / best : 0;
  out.map /= static_cast<double>(relevant.size());
  out.recall_100 = found / static_cast<double>(relevant.size());
  return out;
}

}  // namespace rapporteur::relevance
