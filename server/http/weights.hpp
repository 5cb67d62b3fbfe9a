// Lists of names with weights, the form of Accept and Accept-Encoding (RFC 9110 12.4.2).
#pragma once

#include <string_view>

namespace rapporteur::http {

std::string_view trimmed(std::string_view s) noexcept;  ///< without blanks and tabs at its ends

/// Whether two tokens are one, whatever their case.
bool same_token(std::string_view a, std::string_view b) noexcept;

/// Takes the first member of such a list from the front of `rest`: its name, without parameters, and its weight in
/// thousandths, 1000 if it has none and below 0 if it cannot be read.
struct weighted {
  std::string_view name;
  int weight = 1000;
};
weighted take_weighted(std::string_view& rest) noexcept;

/// Calls fn(name, weight) for each member whose weight can be read.
template <class F>
void for_each_weighted(std::string_view list, F fn) {
  while (!list.empty()) {
    const auto member = take_weighted(list);
    if (member.weight >= 0 && !member.name.empty()) fn(member.name, member.weight);
  }
}

}  // namespace rapporteur::http
