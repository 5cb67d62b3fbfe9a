#include "index/text_blocks.hpp"

#include "index/unicode.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace rapporteur::index {
namespace {

constexpr char k_directory_version = 1;
constexpr std::size_t k_bits_per_word = 8;  // of a block's filter: three of a hundred answers are wrong
constexpr std::size_t k_most_rows = 4096;   // a block of Han has thousands of pairs; phrases ask for several of them
constexpr std::uint32_t k_most_probes = 5;

enum class entry : std::uint8_t { word, acronym, symbol };

std::uint64_t hash_of(entry kind, std::string_view text) noexcept {
  return XXH3_64bits_withSeed(text.data(), text.size(), static_cast<std::uint64_t>(kind));
}

// The rows of an entry: two halves of its hash make as many as wanted (Kirsch & Mitzenmacher, "Less hashing, same
// performance", 2006).
std::uint32_t row_of(std::uint64_t hash, std::uint32_t probe, std::uint32_t rows) noexcept {
  const auto low = static_cast<std::uint32_t>(hash);
  const auto high = static_cast<std::uint32_t>(hash >> 32) | 1U;
  return (low + probe * high) % rows;
}

void put(std::string& out, std::uint64_t v) {
  while (v >= 0x80) {
    out.push_back(static_cast<char>(v | 0x80));
    v >>= 7;
  }
  out.push_back(static_cast<char>(v));
}

// Reads what put() wrote; false at the end of the bytes.
bool take(std::string_view& bytes, std::uint64_t& v) {
  v = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto b = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    v |= static_cast<std::uint64_t>(b & 0x7F) << shift;
    if (b < 0x80) return true;
  }
  return false;
}

// All bytes but those that continue a character; eight at a time, since every text that is quoted is counted.
std::uint64_t count_characters(std::string_view text) {
  constexpr std::uint64_t k_ones = 0x0101010101010101;
  constexpr std::size_t k_most_rounds = 255;  // of a sum in each byte
  std::uint64_t continuing = 0;
  std::size_t at = 0;
  while (at + sizeof(std::uint64_t) <= text.size()) {
    std::uint64_t sums = 0;
    for (std::size_t n = 0; n < k_most_rounds && at + sizeof sums <= text.size(); ++n, at += sizeof sums) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, text.data() + at, sizeof bytes);
      sums += bytes >> 7U & ~(bytes >> 6U) & k_ones;
    }
    for (; sums != 0; sums >>= 8U) continuing += sums & 0xFFU;
  }
  for (; at < text.size(); ++at) continuing += (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U ? 1 : 0;
  return text.size() - continuing;
}

// Where the blocks begin: at the first paragraph's, line's or word's end behind the least size.
std::vector<std::uint32_t> cut(std::string_view text, const token_list& tokens) {
  constexpr std::size_t k_look = k_block_bytes / 8;  // for the end of a paragraph, and then of a line
  std::vector<std::uint32_t> begins{0};
  std::uint32_t first_position = 0;  // of the block at hand
  std::size_t next = 0;              // token
  const auto& all = tokens.tokens();
  // Cuts at a break if enough words lie before and behind it.
  const auto cut_at = [&](std::size_t at) {
    while (next < all.size() && all[next].begin < at) ++next;
    const std::uint32_t before = next == 0 ? 0 : all[next - 1].position;
    if (before < first_position + k_block_positions || tokens.last_position() < before + k_block_positions)
      return false;
    begins.push_back(static_cast<std::uint32_t>(at));
    first_position = before;
    return true;
  };
  std::size_t at = k_block_bytes;
  while (at + k_block_bytes < text.size()) {
    const std::string_view near = text.substr(at, k_look);
    std::size_t end = near.find("\n\n");
    if (end == std::string_view::npos) end = near.find('\n');
    if (end == std::string_view::npos) end = near.find(". ");
    const std::size_t place = break_at_or_after(text, end == std::string_view::npos ? at : at + end + 1);
    if (place + k_block_bytes / 2 >= text.size()) break;
    at = place + (cut_at(place) ? k_block_bytes : k_look);
  }
  begins.push_back(static_cast<std::uint32_t>(text.size()));
  return begins;
}

}  // namespace

block_set::block_set(std::size_t blocks, bool all) : words_((blocks + 63) / 64), size_(blocks) {
  if (!all) return;
  std::fill(words_.begin(), words_.end(), ~std::uint64_t{0});
  if (blocks % 64 != 0) words_.back() = (std::uint64_t{1} << (blocks % 64)) - 1;
}

bool block_set::any() const noexcept {
  return std::any_of(words_.begin(), words_.end(), [](std::uint64_t w) { return w != 0; });
}

