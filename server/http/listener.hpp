// Accepts connections, up to a number, and keeps the list of them.
//
// When there is no room (the limit, or the process has no descriptors left) the longest idle connection is closed, the
// others are not kept beyond their request, and nothing is accepted until there is room again: waiting clients wait in
// the kernel's queue.
#pragma once

#include "index/error.hpp"
#include "server/http/asio.hpp"
#include "server/http/session.hpp"

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace rapporteur::http {

class listener {
 public:
  listener(asio::io_context& io, session_context& context);

  /// See server::listen.
  result<std::string> open();

  /// Accepts until stop(); on its own strand.
  void start();

  /// Accepts no more and closes what is idle. on_empty is called (on an io thread) when the last connection has ended.
  /// Any thread.
  void stop(std::function<void()> on_empty);

  /// Any thread.
  [[nodiscard]] std::size_t connections() const;

 private:
  using session_list = std::list<std::shared_ptr<session>>;

  asio::awaitable<void> accept_loop();
  /// Waits until a connection has ended, at most so long.
  asio::awaitable<void> wait_for_room(clock::duration at_most);
  void begin_session(tcp::socket socket);
  void end_session(session_list::iterator where);
  void close_longest_idle();

  asio::io_context& io_;
  session_context& context_;
  asio::strand<asio::io_context::executor_type> strand_;
  tcp::acceptor acceptor_;   // on strand_
  asio::steady_timer room_;  // on strand_
  bool stopping_ = false;    // on strand_
  mutable std::mutex mutex_;
  session_list sessions_;           // under mutex_
  std::function<void()> on_empty_;  // under mutex_
};

}  // namespace rapporteur::http
