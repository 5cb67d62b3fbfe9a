// GET /metrics: what the server does, in numbers, for Prometheus (text format 0.0.4).
//
// Counts requests by method, route and status, never by address, path or query.
#pragma once

#include "server/api/result_cache.hpp"
#include "server/api/service.hpp"

#include <memory>

namespace rapporteur::api {

class metrics {
 public:
  metrics();
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  /// Counts a request. Any thread; never throws.
  void count(const http::access_record& r) noexcept;

  /// Searches that wait, as of now.
  void set_queue(std::size_t waiting, std::size_t threads);
  /// What is known of the index; null: it does not answer.
  void set_index(const search::index_state* s);

  /// What the cache of answers did up to now.
  void set_cache(const result_cache::counts& c);

  [[nodiscard]] std::string text() const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// 404 where service::metrics is null.
http::asio::awaitable<http::response> get_metrics(const service& s, const http::request& q);

}  // namespace rapporteur::api
