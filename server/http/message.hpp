// A request as handlers see it and a response as they make it; what every response carries.
//
// Handlers never see a socket. A response is bytes and header fields; Date, Connection, Content-Length, the security
// headers and conditional answers (304) are added for all of them in one place, here.
#pragma once

#include "index/error.hpp"
#include "server/http/asio.hpp"
#include "server/http/forwarding.hpp"
#include "server/http/uri.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::http {

using clock = std::chrono::steady_clock;

struct request {
  bhttp::verb method = bhttp::verb::get;
  std::string query;                    ///< of the target, encoded
  std::vector<std::string> segments;    ///< of the path, decoded
  std::vector<std::string> parameters;  ///< what the route's {…} stand for, in their order
  bhttp::fields fields;
  std::string body;
  clock::time_point received{};  ///< when its first byte came
  clock::time_point deadline{};  ///< work that has not begun by then is not begun
  provenance from;               ///< its way here; for links back

  /// A path of this server as the client has to ask for it; with from.origin before it, an absolute address. Of no
  /// path: empty.
  [[nodiscard]] std::string link(std::string_view path) const {
    return path.empty() ? std::string() : from.prefix + std::string(path);
  }

  /// The value of a header field; its lines joined by ", " if it stands more than once (RFC 9110 5.2).
  [[nodiscard]] std::string field(bhttp::field name) const;
};

/// A body that is made while it is sent, piece by piece: the next one is asked for when the client has taken the last.
class body_stream {
 public:
  body_stream() = default;
  virtual ~body_stream() = default;
  body_stream(const body_stream&) = delete;
  body_stream& operator=(const body_stream&) = delete;

  /// The next bytes; none: it was the whole. After an error the client is cut off, so that what it has does not pass
  /// for a whole; the message is logged and must not quote the request. On the connection's strand, which must not be
  /// blocked; one call at a time, none after the end. Destroyed when the client is gone.
  virtual asio::awaitable<result<std::string>> next() = 0;
};

struct response {
  unsigned status = 200;
  bhttp::fields fields;
  std::string body;
  std::shared_ptr<const std::string> shared_body;  ///< if set, stands in for body: bytes that outlive the response
  std::shared_ptr<body_stream> stream;             ///< if set, is the body; its length need not be known
  std::string_view route = "-";                    ///< the pattern that answered, for the access log; set by the router

  [[nodiscard]] std::string_view bytes() const noexcept { return shared_body ? *shared_body : std::string_view(body); }

  void set(bhttp::field name, std::string_view value) { fields.set(name, value); }
  /// Adds a member to a list-valued field, unless it has it.
  void add_to_list(bhttp::field name, std::string_view member);
};

using handler = std::function<asio::awaitable<response>(const request&)>;

/// If the client already holds what r carries (If-None-Match names its ETag), makes r a 304 without a body
/// (RFC 9110 13.2.2, 15.4.5).
void apply_conditions(const request& q, response& r);

/// Sets the headers that keep browsers from sending or loading anything elsewhere; on modules and style sheets only
/// those that do not speak of documents. A Content-Security-Policy that r has stays: a page may need less than another.
void set_security_headers(response& r);

/// Now, as the Date header wants it (RFC 9110 5.6.7).
std::string http_date();

}  // namespace rapporteur::http
