// What every handler of the API uses, and the steps that they share: out to a worker, back with a response.
#pragma once

#include "server/api/backend.hpp"
#include "server/api/parameters.hpp"
#include "server/api/problem.hpp"
#include "server/api/settings.hpp"
#include "server/http/message.hpp"
#include "server/http/offload.hpp"
#include "server/search/statistics.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rapporteur::api {

struct posting;
class metrics;
class result_cache;

/// Outlives the server that uses it.
struct service {
  const settings& options;
  http::worker_pool& workers;
  backends& search;
  const posting* inbox = nullptr;                                       ///< null: articles cannot be posted
  std::function<result<search::archive_statistics>()> statistics = {};  ///< called on workers
  metrics* counted = nullptr;                                           ///< null: /metrics is not there
  result_cache* results = nullptr;                                      ///< null: every search is run
};

/// Completes with a response that fn made on a worker with that worker's backend; an error of fn is the problem about
/// `parameter`.
template <class F>
http::asio::awaitable<http::response> on_worker(const service& s, const http::request& q, std::string_view parameter,
                                                F fn) {
  auto work = [&search = s.search, fn = std::move(fn)](std::size_t worker) -> result<http::response> {
    return search.use(worker, fn);
  };
  auto r = co_await http::offload(s.workers, q.deadline, std::move(work));
  if (!r) co_return to_problem(r.error(), parameter);
  co_return std::move(*r);
}

/// The problem for a parameter.
http::response refuse(const parameter_error& e);

/// Why the body is not a form with all of the parameters, if it is none: 415 or 400.
std::optional<http::response> refuse_other_than_form(const http::request& q);

/// 200 with that body, compressed as the client prefers. For GET, etag (weak: an answer also says how long it took)
/// lets the client revalidate what it keeps; an answer to POST is kept by nobody.
http::response answer_response(const http::request& q, std::string_view content_type, std::string body,
                               const std::string& etag);
/// The same with JSON.
http::response json_response(const http::request& q, std::string json, const std::string& etag);

/// The ETag of an answer over that state of the index: equal requests over the same state have the same. `request` is
/// the request in one canonical spelling.
std::string make_etag(const settings& s, const search::index_state& index, std::string_view route,
                      std::string_view request);

/// The key of a kept answer: as make_etag, but written out, and with where links lead. A hash will not do: who can make
/// two requests with one hash could have somebody be given the answer to another.
std::string make_cache_key(const http::request& q, const search::index_state& index, std::string_view route,
                           std::string_view request);

/// Whether the client holds what etag stands for. Then an empty response with that ETag is answer enough: the router
/// makes a 304 of it.
bool is_held(const http::request& q, std::string_view etag);

}  // namespace rapporteur::api
