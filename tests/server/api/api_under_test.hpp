// The API's routes with real workers behind them and a search that the test scripts: for what no index can be made to
// do when a test wants it (fail, change, disappear). tests/http drives the same routes over real indexes.
#pragma once

#include "server/api/backend.hpp"
#include "server/api/routes.hpp"
#include "server/api/service.hpp"
#include "server/http/router.hpp"

#include <boost/json.hpp>

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::api::test {

/// What the scripted search does; called from workers.
struct script {
  std::function<result<void>()> open = [] { return result<void>(); };
  std::function<result<search::answer>(const search::request&)> search = [](const search::request&) {
    return result<search::answer>(search::answer{});
  };
  std::function<result<search::article_answer>(std::string_view, std::string_view, bool)> article =
      [](std::string_view, std::string_view, bool) { return result<search::article_answer>(search::article_answer{}); };
  std::function<result<search::snippets_answer>(std::string_view, std::string_view, std::uint32_t, std::uint32_t, bool)>
      snippets = [](std::string_view, std::string_view, std::uint32_t, std::uint32_t, bool) {
        return result<search::snippets_answer>(search::snippets_answer{});
      };
  std::function<result<search::listing>(const search::request&, std::uint32_t)> list =
      [](const search::request&, std::uint32_t) { return result<search::listing>(search::listing{}); };
  std::function<result<rapporteur::article>(std::string_view, bool)> read = [](std::string_view id, bool) {
    rapporteur::article a;
    a.id = id;
    return result<rapporteur::article>(std::move(a));
  };
  std::function<result<search::suggest_answer>(std::string_view, std::uint32_t)> suggest =
      [](std::string_view, std::uint32_t) { return result<search::suggest_answer>(search::suggest_answer{}); };
  std::function<result<search::related_answer>(const search::related_request&)> related =
      [](const search::related_request&) { return result<search::related_answer>(search::related_answer{}); };
  std::function<result<search::why_answer>(std::string_view, std::string_view, bool)> why =
      [](std::string_view, std::string_view, bool) { return result<search::why_answer>(search::why_answer{}); };
  std::function<result<search::index_state>()> state = [] {
    return result<search::index_state>(
        search::index_state{.revision = 1, .as_of = "2026-01-02T03:04:05Z", .articles = 9});
  };
};

/// What routes answer to q, which is received now and has no deadline.
http::response answer_of(http::router& routes, http::request& q);

class api_under_test {
 public:
  explicit api_under_test(std::size_t workers = 1);

  http::response ask(http::bhttp::verb method, std::string_view target, const http::bhttp::fields& fields = {},
                     std::string body = {});
  http::response get(std::string_view target, const http::bhttp::fields& fields = {}) {
    return ask(http::bhttp::verb::get, target, fields);
  }
  http::response post_form(std::string_view target, std::string body);

  script scripted;  ///< to be changed between requests
  settings options;
  http::provenance from{.request_id = "test", .client = "192.0.2.1", .origin = "http://archive.example", .prefix = {}};
  [[nodiscard]] std::vector<std::string> events() const;
  [[nodiscard]] service& wiring() noexcept { return service_; }
  [[nodiscard]] api::backends& backends() noexcept { return backends_; }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> events_;
  http::log_hooks log_;
  api::backends backends_;
  http::worker_pool workers_;
  service service_;
  http::router routes_;
};

inline boost::json::value json(const http::response& r) {
  return boost::json::parse(r.bytes());
}
inline std::string code(const http::response& r) {
  return std::string(json(r).at("code").as_string());
}
/// Empty if the problem is about no parameter.
std::string parameter(const http::response& r);

}  // namespace rapporteur::api::test
