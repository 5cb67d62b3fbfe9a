#include "tests/crash/trace.hpp"

#include <fstream>
#include <map>
#include <set>

namespace rapporteur::crash {
namespace {

namespace fs = std::filesystem;

bool is_below(const fs::path& path, const fs::path& folder) {
  const std::string& p = path.native();
  const std::string& f = folder.native();
  return p.starts_with(f) && (p.size() == f.size() || p[f.size()] == '/');
}

// Locks have no content, and are made again by whoever misses them; the next commit writes v.tmp anew.
bool matters(const fs::path& path) {
  const fs::path name = path.filename();
  return name != "flintlock" && name.extension() != ".lock" && name != "v.tmp";
}

/// What of the calls so far a loss of power could undo.
class disk {
 public:
  disk(fs::path index, std::string before) : index_(std::move(index)), current_(before), durable_(std::move(before)) {}

  void apply(const file_call& c) {
    if (c.what == "create" || c.what == "mkdir" || c.what == "link") {
      put_name(c.path);
      if (c.what == "create") unsynced_data_.erase(c.path);
    } else if (c.what == "write" || c.what == "truncate") {
      check_kept(c.path, "changed", c.what == "truncate");
      unsynced_data_.insert(c.path);
    } else if (c.what == "sync") {
      sync(c.path);
    } else if (c.what == "rename") {
      rename(c);
    } else if (c.what == "remove") {
      check_kept(c.path, "removed", true);
      forget(c.path);
    }
  }

  void end(bool said_done) {
    if (!said_done) return;
    if (unsynced_names_[index_].contains("current")) complain(index_, "not synced after current was put in place");
    // A first commit: the index folder is itself a name in another.
    if (unsynced_names_[index_.parent_path()].contains(index_.filename().string()))
      complain(index_.parent_path(), "not synced after the index folder was made in it");
    check_generation("at the end");
  }

  [[nodiscard]] std::vector<std::string> take_violations() { return std::move(violations_); }

 private:
  void complain(const fs::path& path, const std::string& what) {
    const std::string line = path.lexically_relative(index_).string() + ": " + what;
    if (said_.insert(line).second) violations_.push_back(line);
  }

  void put_name(const fs::path& path) { unsynced_names_[path.parent_path()].insert(path.filename().string()); }

  void sync(const fs::path& path) {
    unsynced_data_.erase(path);
    unsynced_names_.erase(path);
    if (path == index_) durable_ = current_;
  }

  void forget(const fs::path& path) {
    unsynced_data_.erase(path);
    unsynced_names_.erase(path);
    if (const auto names = unsynced_names_.find(path.parent_path()); names != unsynced_names_.end())
      names->second.erase(path.filename().string());
  }

  void rename(const file_call& c) {
    const bool is_current = c.second == index_ / "current";
    const bool is_version =
        c.second.filename() == "iamglass" && !current_.empty() && is_below(c.second, index_ / current_);
    if ((is_current || is_version) && unsynced_data_.contains(c.path))
      complain(c.path, "not synced before it was renamed to " + c.second.filename().string());
    if (is_version) check_tables(c.second.parent_path());
    move(c.path, c.second);
    if (is_current) {
      current_ = c.content;
      if (unsynced_names_[index_].contains(current_))
        complain(index_, "not synced after " + current_ + " was put in it");
      check_generation("when current was put in place");
    }
  }

  // Names below a folder that moves move with it; what is replaced is forgotten.
  void move(const fs::path& from, const fs::path& to) {
    forget(to);
    std::set<fs::path> data;
    for (const fs::path& p : unsynced_data_) data.insert(moved(p, from, to));
    unsynced_data_ = std::move(data);
    std::map<fs::path, std::set<std::string>> names;
    for (auto& [folder, entries] : unsynced_names_) names[moved(folder, from, to)] = std::move(entries);
    unsynced_names_ = std::move(names);
    if (const auto left = unsynced_names_.find(from.parent_path()); left != unsynced_names_.end())
      left->second.erase(from.filename().string());
    put_name(to);
  }
  static fs::path moved(const fs::path& path, const fs::path& from, const fs::path& to) {
    if (path == from) return to;
    return is_below(path, from) ? to / path.lexically_relative(from) : path;
  }

  void check_tables(const fs::path& database) {
    for (const fs::path& p : unsynced_data_) {
      if (p.parent_path() == database && p.extension() == ".glass")
        complain(p, "not synced when the version file beside it was put in place");
    }
    if (const auto names = unsynced_names_.find(database); names != unsynced_names_.end()) {
      for (const std::string& n : names->second) {
        if (fs::path(n).extension() == ".glass")
          complain(database / n, "its name not synced when the version file beside it was put in place");
      }
    }
  }

  void check_generation(const std::string& when) {
    const fs::path generation = index_ / current_;
    if (current_.empty()) return;
    for (const fs::path& p : unsynced_data_) {
      if (is_below(p, generation) && matters(p)) complain(p, "not synced since it was written, " + when);
    }
    for (const auto& [folder, names] : unsynced_names_) {
      if (!is_below(folder, generation)) continue;
      for (const std::string& n : names) {
        if (matters(folder / n)) complain(folder, "not synced since " + n + " was put in it, " + when);
      }
    }
  }

  // A database may be added to while it is served; but what would come back after a loss of power must be whole.
  void check_kept(const fs::path& path, const std::string& what, bool destroys) {
    if (!destroys || durable_.empty() || !matters(path) || !is_below(path, index_ / durable_)) return;
    if (path == index_ / durable_ || path.extension() == ".glass" || path.filename() == "iamglass")
      complain(path, what + " while the durable current names its generation");
  }

  fs::path index_;
  std::string current_;  // what readers see
  std::string durable_;  // what they would see after a loss of power, at worst
  std::set<fs::path> unsynced_data_;
  std::map<fs::path, std::set<std::string>> unsynced_names_;  // folder → names put in it since it was synced
  std::vector<std::string> violations_;
  std::set<std::string> said_;
};

}  // namespace

std::vector<file_call> read_trace(const fs::path& file) {
  std::vector<file_call> calls;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> fields{{}};
    for (const char c : line) {
      if (c == '\t')
        fields.emplace_back();
      else
        fields.back() += c;
    }
    fields.resize(4);
    calls.push_back({fields[0], fields[1], fields[2], fields[3]});
  }
  return calls;
}

std::vector<std::string> write_order_violations(const std::vector<file_call>& calls, const fs::path& index,
                                                const std::string& before, bool said_done) {
  disk d(index, before);
  for (const file_call& c : calls) d.apply(c);
  d.end(said_done);
  return d.take_violations();
}

}  // namespace rapporteur::crash
