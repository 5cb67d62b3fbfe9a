// A running HTTP server: its threads, its listening socket, its connections, its end.
#pragma once

#include "index/error.hpp"
#include "server/http/router.hpp"
#include "server/http/settings.hpp"
#include "server/http/worker_pool.hpp"

#include <functional>
#include <memory>
#include <string>

namespace rapporteur::http {

class server {
 public:
  /// Starts the workers; listens to nothing yet.
  server(server_settings settings, log_hooks log);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// To be filled before run().
  [[nodiscard]] router& routes() noexcept;
  /// For offload, in handlers.
  [[nodiscard]] worker_pool& workers() noexcept;
  [[nodiscard]] const server_settings& settings() const noexcept;
  [[nodiscard]] const log_hooks& log() const noexcept;

  /// Binds and listens; from then on clients can connect. Gives the address with the port that was taken, as it stands
  /// in a URL: "http://127.0.0.1:8080", "http://[::1]:8080". errc::invalid_argument (not an address, or a base path,
  /// public address or proxy that is none), io (in use, not
  /// permitted, not an address of this machine), with a message for the operator.
  result<std::string> listen();

  /// SIGTERM and SIGINT stop the server (a second one at once), SIGHUP calls on_hangup (on an io thread; must not
  /// block for long). Before run().
  void handle_signals(std::function<void()> on_hangup);

  /// Serves until stopped. True if everything that was begun was also finished; false if the grace period ended first:
  /// then the workers may still be at work, and the destructor waits for them.
  bool run();

  /// Accepts no more, closes idle connections, lets what runs finish for at most the grace period. Any thread. A second
  /// call ends the grace period.
  void stop();

  /// Connections now open. Any thread.
  [[nodiscard]] std::size_t connections() const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace rapporteur::http
