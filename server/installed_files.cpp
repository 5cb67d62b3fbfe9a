#include "server/installed_files.hpp"

#include <string_view>
#include <system_error>
#include <vector>

namespace rapporteur {
namespace fs = std::filesystem;

namespace {

// A file or folder by its name under share/rapporteur, and by its place in the sources. proof is what must be a file in
// it; empty: itself.
std::optional<fs::path> find(const fs::path& configured, const fs::path& program, const fs::path& shared,
                             const fs::path& in_sources, const fs::path& proof) {
  std::vector<fs::path> candidates{configured};
  if (!program.empty()) {
    const auto folder = program.parent_path();
    candidates.push_back(folder / ".." / "share" / "rapporteur" / shared);
    candidates.push_back(folder / ".." / ".." / in_sources);
  }
  constexpr std::string_view k_source = RAPPORTEUR_SOURCE_FOLDER;
  if (!k_source.empty()) candidates.push_back(fs::path(k_source) / in_sources);
  for (const auto& candidate : candidates) {
    std::error_code ec;
    if (fs::is_regular_file(proof.empty() ? candidate : candidate / proof, ec)) return candidate;
  }
  return std::nullopt;
}

}  // namespace

std::optional<fs::path> find_web_folder(const fs::path& configured, const fs::path& program) {
  return find(configured, program, "web", "web", "index.html");
}

std::optional<fs::path> find_thesaurus(const fs::path& configured, const fs::path& program) {
  return find(configured, program, "thesaurus.txt", fs::path("config") / "thesaurus.txt", {});
}

fs::path program_path() {
  std::error_code ec;
  return fs::read_symlink("/proc/self/exe", ec);
}

}  // namespace rapporteur
