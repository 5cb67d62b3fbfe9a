#include "index/segment_merge.hpp"

#include "index/glass_format.hpp"
#include "index/glass_table.hpp"
#include "index/glass_table_reader.hpp"
#include "index/glass_version.hpp"

#include <fmt/format.h>
#include <xapian.h>

#include <algorithm>
#include <cstdint>
#include <future>
#include <queue>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;
using glass::put_list_begin;
using glass::put_sorting_number;
using glass::table;
using glass::table_reader;
using glass::table_writer;
using glass::take_number;
using glass::take_sorting_number;

struct source {
  fs::path folder;
  glass::version version;
  std::uint32_t offset = 0;  ///< of its documents' numbers in the result
};

const char* file_of(table t) {
  return glass::k_table_files[static_cast<std::size_t>(t)];
}

table_reader open(const source& s, table t) {
  return {s.folder / file_of(t), s.version.of(t)};
}

// A table of documents: one after the other is in order. What follows the number in a key stays.
void merge_documents(const std::vector<source>& from, table t, table_writer& to) {
  std::string key;
  for (const source& s : from) {
    table_reader r = open(s, t);
    while (r.next()) {
      std::string_view rest = r.key();
      const std::uint32_t id = take_sorting_number(rest) + s.offset;
      key.clear();
      put_sorting_number(key, id);
      key += rest;
      to.add(key, r.tag(), r.compressed());
    }
  }
}

/// Several tables, walked by what their keys begin with.
class walk {
 public:
  /// group: how many bytes of a key belong to what is walked by.
  walk(const std::vector<source>& from, table t, std::size_t (*group)(std::string_view key))
      : from_(from), group_(group) {
    readers_.reserve(from.size());
    for (const source& s : from) readers_.push_back(open(s, t));
    groups_.resize(from.size());
    for (std::size_t n = 0; n < readers_.size(); ++n) {
      if (readers_[n].next()) enter(n);
    }
  }

  /// visit(name, source, reader) for every entry: groups in ascending order, the entries of one by their sources; each
  /// reader's in its order. begin(name) and end() around those of a group.
  template <typename Begin, typename Visit, typename End>
  void run(const Begin& begin, const Visit& visit, const End& end) {
    std::string name;
    while (!heads_.empty()) {
      name = groups_[heads_.top()];
      begin(std::string_view(name));
      while (!heads_.empty() && groups_[heads_.top()] == name) {
        const std::size_t n = heads_.top();
        heads_.pop();
        table_reader& r = readers_[n];
        bool more = true;
        do {
          visit(std::string_view(name), from_[n], static_cast<const table_reader&>(r));
          more = r.next();
        } while (more && r.key().substr(0, group_(r.key())) == name);
        if (more) enter(n);
      }
      end();
    }
  }

 private:
  void enter(std::size_t n) {
    const std::string_view key = readers_[n].key();
    groups_[n] = key.substr(0, group_(key));
    heads_.push(n);
  }

  const std::vector<source>& from_;
  std::size_t (*group_)(std::string_view);
  std::vector<table_reader> readers_;
  std::vector<std::string> groups_;  // of the entries that the readers are at

  struct later {
    const std::vector<std::string>* groups;
    bool operator()(std::size_t a, std::size_t b) const {
      const int order = (*groups)[a].compare((*groups)[b]);
      return order != 0 ? order > 0 : a > b;
    }
  };
  std::priority_queue<std::size_t, std::vector<std::size_t>, later> heads_{later{&groups_}};
};

void merge_positions(const std::vector<source>& from, table_writer& to) {
  std::string key;
  walk w(from, table::positions, glass::sorting_string_bytes);
  w.run([](std::string_view) {},
        [&](std::string_view name, const source& s, const table_reader& r) {
          std::string_view rest = r.key().substr(name.size());
          key = name;
          put_sorting_number(key, take_sorting_number(rest) + s.offset);
          to.add(key, r.tag(), r.compressed());
        },
        [] {});
}

