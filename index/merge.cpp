#include "index/merge.hpp"

#include "index/durable.hpp"
#include "index/generation.hpp"
#include "index/reader.hpp"
#include "index/schema.hpp"
#include "index/segment_merge.hpp"
#include "index/text_store.hpp"
#include "index/xapian_error.hpp"

#include <fmt/format.h>
#include <xapian.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

/// Segments merged in one pass: each has two files open.
constexpr std::size_t k_fan_in = 100;

/// An index is merged when it has grown by so much over what it would have compact: reading it costs a little more for
/// each half-empty block, and a merge costs as much as copying it.
constexpr double k_most_growth = 1.5;
constexpr std::uint64_t k_least_growth = std::uint64_t{8} << 20U;

void discard(const fs::path& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

/// The next document of a list, for walking two lists side by side.
Xapian::docid at(const Xapian::PostingIterator& p, const Xapian::PostingIterator& end) {
  return p == end ? 0 : *p;
}

void copy_document(const Xapian::Database& from, record_codec& records, Xapian::docid id, Xapian::WritableDatabase& to,
                   bool known) {
  if (known) drop_text(to, records, id);
  for (const std::string& key : text_keys_of(from, records, id)) to.set_metadata(key, from.get_metadata(key));
  to.replace_document(id, from.get_document(id));
}

/// Makes `to`, which is `from` as of an earlier revision, equal to it.
void catch_up(const Xapian::Database& from, Xapian::WritableDatabase& to) {
  const std::uint64_t since = metadata_number(to.get_metadata(std::string(key::revision)));
  std::vector<Xapian::docid> gone;
  std::vector<std::pair<Xapian::docid, bool>> changed;
  {
    auto f = from.postlist_begin("");
    auto t = to.postlist_begin("");
    const auto f_end = from.postlist_end("");
    const auto t_end = to.postlist_end("");
    auto value = from.valuestream_begin(slot::revision);
    const auto value_end = from.valuestream_end(slot::revision);
    while (f != f_end || t != t_end) {
      const Xapian::docid in_from = at(f, f_end);
      const Xapian::docid in_to = at(t, t_end);
      if (in_from == 0 || (in_to != 0 && in_to < in_from)) {
        gone.push_back(in_to);
        ++t;
        continue;
      }
      if (value != value_end && value.get_docid() < in_from) value.skip_to(in_from);
      const bool stamped = value != value_end && value.get_docid() == in_from;
      if (in_from != in_to || !stamped || revision_of_value(*value) > since)
        changed.emplace_back(in_from, in_from == in_to);
      ++f;
      if (in_from == in_to) ++t;
    }
  }
  // Both are of one generation, so that they have the same dictionaries.
  record_dictionaries dictionaries;
  dictionaries.set(record_dictionaries::read(from));
  record_codec records(dictionaries, false);
  for (const Xapian::docid id : gone) {
    drop_text(to, records, id);
    to.delete_document(id);
  }
  for (const auto& [id, known] : changed) copy_document(from, records, id, to, known);
  // What is known of files, and of the index as a whole: everything but texts.
  for (const std::string_view start : {key::file, std::string_view("rapporteur.")}) {
    const std::string first(start);
    std::vector<std::string> keys;
    for (auto k = to.metadata_keys_begin(first); k != to.metadata_keys_end(first); ++k) keys.push_back(*k);
    for (const std::string& k : keys) {
      if (from.get_metadata(k).empty() && k != key::compacted) to.set_metadata(k, "");
    }
    for (auto k = from.metadata_keys_begin(first); k != from.metadata_keys_end(first); ++k) {
      std::string value = from.get_metadata(*k);
      if (to.get_metadata(*k) != value) to.set_metadata(*k, value);
    }
  }
}

struct compacted_size {
  std::uint64_t bytes = 0, articles = 0;
};

compacted_size parse_compacted(std::string_view text) {
  compacted_size s;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), s.bytes);
  if (failure == std::errc() && end != text.data() + text.size()) {
    std::from_chars(end + 1, text.data() + text.size(), s.articles);
  }
  return s;
}

constexpr std::chrono::milliseconds k_look_again{50};

result<std::optional<writer_lock>> wait_for_writer(const fs::path& folder, const std::function<bool()>& stop,
                                                   const std::function<void()>& on_wait) {
  for (bool waiting = false;; waiting = true) {
    auto lock = writer_lock::acquire(folder, writing::end_of_merge);
    if (lock) return std::optional<writer_lock>(std::move(*lock));
    if (lock.error().code != errc::index_locked) return lock.error();
    if (!waiting && on_wait) on_wait();
    if (stop()) return std::optional<writer_lock>();
    std::this_thread::sleep_for(k_look_again);
  }
}

result<std::string> current_of(const fs::path& folder) {
  auto current = read_current(folder);
  if (current && current->empty())
    return error{errc::index_missing, fmt::format("{}: there is no index here", folder.string())};
  return current;
}

}  // namespace

