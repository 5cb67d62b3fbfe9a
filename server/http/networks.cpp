#include "server/http/networks.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace rapporteur::http {
namespace {

/// Whether a and b begin with the same `length` bits.
bool same_start(const asio::ip::address_v6::bytes_type& a, const asio::ip::address_v6::bytes_type& b,
                unsigned length) noexcept {
  const auto whole = length / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const auto rest = length % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<unsigned char>(0xFFU << (8 - rest));
  return (a.at(whole) & mask) == (b.at(whole) & mask);
}

error no_network(const std::string& entry) {
  return {errc::invalid_argument,
          '"' + entry + "\" is not an address or network, such as 127.0.0.1, 10.0.0.0/8 or fd00::/8"};
}

}  // namespace

std::optional<asio::ip::address> parse_address(std::string_view text) {
  constexpr std::size_t k_longest = 64;
  if (text.empty() || text.size() > k_longest) return std::nullopt;
  error_code ec;
  const auto address = asio::ip::make_address(std::string(text), ec);
  if (ec) return std::nullopt;
  return unmapped(address);
}

asio::ip::address unmapped(const asio::ip::address& a) {
  if (!a.is_v6() || !a.to_v6().is_v4_mapped()) return a;
  return asio::ip::make_address_v4(asio::ip::v4_mapped, a.to_v6());
}

result<network_list> network_list::parse(const std::vector<std::string>& entries) {
  network_list list;
  for (const auto& entry : entries) {
    const auto slash = entry.find('/');
    const auto address = parse_address(std::string_view(entry).substr(0, slash));
    if (!address) return no_network(entry);
    const unsigned most = address->is_v4() ? 32 : 128;
    unsigned length = most;
    if (slash != std::string::npos) {
      const auto* const end = entry.data() + entry.size();
      const auto [rest, ec] = std::from_chars(entry.data() + slash + 1, end, length);
      if (ec != std::errc() || rest != end || length > most) return no_network(entry);
    }
    if (address->is_v4()) {
      const std::uint32_t mask = length == 0 ? 0 : ~std::uint32_t{0} << (32 - length);
      list.v4_.push_back({address->to_v4().to_uint() & mask, mask});
    } else {
      list.v6_.push_back({address->to_v6().to_bytes(), length});
    }
  }
  return list;
}

bool network_list::contains(const asio::ip::address& a) const {
  const auto plain = unmapped(a);
  if (plain.is_v4()) {
    const auto bits = plain.to_v4().to_uint();
    return std::ranges::any_of(v4_, [bits](const v4_network& n) { return (bits & n.mask) == n.bits; });
  }
  const auto bits = plain.to_v6().to_bytes();
  return std::ranges::any_of(v6_, [&bits](const v6_network& n) { return same_start(bits, n.bits, n.length); });
}

}  // namespace rapporteur::http
