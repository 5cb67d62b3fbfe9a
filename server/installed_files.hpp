// Where the files are that come with the program (the search page, the thesaurus), when nobody says.
#pragma once

#include <filesystem>
#include <optional>

namespace rapporteur {

/// The first of these that holds an index.html: `configured` (relative: to the working directory); beside the program
/// as it is installed (../share/rapporteur/web); above the program as it is built (build/<preset>/../../web); in the
/// source folder, for programs that are not shipped.
std::optional<std::filesystem::path> find_web_folder(const std::filesystem::path& configured,
                                                     const std::filesystem::path& program);

/// The same for the file thesaurus.txt: ../share/rapporteur/thesaurus.txt, build/<preset>/../../config/thesaurus.txt.
std::optional<std::filesystem::path> find_thesaurus(const std::filesystem::path& configured,
                                                    const std::filesystem::path& program);

/// The file of the running program; empty if the system does not tell.
std::filesystem::path program_path();

}  // namespace rapporteur
