#include "server/api/exports.hpp"

#include "server/api/export_stream.hpp"
#include "server/api/search.hpp"
#include "server/http/compression.hpp"

#include <memory>
#include <string>
#include <utility>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;
namespace bhttp = http::bhttp;

/// Names no query: a file's name is seen by others than who asked.
std::string disposition_of(const export_format& f) {
  return "attachment; filename=\"articles" + std::string(f.suffix) + '"';
}

std::string canonical_of(const export_request& r, const settings& s) {
  return format_search(r.search, s) + "&limit=" + std::to_string(r.limit) + (r.options.with_text ? "&text=on" : "") +
         (r.options.with_bom ? "&bom=on" : "");
}

}  // namespace

asio::awaitable<http::response> export_search(const service& s, const http::request& q, const export_format& f) {
  const bool posted = q.method == bhttp::verb::post;
  if (posted) {
    if (auto refused = refuse_other_than_form(q)) co_return std::move(*refused);
  }
  auto parsed = parse_export(posted ? q.body : q.query, f, s.options);
  if (const auto* bad = std::get_if<parameter_error>(&parsed)) co_return refuse(*bad);
  auto& wanted = std::get<export_request>(parsed);
  const std::string route = std::string(k_search_path) + std::string(f.suffix);
  const std::string canonical = canonical_of(wanted, s.options);
  const auto coding = http::parse_accept_encoding(q.field(bhttp::field::accept_encoding)).best();
  auto walk = std::make_shared<export_walk>(f, std::move(wanted), coding);
  auto work = [&](search_backend& backend) -> result<http::response> {
    http::response r;
    const auto state = backend.state();
    if (!state) return state.error();
    auto etag = make_etag(s.options, *state, route, canonical);
    if (!is_held(q, etag)) {
      const auto begun = walk->begin(backend, s.options.limits);
      if (!begun && walk->is_too_long()) return to_problem(begun.error(), "limit");
      if (!begun) return begun.error();
      etag = make_etag(s.options, *begun, route, canonical);
      r.stream = stream_of(s, walk);
    }
    r.set(bhttp::field::content_type, f.content_type);
    r.set(bhttp::field::content_disposition, disposition_of(f));
    r.set(bhttp::field::vary, "Accept-Encoding");
    if (r.stream && coding != http::coding::identity) r.set(bhttp::field::content_encoding, http::name_of(coding));
    if (posted) {
      r.set(bhttp::field::cache_control, "no-store");
    } else {
      r.set(bhttp::field::cache_control, "private, no-cache");
      r.set(bhttp::field::etag, etag);
    }
    return r;
  };
  co_return co_await on_worker(s, q, "q", std::move(work));
}

}  // namespace rapporteur::api
