// The version file of a Glass database, `iamglass`: where the roots of its tables are, and what is counted over all of
// its documents.
//
// Knows nothing of what is in the tables.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

namespace rapporteur::index::glass {

inline constexpr std::uint32_t k_usual_block_bytes = 8192;

/// What the version file says of a table.
struct table_entry {
  std::uint32_t root = 0;   ///< number of its block
  std::uint32_t level = 0;  ///< of the root; leaves are 0
  bool has_root = false;    ///< false: the table is empty and may have no file
  std::uint64_t keys = 0;
  std::uint32_t block_bytes = k_usual_block_bytes;
  std::uint32_t least_compressed = 0;  ///< tags longer than this may be compressed by who writes; 0: none
  std::string free_blocks;             ///< as the list of free blocks writes itself
};

enum class table : std::size_t { postings, documents, terms, positions, spellings, synonyms };
inline constexpr std::array<const char*, 4> k_table_files = {"postlist.glass", "docdata.glass", "termlist.glass",
                                                             "position.glass"};

struct version {
  std::uint32_t revision = 0;         ///< of what is written to it; only read, since what is written is k_revision
  std::array<table_entry, 6> tables;  ///< in the order of `table`
  std::uint64_t documents = 0;
  std::uint32_t last_document = 0;  ///< the highest number that was ever given
  std::uint32_t least_length = 0, greatest_length = 0;
  std::uint32_t greatest_frequency = 0;  ///< of any term in any document, or more
  std::uint64_t total_length = 0;
  std::uint32_t greatest_spelling = 0;  ///< frequency

  [[nodiscard]] const table_entry& of(table t) const { return tables[static_cast<std::size_t>(t)]; }
  [[nodiscard]] table_entry& of(table t) { return tables[static_cast<std::size_t>(t)]; }
};

/// Throws Xapian::DatabaseOpeningError with the system's errno, DatabaseVersionError for another format.
version read_version(const std::filesystem::path& database);

/// With a UUID of its own and revision k_revision. Throws Xapian::DatabaseError with the system's errno.
void write_version(const std::filesystem::path& database, const version& v);

}  // namespace rapporteur::index::glass
