#include "index/web_address.hpp"

#include "index/ascii.hpp"

#include <algorithm>
#include <string>

namespace rapporteur {

bool is_web_address(std::string_view url) {
  if (url.size() > k_max_url_bytes) return false;
  const auto mark = url.find("://");
  if (mark == std::string_view::npos) return false;
  std::string scheme(url.substr(0, mark));
  std::ranges::transform(scheme, scheme.begin(), to_ascii_lower);
  const auto rest = url.substr(mark + 3);
  return (scheme == "http" || scheme == "https") && !rest.empty() && rest.find_first_of("/?#") != 0 &&
         std::ranges::none_of(url, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
}

}  // namespace rapporteur
