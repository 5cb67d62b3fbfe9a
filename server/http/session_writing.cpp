// How a session sends an answer: at once, or piece by piece as it is made.
#include "server/http/problem.hpp"
#include "server/http/session.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

namespace rapporteur::http {
namespace {

std::string_view method_name(bhttp::verb v) noexcept {
  return v == bhttp::verb::unknown ? std::string_view("-") : std::string_view(bhttp::to_string(v));
}

}  // namespace

asio::awaitable<bool> session::write(response r, bhttp::verb method, unsigned version, bool keep_alive) {
  if (from_.request_id.empty()) from_.request_id = make_request_id();
  add_request_id(r, from_.request_id);
  const auto body = r.bytes();
  const bool bodiless = method == bhttp::verb::head || r.status == 204 || r.status == 304;
  std::uint64_t sent = bodiless ? 0 : body.size();
  const bool streamed = r.stream && !bodiless;
  // HTTP/1.0 has no chunks: there the end of the connection is the end of the body.
  const bool chunked = version >= 11;
  if (streamed && !chunked) keep_alive = false;
  const auto& settings = context_.settings;
  const auto at_min_rate = std::chrono::seconds(sent / std::max<std::uint32_t>(settings.min_write_rate, 1));

  bhttp::response<bhttp::span_body<const char>> m;
  static_cast<bhttp::fields&>(m) = std::move(r.fields);
  m.result(r.status);
  m.version(11);  // our own, whatever the client's (RFC 9110 6.2)
  m.set(bhttp::field::date, http_date());
  if (r.stream) {
    if (chunked) m.set(bhttp::field::transfer_encoding, "chunked");
  } else if (r.status != 204 && r.status != 304) {
    m.content_length(body.size());
  }
  if (!keep_alive) {
    m.set(bhttp::field::connection, "close");
  } else if (version < 11) {
    m.set(bhttp::field::connection, "keep-alive");
  }
  if (!bodiless) m.body() = beast::span<const char>(body.data(), body.size());

  bhttp::response_serializer<bhttp::span_body<const char>> serializer(m);
  stream_.expires_after(settings.write_timeout + at_min_rate);
  error_code failed;
  if (bodiless || streamed) {
    const auto [ec, n] = co_await bhttp::async_write_header(stream_, serializer, k_as_values);
    failed = ec;
    if (streamed && !ec) {
      const auto written = co_await write_pieces(*r.stream, chunked);
      sent = written.value_or(0);
      if (!written) failed = asio::error::operation_aborted;
    }
  } else {
    const auto [ec, n] = co_await bhttp::async_write(stream_, serializer, k_as_values);
    failed = ec;
  }
  if (failed) peer_gone_ = true;
  if (context_.log.access) {
    context_.log.access({.method = method_name(method),
                         .route = r.route,
                         .target = asked_,
                         .address = settings.record_addresses ? std::string_view(from_.client) : std::string_view(),
                         .request_id = from_.request_id,
                         .status = r.status,
                         .bytes = failed ? 0 : sent,
                         .took = clock::now() - received_});
  }
  // A stream to HTTP/1.0 is told whole by the end of the connection, which is all that is left to do.
  co_return !failed && !(streamed && !chunked);
}

asio::awaitable<std::optional<std::uint64_t>> session::write_pieces(body_stream& body, bool chunked) {
  const auto& settings = context_.settings;
  std::optional<clock::time_point> end;  // once the server stops: half of its grace, so that it ends in order
  std::uint64_t sent = 0;
  while (true) {
    if (!end && context_.stopping.load()) end = clock::now() + settings.shutdown_grace / 2;
    if (end && clock::now() >= *end) {
      cut_off("an answer was cut off because the server stops");
      co_return std::nullopt;
    }
    auto piece = co_await body.next();
    if (!piece) {
      cut_off("an answer was cut off: " + std::string(to_string(piece.error().code)) + ": " + piece.error().message);
      co_return std::nullopt;
    }
    const bool last = piece->empty();
    if (last && !chunked) co_return sent;
    stream_.expires_after(settings.write_timeout +
                          std::chrono::seconds(piece->size() / std::max<std::uint32_t>(settings.min_write_rate, 1)));
    error_code failed;
    if (last) {
      std::tie(failed, std::ignore) = co_await asio::async_write(stream_, bhttp::make_chunk_last(), k_as_values);
    } else if (chunked) {
      std::tie(failed, std::ignore) = co_await asio::async_write(
          stream_, bhttp::make_chunk(asio::const_buffer(piece->data(), piece->size())), k_as_values);
    } else {
      std::tie(failed, std::ignore) = co_await asio::async_write(stream_, asio::buffer(*piece), k_as_values);
    }
    if (failed) co_return std::nullopt;
    if (last) co_return sent;
    sent += piece->size();
  }
}

void session::cut_off(std::string_view why) {
  context_.log.write(severity::warning, why);
  // With a reset and not in order: without chunks nothing else tells a cut from the end.
  error_code ignored;
  stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
}

}  // namespace rapporteur::http
