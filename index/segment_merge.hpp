// Segments made into one database: their tables read in order and written once, as densely as the format allows.
//
// Xapian's compact does the same, but leaves the chunks of a posting list as it finds them, one or more from each
// segment, and more of the blocks empty (docs/performance.md). What Xapian has written is read like what we have: a
// generation that small commits have spread out is made dense in the same way. Xapian reads the result, checks it and
// writes on in it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace rapporteur::index {

/// Blocks of a served generation: larger ones leave less empty, smaller ones make a look-up cheaper.
inline constexpr std::size_t k_served_block_bytes = 16384;

/// The documents of `from` in their order, numbered on from one database to the next, at `to`, which must not be there
/// yet. A metadata entry of several databases is that of the first; spellings and synonyms are left out. Has two files
/// of each open at a time, for its two threads. Nothing is synced. Throws Xapian::Error; then `to` is of no use.
void merge_segments(const std::vector<std::filesystem::path>& from, const std::filesystem::path& to,
                    std::size_t block_bytes = k_served_block_bytes);

}  // namespace rapporteur::index
