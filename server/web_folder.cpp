#include "server/web_folder.hpp"

#include <string_view>
#include <system_error>
#include <vector>

namespace rapporteur {
namespace fs = std::filesystem;

std::optional<fs::path> find_web_folder(const fs::path& configured, const fs::path& program) {
  std::vector<fs::path> candidates{configured};
  if (!program.empty()) {
    const auto folder = program.parent_path();
    candidates.push_back(folder / ".." / "share" / "rapporteur" / "web");
    candidates.push_back(folder / ".." / ".." / "web");
  }
  constexpr std::string_view k_source = RAPPORTEUR_SOURCE_FOLDER;
  if (!k_source.empty()) candidates.push_back(fs::path(k_source) / "web");
  for (const auto& candidate : candidates) {
    std::error_code ec;
    if (fs::is_regular_file(candidate / "index.html", ec)) return candidate;
  }
  return std::nullopt;
}

fs::path program_path() {
  std::error_code ec;
  return fs::read_symlink("/proc/self/exe", ec);
}

}  // namespace rapporteur
