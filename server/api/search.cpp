#include "server/api/search.hpp"

#include "server/api/json.hpp"
#include "server/api/problem.hpp"

#include <utility>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;
namespace bhttp = http::bhttp;

asio::awaitable<http::response> answer(const service& s, const http::request& q, std::string_view form) {
  auto parsed = parse_search(form, s.options);
  if (const auto* bad = std::get_if<parameter_error>(&parsed)) co_return refuse(*bad);
  auto work = [&s, &q,
               r = std::get<search::request>(std::move(parsed))](search_backend& backend) -> result<http::response> {
    const std::string canonical = format_search(r, s.options);
    const auto state = backend.state();
    if (!state) return state.error();
    auto etag = make_etag(s.options, *state, k_search_path, canonical);
    if (is_held(q, etag)) return json_response(q, {}, etag);
    const auto found = backend.search(r);
    if (!found) {
      const errc code = found.error().code;
      if (code == errc::bad_cursor || code == errc::cursor_expired) return to_problem(found.error(), "cursor");
      return found.error();
    }
    // The index may have moved on in between: the answer is of the state that it names.
    etag = make_etag(s.options, found->index, k_search_path, canonical);
    const auto took = http::clock::now() - q.received;
    return json_response(q, to_json(*found, r.q, q.link(next_page(r, *found, s.options)), took), etag);
  };
  // Whatever a search still refuses after the parameters were checked is about the query.
  co_return co_await on_worker(s, q, "q", std::move(work));
}

}  // namespace

std::string next_page(const search::request& r, const search::answer& a, const settings& s) {
  if (!a.next) return {};
  auto next = r;
  const std::uint64_t offset = std::uint64_t{r.offset} + r.limit;
  if (a.next->order == search::sort_order::relevance && !r.after && offset + r.limit <= s.limits.max_depth) {
    next.offset = static_cast<std::uint32_t>(offset);
  } else {
    next.offset = 0;
    next.after = a.next;
  }
  return std::string(k_search_path) + '?' + format_search(next, s);
}

asio::awaitable<http::response> get_search(const service& s, const http::request& q) {
  co_return co_await answer(s, q, q.query);
}

asio::awaitable<http::response> post_search(const service& s, const http::request& q) {
  if (auto refused = refuse_other_than_form(q)) co_return std::move(*refused);
  co_return co_await answer(s, q, q.body);
}

}  // namespace rapporteur::api
