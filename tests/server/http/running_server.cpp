#include "tests/server/http/running_server.hpp"

#include "server/http/problem.hpp"

#include <stdexcept>

namespace rapporteur::http::test {
namespace {

response text_response(std::string body) {
  response r;
  r.set(bhttp::field::content_type, "text/plain");
  r.body = std::move(body);
  return r;
}

/// What a route does with the result of its work.
response to_response(const result<std::string>& r) {
  if (r) return text_response(*r);
  return make_problem({.status = 503,
                       .code = to_string(r.error().code),
                       .detail = r.error().message,
                       .retry_after = std::chrono::seconds(1)});
}

/// Pieces of 1000 bytes.
class pieces final : public body_stream {
 public:
  pieces(std::size_t count, bool fails, std::function<void()> wait, worker_pool& pool, std::function<void()> gone)
      : count_(count), fails_(fails), wait_(std::move(wait)), pool_(pool), gone_(std::move(gone)) {}
  ~pieces() override { gone_(); }
  pieces(const pieces&) = delete;
  pieces& operator=(const pieces&) = delete;

  asio::awaitable<result<std::string>> next() override {
    if (wait_ && made_ > 0) {
      auto work = [this](std::size_t) -> result<std::string> {
        wait_();
        return std::string();
      };
      co_await offload(pool_, clock::time_point::max(), work);
    }
    if (made_ == count_) {
      if (fails_) co_return error{errc::io, "the disk is gone"};
      co_return std::string();
    }
    co_return std::string(1000, static_cast<char>('a' + made_++ % 26));
  }

 private:
  std::size_t made_ = 0;
  std::size_t count_;
  bool fails_;
  std::function<void()> wait_;
  worker_pool& pool_;
  std::function<void()> gone_;
};

}  // namespace

void gate::wait() {
  std::unique_lock lock(mutex_);
  ++arrived_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return open_; });
}

void gate::await_waiting(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this, count] { return arrived_ >= count; });
}

void gate::open() {
  const std::lock_guard lock(mutex_);
  open_ = true;
  changed_.notify_all();
}

std::size_t gate::arrived() const {
  const std::lock_guard lock(mutex_);
  return arrived_;
}

running_server::running_server(server_settings settings) {
  settings.port = 0;
  log_hooks log;
  log.access = [this](const access_record& a) {
    const std::lock_guard lock(mutex_);
    access_.push_back({std::string(a.method), std::string(a.route), a.status, a.bytes, std::string(a.request_id),
                       std::string(a.address)});
  };
  log.event = [this](severity, std::string_view message) {
    const std::lock_guard lock(mutex_);
    events_.emplace_back(message);
  };
  server_ = std::make_unique<server>(std::move(settings), std::move(log));
  auto& routes = server_->routes();
  auto& pool = server_->workers();
  routes.add({bhttp::verb::get, "/quick",
              [](const request&) -> asio::awaitable<response> { co_return text_response("quick"); }});
  routes.add({bhttp::verb::get, "/from", [](const request& q) -> asio::awaitable<response> {
                co_return text_response(q.from.request_id + '\n' + q.from.client + '\n' + q.from.origin + '\n' +
                                        q.link("/x") + '\n');
              }});
  routes.add({bhttp::verb::get, "/echo",
              [](const request& q) -> asio::awaitable<response> { co_return text_response(q.query); }});
  routes.add({bhttp::verb::post, "/echo",
              [](const request& q) -> asio::awaitable<response> { co_return text_response(q.body); }});
  routes.add({.method = bhttp::verb::post,
              .pattern = "/large",
              .run = [](const request& q) -> asio::awaitable<response> {
                co_return text_response(std::to_string(q.body.size()));
              },
              .admit = [](const bhttp::fields& f) -> std::optional<response> {
                if (f[bhttp::field::authorization] == "throw") throw std::runtime_error("secret");
                if (f[bhttp::field::authorization] == "please") return std::nullopt;
                return make_problem({.status = 401, .code = "unauthorized", .detail = "Say please."});
              },
              .max_body_bytes = 5000});
  routes.add({bhttp::verb::get, "/echo/{a}/{b}", [](const request& q) -> asio::awaitable<response> {
                co_return text_response(q.parameters.at(0) + "|" + q.parameters.at(1));
              }});
  routes.add({bhttp::verb::get, "/large", [](const request& q) -> asio::awaitable<response> {
                co_return text_response(std::string(std::stoul(q.query), 'x'));
              }});
  routes.add({bhttp::verb::get, "/stream", [this, &pool](const request& q) -> asio::awaitable<response> {
                response r;
                const std::function<void()> wait =
                    q.query.ends_with('g') ? [this] { gate_.wait(); } : std::function<void()>();
                r.stream = std::make_shared<pieces>(std::stoul(q.query), q.query.ends_with('!'), wait, pool, [this] {
                  const std::lock_guard lock(mutex_);
                  ++streams_gone_;
                  stream_changed_.notify_all();
                });
                co_return r;
              }});
  routes.add({bhttp::verb::get, "/throws", [](const request&) -> asio::awaitable<response> {
                throw std::runtime_error("secret");
                co_return response{};
              }});
  routes.add({bhttp::verb::get, "/slow", [this, &pool](const request& q) -> asio::awaitable<response> {
                auto work = [this](std::size_t) -> result<std::string> {
                  gate_.wait();
                  return std::string("slow");
                };
                const auto r = co_await offload(pool, q.deadline, work);
                co_return to_response(r);
              }});
  routes.add({bhttp::verb::get, "/throws-on-worker", [&pool](const request& q) -> asio::awaitable<response> {
                auto work = [](std::size_t) -> result<std::string> { throw std::runtime_error("secret"); };
                const auto r = co_await offload(pool, q.deadline, work);
                co_return to_response(r);
              }});
  const auto url = server_->listen();
  if (!url) throw std::runtime_error(url.error().message);
  port_ = static_cast<std::uint16_t>(std::stoul(url->substr(url->rfind(':') + 1)));
  ended_ = std::async(std::launch::async, [this] { return server_->run(); });
}

running_server::~running_server() {
  gate_.open();
  if (ended_.valid()) stop_and_wait();
}

void running_server::await_stream_gone() {
  std::unique_lock lock(mutex_);
  stream_changed_.wait(lock, [this] { return streams_gone_ > 0; });
}

bool running_server::stop_and_wait() {
  server_->stop();
  return ended_.get();
}

std::vector<logged> running_server::access_log() const {
  const std::lock_guard lock(mutex_);
  return access_;
}

std::vector<std::string> running_server::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

}  // namespace rapporteur::http::test