// The chunks of a list, from one source after the other, joined while they are short.
class joined_list {
 public:
  void begin(std::string_view name) {
    name_ = name;
    documents_ = frequency_ = 0;
    chunks_.clear();
  }

  /// first: of the source's list, whose beginning is taken off the chunk; else the chunk begins with first_document.
  void add(std::string_view chunk, bool first, std::uint32_t first_document, std::uint32_t offset) {
    if (first) {
      documents_ += take_number(chunk);
      frequency_ += take_number(chunk);
      first_document = static_cast<std::uint32_t>(take_number(chunk) + 1);
    }
    if (chunk.empty()) throw Xapian::DatabaseCorruptError("a chunk of postings is empty");
    chunk.remove_prefix(1);  // whether it is the last
    const auto last = static_cast<std::uint32_t>(first_document + take_number(chunk));
    first_document += offset;
    if (!chunks_.empty() && chunks_.back().bytes.size() + chunk.size() <= k_joined_bytes) {
      piece& before = chunks_.back();
      glass::put_number(before.bytes, first_document - before.last - 1);
      before.bytes += chunk;
      before.last = last + offset;
    } else {
      chunks_.push_back({first_document, last + offset, std::string(chunk)});
    }
  }

  /// key(first): of a chunk behind the first one, by its first document.
  template <typename Key>
  void write(table_writer& to, const Key& key) {
    std::string tag;
    for (std::size_t n = 0; n < chunks_.size(); ++n) {
      const piece& p = chunks_[n];
      tag.clear();
      if (n == 0) put_list_begin(tag, documents_, frequency_, p.first);
      glass::put_chunk_begin(tag, n + 1 == chunks_.size(), p.first, p.last);
      tag += p.bytes;
      to.add(n == 0 ? std::string_view(name_) : key(p.first), tag);
    }
  }
  [[nodiscard]] std::string_view name() const noexcept { return name_; }

 private:
  struct piece {
    std::uint32_t first = 0, last = 0;
    std::string bytes;
  };
  static constexpr std::size_t k_joined_bytes = glass::k_chunk_bytes * 3 / 2;

  std::string name_;
  std::uint64_t documents_ = 0, frequency_ = 0;
  std::vector<piece> chunks_;
};

struct slot_statistics {
  std::uint64_t count = 0;
  std::string least, greatest;

  void add(std::string_view tag) {
    const std::uint64_t n = take_number(tag);
    const std::string_view low = glass::take_string(tag);
    const std::string_view high = tag.empty() ? low : tag;
    if (count == 0 || low < least) least = low;
    if (count == 0 || high > greatest) greatest = high;
    count += n;
  }
  [[nodiscard]] std::string tag() const {
    std::string s;
    glass::put_number(s, count);
    glass::put_string(s, least);
    if (greatest != least) s += greatest;
    return s;
  }
};

enum class kind { metadata, value_statistics, value_chunk, lengths, term, other };

kind kind_of(std::string_view key) {
  if (!key.starts_with('\0') || key.size() < 2 || key[1] == '\xFF') return kind::term;
  const std::string_view begin = key.substr(0, 2);
  if (begin == glass::k_metadata) return kind::metadata;
  if (begin == glass::k_value_statistics) return kind::value_statistics;
  if (begin == glass::k_value_chunk) return kind::value_chunk;
  if (begin == glass::k_lengths) return kind::lengths;
  return kind::other;
}

// A key of the table of postings without the number of a document at its end.
std::size_t list_bytes(std::string_view key) {
  switch (kind_of(key)) {
    case kind::value_chunk: {
      std::string_view rest = key.substr(glass::k_value_chunk.size());
      take_number(rest);
      return key.size() - rest.size();
    }
    case kind::lengths:
      return glass::k_lengths.size();
    case kind::term: {
      // The zero byte between a term and a number belongs to neither.
      const std::size_t n = glass::sorting_string_bytes(key);
      return n < key.size() ? n - 1 : n;
    }
    default:
      return key.size();
  }
}

