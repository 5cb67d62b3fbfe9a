// By which way a request came: its client, the address under which the client knows this server, its number.
//
// What a proxy says of that (X-Forwarded-…, or Forwarded of RFC 7239) is believed only if the connection comes from a
// proxy that the settings name: anybody can send these fields. Everything taken from a request is checked for its form
// here, so that it can stand in an answer or a log.
#pragma once

#include "index/error.hpp"
#include "server/http/asio.hpp"
#include "server/http/networks.hpp"
#include "server/http/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::http {

/// Where a request came from and how what it asked for is called out there.
struct provenance {
  std::string request_id;  ///< 1 to 128 characters that need no quotes; of the proxy, or made here
  std::string client;      ///< address of the client, as far as it is known
  std::string origin;      ///< "https://news.example": scheme and authority of this server as the client sees it
  std::string prefix;      ///< "/search": what its paths begin with there; empty if nothing
};

/// The settings that decide it, checked once.
class forwarding {
 public:
  /// errc::invalid_argument: a network, base path or public address that is none.
  static result<forwarding> make(const server_settings& s);

  forwarding() = default;  ///< believes nobody

  /// Of the base path.
  [[nodiscard]] const std::vector<std::string>& base_segments() const noexcept { return base_segments_; }

  /// peer and local: the ends of the connection.
  [[nodiscard]] provenance look(const bhttp::fields& fields, const tcp::endpoint& peer,
                                const tcp::endpoint& local) const;

 private:
  void believe(const bhttp::fields& fields, provenance& p) const;

  network_list proxies_;
  bool standard_ = false;
  std::vector<std::string> base_segments_;
  std::string public_origin_, public_prefix_;
};

/// Whether text is a host with an optional port (RFC 9110 7.2, RFC 3986 3.2.2). An empty host is one too.
bool is_host(std::string_view text) noexcept;

/// Whether text can stand before a path: empty, or "/" and segments that are neither empty nor "." nor "..", without a
/// slash at the end.
bool is_path_prefix(std::string_view text) noexcept;

/// 16 hexadecimal digits that no other request of this process has, and hardly one of another.
std::string make_request_id();

}  // namespace rapporteur::http
