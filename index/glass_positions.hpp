// Lists of positions, as an entry of a Glass database's table of positions holds them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index::glass {

/// Ascending positions, at least one: the last of them, and if there are more, the first, their number and the others
/// by interpolative coding (Moffat & Stuiver, "Binary Interpolative Coding", 2000). The first place of a text is 1: 0
/// and 1 alone could not be told from 1, as in Xapian.
void put_positions(std::string& to, std::span<const std::uint32_t> positions);

/// The same, read back: replaces `to` by those up to most, behind which there may be one more. Throws
/// Xapian::DatabaseCorruptError where there is no such list.
void take_positions(std::string_view from, std::uint32_t most, std::vector<std::uint32_t>& to);

/// The same on any processor; take_positions() is this one where there is nothing quicker.
void take_positions_plainly(std::string_view from, std::uint32_t most, std::vector<std::uint32_t>& to);

}  // namespace rapporteur::index::glass
