#include "tests/crash/mounted.hpp"

#include <fmt/format.h>
#include <sys/mount.h>

namespace rapporteur::crash {

mounted::mounted(std::uint64_t bytes) {
  mounted_ = ::mount("tmpfs", path().c_str(), "tmpfs", 0, fmt::format("size={}", bytes).c_str()) == 0;
}

mounted::~mounted() {
  if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
}

bool mounted::resize(std::uint64_t bytes) const {
  return ::mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT, fmt::format("size={}", bytes).c_str()) == 0;
}

bool mounted::make_read_only(bool yes) const {
  const unsigned long flags = yes ? MS_REMOUNT | MS_RDONLY : MS_REMOUNT;
  return ::mount("tmpfs", path().c_str(), "tmpfs", flags, nullptr) == 0;
}

}  // namespace rapporteur::crash
