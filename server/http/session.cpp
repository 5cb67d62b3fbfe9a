#include "server/http/session.hpp"

#include "server/http/problem.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace rapporteur::http {
namespace {

/// Room beyond the header's limit, so that the parser meets its own limit first and can say which one it was.
constexpr std::size_t k_spare_buffer = 8 * 1024;
/// A buffer that grew past this is given back between requests.
constexpr std::size_t k_kept_buffer = 16 * 1024;
/// Bytes of a refused body that are read and dropped, so that the refusal reaches the client.
constexpr std::size_t k_max_lingering_bytes = 1024 * 1024;

response bad_request(std::string_view detail) {
  return make_problem({.status = 400, .code = "malformed", .detail = detail});
}

response too_large(std::uint64_t limit) {
  const auto detail = "The request's body is too large: at most " + std::to_string(limit) + " bytes are taken here.";
  return make_problem({.status = 413, .code = "body_too_large", .detail = detail});
}

response too_slow() {
  return make_problem({.status = 408, .code = "request_timeout", .detail = "The request came too slowly."});
}

bool is_disconnect(const error_code& ec) noexcept {
  return ec == bhttp::error::end_of_stream || ec == beast::error::timeout || ec == asio::error::eof ||
         ec == asio::error::connection_reset || ec == asio::error::broken_pipe ||
         ec == asio::error::connection_aborted || ec == asio::error::operation_aborted ||
         ec == asio::error::bad_descriptor || ec == asio::error::not_connected || ec == asio::error::timed_out;
}

}  // namespace

session::session(tcp::socket socket, const session_context& context)
    : context_(context),
      stream_(std::move(socket)),
      buffer_(context.settings.max_header_bytes + k_spare_buffer),
      idle_since_(clock::now().time_since_epoch().count()),
      reading_(stream_.get_executor()) {
  error_code ignored;  // a client that is gone already has the address 0.0.0.0
  peer_ = stream_.socket().remote_endpoint(ignored);
  local_ = stream_.socket().local_endpoint(ignored);
}

asio::awaitable<void> session::run() {
  try {
    while (co_await serve_one()) {
    }
    if (!peer_gone_) co_await linger();
  } catch (const std::exception&) {
    context_.log.write(severity::error, "a connection ended by an unexpected exception");
  }
  error_code ignored;
  stream_.socket().close(ignored);
}

void session::close_if_idle() {
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->idle_since() != 0) self->stream_.cancel();
  });
}

asio::awaitable<bool> session::serve_one() {
  if (!co_await await_request()) co_return false;
  parser p;
  request q;
  bool well_formed = false;
  bool is_form = true;
  auto refusal = co_await read_header(p);
  if (!refusal && !peer_gone_) {
    from_ = context_.way.look(p.get(), peer_, local_);
    q.method = p.get().method();
    well_formed = read_target(p.get().target(), q);
    if (!p.is_done()) {
      auto admitted = well_formed ? context_.routes.admit(q, p.get()) : admission{};
      is_form = admitted.max_body_bytes == 0;
      refusal = std::move(admitted.refusal);
      // What comes behind the chunks is no part of the header (RFC 9110 6.5.1), for which the parser takes it.
      bhttp::fields header;
      if (p.chunked()) header = p.get();
      if (!refusal) refusal = co_await read_body(p, admitted.max_body_bytes);
      if (p.chunked()) static_cast<bhttp::fields&>(p.get()) = std::move(header);
    }
  }
  if (peer_gone_) co_return false;

  const auto method = p.get().method();
  const auto version = p.get().version();
  if (refusal) {
    read_refused(p, q);
    context_.routes.complete(q, *refusal);
    co_await write(std::move(*refusal), method, version, false);
    co_return false;
  }
  const bool client_keeps = p.keep_alive();
  if (context_.settings.record_targets) {
    asked_ = p.get().target();
    // A form is a query; what a route with a bound of its own takes is not, and may be large.
    if (is_form && !p.get().body().empty()) asked_.append(" ").append(p.get().body());
  }
  q.received = received_;
  q.deadline = received_ + context_.settings.request_timeout;
  q.from = from_;
  response r;
  if (well_formed && is_base_path_) {
    r = to_base_path(q);
    set_security_headers(r);
  } else {
    auto message = p.release();
    q.body = std::move(message.body());
    q.fields = std::move(static_cast<bhttp::fields&>(message));
    if (well_formed) {
      r = co_await context_.routes.dispatch(q);
    } else {
      r = bad_request("The request's address is not well formed.");
      context_.routes.complete(q, r);
    }
  }
  const bool keep = client_keeps && !context_.stopping.load() && !context_.full.load();
  co_return co_await write(std::move(r), method, version, keep) && keep;
}

