// Going through ascending numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rapporteur::index {

/// Where in a list that ascends the first number stands that is not less than one, looked for from `at` on; the list's
/// size if there is none. Made for lists of which about one in four and fewer are looked for, in ascending order: eight
/// at a time are passed over, and of the last eight is counted which are less, as nobody could foretell them.
inline std::size_t first_not_less(std::span<const std::uint32_t> list, std::size_t at, std::uint32_t than) noexcept {
  constexpr std::size_t k_stride = 8;
  while (at + k_stride <= list.size() && list[at + k_stride - 1] < than) at += k_stride;
  if (at + k_stride <= list.size()) {
    std::uint32_t less = 0;
    for (std::size_t i = 0; i < k_stride; ++i) less += static_cast<std::uint32_t>(list[at + i] < than);
    return at + less;
  }
  while (at < list.size() && list[at] < than) ++at;
  return at;
}

}  // namespace rapporteur::index