void block_set::merge(const block_set& other) noexcept {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
}

void block_set::intersect(const block_set& other) noexcept {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
}

void block_set::widen(std::size_t n) {
  const block_set narrow = *this;
  for (std::size_t b = 0; b < size_; ++b) {
    if (!narrow.test(b)) continue;
    const std::size_t last = std::min(size_ - 1, b + n);
    for (std::size_t i = b - std::min(b, n); i <= last; ++i) set(i);
  }
}

block_set text_directory::blocks_of(std::uint64_t hash) const {
  block_set out(blocks(), rows == 0);
  if (rows == 0) return out;
  const std::size_t width = row_bytes();
  for (std::size_t byte = 0; byte < width; ++byte) {
    unsigned char held = 0xFF;
    for (std::uint32_t p = 0; p < probes; ++p)
      held &= static_cast<unsigned char>(bits[bits_begin + row_of(hash, p, rows) * width + byte]);
    for (; held != 0; held &= static_cast<unsigned char>(held - 1))
      out.set(byte * 8 + static_cast<std::size_t>(std::countr_zero(held)));
  }
  return out;
}

std::uint64_t word_hash(std::string_view word, std::string_view language, stemmers& stems) {
  thread_local std::vector<std::string_view> found;
  // As a part of a compound a word is stemmed by its folded form alone.
  stems.stem(language, token_kind::part, word, word, found);
  return hash_of(entry::word, found.empty() ? word : found.front());
}

std::uint64_t stem_hash(std::string_view stem) noexcept {
  return hash_of(entry::word, stem);
}
std::uint64_t acronym_hash(std::string_view written) noexcept {
  return hash_of(entry::acronym, written);
}
std::uint64_t symbol_hash(std::string_view folded) noexcept {
  return hash_of(entry::symbol, folded);
}

bool in_no_directory(std::string_view word) noexcept {
  if (word.empty() || static_cast<unsigned char>(word.front()) < 0x80) return false;
  const decoded d = decode_utf8(word, 0);
  return d.size == word.size() && class_of(d.code_point) == char_class::cjk;
}

text_directory make_directory(std::string_view text, const token_list& tokens, std::string_view language,
                              stemmers& stems) {
  text_directory d;
  d.characters = count_characters(text);
  d.begins = cut(text, tokens);

  std::vector<std::unordered_set<std::uint64_t>> held(d.blocks());
  std::unordered_map<std::uint64_t, std::uint32_t> last;  // where each entry stood last
  std::vector<std::string_view> found;
  std::size_t block = 0;
  const auto enter = [&](std::uint64_t hash, const token& t) {
    held[block].insert(hash);
    const auto [before, first] = last.try_emplace(hash, t.begin);
    if (first) return;
    if (t.end <= before->second + k_pair_bytes) {
      const auto pair_block = static_cast<std::size_t>(
          std::upper_bound(d.begins.begin(), d.begins.end() - 1, std::min(before->second, t.begin)) - d.begins.begin() -
          1);
      held[pair_block].insert(text_directory::pair_of(hash));
    }
    before->second = t.begin;
  };
  for (const token& t : tokens.tokens()) {
    while (t.begin >= d.begins[block + 1]) ++block;
    while (t.begin < d.begins[block]) --block;  // the tokens of one position need not be in order
    const std::string_view folded = tokens.text(t);
    switch (t.kind) {
      case token_kind::acronym:
        enter(acronym_hash(folded), t);
        break;
      case token_kind::symbol:
        enter(symbol_hash(folded), t);
        break;
      case token_kind::unigram:
      case token_kind::bigram:
        if (!in_no_directory(folded)) enter(hash_of(entry::word, folded), t);
        break;
      default: {
        const std::uint64_t word = word_hash(folded, language, stems);
        enter(word, t);
        stems.stem(language, t.kind, text.substr(t.begin, t.end - t.begin), folded, found);
        for (const std::string_view stem : found) {
          if (const std::uint64_t hash = stem_hash(stem); hash != word) enter(hash, t);
        }
      }
    }
  }

  std::size_t most = 1;
  for (const auto& h : held) most = std::max(most, h.size());
  d.rows = static_cast<std::uint32_t>(std::min(most * k_bits_per_word, k_most_rows));
  const double best = 0.693 * d.rows / static_cast<double>(most);
  d.probes = std::clamp(static_cast<std::uint32_t>(std::lround(best)), 1U, k_most_probes);
  const std::size_t width = d.row_bytes();
  d.bits.assign(d.rows * width, '\0');
  for (std::size_t b = 0; b < held.size(); ++b) {
    for (const std::uint64_t hash : held[b]) {
      for (std::uint32_t p = 0; p < d.probes; ++p) {
        char& byte = d.bits[row_of(hash, p, d.rows) * width + b / 8];
        byte = static_cast<char>(static_cast<unsigned char>(byte) | 1U << (b % 8));
      }
    }
  }
  return d;
}

