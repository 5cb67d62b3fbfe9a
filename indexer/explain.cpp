// From what the user named to records, and from records to explanations.
#include "indexer/explain.hpp"

#include "indexer/explain_report.hpp"
#include "indexer/source.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace rapporteur::indexer {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

void print(const std::string& s) {
  std::fputs(s.c_str(), stdout);
  std::fflush(stdout);
}

void say(const std::string& s) {
  fmt::print(stderr, "rapporteur-index: {}\n", s);
}

struct file_target {
  std::string path;
  std::uint64_t line = 0;  ///< 0: none was named
};

/// FILE, or FILE:LINE if there is no file of the whole name; nullopt: there is no such file.
std::optional<file_target> file_named(const std::string& target) {
  std::error_code ec;
  if (fs::exists(target, ec)) return file_target{target, 0};
  const std::size_t colon = target.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  file_target f{target.substr(0, colon), 0};
  const char* const end = target.data() + target.size();
  const auto read = std::from_chars(target.data() + colon + 1, end, f.line);
  if (read.ec != std::errc{} || read.ptr != end || f.line == 0 || !fs::exists(f.path, ec)) return std::nullopt;
  return f;
}

struct read_record {
  std::uint64_t line = 0;
  std::optional<article> subject;
  std::vector<finding> findings;
  std::map<std::string, std::uint64_t> left_out;

  [[nodiscard]] bool empty() const { return !subject && findings.empty(); }
};

/// Gathers what a reader says by record: of one line, or of the first ones. Readers report a record's findings before
/// its bytes.
class record_gatherer {
 public:
  explicit record_gatherer(std::uint64_t line) : line_(line) {}

  read_events events() {
    read_events e;
    e.on_article = [this](article a) -> result<void> {
      now_.subject = std::move(a);
      return {};
    };
    e.on_finding = [this](finding f) { now_.findings.push_back(std::move(f)); };
    e.on_left_out = [this](const std::string& what, std::uint64_t count) { now_.left_out[what] += count; };
    e.on_bytes = [this](std::uint64_t) {
      ++lines_;
      end_record();
      return line_ == 0 ? !more_ : lines_ < line_;
    };
    return e;
  }

  /// What was reported without bytes is about the whole file.
  std::vector<read_record> finish() {
    if (!now_.empty()) records_.push_back(std::exchange(now_, {}));
    return std::move(records_);
  }

  [[nodiscard]] bool more() const noexcept { return more_; }
  [[nodiscard]] std::uint64_t lines() const noexcept { return lines_; }

 private:
  void end_record() {
    read_record r = std::exchange(now_, {});
    if (r.empty()) return;
    r.line = lines_;
    if (line_ != 0 && lines_ != line_) {
      // "… and others like it from here on, read as windows-1251" is said once, and concerns what comes.
      for (finding& f : r.findings) {
        if (f.level == severity::warning && f.what.code == errc::encoding && said_before_.empty())
          said_before_.push_back(std::move(f));
      }
      return;
    }
    if (records_.size() == k_explained_records) {
      more_ = true;
      return;
    }
    r.findings.insert(r.findings.begin(), said_before_.begin(), said_before_.end());
    records_.push_back(std::move(r));
  }

  std::uint64_t line_;
  std::uint64_t lines_ = 0;
  bool more_ = false;
  read_record now_;
  std::vector<read_record> records_;
  std::vector<finding> said_before_;
};

std::vector<std::string> split_at_blanks(const std::vector<std::string>& given) {
  std::vector<std::string> words;
  for (const std::string& g : given) {
    for (std::size_t at = 0; (at = g.find_first_not_of(" \t\r\n", at)) != std::string::npos;) {
      const std::size_t end = std::min(g.find_first_of(" \t\r\n", at), g.size());
      words.push_back(g.substr(at, end - at));
      at = end;
    }
  }
  return words;
}

class explanation_run {
 public:
  explanation_run(index::explainer explainer, const explain_options& what, const output_options& output)
      : explainer_(std::move(explainer)), words_(split_at_blanks(what.words)), all_(what.all), json_(output.json) {}

  /// Explains one record and prints it, or keeps it for the end. Errors are the index's; it is printed without it then.
  result<void> add(explained_record r, std::optional<article> subject) {
    result<void> done;
    r.index_read = explainer_.has_index();
    if (subject && !r.stored && r.index_read) {
      auto stored = explainer_.find(subject->id);
      if (stored) {
        r.stored = std::move(*stored);
      } else {
        done = stored.error();
        r.index_read = false;
      }
    }
    if (subject) r.article = explainer_.explain(std::move(*subject));
    if (r.article) {
      ++articles_;
      for (const std::string& word : words_) {
        auto explained = explainer_.explain_word(word, *r.article, terms_of(r));
        if (!explained) {
          done = explained.error();
          break;
        }
        r.words.push_back(std::move(*explained));
      }
    }
    if (json_) {
      records_.push_back(to_json(r));
    } else {
      print((first_ ? "" : "\n") + to_text(r, all_));
    }
    first_ = false;
    return done;
  }

