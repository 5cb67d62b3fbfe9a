// What indexing costs: rapporteur-index beside scriptindex of xapian-omega, on the same articles in turns.
//
//   index_bench [--rounds N] [--folder DIR] [PATH…]     both indexers: articles/s, memory, size
//   index_bench --growth [--rounds N] [PATH…]           10,000 articles and 100,000 of the same mixture
//   index_bench --search [--rounds N] [PATH…]           the finished index beside the same compacted into one database
//
// PATHs are JSON Lines files or folders of them, ../shared/corpora/articles by default; without them it says that it is
// skipped. docs/performance.md has the tables, and says why they are fair.
#include "index/reader.hpp"
#include "tests/bench/bench_corpus.hpp"
#include "tests/bench/bench_program.hpp"
#include "tests/bench/index_bench_search.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <xapian.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rapporteur::bench {
namespace {

namespace fs = std::filesystem;

struct options {
  bool growth = false, search = false;
  unsigned rounds = 3;
  std::uint64_t articles = 0;  ///< to index; 0: every line once
  fs::path folder;             ///< for corpora and indexes
  std::vector<fs::path> files;
};

/// One way of indexing, and what its runs cost.
struct contender {
  std::string name;
  std::function<cost()> run;                ///< makes the index anew
  std::function<std::uint64_t()> articles;  ///< in the index that was made
  std::function<std::uint64_t()> bytes;     ///< of the finished index
  std::vector<double> seconds, cpu_seconds;
  double peak_megabytes = 0;  ///< the most of all runs
  std::uint64_t indexed = 0, size = 0;

  void measure() {
    const cost c = run();
    seconds.push_back(c.seconds);
    cpu_seconds.push_back(c.cpu_seconds);
    peak_megabytes = std::max(peak_megabytes, c.peak_megabytes);
    indexed = articles();
    size = bytes();
    fmt::print(stderr, "{}: {:.1f} s, {:.1f} s of processor, {:.0f} MB, {} articles\n", name, c.seconds, c.cpu_seconds,
               c.peak_megabytes, indexed);
  }
  [[nodiscard]] double rate() const { return static_cast<double>(indexed) / median(seconds); }
};

// Read once, so that the first program to be timed finds the input in memory as the others do.
void read_through(const fs::path& file) {
  std::vector<char> block(1 << 20);
  std::ifstream in(file, std::ios::binary);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size()))) {
  }
}

contender rapporteur_index(const fs::path& input, const fs::path& index, const fs::path& said) {
  contender c;
  c.name = "rapporteur-index";
  c.run = [=] {
    fs::remove_all(index);
    read_through(input);
    return run_measured(
        {RAPPORTEUR_BINARY_DIR "/rapporteur-index", "--index", index.string(), "--quiet", "add", input.string()}, {},
        said, true);
  };
  c.articles = [=] {
    auto r = index::reader::open(index);
    if (!r) throw std::runtime_error(r.error().message);
    return r->info().articles;
  };
  c.bytes = [=] { return bytes_below(index); };
  return c;
}

contender scriptindex(std::string name, const fs::path& input, const fs::path& folder, bool look_up_ids,
                      std::vector<std::string> environment) {
  contender c;
  c.name = std::move(name);
  // Otherwise what is written in Han and Kana is one word a sentence, and cannot be found.
  environment.emplace_back("XAPIAN_CJK_NGRAM=1");
  const fs::path database = folder / "omega";
  const fs::path script = folder / (look_up_ids ? "update.script" : "append.script");
  std::ofstream(script) << index_script(look_up_ids);
  c.run = [=] {
    fs::remove_all(database);
    read_through(input);
    return run_measured({"scriptindex", "--stemmer=english", database.string(), script.string(), input.string()},
                        environment, folder / "said");
  };
  c.articles = [=] { return static_cast<std::uint64_t>(Xapian::Database(database.string()).get_doccount()); };
  c.bytes = [=] {
    const fs::path compacted = folder / "omega_compacted";
    fs::remove_all(compacted);
    run_measured({"xapian-compact", database.string(), compacted.string()}, {}, folder / "said");
    const std::uint64_t bytes = bytes_below(compacted);
    fs::remove_all(compacted);
    return bytes;
  };
  return c;
}

