#include "index/segment_writer.hpp"

#include "index/glass_format.hpp"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <cstring>
#include <system_error>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;
using glass::put_number;
using glass::put_sorting_number;
using glass::put_sorting_string;
using glass::put_string;

constexpr std::size_t k_longest_term = 245;
constexpr int k_deflate_level = 6;

fs::path make_folder_here(fs::path folder) {
  std::error_code failure;
  fs::create_directory(folder, failure);
  if (failure) throw Xapian::DatabaseCreateError(fmt::format("{} cannot be made", folder.string()), failure.value());
  return folder;
}

// Frequencies by document, as postings and the lengths of documents are kept.
class frequency_chunks {
 public:
  /// write(first document, is it the first chunk, is it the last, its bytes)
  template <typename Write>
  void add(std::uint32_t document, std::uint32_t frequency, const Write& write) {
    if (bytes_.size() >= glass::k_chunk_bytes) end(false, write);
    if (first_ == 0)
      first_ = document;
    else
      put_number(bytes_, document - last_ - 1);
    last_ = document;
    put_number(bytes_, frequency);
  }
  template <typename Write>
  void finish(const Write& write) {
    end(true, write);
    is_first_ = true;
  }

 private:
  template <typename Write>
  void end(bool is_last, const Write& write) {
    chunk_.clear();
    glass::put_chunk_begin(chunk_, is_last, first_, last_);
    chunk_ += bytes_;
    write(first_, is_first_, chunk_);
    bytes_.clear();
    first_ = 0;
    is_first_ = false;
  }

  std::string bytes_, chunk_;
  std::uint32_t first_ = 0, last_ = 0;
  bool is_first_ = true;
};

}  // namespace

void segment_writer::compressor_deleter::operator()(libdeflate_compressor* c) const {
  libdeflate_free_compressor(c);
}

segment_writer::segment_writer(fs::path folder)
    : folder_(make_folder_here(std::move(folder))),
      postings_(folder_ / glass::k_table_files[0]),
      documents_(folder_ / glass::k_table_files[1]),
      terms_(folder_ / glass::k_table_files[2]),
      positions_(folder_ / glass::k_table_files[3]),
      compressor_(libdeflate_alloc_compressor(k_deflate_level)) {
  if (!compressor_) throw std::bad_alloc();
}

segment_writer::~segment_writer() = default;

void segment_writer::add_compressed(glass::table_writer& to, std::string_view key, std::string_view tag) {
  if (tag.size() > glass::k_least_compressed) {
    compressed_.resize(tag.size());
    const std::size_t size =
        libdeflate_deflate_compress(compressor_.get(), tag.data(), tag.size(), compressed_.data(), tag.size() - 1);
    if (size > 0) {
      to.add(key, std::string_view(compressed_).substr(0, size), true);
      return;
    }
  }
  to.add(key, tag);
}

void segment_writer::set_metadata(std::string_view key, std::string_view value) {
  if (value.empty()) return;
  key_ = glass::k_metadata;
  key_ += key;
  postings_.add(key_, value);
}

Xapian::docid segment_writer::add(draft_document& doc) {
  const auto id = static_cast<Xapian::docid>(lengths_.size() + 1);
  const auto& terms = doc.sorted_terms();
  std::uint32_t length = 0;
  for (const draft_document::term& t : terms) {
    if (t.name.size() + static_cast<std::size_t>(std::count(t.name.begin(), t.name.end(), '\0')) > k_longest_term) {
      throw Xapian::InvalidArgumentError(
          fmt::format("Term too long (> {}): {}", k_longest_term, t.name.substr(0, k_longest_term)));
    }
    length += t.frequency;
    greatest_frequency_ = std::max(greatest_frequency_, t.frequency);
    lists_.add(t.name, id, t.frequency, t.positions);
  }
  key_.clear();
  put_sorting_number(key_, id);
  // A record is compressed already.
  if (!doc.data().empty()) documents_.add(key_, doc.data());

  // Each term as what it shares with the one before, and the rest; the frequency beside the number of shared bytes
  // where both fit into one.
  tag_.clear();
  if (!terms.empty()) {
    put_number(tag_, length);
    put_number(tag_, terms.size());
    std::string_view before;
    for (const draft_document::term& t : terms) {
      if (before.data() == nullptr) {
        tag_ += static_cast<char>(t.name.size());
        tag_ += t.name;
        put_number(tag_, t.frequency);
        before = t.name;
        continue;
      }
      const auto differ = std::mismatch(t.name.begin(), t.name.end(), before.begin(), before.end()).first;
      const auto shared = static_cast<std::size_t>(differ - t.name.begin());
      const std::uint64_t packed = (std::uint64_t{t.frequency} + 1) * (before.size() + 1) + shared;
      const bool fits = t.frequency < 0x7F && packed < 0x100;
      tag_ += static_cast<char>(fits ? packed : shared);
      tag_ += static_cast<char>(t.name.size() - shared);
      tag_ += t.name.substr(shared);
      if (!fits) put_number(tag_, t.frequency);
      before = t.name;
    }
  }
  add_compressed(terms_, key_, tag_);

  tag_.clear();
  Xapian::valueno next_slot = 0;
  for (const auto& [slot, value] : doc.sorted_values()) {
    put_number(tag_, slot - next_slot);
    next_slot = slot + 1;
    add_value(id, slot, value);
  }
  if (!tag_.empty()) {
    key_ += '\0';
    add_compressed(terms_, key_, tag_);
  }
  if (length > 0 && (total_length_ == 0 || length < least_length_)) least_length_ = length;
  greatest_length_ = std::max(greatest_length_, length);
  total_length_ += length;
  lengths_.push_back(length);
  return id;
}

