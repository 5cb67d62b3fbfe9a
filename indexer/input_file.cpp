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

result<std::string> input_file::peek(std::size_t count) const {
  std::string bytes(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    const ssize_t n = ::pread(descriptor_, bytes.data() + have, count - have, static_cast<off_t>(have));
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

line_reader::line_reader(input_file& file, std::uint64_t max_line_bytes)
    : file_(file), max_line_bytes_(max_line_bytes) {}

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
    const char* first = buffer_.data() + begin_;
    const void* found =
        end_ - begin_ > searched ? std::memchr(first + searched, '\n', end_ - begin_ - searched) : nullptr;
    bool ends = found != nullptr;
    std::size_t length = ends ? static_cast<std::size_t>(static_cast<const char*>(found) - first) : end_ - begin_;
    if (!ends) {
      searched = length;
      if (length > max_line_bytes_) {
        dropped += length;
        begin_ = end_;
        searched = 0;
      }
      const auto more = fill();
      if (!more) return more.error();
      if (*more) continue;
      first = buffer_.data() + begin_;
      length = end_ - begin_;
      if (length == 0 && dropped == 0) return std::optional<line>();
    }
    l.number = ++number_;
    l.bytes = dropped + length + (ends ? 1 : 0);
    l.too_long = dropped > 0 || length > max_line_bytes_;
    if (!l.too_long) {
      l.text = std::string_view(first, length);
      if (ends && l.text.ends_with('\r')) l.text.remove_suffix(1);
    }
    begin_ += length + (ends ? 1 : 0);
    offset_ += l.bytes;
    return std::optional<line>(l);
  }
}

}  // namespace rapporteur::indexer
