// A file opened for reading once, from front to back, and its lines.
//
// Owns the descriptor and the buffers; memory stays within one line. Knows nothing of articles.
#pragma once

#include "index/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::indexer {

class input_file {
 public:
  /// Opens a regular file. errc::io if it cannot be opened, errc::malformed if it is something else than a file.
  /// Never blocks on a pipe.
  static result<input_file> open(const std::string& path);

  input_file(input_file&& other) noexcept;
  input_file& operator=(input_file&& other) noexcept;
  input_file(const input_file&) = delete;
  input_file& operator=(const input_file&) = delete;
  ~input_file();

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }  ///< when it was opened

  /// Bytes of the file from offset on, without moving in it; fewer than count at its end.
  result<std::string> peek(std::size_t count, std::uint64_t offset = 0) const;

  /// Reads the next bytes into [to, to + count); 0 at the end.
  result<std::size_t> read(char* to, std::size_t count);

 private:
  input_file(int descriptor, std::uint64_t size) noexcept : descriptor_(descriptor), size_(size) {}
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

/// How a line ends in bytes: \n, or \n in UTF-16 or UTF-32.
struct line_units {
  std::size_t size = 1;  ///< bytes of a unit: 1, 2 or 4
  bool big_endian = false;
};

/// Takes a file apart at \n. The last line may lack it.
class line_reader {
 public:
  /// file must outlive the reader. A line of more than max_line_bytes is not kept.
  line_reader(input_file& file, std::uint64_t max_line_bytes, line_units units = {});

  struct line {
    std::string_view text;     ///< without its end (\n or \r\n); valid until the next call
    std::uint64_t number = 0;  ///< 1-based
    std::uint64_t offset = 0;  ///< of its first byte in the file
    std::uint64_t bytes = 0;   ///< its length, end included
    bool too_long = false;     ///< text is empty then
  };

  /// nullopt after the last line.
  result<std::optional<line>> next();

 private:
  result<bool> fill();
  [[nodiscard]] std::size_t find_end(std::size_t from) const;

  input_file& file_;
  std::uint64_t max_line_bytes_;
  line_units units_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  ///< what of the buffer is not used yet
  std::uint64_t offset_ = 0;         ///< of buffer_[begin_] in the file
  std::uint64_t number_ = 0;
};

}  // namespace rapporteur::indexer
