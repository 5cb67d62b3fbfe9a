// Posting articles to the real server: every answer, and what of it is in the inbox. The indexer's side is played by
// the test, through the same index::inbox.
#include "index/inbox.hpp"

#include "tests/http/programs.hpp"
#include "tests/scratch.hpp"
#include "tests/tiny_disk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace rapporteur::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const std::string k_key = "a-key-of-these-tests-0123456789";
const std::string k_bearer = "Authorization: Bearer " + k_key + "\r\n";
const std::string k_json = "Content-Type: application/json\r\n";
const std::string k_lines = "Content-Type: application/x-ndjson\r\n";

std::vector<std::string> variables(const fs::path& inbox, const std::vector<std::string>& more = {}) {
  std::vector<std::string> all{"RAPPORTEUR_INBOX_FOLDER=" + inbox.string(), "RAPPORTEUR_INBOX_KEY=" + k_key};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

class inbox_server {
 public:
  explicit inbox_server(const std::vector<std::string>& more = {}, const fs::path& inbox = {})
      : folder_(inbox.empty() ? own_.path() / "inbox" : inbox),
        server_(sample_index(), {}, {.max_descriptors = {}, .environment = variables(folder_, more)}),
        indexer_(folder_) {}

  http::test::answer ask(std::string_view method, std::string_view target, std::string_view fields,
                         std::string_view body = {}) {
    http::test::raw_client client(server_.port());
    std::string request =
        std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\nHost: test\r\n" + std::string(fields);
    if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    auto a = client.ask(request + "\r\n" + std::string(body), method != "HEAD");
    if (!a) throw std::runtime_error("no answer");
    return *a;
  }
  http::test::answer post(std::string_view body, const std::string& type = k_json) {
    return ask("POST", "/api/v1/articles", k_bearer + type, body);
  }
  [[nodiscard]] const fs::path& folder() const { return folder_; }
  [[nodiscard]] const index::inbox& indexer() const { return indexer_; }
  [[nodiscard]] server_program& program() { return server_; }
  [[nodiscard]] std::vector<std::string> kept() const { return entries_of(folder_ / "new"); }

 private:
  scratch_folder own_;
  fs::path folder_;
  server_program server_;
  index::inbox indexer_;
};

boost::json::object object_of(const http::test::answer& a) {
  return boost::json::parse(a.body).as_object();
}
std::string text(const boost::json::object& o, std::string_view key) {
  return std::string(o.at(key).as_string());
}

TEST(inbox, what_is_posted_is_on_the_disk_before_the_answer) {
  inbox_server server;
  const auto a =
      server.post(R"([{"id":"courier-1","title":"A","text":"one\ntwo"},{"title":"B","url":"https://a.example/b"}])");
  EXPECT_EQ(a.status, 202U) << a.body;
  const auto answer = object_of(a);
  const auto ticket = text(answer, "ticket");
  EXPECT_EQ(text(answer, "status"), "queued");
  EXPECT_EQ(a.field("location"), "/api/v1/inbox/" + ticket);
  EXPECT_EQ(text(answer, "status_url"), a.field("location"));
  EXPECT_EQ(a.field("retry-after"), "1");
  EXPECT_EQ(a.field("cache-control"), "no-store");
  EXPECT_EQ(answer.at("articles").as_array().at(0).at("id"), "courier-1");
  const std::string second(answer.at("articles").as_array().at(1).at("id").as_string());
  EXPECT_THAT(second, testing::StartsWith("u-"));

  const auto waiting = server.indexer().pending().value();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].ticket, ticket);
  EXPECT_EQ(server.indexer().read(waiting[0], 10'000).value(),
            "{\"id\":\"courier-1\",\"title\":\"A\",\"text\":\"one\\ntwo\"}\n{\"id\":\"" + second +
                "\",\"title\":\"B\",\"url\":\"https://a.example/b\"}\n");
  EXPECT_TRUE(entries_of(server.folder() / "tmp").empty());
}

TEST(inbox, the_status_tells_how_it_went) {
  using enum index::article_outcome;
  struct row {
    std::vector<index::article_receipt> articles;
    std::string_view status;
  };
  const row rows[] = {
      {{{"a", 1, added, {}}, {"b", 2, replaced, {}}, {"c", 3, unchanged, {}}}, "searchable"},
      {{{"a", 1, added, {}}, {"b", 2, refused, {errc::malformed, "a date that is none: \"x\""}}}, "partly"},
      {{{"a", 1, refused, {errc::too_large, "too long"}}}, "refused"},
      {{}, "refused"},
      {{{"a", 0, removed, {}}}, "removed"},
      {{{"a", 0, not_found, {}}}, "removed"},
  };
  inbox_server server;
  for (const auto& r : rows) {
    const auto url = server.post(R"({"title":"A"})").field("location");
    const auto queued = server.ask("GET", url, k_bearer);
    EXPECT_EQ(queued.status, 200U);
    EXPECT_EQ(text(object_of(queued), "status"), "queued");
    EXPECT_EQ(queued.field("retry-after"), "1");
    EXPECT_FALSE(object_of(queued).contains("revision"));

    const auto request = server.indexer().pending()->at(0);
    ASSERT_TRUE(server.indexer().finish(request, {.revision = 42, .articles = r.articles}));
    const auto done = server.ask("GET", url, k_bearer);
    EXPECT_EQ(done.status, 200U);
    const auto o = object_of(done);
    EXPECT_EQ(text(o, "status"), r.status);
    EXPECT_EQ(text(o, "ticket"), request.ticket);
    EXPECT_EQ(o.at("revision"), 42);
    EXPECT_EQ(done.field("retry-after"), "");
    EXPECT_EQ(done.field("cache-control"), "no-store");
    const auto& articles = o.at("articles").as_array();
    ASSERT_EQ(articles.size(), r.articles.size());
    for (std::size_t i = 0; i < articles.size(); ++i) {
      const auto& one = articles[i].as_object();
      EXPECT_EQ(text(one, "id"), r.articles[i].id);
      EXPECT_EQ(text(one, "outcome"), to_string(r.articles[i].outcome));
      EXPECT_EQ(one.contains("reason"), r.articles[i].outcome == refused);
      if (one.contains("reason")) {
        EXPECT_EQ(text(one, "reason"), r.articles[i].reason.message);
        EXPECT_EQ(text(one, "code"), to_string(r.articles[i].reason.code));
      }
    }
    EXPECT_EQ(server.ask("HEAD", url, k_bearer).status, 200U);
  }
}

TEST(inbox, an_article_is_deleted_likewise) {
  inbox_server server;
  const auto a = server.ask("DELETE", "/api/v1/articles/a%2Fb%20c", k_bearer);
  EXPECT_EQ(a.status, 202U) << a.body;
  EXPECT_EQ(object_of(a).at("articles").as_array().at(0).at("id"), "a/b c");
  EXPECT_EQ(a.field("location"), text(object_of(a), "status_url"));
  const auto request = server.indexer().pending()->at(0);
  EXPECT_EQ(request.kind, index::request_kind::removal);
  EXPECT_EQ(index::split_ids(server.indexer().read(request, 100).value()), std::vector<std::string>{"a/b c"});
  EXPECT_EQ(text(object_of(server.ask("GET", a.field("location"), k_bearer)), "status"), "queued");
}

TEST(inbox, every_refusal_has_its_status_and_keeps_nothing) {
  inbox_server server({"RAPPORTEUR_INBOX_MAX_REQUEST_SIZE=100 KiB", "RAPPORTEUR_INBOX_MAX_ARTICLES=3",
                       "RAPPORTEUR_SERVER_MAX_BODY_SIZE=1 KiB"});
  const std::string good = R"({"title":"A"})";
  const std::string articles = "/api/v1/articles";
  const std::string wrong = "Authorization: Bearer a-key-of-these-tests-0123456780\r\n";
  struct row {
    std::string_view method;
    std::string target, fields, body;
    unsigned status;
    std::string_view code;
  };
  const row rows[] = {
      {"POST", articles, k_json, good, 401, "unauthorized"},
      {"POST", articles, k_json + wrong, good, 401, "unauthorized"},
      {"POST", articles, k_json + "Authorization: Bearer " + k_key + "x\r\n", good, 401, "unauthorized"},
      {"POST", articles, k_json + "Authorization: Bearer " + k_key + k_key + "\r\n", good, 401, "unauthorized"},
      {"POST", articles, k_json + "Authorization: Bearer\r\n", good, 401, "unauthorized"},
      {"POST", articles, k_json + "Authorization: Bearer \r\n", good, 401, "unauthorized"},
      {"POST", articles, k_json + "Authorization: Basic " + k_key + "\r\n", good, 401, "unauthorized"},
      {"POST", articles, k_json + "Authorization: " + k_key + "\r\n", good, 401, "unauthorized"},
      {"POST", articles, k_json + k_bearer + wrong, good, 401, "unauthorized"},
      {"POST", articles, k_json, "", 401, "unauthorized"},
      {"DELETE", articles + "/a", "", "", 401, "unauthorized"},
      {"DELETE", articles + "/a", wrong, "", 401, "unauthorized"},
      {"GET", "/api/v1/inbox/1790300084123456-0123456789abcdef", "", "", 401, "unauthorized"},
      {"GET", "/api/v1/inbox/1790300084123456-0123456789abcdef", wrong, "", 401, "unauthorized"},
      {"GET", "/api/v1/inbox/1790300084123456-0123456789abcdef", k_bearer, "", 404, "not_found"},
      {"GET", "/api/v1/inbox/..%2F..%2Fetc%2Fpasswd", k_bearer, "", 404, "not_found"},
      {"GET", "/api/v1/inbox/x", k_bearer, "", 404, "not_found"},
      {"GET", "/api/v1/inbox/x?y=1", k_bearer, "", 400, "invalid_argument"},
      {"DELETE", articles + "/a?y=1", k_bearer, "", 400, "invalid_argument"},
      {"DELETE", articles + "/" + std::string(201, 'x'), k_bearer, "", 404, "not_found"},
      {"DELETE", articles + "/a%0Ab", k_bearer, "", 404, "not_found"},
      {"DELETE", articles + "/a%FF", k_bearer, "", 404, "not_found"},
      {"POST", articles, k_bearer, good, 415, "unsupported_media_type"},
      {"POST", articles, k_bearer + "Content-Type: text/plain\r\n", good, 415, "unsupported_media_type"},
      {"POST", articles, k_bearer + "Content-Type: application/x-www-form-urlencoded\r\n", good, 415,
       "unsupported_media_type"},
      {"POST", articles, k_bearer + k_json, std::string(100 * 1024 + 1, ' '), 413, "body_too_large"},
      {"POST", articles + "?x=1", k_bearer + k_json, good, 400, "invalid_argument"},
      {"POST", articles, k_bearer + k_json, "{", 400, "malformed"},
      {"POST", articles, k_bearer + k_json, "{}", 400, "malformed"},
      {"POST", articles, k_bearer + k_json, "{\"title\":\"\xFF\"}", 400, "encoding"},
      {"POST", articles, k_bearer + k_lines,
       "{\"title\":\"1\"}\n{\"title\":\"2\"}\n{\"title\":\"3\"}\n{\"title\":\"4\"}\n", 400, "too_large"},
      {"GET", articles, k_bearer, "", 405, "method_not_allowed"},
      {"PUT", articles + "/a", k_bearer, "", 405, "method_not_allowed"},
      {"POST", "/api/v1/search", k_bearer + k_json, std::string(2000, 'x'), 413, "body_too_large"},
  };
  for (const auto& r : rows) {
    const auto a = server.ask(r.method, r.target, r.fields, r.body);
    const std::string what = std::string(r.method) + ' ' + r.target + ' ' + r.fields + r.body.substr(0, 100);
    EXPECT_EQ(a.status, r.status) << what;
    EXPECT_EQ(text(object_of(a), "code"), r.code) << what;
    EXPECT_EQ(a.field("content-type"), "application/problem+json") << what;
    EXPECT_EQ(a.field("www-authenticate").empty(), r.status != 401) << what;
  }
  EXPECT_EQ(server.ask("POST", articles, k_json, good).field("www-authenticate"), "Bearer realm=\"rapporteur\"");
  EXPECT_THAT(server.ask("POST", articles, k_json + wrong, good).field("www-authenticate"), HasSubstr("invalid_token"));
  const auto placed = object_of(server.post("[{\"title\":\"1\"},\n{\"text\":5}]"));
  EXPECT_EQ(placed.at("article"), 2);
  EXPECT_EQ(placed.at("line"), 2);
  EXPECT_TRUE(server.kept().empty());

  // Just within.
  EXPECT_EQ(server.post(good + std::string(100 * 1024 - good.size(), ' ')).status, 202U);
  EXPECT_EQ(
      server
          .ask("POST", articles,
               "authorization: bEARER   " + k_key + " \r\nContent-Type: Application/JSON; charset=utf-8\r\n", good)
          .status,
      202U);
  for (const std::string_view type : {"application/jsonl", "application/json-lines", "application/x-ndjson ; a=b"}) {
    EXPECT_EQ(server.post(good + "\n" + R"({"title":"B"})", "Content-Type: " + std::string(type) + "\r\n").status, 202U)
        << type;
  }
  EXPECT_EQ(server.kept().size(), 5U);
}

TEST(inbox, a_body_is_not_read_from_who_may_not_post) {
  inbox_server server;
  const std::string head =
      "POST /api/v1/articles HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 13\r\n" + k_json;
  http::test::raw_client stranger(server.program().port());
  EXPECT_EQ(stranger.ask(head + "\r\n")->status, 401U);
  http::test::raw_client friendly(server.program().port());
  EXPECT_EQ(friendly.ask(head + k_bearer + "\r\n")->status, 100U);
  EXPECT_EQ(friendly.ask(R"({"title":"A"})")->status, 202U);
}

TEST(inbox, is_off_without_a_key_and_writes_nothing) {
  const scratch_folder folder;
  server_program server(
      sample_index(), {},
      {.max_descriptors = {}, .environment = {"RAPPORTEUR_INBOX_FOLDER=" + (folder.path() / "inbox").string()}});
  for (const std::string request : {"POST /api/v1/articles", "DELETE /api/v1/articles/a", "GET /api/v1/inbox/a"}) {
    http::test::raw_client client(server.port());
    const auto a = client.ask(request + " HTTP/1.1\r\nHost: test\r\n" + k_json + k_bearer +
                              "Content-Length: 13\r\n\r\n{\"title\":\"A\"}");
    ASSERT_TRUE(a);
    EXPECT_EQ(a->status, 403U) << request;
    EXPECT_EQ(text(object_of(*a), "code"), "inbox_off");
  }
  EXPECT_TRUE(entries_of(folder.path()).empty());
}

TEST(inbox, methods_come_from_the_table_and_other_origins_are_let_in_when_that_is_said_apart) {
  const scratch_folder folder;
  const auto config = folder.path() / "config.toml";
  std::ofstream(config) << "[server]\ncors_origins = [\"https://news.example\"]\n[inbox]\ncors_origins = "
                        << "[\"https://desk.example\"]\nkey = \"" << k_key << "\"\nfolder = \""
                        << (folder.path() / "inbox").string() << "\"\n";
  server_program server(sample_index(), {"--config", config.string()});
  const auto options = [&](const std::string& target, const std::string& origin = "https://desk.example") {
    http::test::raw_client client(server.port());
    return *client.ask("OPTIONS " + target + " HTTP/1.1\r\nHost: test\r\nOrigin: " + origin +
                       "\r\nAccess-Control-Request-Method: POST\r\n\r\n");
  };
  EXPECT_EQ(options("/api/v1/articles").field("allow"), "POST, OPTIONS");
  EXPECT_EQ(options("/api/v1/articles/a").field("allow"), "GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(options("/api/v1/inbox/a").field("allow"), "GET, HEAD, OPTIONS");
  EXPECT_THAT(options("/api/v1/articles").field("access-control-allow-headers"), HasSubstr("Authorization"));
  EXPECT_EQ(options("/api/v1/articles", "https://news.example").field("access-control-allow-origin"), "");
  http::test::raw_client client(server.port());
  const auto refused = client.ask(
      "POST /api/v1/articles HTTP/1.1\r\nHost: test\r\nOrigin: https://desk.example\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(refused->status, 401U);
  EXPECT_EQ(refused->field("access-control-allow-origin"), "https://desk.example");
}

TEST(inbox, refuses_when_too_much_waits) {
  inbox_server server({"RAPPORTEUR_INBOX_MAX_QUEUED=2"});
  EXPECT_EQ(server.post(R"({"title":"A"})").status, 202U);
  EXPECT_EQ(server.ask("DELETE", "/api/v1/articles/a", k_bearer).status, 202U);
  const auto full = server.post(R"({"title":"B"})");
  EXPECT_EQ(full.status, 503U);
  EXPECT_EQ(text(object_of(full), "code"), "inbox_full");
  EXPECT_EQ(full.field("retry-after"), "10");
  EXPECT_EQ(server.kept().size(), 2U);
  ASSERT_TRUE(server.indexer().finish(server.indexer().pending()->at(0), {}));
  EXPECT_EQ(server.post(R"({"title":"B"})").status, 202U);
}

TEST(inbox, a_folder_that_cannot_be_used_harms_nothing_else) {
  const scratch_folder folder;
  std::ofstream(folder.path() / "file") << "x";
  inbox_server server({}, folder.path() / "file" / "inbox");
  const auto a = server.post(R"({"title":"A"})");
  EXPECT_EQ(a.status, 500U);
  EXPECT_EQ(text(object_of(a), "code"), "io");
  EXPECT_THAT(a.body, Not(HasSubstr(folder.path().string())));
  EXPECT_THAT(server.program().process().errors(), HasSubstr((folder.path() / "file").string()));
  EXPECT_EQ(server.program().get("/api/v1/search?q=a").status, 200U);
}

TEST(inbox, a_read_only_or_full_disk_is_told_and_overcome) {
  const scratch_folder folder;
  const tiny_disk disk(folder.path() / "disk");
  if (!disk.is_mounted()) GTEST_SKIP() << "a tmpfs cannot be mounted here";
  inbox_server server({}, disk.path() / "inbox");
  const std::string good = R"({"title":"A"})";
  const auto kept = server.post(good);
  EXPECT_EQ(kept.status, 202U);

  const auto full = server.post(R"({"title":"A","text":")" + std::string(2 * k_tiny_disk_bytes, 'x') + "\"}");
  EXPECT_EQ(full.status, 507U);
  EXPECT_EQ(text(object_of(full), "code"), "disk_full");
  EXPECT_TRUE(entries_of(disk.path() / "inbox/tmp").empty());
  EXPECT_EQ(server.kept().size(), 1U);
  EXPECT_EQ(server.post(good).status, 202U) << "what is small still fits";

  disk.set_read_only(true);
  const auto refused = server.post(good);
  EXPECT_EQ(refused.status, 500U);
  EXPECT_EQ(text(object_of(refused), "code"), "io");
  EXPECT_EQ(server.ask("DELETE", "/api/v1/articles/a", k_bearer).status, 500U);
  EXPECT_EQ(server.ask("GET", kept.field("location"), k_bearer).status, 200U) << "asking needs no writing";
  disk.set_read_only(false);
  EXPECT_EQ(server.post(good).status, 202U);
  EXPECT_EQ(server.kept().size(), 3U);
}

TEST(inbox, a_receipt_that_cannot_be_read_is_the_servers_trouble) {
  inbox_server server;
  const auto a = server.post(R"({"title":"A"})");
  const auto ticket = text(object_of(a), "ticket");
  std::ofstream(server.folder() / "done" / ticket) << "rapporteur-receipt 9\n";
  const auto status = server.ask("GET", a.field("location"), k_bearer);
  EXPECT_EQ(status.status, 500U);
  EXPECT_EQ(text(object_of(status), "code"), "io");
}

// Neither what is posted nor the key is anyone's who reads the log, also where queries are logged.
TEST(inbox, neither_texts_nor_the_key_are_logged) {
  inbox_server server({"RAPPORTEUR_LOG_LEVEL=debug", "RAPPORTEUR_LOG_QUERIES=true", "RAPPORTEUR_LOG_ADDRESSES=true"});
  EXPECT_EQ(server.post(R"({"title":"zzsecret","text":"zzsecret"})").status, 202U);
  EXPECT_EQ(server.post(R"({"title":"zzsecret","id":[]})").status, 400U);
  EXPECT_EQ(server.post("zzsecret").status, 400U);
  EXPECT_EQ(server.ask("POST", "/api/v1/articles", k_json, R"({"title":"zzsecret"})").status, 401U);
  server.program().process().await_error("status=401");
  const auto log = server.program().process().errors();
  EXPECT_THAT(log, HasSubstr("route=/api/v1/articles"));
  EXPECT_THAT(log, Not(HasSubstr("zzsecret")));
  EXPECT_THAT(log, Not(HasSubstr(k_key)));
}

TEST(inbox, the_key_may_come_from_a_file_and_must_be_a_good_one) {
  const scratch_folder folder;
  const auto file = folder.path() / "key";
  std::ofstream(file) << k_key << "\n";
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  const std::string inbox = "RAPPORTEUR_INBOX_FOLDER=" + (folder.path() / "inbox").string();
  const std::string named = "RAPPORTEUR_INBOX_KEY_FILE=" + file.string();
  {
    server_program server(sample_index(), {}, {.max_descriptors = {}, .environment = {inbox, named}});
    http::test::raw_client client(server.port());
    EXPECT_EQ(client.ask("DELETE /api/v1/articles/a HTTP/1.1\r\nHost: test\r\n" + k_bearer + "\r\n")->status, 202U);
    EXPECT_THAT(server.process().errors(), Not(HasSubstr("may read the key")));
  }
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
  {
    server_program server(sample_index(), {}, {.max_descriptors = {}, .environment = {inbox, named}});
    server.process().await_error("may read the key");
  }
  struct row {
    std::string content;
    std::vector<std::string> environment;
    std::string_view says;
  };
  const row rows[] = {
      {"zzshort", {named}, "7 characters"},
      {"", {named}, "is empty"},
      {"zz a key with blanks zz", {named}, "blank"},
      {k_key, {named, "RAPPORTEUR_INBOX_KEY=" + k_key}, "both set"},
      {k_key, {"RAPPORTEUR_INBOX_KEY_FILE=" + (folder.path() / "none").string()}, "none"},
      {k_key, {"RAPPORTEUR_INBOX_KEY=zzshort"}, "inbox.key"},
  };
  for (const auto& r : rows) {
    std::ofstream(file) << r.content;
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"--check-config"}, std::vector<std::string>{"--port", "0"}}) {
      const auto f = run("rapporteur-server", arguments, {.max_descriptors = {}, .environment = r.environment});
      EXPECT_EQ(f.status, 2) << r.says;
      EXPECT_THAT(f.err, HasSubstr(std::string(r.says)));
      EXPECT_THAT(f.err, Not(HasSubstr("zz")));
      EXPECT_THAT(f.err, Not(HasSubstr(k_key)));
    }
  }
  const auto printed = run("rapporteur-server", {"--print-config"},
                           {.max_descriptors = {}, .environment = {"RAPPORTEUR_INBOX_KEY=" + k_key}});
  EXPECT_EQ(printed.status, 0);
  EXPECT_THAT(printed.out, HasSubstr("(set, not shown)"));
  EXPECT_THAT(printed.out, Not(HasSubstr(k_key)));
}

}  // namespace
}  // namespace rapporteur::test
