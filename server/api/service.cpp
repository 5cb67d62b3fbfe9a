#include "server/api/service.hpp"

#include "server/http/compression.hpp"
#include "server/http/etag.hpp"

#include <fmt/format.h>

#include <utility>

namespace rapporteur::api {

namespace bhttp = http::bhttp;

namespace {

/// Whether a Content-Type names a form, whatever its parameters.
bool is_form(std::string_view content_type) noexcept {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ') || content_type.ends_with('\t')) content_type.remove_suffix(1);
  return http::beast::iequals(content_type, "application/x-www-form-urlencoded");
}

}  // namespace

http::response refuse(const parameter_error& e) {
  return to_problem(e.what, e.parameter, e.values);
}

std::optional<http::response> refuse_other_than_form(const http::request& q) {
  if (!is_form(q.field(bhttp::field::content_type))) {
    auto r = http::make_problem({.status = 415,
                                 .code = "unsupported_media_type",
                                 .detail = "The body must be a form: Content-Type application/x-www-form-urlencoded."});
    r.set(bhttp::field::accept_post, "application/x-www-form-urlencoded");
    return r;
  }
  if (!q.query.empty()) {
    return to_problem({errc::invalid_argument, "With POST all parameters belong in the body, none in the address."});
  }
  return std::nullopt;
}

http::response json_response(const http::request& q, std::string json, const std::string& etag) {
  return answer_response(q, "application/json", std::move(json), etag);
}

http::response answer_response(const http::request& q, std::string_view content_type, std::string body,
                               const std::string& etag) {
  http::response r;
  r.body = std::move(body);
  r.set(bhttp::field::content_type, content_type);
  if (etag.empty() || q.method == bhttp::verb::post) {
    r.set(bhttp::field::cache_control, "no-store");
  } else {
    r.set(bhttp::field::cache_control, "private, no-cache");
    r.set(bhttp::field::etag, etag);
  }
  http::compress_response(q, r);
  return r;
}

std::string make_etag(const settings& s, const search::index_state& index, std::string_view route,
                      std::string_view request) {
  http::fingerprint f;
  // A revision alone could repeat when an index is made anew. The thesaurus is the one that answered: while a reload
  // goes on, workers may have different ones.
  f.add(s.etag_salt)
      .add(index.revision)
      .add(index.as_of)
      .add(index.articles)
      .add(index.thesaurus)
      .add(route)
      .add(request);
  return "W/\"" + f.hex() + '"';
}

std::string make_cache_key(const http::request& q, const search::index_state& index, std::string_view route,
                           std::string_view request) {
  // None of the parts before the last can have a line break, and the last is percent-encoded.
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", index.revision, index.as_of, index.articles, index.thesaurus,
                     q.from.prefix, route, request);
}

bool is_held(const http::request& q, std::string_view etag) {
  if (q.method == bhttp::verb::post || q.fields.count(bhttp::field::if_none_match) == 0) return false;
  return http::none_match_names(q.field(bhttp::field::if_none_match), etag);
}

}  // namespace rapporteur::api