std::string encode_directory(const text_directory& d) {
  std::string out;
  out.push_back(k_directory_version);
  put(out, d.characters);
  put(out, d.blocks());
  for (std::size_t b = 0; b < d.blocks(); ++b) put(out, d.begins[b + 1] - d.begins[b]);
  put(out, d.rows);
  put(out, d.probes);
  return out.append(d.bits, d.bits_begin);
}

result<text_directory> decode_directory(std::string stored, std::uint64_t text_bytes) {
  std::string_view bytes = stored;
  const error damaged{
      errc::index_damaged,
      "the directory of a stored text is cut short or does not fit its record; run check, then rebuild"};
  if (bytes.empty() || bytes.front() != k_directory_version) return damaged;
  bytes.remove_prefix(1);
  text_directory d;
  std::uint64_t blocks = 0;
  std::uint64_t rows = 0;
  std::uint64_t probes = 0;
  if (!take(bytes, d.characters) || !take(bytes, blocks) || blocks == 0 || blocks > bytes.size()) return damaged;
  std::uint64_t at = 0;
  d.begins.push_back(0);
  for (std::uint64_t b = 0; b < blocks; ++b) {
    std::uint64_t size = 0;
    if (!take(bytes, size) || size == 0 || size > text_bytes - at) return damaged;
    at += size;
    d.begins.push_back(static_cast<std::uint32_t>(at));
  }
  if (at != text_bytes || d.characters > text_bytes || d.characters == 0) return damaged;
  if (!take(bytes, rows) || !take(bytes, probes) || rows == 0 || rows > k_most_rows || probes == 0 ||
      probes > k_most_probes || bytes.size() != rows * d.row_bytes()) {
    return damaged;
  }
  d.rows = static_cast<std::uint32_t>(rows);
  d.probes = static_cast<std::uint32_t>(probes);
  // Bits beyond the last block would be blocks that are not there.
  if (const std::size_t used = blocks % 8; used != 0) {
    const std::size_t width = d.row_bytes();
    for (std::size_t row = 0; row < rows; ++row) {
      if ((static_cast<unsigned char>(bytes[row * width + width - 1]) >> used) != 0) return damaged;
    }
  }
  d.bits_begin = stored.size() - bytes.size();
  d.bits = std::move(stored);
  return d;
}

block_text::block_text(std::string text) : block_text(borrow(text)) {
  borrowed_ = nullptr;
  whole_ = std::move(text);
}

block_text block_text::borrow(std::string_view text) {
  text_directory whole;
  whole.begins = {0, static_cast<std::uint32_t>(text.size())};
  whole.characters = count_characters(text);
  block_text out(std::move(whole), {});
  out.borrowed_ = text.data();
  return out;
}

block_text::block_text(text_directory directory, fetcher fetch)
    : size_(directory.begins.back()),
      directory_(std::move(directory)),
      fetch_(std::move(fetch)),
      there_(directory_.blocks()) {
  // Memory that no block is fetched into is never touched.
  if (fetch_) buffer_ = std::make_unique_for_overwrite<char[]>(size_);  // NOLINT(modernize-avoid-c-arrays)
}

std::size_t block_text::block_at(std::size_t byte) const noexcept {
  const auto after = std::upper_bound(directory_.begins.begin(), directory_.begins.end() - 1, byte);
  return static_cast<std::size_t>(after - directory_.begins.begin()) - 1;
}

void block_text::need(std::size_t begin, std::size_t end) {
  if (!fetch_) return;
  end = std::min(end, size_);
  if (begin >= end) return;
  for (std::size_t b = block_at(begin); b < blocks() && begin_of(b) < end; ++b) {
    if (!there_.test(b)) fetch_block(b);
  }
}

std::string block_text::take() && {
  return fetch_ || borrowed_ != nullptr ? std::string(view()) : std::move(whole_);
}

void block_text::fetch_block(std::size_t block) {
  there_.set(block);
  ++fetched_;
  const std::size_t begin = begin_of(block);
  const std::size_t size = begin_of(block + 1) - begin;
  const std::span<char> to(buffer_.get() + begin, size);
  if (auto fetched = fetch_(block, to); !fetched) {
    std::fill(to.begin(), to.end(), ' ');
    if (failure_) failure_ = fetched.error();
  }
}

}  // namespace rapporteur::index
