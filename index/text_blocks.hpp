// Long texts at rest: blocks that are compressed, fetched and read apart, and a directory that tells which words each
// of them may hold, so that quoting a report of 500 kB costs no more than the few blocks that are quoted.
//
// Blocks end where words may be taken apart (is_break). The directory is a bit-sliced signature file: for each block a
// Bloom filter over its words, stored as one row of block bits per filter bit, so that asking for a word in all blocks
// reads a few rows. Knows nothing of Xapian: index/shard and index/reader store and fetch what is named here.
#pragma once

#include "index/analysis.hpp"
#include "index/error.hpp"
#include "index/stemming.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

/// Texts of up to this size are stored whole, without a directory.
inline constexpr std::size_t k_whole_text_bytes = 32768;

/// Every block but the last has at least so many bytes and …
inline constexpr std::size_t k_block_bytes = 8192;
/// … positions: words that are n positions apart are at most n / k_block_positions + 1 blocks apart.
inline constexpr std::uint32_t k_block_positions = 128;

/// What stands twice within so many bytes is told of, too.
inline constexpr std::size_t k_pair_bytes = 512;

/// A set of blocks.
class block_set {
 public:
  explicit block_set(std::size_t blocks = 0, bool all = false);
  [[nodiscard]] bool test(std::size_t block) const noexcept { return (words_[block / 64] >> (block % 64) & 1U) != 0; }
  void set(std::size_t block) noexcept { words_[block / 64] |= std::uint64_t{1} << (block % 64); }
  void reset(std::size_t block) noexcept { words_[block / 64] &= ~(std::uint64_t{1} << (block % 64)); }
  [[nodiscard]] bool any() const noexcept;
  void merge(const block_set& other) noexcept;      ///< union
  void intersect(const block_set& other) noexcept;  ///< both of equally many blocks
  /// Adds the n blocks before and after each one.
  void widen(std::size_t n);
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t size_ = 0;
};

/// What is known of a long text without reading it.
struct text_directory {
  std::uint64_t characters = 0;       ///< code points of the text
  std::vector<std::uint32_t> begins;  ///< of the blocks, in bytes; the first is 0; the text's size at the end
  std::uint32_t rows = 0;             ///< bits of each block's filter
  std::uint32_t probes = 0;           ///< bits of each word in it
  std::string bits;                   ///< rows × row_bytes(), from bits_begin on
  std::size_t bits_begin = 0;

  [[nodiscard]] std::size_t blocks() const noexcept { return begins.empty() ? 0 : begins.size() - 1; }
  [[nodiscard]] std::size_t row_bytes() const noexcept { return (blocks() + 7) / 8; }

  /// Blocks that may hold what hashes so; never misses one that does.
  [[nodiscard]] block_set blocks_of(std::uint64_t hash) const;
  /// Blocks that may hold it twice within k_pair_bytes, the first time in the block itself.
  [[nodiscard]] block_set blocks_of_pairs(std::uint64_t hash) const { return blocks_of(pair_of(hash)); }
  static std::uint64_t pair_of(std::uint64_t hash) noexcept { return hash * 0x9E3779B97F4A7C15U + 1; }
};

/// Hashes of what a text may be asked for. A word is kept as its stem in the text's language, if it has one: the word's
/// forms are then one entry, and a block that may hold the one may hold the others.
std::uint64_t word_hash(std::string_view word, std::string_view language, stemmers& stems);
std::uint64_t stem_hash(std::string_view stem) noexcept;
std::uint64_t acronym_hash(std::string_view written) noexcept;
std::uint64_t symbol_hash(std::string_view folded) noexcept;

/// True for words that no directory tells of, because most blocks of their script hold them: single characters of Han,
/// Kana or Hangul.
bool in_no_directory(std::string_view word) noexcept;

/// Cuts a text into blocks and makes their directory. tokens: of the whole text; language: whose stemmer its words go
/// through (stem_language).
text_directory make_directory(std::string_view text, const token_list& tokens, std::string_view language,
                              stemmers& stems);

std::string encode_directory(const text_directory& d);

/// errc::index_damaged if the bytes are not the directory of a text of that size.
result<text_directory> decode_directory(std::string stored, std::uint64_t text_bytes);

/// A text whose blocks are fetched when they are first needed. Belongs to one thread; must not outlive what fetch uses.
class block_text {
 public:
  using fetcher = std::function<result<void>(std::size_t block, std::span<char> to)>;

  /// A text that is there already, as a single block.
  explicit block_text(std::string text);
  block_text(text_directory directory, fetcher fetch);
  /// The same as of a string, without a copy: text must outlive it.
  static block_text borrow(std::string_view text);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t blocks() const noexcept { return directory_.blocks(); }
  [[nodiscard]] std::size_t begin_of(std::size_t block) const noexcept { return directory_.begins[block]; }
  [[nodiscard]] std::size_t block_at(std::size_t byte) const noexcept;
  [[nodiscard]] const text_directory& directory() const noexcept { return directory_; }

  /// All of the text's bytes; those of blocks that were never asked for are unspecified.
  [[nodiscard]] std::string_view view() const noexcept {
    return {borrowed_ != nullptr ? borrowed_ : buffer_ ? buffer_.get() : whole_.data(), size_};
  }

  /// Fetches the blocks that bytes [begin, end) touch. What cannot be fetched is blank, and failure() is set.
  void need(std::size_t begin, std::size_t end);

  /// The whole text, after need() of all of it.
  [[nodiscard]] std::string take() &&;

  /// The first failure of a fetch; success if there was none.
  [[nodiscard]] const result<void>& failure() const noexcept { return failure_; }

  /// How many blocks have been fetched, for tests and benchmarks.
  [[nodiscard]] std::size_t fetched() const noexcept { return fetched_; }

 private:
  void fetch_block(std::size_t block);

  const char* borrowed_ = nullptr;
  std::string whole_;
  std::unique_ptr<char[]> buffer_;  // NOLINT(modernize-avoid-c-arrays): not initialised, unlike any container
  std::size_t size_ = 0;
  text_directory directory_;
  fetcher fetch_;
  block_set there_;
  std::size_t fetched_ = 0;
  result<void> failure_;
};

}  // namespace rapporteur::index
