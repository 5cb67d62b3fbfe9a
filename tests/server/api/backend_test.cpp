#include "server/api/backend.hpp"

#include "tests/server/api/api_under_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace rapporteur::api {
namespace {

using test::api_under_test;
using test::code;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(backends, an_index_that_appears_is_picked_up) {
  api_under_test api;
  bool there = false;
  api.scripted.open = [&there]() -> result<void> {
    if (!there) return error{errc::index_missing, "/srv/index: no index"};
    return {};
  };
  auto r = api.get("/api/v1/search?q=a");
  EXPECT_EQ(r.status, 503U);
  EXPECT_EQ(code(r), "index_missing");
  EXPECT_EQ(code(api.get("/readyz")), "index_missing");
  EXPECT_EQ(code(api.get("/api/v1/articles/x")), "index_missing");
  there = true;
  EXPECT_EQ(api.get("/api/v1/search?q=a").status, 200U);
  EXPECT_EQ(api.get("/readyz").status, 200U);
}

TEST(backends, what_is_wrong_is_logged_once_and_so_is_its_end) {
  api_under_test api;
  errc wrong = errc::index_missing;
  bool fails = true;
  api.scripted.open = [&]() -> result<void> {
    if (fails) return error{wrong, "at /srv/index"};
    return {};
  };
  for (int i = 0; i < 3; ++i) api.get("/readyz");
  wrong = errc::index_mismatch;
  for (int i = 0; i < 3; ++i) api.get("/readyz");
  fails = false;
  for (int i = 0; i < 3; ++i) api.get("/readyz");
  EXPECT_THAT(api.events(),
              ElementsAre("index_missing: at /srv/index", "index_mismatch: at /srv/index", "the index answers again"));
}

TEST(backends, one_that_failed_is_opened_anew_and_one_that_refused_is_not) {
  api_under_test api;
  int opened = 0;
  api.scripted.open = [&opened]() -> result<void> {
    ++opened;
    return {};
  };
  for (const auto code : k_all_errc) {
    api.scripted.search = [code](const search::request&) -> result<search::answer> { return error{code, ""}; };
    api.get("/api/v1/search?q=a");
    opened = 0;
    api.get("/readyz");
    const bool keeps = row_of(code).status < 500 || code == errc::index_changing || code == errc::overloaded ||
                       code == errc::deadline_exceeded;
    EXPECT_EQ(opened, keeps ? 0 : 1) << to_string(code);
  }
}

TEST(backends, a_refused_request_is_not_logged) {
  api_under_test api;
  api.scripted.search = [](const search::request&) -> result<search::answer> {
    return error{errc::invalid_argument, "the word secret"};
  };
  api.get("/api/v1/search?q=secret");
  EXPECT_TRUE(api.events().empty());
}

TEST(backends, an_exception_in_search_is_a_500_without_its_text) {
  api_under_test api;
  api.scripted.search = [](const search::request&) -> result<search::answer> { throw std::runtime_error("secret"); };
  const auto r = api.get("/api/v1/search?q=a");
  EXPECT_EQ(r.status, 500U);
  EXPECT_EQ(code(r), "internal");
  EXPECT_EQ(r.bytes().find("secret"), std::string_view::npos);
  EXPECT_THAT(api.events(), ElementsAre(AllOf(HasSubstr("internal: "), Not(HasSubstr("secret")))));
  api.scripted.search = [](const search::request&) { return result<search::answer>(search::answer{}); };
  EXPECT_EQ(api.get("/api/v1/search?q=a").status, 200U);
}

TEST(backends, reopen_all_opens_each_once_before_its_next_use) {
  api_under_test api;
  int opened = 0;
  api.scripted.open = [&opened]() -> result<void> {
    ++opened;
    return {};
  };
  api.get("/readyz");
  api.get("/readyz");
  EXPECT_EQ(opened, 1);
  api.backends().reopen_all();
  EXPECT_EQ(opened, 1);
  api.get("/readyz");
  api.get("/readyz");
  EXPECT_EQ(opened, 2);
}

TEST(backends, an_idle_one_keeps_up_if_it_is_open) {
  api_under_test api;
  int opened = 0;
  int looked = 0;
  bool fails = false;
  api.scripted.open = [&opened]() -> result<void> {
    ++opened;
    return {};
  };
  api.scripted.state = [&]() -> result<search::index_state> {
    ++looked;
    if (fails) return error{errc::index_damaged, "gone"};
    return search::index_state{};
  };
  api.backends().keep_up(0);
  EXPECT_EQ(opened, 0) << "nobody has asked yet";
  api.get("/readyz");
  EXPECT_EQ(looked, 1);
  api.backends().keep_up(0);
  EXPECT_EQ(looked, 2);
  api.backends().reopen_all();
  api.backends().keep_up(0);
  EXPECT_EQ(opened, 2) << "what is to be opened anew is not kept";
  fails = true;
  api.backends().keep_up(0);
  api.backends().keep_up(0);
  EXPECT_EQ(looked, 4) << "one that failed is closed, and left alone";
  EXPECT_THAT(api.events(), ElementsAre("index_damaged: gone"));
}

TEST(open_index, tells_that_there_is_none) {
  const auto r = open_index(std::filesystem::temp_directory_path() / "rapporteur_no_index_here", {})();
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::index_missing);
}

}  // namespace
}  // namespace rapporteur::api
