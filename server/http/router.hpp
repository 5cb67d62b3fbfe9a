// Which handler answers a request: a table of routes, matched segment by segment.
//
// What follows from HTTP alone is done here for every route: HEAD as GET, OPTIONS, 405 with Allow, 404, CORS. A route
// may look at a request before its body is read.
#pragma once

#include "server/http/message.hpp"
#include "server/http/settings.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::http {

/// One row of a route table. A pattern's segments are literal or {name}, which takes one segment that is not empty.
struct route {
  bhttp::verb method = bhttp::verb::get;
  std::string pattern;
  handler run;
  /// If set, called with the request's header before its body is read and before run: what it gives is the answer, and
  /// the body is not read. So a large body costs nothing before its sender is known. Must not block, may be called
  /// twice.
  std::function<std::optional<response>(const bhttp::fields&)> admit = {};
  std::uint64_t max_body_bytes = 0;  ///< 0: server_settings::max_body_bytes
  /// Media types that its answers can have; a client that takes none of them gets 406. Empty: not asked.
  std::vector<std::string> produces = {};
  /// Web origins whose pages may use it, instead of the router's; see server_settings::cors_origins.
  std::optional<std::vector<std::string>> cors_origins = {};
};

/// What a route says of a request whose body has not been read.
struct admission {
  std::optional<response> refusal;   ///< ready to be sent
  std::uint64_t max_body_bytes = 0;  ///< 0: server_settings::max_body_bytes
};

class router {
 public:
  explicit router(std::vector<std::string> cors_origins = {});

  void add(route r);

  /// Answers GET and HEAD of every path that no pattern matches; name is what the access log shows of it.
  void set_fallback(std::string name, handler h);

  /// Has people answered by pages below a path: f is given every problem of a request whose path begins with that
  /// segment, whoever made it, and may put something else in its body. Of the request it knows what could be read; that
  /// may be no more than the path. f must not block, and is called by several threads at once; if it throws, the
  /// problem stays as it is.
  void set_problem_pages(std::string first_segment, std::function<void(const request&, response&)> f);

  /// Asks the route of a request of which only method, segments and (apart) the fields are known. Never throws: see
  /// dispatch. Any thread, as dispatch.
  [[nodiscard]] admission admit(request& q, const bhttp::fields& fields) const;

  /// Gives an answer that was made without dispatch what dispatch gives every answer. q: as far as it is known.
  void complete(request& q, response& r) const;

  /// Answers a request whose method and segments are set; sets its parameters. Never throws: what a handler lets
  /// through becomes a 500 problem. Any thread, once routes are no longer added.
  [[nodiscard]] asio::awaitable<response> dispatch(request& q) const;

 private:
  struct entry {
    route row;
    std::vector<std::string> segments;
  };
  struct resolved {
    const entry* chosen = nullptr;
    std::vector<const entry*> of_path;  ///< of every method
    std::string_view pattern = "-";
    std::string allow;  ///< methods of the path, for Allow; empty: no route has the path
  };
  [[nodiscard]] resolved resolve(request& q) const;
  [[nodiscard]] asio::awaitable<response> answer(request& q, resolved& found) const;
  [[nodiscard]] asio::awaitable<response> answer_fallback(const request& q) const;
  void to_page(const request& q, response& r) const;
  [[nodiscard]] const std::vector<std::string>& origins_of(const entry* e) const;
  void apply_cors(const resolved& found, bhttp::verb method, const bhttp::fields& fields, response& r) const;
  void apply_preflight(const resolved& found, std::string_view origin, const bhttp::fields& fields, response& r) const;

  std::deque<entry> entries_;  // a deque: access log records refer to the patterns
  handler fallback_;
  std::string fallback_name_ = "-";
  std::function<void(const request&, response&)> problem_pages_;
  std::string problem_pages_segment_;
  std::vector<std::string> cors_origins_;
};

}  // namespace rapporteur::http
