// Server, inbox and watching indexer together: what is dropped or posted is found by a search, and what is deleted is
// not, whatever happens to the indexer in between.
#include "index/inbox.hpp"
#include "index/reader.hpp"
#include "tests/http/programs.hpp"
#include "tests/scratch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <random>
#include <thread>

namespace rapporteur::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Far longer than anything takes: only so that a test ends.
constexpr std::chrono::seconds k_bound{120};

const std::string k_key = "a-key-of-these-tests-0123456789";
const std::string k_bearer = "Authorization: Bearer " + k_key + "\r\n";
const std::string k_json = "Content-Type: application/json\r\n";
const std::string k_lines = "Content-Type: application/x-ndjson\r\n";

std::string line(const std::string& id, const std::string& title, const std::string& text = "Some text.") {
  return R"({"id":")" + id + R"(","title":")" + title + R"(","text":")" + text + "\"}\n";
}

class watched : public testing::Test {
 protected:
  watched() {
    fs::create_directory(files());
    std::ofstream(files() / "first.jsonl") << line("first", "First");
    run("rapporteur-index", with_index({"add", files().string()}), options());
    server_.emplace(index(), std::vector<std::string>{}, options());
  }

  [[nodiscard]] fs::path files() const { return folder_.path() / "in"; }
  [[nodiscard]] fs::path index() const { return folder_.path() / "index"; }
  [[nodiscard]] fs::path box() const { return folder_.path() / "inbox"; }
  [[nodiscard]] child_options options() const {
    return {.max_descriptors = {},
            .environment = {"RAPPORTEUR_INBOX_FOLDER=" + box().string(), "RAPPORTEUR_INBOX_KEY=" + k_key,
                            "RAPPORTEUR_INDEXER_RESCAN=0 s", "RAPPORTEUR_INDEXER_THREADS=1",
                            "RAPPORTEUR_INDEXER_MAX_ARTICLE_SIZE=20 KiB"}};
  }
  [[nodiscard]] std::vector<std::string> with_index(std::vector<std::string> more) const {
    more.insert(more.begin(), {"--index", index().string()});
    return more;
  }
  void start() { indexer_.emplace("rapporteur-index", with_index({"watch", files().string()}), options()); }
  finished rebuild() const { return run("rapporteur-index", with_index({"rebuild", files().string()}), options()); }

  http::test::answer ask(std::string_view method, const std::string& target, const std::string& fields,
                         const std::string& body = {}) {
    http::test::raw_client client(server_->port());
    std::string request = std::string(method) + ' ' + target + " HTTP/1.1\r\nHost: test\r\n" + k_bearer + fields;
    if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    auto a = client.ask(request + "\r\n" + body);
    if (!a) throw std::runtime_error("no answer");
    return *a;
  }
  /// Posts, and gives the address of the status.
  std::string post(const std::string& body, const std::string& type = k_json) {
    const auto a = ask("POST", "/api/v1/articles", type, body);
    EXPECT_EQ(a.status, 202U) << a.body;
    return a.field("location");
  }
  std::string remove(const std::string& id) {
    const auto a = ask("DELETE", "/api/v1/articles/" + id, "");
    EXPECT_EQ(a.status, 202U) << a.body;
    return a.field("location");
  }
  boost::json::object status(const std::string& url) {
    return boost::json::parse(ask("GET", url, "").body).as_object();
  }

  static void await(const std::string& what, const std::function<bool()>& wanted) {
    const auto end = std::chrono::steady_clock::now() + k_bound;
    while (!wanted()) {
      if (std::chrono::steady_clock::now() > end) throw std::runtime_error("never came: " + what);
      std::this_thread::yield();
    }
  }
  boost::json::object await_finished(const std::string& url) {
    await("the end of " + url, [&] { return status(url).at("status") != "queued"; });
    return status(url);
  }
  /// Ids that a search finds, sorted.
  std::vector<std::string> found(const std::string& query) {
    std::vector<std::string> ids;
    const auto answer = server_->get_json("/api/v1/search?limit=100&q=" + encode(query));
    for (const auto& h : answer.at("hits").as_array()) ids.emplace_back(h.at("id").as_string());
    std::ranges::sort(ids);
    return ids;
  }
  void await_found(const std::string& query, const std::vector<std::string>& ids) {
    await(query, [&] { return found(query) == ids; });
  }
  [[nodiscard]] std::string title_of(const std::string& id) const {
    auto r = index::reader::open(index());
    if (!r) return r.error().message;
    const auto document = r->find(id);
    return document == 0 ? "none" : r->get_record(document)->fields.title;
  }

