// POSIX calls, because standard streams do not say why they fail.
#include "indexer/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace rapporteur::indexer {
namespace {

error from_errno(std::string_view what) {
  return {errc::io, std::string(what) + ": " + std::generic_category().message(errno)};
}

}  // namespace

result<input_file> input_file::open(const std::string& path) {
  // O_NONBLOCK: opening a named pipe must not wait for somebody to write to it. It changes nothing for files.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) return from_errno("cannot be opened");
  input_file opened(descriptor, 0);
  struct stat s {};
  if (::fstat(descriptor, &s) != 0) return from_errno("cannot be examined");
  if (!S_ISREG(s.st_mode)) return error{errc::malformed, "is not a file"};
  opened.size_ = static_cast<std::uint64_t>(s.st_size);
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return opened;
}

input_file::input_file(input_file&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

input_file& input_file::operator=(input_file&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

input_file::~input_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

result<std::string> input_file::peek(std::size_t count, std::uint64_t offset) const {
  std::string bytes(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    const ssize_t n = ::pread(descriptor_, bytes.data() + have, count - have, static_cast<off_t>(offset + have));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return from_errno("cannot be read");
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  bytes.resize(have);
  return bytes;
}

result<std::size_t> input_file::read(char* to, std::size_t count) {
  for (;;) {
    const ssize_t n = ::read(descriptor_, to, count);
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR) return from_errno("cannot be read");
  }
}

line_reader::line_reader(input_file& file, std::uint64_t max_line_bytes, line_units units)
    : file_(file), max_line_bytes_(max_line_bytes), units_(units) {}

/// Length of the line that begins at begin_, without its end, searching from a place in it; npos if the end is not in
/// the buffer. Lines begin at whole units, because they end at whole ones.
std::size_t line_reader::find_end(std::size_t from) const {
  const char* const first = buffer_.data() + begin_;
  const std::size_t size = end_ - begin_;
  while (from < size) {
    const void* const found = std::memchr(first + from, '\n', size - from);
    if (found == nullptr) break;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - first);
    const std::size_t unit = at / units_.size * units_.size;
    if (unit + units_.size > size) break;
    const std::size_t place = units_.big_endian ? units_.size - 1 : 0;  // of the byte that counts
    bool is_end = at == unit + place;
    for (std::size_t n = 0; n < units_.size; ++n) is_end = is_end && (n == place || first[unit + n] == '\0');
    if (is_end) return unit;
    from = at + 1;
  }
  return std::string_view::npos;
}

/// Reads more behind what is in the buffer. False at the end of the file.
result<bool> line_reader::fill() {
  constexpr std::size_t k_chunk = 256U << 10U;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < k_chunk) buffer_.resize(std::max(end_ + k_chunk, buffer_.size() * 2));
  const auto n = file_.read(buffer_.data() + end_, buffer_.size() - end_);
  if (!n) return n.error();
  end_ += *n;
  return *n > 0;
}

result<std::optional<line_reader::line>> line_reader::next() {
  std::size_t searched = 0;  // bytes after begin_ that are known to hold no \n
  line l;
  l.offset = offset_;
  std::uint64_t dropped = 0;  // bytes of a line that is too long to be kept
  for (;;) {
    std::size_t length = find_end(searched);
    const bool ends = length != std::string_view::npos;
    if (!ends) {
      length = (end_ - begin_) / units_.size * units_.size;  // a unit that is not whole yet is looked at again
      searched = length;
      if (length > max_line_bytes_) {
        dropped += length;
        begin_ += length;
        searched = 0;
      }
      const auto more = fill();
      if (!more) return more.error();
      if (*more) continue;
      length = end_ - begin_;
      if (length == 0 && dropped == 0) return std::optional<line>();
    }
    l.number = ++number_;
    l.bytes = dropped + length + (ends ? units_.size : 0);
    l.too_long = dropped > 0 || length > max_line_bytes_;
    if (!l.too_long) {
      l.text = std::string_view(buffer_.data() + begin_, length);
      if (ends && units_.size == 1 && l.text.ends_with('\r')) l.text.remove_suffix(1);
    }
    begin_ += length + (ends ? units_.size : 0);
    offset_ += l.bytes;
    return std::optional<line>(l);
  }
}

}  // namespace rapporteur::indexer
