#include "indexer/ingest.hpp"

#include "index/reader.hpp"
#include "version.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <unordered_map>
#include <utility>

namespace rapporteur::indexer {
namespace {

/// A file that changed so shortly before it was read may change again without another mtime: file systems count time in
/// steps of up to two seconds.
constexpr std::chrono::seconds k_settled{2};

constexpr const char* k_failed_before = "failed before, and the file has not changed since";

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class writer_sink final : public article_sink {
 public:
  explicit writer_sink(index::writer& w) : w_(w) {}
  result<void> add(article a) override { return w_.add(std::move(a)); }
  result<bool> remove(std::string_view id) override { return w_.remove(id); }
  result<std::optional<index::known_file>> find_file(std::string_view path) override { return w_.find_file(path); }
  result<void> for_each_file(const std::function<void(const index::known_file&)>& f) override {
    return w_.for_each_file(f);
  }
  result<void> begin_file() override { return w_.begin_file(); }
  result<void> end_file(index::known_file file, bool prune) override { return w_.end_file(std::move(file), prune); }
  result<void> drop_file(const std::string& path) override { return w_.drop_file(path); }
  result<void> drain() override { return w_.drain(); }
  void on_outcome(std::function<void(const index::written_article&)> f) override { w_.on_outcome(std::move(f)); }
  void on_file_end(std::function<void(const index::file_end&)> f) override { w_.on_file_end(std::move(f)); }

 private:
  index::writer& w_;
};

/// What would become of articles. Articles that would be removed are those that a reader finds under a file's name.
class comparing_sink final : public article_sink {
 public:
  explicit comparing_sink(std::optional<index::reader> r) : reader_(std::move(r)) {}

  result<void> add(article a) override {
    const std::string id = a.id;
    const std::string file = a.origin.file;
    const std::string content = content_of(a);
    index::write_outcome what = index::write_outcome::added;
    if (const auto seen = seen_.find(id); seen != seen_.end()) {
      what = seen->second == content ? index::write_outcome::unchanged : index::write_outcome::replaced;
    } else if (reader_ && !removed_.contains(id)) {
      const auto stored = reader_->content_of(id);
      if (!stored) return stored.error();
      if (!stored->empty())
        what = *stored == content ? index::write_outcome::unchanged : index::write_outcome::replaced;
    }
    seen_[id] = content;
    of_file_.insert(id);
    if (on_outcome_) on_outcome_({id, what, a.language});
    return {};
  }
  result<bool> remove(std::string_view id) override {
    const std::string key(id);
    const bool in_index = reader_ && !removed_.contains(key) && reader_->find(id) != 0;
    const bool there = seen_.erase(key) > 0 || in_index;
    if (there) removed_.insert(key);
    return there;
  }
  result<std::optional<index::known_file>> find_file(std::string_view path) override {
    if (!reader_) return std::optional<index::known_file>();
    return reader_->find_file(path);
  }
  result<void> for_each_file(const std::function<void(const index::known_file&)>& f) override {
    return reader_ ? reader_->for_each_file(f) : result<void>();
  }
  result<void> begin_file() override {
    of_file_.clear();
    return {};
  }
  result<void> end_file(index::known_file file, bool prune) override {
    return prune ? tell_gone(file.path) : result<void>();
  }
  result<void> drop_file(const std::string& path) override {
    of_file_.clear();
    return tell_gone(path);
  }
  result<void> drain() override { return {}; }
  void on_outcome(std::function<void(const index::written_article&)> f) override { on_outcome_ = std::move(f); }
  void on_file_end(std::function<void(const index::file_end&)> f) override { on_file_end_ = std::move(f); }

 private:
  std::string content_of(article& a) { return reader_ ? reader_->content_hash_of(a) : content_hash(a); }

  result<void> tell_gone(const std::string& path) {
    if (!reader_ || !on_file_end_) return {};
    auto articles = reader_->articles_of(path);
    if (!articles) return articles.error();
    index::file_end end;
    for (auto& [id, files] : *articles) {
      if (of_file_.contains(id)) continue;
      // Another file that was read in this run has it, or one that was not and still names it.
      if (++given_up_[id] < files || seen_.contains(id)) continue;
      removed_.insert(id);
      end.removed.push_back(std::move(id));
    }
    on_file_end_(end);
    return {};
  }

  std::optional<index::reader> reader_;
  std::unordered_map<std::string, std::string> seen_;
  std::set<std::string> of_file_;
  std::unordered_map<std::string, std::size_t> given_up_;  // by how many of its files
  std::set<std::string> removed_;
  std::function<void(const index::written_article&)> on_outcome_;
  std::function<void(const index::file_end&)> on_file_end_;
};

}  // namespace

std::unique_ptr<article_sink> writing_to(index::writer& w) {
  return std::make_unique<writer_sink>(w);
}

result<std::unique_ptr<article_sink>> comparing_with(const std::filesystem::path& index) {
  auto opened = index::reader::open(index);
  if (!opened && opened.error().code != errc::index_missing) return opened.error();
  std::optional<index::reader> r;
  if (opened) r = std::move(*opened);
  return std::unique_ptr<article_sink>(std::make_unique<comparing_sink>(std::move(r)));
}

bool concerns_article(errc code) noexcept {
  return code == errc::invalid_argument || code == errc::encoding || code == errc::too_large || code == errc::malformed;
}

std::uint64_t reading_of(const read_limits& limits, const record_rules& rules) {
  // FNV-1a over what a person could read.
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char c : fmt::format("{} {} {} {}", k_version, limits.max_article_bytes, limits.max_file_bytes,
                                  rules.fields.to_string())) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  }
  return hash;
}

