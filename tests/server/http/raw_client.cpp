#include "tests/server/http/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace rapporteur::http::test {
namespace {

constexpr timeval k_patience{.tv_sec = 60, .tv_usec = 0};

std::map<std::string, std::string> parse_fields(std::string_view head) {
  std::map<std::string, std::string> fields;
  while (!head.empty()) {
    const auto end = head.find("\r\n");
    const auto line = head.substr(0, end);
    head = end == std::string_view::npos ? std::string_view{} : head.substr(end + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    fields[name] = value;
  }
  return fields;
}

}  // namespace

raw_client::raw_client(std::uint16_t port, int receive_buffer) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &k_patience, sizeof k_patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &k_patience, sizeof k_patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    const int failure = errno;
    ::close(socket_);
    throw std::runtime_error("cannot connect to port " + std::to_string(port) + ": " + std::strerror(failure));
  }
}

raw_client::~raw_client() {
  if (socket_ >= 0) ::close(socket_);
}

raw_client::raw_client(raw_client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), buffer_(std::move(other.buffer_)) {}

bool raw_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void raw_client::half_close() {
  ::shutdown(socket_, SHUT_WR);
}

void raw_client::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(socket_, -1));
}

bool raw_client::fill() {
  std::array<char, 16384> chunk;
  const auto n = ::recv(socket_, chunk.data(), chunk.size(), 0);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("the server did not answer");
  if (n <= 0) return false;
  buffer_.append(chunk.data(), static_cast<std::size_t>(n));
  return true;
}

std::optional<answer> raw_client::receive(bool body) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  answer a;
  a.head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  a.status = static_cast<unsigned>(std::stoul(a.head.substr(9, 3)));
  a.fields = parse_fields(a.head);
  if (body && a.field("transfer-encoding") == "chunked") {
    auto whole = receive_chunks();
    if (!whole) return std::nullopt;
    a.body = std::move(*whole);
    return a;
  }
  const auto length = a.field("content-length");
  if (body && !length.empty()) {
    const auto size = std::stoul(length);
    while (buffer_.size() < size) {
      if (!fill()) return std::nullopt;
    }
    a.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
  }
  return a;
}

std::optional<std::string> raw_client::receive_chunks() {
  std::string whole;
  while (true) {
    std::size_t line = 0;
    while ((line = buffer_.find("\r\n")) == std::string::npos) {
      if (!fill()) return std::nullopt;
    }
    const auto size = std::stoul(buffer_.substr(0, line), nullptr, 16);
    while (buffer_.size() < line + 2 + size + 2) {
      if (!fill()) return std::nullopt;
    }
    whole += buffer_.substr(line + 2, size);
    buffer_.erase(0, line + 2 + size + 2);
    if (size == 0) return whole;
  }
}

std::string raw_client::receive_all() {
  while (fill()) {
  }
  return std::exchange(buffer_, {});
}

bool raw_client::at_end() {
  return buffer_.empty() && !fill();
}

std::optional<answer> raw_client::ask(std::string_view bytes, bool body) {
  send(bytes);  // a refusal may come before all is sent
  return receive(body);
}

answer get(std::uint16_t port, std::string_view target, std::string_view more_fields) {
  raw_client client(port);
  auto a = client.ask("GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n" +
                      std::string(more_fields) + "\r\n");
  if (!a) throw std::runtime_error("no answer to GET " + std::string(target));
  return *a;
}

}  // namespace rapporteur::http::test
