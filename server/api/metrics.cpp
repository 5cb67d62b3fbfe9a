#include "server/api/metrics.hpp"

#include "server/http/compression.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <chrono>
#include <mutex>
#include <string>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;

// Seconds: from a cached answer to a request that waited for its deadline.
const prometheus::Histogram::BucketBoundaries k_buckets{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05,
                                                        0.1,    0.2,   0.5,   1,     2,    5,    10};

}  // namespace

struct metrics::impl {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter()
                                                          .Name("rapporteur_http_requests_total")
                                                          .Help("Answers sent, by method, route and status")
                                                          .Register(registry);
  prometheus::Family<prometheus::Counter>& bytes = prometheus::BuildCounter()
                                                       .Name("rapporteur_http_response_bytes_total")
                                                       .Help("Bytes of bodies sent, by route")
                                                       .Register(registry);
  prometheus::Family<prometheus::Histogram>& times =
      prometheus::BuildHistogram()
          .Name("rapporteur_http_request_duration_seconds")
          .Help("From a request's first byte to its answer's last, by route")
          .Register(registry);
  prometheus::Gauge& waiting = gauge("rapporteur_search_queue_length", "Requests that wait for a search thread");
  prometheus::Gauge& threads = gauge("rapporteur_search_threads", "Threads that search");
  prometheus::Gauge& index_up = gauge("rapporteur_index_up", "1 if the index answers");
  prometheus::Gauge& revision = gauge("rapporteur_index_revision", "Grows with every change of the index");
  prometheus::Gauge& articles = gauge("rapporteur_index_articles", "Articles in the index");
  prometheus::Gauge& started = gauge("process_start_time_seconds", "When the server began, in seconds since 1970");

  prometheus::Family<prometheus::Counter>& cache =
      prometheus::BuildCounter()
          .Name("rapporteur_result_cache_requests_total")
          .Help("Searches looked up in the cache: hit, miss, or joined to an equal one that was being answered")
          .Register(registry);
  prometheus::Gauge& cache_bytes = gauge("rapporteur_result_cache_bytes", "Memory of the answers that are kept");
  prometheus::Gauge& cache_answers = gauge("rapporteur_result_cache_answers", "Answers that are kept");
  std::mutex cache_mutex;
  result_cache::counts cache_told;  // under cache_mutex

  prometheus::Gauge& gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
  }
};

metrics::metrics() : impl_(std::make_unique<impl>()) {
  impl_->started.Set(std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count());
}

metrics::~metrics() = default;

void metrics::count(const http::access_record& r) noexcept {
  try {
    const std::string route(r.route);
    impl_->requests.Add({{"method", std::string(r.method)}, {"route", route}, {"status", std::to_string(r.status)}})
        .Increment();
    impl_->bytes.Add({{"route", route}}).Increment(static_cast<double>(r.bytes));
    impl_->times.Add({{"route", route}}, k_buckets).Observe(std::chrono::duration<double>(r.took).count());
  } catch (const std::exception&) {  // no memory: one that is not counted
    return;
  }
}

void metrics::set_queue(std::size_t waiting, std::size_t threads) {
  impl_->waiting.Set(static_cast<double>(waiting));
  impl_->threads.Set(static_cast<double>(threads));
}

void metrics::set_index(const search::index_state* s) {
  impl_->index_up.Set(s != nullptr ? 1 : 0);
  if (s == nullptr) return;
  impl_->revision.Set(static_cast<double>(s->revision));
  impl_->articles.Set(static_cast<double>(s->articles));
}

void metrics::set_cache(const result_cache::counts& c) {
  const auto add = [this](const char* outcome, std::uint64_t now, std::uint64_t before) {
    impl_->cache.Add({{"outcome", outcome}}).Increment(static_cast<double>(now - before));
  };
  const std::lock_guard lock(impl_->cache_mutex);
  // Of two requests for metrics the later may come here first, and counters never go back.
  const auto& told = impl_->cache_told;
  if (c.hits < told.hits || c.misses < told.misses || c.joined < told.joined) return;
  add("hit", c.hits, told.hits);
  add("miss", c.misses, told.misses);
  add("joined", c.joined, told.joined);
  impl_->cache_told = c;
  impl_->cache_bytes.Set(static_cast<double>(c.bytes));
  impl_->cache_answers.Set(static_cast<double>(c.answers));
}

std::string metrics::text() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

asio::awaitable<http::response> get_metrics(const service& s, const http::request& q) {
  if (s.counted == nullptr) {
    co_return to_problem({errc::not_found, "There are no metrics: server.metrics is off."});
  }
  if (const auto bad = parse_nothing(q.query)) co_return refuse(*bad);
  const auto waiting = s.workers.queued();
  s.counted->set_queue(waiting, s.workers.size());
  if (s.results != nullptr) s.counted->set_cache(s.results->count());
  // Where searches wait, what was last known of the index has to do: a busy server is to be watched most of all.
  if (waiting == 0) {
    auto work = [&search = s.search](std::size_t worker) -> result<search::index_state> {
      return search.use(worker, [](search_backend& b) { return b.state(); });
    };
    const auto state = co_await http::offload(s.workers, q.deadline, work);
    s.counted->set_index(state ? &*state : nullptr);
  }
  http::response r;
  r.body = s.counted->text();
  r.set(http::bhttp::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
  r.set(http::bhttp::field::cache_control, "no-store");
  http::compress_response(q, r);
  co_return r;
}

}  // namespace rapporteur::api