void segment_writer::add_value(Xapian::docid id, Xapian::valueno slot, const std::string& value) {
  slot_values& v = values_[slot];
  if (v.count++ == 0) {
    v.least = v.greatest = value;
  } else {
    if (value < v.least) v.least = value;
    if (value > v.greatest) v.greatest = value;
  }
  value_chunks& c = v.stream;
  if (c.open.empty())
    c.first = id;
  else
    put_number(c.open, id - c.last - 1);
  c.last = id;
  put_string(c.open, value);
  values_bytes_ += value.size() + 2;
  if (c.open.size() >= glass::k_chunk_bytes) c.closed.emplace_back(c.first, std::exchange(c.open, {}));
}

void segment_writer::write_values() {
  for (const auto& [slot, v] : values_) {
    key_ = glass::k_value_statistics;
    for (Xapian::valueno rest = slot; rest != 0; rest >>= 8U) key_ += static_cast<char>(rest);
    tag_.clear();
    put_number(tag_, v.count);
    put_string(tag_, v.least);
    if (v.greatest != v.least) tag_ += v.greatest;
    postings_.add(key_, tag_);
  }
  for (auto& [slot, v] : values_) {
    if (!v.stream.open.empty()) v.stream.closed.emplace_back(v.stream.first, std::move(v.stream.open));
    for (const auto& [first, bytes] : v.stream.closed) {
      key_ = glass::k_value_chunk;
      put_number(key_, slot);
      put_sorting_number(key_, first);
      postings_.add(key_, bytes);
    }
  }
}

void segment_writer::write_lengths() {
  frequency_chunks chunks;
  const auto write = [this](std::uint32_t first, bool is_first, std::string_view bytes) {
    key_ = glass::k_lengths;
    tag_.clear();
    if (is_first)
      glass::put_list_begin(tag_, 0, 0, first);
    else
      put_sorting_number(key_, first);
    tag_ += bytes;
    postings_.add(key_, tag_);
  };
  for (std::size_t n = 0; n < lengths_.size(); ++n) chunks.add(static_cast<std::uint32_t>(n + 1), lengths_[n], write);
  chunks.finish(write);
}

void segment_writer::write_postings() {
  frequency_chunks chunks;
  posting_lists::list now;
  std::uint32_t left = 0;
  std::string position_key;
  std::size_t position_key_term = 0;
  const auto write = [&](std::uint32_t first, bool is_first, std::string_view bytes) {
    key_.clear();
    put_sorting_string(key_, now.name, is_first);
    tag_.clear();
    if (is_first)
      glass::put_list_begin(tag_, now.documents, now.frequency, first);
    else
      put_sorting_number(key_, first);
    tag_ += bytes;
    postings_.add(key_, tag_);
  };
  lists_.for_each(
      [&](const posting_lists::list& l) {
        now = l;
        left = l.documents;
        position_key.clear();
        put_sorting_string(position_key, l.name, false);
        position_key_term = position_key.size();
      },
      [&](const posting_lists::posting& p) {
        chunks.add(p.document, p.frequency, write);
        if (--left == 0) chunks.finish(write);
        if (p.positions.empty()) return;
        position_key.resize(position_key_term);
        put_sorting_number(position_key, p.document);
        positions_.add(position_key, p.positions);
      });
}

void segment_writer::finish() {
  write_values();
  write_lengths();
  write_postings();
  glass::version v;
  v.of(glass::table::postings) = postings_.finish(0);
  v.of(glass::table::documents) = documents_.finish(glass::k_least_compressed);
  v.of(glass::table::terms) = terms_.finish(glass::k_least_compressed);
  v.of(glass::table::positions) = positions_.finish(0);
  v.of(glass::table::spellings).least_compressed = glass::k_least_compressed;
  v.of(glass::table::synonyms).least_compressed = glass::k_least_compressed;
  v.documents = lengths_.size();
  v.last_document = static_cast<std::uint32_t>(lengths_.size());
  v.least_length = least_length_;
  v.greatest_length = greatest_length_;
  v.greatest_frequency = greatest_frequency_;
  v.total_length = total_length_;
  glass::write_version(folder_, v);
  lists_.clear();
}

}  // namespace rapporteur::index
