// How long a suggestion takes over an index, letter by letter: suggest_bench INDEX
//
// What is typed are the beginnings of titles and of fixed words in many scripts, from one letter on. Prints wall and
// thread time, so that a busy machine can be told from a slow program, and what the tables hold.
#include "index/reader.hpp"
#include "index/unicode.hpp"
#include "server/search/searcher.hpp"
#include "server/search/shared_vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using rapporteur::index::decode_utf8;

double thread_ms() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

void print_memory(std::string_view when) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS") || line.starts_with("VmHWM")) fmt::print("{}: {}\n", when, line);
  }
}

// Each beginning of a text, of up to 40 characters.
void add_beginnings(std::string_view text, std::set<std::string>& out) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size() && characters < 40; ++characters) {
    at += decode_utf8(text, at).size;
    out.emplace(text.substr(0, at));
  }
}

void print_times(std::string_view of, std::vector<double> ms) {
  if (ms.empty()) return;
  std::sort(ms.begin(), ms.end());
  const auto at = [&](double share) {
    return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
  };
  fmt::print("{:<28} {:>7} p50 {:6.3f} p90 {:6.3f} p99 {:6.3f} p99.9 {:6.3f} max {:6.3f} ms\n", of, ms.size(), at(0.5),
             at(0.9), at(0.99), at(0.999), ms.back());
}

}  // namespace

int main(int argc, char** argv) {
  using namespace rapporteur;  // NOLINT(google-build-using-namespace)
  if (argc != 2) {
    fmt::print(stderr, "suggest_bench INDEX\n");
    return 2;
  }
  auto reader = index::reader::open(argv[1]);
  auto searcher = search::searcher::open(argv[1], {});
  if (!reader || !searcher) {
    fmt::print(stderr, "{}\n", reader ? searcher.error().message : reader.error().message);
    return 1;
  }
  print_memory("before");
  auto words = std::make_shared<search::shared_vocabulary>(argv[1]);
  auto began = std::chrono::steady_clock::now();
  const auto took = [&began] {
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> d = now - began;
    began = now;
    return d.count();
  };
  const auto vocabulary = words->get(reader->info(), std::chrono::minutes(10));
  fmt::print("vocabulary: {} words, {} pairs, {} bytes, made in {:.2f} s\n", vocabulary->words(), vocabulary->pairs(),
             vocabulary->bytes(), took());
  const auto table = words->suggestions(reader->info(), std::chrono::minutes(10));
  fmt::print("table: {} lines, {} titles, {} bytes, made in {:.2f} s\n", table->lines(), table->titles(),
             table->bytes(), took());
  print_memory("after");
  searcher->share_vocabulary(words);

  std::set<std::string> typed;
  for (char c = 'a'; c <= 'z'; ++c) typed.emplace(1, c);
  for (const std::string_view text : {"human rights violations in north korea",
                                      "kim jong un",
                                      "Tomás Ojea Quintana",
                                      "détention arbitraire",
                                      "desaparición forzada",
                                      "prisoners of conscience",
                                      "ill-treatment",
                                      "U.N. Security Council",
                                      "права человека",
                                      "политические заключенные",
                                      "حقوق الإنسان",
                                      "السجناء السياسيين",
                                      "북한 인권",
                                      "정치범 수용소",
                                      "人権侵害",
                                      "朝鮮民主主義人民共和国",
                                      "人权",
                                      "強制失踪",
                                      "สิทธิมนุษยชน",
                                      "ανθρώπινα δικαιώματα",
                                      "मानवाधिकार",
                                      "the the the of the in the s"}) {
    add_beginnings(text, typed);
  }
  auto& db = reader->database();
  const auto step = std::max<Xapian::docid>(db.get_lastdocid() / 400, 1);
  for (Xapian::docid id = 1; id <= db.get_lastdocid(); id += step) {
    try {
      const auto record = reader->get_record(id);
      if (record) add_beginnings(record->fields.title, typed);
    } catch (const Xapian::DocNotFoundError&) {
      continue;
    }
  }
  std::vector<double> wall, cpu, one;
  std::string slowest;
  double most = 0;
  for (const std::string& q : typed) {
    took();
    const double before = thread_ms();
    const auto answer = searcher->suggest(q, 10);
    const double spent = thread_ms() - before;
    wall.push_back(took() * 1e3);
    cpu.push_back(spent);
    if (decode_utf8(q, 0).size == q.size()) one.push_back(spent);
    if (answer && spent > most) {
      most = spent;
      slowest = q;
    }
  }
  print_times("wall", wall);
  print_times("thread", cpu);
  print_times("thread, one character", one);
  fmt::print("slowest: {}\n", slowest);
  print_memory("end");
}
