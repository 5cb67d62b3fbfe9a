// `explain`: an article as it is read from a file or stands in the index, its tokens and its terms, so that "why is
// this not found" has an answer. Reads only; knows no command line. How it is printed: indexer/explain_report.
#pragma once

#include "indexer/commands.hpp"
#include "indexer/pipeline.hpp"

#include <string>
#include <vector>

namespace rapporteur::indexer {

struct explain_options {
  std::string target;              ///< FILE, FILE:LINE, or the id of an article in the index
  bool is_id = false;              ///< even if there is a file of that name
  std::vector<std::string> words;  ///< show only what concerns these; each is taken apart at blanks
  bool all = false;                ///< all tokens and terms, for people; JSON always has them
};

/// Of a file without a LINE, so many records are explained.
inline constexpr std::size_t k_explained_records = 10;

/// Of options: index, limits and records. k_exit_ok; k_exit_partly if there is no such article, file or line, or
/// nothing of it could be read; k_exit_index if the index cannot be read, or there is none and an id was asked for.
int command_explain(const run_options& options, const explain_options& what, const output_options& output);

}  // namespace rapporteur::indexer
