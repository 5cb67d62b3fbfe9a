#include "server/http/router.hpp"

#include "server/http/problem.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <functional>
#include <span>
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

// Whoever found the problem: a route, the fallback, the router itself, or who refused to read the request.
TEST_F(router_test, problems_below_a_path_can_be_made_pages) {
  router r;
  fill(r);
  r.add({bhttp::verb::get, "/pages/refuses", [](const request&) -> asio::awaitable<response> {
           co_return make_problem({.status = 400, .code = "malformed", .detail = "no"});
         }});
  r.add({bhttp::verb::get, "/pages/throws", [](const request&) -> asio::awaitable<response> {
           throw std::runtime_error("secret");
           co_return response{};
         }});
  r.add({bhttp::verb::get, "/pages/fine", says("fine")});
  r.set_problem_pages("pages", [](const request& q, response& answer) {
    if (q.segments.back() == "fails") {
      answer.body = "half a page";
      throw std::runtime_error("secret");
    }
    answer.body = "page";
    answer.set(bhttp::field::content_type, "text/html");
  });
  struct row {
    bhttp::verb method;
    std::string_view path;
    unsigned status;
    bool is_page;
  };
  constexpr row k_rows[] = {
      {bhttp::verb::get, "/pages/refuses", 400, true}, {bhttp::verb::get, "/pages/throws", 500, true},
      {bhttp::verb::get, "/pages/nothing", 404, true}, {bhttp::verb::get, "/pages", 404, true},
      {bhttp::verb::post, "/pages/fine", 405, true},   {bhttp::verb::unknown, "/pages/fine", 501, true},
      {bhttp::verb::get, "/pages/fails", 404, false},  {bhttp::verb::get, "/throws", 500, false},
      {bhttp::verb::get, "/pagesofours", 404, false},  {bhttp::verb::get, "/a/pages", 404, false},
      {bhttp::verb::post, "/articles/a", 405, false},
  };
  for (const auto& row : k_rows) {
    const auto a = ask(r, row.method, row.path);
    EXPECT_EQ(a.status, row.status) << row.path;
    EXPECT_EQ(a.body == "page", row.is_page) << row.path << ' ' << a.body;
    EXPECT_EQ(is_problem(a), !row.is_page) << row.path;
    EXPECT_EQ(a.fields.count(bhttp::field::allow) != 0, row.status == 405) << row.path;
  }
  EXPECT_EQ(ask(r, bhttp::verb::get, "/pages/fine").body, "fine");
  request q;
  q.segments = {"pages", "x"};
  auto refusal = make_problem({.status = 413, .code = "body_too_large", .detail = "no"});
  r.complete(q, refusal);
  EXPECT_EQ(refusal.body, "page");
  EXPECT_EQ(refusal.status, 413U);
  EXPECT_EQ(refusal.fields["Referrer-Policy"], "no-referrer");
}

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

struct cors_row {
  std::string_view path, method, origin;
  std::string_view allowed_origin;  ///< empty: none
  std::string_view allowed_methods;
};

/// A preflight and the request that it is for, over the routes of fill and some with origins of their own.
void check_cors(
    const std::vector<std::string>& origins, const std::vector<std::string>& writers, std::span<const cors_row> rows,
    const std::function<response(const router&, bhttp::verb, std::string_view, const bhttp::fields&)>& ask) {
  router r(origins);
  r.add({bhttp::verb::get, "/search", says("found")});
  r.add({bhttp::verb::get, "/articles/{id}", says("article")});
  r.add({.method = bhttp::verb::delete_, .pattern = "/articles/{id}", .run = says("gone"), .cors_origins = writers});
  r.set_fallback("web", says("page"));
  for (const auto& row : rows) {
    const std::string name = std::string(row.path) + ' ' + std::string(row.method) + ' ' + std::string(row.origin);
    bhttp::fields fields;
    fields.set(bhttp::field::origin, row.origin);
    const auto plain = ask(r, bhttp::string_to_verb(row.method), row.path, fields);
    EXPECT_EQ(plain.status, 200U) << name;
    EXPECT_EQ(std::string(plain.fields[bhttp::field::access_control_allow_origin]), row.allowed_origin) << name;
    EXPECT_EQ(plain.fields.count(bhttp::field::access_control_allow_credentials), 0U) << name;
    const std::string exposed(plain.fields[bhttp::field::access_control_expose_headers]);
    for (const std::string_view header : {"ETag", "Link", "X-Request-Id", "Retry-After"}) {
      EXPECT_EQ(exposed.find(header) != std::string::npos, !row.allowed_origin.empty()) << name << header;
    }
    fields.set(bhttp::field::access_control_request_method, row.method);
    const auto preflight = ask(r, bhttp::verb::options, row.path, fields);
    EXPECT_EQ(preflight.status, 204U) << name;
    EXPECT_EQ(std::string(preflight.fields[bhttp::field::access_control_allow_origin]), row.allowed_origin) << name;
    EXPECT_EQ(std::string(preflight.fields[bhttp::field::access_control_allow_methods]), row.allowed_methods) << name;
  }
}

