// How well the right articles come first: judged collections asked through the HTTP API, with default settings.
//
//   relevance [--floors] [--plain] [--list] FOLDER…     each FOLDER a collection (see collection.hpp)
//
// Prints nDCG@10, MAP, P@10 and R@100 of each collection, beside Lucene's nDCG@10 where that has been measured. --plain
// asks in lower case and without punctuation. --floors ends with status 1 if a collection falls below what
// docs/relevance.md promises. --list prints a line for each query.
#include "tests/http/programs.hpp"
#include "tests/relevance/collection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>

namespace rapporteur::relevance {
namespace {

namespace fs = std::filesystem;

struct reference {
  const char* collection;
  double lucene_ndcg_10;  // Lucene 8.7, BM25Similarity, EnglishAnalyzer; queries as --plain makes them, joined by OR
};
constexpr reference k_references[] = {{"cranfield", .392}, {"cacm", .486}, {"cisi", .388}, {"adi", .486}};
constexpr double k_least_ratio = 0.97;
constexpr double k_least_mean = 1.02;

std::optional<double> lucene(const std::string& name) {
  for (const reference& r : k_references) {
    if (name == r.collection) return r.lucene_ndcg_10;
  }
  return std::nullopt;
}

std::vector<std::string> ask(const test::server_program& server, const std::string& query) {
  const http::test::answer a = server.post_form("/api/v1/search", "q=" + test::encode(query) + "&limit=100&snippets=0");
  if (a.status != 200) throw std::runtime_error(fmt::format("{} for {}: {}", a.status, query, a.body));
  std::vector<std::string> ids;
  const boost::json::value answer = boost::json::parse(a.body);
  for (const auto& hit : answer.at("hits").as_array()) ids.emplace_back(hit.at("id").as_string());
  return ids;
}

measures run(const collection& c, bool plain, bool list) {
  const test::scratch_folder folder;
  // An article without any words is reported and left out, which is status 1.
  const auto indexed = test::run(
      "rapporteur-index", {"--index", (folder.path() / "index").string(), "--quiet", "add", c.articles.string()});
  if (indexed.status > 1) throw std::runtime_error("rapporteur-index: " + indexed.err);
  const test::server_program server(folder.path() / "index");
  measures sum;
  for (const judged_query& q : c.queries) {
    const measures m = measure(ask(server, plain ? plain_words(q.text) : q.text), q.relevant);
    if (list) fmt::print("  {:.3f} {:.3f}  {}\n", m.ndcg_10, m.map, q.text);
    sum += m;
  }
  return sum.over(static_cast<double>(c.queries.size()));
}

int main(const std::vector<std::string>& arguments) {
  bool plain = false;
  bool list = false;
  bool floors = false;
  std::vector<fs::path> folders;
  for (const std::string& a : arguments) {
    if (a == "--plain")
      plain = true;
    else if (a == "--list")
      list = true;
    else if (a == "--floors")
      floors = true;
    else
      folders.emplace_back(a);
  }
  std::erase_if(folders, [](const fs::path& f) { return !fs::exists(f / "docs.jsonl"); });
  if (folders.empty()) {
    fmt::print("SKIPPED: there is no judged collection\n");
    return 0;
  }
  fmt::print("{:<12} {:>7} {:>8} {:>7} {:>6} {:>6} {:>6} {:>8} {:>6}\n", "collection", "queries", "nDCG@10", "MAP",
             "P@10", "R@100", "", "Lucene", "ratio");
  double ratios = 0;
  double least = 9;
  int compared = 0;
  for (const fs::path& f : folders) {
    const collection c = collection::load(f);
    const measures m = run(c, plain, list);
    fmt::print("{:<12} {:>7} {:>8.3f} {:>7.3f} {:>6.3f} {:>6.3f} {:>6}", c.name, c.queries.size(), m.ndcg_10, m.map,
               m.precision_10, m.recall_100, "");
    if (const auto other = lucene(c.name)) {
      const double ratio = m.ndcg_10 / *other;
      ratios += ratio;
      least = std::min(least, ratio);
      ++compared;
      fmt::print(" {:>8.3f} {:>6.3f}", *other, ratio);
    }
    fmt::print("\n");
    std::fflush(stdout);
  }
  if (compared == 0) return 0;
  const double mean = ratios / compared;
  fmt::print("mean of the ratios {:.3f}, least {:.3f}\n", mean, least);
  if (floors && (mean < k_least_mean || least < k_least_ratio)) {
    fmt::print("FAILED: the mean must reach {}, each {}\n", k_least_mean, k_least_ratio);
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace rapporteur::relevance

int main(int argc, char** argv) {
  try {
    return rapporteur::relevance::main({argv + 1, argv + argc});
  } catch (const std::exception& e) {
    fmt::print(stderr, "relevance: {}\n", e.what());
    return 2;
  }
}