asio::awaitable<bool> session::await_request() {
  while (true) {
    // RFC 9112 2.2: an empty line before the request line is to be ignored.
    while (buffer_.size() > 0) {
      const char front = *static_cast<const char*>(buffer_.data().data());
      if (front != '\r' && front != '\n') break;
      buffer_.consume(1);
    }
    if (buffer_.size() > 0) break;
    if (buffer_.capacity() > k_kept_buffer) buffer_.shrink_to_fit();
    idle_since_.store(clock::now().time_since_epoch().count(), std::memory_order_relaxed);
    // Checked after idle_since_ is set, on the strand on which close_if_idle cancels: one of the two sees the other.
    if (context_.stopping.load()) co_return false;
    stream_.expires_after(context_.settings.idle_timeout);
    const auto [ec, n] = co_await stream_.async_read_some(buffer_.prepare(4096), k_as_values);
    if (ec) {
      peer_gone_ = true;
      co_return false;
    }
    buffer_.commit(n);
  }
  idle_since_.store(0, std::memory_order_relaxed);
  asked_.clear();
  from_ = {};
  is_base_path_ = false;
  received_ = clock::now();
  co_return true;
}

asio::awaitable<std::optional<response>> session::read_header(parser& p) {
  const auto& settings = context_.settings;
  p.header_limit(settings.max_header_bytes);
  p.body_limit(boost::none);  // which one holds is known when the route is: see read_body
  begin_reading(settings.header_timeout);
  bounded_stream reading(*this);
  const auto [ec, n] = co_await bhttp::async_read_header(reading, buffer_, p, k_as_values);
  end_reading();
  if (ec) {
    if (read_too_long_) co_return too_slow();
    peer_gone_ = is_disconnect(ec);
    if (peer_gone_) co_return std::nullopt;
    co_return refuse_read(ec, p);
  }
  if (auto refusal = check_header(p.get(), settings)) co_return refusal;
  // RFC 9112 3.2.2: the host of an absolute address counts, whatever Host says. RFC 9110 4.2.4: and no user's name.
  const auto parts = split_target(p.get().target());
  if (const std::string authority(parts ? parts->authority : ""); !authority.empty()) {
    if (!is_host(authority)) co_return bad_request("What the address names is not a host.");
    p.get().set(bhttp::field::host, authority);
  }
  co_return std::nullopt;
}

asio::awaitable<std::optional<response>> session::read_body(parser& p, std::uint64_t max_bytes) {
  const auto& settings = context_.settings;
  const auto limit = max_bytes != 0 ? max_bytes : settings.max_body_bytes;
  const auto length = p.content_length();
  if (length && *length > limit) co_return too_large(limit);
  p.body_limit(limit);
  if (beast::iequals(p.get()[bhttp::field::expect], "100-continue") && p.get().version() >= 11) {
    stream_.expires_after(settings.write_timeout);
    bhttp::response<bhttp::empty_body> go_on(bhttp::status::continue_, 11);
    const auto [ec, n] = co_await bhttp::async_write(stream_, go_on, k_as_values);
    if (ec) {
      peer_gone_ = true;
      co_return std::nullopt;
    }
  }
  auto patience = std::chrono::nanoseconds(settings.body_timeout);
  if (max_bytes != 0) {
    const auto size = length ? *length : limit;
    patience += std::chrono::seconds(size / std::max<std::uint32_t>(settings.min_read_rate, 1));
  }
  begin_reading(std::chrono::duration_cast<clock::duration>(patience));
  bounded_stream reading(*this);
  const auto [ec, n] = co_await bhttp::async_read(reading, buffer_, p, k_as_values);
  end_reading();
  if (!ec) co_return std::nullopt;
  if (read_too_long_) co_return too_slow();
  peer_gone_ = is_disconnect(ec);
  if (peer_gone_) co_return std::nullopt;
  if (ec == bhttp::error::body_limit) co_return too_large(limit);
  co_return refuse_read(ec, p);
}

void session::begin_reading(clock::duration at_most) {
  stream_.expires_never();
  read_too_long_ = false;
  reading_.expires_after(at_most);
  reading_.async_wait([self = shared_from_this(), number = ++readings_](const error_code& ec) {
    if (ec || number != self->readings_) return;
    self->read_too_long_ = true;
    self->stream_.cancel();
  });
}

void session::end_reading() {
  ++readings_;
  reading_.cancel();
}

