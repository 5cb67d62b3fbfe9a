#include "server/api/stats.hpp"

#include "server/http/json_string.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;

using counts = std::vector<std::pair<std::string, std::uint64_t>>;

void append_counts(std::string& json, std::string_view name, const counts& list) {
  json += ",\"" + std::string(name) + "\":[";
  for (const auto& [value, count] : list) {
    if (!json.ends_with('[')) json += ',';
    json += "{\"value\":";
    http::append_json_string(json, value);
    json += ",\"count\":" + std::to_string(count) + '}';
  }
  json += ']';
}

std::string to_json(const search::archive_statistics& s) {
  std::string json = "{\"index\":{\"revision\":" + std::to_string(s.index.revision);
  if (!s.index.as_of.empty()) {
    json += ",\"as_of\":";
    http::append_json_string(json, s.index.as_of);
  }
  json += ",\"articles\":" + std::to_string(s.index.articles) + '}';
  append_counts(json, "languages", s.languages);
  append_counts(json, "sources", s.sources);
  append_counts(json, "collections", s.collections);
  append_counts(json, "years", s.years);
  json += ",\"undated\":" + std::to_string(s.undated);
  if (!s.years.empty()) {
    const auto [first, last] = std::ranges::minmax(s.years, {}, &counts::value_type::first);
    json += ",\"first_year\":\"" + first.first + "\",\"last_year\":\"" + last.first + '"';
  }
  return json + ",\"size_bytes\":" + std::to_string(s.size_bytes) + '}';
}

/// The last answer, for as long as the index stays as it was.
class stats_memory {
 public:
  /// The JSON for that state, or for a newer one, which index then is.
  result<std::string> get(const service& s, search::index_state& index) {
    // One counts, the others wait for it.
    const std::lock_guard lock(mutex_);
    if (json_.empty() || index.revision != index_.revision || index.as_of != index_.as_of) {
      if (!s.statistics) return error{errc::index_missing, "there are no statistics"};
      auto counted = s.statistics();
      if (!counted) return counted.error();
      index_ = counted->index;
      json_ = to_json(*counted);
    }
    index = index_;
    return json_;
  }

 private:
  std::mutex mutex_;
  search::index_state index_;
  std::string json_;
};

}  // namespace

http::handler serve_stats(const service& s) {
  return [&s, memory = std::make_shared<stats_memory>()](const http::request& q) -> asio::awaitable<http::response> {
    if (const auto bad = parse_nothing(q.query)) co_return refuse(*bad);
    auto work = [&s, &q, memory](search_backend& backend) -> result<http::response> {
      auto state = backend.state();
      if (!state) return state.error();
      state->thesaurus = 0;  // which says nothing about the counts
      if (const auto etag = make_etag(s.options, *state, "stats", {}); is_held(q, etag)) {
        return json_response(q, {}, etag);
      }
      auto json = memory->get(s, *state);
      if (!json) return json.error();
      return json_response(q, std::move(*json), make_etag(s.options, *state, "stats", {}));
    };
    co_return co_await on_worker(s, q, {}, std::move(work));
  };
}

}  // namespace rapporteur::api
