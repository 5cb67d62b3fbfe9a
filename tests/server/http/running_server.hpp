// A real server on a free port of the loopback interface, running on a thread of its own, and the things with which a
// test holds its requests back and lets them go.
#pragma once

#include "server/http/offload.hpp"
#include "server/http/server.hpp"

#include <condition_variable>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace rapporteur::http::test {

/// A door that workers wait at until the test opens it.
class gate {
 public:
  void wait();                            ///< of a worker: until it is opened
  void await_waiting(std::size_t count);  ///< of the test: until so many wait, or have waited
  void open();
  [[nodiscard]] std::size_t arrived() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t arrived_ = 0;
  bool open_ = false;
};

struct logged {
  std::string method, route;
  unsigned status = 0;
  std::uint64_t bytes = 0;
  std::string request_id, address;
};

/// Routes: GET /quick; GET /from (one line each: request id, client, origin, link to /x); GET and POST /echo (the body,
/// or the query); GET /echo/{a}/{b}; GET /slow (a worker waits at the gate); GET /stream?pieces (so many of 1000 bytes,
/// or one more and then an error for "10!"; with "10g" a worker waits at the gate for each but the first); GET
/// /large?bytes (answers so many bytes); POST /large (up to 5000 bytes, with Authorization: please; the answer is their
/// number); GET /throws; GET /throws-on-worker.
class running_server {
 public:
  explicit running_server(server_settings settings = {});
  ~running_server();  ///< opens the gate, stops, waits
  running_server(const running_server&) = delete;
  running_server& operator=(const running_server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] server& get() noexcept { return *server_; }
  [[nodiscard]] gate& slow() noexcept { return gate_; }
  /// Waits until a stream that was sent has been let go.
  void await_stream_gone();

  /// Tells it to stop and waits for its end: what server::run returned.
  bool stop_and_wait();
  /// Waits for the end that something else brings about.
  bool wait() { return ended_.get(); }
  [[nodiscard]] std::vector<logged> access_log() const;
  [[nodiscard]] std::vector<std::string> events() const;

 private:
  mutable std::mutex mutex_;
  std::vector<logged> access_;
  std::vector<std::string> events_;
  gate gate_;
  std::condition_variable stream_changed_;
  std::size_t streams_gone_ = 0;
  std::unique_ptr<server> server_;
  std::uint16_t port_ = 0;
  std::future<bool> ended_;
};

}  // namespace rapporteur::http::test