response session::refuse_read(const error_code& ec, const parser& p) const {
  if (ec == bhttp::error::header_limit || ec == bhttp::error::buffer_overflow) {
    const std::string_view unread(static_cast<const char*>(buffer_.data().data()), buffer_.size());
    // The parser takes the request line from the buffer once it is whole.
    if (p.get().target().empty() && unread.find('\n') == std::string_view::npos) {
      return make_problem({.status = 414, .code = "target_too_long", .detail = "The request's address is too long."});
    }
    return make_problem({.status = 431, .code = "header_too_large", .detail = "The request's header is too large."});
  }
  if (ec == bhttp::error::bad_version) {
    return make_problem(
        {.status = 505, .code = "version_not_supported", .detail = "Only HTTP/1.0 and HTTP/1.1 are spoken here."});
  }
  return bad_request("This is not a well-formed HTTP/1.1 request.");
}

std::optional<response> session::check_header(const bhttp::request_header<>& h, const server_settings& settings) {
  if (h.target().size() > settings.max_target_bytes) {
    return make_problem({.status = 414, .code = "target_too_long", .detail = "The request's address is too long."});
  }
  const auto hosts = h.count(bhttp::field::host);
  if (hosts > 1 || (hosts == 0 && h.version() >= 11)) {
    return bad_request("A request must have one Host header.");  // RFC 9112 3.2
  }
  if (h.count(bhttp::field::transfer_encoding) != 0) {
    // Framed in two ways or in one not known: where the request ends would be a guess (RFC 9112 6.1).
    if (h.version() < 11) return bad_request("HTTP/1.0 has no Transfer-Encoding.");
    if (!beast::iequals(h[bhttp::field::transfer_encoding], "chunked")) {
      return make_problem({.status = 501,
                           .code = "transfer_coding_unknown",
                           .detail = "The only transfer coding understood here is chunked."});
    }
  }
  // RFC 9112 3.2: what is no host is refused; it could come back in links.
  if (hosts == 1 && !is_host(h[bhttp::field::host])) return bad_request("The Host header is not a host.");
  const auto expect = h[bhttp::field::expect];
  if (!expect.empty() && !beast::iequals(expect, "100-continue")) {
    return make_problem(
        {.status = 417, .code = "expectation_failed", .detail = "The only expectation met here is 100-continue."});
  }
  return std::nullopt;
}

bool session::read_target(std::string_view target, request& q) {
  const auto parts = split_target(target);
  if (!parts) return false;
  q.query = parts->query;
  if (parts->path == "*" && q.method == bhttp::verb::options)
    return true;  // the server itself: no route has it, so
                  // the router says what it takes in general
  auto segments = split_path(parts->path);
  const bool well_formed = segments.has_value();
  q.segments = well_formed ? std::move(*segments) : readable_segments(parts->path);
  const auto& base = context_.way.base_segments();
  if (base.empty() ||
      !std::equal(base.begin(), base.end(), q.segments.begin(),
                  q.segments.begin() + static_cast<std::ptrdiff_t>(std::min(base.size(), q.segments.size())))) {
    return well_formed;
  }
  is_base_path_ = q.segments.size() == base.size();
  q.segments.erase(q.segments.begin(), q.segments.begin() + static_cast<std::ptrdiff_t>(base.size()));
  if (is_base_path_) q.segments.emplace_back();
  return well_formed;
}

void session::read_refused(const parser& p, request& q) {
  q.fields = p.get();
  q.method = p.get().method();
  from_ = context_.way.look(q.fields, peer_, local_);
  q.from = from_;
  if (!p.get().target().empty()) {
    read_target(p.get().target(), q);
    return;
  }
  // The first line did not end: its beginning still says what it was for.
  const std::string_view unread(static_cast<const char*>(buffer_.data().data()), buffer_.size());
  const auto blank = unread.find(' ');
  if (blank == std::string_view::npos) return;
  const auto target = unread.substr(blank + 1);
  read_target(target.substr(0, target.find_first_of("? \r\n")), q);
}

response session::to_base_path(const request& q) const {
  response r;
  r.status = 308;
  r.set(bhttp::field::location, q.link("/") + (q.query.empty() ? "" : '?' + q.query));
  r.set(bhttp::field::cache_control, "no-cache");
  return r;
}

asio::awaitable<void> session::linger() {
  error_code ec;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ec);
  if (ec) co_return;
  // Whoever needs the room or waits for the end need not wait for this.
  idle_since_.store(clock::now().time_since_epoch().count(), std::memory_order_relaxed);
  if (context_.stopping.load() || context_.full.load()) co_return;
  stream_.expires_after(context_.settings.linger_timeout);
  std::array<char, 4096> dropped;
  for (std::size_t total = 0; total < k_max_lingering_bytes;) {
    const auto [error, n] = co_await stream_.async_read_some(asio::buffer(dropped), k_as_values);
    if (error) co_return;
    total += n;
  }
}

}  // namespace rapporteur::http