void print_row(const contender& c) {
  fmt::print("| {} | {} | {:.1f} | {:.0f} | {:.1f} | {:.0f} | {:.1f} |\n", c.name, c.indexed, median(c.seconds),
             c.rate(), median(c.cpu_seconds), c.peak_megabytes, static_cast<double>(c.size) / 1e6);
}

void compare(const options& o, const corpus& ours, const corpus& theirs) {
  contender us = rapporteur_index(ours.file, o.folder / "index", o.folder / "said");
  // The ways of running the other that its documentation knows. Each has a run; the fastest goes on.
  std::vector<contender> ways;
  ways.push_back(scriptindex("scriptindex, as it comes", theirs.file, o.folder, true, {}));
  ways.push_back(scriptindex("scriptindex, XAPIAN_FLUSH_THRESHOLD=1000", theirs.file, o.folder, true,
                             {"XAPIAN_FLUSH_THRESHOLD=1000"}));
  ways.push_back(scriptindex("scriptindex, XAPIAN_FLUSH_THRESHOLD=1000, no look-up of ids", theirs.file, o.folder,
                             false, {"XAPIAN_FLUSH_THRESHOLD=1000"}));
  us.measure();
  std::size_t best = 0;
  for (std::size_t n = 0; n < ways.size(); ++n) {
    ways[n].measure();
    if (ways[n].seconds[0] < ways[best].seconds[0]) best = n;
  }
  contender& peer = ways[best];
  for (unsigned round = 1; round < o.rounds; ++round) {
    us.measure();
    peer.measure();
  }
  fmt::print("\n{}\n{} lines, {:.1f} MB of JSON Lines; {:.1f} MB of records for scriptindex; medians of {} rounds\n\n",
             machine(), ours.articles, static_cast<double>(ours.bytes) / 1e6, static_cast<double>(theirs.bytes) / 1e6,
             o.rounds);
  fmt::print(
      "| | articles | s | articles/s | processor, s | peak memory, MB | finished index, MB |\n"
      "|---|---:|---:|---:|---:|---:|---:|\n");
  print_row(us);
  for (const contender& w : ways) print_row(w);
  fmt::print("\nagainst {}:\n", peer.name);
  fmt::print("articles/s        {:.2f} ×   (wanted: at least 4)\n", us.rate() / peer.rate());
  fmt::print("processor time    1/{:.2f}\n", median(peer.cpu_seconds) / median(us.cpu_seconds));
  fmt::print("peak memory       {:.0f} MB  (wanted: under 600)\n", us.peak_megabytes);
  fmt::print("finished index    {:.2f} ×   (wanted: at most 1, of scriptindex's after xapian-compact)\n",
             static_cast<double>(us.size) / static_cast<double>(peer.size));
  if (us.indexed != peer.indexed) fmt::print("NOT THE SAME ARTICLES: {} and {}\n", us.indexed, peer.indexed);
}

void growth(const options& o) {
  const corpus few = write_json_lines(o.files, 10000, o.folder / "few.jsonl");
  const corpus many = write_json_lines(o.files, 100000, o.folder / "many.jsonl");
  contender small = rapporteur_index(few.file, o.folder / "index", o.folder / "said");
  contender large = rapporteur_index(many.file, o.folder / "index", o.folder / "said");
  small.name = "10,000 articles";
  large.name = "100,000 articles";
  for (unsigned round = 0; round < o.rounds; ++round) {
    small.measure();
    large.measure();
  }
  fmt::print("\n{}\n{:.1f} and {:.1f} MB of JSON Lines; medians of {} rounds\n\n", machine(),
             static_cast<double>(few.bytes) / 1e6, static_cast<double>(many.bytes) / 1e6, o.rounds);
  fmt::print(
      "| | articles | s | articles/s | processor, s | peak memory, MB | finished index, MB |\n"
      "|---|---:|---:|---:|---:|---:|---:|\n");
  print_row(small);
  print_row(large);
  const auto fall = [](double before, double after) { return 100 * (1 - after / before); };
  const auto per_cpu = [](const contender& c) { return static_cast<double>(c.indexed) / median(c.cpu_seconds); };
  fmt::print("\narticles/s fall by {:.0f} % (wanted: less than 30), articles per second of processor by {:.0f} %\n",
             fall(small.rate(), large.rate()), fall(per_cpu(small), per_cpu(large)));
}