ingest::ingest(article_sink& to, const ingest_rules& rules, run_account& account, finding_list& findings)
    : to_(to), rules_(rules), account_(account), findings_(findings) {
  to_.on_outcome([this](const index::written_article& o) { account_.count(o); });
  to_.on_file_end([this](const index::file_end& end) {
    account_.removed += end.removed.size();
    again_.insert(end.read_again.begin(), end.read_again.end());
  });
}

ingest::~ingest() {
  to_.on_outcome(nullptr);
  to_.on_file_end(nullptr);
}

result<void> ingest::read(const source_file& file, bool whole) {
  if (!rules_.read_all) {
    index::known_file now;
    now.bytes = file.bytes;
    now.modified_ns = file.modified_ns;
    now.inode = file.inode;
    now.reading = rules_.reading;
    const auto known = to_.find_file(file.path);
    if (!known) return known.error();
    if (*known && (*known)->is_same(now) && !(rules_.prune && (*known)->kept > 0)) {
      ++account_.files_unchanged;
      account_.read += (*known)->articles + (*known)->failed;
      account_.unchanged += (*known)->articles;
      account_.failed += (*known)->failed;
      if ((*known)->failed > 0) account_.failures[k_failed_before] += (*known)->failed;
      if (on_bytes_ && !on_bytes_(file.bytes)) stopped_ = true;
      return {};
    }
  }
  return read_now(file, whole);
}

result<void> ingest::read_now(const source_file& file, bool whole) {
  const std::int64_t began = now_ns();
  index::known_file state;
  state.path = file.path;
  state.bytes = file.bytes;
  state.inode = file.inode;
  state.reading = rules_.reading;
  std::uint64_t failed = 0;

  read_events events;
  events.on_article = [&](article a) -> result<void> {
    const article_origin origin = a.origin;
    account_.describe(a);
    const auto taken = to_.add(std::move(a));
    if (taken) {
      ++accepted_;
      ++state.articles;
      return {};
    }
    if (!concerns_article(taken.error().code)) return taken.error();
    ++failed;
    findings_.add({severity::failure,
                   {taken.error().code, "refused by the index", taken.error().message},
                   origin.file,
                   origin.line,
                   0});
    return {};
  };
  events.on_finding = [&](const finding& f) {
    if (f.level == severity::failure) ++failed;
    findings_.add(f);
  };
  events.on_left_out = [&](const std::string& what, std::uint64_t count) { findings_.leave_out(what, count); };
  events.on_bytes = [&](std::uint64_t more) {
    account_.bytes += more;
    if (on_bytes_ && !on_bytes_(more)) stopped_ = true;
    return !stopped_;
  };

  if (auto begun = to_.begin_file(); !begun) return begun;
  const auto outcome = read_source(file, rules_.limits, rules_.records, events);
  if (!outcome) return outcome.error();
  account_.read += outcome->records;
  ++account_.files;
  if (stopped_) return {};
  // A file that broke off is read again next time, and what it may still have stays.
  if (!outcome->complete) return {};

  struct stat after {};
  const bool there = ::stat(file.path.c_str(), &after) == 0;
  const std::int64_t modified = there ? std::int64_t{after.st_mtim.tv_sec} * 1'000'000'000 + after.st_mtim.tv_nsec : 0;
  const bool as_listed = there && modified == file.modified_ns &&
                         static_cast<std::uint64_t>(after.st_size) == file.bytes &&
                         static_cast<std::uint64_t>(after.st_ino) == file.inode;
  const bool settled = file.modified_ns < began - std::chrono::nanoseconds(k_settled).count();
  if (as_listed && settled) state.modified_ns = file.modified_ns;
  state.failed = failed;
  // A record that cannot be read may be one that was there before, half written.
  return to_.end_file(std::move(state), rules_.prune && whole && failed == 0 && as_listed);
}

result<void> ingest::drop(const std::string& path) {
  ++account_.files_gone;
  return to_.drop_file(path);
}

result<void> ingest::settle() {
  // Reading a file again may hide no other article, so this ends; the bound is for a case that nobody thought of.
  constexpr int k_rounds = 16;
  for (int round = 0; round < k_rounds && !stopped_; ++round) {
    if (auto drained = to_.drain(); !drained) return drained;
    if (again_.empty()) break;
    for (const std::string& path : std::exchange(again_, {})) {
      if (auto file = examine_source(path, true)) {
        if (auto done = read_now(*file, true); !done) return done;
      }
    }
  }
  return {};
}

}  // namespace rapporteur::indexer