TEST_F(router_test, cors_is_off_unless_configured) {
  constexpr cors_row k_rows[] = {
      {"/search", "GET", "https://news.example", "", ""},
      {"/articles/a", "DELETE", "https://news.example", "", ""},
      {"/nothing", "GET", "https://news.example", "", ""},
  };
  check_cors({}, {}, k_rows, ask);
  router r;
  fill(r);
  bhttp::fields fields;
  fields.set(bhttp::field::origin, "https://news.example");
  EXPECT_EQ(ask(r, bhttp::verb::get, "/search", fields).fields.count(bhttp::field::vary), 0U);
}

TEST_F(router_test, cors_lets_the_configured_origins_read) {
  constexpr cors_row k_rows[] = {
      {"/search", "GET", "https://news.example", "https://news.example", "GET, HEAD"},
      {"/search", "HEAD", "https://news.example", "https://news.example", "GET, HEAD"},
      {"/nothing", "GET", "https://news.example", "https://news.example", "GET, HEAD"},
      {"/search", "GET", "https://evil.example", "", ""},
      {"/search", "GET", "https://news.example.evil", "", ""},
      {"/search", "GET", "http://news.example", "", ""},
      {"/search", "GET", "null", "", ""},
      {"/articles/a", "GET", "https://news.example", "https://news.example", "GET, HEAD"},
      {"/articles/a", "DELETE", "https://news.example", "", ""},
  };
  check_cors({"https://news.example", "https://b.example"}, {}, k_rows, ask);
  router r({"https://news.example"});
  fill(r);
  EXPECT_EQ(ask(r, bhttp::verb::get, "/search").fields[bhttp::field::vary], "Origin") << "a cache must not mix them up";
}

TEST_F(router_test, cors_of_a_route_that_writes_is_apart) {
  constexpr cors_row k_rows[] = {
      {"/articles/a", "GET", "https://any.example", "*", "GET, HEAD"},
      {"/articles/a", "DELETE", "https://any.example", "", ""},
      {"/articles/a", "DELETE", "https://desk.example", "https://desk.example", "GET, HEAD, DELETE"},
      {"/search", "GET", "https://any.example", "*", "GET, HEAD"},
  };
  // A page that asks for what it may not gets no grant, whatever else the address has.
  constexpr cors_row k_preflights_only_refused[] = {{"/articles/a", "DELETE", "https://any.example", "", ""}};
  check_cors({"*"}, {"https://desk.example"}, k_rows, ask);
  check_cors({"*"}, {}, k_preflights_only_refused, ask);
}

TEST_F(router_test, refuses_what_accept_leaves_nothing_of) {
  router r;
  r.add({.method = bhttp::verb::get, .pattern = "/data", .run = says("data"), .produces = {"application/json"}});
  r.add({.method = bhttp::verb::get, .pattern = "/any", .run = says("any")});
  r.set_fallback("web", says("page"));
  struct row {
    std::string_view path;
    bhttp::field name;
    std::string_view value;
    unsigned status;
  };
  constexpr row k_rows[] = {
      {"/data", bhttp::field::accept, "application/json", 200},
      {"/data", bhttp::field::accept, "text/html, */*;q=0.1", 200},
      {"/data", bhttp::field::accept, "text/html", 406},
      {"/data", bhttp::field::accept, "application/json;q=0, */*", 406},
      {"/any", bhttp::field::accept, "image/png", 200},
      {"/page", bhttp::field::accept, "image/png", 200},
      {"/data", bhttp::field::accept_encoding, "identity;q=0", 406},
      {"/data", bhttp::field::accept_encoding, "*;q=0", 406},
      {"/data", bhttp::field::accept_encoding, "identity;q=0, gzip", 200},
      {"/page", bhttp::field::accept_encoding, "*;q=0", 406},
  };
  for (const auto& row : k_rows) {
    bhttp::fields fields;
    fields.set(row.name, row.value);
    const auto answer = ask(r, bhttp::verb::get, row.path, fields);
    EXPECT_EQ(answer.status, row.status) << row.path << row.value;
    EXPECT_EQ(answer.body.find(R"("code":"not_acceptable")") != std::string::npos, row.status == 406) << row.value;
  }
}

// Once they were read as if they were not.
TEST_F(router_test, takes_no_coded_bodies) {
  router r;
  r.add({bhttp::verb::post, "/form", says("form")});
  for (const auto& [coding, status] : {std::pair{"gzip", 415U}, {"br, gzip", 415U}, {"x", 415U}, {"Identity", 200U}}) {
    bhttp::fields fields;
    fields.set(bhttp::field::content_encoding, coding);
    const auto answer = ask(r, bhttp::verb::post, "/form", fields);
    EXPECT_EQ(answer.status, status) << coding;
    EXPECT_EQ(answer.fields[bhttp::field::accept_encoding], status == 415 ? "identity" : "") << coding;
    request q;
    q.method = bhttp::verb::post;
    q.segments = {"form"};
    EXPECT_EQ(r.admit(q, fields).refusal.has_value(), status == 415) << coding << ": before the body is read";
  }
}

}  // namespace
}  // namespace rapporteur::http
