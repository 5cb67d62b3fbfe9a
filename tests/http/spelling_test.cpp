// Other spellings of a query over HTTP: proposed, followed, and gone with the article that had the word.
#include "tests/http/programs.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

namespace rapporteur::test {
namespace {

std::string proposed(const server_program& server, std::string_view q) {
  const auto answer = server.get_json("/api/v1/search?q=" + encode(q));
  const auto& said = answer.at("query").at("did_you_mean");
  return said.is_null() ? "(none)" : std::string(said.as_string());
}

// The first answers may come before the words are in memory: they propose nothing.
std::string await_proposal(const server_program& server, std::string_view q) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  std::string said;
  do said = proposed(server, q);
  while (said == "(none)" && std::chrono::steady_clock::now() < deadline);
  return said;
}

TEST(spelling_over_http, proposes_what_can_be_sent_as_it_is) {
  server_program server(sample_index());
  EXPECT_EQ(await_proposal(server, "quintla"), "quintal");
  EXPECT_EQ(proposed(server, "Quintla -sport lang:en"), "Quintal -sport lang:en");
  EXPECT_EQ(proposed(server, "quintal"), "(none)");
  EXPECT_EQ(proposed(server, "-quintla"), "(none)");
  const auto found = server.get_json("/api/v1/search?q=" + encode("quintal"));
  EXPECT_GT(found.at("total").at("value").as_int64(), 0);
  EXPECT_EQ(proposed(server, "quintla\xff"), "quintal\xEF\xBF\xBD") << "JSON has no bytes that are no text";
}

TEST(spelling_over_http, does_not_propose_words_of_removed_articles) {
  scratch_folder folder;
  const auto file = folder.path() / "articles.jsonl";
  std::ofstream(file) << R"({"id": "one", "title": "Harbour", "text": "The harbour of Meridia reopened."})" << '\n'
                      << R"({"id": "two", "title": "Market", "text": "The market of Kestrin is closed."})" << '\n';
  const auto index = folder.path() / "index";
  run_indexer(index, {"add", file.string()});
  server_program server(index);
  EXPECT_EQ(await_proposal(server, "meridai"), "meridia");
  run_indexer(index, {"remove", "one"});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  // Each search thread looks for a newer commit a few times a second.
  std::string said;
  do said = proposed(server, "meridai");
  while (said != "(none)" && std::chrono::steady_clock::now() < deadline);
  EXPECT_EQ(said, "(none)");
  EXPECT_EQ(proposed(server, "ketsrin"), "kestrin");
}

}  // namespace
}  // namespace rapporteur::test
