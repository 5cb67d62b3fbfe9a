// One connection: reads requests, has them answered, writes the answers, in order (so pipelining needs nothing more),
// until either side has enough.
//
// A coroutine on a strand of its own; everything here runs on that strand unless marked. Every read and write has a
// time limit. What is not a well-formed request within the bounds is answered with a problem and the connection ends.
#pragma once

#include "server/http/asio.hpp"
#include "server/http/message.hpp"
#include "server/http/router.hpp"
#include "server/http/settings.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace rapporteur::http {

/// What all sessions share. Must outlive them.
struct session_context {
  const server_settings& settings;
  const router& routes;
  const log_hooks& log;
  std::atomic<bool> stopping{false};  ///< no further request is waited for
  std::atomic<bool> full{false};      ///< no room for another connection: none is kept beyond its request
};

class session : public std::enable_shared_from_this<session> {
 public:
  session(tcp::socket socket, const session_context& context);

  /// The strand that everything here runs on.
  [[nodiscard]] asio::any_io_executor executor() { return stream_.get_executor(); }

  /// Serves the connection to its end. Never throws.
  asio::awaitable<void> run();

  /// Ends the connection if it is waiting for a request (the first or a next one) or for its client to close. Any
  /// thread.
  void close_if_idle();

  /// When that wait began, in ticks of clock; 0 if there is a request at work. Any thread.
  [[nodiscard]] clock::rep idle_since() const noexcept { return idle_since_.load(std::memory_order_relaxed); }

 private:
  using parser = bhttp::request_parser<bhttp::string_body>;

  /// One pass of the loop; false: the connection ends.
  asio::awaitable<bool> serve_one();
  /// Waits for the first byte of a request; false if none came.
  asio::awaitable<bool> await_request();
  /// Reads the header and checks it; a response if that is already the end.
  asio::awaitable<std::optional<response>> read_header(parser& p);
  /// max_bytes: as the route has it; 0: it has no bound of its own.
  asio::awaitable<std::optional<response>> read_body(parser& p, std::uint64_t max_bytes);
  /// False if it could not be sent whole.
  asio::awaitable<bool> write(response r, bhttp::verb method, unsigned version, bool keep_alive);
  /// Sends the pieces of a stream; how many bytes were sent, nothing if it could not be sent whole. chunked: in chunks
  /// (RFC 9112 7.1), else as they are, up to the end of the connection.
  asio::awaitable<std::optional<std::uint64_t>> write_pieces(body_stream& body, bool chunked);
  /// Says in the log why a stream ended before its end, and has the client see that it did.
  void cut_off(std::string_view why);
  /// Lets the client take what was sent before the connection ends (RFC 9112 9.6).
  asio::awaitable<void> linger();

  [[nodiscard]] response refuse_read(const error_code& ec, const parser& p) const;
  [[nodiscard]] static std::optional<response> check_header(const bhttp::request_header<>& h,
                                                            const server_settings& settings);
  /// Method, segments and query of a request; false if its target is not well formed.
  static bool read_target(const bhttp::request_header<>& h, request& q);

  const session_context& context_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::atomic<clock::rep> idle_since_;
  clock::time_point received_{};
  std::string asked_;       ///< of the request at hand; kept only where settings say so
  std::string address_;     ///< the client's; kept only where settings say so
  bool peer_gone_ = false;  ///< nothing can be sent any more
};

}  // namespace rapporteur::http
