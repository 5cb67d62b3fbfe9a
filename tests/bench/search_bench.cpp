// How fast rapporteur-server answers: queries a second, p50, p99 and memory, beside xapian-omega over nginx and
// fcgiwrap, on the same articles and in turns.
//
//   search_bench [--rounds N] [--seconds S] [--queries N] [--cache] [--server FILE] [--keep DIR] [PATH…]
//
// PATHs are JSON Lines files or folders of them, ../shared/corpora/articles by default; without them it says that it is
// skipped. --cache measures the server without its result cache and with it. --server names another rapporteur-server
// than that of this build. --keep keeps articles and indexes in DIR and takes those that are there from a run before:
// PATHs then have no effect. docs/performance.md has the table, and says what is compared.
#include "index/reader.hpp"
#include "tests/bench/bench_corpus.hpp"
#include "tests/bench/bench_program.hpp"
#include "tests/bench/search_bench_load.hpp"
#include "tests/bench/search_bench_report.hpp"
#include "tests/bench/search_bench_requests.hpp"
#include "tests/bench/search_bench_sides.hpp"
#include "tests/scratch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace rapporteur::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::array<unsigned, 2> k_connections{1, 8};
constexpr std::array<unsigned, 2> k_fcgiwrap_children{2, 8};

struct options {
  unsigned rounds = 3, seconds = 5, queries = 60;
  bool cache = false;
  fs::path server = RAPPORTEUR_BINARY_DIR "/rapporteur-server";
  fs::path keep;
  std::vector<fs::path> files;
};

struct indexes {
  fs::path ours, omega;  ///< omega: the folder that holds the database "omega"
};

// Both from the same lines; omega's compacted, which makes it smaller and no slower to search.
indexes make_indexes(const options& o, const fs::path& folder) {
  indexes made{folder / "index", folder / "databases"};
  const fs::path said = folder / "said";
  const fs::path done = folder / "indexes_are_whole";
  if (fs::exists(done)) return made;
  fmt::print(stderr, "indexing\n");
  const corpus lines = write_json_lines(o.files, count_articles(o.files), folder / "articles.jsonl");
  run_measured(
      {RAPPORTEUR_BINARY_DIR "/rapporteur-index", "--index", made.ours.string(), "--quiet", "add", lines.file.string()},
      {}, said, true);
  fmt::print(stderr, "indexing with scriptindex\n");
  const corpus records = write_scriptindex_records(lines.file, folder / "articles.records");
  const fs::path script = folder / "append.script";
  std::ofstream(script) << index_script(false);
  const fs::path grown = folder / "grown";
  run_measured({"scriptindex", "--stemmer=english", grown.string(), script.string(), records.file.string()},
               {"XAPIAN_CJK_NGRAM=1", "XAPIAN_FLUSH_THRESHOLD=1000"}, said);
  fs::create_directories(made.omega);
  run_measured({"xapian-compact", grown.string(), (made.omega / "omega").string()}, {}, said);
  fs::remove_all(grown);
  fs::remove(records.file);
  fs::remove(lines.file);
  std::ofstream(done) << lines.articles << " articles\n";
  return made;
}

void measure(cell& c, const side& asked, const options& o, const fs::path& said) {
  const load_result r = run_wrk(asked.port(), c.script, c.connections, o.seconds, said);
  c.per_second.push_back(r.per_second);
  c.p50_ms.push_back(r.p50_ms);
  c.p99_ms.push_back(r.p99_ms);
}

std::vector<std::string> targets(const request_kind& kind, const side& asked) {
  std::vector<std::string> all;
  for (const request& r : kind.requests) all.push_back(asked.target(r));
  return all;
}

// Which number of children answers more of 8 connections: the place of it in k_fcgiwrap_children.
std::size_t better_fcgiwrap(const omega_programs& programs, const request_kind& kind, const options& o,
                            const fs::path& folder) {
  std::array<double, k_fcgiwrap_children.size()> speeds{};
  for (std::size_t n = 0; n < speeds.size(); ++n) {
    const omega_side tried("", programs, k_fcgiwrap_children[n], snippet_source::text);
    write_wrk_script(targets(kind, tried), folder / "fcgiwrap.lua");
    speeds[n] = run_wrk(programs.port(), folder / "fcgiwrap.lua", 8, o.seconds, folder / "said").per_second;
    fmt::print("fcgiwrap -c {}: {:.1f} queries/s ({}, 8 connections)\n", k_fcgiwrap_children[n], speeds[n], kind.name);
  }
  return static_cast<std::size_t>(std::max_element(speeds.begin(), speeds.end()) - speeds.begin());
}

