#include "server/http/server.hpp"

#include "server/http/asio.hpp"
#include "server/http/listener.hpp"
#include "server/http/session.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>
#include <utility>
#include <vector>

namespace rapporteur::http {

namespace {
const forwarding k_nobody;
}  // namespace

// Destroyed from the last to the first: the workers before the io_context to which they come back, that before what
// its coroutines refer to.
struct server::impl {
  impl(server_settings s, log_hooks l)
      : settings(std::move(s)),
        log(std::move(l)),
        routes(settings.cors_origins),
        way(forwarding::make(settings)),
        context{.settings = settings, .routes = routes, .log = log, .way = way ? *way : k_nobody},
        io(static_cast<int>(std::max(settings.io_threads, 1U))),
        control(asio::make_strand(io)),
        signals(control),
        grace(control),
        connections(io, context),
        workers(settings.worker_threads, settings.max_queued) {}

  void await_signal(std::function<void()> on_hangup) {
    signals.async_wait([this, on_hangup = std::move(on_hangup)](const error_code& ec, int number) {
      if (ec) return;
      if (number == SIGHUP) {
        log.write(severity::info, "SIGHUP received");
        if (on_hangup) on_hangup();
      } else {
        begin_stop();
      }
      await_signal(on_hangup);
    });
  }

  // On control.
  void begin_stop() {
    if (stopping) {
      force_stop("told to stop twice; stopping now");
      return;
    }
    stopping = true;
    log.write(severity::info, "stopping: finishing what runs");
    grace.expires_after(settings.shutdown_grace);
    grace.async_wait([this](const error_code& ec) {
      if (!ec) force_stop("stopping: the grace period is over and some requests are not finished");
    });
    connections.stop([this] {
      asio::post(control, [this] {
        // The last work of the io_context: run() returns.
        grace.cancel();
        signals.cancel();
      });
    });
  }

  void force_stop(std::string_view why) {
    log.write(severity::warning, why);
    forced = true;
    io.stop();
  }

  void run_io() {
    while (true) {
      try {
        io.run();
        return;
      } catch (const std::exception&) {
        log.write(severity::error, "unexpected exception in a network thread");
      }
    }
  }

  const server_settings settings;
  const log_hooks log;
  router routes;
  const result<forwarding> way;
  session_context context;
  asio::io_context io;
  asio::strand<asio::io_context::executor_type> control;
  asio::signal_set signals;
  asio::steady_timer grace;
  bool stopping = false;  // on control
  std::atomic<bool> forced{false};
  listener connections;
  worker_pool workers;
};

server::server(server_settings settings, log_hooks log)
    : impl_(std::make_unique<impl>(std::move(settings), std::move(log))) {}

server::~server() = default;

router& server::routes() noexcept {
  return impl_->routes;
}
worker_pool& server::workers() noexcept {
  return impl_->workers;
}
const server_settings& server::settings() const noexcept {
  return impl_->settings;
}
const log_hooks& server::log() const noexcept {
  return impl_->log;
}

result<std::string> server::listen() {
  if (!impl_->way) return impl_->way.error();
  return impl_->connections.open();
}

void server::handle_signals(std::function<void()> on_hangup) {
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) impl_->signals.add(number);
  impl_->await_signal(std::move(on_hangup));
}

bool server::run() {
  impl_->connections.start();
  std::vector<std::thread> others;
  for (unsigned i = 1; i < impl_->settings.io_threads; ++i) others.emplace_back([this] { impl_->run_io(); });
  impl_->run_io();
  for (auto& t : others) t.join();
  return !impl_->forced;
}

void server::stop() {
  asio::post(impl_->control, [this] { impl_->begin_stop(); });
}

std::size_t server::connections() const {
  return impl_->connections.connections();
}

}  // namespace rapporteur::http
