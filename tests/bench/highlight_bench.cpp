// What marking the hits of a search costs: Rapporteur's highlighter beside Xapian's MSet::snippet, on the same articles
// in one run. Each measurement is what a page of 10 hits needs.
//
//   highlight_bench [--folder=DIR] [FILE.jsonl…] [--benchmark_… flags]
//
// The indexes are made in a temporary folder; with --folder they are kept there and used again, for profiling.
// Without files it takes ../shared/corpora/articles and says so if they are absent. docs/performance.md has the table.
#include "index/analysis.hpp"
#include "index/reader.hpp"
#include "index/schema.hpp"
#include "index/writer.hpp"
#include "server/search/highlighter.hpp"
#include "server/search/planner.hpp"
#include "server/search/query_parser.hpp"

#include <benchmark/benchmark.h>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <unistd.h>
#include <xapian.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::search {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_most_articles = 1000;     // of a group
constexpr std::size_t k_most_long_articles = 60;  // of the group of long ones
constexpr std::size_t k_long_bytes = 500000;
constexpr unsigned k_hits = 10;
constexpr std::uint32_t k_passages = 3;  // the product's defaults
constexpr std::uint32_t k_characters = 240;

/// Articles of one kind, and what is asked of them.
struct group {
  const char* name;
  const char* language;
  std::size_t least_bytes, most_bytes;  ///< of articles that are taken as they are; shorter ones are put together
  std::vector<const char*> queries;
};

const std::vector<group>& groups() {
  static const std::vector<group> all = {
      {"en-9kB",
       "en",
       8000,
       10000,
       {"torture", "security council", "human rights", "disarmament conference nuclear", "prisoners", "refugees return",
        "\"human rights\" violations", "economic development assistance", "apartheid", "sovereignty Cyprus settlement",
        "children women", "debt"}},
      {"en-500kB",
       "en",
       k_long_bytes,
       k_long_bytes + 100000,
       {"torture", "security council", "human rights", "disarmament conference nuclear", "prisoners", "refugees return",
        "\"human rights\" violations", "economic development assistance", "apartheid", "sovereignty Cyprus settlement",
        "children women", "debt"}},
      {"ko-9kB",
       "ko",
       8000,
       12000,
       {"인민", "혁명", "경제 건설", "통일", "새해", "\"사회주의 건설\"", "공업 농업", "전쟁"}},
      {"zh-9kB", "zh", 8000, 12000, {"安全", "加密", "人权", "密码 管理", "手机", "网络 信息", "軟件", "旅行"}},
      {"ar-9kB", "ar", 8000, 12000, {"الأمن", "كلمة المرور", "هاتف", "المعلومات", "خطر", "الإنترنت"}},
      {"ru-9kB", "ru", 8000, 12000, {"безопасность", "пароль", "телефон", "права человека", "угроза", "защита данных"}},
  };
  return all;
}