// The most that omega and its servers take up while 8 connections are answered, apart from what is timed.
double omega_megabytes(const omega_programs& programs, std::size_t fcgiwrap, const side& omega,
                       const request_kind& kind, const options& o, const fs::path& folder) {
  write_wrk_script(targets(kind, omega), folder / "memory.lua");
  std::atomic<bool> done = false;
  double most = 0;
  std::thread sampler([&] {
    while (!done) {
      most = std::max(most, programs.megabytes(fcgiwrap));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  try {
    run_wrk(omega.port(), folder / "memory.lua", 8, o.seconds, folder / "said");
  } catch (...) {
    done = true;
    sampler.join();
    throw;
  }
  done = true;
  sampler.join();
  return most;
}

std::vector<cell> make_cells(const std::vector<request_kind>& kinds, const std::vector<std::unique_ptr<side>>& sides,
                             const fs::path& folder) {
  std::vector<cell> cells;
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    for (const unsigned connections : k_connections) {
      for (std::size_t s = 0; s < sides.size(); ++s) {
        if (kinds[k].requests[0].facets && !sides[s]->has_facets()) continue;
        cell c;
        c.kind = k;
        c.side = s;
        c.connections = connections;
        c.script = folder / fmt::format("requests{}_{}.lua", k, s);
        write_wrk_script(targets(kinds[k], *sides[s]), c.script);
        cells.push_back(std::move(c));
      }
    }
  }
  return cells;
}

void compare(const options& o, const indexes& made, const fs::path& folder) {
  const auto rapporteur = [&](const char* name, const char* file, std::vector<std::string> environment) {
    return std::make_unique<rapporteur_side>(name, o.server, made.ours, folder / file, environment);
  };
  std::vector<std::unique_ptr<side>> sides;
  std::vector<pid_t> servers;
  const auto add = [&](std::unique_ptr<rapporteur_side> one) {
    servers.push_back(one->pid());
    sides.push_back(std::move(one));
  };
  if (o.cache) {
    add(rapporteur("Rapporteur, cache off", "server_off.said", {"RAPPORTEUR_SERVER_RESULT_CACHE=0"}));
    add(rapporteur("Rapporteur, cache on", "server_on.said", {"RAPPORTEUR_SERVER_RESULT_CACHE=64 MiB"}));
  } else {
    add(rapporteur("Rapporteur", "server.said", {}));
  }
  const omega_programs programs(made.omega, folder, {k_fcgiwrap_children.begin(), k_fcgiwrap_children.end()});

  auto reader = index::reader::open(made.ours);
  if (!reader) throw std::runtime_error(reader.error().message);
  fmt::print(stderr, "drawing requests\n");
  const omega_side first("omega", programs, k_fcgiwrap_children[0], snippet_source::text);
  const auto kinds = draw_requests(*reader, *sides[0], first, o.queries);
  double load = 0;
  ::getloadavg(&load, 1);
  fmt::print("{}, load average {:.1f}\n{} articles; medians of {} rounds of {} s\n", machine(), load,
             reader->info().articles, o.rounds, o.seconds);
  const std::size_t chosen = better_fcgiwrap(programs, kinds[0], o, folder);
  const unsigned children = k_fcgiwrap_children[chosen];
  sides.push_back(std::make_unique<omega_side>("omega", programs, children, snippet_source::text));
  sides.push_back(std::make_unique<omega_side>("omega, snippets of the first 512 bytes", programs, children,
                                               snippet_source::sample));
  // Every side has answered everything once before it is timed, and each of them rightly.
  for (const auto& one : sides) {
    for (const request_kind& k : kinds) {
      if (k.requests[0].facets && !one->has_facets()) continue;
      for (const request& r : k.requests) {
        if (const found f = one->ask(r); f.hits != 10 || f.with_snippet != 10) {
          throw std::runtime_error(
              fmt::format("{}: {}: {} hits, {} with a snippet", one->name(), one->target(r), f.hits, f.with_snippet));
        }
      }
    }
  }
  print_kinds(kinds);

  auto cells = make_cells(kinds, sides, folder);
  for (unsigned round = 0; round < o.rounds; ++round) {
    for (std::size_t n = 0; n < cells.size(); ++n) {
      cell& c = cells[round % 2 == 0 ? n : cells.size() - 1 - n];
      measure(c, *sides[c.side], o, folder / "said");
      fmt::print(stderr, "round {}: {}, {} connections, {}: {:.1f}/s\n", round + 1, kinds[c.kind].name, c.connections,
                 sides[c.side]->name(), c.per_second.back());
    }
  }
  print_cells(cells, kinds, sides);
  print_processor(kinds, sides);
  fmt::print("\n");
  for (std::size_t n = 0; n < servers.size(); ++n) {
    fmt::print("memory of {}: {:.1f} MB resident at the end, {:.1f} MB at most\n", sides[n]->name(),
               memory_of(servers[n], "VmRSS"), memory_of(servers[n], "VmHWM"));
  }
  fmt::print("memory of nginx, fcgiwrap -c {} and the omega processes that run at one moment: {:.1f} MB at most\n",
             children, omega_megabytes(programs, chosen, *sides[sides.size() - 2], kinds[0], o, folder));
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
    if (argument == "--rounds") {
      o.rounds = number(argument, argv[++i]);
    } else if (argument == "--seconds") {
      o.seconds = number(argument, argv[++i]);
    } else if (argument == "--queries") {
      o.queries = number(argument, argv[++i]);
    } else if (argument == "--cache") {
      o.cache = true;
    } else if (argument == "--server" && i + 1 < argc) {
      o.server = argv[++i];
    } else if (argument == "--keep" && i + 1 < argc) {
      o.keep = fs::absolute(argv[++i]);
    } else if (argument.starts_with("-")) {
      throw std::runtime_error(fmt::format(
          "{}: search_bench [--rounds N] [--seconds S] [--queries N] [--cache] [--server FILE] [--keep DIR] "
          "[PATH…]",
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

void run(const options& o) {
  if (o.files.empty()) {
    fmt::print("skipped: no files were given and ../shared/corpora/articles is not there\n");
    return;
  }
  const test::scratch_folder folder;
  if (!o.keep.empty()) fs::create_directories(o.keep);
  compare(o, make_indexes(o, o.keep.empty() ? folder.path() : o.keep), folder.path());
}

}  // namespace
}  // namespace rapporteur::bench

int main(int argc, char** argv) {
  try {
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    rapporteur::bench::run(rapporteur::bench::parse(argc, argv));
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "search_bench: {}\n", e.what());
  }
  return 1;
}
