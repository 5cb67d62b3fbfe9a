#include "indexer/watch.hpp"

#include "indexer/background_merge.hpp"
#include "indexer/folder_watch.hpp"
#include "indexer/formats.hpp"
#include "indexer/gone.hpp"
#include "indexer/inbox_requests.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace rapporteur::indexer {
namespace {

namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds k_gather{100};       ///< changes that come together are committed together
constexpr milliseconds k_most_gather{500};  ///< but none waits longer than this for others
constexpr milliseconds k_quiet{1000};       ///< a file that is not closed is read when it has not grown for so long
constexpr milliseconds k_between_commits{200};
constexpr milliseconds k_least_patience{250};
constexpr milliseconds k_most_patience{30'000};
constexpr milliseconds k_tick{500};  ///< how long a signal or a finished merge may go unnoticed
constexpr milliseconds k_rescan_without_watches{10'000};
constexpr std::chrono::hours k_between_prunes{1};

class watcher {
 public:
  watcher(const watch_options& options, const watch_events& events, progress& out, const std::function<bool()>& stop,
          folder_watch folders)
      : options_(options),
        events_(events),
        out_(out),
        stop_(stop),
        folders_(std::move(folders)),
        merge_(options.run.index, events_.on_message) {
    options_.run.mode = index::writer::mode::update;
    options_.run.dry = false;
    options_.run.rules.prune = true;
    options_.run.told = &told_;
  }

  void run() {
    while (!stop_()) {
      look_for_inbox();
      const auto now = clock::now();
      if (rescan_ || (rescan_every_.count() > 0 && now >= next_rescan_)) {
        attempt([this] { return look_through_everything(); });
      } else if (anything_due(now)) {
        attempt([this] { return work_on_changes(); });
      }
      if (options_.merge && !troubled_) merge_.look();
      wait();
    }
  }

 private:
  /// A file that is to be read.
  struct due {
    clock::time_point when;
    bool closed = false;  ///< by whoever wrote it
  };
  using due_files = std::map<fs::path, due>;

  void watch_everything() {
    bool all = true, away = false;
    roots_.clear();
    for (const std::string& path : options_.run.paths) {
      std::error_code failure;
      const fs::path root = fs::canonical(path, failure);
      if (failure) {
        away = true;  // the walk tells of it
        continue;
      }
      roots_.push_back(root.native());
      // A single file is watched through its folder.
      const bool folder = fs::is_directory(root, failure);
      all = folders_.add(folder ? root : root.parent_path(), folder) && all;
    }
    rescan_every_ = options_.rescan;
    if (!all) {
      if (!told_of_watches_) {
        events_.on_message(
            "not every folder can be watched (are there enough fs.inotify.max_user_watches, may all be "
            "read?): they are looked through every few seconds instead");
      }
      told_of_watches_ = true;
    }
    if ((!all || away) && (rescan_every_.count() == 0 || rescan_every_ > k_rescan_without_watches))
      rescan_every_ = k_rescan_without_watches;
    if (box_) watch_inbox();
  }

  void watch_inbox() {
    if (auto ready = box_->prepare(); !ready) events_.on_message(ready.error().message);
    folders_.add(box_->requests_folder(), false);
  }

  // The server makes the inbox when the first article is posted; where none ever is, there is none.
  void look_for_inbox() {
    std::error_code failure;
    if (box_ || options_.run.inbox.empty() || !fs::is_directory(options_.run.inbox, failure)) return;
    box_.emplace(options_.run.inbox);
    watch_inbox();
    look_into_box_ = true;
  }

  // Does something until it succeeds, with pauses that grow; other changes gather meanwhile.
  template <class F>
  void attempt(F&& fn) {
    const auto now = clock::now();
    if (now < not_before_) return;
    result<void> done = fn();
    if (done) {
      if (troubled_) events_.on_message("the index can be written again");
      troubled_.reset();
      patience_ = k_least_patience;
      not_before_ = clock::now() + k_between_commits;
      return;
    }
    // Once for each kind of trouble.
    if (!troubled_ || *troubled_ != done.error().code) events_.on_message(done.error().message + "; it is tried again");
    troubled_ = done.error().code;
    not_before_ = clock::now() + patience_;
    const bool soon_over = done.error().code == errc::index_locked;
    patience_ = std::min(patience_ * 2, soon_over ? milliseconds(1000) : k_most_patience);
    // What was done by halves, or by the other writer, is found out by looking.
    if (!soon_over) rescan_ = true;
  }

  result<void> look_through_everything() {
    rescan_ = false;
    // First, so that what comes while the folders are walked is told of.
    watch_everything();
    const auto done = indexer::run(options_.run, out_, stop_);
    if (!done) {
      rescan_ = true;
      return done.error();
    }
    out_.clear();
    next_rescan_ = clock::now() + std::max(rescan_every_, milliseconds(1));
    if (done->end == run_end::stopped) {
      rescan_ = true;
      return {};
    }
    told_.end_round();
    if (done->end == run_end::committed && (done->committed.changed || first_ || done->account.failed != failed_)) {
      events_.on_commit(done->account, done->committed);
      first_ = false;
    }
    failed_ = done->account.failed;
    if (box_) look_into_box_ = true;
    return {};
  }

  [[nodiscard]] bool anything_due(clock::time_point now) const {
    if (look_into_box_ || !gone_.empty()) return true;
    return std::any_of(due_.begin(), due_.end(), [&](const auto& d) { return d.second.when <= now; });
  }

  result<void> work_on_changes() {
    const auto now = clock::now();
    due_files files;
    for (const auto& [path, d] : due_) {
      if (d.when <= now) files.emplace(path, d);
    }
    const std::set<fs::path> gone = gone_;
    const bool box = look_into_box_;
    result<bool> done = commit_changes(files, gone, box);
    if (!done) return done.error();
    if (*done) {
      for (const auto& [path, d] : files) due_.erase(path);
      for (const fs::path& g : gone) gone_.erase(g);
      if (box) look_into_box_ = false;
    }
    return {};
  }

  // False if it was stopped.
  result<bool> commit_changes(const due_files& files, const std::set<fs::path>& gone, bool look_into_box) {
    std::vector<index::inbox_request> requests;
    if (look_into_box && box_) {
      prune_box();
      auto pending = box_->pending();
      if (!pending) return pending.error();
      requests = std::move(*pending);
    }
    if (files.empty() && gone.empty() && requests.empty()) return true;
    const auto started = progress::clock::now();
    run_account account;
    finding_list findings(account, out_);
    auto writer = index::writer::open(options_.run.index, index::writer::mode::update, options_.run.writer);
    if (!writer) return writer.error();
    const auto sink = writing_to(*writer);
    ingest into(*sink, options_.run.rules, account, findings);
    into.on_bytes([this](std::uint64_t) { return !stop_(); });
    for (const auto& [path, d] : files) {
      if (stop_()) return false;
      if (const auto file = examine_source(path.native(), is_root(path))) {
        if (auto read = into.read(*file, d.closed); !read) return read.error();
      }
    }
    for (const fs::path& path : gone) {
      // What goes with a whole root, as when it is renamed, may come back with it.
      if (!is_below_a_root_that_is_there(path)) continue;
      if (auto dropped = drop_gone(into, *sink, path); !dropped) return dropped.error();
    }
    if (auto settled = into.settle(); !settled) return settled.error();
    request_batch batch(box_ ? *box_ : no_box_, *sink, options_.run.rules, account, findings);
    for (const index::inbox_request& r : requests) {
      if (stop_()) return false;
      if (auto taken = batch.take(r, false); !taken) return taken.error();
    }
    const auto committed = writer->commit();
    if (!committed) return committed.error();
    if (auto finished = batch.finish(*committed); !finished) return finished.error();
    account.elapsed = progress::clock::now() - started;
    out_.clear();
    findings.close();
    if (committed->changed || account.failed > 0 || !requests.empty()) events_.on_commit(account, *committed);
    return true;
  }

  [[nodiscard]] bool is_root(const fs::path& path) const {
    return std::find(roots_.begin(), roots_.end(), path.native()) != roots_.end();
  }

  [[nodiscard]] bool is_below_a_root_that_is_there(const fs::path& path) const {
    return std::any_of(roots_.begin(), roots_.end(), [&](const std::string& root) {
      std::error_code failure;
      return is_below_any(path.native(), {root}) && fs::exists(root, failure);
    });
  }

  void prune_box() {
    if (clock::now() < next_prune_) return;
    next_prune_ = clock::now() + k_between_prunes;
    if (const auto pruned = box_->prune(options_.receipts_kept); !pruned) events_.on_message(pruned.error().message);
  }

  void note(const folder_change& c) {
    using what = folder_change::what;
    const auto now = clock::now();
    if (c.kind == what::lost) {
      rescan_ = true;
      return;
    }
    if (box_ && c.path.parent_path() == box_->requests_folder()) {
      look_into_box_ = true;
      return;
    }
    if (!is_below_any(c.path.native(), roots_)) return;
    switch (c.kind) {
      case what::written:
        if (may_hold_articles(c.path)) due_[c.path] = {now, true};
        break;
      case what::growing:
        if (may_hold_articles(c.path)) due_[c.path] = {now + k_quiet, false};
        break;
      case what::gone:
        due_.erase(c.path);
        gone_.insert(c.path);
        break;
      case what::folder: {
        const source_listing inside = list_sources(
            {c.path.native()}, [](const finding&) {}, [] { return true; });
        // At once: they may have been moved here from a place where they are gone. Those that change are told of from
        // now on.
        const auto lately = std::chrono::duration_cast<std::chrono::nanoseconds>(
                                (std::chrono::system_clock::now() - k_quiet).time_since_epoch())
                                .count();
        for (const source_file& f : inside.files) due_.emplace(f.path, due{now, f.modified_ns < lately});
        break;
      }
      case what::lost:
        break;
    }
  }

  // Editors write so much beside the files themselves that the index must not be opened for each.
  [[nodiscard]] bool may_hold_articles(const fs::path& path) const {
    const std::string name = path.filename().native();
    return is_root(path) ||
           (!is_hidden_name(name) && !is_temporary_name(name) && kind_of_name(name) != name_kind::other);
  }

  // Until there is something to do: a change, a time that has come, a signal.
  void wait() {
    const auto began = clock::now();
    auto until = began + k_tick;
    if (rescan_ && not_before_ <= began) return;
    for (const auto& [path, d] : due_) until = std::min(until, std::max(d.when, not_before_));
    if (look_into_box_ || !gone_.empty()) until = std::min(until, not_before_);
    bool changed = false;
    while (!stop_()) {
      const auto now = clock::now();
      if (changed && now >= began + k_most_gather) return;
      const auto left =
          std::chrono::ceil<milliseconds>((changed ? std::min(began + k_most_gather, now + k_gather) : until) - now);
      pollfd p{folders_.descriptor(), POLLIN, 0};
      const int ready = ::poll(&p, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
      if (ready <= 0) return;
      for (const folder_change& c : folders_.take()) note(c);
      changed = true;
    }
  }

  watch_options options_;
  const watch_events& events_;
  progress& out_;
  const std::function<bool()>& stop_;
  folder_watch folders_;
  std::optional<index::inbox> box_;
  const index::inbox no_box_{fs::path()};
  background_merge merge_;

  std::vector<std::string> roots_;
  due_files due_;
  std::set<fs::path> gone_;
  bool look_into_box_ = false;
  told_findings told_;
  std::uint64_t failed_ = 0;  // at the last look through everything
  bool rescan_ = true, first_ = true, told_of_watches_ = false;
  milliseconds rescan_every_{0};
  clock::time_point next_rescan_, next_prune_, not_before_;
  std::optional<errc> troubled_;
  milliseconds patience_ = k_least_patience;
};

}  // namespace

result<void> watch(const watch_options& options, const watch_events& events, progress& out,
                   const std::function<bool()>& stop) {
  bool any = false;
  for (const std::string& path : options.run.paths) {
    std::error_code failure;
    any = any || fs::exists(path, failure);
  }
  if (!any) return error{errc::not_found, fmt::format("{}: is not there", options.run.paths.front())};
  auto folders = folder_watch::open();
  if (!folders) return folders.error();
  watcher(options, events, out, stop, std::move(*folders)).run();
  return {};
}

}  // namespace rapporteur::indexer