std::vector<fs::path> default_files() {
  std::vector<fs::path> out;
  const fs::path folder = fs::path(RAPPORTEUR_SOURCE_DIR) / ".." / "shared" / "corpora" / "articles";
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(folder, absent)) {
    if (entry.path().extension() == ".jsonl") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Adds an article to a group: as it is if it has the size, else put together with others or cut at lines.
void add_to(const group& wanted, const std::string& title, std::string_view body, article& unfinished,
            std::vector<article>& out) {
  const std::size_t most = wanted.least_bytes == k_long_bytes ? k_most_long_articles : k_most_articles;
  const bool as_they_are = &wanted == &groups().front();  // English articles of 9 kB are plenty
  if (as_they_are && (body.size() < wanted.least_bytes || body.size() > wanted.most_bytes)) return;
  while (!body.empty() && out.size() < most) {
    const std::size_t room = wanted.most_bytes - unfinished.text.size();
    std::string_view part = body;
    if (body.size() > room) {
      const std::size_t line = body.substr(0, room).rfind('\n');
      part = line == std::string_view::npos ? body.substr(0, index::break_at_or_before(body, room))
                                            : body.substr(0, line + 1);
    }
    body.remove_prefix(part.size());
    unfinished.text += part;
    unfinished.text += "\n\n";
    if (unfinished.title.empty()) unfinished.title = title.empty() ? derive_title(unfinished.text) : title;
    if (unfinished.text.size() < wanted.least_bytes) continue;
    unfinished.id = fmt::format("{}/{}", wanted.name, out.size());
    unfinished.language = wanted.language;
    unfinished.collection = wanted.name;
    out.push_back(std::exchange(unfinished, {}));
  }
}

/// The articles of each group, in the order of the files.
std::vector<std::vector<article>> read_articles(const std::vector<fs::path>& files) {
  std::vector<std::vector<article>> out(groups().size());
  std::vector<article> unfinished(groups().size());
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    for (std::string line; std::getline(in, line);) {
      boost::system::error_code failure;
      const boost::json::value v = boost::json::parse(line, failure);
      if (failure || !v.is_object()) continue;
      const auto text = [&v](const char* key) {
        const auto* member = v.as_object().if_contains(key);
        return member != nullptr && member->is_string() ? std::string(member->as_string()) : std::string();
      };
      const std::string body = text("text");
      const std::string language = text("lang");
      for (std::size_t g = 0; g < groups().size(); ++g) {
        if (language == groups()[g].language) add_to(groups()[g], text("title"), body, unfinished[g], out[g]);
      }
    }
  }
  return out;
}

/// A page of hits of one query, for either side.
struct page {
  std::vector<pattern> patterns;
  std::vector<Xapian::docid> hits;
  std::shared_ptr<Xapian::Enquire> enquire;
  std::vector<std::string> texts;
};

class bench {
 public:
  bench(const std::vector<fs::path>& files, const fs::path& kept) : folder_(kept) {
    if (folder_.empty()) {
      std::string name = (fs::temp_directory_path() / "rapporteur-bench-XXXXXX").string();
      if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
      folder_ = name;
      temporary_ = true;
    }
    if (!fs::exists(folder_ / "ours" / "current")) write(read_articles(files));
    reader_ = std::make_unique<index::reader>(index::reader::open(folder_ / "ours").value());
    planner_ = std::make_unique<planner>(*reader_, limits{});
    theirs_ = Xapian::Database((folder_ / "theirs").string());
    for (const group& g : groups()) {
      for (const char* q : g.queries) {
        ours_[g.name].push_back(our_page(g, q));
        snippets_[g.name].push_back(their_page(g, q, ours_[g.name].back().hits));
      }
    }
  }
  ~bench() {
    std::error_code ignored;
    if (temporary_) fs::remove_all(folder_, ignored);
  }
  bench(const bench&) = delete;
  bench& operator=(const bench&) = delete;

  // Everything: record and text from the index, decompressed, marks in the title, passages.
  void highlight(benchmark::State& state, const char* name) {
    std::size_t marked = 0;
    std::size_t pages = 0;
    std::size_t hits = 0;
    std::size_t blocks = 0;
    for (auto round : state) {
      (void)round;
      for (const page& p : ours_[name]) {
        marks_.prepare(p.patterns);
        for (const Xapian::docid id : p.hits) {
          auto record = reader_->get_record(id).value();
          const std::string_view language = reader_->stem_language(record.fields);
          auto title = highlighter::mark(record.fields.title, marks_.find(record.fields.title, language, true));
          auto text = reader_->open_text(record).value();
          auto passages = marks_.passages(text, language, k_passages, k_characters).value();
          marked += passages.size() + title.size();
          ++hits;
          blocks += text.fetched();
          benchmark::DoNotOptimize(passages);
        }
        ++pages;
      }
    }
    if (marked == 0) state.SkipWithError("nothing was marked");
    state.counters["hits_a_page"] = static_cast<double>(hits) / static_cast<double>(std::max<std::size_t>(1, pages));
    state.counters["blocks_a_hit"] = static_cast<double>(blocks) / static_cast<double>(std::max<std::size_t>(1, hits));
    state.SetItemsProcessed(static_cast<std::int64_t>(pages));
  }

