#include "server/api/search.hpp"

#include "server/api/json.hpp"
#include "server/api/json_writer.hpp"
#include "server/api/problem.hpp"
#include "server/api/result_cache.hpp"

#include <memory>
#include <string>
#include <utility>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;
namespace bhttp = http::bhttp;

struct asked {
  const search::request& r;
  const search_writer& writer;
  bool waited = false;
  std::shared_ptr<result_cache::flight> made_elsewhere;  ///< set by run: to be waited for
};

// On a worker. Where an equal request is being answered, an empty response, and a.made_elsewhere.
result<http::response> run(const service& s, const http::request& q, asked& a, search_backend& backend) {
  const auto& w = a.writer;
  a.made_elsewhere = nullptr;
  const auto state = backend.state();
  if (!state) return state.error();
  auto etag = make_etag(s.options, *state, w.path, w.canonical);
  if (is_held(q, etag)) return w.finish({}, etag);
  // A private query is nobody else's, and nothing of it is kept.
  const bool shared = s.results != nullptr && q.method != bhttp::verb::post;
  result_cache::making to_make;  // until the answer is kept
  if (shared) {
    auto known = s.results->look_up(make_cache_key(q, *state, w.path, w.canonical));
    if (known.answer) return w.finish(known.answer->written, known.answer->etag);
    if (known.made_elsewhere && !a.waited) {
      a.made_elsewhere = std::move(known.made_elsewhere);
      return http::response();
    }
    to_make = std::move(known.to_make);
  }
  const auto found = backend.search(a.r);
  if (!found) {
    const errc code = found.error().code;
    if (code == errc::bad_cursor || code == errc::cursor_expired) return to_problem(found.error(), "cursor");
    return found.error();
  }
  std::string written = w.write(*found);
  // The same request will be answered more fully soon.
  if (found->provisional) return w.finish(std::move(written), {});
  // The index may have moved on in between: the answer is of the state that it names.
  etag = make_etag(s.options, found->index, w.path, w.canonical);
  if (shared) {
    s.results->keep(make_cache_key(q, found->index, w.path, w.canonical),
                    std::make_shared<const kept_answer>(kept_answer{written, etag}));
  }
  return w.finish(std::move(written), etag);
}

asio::awaitable<http::response> answer_as_json(const service& s, const http::request& q, std::string_view form) {
  auto parsed = parse_search(form, s.options);
  if (const auto* bad = std::get_if<parameter_error>(&parsed)) co_return refuse(*bad);
  const auto r = std::get<search::request>(std::move(parsed));
  const search_writer writer{
      .path = k_search_path,
      .canonical = format_search(r, s.options),
      .write = [&s, &q,
                &r](const search::answer& a) { return to_unfinished_json(a, r.q, q.link(next_page(r, a, s.options))); },
      .finish =
          [&q](std::string written, const std::string& etag) {
            if (!written.empty()) {
              written = finish_json(std::move(written), http::clock::now() - q.received);
            }
            return json_response(q, std::move(written), etag);
          }};
  co_return co_await answer_search(s, q, r, writer);
}

}  // namespace

asio::awaitable<http::response> answer_search(const service& s, const http::request& q, const search::request& r,
                                              const search_writer& w) {
  asked a{.r = r, .writer = w, .made_elsewhere = nullptr};
  const auto work = [&s, &q, &a](search_backend& backend) { return run(s, q, a, backend); };
  // Whatever a search still refuses after the parameters were checked is about the query.
  auto response = co_await on_worker(s, q, "q", work);
  if (a.made_elsewhere) {
    co_await a.made_elsewhere->wait(q.deadline);
    // What was kept is found now. Where nothing was, waiting once more might go on for ever.
    a.waited = true;
    response = co_await on_worker(s, q, "q", work);
  }
  co_return response;
}

std::string next_page(const search::request& r, const search::answer& a, const settings& s) {
  if (!a.next) return {};
  auto next = r;
  if (!is_by_date(a.next->order) && goes_on_by_offset(r, a, s)) {
    next.offset += r.limit;
  } else {
    next.offset = 0;
    next.after = a.next;
  }
  return std::string(k_search_path) + '?' + format_search(next, s);
}

asio::awaitable<http::response> get_search(const service& s, const http::request& q) {
  co_return co_await answer_as_json(s, q, q.query);
}

asio::awaitable<http::response> post_search(const service& s, const http::request& q) {
  if (auto refused = refuse_other_than_form(q)) co_return std::move(*refused);
  co_return co_await answer_as_json(s, q, q.body);
}

}  // namespace rapporteur::api
