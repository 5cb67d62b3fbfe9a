#include "index/generation.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <utility>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

std::string reason(int number) {
  return std::generic_category().message(number);
}

// g000001; 0 if name is nothing of the kind.
unsigned long generation_number(std::string_view name) {
  if (name.size() < 2 || name.front() != 'g') return 0;
  unsigned long n = 0;
  const auto [end, failure] = std::from_chars(name.data() + 1, name.data() + name.size(), n);
  return failure == std::errc() && end == name.data() + name.size() ? n : 0;
}

}  // namespace

result<std::string> read_current(const fs::path& folder) {
  const fs::path pointer = folder / "current";
  std::error_code failure;
  if (!fs::exists(pointer, failure)) {
    if (failure) return error{errc::io, fmt::format("{}: {}", pointer.string(), failure.message())};
    return std::string();
  }
  std::ifstream in(pointer);
  std::string name;
  if (!std::getline(in, name)) return error{errc::io, fmt::format("{}: cannot be read", pointer.string())};
  if (generation_number(name) == 0) {
    return error{
        errc::index_damaged,
        fmt::format("{}: holds “{}”, which is not the name of a generation such as g000001; point it to one of the "
                    "folders beside it, or rebuild",
                    pointer.string(), name.substr(0, 40))};
  }
  return name;
}

result<void> sync_path(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return error{errc::io, fmt::format("{}: {}", path.string(), reason(errno))};
  const int outcome = ::fsync(descriptor);
  const int number = errno;
  ::close(descriptor);
  if (outcome != 0) return error{errc::io, fmt::format("{}: fsync: {}", path.string(), reason(number))};
  return {};
}

result<void> write_current(const fs::path& folder, const std::string& name) {
  const fs::path beside = folder / "current.new";
  {
    std::ofstream out(beside, std::ios::trunc);
    out << name << '\n';
    out.flush();
    if (!out) return error{errc::io, fmt::format("{}: cannot be written ({})", beside.string(), reason(errno))};
  }
  if (auto synced = sync_path(beside); !synced) return synced;
  std::error_code failure;
  fs::rename(beside, folder / "current", failure);
  if (failure) return error{errc::io, fmt::format("{}: {}", (folder / "current").string(), failure.message())};
  return sync_path(folder);
}

std::string next_generation(const fs::path& folder) {
  unsigned long highest = 0;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().string();
    highest = std::max(highest, generation_number(std::string_view(name).substr(0, name.find('.'))));
  }
  return fmt::format("g{:06}", highest + 1);
}

void remove_stale(const fs::path& folder, const std::string& current, const std::string& previous) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().string();
    if (name == current || name == previous) continue;
    if (generation_number(std::string_view(name).substr(0, name.find('.'))) == 0) continue;
    std::error_code ignored;
    fs::remove_all(entry.path(), ignored);
  }
}

result<writer_lock> writer_lock::acquire(const fs::path& folder) {
  const fs::path path = folder / "writer.lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    return error{errc::io,
                 fmt::format("{}: {}; the indexer needs to write in the index folder", path.string(), reason(errno))};
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int number = errno;
    ::close(descriptor);
    if (number == EWOULDBLOCK) {
      return error{
          errc::index_locked,
          fmt::format("{}: another rapporteur-index is writing this index; wait for it, or stop it", path.string())};
    }
    return error{errc::io, fmt::format("{}: {}", path.string(), reason(number))};
  }
  return writer_lock(descriptor);
}

writer_lock& writer_lock::operator=(writer_lock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

writer_lock::~writer_lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace rapporteur::index
