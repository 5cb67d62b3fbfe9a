// The plain pages over real articles, as the real server serves them.
#include "tests/http/programs.hpp"
#include "tests/server/http/decompress.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

namespace rapporteur::test {
namespace {

namespace fs = std::filesystem;
using http::test::raw_client;

const fs::path k_web = fs::path(RAPPORTEUR_SOURCE_DIR) / "web";

bool has(const http::test::answer& a, std::string_view text) {
  return a.body.find(text) != std::string::npos;
}

/// The texts of the page's marks.
std::vector<std::string> marks_of(const std::string& page) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while ((at = page.find("<mark", at)) != std::string::npos) {
    const auto begin = page.find('>', at) + 1;
    at = page.find("</mark>", begin);
    out.push_back(page.substr(begin, at - begin));
  }
  return out;
}

// What is found, counted and marked is what the API finds, counts and marks.
TEST(plain_pages, find_and_mark_what_the_api_does) {
  server_program server(sample_index());
  for (const std::string q : {"quintal", "tomas ibarra quintal", "\"ibarra quintal\"", "فارلاند", "한종운", "UN"}) {
    const auto json = server.get_json("/api/v1/search?limit=20&snippets=2&q=" + encode(q));
    const auto page = server.get("/plain/?q=" + encode(q));
    ASSERT_EQ(page.status, 200U) << page.body;
    const auto total = json.at("total").at("value").as_int64();
    ASSERT_GT(total, 0) << q;
    EXPECT_TRUE(has(page, std::to_string(total) + (total == 1 ? " article for" : " articles for"))) << q;
    std::vector<std::string> marks;
    const auto add = [&marks](const boost::json::value& runs) {
      for (const auto& run : runs.as_array()) {
        if (run.as_object().contains("match")) marks.emplace_back(run.at("text").as_string());
      }
    };
    for (const auto& hit : json.at("hits").as_array()) {
      add(hit.at("title"));
      for (const auto& snippet : hit.at("snippets").as_array()) add(snippet);
    }
    EXPECT_EQ(marks_of(page.body), marks) << q;
    const std::string id(json.at("hits").at(0).at("id").as_string());
    const auto article_json = server.get_json("/api/v1/articles/" + encode(id) + "?q=" + encode(q));
    marks.clear();
    add(article_json.at("title"));
    for (const auto& paragraph : article_json.at("paragraphs").as_array()) add(paragraph);
    const auto article = server.get("/plain/articles/" + encode(id) + "?q=" + encode(q));
    EXPECT_EQ(marks_of(article.body), marks) << q;
    EXPECT_TRUE(has(article, "<mark id=\"m" + std::to_string(marks.size()) + "\">")) << q;
    const std::string reference = "/api/v1/articles/" + encode(id) + "?format=ris";
    EXPECT_TRUE(has(article, "<a href=\"" + reference + "\">"));
    EXPECT_TRUE(has(server.get(reference), "TY  - "));
  }
}

TEST(plain_pages, the_start_page_says_what_there_is) {
  server_program server(sample_index());
  const auto page = server.get("/plain/");
  EXPECT_TRUE(has(page, "The Sample Courier (fictional)"));
  EXPECT_TRUE(has(page, "articles, as of "));
  EXPECT_FALSE(has(page, "class=\"hit\""));
  EXPECT_EQ(server.get("/plain").field("location"), "/plain/");
}

TEST(plain_pages, are_answered_as_other_answers_are) {
  server_program server(sample_index());
  const std::string target = "/plain/?q=quintal";
  const auto page = server.get(target);
  EXPECT_EQ(page.field("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.field("content-language"), "en");
  EXPECT_EQ(page.field("vary"), "Accept-Encoding, Accept-Language");
  EXPECT_EQ(page.field("referrer-policy"), "no-referrer");
  EXPECT_EQ(page.field("content-security-policy").find("script-src"), std::string::npos);
  EXPECT_EQ(http::test::gunzip(server.get(target, "Accept-Encoding: gzip\r\n").body), page.body);
  EXPECT_EQ(http::test::unbrotli(server.get(target, "Accept-Encoding: br\r\n").body), page.body);
  const auto held = server.get(target, "If-None-Match: " + page.field("etag") + "\r\n");
  EXPECT_EQ(held.status, 304U);
  EXPECT_EQ(held.field("content-security-policy"), page.field("content-security-policy"));
  EXPECT_EQ(server.get(target, "If-None-Match: " + page.field("etag") + "\r\nAccept-Language: ar\r\n").status, 200U);
  EXPECT_EQ(server.get(target, "Accept: application/json\r\n").status, 406U);
  raw_client client(server.port());
  const auto head = client.ask("HEAD " + target + " HTTP/1.1\r\nHost: test\r\n\r\n", false);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200U);
  EXPECT_EQ(head->field("content-length"), std::to_string(page.body.size()));
  const auto post = client.ask("POST /plain/ HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(post);
  EXPECT_EQ(post->status, 405U);
}

// Whatever is met below /plain is a page for those who take pages, also when it is refused before it was read whole.
TEST(plain_pages, whatever_is_refused_is_a_page) {
  server_program server(
      sample_index(), {},
      {.max_descriptors = {},
       .environment = {"RAPPORTEUR_SERVER_MAX_TARGET_SIZE=16384", "RAPPORTEUR_SERVER_MAX_HEADER_SIZE=32768",
                       "RAPPORTEUR_SERVER_MAX_BODY_SIZE=1024"}});
  const std::string browser =
      "Host: test\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: "
      "fr-FR,fr;q=0.8\r\n";
  struct row {
    std::string line, more;
    unsigned status;
    std::string says;
    std::string language = "fr";
  };
  const row rows[] = {
      {"GET /plain/nothing", "", 404, "Cette page n’existe pas"},
      {"GET /plain/articles/nothing?q=x", "", 404, "Cet article n’est pas dans les archives"},
      {"GET /plain/articles/", "", 404, "Cet article n’est pas dans les archives"},
      {"GET /plain/a/b/c", "", 404, "Cette page n’existe pas"},
      {"GET /plain/%zz", "", 400, "mal copiée"},
      {"GET /plain/articles/%E4%B", "", 400, "mal copiée"},
      {"GET /plain/?q=%", "", 400, "mal copiée"},
      {"GET /plain/help?x=1", "", 400, "<code dir=\"auto\">x</code>"},
      {"POST /plain/", "Content-Length: 3\r\n\r\nq=x", 405, "ne peut qu’être consultée"},
      {"PUT /plain/nothing", "Content-Length: 0\r\n", 405, "ne peut qu’être consultée"},
      {"POST /plain/", "Content-Length: 2000\r\n", 413, "Raccourcissez la requête"},
      {"POST /plain/", "Expect: much\r\nContent-Length: 2\r\n", 417, "attend quelque chose"},
      {"POST /plain/", "Transfer-Encoding: sealed\r\n", 501, "emballée"},
      {"BREW /plain/", "", 501, "ne connaît pas les demandes de ce genre"},
      {"GET /plain/help", "Accept-Encoding: identity;q=0, *;q=0\r\n", 406, "aucune des formes"},
      {"GET /plain/?q=" + std::string(20'000, 'a'), "", 414, "Raccourcissez la requête"},
      {"GET /plain/help", "X-Long: " + std::string(40'000, 'a') + "\r\n", 431, "Raccourcissez la requête"},
      // Of this one not even the languages were read.
      {"GET /plain/?q=" + std::string(60'000, 'a'), "", 414, "Shorten the query", "en"},
  };
  for (const auto& row : rows) {
    const auto name = row.line.substr(0, 40);
    raw_client client(server.port());
    const bool has_end = row.more.find("\r\n\r\n") != std::string::npos;
    const auto a = client.ask(row.line + " HTTP/1.1\r\n" + browser + row.more + (has_end ? "" : "\r\n"));
    ASSERT_TRUE(a) << name;
    EXPECT_EQ(a->status, row.status) << name;
    EXPECT_EQ(a->field("content-type"), "text/html; charset=utf-8") << name << a->body;
    EXPECT_EQ(a->field("content-language"), row.language) << name;
    EXPECT_EQ(a->field("allow"), row.status == 405 ? "GET, HEAD, OPTIONS" : "") << name;
    EXPECT_EQ(a->field("cache-control"), "no-store") << name;
    EXPECT_NE(a->field("vary").find("Accept-Language"), std::string::npos) << name;
    EXPECT_NE(a->field("content-security-policy").find("default-src 'none'; style-src 'self'; img-src"),
              std::string::npos)
        << name;
    EXPECT_EQ(a->field("referrer-policy"), "no-referrer") << name;
    EXPECT_TRUE(has(*a, row.says)) << name << a->body;
    EXPECT_TRUE(has(*a, "<form class=\"search\"")) << name << " must lead on";
  }
}

TEST(plain_pages, are_no_answer_for_who_takes_none) {
  server_program server(sample_index());
  for (const std::string target : {"/plain/nothing", "/plain/", "/plain/articles/nothing"}) {
    const auto a = server.get(target, "Accept: application/json\r\n");
    EXPECT_EQ(a.field("content-type"), "application/problem+json") << target;
    EXPECT_EQ(a.status, target == "/plain/nothing" ? 404U : 406U);
    EXPECT_EQ(a.field("vary"), "Accept") << target;
  }
  EXPECT_EQ(server.get("/plainer").field("content-type"), "application/problem+json");
  EXPECT_EQ(server.get("/api/v1/nothing", "Accept: text/html\r\n").field("content-type"), "application/problem+json");
  raw_client client(server.port());
  const auto head = client.ask("HEAD /plain/nothing HTTP/1.1\r\nHost: test\r\n\r\n", false);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 404U);
  EXPECT_EQ(head->field("content-length"), std::to_string(server.get("/plain/nothing").body.size()));
}

TEST(plain_pages, stand_in_a_folder_of_another_site) {
  server_program server(sample_index(), {},
                        {.max_descriptors = {}, .environment = {"RAPPORTEUR_SERVER_BASE_PATH=/archive"}});
  const auto page = server.get("/archive/plain/?q=quintal");
  EXPECT_TRUE(has(page, "href=\"/archive/plain/plain.css\""));
  EXPECT_TRUE(has(page, "href=\"/archive/plain/articles/"));
  EXPECT_FALSE(has(page, "href=\"/plain"));
  EXPECT_FALSE(has(page, "action=\"/plain"));
  EXPECT_EQ(server.get("/archive/plain/plain.css").status, 200U);
  for (const std::string target : {"/archive/plain/nothing", "/archive/plain/%zz"}) {
    const auto problem = server.get(target);
    EXPECT_TRUE(has(problem, "href=\"/archive/plain/plain.css\"")) << target;
    EXPECT_FALSE(has(problem, "href=\"/plain")) << target;
  }
  const auto too_long = server.get("/archive/plain/?q=" + std::string(60'000, 'a'));
  EXPECT_TRUE(has(too_long, "href=\"/archive/plain/plain.css\""));
}

TEST(plain_pages, leave_nothing_in_the_log) {
  server_program server(sample_index());
  EXPECT_EQ(server.get("/plain/?q=zqmarker&source=zqmarker").status, 200U);
  EXPECT_EQ(server.get("/plain/articles/zqmarker?q=zqmarker").status, 404U);
  EXPECT_EQ(server.get("/plain/?zqmarker=1&q=zqmarker").status, 400U);
  server.process().send_signal(SIGTERM);
  EXPECT_EQ(server.process().wait(), 0);
  const auto log = server.process().errors();
  EXPECT_NE(log.find("route=/plain/articles/{id}"), std::string::npos) << log;
  EXPECT_EQ(log.find("zqmarker"), std::string::npos) << log;
}

TEST(plain_pages, change_with_their_files_at_hangup_unless_these_are_broken) {
  const scratch_folder folder;
  const auto web = folder.path() / "web";
  fs::copy(k_web, web, fs::copy_options::recursive);
  server_program server(sample_index(), {"--web", web.string()});
  const auto etag = server.get("/plain/help").field("etag");
  std::ofstream(web / "plain/help.mustache") << "<p>{{t.help}}: ours</p>";
  server.process().send_signal(SIGHUP);
  server.process().await_error("event=reloaded");
  EXPECT_EQ(server.get("/plain/help").body, "<p>Help: ours</p>");
  EXPECT_EQ(server.get("/plain/help", "If-None-Match: " + etag + "\r\n").status, 200U) << "what was kept is stale";

  std::ofstream(web / "plain/help.mustache") << "{{{query}}}";
  server.process().send_signal(SIGHUP);
  server.process().await_error("help.mustache, line 1");
  EXPECT_EQ(server.get("/plain/help").body, "<p>Help: ours</p>") << "a broken file changes nothing";
  const finished refused =
      run("rapporteur-server", {"--index", sample_index().string(), "--port", "0", "--web", web.string()});
  EXPECT_EQ(refused.status, 2) << "but nothing is started with it";
  EXPECT_NE(refused.err.find((web / "plain/help.mustache").string() + ", line 1"), std::string::npos) << refused.err;

  fs::remove_all(web / "plain");
  server.process().send_signal(SIGHUP);
  while (server.get("/plain/help").status != 404U) server.process().await_error("event=reloaded");
  EXPECT_EQ(server.get("/plain/").status, 404U);
  EXPECT_EQ(server.get("/").status, 200U);
}

}  // namespace
}  // namespace rapporteur::test
