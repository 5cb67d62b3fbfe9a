#include "server/api/opensearch.hpp"

#include "server/api/routes.hpp"
#include "server/api/safe_text.hpp"
#include "server/api/search.hpp"
#include "server/http/compression.hpp"
#include "server/http/etag.hpp"

namespace rapporteur::api {
namespace {

namespace asio = http::asio;
namespace bhttp = http::bhttp;

constexpr std::string_view k_suggest_path = "/api/v1/suggest";

/// As character data or an attribute's value (XML 1.0, 2.4).
std::string escaped(std::string_view text) {
  std::string out;
  append_xml(out, text);
  return out;
}

std::string url_element(std::string_view type, std::string_view rel, const std::string& address) {
  std::string out = "  <Url type=\"" + std::string(type) + "\" method=\"get\"";
  if (!rel.empty()) out += " rel=\"" + std::string(rel) + '"';
  return out + " template=\"" + escaped(address) + "\"/>\n";
}

}  // namespace

asio::awaitable<http::response> get_opensearch(const service&, const http::request& q) {
  if (const auto bad = parse_nothing(q.query)) co_return refuse(*bad);
  const auto base = q.from.origin + q.from.prefix;
  http::response r;
  r.body =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n"
      "  <ShortName>Rapporteur</ShortName>\n"
      "  <Description>Search this archive of human-rights reporting</Description>\n"
      "  <InputEncoding>UTF-8</InputEncoding>\n"
      "  <OutputEncoding>UTF-8</OutputEncoding>\n"
      // 16 pixels and this type are what Chromium takes; the file has both sizes.
      "  <Image width=\"16\" height=\"16\" type=\"image/x-icon\">" +
      escaped(base + "/favicon.ico") + "</Image>\n  <Image width=\"32\" height=\"32\" type=\"image/x-icon\">" +
      escaped(base + "/favicon.ico") + "</Image>\n" + url_element("text/html", "results", base + "/?q={searchTerms}") +
      url_element("application/json", {}, base + std::string(k_search_path) + "?q={searchTerms}");
  if (has_route(k_suggest_path)) {
    r.body += url_element("application/x-suggestions+json", "suggestions",
                          base + std::string(k_suggest_path) + "?format=opensearch&q={searchTerms}");
  }
  r.body += url_element("application/opensearchdescription+xml", "self", base + "/opensearch.xml");
  r.body += "</OpenSearchDescription>\n";
  r.set(bhttp::field::content_type, "application/opensearchdescription+xml");
  // It depends on the Host header, so that no shared cache may keep it.
  r.set(bhttp::field::cache_control, "private, no-cache");
  r.set(bhttp::field::etag, "W/\"" + http::fingerprint().add(r.body).hex() + '"');
  http::compress_response(q, r);
  co_return r;
}

}  // namespace rapporteur::api
