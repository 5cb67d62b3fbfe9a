#include "index/glass_version.hpp"

#include "index/glass_format.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>
#include <xapian.h>

#include <cerrno>
#include <fstream>
#include <iterator>

namespace rapporteur::index::glass {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_magic("\x0F\x0DXapian Glass\x04\x6E", 16);  // the last two: 2016-03-14
constexpr std::size_t k_uuid_bytes = 16;
constexpr unsigned k_no_root = 1;
constexpr unsigned k_written_in_order = 2;
constexpr unsigned k_block_unit = 11;  // block sizes count in 2,048 bytes

fs::path file_of(const fs::path& database) {
  return database / "iamglass";
}

void put(std::string& s, const table_entry& t) {
  put_number(s, t.root);
  put_number(s, t.level << 2U | k_written_in_order | (t.has_root ? 0 : k_no_root));
  put_number(s, t.keys);
  put_number(s, t.block_bytes >> k_block_unit);
  put_number(s, t.least_compressed);
  put_string(s, t.free_blocks);
}

table_entry take_entry(std::string_view& s) {
  table_entry t;
  t.root = static_cast<std::uint32_t>(take_number(s));
  const std::uint64_t kind = take_number(s);
  t.level = static_cast<std::uint32_t>(kind >> 2U);
  t.has_root = (kind & k_no_root) == 0;
  t.keys = take_number(s);
  t.block_bytes = static_cast<std::uint32_t>(take_number(s) << k_block_unit);
  t.least_compressed = static_cast<std::uint32_t>(take_number(s));
  t.free_blocks = take_string(s);
  return t;
}

}  // namespace

version read_version(const fs::path& database) {
  errno = 0;
  std::ifstream in(file_of(database), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in && !in.eof())
    throw Xapian::DatabaseOpeningError(fmt::format("reading {}", file_of(database).string()), errno);
  std::string_view s = bytes;
  if (!s.starts_with(k_magic) || s.size() < k_magic.size() + k_uuid_bytes)
    throw Xapian::DatabaseVersionError(fmt::format("{} is of another format", file_of(database).string()));
  s.remove_prefix(k_magic.size() + k_uuid_bytes);
  version v;
  v.revision = static_cast<std::uint32_t>(take_number(s));
  for (table_entry& t : v.tables) t = take_entry(s);
  v.documents = take_number(s);
  v.last_document = static_cast<std::uint32_t>(v.documents + take_number(s));
  v.least_length = static_cast<std::uint32_t>(take_number(s));
  v.greatest_frequency = static_cast<std::uint32_t>(take_number(s));
  v.greatest_length = v.greatest_frequency + static_cast<std::uint32_t>(take_number(s));
  take_number(s);  // the oldest changeset
  v.total_length = take_number(s);
  v.greatest_spelling = static_cast<std::uint32_t>(take_number(s));
  return v;
}

void write_version(const fs::path& database, const version& v) {
  std::array<char, k_uuid_bytes> uuid{};
  if (::getrandom(uuid.data(), uuid.size(), 0) != static_cast<ssize_t>(uuid.size()))
    throw Xapian::DatabaseError("no random numbers for a database's UUID", errno);
  std::string s(k_magic);
  s.append(uuid.data(), uuid.size());
  put_number(s, k_revision);
  for (const table_entry& t : v.tables) put(s, t);
  put_number(s, v.documents);
  put_number(s, v.last_document - v.documents);
  put_number(s, v.least_length);
  put_number(s, v.greatest_frequency);
  put_number(s, v.greatest_length - v.greatest_frequency);
  put_number(s, 0);  // the oldest changeset
  put_number(s, v.total_length);
  put_number(s, v.greatest_spelling);
  const fs::path file = file_of(database);
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) throw Xapian::DatabaseCreateError(fmt::format("{} cannot be made", file.string()), errno);
  const auto written = ::write(descriptor, s.data(), s.size());
  const int number = errno;
  if (::close(descriptor) != 0 || written != static_cast<ssize_t>(s.size()))
    throw Xapian::DatabaseError("writing iamglass", written < 0 ? number : ENOSPC);
}

}  // namespace rapporteur::index::glass
