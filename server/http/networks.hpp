// Lists of networks in CIDR notation (RFC 4632, RFC 4291 2.3), for whom to believe.
#pragma once

#include "index/error.hpp"
#include "server/http/asio.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::http {

/// An address without a port; an IPv4 one that travels in IPv6 ("::ffff:192.0.2.1", as a socket that listens to both
/// families sees it) as IPv4. Nothing for what is no address.
std::optional<asio::ip::address> parse_address(std::string_view text);
asio::ip::address unmapped(const asio::ip::address& a);

class network_list {
 public:
  /// Each entry an address or a network: "127.0.0.1", "10.0.0.0/8", "fd00::/8". errc::invalid_argument names the entry
  /// that is neither.
  static result<network_list> parse(const std::vector<std::string>& entries);

  network_list() = default;  ///< contains nothing

  [[nodiscard]] bool contains(const asio::ip::address& a) const;
  [[nodiscard]] bool empty() const noexcept { return v4_.empty() && v6_.empty(); }

 private:
  struct v4_network {
    std::uint32_t bits = 0, mask = 0;
  };
  struct v6_network {
    asio::ip::address_v6::bytes_type bits{};
    unsigned length = 0;
  };
  std::vector<v4_network> v4_;
  std::vector<v6_network> v6_;
};

}  // namespace rapporteur::http
