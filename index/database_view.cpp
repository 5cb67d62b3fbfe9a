#include "index/database_view.hpp"

#include "index/ascending.hpp"
#include "index/glass_format.hpp"
#include "index/glass_positions.hpp"

#include <xapian.h>

#include <algorithm>

namespace rapporteur::index {
namespace {

using glass::table;
using glass::take_number;
using glass::take_sorting_number;

constexpr std::size_t k_cache_bytes = std::size_t{8} << 20U;
constexpr std::size_t k_frequencies = 10'000;  // remembered: a search asks for each of its terms several times

std::filesystem::path file_of(const std::filesystem::path& database, table t) {
  return database / glass::k_table_files[static_cast<std::size_t>(t)];
}

std::size_t blocks_of(const glass::version& v) {
  std::size_t largest = glass::k_usual_block_bytes;
  for (const table t : {table::postings, table::documents, table::positions})
    largest = std::max<std::size_t>(largest, v.of(t).block_bytes);
  return k_cache_bytes / largest;
}

[[noreturn]] void makes_no_sense() {
  throw Xapian::DatabaseCorruptError("a list of postings makes no sense");
}

std::uint32_t number_at(const unsigned char*& p, const unsigned char* end) {
  if (p == end) makes_no_sense();
  std::uint32_t n = *p++;
  if (n < 0x80) [[likely]]
    return n;
  n &= 0x7FU;
  for (unsigned shift = 7;; shift += 7) {
    if (p == end || shift > 28) makes_no_sense();
    const std::uint32_t c = *p++;
    n |= (c & 0x7FU) << shift;
    if (c < 0x80) return n;
  }
}

// The postings of a chunk, what stands before them taken off, in order, up to the first that is not before `last`.
// greatest: of the database's documents; what is damaged must not tell of others. Writes to documents and frequencies
// (null: not wanted), which have room for as many as a chunk of so many bytes can hold. Returns how many there are.
std::size_t take_chunk(std::string_view chunk, std::uint32_t first, std::uint32_t greatest, std::uint32_t last,
                       std::uint32_t* documents, std::uint32_t* frequencies) {
  const auto* p = reinterpret_cast<const unsigned char*>(chunk.data());
  const auto* const end = p + chunk.size();
  std::uint32_t document = first;
  if (document > greatest) makes_no_sense();
  for (std::size_t count = 0;;) {
    const std::uint32_t frequency = number_at(p, end);
    documents[count] = document;
    if (frequencies != nullptr) frequencies[count] = frequency;
    ++count;
    if (p == end || document >= last) return count;
    const std::uint32_t between = number_at(p, end);
    if (between >= greatest - document) makes_no_sense();
    document += between + 1;
  }
}

/// So many postings a chunk can hold at most: two bytes each, and of the first one only how often it is there.
constexpr std::size_t most_postings(std::string_view chunk) noexcept {
  return chunk.size() / 2 + 1;
}

/// Appends those of here that are in wanted to what is found, and how often each has the term. Both ascend.
void take_common(std::span<const std::uint32_t> here, const std::uint32_t* frequencies,
                 std::span<const std::uint32_t> wanted, database_view::postings& to) {
  const std::size_t before = to.documents.size();
  const std::size_t most = before + std::min(here.size(), wanted.size());
  // What is not found is written too, and then over.
  to.documents.resize(most + 1);
  if (frequencies != nullptr) to.frequencies.resize(most + 1);
  std::size_t found = before;
  const auto put = [&](std::size_t i, bool common) {
    to.documents[found] = here[i];
    if (frequencies != nullptr) to.frequencies[found] = frequencies[i];
    found += static_cast<std::size_t>(common);
  };
  if (wanted.size() < here.size()) {
    std::size_t i = 0;
    for (const std::uint32_t w : wanted) {
      i = first_not_less(here, i, w);
      if (i == here.size()) break;
      put(i, here[i] == w);
    }
  } else {
    std::size_t j = 0;
    for (std::size_t i = 0; i < here.size(); ++i) {
      j = first_not_less(wanted, j, here[i]);
      if (j == wanted.size()) break;
      put(i, here[i] == wanted[j]);
    }
  }
  to.documents.resize(found);
  if (frequencies != nullptr) to.frequencies.resize(found);
}

struct chunk_begin {
  bool last = false;
  std::uint32_t last_document = 0;
};

chunk_begin take_chunk_begin(std::string_view& chunk, std::uint32_t first) {
  if (chunk.empty()) makes_no_sense();
  chunk_begin b;
  b.last = chunk.front() == '1';
  chunk.remove_prefix(1);
  b.last_document = static_cast<std::uint32_t>(first + take_number(chunk));
  return b;
}

}  // namespace

database_view::database_view(const std::filesystem::path& database)
    : version_(glass::read_version(database)),
      cache_(blocks_of(version_)),
      postings_(file_of(database, table::postings), version_.of(table::postings), version_.revision, 0, cache_),
      documents_(file_of(database, table::documents), version_.of(table::documents), version_.revision, 1, cache_),
      positions_(file_of(database, table::positions), version_.of(table::positions), version_.revision, 2, cache_),
      entry_(documents_),
      metadata_(postings_) {}

bool database_view::find_list(std::string_view term, cursor& at, list_begin& begin, std::string_view& chunk) {
  key_.clear();
  if (term.empty())
    key_ = glass::k_lengths;
  else
    glass::put_sorting_string(key_, term, true);
  if (!at.find(key_)) return false;
  chunk = at.tag();
  begin.documents = static_cast<std::uint32_t>(take_number(chunk));
  take_number(chunk);  // how often in all of them
  begin.first = static_cast<std::uint32_t>(take_number(chunk) + 1);
  // What the keys of the list's other chunks begin with.
  prefix_.clear();
  if (term.empty())
    prefix_ = glass::k_lengths;
  else
    glass::put_sorting_string(prefix_, term, false);
  return true;
}

std::uint32_t database_view::frequency(std::string_view term) {
  if (term.empty()) return documents();
  if (const auto known = frequencies_.find(term); known != frequencies_.end()) return known->second;
  cursor at(postings_);
  list_begin begin;
  std::string_view chunk;
  const std::uint32_t found = find_list(term, at, begin, chunk) ? begin.documents : 0;
  if (frequencies_.size() >= k_frequencies) frequencies_.clear();
  frequencies_.emplace(term, found);
  return found;
}

void database_view::read(std::string_view term, bool with_frequencies, postings& out) {
  out.clear();
  cursor at(postings_);
  list_begin begin;
  std::string_view chunk;
  if (!find_list(term, at, begin, chunk)) return;
  std::size_t count = 0;
  // At most what the archive has: a damaged number must not take all memory. A last chunk leaves room unused.
  const std::size_t listed = std::min(begin.documents, documents()) + glass::k_chunk_bytes / 2;
  for (std::uint32_t first = begin.first;;) {
    const chunk_begin c = take_chunk_begin(chunk, first);
    const std::size_t room = count + most_postings(chunk);
    if (out.documents.size() < room) {
      out.documents.resize(c.last ? room : std::max(room, listed));
      if (with_frequencies) out.frequencies.resize(out.documents.size());
    }
    count += take_chunk(chunk, first, last_document(), last_document(), out.documents.data() + count,
                        with_frequencies ? out.frequencies.data() + count : nullptr);
    if (c.last) break;
    if (!at.next() || !at.key().starts_with(prefix_)) makes_no_sense();
    std::string_view rest = at.key().substr(prefix_.size());
    first = take_sorting_number(rest);
    if (first <= out.documents[count - 1]) makes_no_sense();
    chunk = at.tag();
  }
  out.documents.resize(count);
  if (with_frequencies) out.frequencies.resize(count);
}

void database_view::read_among(std::string_view term, std::span<const std::uint32_t> documents, bool with_frequencies,
                               postings& out) {
  out.clear();
  cursor at(postings_);
  list_begin begin;
  std::string_view chunk;
  if (documents.empty() || !find_list(term, at, begin, chunk)) return;
  auto wanted = documents.begin();
  for (std::uint32_t first = begin.first;;) {
    const chunk_begin c = take_chunk_begin(chunk, first);
    wanted = std::lower_bound(wanted, documents.end(), first);
    if (wanted == documents.end()) break;
    if (*wanted <= c.last_document) {
      if (const std::size_t most = most_postings(chunk); chunk_.documents.size() < most) {
        chunk_.documents.resize(most);
        chunk_.frequencies.resize(most);
      }
      const std::size_t count = take_chunk(chunk, first, last_document(), documents.back(), chunk_.documents.data(),
                                           with_frequencies ? chunk_.frequencies.data() : nullptr);
      const auto behind = std::upper_bound(wanted, documents.end(), c.last_document);
      take_common({chunk_.documents.data(), count}, with_frequencies ? chunk_.frequencies.data() : nullptr,
                  {wanted, behind}, out);
      wanted = behind;
      if (wanted == documents.end()) break;
    }
    if (c.last) break;
    if (!at.next() || !at.key().starts_with(prefix_)) makes_no_sense();
    std::string_view rest = at.key().substr(prefix_.size());
    std::uint32_t next = take_sorting_number(rest);
    if (next <= first) makes_no_sense();
    // Where the next one wanted lies beyond the chunk that comes, it is looked for; else the chunk is as near as any.
    std::string_view tag = at.tag();
    if (std::string_view peek = tag; take_chunk_begin(peek, next).last_document < *wanted) {
      key_ = prefix_;
      glass::put_sorting_number(key_, *wanted);
      if (!at.find_last(key_) || !at.key().starts_with(prefix_)) makes_no_sense();
      rest = at.key().substr(prefix_.size());
      next = take_sorting_number(rest);
      tag = at.tag();
    }
    first = next;
    chunk = tag;
  }
}

database_view::places::places(database_view& view, std::string_view term) : at_(view.positions_) {
  glass::put_sorting_string(key_, term, false);
  of_term_ = key_.size();
}

bool database_view::places::read(std::uint32_t document, std::vector<std::uint32_t>& out, std::uint32_t most) {
  key_.resize(of_term_);
  glass::put_sorting_number(key_, document);
  out.clear();
  const std::uint32_t between = document - last_;  // ascending
  last_ = document;
  const bool found =
      at_.find_behind(key_, std::max<std::size_t>(1, static_cast<std::size_t>(between * entries_)), of_term_);
  // Articles of a kind stand together: what was true of the last ones will mostly be true of the next.
  if (at_.moved() > 0) entries_ += (static_cast<double>(at_.moved()) / between - entries_) / 4;
  if (!found) return false;
  glass::take_positions(at_.tag(), most, out);
  return true;
}

std::optional<std::string_view> database_view::data(std::uint32_t document) {
  key_.clear();
  glass::put_sorting_number(key_, document);
  if (!entry_.find(key_) || entry_.compressed()) return std::nullopt;
  return entry_.tag();
}

std::string_view database_view::metadata(std::string_view key) {
  key_ = glass::k_metadata;
  key_ += key;
  if (!metadata_.find(key_) || metadata_.compressed()) return {};
  return metadata_.tag();
}

}  // namespace rapporteur::index
