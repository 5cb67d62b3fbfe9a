#include "server/http/probe.hpp"

#include "server/http/asio.hpp"

#include <exception>
#include <optional>
#include <utility>

namespace rapporteur::http {
namespace {

asio::ip::address reachable(const asio::ip::address& a) {
  if (!a.is_unspecified()) return a;
  if (a.is_v6()) return asio::ip::address_v6::loopback();
  return asio::ip::address_v4::loopback();
}

asio::awaitable<result<unsigned>> ask(tcp::endpoint to, std::string target, std::chrono::milliseconds patience) {
  beast::tcp_stream stream(co_await asio::this_coro::executor);
  stream.expires_after(patience);  // for all of it
  const auto failure = [](const error_code& ec) {
    return error{ec == beast::error::timeout ? errc::deadline_exceeded : errc::io, ec.message()};
  };
  const auto [connected] = co_await stream.async_connect(to, k_as_values);
  if (connected) co_return failure(connected);
  bhttp::request<bhttp::empty_body> q(bhttp::verb::get, target, 11);
  q.set(bhttp::field::host, "localhost");
  q.set(bhttp::field::connection, "close");
  const auto [sent, bytes_sent] = co_await bhttp::async_write(stream, q, k_as_values);
  if (sent) co_return failure(sent);
  beast::flat_buffer buffer;
  bhttp::response<bhttp::string_body> answer;
  const auto [received, bytes_received] = co_await bhttp::async_read(stream, buffer, answer, k_as_values);
  if (received) co_return failure(received);
  co_return answer.result_int();
}

}  // namespace

result<unsigned> probe(const std::string& address, std::uint16_t port, std::string_view target,
                       std::chrono::milliseconds patience) {
  error_code ec;
  const auto at = address == "localhost" ? asio::ip::make_address("127.0.0.1") : asio::ip::make_address(address, ec);
  if (ec) return error{errc::invalid_argument, address + " is not an IPv4 or IPv6 address"};
  asio::io_context io;
  std::optional<result<unsigned>> answer;
  asio::co_spawn(io, ask({reachable(at), port}, std::string(target), patience),
                 [&answer](const std::exception_ptr& e, result<unsigned> r) {
                   if (!e) answer = std::move(r);
                 });
  io.run();
  if (!answer) return error{errc::internal, "unexpected exception"};
  return *answer;
}

}  // namespace rapporteur::http
