#include "server/search/query_scanner.hpp"

#include <utility>

namespace rapporteur::search {

query_scanner::query_scanner(const character_sequence& q) : q_(q) {
  for (std::size_t i = 0; i < q.size(); ++i) {
    if (q.role(i) == k_double_quote) last_double_quote_ = i;
    if (q.role(i) == k_guillemet) last_guillemet_ = i;
  }
}

std::optional<std::size_t> query_scanner::closing_quote(std::size_t open) const {
  const char32_t family = q_.role(open);
  // Knowing the last one keeps a query of nothing but openings from being searched to its end for each.
  if ((family == k_guillemet ? last_guillemet_ : last_double_quote_) <= open) return std::nullopt;
  std::size_t i = open + 1;
  while (q_.role(i) != family) ++i;
  return i;
}

bool query_scanner::has_word(std::size_t begin, std::size_t end) const {
  for (std::size_t i = begin; i < end; ++i) {
    if (is_word_character(q_[i].code_point)) return true;
  }
  return false;
}

bool query_scanner::operand_follows(std::size_t at) const {
  for (; at < q_.size(); ++at) {
    const char32_t r = q_.role(at);
    if (r == U' ' || r == U')') return false;
    if (r == U'(' || is_word_character(q_[at].code_point)) return true;
    if (is_quote(r) && closing_quote(at)) return true;
  }
  return false;
}

/// S/RES/1718(2006) and 7(3)(a) are one word: brackets right after a digit, or after such brackets, that hold a few
/// letters or digits. Returns the end of the brackets that open at `at`, or `at` if they are a group.
std::size_t query_scanner::bracketed_end(std::size_t at, std::size_t run_begin) const {
  constexpr std::size_t k_longest = 10;
  if (at == run_begin || (!is_digit(q_.role(at - 1)) && q_.role(at - 1) != U')')) return at;
  if (operator_in(run_begin, at)) return at;
  std::size_t i = at + 1;
  while (i <= at + k_longest && (is_digit(q_.role(i)) || is_ascii_letter(q_.role(i)))) ++i;
  return i > at + 1 && q_.role(i) == U')' ? i + 1 : at;
}

std::size_t query_scanner::run_end(std::size_t begin, bool value) const {
  std::size_t i = begin;
  while (i < q_.size()) {
    const char32_t r = q_.role(i);
    if (r == U' ' || r == U')' || is_quote(r)) break;
    if (r == U'(') {
      const std::size_t end = bracketed_end(i, begin);
      if (end == i) break;
      i = end;
      continue;
    }
    const bool number = i > begin && is_digit(q_.role(i - 1)) && is_digit(q_.role(i + 1));
    const bool separator = r == U',' || r == U';' || r == U'、' || r == U'。' || r == U'،' || r == U'؛';
    if (separator && !value && !number) break;
    ++i;
  }
  return i;
}

std::optional<operator_word> query_scanner::operator_in(std::size_t begin, std::size_t end) const {
  constexpr std::size_t k_longest = 32;  // NEAR/ and more digits than anybody means
  return end - begin > k_longest ? std::nullopt : find_operator(q_.ascii(begin, end));
}

std::optional<query_scanner::found_field> query_scanner::field_at(std::size_t at) const {
  constexpr std::size_t k_longest = 64;
  const auto named = [](char32_t r) { return is_ascii_letter(r) || is_digit(r) || r == U'.' || r == U'_'; };
  std::size_t i = at;
  while (i < at + k_longest && named(q_.role(i))) ++i;
  if (i == at || q_.role(i) != U':') return std::nullopt;
  auto name = find_field(lower_ascii(q_.ascii(at, i)));
  if (!name) return std::nullopt;
  return found_field{std::move(*name), i + 1};
}

}  // namespace rapporteur::search
