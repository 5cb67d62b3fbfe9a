// What an HTTP server is told: addresses, bounds and times. Plain values with working defaults; where they come from
// (file, environment, flags) is not known here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::http {

struct server_settings {
  std::string address = "127.0.0.1";  ///< an IPv4 or IPv6 address (without brackets), or "localhost"
  std::uint16_t port = 8080;          ///< 0: any free port

  unsigned io_threads = 1;       ///< threads that move bytes; one serves tens of thousands of answers a second
  unsigned worker_threads = 2;   ///< threads that search; each has the index open
  std::size_t max_queued = 256;  ///< requests waiting for a worker; the next one gets 503
  std::size_t max_connections = 1024;

  std::uint32_t max_target_bytes = 16 * 1024;  ///< path and query; past it 414
  std::uint32_t max_header_bytes = 32 * 1024;  ///< request line and header fields together; past it 431
  std::uint64_t max_body_bytes = 64 * 1024;    ///< past it 413, unless the route has a bound of its own

  std::chrono::milliseconds idle_timeout{60'000};    ///< between two requests of a connection, and before the first
  std::chrono::milliseconds header_timeout{10'000};  ///< from a request's first byte to the end of its header
  std::chrono::milliseconds body_timeout{20'000};    ///< from the end of the header to the end of the body
  /// Bytes a second that a client must be able to send, where a route has a bound of its own: added to body_timeout.
  std::uint32_t min_read_rate = 32 * 1024;
  std::chrono::milliseconds write_timeout{30'000};    ///< for an answer, plus its size at min_write_rate
  std::uint32_t min_write_rate = 8 * 1024;            ///< bytes a second that a client must be able to take
  std::chrono::milliseconds request_timeout{10'000};  ///< a request that no worker took up by then is not run: 503
  std::chrono::milliseconds linger_timeout{2'000};    ///< for a client to take its last answer and close
  std::chrono::milliseconds shutdown_grace{10'000};   ///< for what runs to finish, once told to stop

  /// Origins ("https://news.example") whose pages may read the API's answers; empty: none (the default), "*": all.
  std::vector<std::string> cors_origins;

  /// What stands before every path ("/search"); empty: nothing. Requests are answered with it and without it.
  std::string base_path;
  /// What the server is called outside ("https://news.example/search"), where absolute addresses are needed; empty: as
  /// the request says.
  std::string public_url;
  /// Addresses and networks of proxies ("127.0.0.1", "10.0.0.0/8") that are believed in what they say of a request.
  std::vector<std::string> trusted_proxies;
  bool standard_forwarded = false;  ///< they say it in Forwarded (RFC 7239), not in X-Forwarded-…

  bool record_targets = false;    ///< access_record has the request's target and form: what was asked
  bool record_addresses = false;  ///< access_record has the client's address: who asked
};

/// What may be written of a request: nothing that says who asked or what was asked, unless that was turned on.
struct access_record {
  std::string_view method;      ///< "GET"; "-" for a method that HTTP does not define
  std::string_view route;       ///< the pattern ("/api/v1/articles/{id}"), never the path; "-" if none matched
  std::string_view target;      ///< path and query, for a form also its body; empty unless record_targets
  std::string_view address;     ///< empty unless record_addresses
  std::string_view request_id;  ///< as the answer has it in X-Request-Id
  unsigned status = 0;
  std::uint64_t bytes = 0;           ///< of the body, as sent
  std::chrono::nanoseconds took{0};  ///< from the request's first byte to the answer's last
};

enum class severity { debug, info, warning, error };

/// Where the server tells what it does. Called from any of its threads; an empty function is not called. Neither may
/// throw.
struct log_hooks {
  std::function<void(const access_record&)> access;
  std::function<void(severity, std::string_view message)> event;

  void write(severity s, std::string_view message) const {
    if (event) event(s, message);
  }
};

}  // namespace rapporteur::http