  result<std::optional<index::stored_article>> find(const std::string& id) { return explainer_.find(id); }

  void close(bool more) {
    if (!json_) return;
    json::object o;
    if (explainer_.has_index()) {
      o["index"] = json::object{{"articles", explainer_.articles()}, {"revision", explainer_.revision()}};
    }
    o["records"] = std::move(records_);
    o["more"] = more;
    print(json::serialize(o) + "\n");
  }

  [[nodiscard]] std::size_t articles() const noexcept { return articles_; }

 private:
  index::explainer explainer_;
  std::vector<std::string> words_;
  bool all_;
  bool json_;
  bool first_ = true;
  std::size_t articles_ = 0;
  json::array records_;
};

int explain_file(const file_target& target, const run_options& options, const explain_options& what,
                 const output_options& output) {
  std::error_code ec;
  if (fs::is_directory(target.path, ec)) {
    say(fmt::format("{}: a folder; name one of its files", printable(target.path, 4096)));
    return k_exit_partly;
  }
  record_gatherer gatherer(target.line);
  const read_events events = gatherer.events();
  const source_listing listing = list_sources({target.path}, events.on_finding, [] { return true; });
  for (const source_file& file : listing.files) {
    if (const auto read = read_source(file, options.rules.limits, options.rules.records, events); !read) {
      say(read.error().message);
      return k_exit_partly;
    }
  }
  std::vector<read_record> records = gatherer.finish();

  int status = k_exit_ok;
  auto opened = index::explainer::open(options.index);
  if (!opened) {
    const bool missing = opened.error().code == errc::index_missing;
    if (!missing) status = k_exit_index;
    say(fmt::format("{}\nrapporteur-index: impacts are explained without the index", opened.error().message));
  }
  explanation_run run(opened ? std::move(*opened) : index::explainer(), what, output);
  for (read_record& r : records) {
    explained_record e;
    e.file = target.path;
    if (target.line != 0 || gatherer.lines() > 1) e.line = r.line;
    e.findings = std::move(r.findings);
    e.left_out = std::move(r.left_out);
    if (const auto done = run.add(std::move(e), std::move(r.subject)); !done) {
      say(done.error().message);
      status = k_exit_index;
    }
  }
  run.close(gatherer.more());
  const std::string shown = printable(target.path, 4096);
  if (gatherer.more()) {
    say(fmt::format("{}: these are the first {} records; name the line of another one: {}:LINE", shown,
                    k_explained_records, shown));
  }
  if (records.empty()) {
    say(target.line == 0 ? fmt::format("{}: no article in it", shown)
                         : fmt::format("{}:{}: {}", shown, target.line,
                                       gatherer.lines() < target.line
                                           ? fmt::format("no such record; the last one can be {}", gatherer.lines())
                                           : "the line is blank"));
  }
  return status == k_exit_ok && run.articles() == 0 ? static_cast<int>(k_exit_partly) : status;
}

int explain_id(const run_options& options, const explain_options& what, const output_options& output) {
  auto opened = index::explainer::open(options.index);
  if (!opened) {
    if (!what.is_id) say(fmt::format("{}: no such file, and", printable(what.target, 4096)));
    say(opened.error().message);
    return k_exit_index;
  }
  explanation_run run(std::move(*opened), what, output);
  auto stored = run.find(what.target);
  if (!stored) {
    say(stored.error().message);
    return k_exit_index;
  }
  if (!*stored) {
    say(fmt::format("{}: no such article in the index{}", printable(what.target, 4096),
                    what.is_id ? "" : ", and no such file"));
    return k_exit_partly;
  }
  explained_record r;
  r.stored = std::move(**stored);
  article subject = r.stored->subject;
  if (const auto done = run.add(std::move(r), std::move(subject)); !done) {
    say(done.error().message);
    return k_exit_index;
  }
  run.close(false);
  return k_exit_ok;
}

}  // namespace

int command_explain(const run_options& options, const explain_options& what, const output_options& output) {
  if (!what.is_id) {
    if (const auto file = file_named(what.target)) return explain_file(*file, options, what, output);
  }
  return explain_id(options, what, output);
}

}  // namespace rapporteur::indexer