result<void> merge_databases(std::vector<fs::path> from, const fs::path& to, const fs::path& scratch) {
  auto errors = disk_errors::watch(scratch);
  if (!errors) return errors.error();
  try {
    for (std::size_t round = 0; from.size() > k_fan_in; ++round) {
      std::vector<fs::path> fewer;
      for (std::size_t begin = 0; begin < from.size(); begin += k_fan_in) {
        const std::vector<fs::path> group(
            from.begin() + static_cast<std::ptrdiff_t>(begin),
            from.begin() + static_cast<std::ptrdiff_t>(std::min(begin + k_fan_in, from.size())));
        fewer.push_back(scratch / fmt::format("round{}-{}", round, fewer.size()));
        merge_segments(group, fewer.back());
        for (const fs::path& p : group) discard(p);
      }
      from = std::move(fewer);
    }
    merge_segments(from, to);
    for (const fs::path& p : from) discard(p);
    return errors->flush();
  } catch (...) {
    return caught_error(to.string());
  }
}

std::string compacted_value(const fs::path& database, std::uint64_t articles) {
  // "BYTES ARTICLES"
  return fmt::format("{} {}", bytes_of_folder(database), articles);
}

bool merge_need::worth_it() const noexcept {
  return static_cast<double>(bytes) > k_most_growth * static_cast<double>(compact_bytes) &&
         bytes > compact_bytes + k_least_growth;
}

result<merge_need> merge_need_of(const fs::path& folder) {
  auto opened = reader::open(folder);
  if (!opened) return opened.error();
  merge_need need;
  need.bytes = bytes_of_folder(folder / opened->info().generation);
  try {
    const compacted_size then = parse_compacted(opened->database().get_metadata(std::string(key::compacted)));
    // An article more or less is taken to need as much as the others did.
    const double growth =
        then.articles == 0 ? 1 : static_cast<double>(opened->info().articles) / static_cast<double>(then.articles);
    need.compact_bytes = static_cast<std::uint64_t>(static_cast<double>(then.bytes) * std::max(1.0, growth));
  } catch (...) {
    return caught_error(folder.string());
  }
  return need;
}

result<merge_outcome> merge_index(const fs::path& folder, const std::function<bool()>& stop,
                                  const std::function<void()>& on_wait) {
  merge_outcome outcome;
  auto working = merge_lock::acquire(folder);
  if (!working) return working.error();
  const auto source = current_of(folder);
  if (!source) return source.error();
  outcome.bytes_before = bytes_of_folder(folder / *source);
  auto fresh = unfinished_generation::begin(folder);
  if (!fresh) return fresh.error();

  const fs::path copy = fresh->folder() / "copy";
  if (auto copied = copy_generation(folder, *source, copy); !copied) return copied.error();
  if (stop()) return outcome;
  if (auto done = merge_databases({copy}, fresh->database(), fresh->folder()); !done) return done.error();
  if (stop()) return outcome;

  const auto alone = wait_for_writer(folder, stop, on_wait);
  if (!alone) return alone.error();
  if (!*alone) return outcome;
  const auto now = read_current(folder);
  if (!now) return now.error();
  if (*now != *source) return outcome;
  try {
    const Xapian::Database served((folder / *source).string());
    Xapian::WritableDatabase db(fresh->database().string(), Xapian::DB_OPEN);
    catch_up(served, db);
    db.set_metadata(std::string(key::compacted), compacted_value(fresh->database(), db.get_doccount()));
    db.commit();
    db.close();
  } catch (...) {
    return caught_error(fresh->folder().string());
  }
  if (auto published = fresh->publish(); !published) return published.error();
  // Where nothing else is run, the ones before the last would stay for ever.
  remove_stale(folder, fresh->name(), *source);
  outcome.merged = true;
  outcome.bytes_after = bytes_of_folder(folder / fresh->name());
  return outcome;
}

result<void> snapshot_index(const fs::path& folder, const fs::path& to) {
  std::error_code failure;
  if (fs::exists(to, failure) && !fs::is_empty(to, failure)) {
    return error{errc::io,
                 fmt::format("{}: is there already and not empty; name a folder that is not there yet", to.string())};
  }
  const auto opened = reader::open(folder);
  if (!opened) return opened.error();
  if (auto made = make_folder(to); !made) return made;
  // A merge or rebuild may retire the generation before the copy begins.
  for (int attempt = 0;; ++attempt) {
    const auto current = current_of(folder);
    if (!current) return current.error();
    const fs::path copy = to / "g000001";
    auto copied = copy_generation(folder, *current, copy);
    if (copied) break;
    constexpr int k_attempts = 3;
    if (copied.error().code != errc::not_found || attempt == k_attempts) return copied;
  }
  if (auto pointed = write_current(to, "g000001"); !pointed) return pointed;
  if (const auto usable = reader::open(to); !usable) return usable.error();
  return {};
}

result<void> restore_index(const fs::path& folder, const fs::path& snapshot) {
  if (const auto usable = reader::open(snapshot); !usable) return usable.error();
  const auto source = current_of(snapshot);
  if (!source) return source.error();
  if (auto made = make_folder(folder); !made) return made;
  auto working = merge_lock::acquire(folder);
  if (!working) return working.error();
  auto alone = writer_lock::acquire(folder);
  if (!alone) return alone.error();
  const auto previous = read_current(folder);
  auto fresh = unfinished_generation::begin(folder);
  if (!fresh) return fresh.error();
  if (auto copied = copy_generation(snapshot, *source, fresh->database()); !copied) return copied;
  if (auto published = fresh->publish(); !published) return published;
  remove_stale(folder, fresh->name(), previous ? *previous : std::string());
  return {};
}

}  // namespace rapporteur::index
