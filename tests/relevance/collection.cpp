#include "tests/relevance/collection.hpp"

#include <boost/json.hpp>

#include <cctype>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace rapporteur::relevance {
namespace {

namespace fs = std::filesystem;

std::ifstream open(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file.string() + ": cannot be read");
  return in;
}

[[noreturn]] void refuse(const fs::path& file, std::size_t line, const std::string& why) {
  throw std::runtime_error(file.string() + ":" + std::to_string(line) + ": " + why);
}

// The ids of articles that have something to be found by.
std::set<std::string> article_ids(const fs::path& file) {
  std::set<std::string> ids;
  std::ifstream in = open(file);
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    boost::system::error_code failed;
    const boost::json::value v = boost::json::parse(line, failed);
    if (failed || !v.is_object() || !v.as_object().contains("id")) refuse(file, number, "no article with an id");
    ids.emplace(v.at("id").as_string());
  }
  return ids;
}

}  // namespace

collection collection::load(const fs::path& folder) {
  collection out;
  out.name = folder.filename().string();
  out.articles = folder / "docs.jsonl";
  const std::set<std::string> known = article_ids(out.articles);

  std::map<std::string, judgements> judged;
  const fs::path qrels = folder / "qrels.tsv";
  std::ifstream in = open(qrels);
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    std::istringstream fields(line);
    std::string query;
    std::string article;
    int grade = 0;
    if (!(fields >> query >> article >> grade)) refuse(qrels, number, "not query, article and grade");
    if (grade > 0 && known.contains(article)) judged[query][article] = grade;
  }

  const fs::path queries = folder / "queries.tsv";
  in = open(queries);
  number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) refuse(queries, number, "no tab between number and text");
    const auto relevant = judged.find(line.substr(0, tab));
    if (relevant != judged.end()) out.queries.push_back({line.substr(tab + 1), relevant->second});
  }
  return out;
}

std::string plain_words(std::string_view query) {
  std::string out(query);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) continue;
    c = std::isalnum(byte) != 0 ? static_cast<char>(std::tolower(byte)) : ' ';
  }
  return out;
}

}  // namespace rapporteur::relevance
