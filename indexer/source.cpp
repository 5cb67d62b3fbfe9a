// Walking with stat(): symbolic links are followed, and every folder is entered once.
#include "indexer/source.hpp"

#include "indexer/formats.hpp"
#include "indexer/input_file.hpp"
#include "indexer/readers/jsonl.hpp"
#include "indexer/readers/text.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>
#include <utility>

namespace rapporteur::indexer {
namespace {

namespace fs = std::filesystem;

source_file described(std::string shown, std::string path, const struct stat& s) {
  return {std::move(shown), std::move(path), static_cast<std::uint64_t>(s.st_size),
          std::int64_t{s.st_mtim.tv_sec} * 1'000'000'000 + s.st_mtim.tv_nsec, static_cast<std::uint64_t>(s.st_ino)};
}

class walker {
 public:
  walker(source_listing& to, const std::function<void(finding)>& on_failure, const std::function<bool()>& keep_on)
      : to_(to), on_failure_(on_failure), keep_on_(keep_on) {}

  void visit(const fs::path& path, bool named) {
    if (!keep_on_()) return;
    struct stat s {};
    if (::stat(path.c_str(), &s) != 0) {
      const int number = errno;
      // A file that goes while a folder is walked is simply not there; a link that leads nowhere is.
      if (named || number != ENOENT || ::lstat(path.c_str(), &s) == 0) {
        fail(path, {errc::io, "cannot be examined", std::generic_category().message(number)});
        to_.unreadable.push_back(path.native());
      }
      return;
    }
    if (named) {
      std::error_code ec;
      const fs::path root = fs::canonical(path, ec);
      if (!ec) to_.roots.push_back(root.native());
    }
    if (S_ISDIR(s.st_mode)) {
      if (seen_.emplace(s.st_dev, s.st_ino).second) {
        walk(path);
      } else {
        ++to_.ignored["folders that were reached twice"];
      }
    } else if (S_ISREG(s.st_mode)) {
      take(path, s, named);
    } else if (named) {
      fail(path, {errc::malformed, "neither a file nor a folder", ""});
    } else {
      ++to_.ignored["pipes, sockets and devices"];
    }
  }

 private:
  void walk(const fs::path& folder) {
    std::error_code ec;
    std::vector<fs::path> names;
    for (fs::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
      names.push_back(it->path().filename());
    }
    if (ec) {
      fail(folder, {errc::io, "the folder cannot be read", ec.message()});
      std::error_code ignored;
      to_.unreadable.push_back(fs::weakly_canonical(folder, ignored).native());
    }
    std::sort(names.begin(), names.end(), [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });
    for (const fs::path& name : names) {
      const std::string& n = name.native();
      if (is_hidden_name(n)) {
        ++to_.ignored["hidden files and folders"];
      } else if (is_temporary_name(n)) {
        ++to_.ignored["temporary files"];
      } else {
        visit(folder / name, false);
      }
    }
  }

  void take(const fs::path& path, const struct stat& s, bool named) {
    const std::string name = path.filename().native();
    const name_kind kind = kind_of_name(name);
    if (kind == name_kind::other && !named) {
      ++to_.ignored[fmt::format("{} files", printable(extension_of(name), 20))];
      return;
    }
    if (!seen_.emplace(s.st_dev, s.st_ino).second) {
      ++to_.ignored["files that were reached twice"];
      return;
    }
    if (kind == name_kind::unsupported) {
      fail(path, {errc::malformed, "no reader for this kind of file", extension_of(name)});
      return;
    }
    std::error_code ec;
    const fs::path canonical = fs::canonical(path, ec);
    if (ec) {
      fail(path, {errc::io, "cannot be examined", ec.message()});
      return;
    }
    to_.files.push_back(described(path.native(), canonical.native(), s));
    to_.bytes += to_.files.back().bytes;
  }

  void fail(const fs::path& path, remark what) {
    on_failure_({severity::failure, std::move(what), path.native(), 0, 0});
  }

  source_listing& to_;
  const std::function<void(finding)>& on_failure_;
  const std::function<bool()>& keep_on_;
  std::set<std::pair<dev_t, ino_t>> seen_;  ///< files and folders
};

}  // namespace

source_listing list_sources(const std::vector<std::string>& paths, const std::function<void(finding)>& on_failure,
                            const std::function<bool()>& keep_on) {
  source_listing listing;
  walker w(listing, on_failure, keep_on);
  for (const std::string& path : paths) w.visit(fs::path(path), true);
  return listing;
}

std::optional<source_file> examine_source(const std::string& path, bool named) {
  struct stat s {};
  const std::string name = fs::path(path).filename().native();
  const bool passed_over =
      !named && (is_hidden_name(name) || is_temporary_name(name) || kind_of_name(name) == name_kind::other);
  if (passed_over || ::stat(path.c_str(), &s) != 0 || !S_ISREG(s.st_mode)) return std::nullopt;
  std::error_code ec;
  const fs::path canonical = fs::canonical(path, ec);
  if (ec) return std::nullopt;
  return described(path, canonical.native(), s);
}

result<source_reading> read_source(const source_file& file, const read_limits& limits, const record_rules& rules,
                                   const read_events& events) {
  std::uint64_t records = 0;
  const auto fail = [&](remark what) {
    events.on_finding({severity::failure, std::move(what), file.shown, 0, 0});
    return source_reading{records + 1, false};
  };
  auto opened = input_file::open(file.path);
  if (!opened) return fail({opened.error().code, "cannot be read", opened.error().message});
  if (opened->size() > limits.max_file_bytes) {
    return fail({errc::too_large, "the file is too large",
                 fmt::format("{} bytes, over {}", opened->size(), limits.max_file_bytes)});
  }
  const auto first_bytes = opened->peek(k_sniffed_bytes);
  if (!first_bytes) return fail({first_bytes.error().code, "cannot be read", first_bytes.error().message});
  const auto picked = pick_format(fs::path(file.shown).filename().native(), *first_bytes);
  if (picked.has_error()) return fail(picked.error());

  // A file that breaks off (a disk error, a vanished network mount) has records that count, and one that does not.
  read_events counted = events;
  result<void> refused;
  counted.on_article = [&](article a) {
    ++records;
    refused = events.on_article(std::move(a));
    return refused;
  };
  counted.on_finding = [&](finding f) {
    if (f.level == severity::failure) ++records;
    events.on_finding(std::move(f));
  };
  const auto read = *picked == format::text ? read_text(*opened, file.path, file.shown, limits, rules, counted)
                                            : read_jsonl(*opened, file.path, file.shown, limits, rules, counted);
  if (read) return source_reading{*read, true};
  if (!refused) return refused.error();
  return fail({read.error().code, "cannot be read to its end", read.error().message});
}

}  // namespace rapporteur::indexer