void merge_postings(const std::vector<source>& from, table_writer& to) {
  std::string key;
  joined_list list;
  slot_statistics statistics;
  kind now = kind::other;
  bool first_entry = true;
  const auto begin = [&](std::string_view name) {
    now = kind_of(name);
    list.begin(name);
    statistics = {};
    first_entry = true;
  };
  const auto visit = [&](std::string_view name, const source& s, const table_reader& r) {
    std::string_view rest = r.key().substr(name.size());
    const bool first = std::exchange(first_entry, false);
    switch (now) {
      case kind::metadata:
        if (first) to.add(name, r.tag(), r.compressed());
        return;
      case kind::value_statistics:
        statistics.add(r.tag());
        return;
      case kind::value_chunk:
        key = name;
        put_sorting_number(key, take_sorting_number(rest) + s.offset);
        to.add(key, r.tag(), r.compressed());
        return;
      case kind::lengths:
      case kind::term: {
        if (rest.empty()) {
          list.add(r.tag(), true, 0, s.offset);
          return;
        }
        if (now == kind::term) rest.remove_prefix(1);
        list.add(r.tag(), false, take_sorting_number(rest), s.offset);
        return;
      }
      case kind::other:
        throw Xapian::DatabaseCorruptError(fmt::format("{}: an entry of an unknown kind", s.folder.string()));
    }
  };
  const auto end = [&] {
    if (now == kind::value_statistics) to.add(list.name(), statistics.tag());
    if (now == kind::lengths || now == kind::term) {
      list.write(to, [&](std::uint32_t document) -> std::string_view {
        key = list.name();
        if (now == kind::term) key += '\0';
        put_sorting_number(key, document);
        return key;
      });
    }
  };
  walk(from, table::postings, list_bytes).run(begin, visit, end);
}

glass::version sum_of(std::vector<source>& from) {
  glass::version v;
  for (source& s : from) {
    const glass::version& part = s.version;
    s.offset = v.last_document;
    if (part.documents == 0) continue;
    if (part.last_document > 0xFFFFFFFFU - v.last_document)
      throw Xapian::RangeError("more documents than an index can number");
    v.last_document += part.last_document;
    v.documents += part.documents;
    if (part.least_length != 0 && (v.least_length == 0 || part.least_length < v.least_length))
      v.least_length = part.least_length;
    v.greatest_length = std::max(v.greatest_length, part.greatest_length);
    v.greatest_frequency = std::max(v.greatest_frequency, part.greatest_frequency);
    v.total_length += part.total_length;
  }
  return v;
}

}  // namespace

void merge_segments(const std::vector<fs::path>& from, const fs::path& to, std::size_t block_bytes) {
  std::vector<source> sources;
  sources.reserve(from.size());
  for (const fs::path& p : from) sources.push_back({p, glass::read_version(p), 0});
  glass::version v = sum_of(sources);
  std::error_code failure;
  fs::create_directory(to, failure);
  if (failure) throw Xapian::DatabaseCreateError(fmt::format("{} cannot be made", to.string()), failure.value());

  const auto write = [&](table t, const auto& merge) {
    table_writer w(to / file_of(t), block_bytes, true);
    merge(w);
    const bool compresses = t == table::documents || t == table::terms;
    v.of(t) = w.finish(compresses ? glass::k_least_compressed : 0);
  };
  // Positions are half of everything.
  auto positions = std::async(std::launch::async,
                              [&] { write(table::positions, [&](table_writer& w) { merge_positions(sources, w); }); });
  write(table::postings, [&](table_writer& w) { merge_postings(sources, w); });
  write(table::terms, [&](table_writer& w) { merge_documents(sources, table::terms, w); });
  write(table::documents, [&](table_writer& w) { merge_documents(sources, table::documents, w); });
  positions.get();
  for (const table t : {table::spellings, table::synonyms}) {
    v.of(t).block_bytes = static_cast<std::uint32_t>(block_bytes);
    v.of(t).least_compressed = glass::k_least_compressed;
  }
  glass::write_version(to, v);
}

}  // namespace rapporteur::index
