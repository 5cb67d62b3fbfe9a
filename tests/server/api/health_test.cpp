#include "server/api/health.hpp"

#include "tests/server/api/api_under_test.hpp"

#include <gtest/gtest.h>

namespace rapporteur::api {
namespace {

namespace bhttp = http::bhttp;
using test::api_under_test;
using test::code;
using test::json;
using test::parameter;

TEST(healthz, never_asks_the_index) {
  api_under_test api;
  bool asked = false;
  api.scripted.open = [&asked]() -> result<void> {
    asked = true;
    return error{errc::index_damaged, "broken"};
  };
  const auto r = api.get("/healthz");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(json(r).at("status"), "ok");
  EXPECT_EQ(r.fields[bhttp::field::cache_control], "no-store");
  EXPECT_FALSE(asked);
  EXPECT_EQ(parameter(api.get("/healthz?q=a")), "q");
}

TEST(readyz, tells_the_state_of_the_index_or_what_is_wrong_with_it) {
  api_under_test api;
  auto r = api.get("/readyz");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(r.fields[bhttp::field::cache_control], "no-store");
  EXPECT_EQ(json(r).at("status"), "ready");
  EXPECT_EQ(json(r).at("index").at("revision"), 1);
  api.scripted.state = []() -> result<search::index_state> { return error{errc::index_damaged, "/secret: broken"}; };
  r = api.get("/readyz");
  EXPECT_EQ(r.status, 503U);
  EXPECT_EQ(code(r), "index_damaged");
  EXPECT_EQ(r.bytes().find("secret"), std::string_view::npos);
}

}  // namespace
}  // namespace rapporteur::api
