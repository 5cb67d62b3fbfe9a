#include "server/http/listener.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace rapporteur::http {
namespace {

constexpr std::chrono::milliseconds k_first_back_off{20};
constexpr std::chrono::milliseconds k_last_back_off{1'000};

/// The process or the system has run out of what a connection needs.
bool is_exhaustion(const error_code& ec) noexcept {
  return ec == asio::error::no_descriptors || ec == asio::error::no_memory || ec == asio::error::no_buffer_space ||
         ec == boost::system::errc::too_many_files_open_in_system;
}

std::string in_quotes(const std::string& s) {
  return '"' + s + '"';
}

error bind_error(const error_code& ec, const server_settings& settings) {
  const auto port = std::to_string(settings.port);
  if (ec == asio::error::address_in_use) {
    return {errc::io,
            "port " + port + " at " + settings.address + " is in use by another program; choose another port"};
  }
  if (ec == asio::error::access_denied) {
    return {errc::io, "this user may not listen on port " + port + " (those below 1024 need a privilege)"};
  }
  if (ec == boost::system::errc::address_not_available) {
    return {errc::io, settings.address + " is not an address of this machine"};
  }
  return {errc::io, "cannot listen on port " + port + " at " + settings.address + ": " + ec.message()};
}

std::string url_of(const tcp::endpoint& e) {
  const auto address = e.address().to_string();
  return "http://" + (e.address().is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(e.port());
}

}  // namespace

listener::listener(asio::io_context& io, session_context& context)
    : io_(io), context_(context), strand_(asio::make_strand(io)), acceptor_(strand_), room_(strand_) {}

result<std::string> listener::open() {
  const auto& settings = context_.settings;
  auto text = settings.address;
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  error_code ec;
  const auto address = text == "localhost" ? asio::ip::make_address("127.0.0.1") : asio::ip::make_address(text, ec);
  if (ec) {
    return error{errc::invalid_argument,
                 in_quotes(settings.address) + " is not an address to listen on: give an IPv4 or IPv6 address"};
  }
  const tcp::endpoint endpoint(address, settings.port);
  acceptor_.open(endpoint.protocol(), ec);
  // So that a restart need not wait for the last connections of its predecessor to be forgotten.
  if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
  // "::" means every address, of both families, whatever the system's default.
  if (!ec && address.is_v6()) acceptor_.set_option(asio::ip::v6_only(!address.is_unspecified()), ec);
  if (!ec) acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  tcp::endpoint bound;
  if (!ec) bound = acceptor_.local_endpoint(ec);
  if (ec) {
    error_code ignored;
    acceptor_.close(ignored);
    return bind_error(ec, settings);
  }
  return url_of(bound);
}

void listener::start() {
  asio::co_spawn(strand_, accept_loop(), asio::detached);
}

asio::awaitable<void> listener::accept_loop() {
  auto back_off = k_first_back_off;
  while (!stopping_) {
    if (connections() >= context_.settings.max_connections) {
      context_.full = true;
      close_longest_idle();
      co_await wait_for_room(k_last_back_off);
      continue;
    }
    context_.full = false;
    auto [ec, socket] = co_await acceptor_.async_accept(asio::make_strand(io_), k_as_values);
    if (stopping_) co_return;
    if (!ec) {
      back_off = k_first_back_off;
      try {
        begin_session(std::move(socket));
      } catch (const std::exception&) {  // no memory: this connection is lost, the next one need not be
        context_.log.write(severity::error, "cannot begin to serve a connection");
      }
    } else if (ec != asio::error::connection_aborted) {  // that one: a client that left while it waited
      if (back_off == k_first_back_off) {
        context_.log.write(severity::warning, is_exhaustion(ec)
                                                  ? "no descriptors or memory left for another connection; waiting"
                                                  : "cannot accept a connection: " + ec.message());
      }
      context_.full = true;
      close_longest_idle();
      co_await wait_for_room(back_off);
      back_off = std::min(back_off * 2, k_last_back_off);
    }
  }
}

asio::awaitable<void> listener::wait_for_room(clock::duration at_most) {
  room_.expires_after(at_most);
  co_await room_.async_wait(k_as_values);
}

void listener::begin_session(tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  auto s = std::make_shared<session>(std::move(socket), context_);
  session_list::iterator where;
  {
    const std::lock_guard lock(mutex_);
    where = sessions_.insert(sessions_.end(), s);
  }
  asio::co_spawn(s->executor(), s->run(), [this, s, where](const std::exception_ptr&) { end_session(where); });
}

void listener::end_session(session_list::iterator where) {
  std::function<void()> on_empty;
  {
    const std::lock_guard lock(mutex_);
    sessions_.erase(where);
    if (sessions_.empty()) on_empty = on_empty_;
  }
  // Posted, so that it cannot fall between the loop's check for room and its wait.
  asio::post(strand_, [this] { room_.cancel(); });
  if (on_empty) on_empty();
}

void listener::close_longest_idle() {
  std::shared_ptr<session> chosen;
  {
    const std::lock_guard lock(mutex_);
    clock::rep longest = 0;
    for (const auto& s : sessions_) {
      const auto since = s->idle_since();
      if (since == 0 || (chosen && since >= longest)) continue;
      chosen = s;
      longest = since;
    }
  }
  if (chosen) chosen->close_if_idle();
}

void listener::stop(std::function<void()> on_empty) {
  asio::post(strand_, [this, on_empty = std::move(on_empty)] {
    stopping_ = true;
    context_.stopping = true;
    error_code ignored;
    acceptor_.close(ignored);
    room_.cancel();
    bool empty = false;
    {
      const std::lock_guard lock(mutex_);
      on_empty_ = on_empty;
      empty = sessions_.empty();
      for (const auto& s : sessions_) s->close_if_idle();
    }
    if (empty) on_empty();
  });
}

std::size_t listener::connections() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

}  // namespace rapporteur::http