void search(const options& o, const corpus& ours) {
  contender us = rapporteur_index(ours.file, o.folder / "index", o.folder / "said");
  us.measure();
  const auto speeds = measure_search(o.folder / "index", o.folder, std::max(5U, o.rounds));
  fmt::print(
      "\n{}\nprocessor time of the top 10, µs a query\n\n| {} articles | queries | as built | one shard | ratio |\n"
      "|---|---:|---:|---:|---:|\n",
      machine(), us.indexed);
  for (const search_speed& s : speeds) {
    fmt::print("| {} | {} | {:.0f} | {:.0f} | {:.2f} |\n", s.kind, s.queries, s.as_built_us, s.one_shard_us,
               s.as_built_us / s.one_shard_us);
  }
}

unsigned number(std::string_view name, const char* value) {
  char* end = nullptr;
  const unsigned long n = value == nullptr ? 0 : std::strtoul(value, &end, 10);
  if (n == 0 || *end != '\0') throw std::runtime_error(fmt::format("{} needs a number", name));
  return static_cast<unsigned>(n);
}

options parse(int argc, char** argv) {
  options o;
  std::vector<fs::path> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--growth") {
      o.growth = true;
    } else if (argument == "--search") {
      o.search = true;
    } else if (argument == "--rounds") {
      o.rounds = number(argument, argv[++i]);
    } else if (argument == "--articles") {
      o.articles = number(argument, argv[++i]);
    } else if (argument == "--folder" && i + 1 < argc) {
      o.folder = argv[++i];
    } else if (argument.starts_with("-")) {
      throw std::runtime_error(
          fmt::format("{}: index_bench [--growth|--search] [--rounds N] [--articles N] "
                      "[--folder DIR] [PATH…]",
                      argument));
    } else {
      paths.emplace_back(argument);
    }
  }
  if (paths.empty()) {
    const fs::path usual = fs::path(RAPPORTEUR_SOURCE_DIR) / ".." / "shared" / "corpora" / "articles";
    if (fs::exists(usual)) paths.push_back(fs::canonical(usual));
  }
  o.files = json_lines_files(paths);
  return o;
}

void run(options o) {
  if (o.files.empty()) {
    fmt::print("skipped: no files were given and ../shared/corpora/articles is not there\n");
    return;
  }
  std::string pattern = ((o.folder.empty() ? fs::temp_directory_path() : o.folder) / "index_bench_XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error(fmt::format("{}: cannot be made", pattern));
  o.folder = pattern;
  struct removed_at_the_end {
    fs::path folder;
    ~removed_at_the_end() {
      std::error_code ignored;
      fs::remove_all(folder, ignored);
    }
  } const guard{o.folder};

  if (o.growth) return growth(o);
  const corpus ours =
      write_json_lines(o.files, o.articles == 0 ? count_articles(o.files) : o.articles, o.folder / "articles.jsonl");
  if (o.search) return search(o, ours);
  compare(o, ours, write_scriptindex_records(ours.file, o.folder / "articles.records"));
}

}  // namespace
}  // namespace rapporteur::bench

int main(int argc, char** argv) {
  try {
    rapporteur::bench::run(rapporteur::bench::parse(argc, argv));
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "index_bench: {}\n", e.what());
  } catch (const Xapian::Error& e) {
    fmt::print(stderr, "index_bench: {}\n", e.get_description());
  }
  return 1;
}
