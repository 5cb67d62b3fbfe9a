// A small file system of its own, in memory, where the test may mount one.
#pragma once

#include "tests/http/programs.hpp"

#include <cstdint>
#include <filesystem>

namespace rapporteur::crash {

class mounted {
 public:
  explicit mounted(std::uint64_t bytes);
  ~mounted();
  mounted(const mounted&) = delete;
  mounted& operator=(const mounted&) = delete;

  /// False where mounting is not allowed.
  [[nodiscard]] bool ok() const noexcept { return mounted_; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return folder_.path(); }
  [[nodiscard]] bool resize(std::uint64_t bytes) const;
  [[nodiscard]] bool make_read_only(bool yes) const;

 private:
  test::scratch_folder folder_;
  bool mounted_ = false;
};

}  // namespace rapporteur::crash
