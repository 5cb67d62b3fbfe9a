// Columns of text for a terminal, in every script.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::indexer {

/// Cells that a terminal takes for text: 2 for wide characters (UAX #11: W and F), none for marks and what is unseen.
std::size_t display_width(std::string_view text) noexcept;

/// Rows of cells, printed with each column as wide as its widest cell, up to a bound.
class text_table {
 public:
  enum class align : unsigned char { left, right };

  explicit text_table(std::vector<align> columns) : columns_(std::move(columns)) {}

  /// As many cells as there are columns, each printable and of one line.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  /// Appends the rows, each behind indent; no blanks at their ends.
  void print(std::string& out, std::string_view indent) const;

  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }

 private:
  std::vector<align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace rapporteur::indexer
