// The document against the table of routes, the codes and the parameters of the source. tests/web/openapi_test.mjs
// holds it against a running server.
#include "server/api/openapi.hpp"

#include "server/api/routes.hpp"
#include "server/search/cursor.hpp"
#include "tests/server/api/api_under_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace rapporteur::api {
namespace {

namespace bhttp = http::bhttp;
namespace fs = std::filesystem;
using boost::json::value;
using test::api_under_test;

value document(const settings& s = {}, std::string_view prefix = {}) {
  return boost::json::parse(openapi_document(s, prefix));
}

std::string method_of(const route_row& row) {
  std::string name(bhttp::to_string(row.method));
  for (auto& c : name) c = static_cast<char>(c | 0x20);
  return name;
}

std::string sources(const char* folder) {
  std::string all;
  for (const auto& entry : fs::directory_iterator(fs::path(RAPPORTEUR_SOURCE_DIR) / folder)) {
    if (entry.path().extension() != ".cpp") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    all += text.str();
  }
  return all;
}

TEST(openapi, has_every_route_of_the_table_and_no_other) {
  const auto d = document();
  std::set<std::string> told;
  for (const auto& [path, methods] : d.at("paths").as_object()) {
    for (const auto& [method, about] : methods.as_object()) told.insert(std::string(method) + ' ' + std::string(path));
  }
  std::set<std::string> served;
  for (const auto& row : all_routes()) served.insert(method_of(row) + ' ' + std::string(row.pattern));
  EXPECT_EQ(told, served);
}

TEST(openapi, names_every_parameter_of_every_path) {
  const auto d = document();
  for (const auto& row : all_routes()) {
    const auto& about = d.at("paths").at(std::string(row.pattern)).at(method_of(row)).as_object();
    std::set<std::string> told;
    if (const auto* parameters = about.if_contains("parameters")) {
      for (const auto& p : parameters->as_array()) {
        ASSERT_TRUE(p.as_object().contains("name")) << row.pattern << ": a parameter that no row describes";
        if (p.at("in") == "path") told.insert(std::string(p.at("name").as_string()));
      }
    }
    std::set<std::string> in_pattern;
    const std::string pattern(row.pattern);
    const std::regex braces("\\{(\\w+)\\}");
    for (std::sregex_iterator at(pattern.begin(), pattern.end(), braces), end; at != end; ++at)
      in_pattern.insert((*at)[1]);
    EXPECT_EQ(told, in_pattern) << row.pattern;
  }
}

// What the server takes is known only to its reader of parameters, so every word of its source is tried as one.
TEST(openapi, knows_every_parameter_that_the_server_takes) {
  std::set<std::string> words{"page", "cursor", "format", "callback"};
  const auto text = sources("server/api");
  const std::regex literal("\"([a-z][a-z_.]{0,30})\"");
  for (std::sregex_iterator at(text.begin(), text.end(), literal), end; at != end; ++at) words.insert((*at)[1]);
  // The filters tag.NAME are told together, as "tags".
  words.erase("tags");
  words.erase("tag.");
  words.insert("tag.country");
  ASSERT_TRUE(words.contains("snippet_chars") && words.contains("expand"));
  api_under_test api;
  const auto d = document(api.options);
  for (const auto& row : all_routes()) {
    if (row.admit != nullptr || row.method != bhttp::verb::get || row.pattern == "/metrics") continue;
    std::set<std::string> told;
    const auto& about = d.at("paths").at(std::string(row.pattern)).at("get").as_object();
    if (const auto* parameters = about.if_contains("parameters")) {
      for (const auto& p : parameters->as_array()) {
        if (p.at("in") == "query") told.insert(std::string(p.at("name").as_string()));
      }
    }
    if (told.contains("tags")) told.insert("tag.country");
    const auto target = std::regex_replace(std::string(row.pattern), std::regex("\\{\\w+\\}"), "x");
    for (const auto& word : words) {
      const auto r = api.get(target + '?' + word + "=1");
      const bool unknown = r.status == 400 && r.body.find("There is no parameter") != std::string::npos;
      EXPECT_EQ(told.contains(word), !unknown) << row.pattern << " " << word;
    }
  }
}

TEST(problem_codes, have_one_status_and_are_all_told) {
  const auto codes = all_problem_codes();
  std::map<std::string, unsigned> known;
  for (const auto& c : codes) {
    EXPECT_TRUE(known.emplace(c.code, c.status).second) << c.code << " is there twice";
  }
  const auto d = document();
  std::set<std::string> told;
  for (const auto& [path, methods] : d.at("paths").as_object()) {
    for (const auto& [method, about] : methods.as_object()) {
      for (const auto& [status, response] : about.at("responses").as_object()) {
        const auto* content = response.as_object().if_contains("content");
        if (content == nullptr || !content->as_object().contains("application/problem+json")) continue;
        const auto& narrowed = content->at("application/problem+json").at("schema").at("allOf").at(1).at("properties");
        for (const auto& code : narrowed.at("code").at("enum").as_array()) {
          told.insert(std::string(code.as_string()));
          EXPECT_EQ(std::to_string(known.at(std::string(code.as_string()))), std::string(status)) << path;
        }
      }
    }
  }
  // Of methods and framings that no route has.
  for (const char* elsewhere :
       {"method_not_allowed", "method_unknown", "transfer_coding_unknown", "version_not_supported"}) {
    EXPECT_TRUE(known.contains(elsewhere));
    told.insert(elsewhere);
  }
  std::set<std::string> all;
  for (const auto& [code, status] : known) all.insert(code);
  EXPECT_EQ(told, all);
  EXPECT_EQ(d.at("components").at("schemas").at("Problem").at("x-codes").as_array().size(), codes.size());
}

TEST(problem_codes, of_the_source_are_in_the_table_with_their_status) {
  std::map<std::string, unsigned> known;
  for (const auto& c : all_problem_codes()) known.emplace(c.code, c.status);
  std::set<std::string> used;
  const auto text = sources("server/api") + sources("server/http") + sources("server/search");
  const std::regex made(R"re(\.status = (\d+),\s*\.code = "([a-z_]+)")re");
  for (std::sregex_iterator at(text.begin(), text.end(), made), end; at != end; ++at) {
    const std::string code = (*at)[2];
    used.insert(code);
    ASSERT_TRUE(known.contains(code)) << code;
    EXPECT_EQ(known.at(code), std::stoul((*at)[1])) << code;
  }
  for (const auto& row : http::transport_problems()) EXPECT_TRUE(used.contains(std::string(row.code))) << row.code;
  for (const char* own : {"unauthorized", "inbox_off", "unsupported_media_type", "inbox_full"}) {
    EXPECT_TRUE(used.contains(own)) << own;
  }
}

TEST(problem_codes, are_all_in_the_table_of_the_documentation) {
  std::ostringstream text;
  text << std::ifstream(fs::path(RAPPORTEUR_SOURCE_DIR) / "docs/api.md").rdbuf();
  const auto all = text.str();
  for (const auto& c : all_problem_codes()) {
    const std::regex row("\\n\\| " + std::to_string(c.status) + " \\|[^\\n|]*`" + std::string(c.code) + '`');
    EXPECT_TRUE(std::regex_search(all, row)) << c.code;
  }
}

TEST(routes, are_all_in_the_table_of_the_documentation) {
  std::ostringstream text;
  text << std::ifstream(fs::path(RAPPORTEUR_SOURCE_DIR) / "docs/api.md").rdbuf();
  for (const auto& row : all_routes()) {
    EXPECT_THAT(text.str(), testing::HasSubstr('`' + std::string(row.pattern) + '`'));
  }
}

TEST(openapi, has_the_bounds_of_the_configuration_and_the_prefix_of_the_request) {
  settings s;
  s.limits.max_limit = 33;
  s.default_limit = 7;
  s.default_expand = false;
  const auto d = document(s, "/archive");
  EXPECT_EQ(d.at("servers").at(0).at("url"), "/archive");
  EXPECT_EQ(document().at("servers").at(0).at("url"), "/");
  for (const auto& p : d.at("paths").at("/api/v1/search").at("get").at("parameters").as_array()) {
    if (p.at("name") == "limit") {
      EXPECT_EQ(p.at("schema").at("maximum"), 33);
      EXPECT_EQ(p.at("schema").at("default"), 7);
    }
    if (p.at("name") == "expand") {
      EXPECT_EQ(p.at("schema").at("default"), "off");
    }
  }
  api_under_test api;
  api.from.prefix = "/news";
  const auto r = api.get("/openapi.json");
  EXPECT_EQ(test::json(r).at("servers").at(0).at("url"), "/news");
  bhttp::fields held;
  held.set(bhttp::field::if_none_match, r.fields[bhttp::field::etag]);
  EXPECT_EQ(api.get("/openapi.json", held).status, 304U);
  api.from.prefix = "";
  EXPECT_EQ(api.get("/openapi.json", held).status, 200U);
}

TEST(openapi, tells_both_media_types_of_a_route_that_has_two_and_they_are_all_it_takes) {
  const auto d = document();
  for (const char* method : {"get", "post"}) {
    const auto& content = d.at("paths").at("/api/v1/suggest").at(method).at("responses").at("200").at("content");
    EXPECT_EQ(content.as_object().size(), 2U);
    EXPECT_TRUE(content.as_object().contains("application/json"));
    EXPECT_TRUE(content.as_object().contains("application/x-suggestions+json"));
  }
  api_under_test api;
  const auto status = [&api](std::string_view target, std::string_view accept) {
    bhttp::fields fields;
    fields.set(bhttp::field::accept, accept);
    return api.get(target, fields).status;
  };
  EXPECT_EQ(status("/api/v1/suggest?q=a", "application/json"), 200U);
  EXPECT_EQ(status("/api/v1/suggest?q=a&format=opensearch", "application/x-suggestions+json"), 200U);
  EXPECT_EQ(status("/api/v1/suggest?q=a", "text/csv"), 406U);
  EXPECT_EQ(status("/api/v1/search.csv", "text/csv"), 200U);
  EXPECT_EQ(status("/api/v1/search.csv", "application/json"), 406U);
  EXPECT_EQ(status("/api/v1/search.atom", "application/atom+xml"), 200U);
}

TEST(openapi, tells_a_form_as_it_tells_a_query) {
  const auto d = document();
  for (const auto& [path, methods] : d.at("paths").as_object()) {
    const auto* post = methods.as_object().if_contains("post");
    const auto* get = methods.as_object().if_contains("get");
    if (post == nullptr || get == nullptr) continue;
    const auto& form = post->at("requestBody").at("content").at("application/x-www-form-urlencoded").at("schema");
    std::set<std::string> needed;
    std::size_t properties = 0;
    for (const auto& p : get->at("parameters").as_array()) {
      const std::string name(p.at("name").as_string());
      if (p.as_object().contains("required")) needed.insert(name);
      if (name == "tags") {
        EXPECT_EQ(form.at("patternProperties"), p.at("schema").at("patternProperties")) << path;
        continue;
      }
      EXPECT_EQ(form.at("properties").at(name), p.at("schema")) << path << " " << name;
      ++properties;
    }
    EXPECT_EQ(form.at("properties").as_object().size(), properties) << path;
    std::set<std::string> told;
    if (const auto* required = form.as_object().if_contains("required")) {
      for (const auto& name : required->as_array()) told.insert(std::string(name.as_string()));
    }
    EXPECT_EQ(told, needed) << path;
  }
}

TEST(links, of_answers_have_the_prefix) {
  api_under_test api;
  api.from.prefix = "/archive";
  search::cursor behind;
  api.scripted.search = [&behind](const search::request& r) -> result<search::answer> {
    behind.request = search::fingerprint_of(r);
    behind.order = r.sort;
    search::answer a;
    a.total = 99;
    a.hits.resize(10);
    a.next = behind;
    return a;
  };
  EXPECT_EQ(test::json(api.get("/api/v1/search?q=a")).at("next"), "/archive/api/v1/search?q=a&offset=10");
  const auto by_date = test::json(api.get("/api/v1/search?q=a&sort=newest"));
  const std::string cursor = search::to_string(behind);
  EXPECT_EQ(std::string(by_date.at("next").as_string()), "/archive/api/v1/search?q=a&sort=newest&cursor=" + cursor);
  EXPECT_EQ(std::string(by_date.at("next_cursor").as_string()), cursor);
  api.scripted.search = [](const search::request&) -> result<search::answer> { return search::answer{}; };
  EXPECT_TRUE(test::json(api.get("/api/v1/search?q=a")).at("next").is_null());
}

}  // namespace
}  // namespace rapporteur::api
