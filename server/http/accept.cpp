#include "server/http/accept.hpp"

#include "server/http/weights.hpp"

#include <algorithm>

namespace rapporteur::http {

bool accepts(std::string_view accept, std::string_view media_type) noexcept {
  if (trimmed(accept).empty()) return true;
  const auto type = media_type.substr(0, media_type.find('/'));
  int best_fit = -1;
  int weight = 0;
  bool any = false;
  for_each_weighted(accept, [&](std::string_view range, int w) {
    const auto slash = range.find('/');
    if (slash == std::string_view::npos) return;
    any = true;
    int fit = -1;
    if (same_token(range, media_type)) {
      fit = 2;
    } else if (range.substr(slash + 1) == "*") {
      if (same_token(range.substr(0, slash), type)) fit = 1;
      if (range.substr(0, slash) == "*") fit = 0;
    }
    if (fit < 0 || fit < best_fit) return;
    weight = fit == best_fit ? std::max(weight, w) : w;
    best_fit = fit;
  });
  return !any || weight > 0;
}

}  // namespace rapporteur::http
