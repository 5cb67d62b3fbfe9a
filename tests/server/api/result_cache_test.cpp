// Answers that are kept: the same as if made anew, never of another state or for another request, within their bounds;
// and equal requests that come at once are run once.
#include "server/api/result_cache.hpp"

#include "tests/server/api/api_under_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace rapporteur::api {
namespace {

namespace bhttp = http::bhttp;
using test::api_under_test;
using test::json;

std::shared_ptr<const kept_answer> answer_of(std::size_t bytes, std::string etag = "e") {
  return std::make_shared<const kept_answer>(kept_answer{std::string(bytes, 'x'), std::move(etag)});
}

TEST(result_cache, keeps_what_was_used_last_within_its_bytes) {
  constexpr std::uint64_t k_most = 16'000;
  result_cache cache(k_most);
  for (int i = 0; i < 100; ++i) {
    cache.keep("k" + std::to_string(i), answer_of(1000));
    // The first is used again and again.
    EXPECT_TRUE(cache.look_up("k0").answer) << i;
    EXPECT_LE(cache.count().bytes, k_most);
  }
  EXPECT_GE(cache.count().answers, 8U);
  EXPECT_TRUE(cache.look_up("k99").answer);
  EXPECT_FALSE(cache.look_up("k1").answer);
}

TEST(result_cache, does_not_give_all_its_room_to_one_answer) {
  result_cache cache(16'000);
  cache.keep("small", answer_of(100));
  cache.keep("large", answer_of(3000));
  EXPECT_TRUE(cache.look_up("small").answer);
  EXPECT_FALSE(cache.look_up("large").answer);
  EXPECT_EQ(cache.count().answers, 1U);
}

TEST(result_cache, has_one_answer_for_a_key) {
  result_cache cache(16'000);
  for (const std::size_t bytes : {1000U, 10U, 500U}) {
    cache.keep("k", answer_of(bytes));
    EXPECT_EQ(cache.count().answers, 1U);
    EXPECT_EQ(cache.look_up("k").answer->written.size(), bytes);
  }
  cache.keep("other", answer_of(1));
  const auto before = cache.count().bytes;
  cache.keep("other", answer_of(1));
  EXPECT_EQ(cache.count().bytes, before);
}

TEST(result_cache, lets_one_make_what_many_look_up) {
  result_cache cache(16'000);
  {
    const auto first = cache.look_up("k");
    EXPECT_TRUE(first.to_make);
    EXPECT_FALSE(first.answer || first.made_elsewhere);
    EXPECT_TRUE(cache.look_up("k").made_elsewhere);
    EXPECT_TRUE(cache.look_up("l").to_make);
  }
  // Given up: the next one makes it.
  EXPECT_TRUE(cache.look_up("k").to_make);
}

// A searching API with a cache. Each search is counted, and answers with what it was asked.
struct cached_api {
  api_under_test api;
  result_cache results;
  std::atomic<int> searches{0};
  std::atomic<std::uint64_t> revision{1};

  explicit cached_api(std::size_t workers = 1, std::uint64_t bytes = 1 << 20) : api(workers), results(bytes) {
    api.wiring().results = &results;
    api.scripted.state = [this] { return result<search::index_state>(state()); };
    api.scripted.search = [this](const search::request& r) -> result<search::answer> { return answer_to(r); };
  }
  [[nodiscard]] search::index_state state() const {
    return {.revision = revision, .as_of = "2026-01-02T03:04:05Z", .articles = 9};
  }
  search::answer answer_to(const search::request& r) {
    ++searches;
    search::answer a;
    a.understood = r.q;
    a.total = std::uint64_t{100} + r.offset;
    a.index = state();
    return a;
  }
};

TEST(kept_answers, are_what_would_be_answered_anew) {
  cached_api c;
  const auto first = c.api.get("/api/v1/search?q=camps&limit=5");
  const auto second = c.api.get("/api/v1/search?limit=5&q=camps");  // one request in two spellings
  EXPECT_EQ(c.searches, 1);
  EXPECT_EQ(second.status, 200U);
  auto a = json(first).as_object();
  auto b = json(second).as_object();
  EXPECT_TRUE(a.contains("took_ms"));
  EXPECT_TRUE(b.contains("took_ms"));
  a.erase("took_ms");
  b.erase("took_ms");
  EXPECT_EQ(a, b);
  for (const auto field : {bhttp::field::etag, bhttp::field::content_type, bhttp::field::cache_control}) {
    EXPECT_EQ(first.fields[field], second.fields[field]);
    EXPECT_FALSE(first.fields[field].empty());
  }
  EXPECT_EQ(c.results.count().hits, 1U);
}

TEST(kept_answers, are_for_their_request_alone) {
  cached_api c;
  const char* const different[] = {
      "q=camps",           "q=camp",           "q=camps&limit=5",    "q=camps&offset=5",      "q=camps&sort=newest",
      "q=camps&lang=en",   "q=camps&lang=-en", "q=camps&source=en",  "q=camps&facets=year",   "q=camps&snippets=1",
      "q=camps&from=2018", "q=camps&to=2018",  "q=camps&expand=off", "q=camps&timeline=year", "q=camps%0A",
  };
  for (const char* query : different) c.api.get(std::string("/api/v1/search?") + query);
  EXPECT_EQ(c.searches, static_cast<int>(std::size(different)));
  // Links lead to where the client is.
  c.api.from.prefix = "/archive";
  c.api.get("/api/v1/search?q=camps");
  EXPECT_EQ(c.searches, static_cast<int>(std::size(different)) + 1);
}

TEST(kept_answers, are_of_the_newest_state) {
  cached_api c;
  c.api.get("/api/v1/search?q=camps");
  c.revision = 2;
  const auto r = c.api.get("/api/v1/search?q=camps");
  EXPECT_EQ(c.searches, 2);
  EXPECT_EQ(json(r).at("index").at("revision").to_number<std::uint64_t>(), 2U);
  // A commit between the look at the index and the search: what was found is kept under the state that it is of.
  c.api.scripted.search = [&c](const search::request& asked) -> result<search::answer> {
    c.revision = 3;
    return c.answer_to(asked);
  };
  c.api.get("/api/v1/search?q=other");
  c.revision = 2;
  c.api.get("/api/v1/search?q=other");
  EXPECT_EQ(c.searches, 4);
  c.revision = 3;
  c.api.get("/api/v1/search?q=other");
  EXPECT_EQ(c.searches, 4);
}

TEST(kept_answers, are_none_of_private_requests) {
  cached_api c;
  c.api.get("/api/v1/search?q=camps");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(c.api.post_form("/api/v1/search", "q=camps").status, 200U);
  EXPECT_EQ(c.searches, 3);
  EXPECT_EQ(c.results.count().answers, 1U);
}

TEST(kept_answers, are_none_that_will_be_better_soon_and_no_errors) {
  cached_api c;
  c.api.scripted.search = [&c](const search::request& r) -> result<search::answer> {
    auto a = c.answer_to(r);
    a.provisional = true;
    return a;
  };
  for (int i = 0; i < 2; ++i) {
    const auto r = c.api.get("/api/v1/search?q=camps");
    EXPECT_EQ(r.fields.count(bhttp::field::etag), 0U);
    EXPECT_EQ(r.fields[bhttp::field::cache_control], "no-store");
  }
  EXPECT_EQ(c.searches, 2);
  c.api.scripted.search = [&c](const search::request&) -> result<search::answer> {
    ++c.searches;
    return error{errc::too_costly, "q: too much"};
  };
  for (int i = 0; i < 2; ++i) EXPECT_EQ(c.api.get("/api/v1/search?q=camps").status, 400U);
  EXPECT_EQ(c.searches, 4);
  EXPECT_EQ(c.results.count().answers, 0U);
}

// Asks so often at once; a search goes on until all others have joined it.
std::vector<http::response> ask_at_once(cached_api& c, std::size_t requests, bool kept) {
  c.api.scripted.search = [&c, requests, kept](const search::request& r) -> result<search::answer> {
    while (c.searches == 0 && c.results.count().joined + 1 < requests) std::this_thread::yield();
    auto a = c.answer_to(r);
    a.provisional = !kept;
    return a;
  };
  std::vector<std::future<http::response>> asked;
  for (std::size_t i = 0; i < requests; ++i) {
    asked.push_back(std::async(std::launch::async, [&c] { return c.api.get("/api/v1/search?q=camps"); }));
  }
  std::vector<http::response> answers;
  for (auto& a : asked) answers.push_back(a.get());
  return answers;
}

TEST(equal_requests, are_run_once) {
  constexpr std::size_t k_requests = 9;
  cached_api c(2);
  const auto answers = ask_at_once(c, k_requests, true);
  EXPECT_EQ(c.searches, 1);
  std::set<std::string> etags;
  for (const auto& r : answers) {
    EXPECT_EQ(r.status, 200U);
    EXPECT_EQ(json(r).at("query").at("understood").as_string(), "camps");
    etags.emplace(r.fields[bhttp::field::etag]);
  }
  EXPECT_EQ(etags.size(), 1U);
  EXPECT_EQ(c.results.count().joined, k_requests - 1);
}

TEST(equal_requests, are_all_answered_where_nothing_could_be_kept) {
  constexpr std::size_t k_requests = 9;
  cached_api c(2);
  for (const auto& r : ask_at_once(c, k_requests, false)) EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(c.searches, static_cast<int>(k_requests));
}

TEST(equal_requests, do_not_wait_beyond_their_deadline) {
  http::asio::io_context io;
  result_cache cache(16'000);
  const auto made = cache.look_up("k");
  const auto joined = cache.look_up("k").made_elsewhere;
  ASSERT_TRUE(joined);
  bool waited = false;
  http::asio::co_spawn(
      io,
      [&]() -> http::asio::awaitable<void> {
        co_await joined->wait(result_cache::clock::now());
        waited = true;
      },
      http::asio::detached);
  io.run();
  EXPECT_TRUE(waited);
}

}  // namespace
}  // namespace rapporteur::api
