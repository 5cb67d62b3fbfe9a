// A client that sends exactly the bytes that a test wants sent, and reads answers apart. Blocking; every wait is
// bounded, so that a server that hangs fails a test instead of stopping it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace rapporteur::http::test {

struct answer {
  unsigned status = 0;
  std::string head;                           ///< status line and header fields, as received
  std::map<std::string, std::string> fields;  ///< by name in lower case
  std::string body;

  [[nodiscard]] std::string field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  }
};

class raw_client {
 public:
  /// Connects; throws std::runtime_error if that fails. receive_buffer: bytes of SO_RCVBUF, 0 for the system's default.
  explicit raw_client(std::uint16_t port, int receive_buffer = 0);
  ~raw_client();
  raw_client(raw_client&& other) noexcept;
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  /// False if the server has closed.
  bool send(std::string_view bytes);
  void half_close();  ///< no more will be sent
  void reset();       ///< closes with RST

  /// Next answer, put together if it comes in chunks; nothing if the connection ended before it was whole. body:
  /// whether one follows (not for HEAD).
  std::optional<answer> receive(bool body = true);
  /// Everything up to the end of the connection.
  std::string receive_all();
  /// True when the server has closed and nothing more was sent.
  bool at_end();

  /// send and receive.
  std::optional<answer> ask(std::string_view bytes, bool body = true);

 private:
  std::optional<std::string> receive_chunks();
  bool fill();  ///< reads more; false at the end
  int socket_ = -1;
  std::string buffer_;
};

/// One request on a connection of its own.
answer get(std::uint16_t port, std::string_view target, std::string_view more_fields = {});

}  // namespace rapporteur::http::test
