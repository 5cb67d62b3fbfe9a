#include "index/impact.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

namespace rapporteur::index {

std::uint32_t impact_model::impact(std::uint32_t in_text, std::uint32_t in_title, std::uint32_t length) const noexcept {
  const double frequency = in_text + title_weight * in_title;
  if (frequency <= 0) return 1;
  const double norm = k1 * (1 - b + b * (length / (average_length > 0 ? average_length : 1)));
  const double value = scale * frequency * (k1 + 1) / (frequency + norm);
  return value < 1 ? 1U : static_cast<std::uint32_t>(std::lround(value));
}

std::string impact_model::to_string() const {
  return fmt::format("average_length={:.3f} k1={:.3f} b={:.3f} title_weight={:.3f} scale={:.3f}", average_length, k1, b,
                     title_weight, scale);
}

std::optional<impact_model> impact_model::parse(std::string_view text) {
  impact_model m;
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "average_length=%lf k1=%lf b=%lf title_weight=%lf scale=%lf", &m.average_length, &m.k1,
                  &m.b, &m.title_weight, &m.scale) != 5) {
    return std::nullopt;
  }
  return m;
}

}  // namespace rapporteur::index
