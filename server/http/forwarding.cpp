#include "server/http/forwarding.hpp"

#include "server/http/uri.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace rapporteur::http {
namespace {

constexpr std::size_t k_max_host_bytes = 255 + 6;  // RFC 1035 2.3.4, and a port
constexpr std::size_t k_max_prefix_bytes = 512;
constexpr std::size_t k_max_request_id_bytes = 128;
constexpr std::size_t k_max_hops = 32;  // more of them are not looked at

bool is_alphanumeric(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_one_of(char c, std::string_view set) noexcept {
  return set.find(c) != std::string_view::npos;
}
bool is_port(std::string_view s) noexcept {
  return s.size() <= 5 && std::ranges::all_of(s, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

bool is_request_id(std::string_view s) noexcept {
  return !s.empty() && s.size() <= k_max_request_id_bytes &&
         std::ranges::all_of(s, [](char c) { return is_alphanumeric(c) || is_one_of(c, "-._~+/:@"); });
}

/// The lines of a field as one (RFC 9110 5.2).
std::string joined(const bhttp::fields& fields, std::string_view name) {
  std::string all;
  const auto [first, last] = fields.equal_range(name);
  for (auto line = first; line != last; ++line) {
    if (line != first) all += ',';
    all += std::string_view(line->value());
  }
  return all;
}

enum class quotation_marks { quote, are_plain };

/// Splits at separators that do not stand in a quoted string (RFC 9110 5.6.4), if there are such.
std::vector<std::string_view> split(std::string_view text, char separator, quotation_marks marks) {
  std::vector<std::string_view> parts;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && quoted && text[i] == '\\') {
      ++i;
    } else if (i < text.size() && text[i] == '"' && marks == quotation_marks::quote) {
      quoted = !quoted;
    } else if (i >= text.size() || (text[i] == separator && !quoted)) {
      parts.push_back(trim(text.substr(std::min(begin, text.size()), i - begin)));
      begin = i + 1;
    }
  }
  return parts;
}

std::string unquoted(std::string_view s) {
  if (s.size() < 2 || s.front() != '"' || s.back() != '"') return std::string(s);
  std::string out;
  s = s.substr(1, s.size() - 2);
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '\\' && i + 1 < s.size()) ++i;
    out += s[i];
  }
  return out;
}

/// The address of "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80".
std::optional<asio::ip::address> address_of_node(std::string_view node) {
  if (node.starts_with('[')) {
    const auto close = node.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const auto rest = node.substr(close + 1);
    if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return std::nullopt;
    return parse_address(node.substr(1, close - 1));
  }
  const auto colon = node.find(':');
  if (colon != std::string_view::npos && colon == node.rfind(':')) {
    if (!is_port(node.substr(colon + 1))) return std::nullopt;
    node = node.substr(0, colon);
  }
  return parse_address(node);
}

/// What each proxy on the way said, the nearest last. An empty text: it did not say.
struct hops {
  std::vector<std::string> clients, schemes, hosts;
};

// X-Forwarded-* know no quoting: a mark that a client sends must not hide what the proxy put behind it.
std::vector<std::string> list_of(const bhttp::fields& fields, std::string_view name,
                                 quotation_marks marks = quotation_marks::are_plain) {
  std::vector<std::string> values;
  const auto text = joined(fields, name);
  if (text.empty()) return values;
  for (const auto part : split(text, ',', marks)) values.emplace_back(part);
  return values;
}

/// RFC 7239 4.
hops read_forwarded(const bhttp::fields& fields) {
  hops h;
  for (const auto& element : list_of(fields, "Forwarded", quotation_marks::quote)) {
    std::string client;
    std::string scheme;
    std::string host;
    for (const auto pair : split(element, ';', quotation_marks::quote)) {
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos) continue;
      const auto name = pair.substr(0, equals);
      auto value = unquoted(pair.substr(equals + 1));
      if (beast::iequals(name, "for")) {
        client = std::move(value);
      } else if (beast::iequals(name, "proto")) {
        scheme = std::move(value);
      } else if (beast::iequals(name, "host")) {
        host = std::move(value);
      }
    }
    h.clients.push_back(std::move(client));
    h.schemes.push_back(std::move(scheme));
    h.hosts.push_back(std::move(host));
  }
  return h;
}

/// The entry that the proxy made which is so many hops away; of a list that is too short, its first.
std::string at_hop(const std::vector<std::string>& values, std::size_t hop) {
  if (values.empty()) return {};
  return values[values.size() - 1 - std::min(hop, values.size() - 1)];
}

std::uint64_t mixed(std::uint64_t x) noexcept {  // a bijection (the finaliser of SplitMix64)
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace

bool is_host(std::string_view text) noexcept {
  if (text.size() > k_max_host_bytes) return false;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos || close == 1) return false;
    const auto inside = text.substr(1, close - 1);
    const auto is_inside = [](char c) { return is_alphanumeric(c) || is_one_of(c, ":.-_~!$&'()*+,;="); };
    const auto rest = text.substr(close + 1);
    return std::ranges::all_of(inside, is_inside) && (rest.empty() || (rest.front() == ':' && is_port(rest.substr(1))));
  }
  const auto colon = text.find(':');
  if (colon != std::string_view::npos && !is_port(text.substr(colon + 1))) return false;
  const auto name = text.substr(0, colon);
  return std::ranges::all_of(name, [](char c) { return is_alphanumeric(c) || is_one_of(c, "-._~%!$&'()*+,;="); });
}

