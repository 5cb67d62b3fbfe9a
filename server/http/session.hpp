// One connection: reads requests, has them answered, writes the answers, in order (so pipelining needs nothing more),
// until either side has enough.
//
// A coroutine on a strand of its own; everything here runs on that strand unless marked. Every read and write has a
// time limit. What is not a well-formed request within the bounds is answered with a problem and the connection ends.
#pragma once

#include "server/http/asio.hpp"
#include "server/http/forwarding.hpp"
#include "server/http/message.hpp"
#include "server/http/router.hpp"
#include "server/http/settings.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace rapporteur::http {

/// What all sessions share. Must outlive them.
struct session_context {
  const server_settings& settings;
  const router& routes;
  const log_hooks& log;
  const forwarding& way;
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

  /// The stream for reading a request: once that took too long, every read fails. Cancelling alone would be missed by a
  /// read whose bytes have come and which is about to ask for more.
  class bounded_stream {
   public:
    using executor_type = asio::any_io_executor;
    explicit bounded_stream(session& s) : session_(s) {}
    executor_type get_executor() { return session_.executor(); }
    template <class Buffers, class Token>
    auto async_read_some(const Buffers& into, Token&& token) {
      return asio::async_initiate<Token, void(error_code, std::size_t)>(
          [this](auto completion, const Buffers& b) {
            if (!session_.read_too_long_) {
              session_.stream_.async_read_some(b, std::move(completion));
              return;
            }
            asio::post(session_.executor(), [completion = std::move(completion)]() mutable {
              std::move(completion)(error_code(asio::error::operation_aborted), std::size_t{0});
            });
          },
          token, into);
    }

   private:
    session& session_;
  };

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
  /// Bounds what is read from here to end_reading; past it the reading fails and the connection can still be written
  /// to, which it could not if the stream's own limit had passed.
  void begin_reading(clock::duration at_most);
  void end_reading();

  [[nodiscard]] static std::optional<response> check_header(const bhttp::request_header<>& h,
                                                            const server_settings& settings);
  /// Segments and query of a target, without the base path; false if it is not well formed: then segments are those
  /// that can be read.
  bool read_target(std::string_view target, request& q);
  /// What is known of a request that is refused before all of it was read.
  void read_refused(const parser& p, request& q);
  /// To the base path with the slash that the page's relative addresses need.
  [[nodiscard]] response to_base_path(const request& q) const;

  const session_context& context_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::atomic<clock::rep> idle_since_;
  clock::time_point received_{};
  tcp::endpoint peer_, local_;
  asio::steady_timer reading_;  ///< see begin_reading
  std::uint64_t readings_ = 0;  ///< which one it is: a timer that ran out may come too late to be cancelled
  bool read_too_long_ = false;  ///< the last one was ended by its time
  provenance from_;             ///< of the request at hand
  std::string asked_;           ///< of the request at hand; kept only where settings say so
  bool is_base_path_ = false;   ///< the request at hand is for the base path without a slash
  bool peer_gone_ = false;      ///< nothing can be sent any more
};

}  // namespace rapporteur::http
