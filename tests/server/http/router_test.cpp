#include "server/http/router.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>

namespace rapporteur::http {
namespace {

handler says(std::string text) {
  return [text = std::move(text)](const request& q) -> asio::awaitable<response> {
    response r;
    r.body = text;
    for (const auto& p : q.parameters) r.body += ":" + p;
    co_return r;
  };
}

class router_test : public testing::Test {
 protected:
  static void fill(router& r) {
    r.add({bhttp::verb::get, "/", says("root")});
    r.add({bhttp::verb::get, "/search", says("get search")});
    r.add({bhttp::verb::post, "/search", says("post search")});
    r.add({bhttp::verb::get, "/articles/{id}", says("article")});
    r.add({bhttp::verb::get, "/articles/{id}/snippets", says("snippets")});
    r.add({bhttp::verb::get, "/throws", [](const request&) -> asio::awaitable<response> {
             throw std::runtime_error("secret");
             co_return response{};
           }});
  }

  static response ask(const router& r, bhttp::verb method, std::string_view path, const bhttp::fields& fields = {}) {
    request q;
    q.method = method;
    q.fields = fields;
    q.segments = split_path(path).value();
    response answer;
    asio::io_context io;
    asio::co_spawn(io, r.dispatch(q), [&answer](const std::exception_ptr& e, response got) {
      if (e) std::rethrow_exception(e);
      answer = std::move(got);
    });
    io.run();
    return answer;
  }
};

TEST_F(router_test, finds_the_row_and_its_parameters) {
  router r;
  fill(r);
  r.set_fallback("web", says("fallback"));
  struct row {
    bhttp::verb method;
    std::string_view path, body, route;
  };
  constexpr row k_rows[] = {
      {bhttp::verb::get, "/", "root", "/"},
      {bhttp::verb::get, "/search", "get search", "/search"},
      {bhttp::verb::head, "/search", "get search", "/search"},
      {bhttp::verb::post, "/search", "post search", "/search"},
      {bhttp::verb::get, "/%73earch", "get search", "/search"},
      {bhttp::verb::get, "/articles/un-1", "article:un-1", "/articles/{id}"},
      {bhttp::verb::get, "/articles/a%2Fb%20c", "article:a/b c", "/articles/{id}"},
      {bhttp::verb::get, "/articles/x/snippets", "snippets:x", "/articles/{id}/snippets"},
      {bhttp::verb::get, "/articles/", "fallback", "web"},
      {bhttp::verb::get, "/articles", "fallback", "web"},
      {bhttp::verb::get, "/search/", "fallback", "web"},
      {bhttp::verb::get, "/articles/%7Bid%7D", "article:{id}", "/articles/{id}"},
      {bhttp::verb::get, "/Search", "fallback", "web"},
  };
  for (const auto& row : k_rows) {
    const auto answer = ask(r, row.method, row.path);
    EXPECT_EQ(answer.status, 200U) << row.path;
    EXPECT_EQ(answer.body, row.body) << row.path;
    EXPECT_EQ(answer.route, row.route) << row.path;
  }
}

TEST_F(router_test, says_which_methods_a_path_takes) {
  router r;
  fill(r);
  struct row {
    bhttp::verb method;
    std::string_view path;
    unsigned status;
    std::string_view allow;
  };
  constexpr row k_rows[] = {
      {bhttp::verb::delete_, "/search", 405, "GET, HEAD, POST, OPTIONS"},
      {bhttp::verb::post, "/articles/1", 405, "GET, HEAD, OPTIONS"},
      {bhttp::verb::connect, "/articles/1", 405, "GET, HEAD, OPTIONS"},
      {bhttp::verb::trace, "/", 405, "GET, HEAD, OPTIONS"},
      {bhttp::verb::post, "/nothing", 405, "GET, HEAD, OPTIONS"},
      {bhttp::verb::options, "/search", 204, "GET, HEAD, POST, OPTIONS"},
      {bhttp::verb::options, "/nothing", 204, "GET, HEAD, OPTIONS"},
      {bhttp::verb::unknown, "/search", 501, ""},
      {bhttp::verb::get, "/nothing", 404, ""},
  };
  for (const auto& row : k_rows) {
    const auto answer = ask(r, row.method, row.path);
    EXPECT_EQ(answer.status, row.status) << bhttp::to_string(row.method) << row.path;
    EXPECT_EQ(answer.fields[bhttp::field::allow], row.allow) << bhttp::to_string(row.method) << row.path;
  }
}

TEST_F(router_test, an_exception_becomes_a_problem_without_its_text) {
  router r;
  fill(r);
  const auto answer = ask(r, bhttp::verb::get, "/throws");
  EXPECT_EQ(answer.status, 500U);
  EXPECT_EQ(answer.body.find("secret"), std::string::npos);
  EXPECT_NE(answer.body.find(R"("code":"internal")"), std::string::npos);
}

TEST_F(router_test, every_answer_has_the_security_headers) {
  router r;
  fill(r);
  for (const std::string_view path : {"/", "/nothing", "/throws"}) {
    const auto answer = ask(r, bhttp::verb::get, path);
    EXPECT_EQ(answer.fields["Referrer-Policy"], "no-referrer") << path;
    EXPECT_EQ(answer.fields["X-Content-Type-Options"], "nosniff") << path;
    EXPECT_EQ(answer.fields["Cross-Origin-Opener-Policy"], "same-origin") << path;
    EXPECT_TRUE(answer.fields["Content-Security-Policy"].starts_with("default-src 'none'")) << path;
    EXPECT_EQ(answer.fields.count("Server"), 0U) << path;
  }
}

TEST_F(router_test, cors_is_off_unless_configured) {
  router r;
  fill(r);
  bhttp::fields fields;
  fields.set(bhttp::field::origin, "https://news.example");
  const auto answer = ask(r, bhttp::verb::get, "/search", fields);
  EXPECT_EQ(answer.fields.count(bhttp::field::access_control_allow_origin), 0U);
  EXPECT_EQ(answer.fields.count(bhttp::field::vary), 0U);
}

TEST_F(router_test, cors_lets_the_configured_origins_read) {
  router r({"https://news.example"});
  fill(r);
  bhttp::fields fields;
  fields.set(bhttp::field::origin, "https://news.example");
  auto answer = ask(r, bhttp::verb::get, "/search", fields);
  EXPECT_EQ(answer.fields[bhttp::field::access_control_allow_origin], "https://news.example");
  EXPECT_EQ(answer.fields[bhttp::field::vary], "Origin");

  fields.set(bhttp::field::access_control_request_method, "POST");
  answer = ask(r, bhttp::verb::options, "/search", fields);
  EXPECT_EQ(answer.status, 204U);
  EXPECT_EQ(answer.fields[bhttp::field::access_control_allow_methods], "GET, HEAD, POST, OPTIONS");

  for (const std::string_view other :
       {"https://evil.example", "https://news.example.evil", "null", "http://news.example"}) {
    fields.set(bhttp::field::origin, other);
    answer = ask(r, bhttp::verb::get, "/search", fields);
    EXPECT_EQ(answer.fields.count(bhttp::field::access_control_allow_origin), 0U) << other;
    EXPECT_EQ(answer.fields[bhttp::field::vary], "Origin") << other;
  }
}

}  // namespace
}  // namespace rapporteur::http
