#include "server/api/service.hpp"

#include "server/http/compression.hpp"
#include "server/http/etag.hpp"

#include <utility>

namespace rapporteur::api {

namespace bhttp = http::bhttp;

http::response refuse(const parameter_error& e) {
  return to_problem(e.what, e.parameter);
}

http::response json_response(const http::request& q, std::string json, const std::string& etag) {
  http::response r;
  r.body = std::move(json);
  r.set(bhttp::field::content_type, "application/json");
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

bool is_held(const http::request& q, std::string_view etag) {
  if (q.method == bhttp::verb::post || q.fields.count(bhttp::field::if_none_match) == 0) return false;
  return http::none_match_names(q.field(bhttp::field::if_none_match), etag);
}

}  // namespace rapporteur::api