  // The snippet alone, of texts that are in memory.
  void snippet(benchmark::State& state, const char* name, const char* language, unsigned flags) {
    const bool cjk = std::string_view(language) == "ko" || std::string_view(language) == "zh";
    const Xapian::Stem stem = stemmer(language);
    if (cjk) flags |= Xapian::MSet::SNIPPET_CJK_NGRAM;
    std::size_t bytes = 0;
    std::size_t pages = 0;
    for (auto round : state) {
      (void)round;
      for (const page& p : snippets_[name]) {
        // Each page has an MSet of its own, as in a server: it remembers what it has looked up.
        state.PauseTiming();
        const Xapian::MSet found = p.enquire->get_mset(0, k_hits);
        state.ResumeTiming();
        for (const std::string& text : p.texts) bytes += found.snippet(text, k_characters, stem, flags).size();
        ++pages;
      }
    }
    if (bytes == 0) state.SkipWithError("no snippets");
    state.SetItemsProcessed(static_cast<std::int64_t>(pages));
  }

 private:
  static Xapian::Stem stemmer(std::string_view language) {
    return language == "ko" || language == "zh" ? Xapian::Stem() : Xapian::Stem(std::string(language));
  }

  void write(const std::vector<std::vector<article>>& articles) {
    for (std::size_t g = 0; g < groups().size(); ++g) {
      std::size_t bytes = 0;
      for (const article& a : articles[g]) bytes += a.text.size();
      std::puts(fmt::format("{}: {} articles of {} bytes on average", groups()[g].name, articles[g].size(),
                            articles[g].empty() ? 0 : bytes / articles[g].size())
                    .c_str());
    }
    auto ours = index::writer::open(folder_ / "ours", index::writer::mode::update, {}).value();
    Xapian::WritableDatabase theirs((folder_ / "theirs").string(), Xapian::DB_CREATE);
    for (std::size_t g = 0; g < articles.size(); ++g) {
      const std::string_view language = groups()[g].language;
      Xapian::TermGenerator terms;
      terms.set_stemmer(stemmer(language));
      if (language == "ko" || language == "zh") terms.set_flags(Xapian::TermGenerator::FLAG_CJK_NGRAM);
      for (const article& a : articles[g]) {
        ours.add(a).value();
        Xapian::Document d;
        terms.set_document(d);
        terms.index_text(a.title, 1, "S");
        terms.index_text(a.title);
        terms.increase_termpos();
        terms.index_text(a.text);
        d.add_boolean_term("XG" + std::string(groups()[g].name));
        d.set_data(a.text);
        theirs.add_document(d);
      }
    }
    ours.commit().value();
    theirs.commit();
  }

  page our_page(const group& g, const char* q) {
    page p;
    request r;
    r.collections = {g.name};
    auto plan = planner_->make(parse_query(q, parser_limits{}).root, r).value();
    Xapian::Enquire enquire(reader_->database());
    enquire.set_query(plan.query);
    const Xapian::MSet found = enquire.get_mset(0, k_hits);
    for (auto m = found.begin(); m != found.end(); ++m) p.hits.push_back(*m);
    p.patterns = std::move(plan.patterns);
    return p;
  }

