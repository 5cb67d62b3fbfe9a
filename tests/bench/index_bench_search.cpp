#include "tests/bench/index_bench_search.hpp"

#include "index/reader.hpp"
#include "tests/bench/bench_program.hpp"
#include "tests/bench/bench_queries.hpp"

#include <fmt/format.h>
#include <xapian.h>

#include <algorithm>
#include <ctime>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>

namespace rapporteur::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_queries = 100;  // of a kind

struct kind {
  const char* name;
  std::vector<Xapian::Query> queries;
};

double cpu_now() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

// Two or three words that stand behind each other in some article.
std::vector<Xapian::Query> phrases_of(index::reader& r, std::mt19937& random) {
  std::vector<Xapian::Query> phrases;
  for (std::size_t tries = 0; phrases.size() < k_queries && tries < 20 * k_queries; ++tries) {
    const auto drawn = draw_article(r, random);
    if (!drawn) continue;
    const std::vector<std::string>& words = drawn->words;
    const std::size_t length = 2 + phrases.size() % 2;
    if (words.size() < length + 1) continue;
    const std::size_t at = random() % (words.size() - length);
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(at);
    phrases.emplace_back(Xapian::Query::OP_PHRASE, first, first + static_cast<std::ptrdiff_t>(length),
                         static_cast<Xapian::termcount>(length));
  }
  return phrases;
}

std::vector<kind> queries_of(index::reader& r) {
  std::mt19937 random(1948);
  const auto words = words_by_frequency(r);
  if (words.size() < 1000) throw std::runtime_error("too few words in this index to make queries of");
  const auto word = [&](std::size_t from, std::size_t to) {
    to = std::min(to, words.size());
    return words[from + random() % (to - from)].second;
  };
  std::vector<kind> kinds(5);
  for (std::size_t n = 0; n < k_queries; ++n) {
    kinds[0].queries.emplace_back(words[n].second);
    kinds[1].queries.emplace_back(word(1000, words.size()));
    const std::string a = word(0, 500);
    const std::string b = word(0, 5000);
    kinds[3].queries.emplace_back(Xapian::Query::OP_AND, Xapian::Query(a), Xapian::Query(b));
    kinds[4].queries.emplace_back(Xapian::Query::OP_OR, Xapian::Query(a), Xapian::Query(b));
  }
  kinds[0].name = "a frequent word";
  kinds[1].name = "a rare word";
  kinds[2] = {"a phrase", phrases_of(r, random)};
  kinds[3].name = "two words, both";
  kinds[4].name = "two words, either";
  return kinds;
}

// Processor time of all queries, in microseconds a query; and the sum of matches, which both databases must agree on.
std::pair<double, std::uint64_t> ask_all(Xapian::Database& db, const std::vector<Xapian::Query>& queries) {
  std::uint64_t matches = 0;
  const double began = cpu_now();
  for (const Xapian::Query& q : queries) {
    Xapian::Enquire enquire(db);
    enquire.set_weighting_scheme(Xapian::BM25Weight(1e9, 0, 0, 0, 0.5));
    enquire.set_query(q);
    matches += enquire.get_mset(0, 10).size();
  }
  return {(cpu_now() - began) * 1e6 / static_cast<double>(std::max<std::size_t>(1, queries.size())), matches};
}

}  // namespace

std::vector<search_speed> measure_search(const fs::path& index, const fs::path& folder, unsigned rounds) {
  auto opened = index::reader::open(index);
  if (!opened) throw std::runtime_error(opened.error().message);
  Xapian::Database& as_built = opened->database();
  const std::string compacted = (folder / "one_shard").string();
  as_built.compact(compacted);
  Xapian::Database one_shard(compacted);

  std::vector<search_speed> speeds;
  for (const kind& k : queries_of(*opened)) {
    std::vector<double> ours;
    std::vector<double> theirs;
    for (unsigned round = 0; round <= rounds; ++round) {
      const auto a = ask_all(as_built, k.queries);
      const auto b = ask_all(one_shard, k.queries);
      if (a.second != b.second) throw std::runtime_error(fmt::format("{}: the two indexes differ", k.name));
      if (round == 0) continue;  // reads both into memory
      ours.push_back(a.first);
      theirs.push_back(b.first);
    }
    speeds.push_back({k.name, k.queries.size(), median(ours), median(theirs)});
  }
  fs::remove_all(compacted);
  return speeds;
}

}  // namespace rapporteur::bench
