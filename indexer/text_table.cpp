// Widths and padding.
#include "indexer/text_table.hpp"

#include "index/unicode.hpp"

#include <unicode/uchar.h>

#include <algorithm>

namespace rapporteur::indexer {

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const index::decoded d = index::decode_utf8(text, at);
    at += d.size;
    const auto c = static_cast<UChar32>(d.code_point);
    const auto category = U_GET_GC_MASK(c);
    if ((category & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK)) != 0) continue;
    const int wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    width += wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2U : 1U;
  }
  return width;
}

void text_table::print(std::string& out, std::string_view indent) const {
  // One long word must not push a column off the terminal for all rows.
  constexpr std::size_t k_widest = 28;
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t n = 0; n < row.size(); ++n)
      widths[n] = std::min(k_widest, std::max(widths[n], display_width(row[n])));
  }
  for (const auto& row : rows_) {
    std::string line(indent);
    for (std::size_t n = 0; n < row.size(); ++n) {
      const std::size_t width = display_width(row[n]);
      const std::string blanks(widths[n] - std::min(width, widths[n]), ' ');
      if (n > 0) line += "  ";
      line += columns_[n] == align::left ? row[n] + blanks : blanks + row[n];
    }
    out.append(line, 0, line.find_last_not_of(' ') + 1);
    out += '\n';
  }
}

}  // namespace rapporteur::indexer