  // The same query and the same articles.
  page their_page(const group& g, const char* q, const std::vector<Xapian::docid>& hits) {
    page p;
    Xapian::QueryParser parser;
    const std::string_view language = g.language;
    unsigned flags = Xapian::QueryParser::FLAG_DEFAULT;
    if (language == "ko" || language == "zh") flags |= Xapian::QueryParser::FLAG_CJK_NGRAM;
    parser.set_stemmer(stemmer(language));
    parser.set_stemming_strategy(Xapian::QueryParser::STEM_SOME);
    parser.set_default_op(Xapian::Query::OP_AND);
    parser.set_database(theirs_);
    p.enquire = std::make_shared<Xapian::Enquire>(theirs_);
    p.enquire->set_query(
        {Xapian::Query::OP_FILTER, parser.parse_query(q, flags), Xapian::Query("XG" + std::string(g.name))});
    for (const Xapian::docid id : hits) p.texts.push_back(reader_->get_text(reader_->get_record(id).value()).value());
    return p;
  }

  fs::path folder_;
  bool temporary_ = false;
  std::unique_ptr<index::reader> reader_;
  std::unique_ptr<planner> planner_;
  highlighter marks_;
  Xapian::Database theirs_;
  std::map<std::string, std::vector<page>> ours_, snippets_;
};

/// Keeps the times, and prints as usual.
class table : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& r : runs) {
      if (r.error_occurred || r.run_type != Run::RT_Iteration) continue;
      const auto pages = r.counters.find("items_per_second");
      if (pages != r.counters.end()) ms_[r.benchmark_name()] = 1000 / pages->second.value;
    }
    ConsoleReporter::ReportRuns(runs);
  }

  void print() const {
    std::puts("\n| articles | Rapporteur, ms | snippet, default flags, ms | ratio | snippet, flags 0, ms | ratio |");
    std::puts("|---|---:|---:|---:|---:|---:|");
    const auto time = [this](const std::string& name) {
      const auto known = ms_.find(name);
      return known == ms_.end() ? 0.0 : known->second;
    };
    for (const group& g : groups()) {
      const std::string name = g.name;
      const double ours = time("rapporteur/" + name);
      const double all = time("snippet_default/" + name);
      const double none = time("snippet_flags_0/" + name);
      if (ours > 0)
        std::puts(fmt::format("| {} | {:.3f} | {:.2f} | {:.1f} | {:.2f} | {:.1f} |", name, ours, all, all / ours, none,
                              none / ours)
                      .c_str());
    }
  }

 private:
  std::map<std::string, double> ms_;
};

int run_all(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  std::vector<fs::path> files;
  fs::path folder;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    constexpr std::string_view k_folder = "--folder=";
    if (argument.starts_with(k_folder))
      folder = argument.substr(k_folder.size());
    else
      files.emplace_back(argument);
  }
  if (files.empty()) files = default_files();
  if (files.empty()) {
    std::puts("skipped: no files were given and ../shared/corpora/articles is not there");
    return 0;
  }
  bench b(files, folder);
  for (const group& g : groups()) {
    const std::string name = g.name;
    const auto add = [&](const char* kind, auto fn) {
      benchmark::RegisterBenchmark((std::string(kind) + "/" + name).c_str(), fn)->Unit(benchmark::kMillisecond);
    };
    add("rapporteur", [&b, &g](benchmark::State& s) { b.highlight(s, g.name); });
    add("snippet_default", [&b, &g](benchmark::State& s) {
      b.snippet(s, g.name, g.language, Xapian::MSet::SNIPPET_BACKGROUND_MODEL | Xapian::MSet::SNIPPET_EXHAUSTIVE);
    });
    add("snippet_flags_0", [&b, &g](benchmark::State& s) { b.snippet(s, g.name, g.language, 0); });
  }
  table t;
  benchmark::RunSpecifiedBenchmarks(&t);
  t.print();
  return 0;
}

}  // namespace
}  // namespace rapporteur::search

int main(int argc, char** argv) {
  try {
    return rapporteur::search::run_all(argc, argv);
  } catch (const std::exception& e) {
    std::fputs(e.what(), stderr);
  } catch (const Xapian::Error& e) {
    std::fputs(e.get_description().c_str(), stderr);
  }
  return 1;
}
