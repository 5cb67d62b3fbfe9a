#include "server/http/problem.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace rapporteur::http {
namespace {

TEST(make_problem, has_the_members_of_rfc_9457_and_ours) {
  const auto r = make_problem({.status = 400,
                               .code = "invalid_argument",
                               .detail = "limit must be a \"number\"",
                               .parameter = "limit",
                               .retry_after = {}});
  EXPECT_EQ(r.status, 400U);
  EXPECT_EQ(r.fields[bhttp::field::content_type], "application/problem+json");
  EXPECT_EQ(r.fields[bhttp::field::cache_control], "no-store");
  EXPECT_EQ(r.fields.count(bhttp::field::retry_after), 0U);
  const auto expected = boost::json::parse(R"({"type":"about:blank","title":"Bad Request","status":400,
      "detail":"limit must be a \"number\"","code":"invalid_argument","parameter":"limit"})");
  EXPECT_EQ(boost::json::parse(r.body), expected);
}

TEST(make_problem, leaves_out_what_is_absent_and_tells_when_to_try_again) {
  const auto r = make_problem(
      {.status = 503, .code = "overloaded", .detail = "busy", .parameter = {}, .retry_after = std::chrono::seconds(3)});
  EXPECT_EQ(r.fields[bhttp::field::retry_after], "3");
  EXPECT_FALSE(boost::json::parse(r.body).as_object().contains("parameter"));
}

}  // namespace
}  // namespace rapporteur::http