bool is_path_prefix(std::string_view text) noexcept {
  if (text.empty()) return true;
  if (text.size() > k_max_prefix_bytes || text.front() != '/') return false;
  while (!text.empty()) {
    const auto end = text.find('/', 1);
    const auto segment = text.substr(1, end == std::string_view::npos ? end : end - 1);
    if (segment.empty() || segment == "." || segment == "..") return false;
    if (!std::ranges::all_of(segment, [](char c) { return is_alphanumeric(c) || is_one_of(c, "-._~!$&'()*+,;=:@"); })) {
      return false;
    }
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end);
  }
  return true;
}

std::string make_request_id() {
  static const std::uint64_t k_start = [] {
    std::random_device source;
    return (std::uint64_t{source()} << 32) | source();
  }();
  static std::atomic<std::uint64_t> count{0};
  const auto number = mixed(k_start + count.fetch_add(1, std::memory_order_relaxed));
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string id;
  for (int shift = 60; shift >= 0; shift -= 4) id += k_digits[(number >> shift) & 15U];
  return id;
}

result<forwarding> forwarding::make(const server_settings& s) {
  forwarding f;
  auto proxies = network_list::parse(s.trusted_proxies);
  if (!proxies) return proxies.error();
  f.proxies_ = std::move(*proxies);
  f.standard_ = s.standard_forwarded;
  if (!is_path_prefix(s.base_path)) {
    return error{errc::invalid_argument, '"' + s.base_path + R"(" is not a base path, such as "/search")"};
  }
  if (!s.base_path.empty()) f.base_segments_ = split_path(s.base_path).value_or(std::vector<std::string>{});
  f.public_prefix_ = s.base_path;
  if (s.public_url.empty()) return f;
  const auto refused =
      error{errc::invalid_argument,
            '"' + s.public_url + R"(" is not a public address, such as "https://news.example/search")"};
  const auto host = s.public_url.find("://");
  if (host == std::string::npos) return refused;
  const auto scheme = std::string_view(s.public_url).substr(0, host);
  const auto end = std::min(s.public_url.find('/', host + 3), s.public_url.size());
  const auto authority = std::string_view(s.public_url).substr(host + 3, end - host - 3);
  auto path = std::string_view(s.public_url).substr(end);
  if (path.ends_with('/')) path.remove_suffix(1);
  if ((scheme != "https" && scheme != "http") || authority.empty() || !is_host(authority) || !is_path_prefix(path)) {
    return refused;
  }
  f.public_origin_ = s.public_url.substr(0, end);
  if (!path.empty()) f.public_prefix_ = path;
  return f;
}

void forwarding::believe(const bhttp::fields& fields, provenance& p) const {
  if (const std::string_view id = fields["X-Request-Id"]; fields.count("X-Request-Id") == 1 && is_request_id(id)) {
    p.request_id = id;
  }
  hops h;
  if (standard_) {
    h = read_forwarded(fields);
  } else {
    h.clients = list_of(fields, "X-Forwarded-For");
    h.schemes = list_of(fields, "X-Forwarded-Proto");
    h.hosts = list_of(fields, "X-Forwarded-Host");
    const std::string_view prefix = fields["X-Forwarded-Prefix"];
    const auto trimmed = prefix.ends_with('/') ? prefix.substr(0, prefix.size() - 1) : prefix;
    if (public_origin_.empty() && fields.count("X-Forwarded-Prefix") == 1 && is_path_prefix(trimmed)) {
      p.prefix = trimmed;
    }
  }
  // Each proxy appends whom it got the request from. The last one is ours; go back through those that are trusted.
  std::size_t hop = 0;
  for (std::size_t i = 0; i < std::min(h.clients.size(), k_max_hops); ++i) {
    const auto address = address_of_node(h.clients[h.clients.size() - 1 - i]);
    if (!address) break;  // "unknown", or nonsense: nothing beyond it is worth more
    p.client = address->to_string();
    hop = i;
    if (!proxies_.contains(*address)) break;
  }
  if (!public_origin_.empty()) return;
  const auto scheme = at_hop(h.schemes, hop);
  const auto host = at_hop(h.hosts, hop);
  const auto colon = p.origin.find("://");
  std::string origin = p.origin;
  if (!host.empty() && is_host(host)) origin.replace(colon + 3, std::string::npos, host);
  if (beast::iequals(scheme, "https") || beast::iequals(scheme, "http")) {
    origin.replace(0, colon, beast::iequals(scheme, "https") ? "https" : "http");
  }
  p.origin = std::move(origin);
}

provenance forwarding::look(const bhttp::fields& fields, const tcp::endpoint& peer, const tcp::endpoint& local) const {
  provenance p;
  p.client = unmapped(peer.address()).to_string();
  p.prefix = public_prefix_;
  if (!public_origin_.empty()) {
    p.origin = public_origin_;
  } else if (const std::string_view host = fields[bhttp::field::host]; !host.empty() && is_host(host)) {
    p.origin = "http://" + std::string(host);
  } else {
    const auto address = unmapped(local.address());
    p.origin = "http://" + (address.is_v6() ? '[' + address.to_string() + ']' : address.to_string()) + ':' +
               std::to_string(local.port());
  }
  if (!proxies_.empty() && proxies_.contains(peer.address())) believe(fields, p);
  if (p.request_id.empty()) p.request_id = make_request_id();
  return p;
}

}  // namespace rapporteur::http
