#include "server/api/health.hpp"

#include "server/api/json.hpp"
#include "server/api/problem.hpp"

namespace rapporteur::api {

namespace asio = http::asio;

asio::awaitable<http::response> get_healthz(const service&, const http::request& q) {
  if (const auto bad = parse_nothing(q.query)) co_return refuse(*bad);
  co_return json_response(q, R"({"status":"ok"})", {});
}

asio::awaitable<http::response> get_readyz(const service& s, const http::request& q) {
  if (const auto bad = parse_nothing(q.query)) co_return refuse(*bad);
  auto work = [&q](search_backend& backend) -> result<http::response> {
    const auto state = backend.state();
    if (!state) return state.error();
    return json_response(q, ready_json(*state), {});
  };
  co_return co_await on_worker(s, q, {}, work);
}

}  // namespace rapporteur::api
