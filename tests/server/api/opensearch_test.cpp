#include "server/api/opensearch.hpp"

#include "server/api/routes.hpp"
#include "tests/server/api/api_under_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rapporteur::api {
namespace {

namespace bhttp = http::bhttp;
using test::api_under_test;
using testing::HasSubstr;
using testing::Not;

TEST(opensearch, has_the_absolute_addresses_of_the_way_the_request_came) {
  api_under_test api;
  api.from.origin = "https://news.example:8443";
  api.from.prefix = "/archive";
  const auto r = api.get("/opensearch.xml");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(r.fields[bhttp::field::content_type], "application/opensearchdescription+xml");
  const std::string xml(r.bytes());
  EXPECT_THAT(xml, HasSubstr(R"(<Url type="text/html" method="get" rel="results" )"
                             R"(template="https://news.example:8443/archive/?q={searchTerms}"/>)"));
  EXPECT_THAT(xml, HasSubstr(R"(<Url type="application/json" method="get" )"
                             R"(template="https://news.example:8443/archive/api/v1/search?q={searchTerms}"/>)"));
  EXPECT_THAT(xml, HasSubstr(R"(<Image width="16" height="16" type="image/x-icon">)"
                             "https://news.example:8443/archive/favicon.ico</Image>"));
  // Chromium and Firefox ask for suggestions by this type; there is a template if there is a route.
  EXPECT_EQ(xml.find("application/x-suggestions+json") != std::string::npos, has_route("/api/v1/suggest"));
  EXPECT_LE(std::string_view("Rapporteur").size(), 16U) << "ShortName has at most 16 characters";
}

TEST(opensearch, nothing_of_a_request_becomes_markup) {
  api_under_test api;
  api.from.origin = "http://a'&<>\"b";
  const std::string xml(api.get("/opensearch.xml").bytes());
  EXPECT_THAT(xml, HasSubstr("http://a'&amp;&lt;&gt;&quot;b/"));
  EXPECT_THAT(xml, Not(HasSubstr(api.from.origin)));
}

TEST(opensearch, is_kept_by_its_etag_for_one_way_only) {
  api_under_test api;
  const auto first = api.get("/opensearch.xml");
  bhttp::fields held;
  held.set(bhttp::field::if_none_match, first.fields[bhttp::field::etag]);
  EXPECT_EQ(first.fields[bhttp::field::cache_control], "private, no-cache");
  EXPECT_EQ(api.get("/opensearch.xml", held).status, 304U);
  api.from.origin = "https://elsewhere.example";
  EXPECT_EQ(api.get("/opensearch.xml", held).status, 200U);
  EXPECT_EQ(api.get("/opensearch.xml?q=a").status, 400U);
}

}  // namespace
}  // namespace rapporteur::api
