#include "server/api/metrics.hpp"

#include "tests/server/api/api_under_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rapporteur::api {
namespace {

namespace bhttp = http::bhttp;
using test::api_under_test;
using test::code;
using testing::HasSubstr;
using testing::Not;

TEST(metrics, are_not_there_unless_they_are_turned_on) {
  api_under_test api;
  const auto r = api.get("/metrics");
  EXPECT_EQ(r.status, 404U);
  EXPECT_EQ(code(r), "not_found");
}

TEST(metrics, count_requests_by_route_and_tell_of_queue_and_index) {
  metrics counted;
  api_under_test api;
  api.wiring().counted = &counted;
  counted.count({.method = "GET",
                 .route = "/api/v1/search",
                 .target = "/api/v1/search?q=zqmarker",
                 .address = "203.0.113.7",
                 .request_id = "zqid",
                 .status = 200,
                 .bytes = 500,
                 .took = std::chrono::milliseconds(3)});
  counted.count({.method = "GET",
                 .route = "/api/v1/search",
                 .target = {},
                 .address = {},
                 .request_id = {},
                 .status = 200,
                 .bytes = 12,
                 .took = std::chrono::milliseconds(30)});
  counted.count({.method = "-", .route = "-", .target = {}, .address = {}, .request_id = {}, .status = 400});
  auto r = api.get("/metrics");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(r.fields[bhttp::field::content_type], "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(r.fields[bhttp::field::cache_control], "no-store");
  std::string text(r.bytes());
  for (const char* line : {
           "# TYPE rapporteur_http_requests_total counter\n",
           "rapporteur_http_requests_total{method=\"GET\",route=\"/api/v1/search\",status=\"200\"} 2\n",
           "rapporteur_http_requests_total{method=\"-\",route=\"-\",status=\"400\"} 1\n",
           "rapporteur_http_response_bytes_total{route=\"/api/v1/search\"} 512\n",
           "rapporteur_http_request_duration_seconds_bucket{route=\"/api/v1/search\",le=\"0.005\"} 1\n",
           "rapporteur_http_request_duration_seconds_count{route=\"/api/v1/search\"} 2\n",
           "rapporteur_search_queue_length 0\n",
           "rapporteur_search_threads 1\n",
           "rapporteur_index_up 1\n",
           "rapporteur_index_revision 1\n",
           "rapporteur_index_articles 9\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("rapporteur_result_cache_requests_total{")));
  for (const char* secret : {"zqmarker", "203.0.113.7", "zqid"}) EXPECT_THAT(text, Not(HasSubstr(secret)));
  result_cache results(1 << 20);
  api.wiring().results = &results;
  api.scripted.search = [&api](const search::request&) -> result<search::answer> {
    search::answer a;
    a.index = *api.scripted.state();
    return a;
  };
  for (int i = 0; i < 3; ++i) api.get("/api/v1/search?q=camps");
  api.get("/metrics");  // a counter counts on from where it is
  text = api.get("/metrics").bytes();
  for (const char* line : {
           "rapporteur_result_cache_requests_total{outcome=\"hit\"} 2\n",
           "rapporteur_result_cache_requests_total{outcome=\"miss\"} 1\n",
           "rapporteur_result_cache_answers 1\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  api.scripted.state = []() -> result<search::index_state> { return error{errc::index_damaged, "broken"}; };
  r = api.get("/metrics");
  EXPECT_THAT(std::string(r.bytes()), HasSubstr("rapporteur_index_up 0\n"));
}

}  // namespace
}  // namespace rapporteur::api