  scratch_folder folder_;
  std::optional<server_program> server_;
  std::optional<child> indexer_;
};

using ids = std::vector<std::string>;

TEST_F(watched, a_dropped_file_is_found_by_a_running_server) {
  start();
  EXPECT_EQ(found("zebrafish"), ids{});
  std::ofstream(files() / "b.jsonl") << line("b", "Zebrafish");
  await_found("zebrafish", {"b"});
  fs::remove(files() / "b.jsonl");
  await_found("zebrafish", {});
  EXPECT_EQ(found("first"), ids{"first"});
}

TEST_F(watched, what_is_posted_is_searchable_once_its_status_says_so) {
  start();
  const auto one = await_finished(post(R"({"id":"p1","title":"Quagga one"})"));
  EXPECT_EQ(one.at("status"), "searchable");
  EXPECT_GE(one.at("revision").as_int64(), 2);
  EXPECT_EQ(one.at("articles").at(0).at("outcome"), "added");
  await_found("quagga", {"p1"});
  EXPECT_GE(server_->get_json("/api/v1/search?q=quagga").at("index").at("revision").as_int64(),
            one.at("revision").as_int64());

  const auto list = await_finished(post(R"([{"id":"p2","title":"Quagga two"},{"id":"p1","title":"Quagga again"}])"));
  EXPECT_EQ(list.at("status"), "searchable");
  EXPECT_EQ(list.at("articles").at(0).at("outcome"), "added");
  EXPECT_EQ(list.at("articles").at(1).at("outcome"), "replaced");

  const auto same = await_finished(post(R"({"id":"p2","title":"Quagga two"})"));
  EXPECT_EQ(same.at("status"), "searchable");
  EXPECT_EQ(same.at("articles").at(0).at("outcome"), "unchanged");

  // The server takes larger articles than this indexer.
  const auto partly = await_finished(
      post(line("p3", "Quagga three") + line("p4", "Quagga four", std::string(30'000, 'x')) + line("p5", "Quagga five"),
           k_lines));
  EXPECT_EQ(partly.at("status"), "partly");
  ASSERT_EQ(partly.at("articles").as_array().size(), 3U);
  EXPECT_EQ(partly.at("articles").at(0).at("outcome"), "added");
  EXPECT_EQ(partly.at("articles").at(1).at("outcome"), "refused");
  EXPECT_EQ(partly.at("articles").at(1).at("id"), "p4");
  EXPECT_EQ(partly.at("articles").at(1).at("code"), "too_large");
  EXPECT_EQ(partly.at("articles").at(2).at("outcome"), "added");
  await_found("quagga", {"p1", "p2", "p3", "p5"});

  const auto refused = await_finished(post(line("p6", "Quagga six", std::string(30'000, 'x'))));
  EXPECT_EQ(refused.at("status"), "refused");

  const auto gone = await_finished(remove("p1"));
  EXPECT_EQ(gone.at("status"), "removed");
  EXPECT_EQ(gone.at("articles").at(0).at("outcome"), "removed");
  await_found("quagga", {"p2", "p3", "p5"});
  EXPECT_EQ(await_finished(remove("p1")).at("articles").at(0).at("outcome"), "not_found");
  await("all requests are kept", [&] { return entries_of(box() / "kept").size() == 7; });
  EXPECT_THAT(entries_of(box() / "new"), testing::IsEmpty());
}

TEST_F(watched, what_was_posted_before_the_indexer_starts_is_taken_in_its_order) {
  post(R"({"id":"p1","title":"earlier"})");
  post(R"({"id":"p2","title":"stays"})");
  post(R"({"id":"p1","title":"later"})");
  remove("p2");
  post(R"({"id":"p3","title":"first"})");
  remove("p3");
  const auto last = post(R"({"id":"p3","title":"second"})");
  start();
  EXPECT_EQ(await_finished(last).at("status"), "searchable");
  EXPECT_EQ(title_of("p1"), "later");
  EXPECT_EQ(title_of("p2"), "none");
  EXPECT_EQ(title_of("p3"), "second");
}

TEST_F(watched, a_rebuild_keeps_what_was_posted_and_what_was_removed) {
  post(R"([{"id":"p1","title":"Okapi"},{"id":"p2","title":"Okapi"}])");
  post(R"({"id":"p2","title":"Okapi later"})");
  remove("p1");
  const auto last = remove("first");  // an article of a file
  start();
  await_finished(last);
  await_found("okapi", {"p2"});
  indexer_.reset();
  for (int round = 0; round < 2; ++round) {
    const auto f = rebuild();
    EXPECT_EQ(f.status, 0) << f.err;
    EXPECT_EQ(title_of("p1"), "none");
    EXPECT_EQ(title_of("p2"), "Okapi later");
    EXPECT_EQ(title_of("first"), "none");
    await_found("okapi", {"p2"});
  }
  // The indexer goes on where it was.
  start();
  EXPECT_EQ(await_finished(post(R"({"id":"p4","title":"Okapi"})")).at("status"), "searchable");
  await_found("okapi", {"p2", "p4"});
}

// Killed after the receipt and before the request was put away: the request counts as finished, so a rebuild takes it.
TEST_F(watched, a_rebuild_takes_a_request_that_was_finished_and_not_put_away) {
  const auto url = post(R"({"id":"p1","title":"Tapir"})");
  start();
  await_finished(url);
  await("the request is kept", [&] { return entries_of(box() / "new").empty(); });
  indexer_.reset();
  const auto name = entries_of(box() / "kept").at(0);
  fs::rename(box() / "kept" / name, box() / "new" / name);
  EXPECT_EQ(rebuild().status, 0);
  EXPECT_EQ(title_of("p1"), "Tapir");
  EXPECT_EQ(entries_of(box() / "kept"), ids{name});
}

TEST_F(watched, a_request_that_waits_during_a_rebuild_is_taken_afterwards) {
  const auto url = post(R"({"id":"p1","title":"Tapir"})");
  EXPECT_EQ(rebuild().status, 0);
  EXPECT_EQ(title_of("p1"), "none");
  EXPECT_EQ(status(url).at("status"), "queued");
  start();
  EXPECT_EQ(await_finished(url).at("status"), "searchable");
  EXPECT_EQ(title_of("p1"), "Tapir");
}

// An article may be in a file and come through the inbox. When the file goes, what was posted stays, and nothing of
// that request that was removed comes back.
TEST_F(watched, a_file_with_an_article_that_was_posted) {
  start();
  await_finished(post(R"([{"id":"p1","title":"posted"},{"id":"p2","title":"posted"}])"));
  await_finished(remove("p2"));
  std::ofstream(files() / "b.jsonl") << line("p1", "from the file");
  await("the file's", [&] { return title_of("p1") == "from the file"; });
  fs::remove(files() / "b.jsonl");
  std::ofstream(files() / "c.jsonl") << line("c", "marker");
  await("what comes later", [&] { return title_of("c") == "marker"; });
  EXPECT_NE(title_of("p1"), "none");
  EXPECT_EQ(title_of("p2"), "none");
}

TEST_F(watched, killed_at_any_moment_nothing_is_lost_and_nothing_is_twice) {
  constexpr int k_rounds = 12, k_posts = 6;
  std::mt19937 random(20240229);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same moments each time, as far as they go
  std::vector<std::string> urls;
  ids expected;
  for (int round = 0; round < k_rounds; ++round) {
    start();
    for (int n = 0; n < k_posts; ++n) {
      const std::string id = "k" + std::to_string(round) + "-" + std::to_string(n);
      urls.push_back(post("{\"id\":\"" + id + R"(","title":"Capybara"})"));
      expected.push_back(id);
    }
    std::ofstream(files() / ("f" + std::to_string(round) + ".jsonl")) << line("f" + std::to_string(round), "Capybara");
    expected.push_back("f" + std::to_string(round));
    if (round > 0) {
      const std::string id = "k" + std::to_string(round - 1) + "-0";
      urls.push_back(remove(id));
      std::erase(expected, id);
    }
    // Some moment in what it does, not a time to wait for something.
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 400));
    indexer_->send_signal(SIGKILL);
    indexer_->wait();
    indexer_.reset();
  }
  start();
  for (const auto& url : urls) EXPECT_NE(await_finished(url).at("status"), "refused") << url;
  std::ranges::sort(expected);
  await_found("capybara", expected);
  await("all requests are kept", [&] { return entries_of(box() / "new").empty(); });
  EXPECT_EQ(entries_of(box() / "kept").size(), urls.size());
  indexer_.reset();
  EXPECT_EQ(run("rapporteur-index", with_index({"check"}), options()).status, 0);
  EXPECT_EQ(rebuild().status, 0);
  await_found("capybara", expected);
}

}  // namespace
}  // namespace rapporteur::test
