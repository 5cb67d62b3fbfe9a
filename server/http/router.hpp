// Which handler answers a request: a table of routes, matched segment by segment.
//
// What follows from HTTP alone is done here for every route: HEAD as GET, OPTIONS, 405 with Allow, 404, CORS.
#pragma once

#include "server/http/message.hpp"
#include "server/http/settings.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::http {

/// One row of a route table. A pattern's segments are literal or {name}, which takes one segment that is not empty.
struct route {
  bhttp::verb method = bhttp::verb::get;
  std::string pattern;
  handler run;
};

class router {
 public:
  explicit router(std::vector<std::string> cors_origins = {});

  void add(route r);

  /// Answers GET and HEAD of every path that no pattern matches; name is what the access log shows of it.
  void set_fallback(std::string name, handler h);

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
    std::string_view pattern = "-";
    std::string allow;  ///< methods of the path, for Allow; empty: no route has the path
  };
  [[nodiscard]] resolved resolve(request& q) const;
  [[nodiscard]] asio::awaitable<response> answer(request& q) const;
  void apply_cors(const request& q, response& r) const;

  std::deque<entry> entries_;  // a deque: access log records refer to the patterns
  handler fallback_;
  std::string fallback_name_ = "-";
  std::vector<std::string> cors_origins_;
};

}  // namespace rapporteur::http
