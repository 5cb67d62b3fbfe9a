// One run: files → articles → the index's writer, with an account that is checked.
//
// Knows neither formats (indexer/source picks readers) nor the command line.
#pragma once

#include "index/writer.hpp"
#include "indexer/fields.hpp"
#include "indexer/findings.hpp"
#include "indexer/progress.hpp"
#include "indexer/report.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rapporteur::indexer {

struct run_options {
  std::filesystem::path index;
  index::writer::mode mode = index::writer::mode::update;
  index::writer_settings writer;
  read_limits limits;
  record_rules records;
  std::vector<std::string> paths;
};

enum class run_end : std::uint8_t {
  committed,  ///< what was read is in the index and visible
  nothing,    ///< no article at all, and failures or a rebuild: the index is as it was
  stopped,    ///< `stop` said so; the index is as it was
};

struct run_result {
  run_end end = run_end::committed;
  run_account account;
};

/// Reads everything under the paths into the index. Articles that fail do not fail the run: they are listed on `out`
/// and counted. Errors are the index's: what writer::open, add and commit return; then nothing of the run is visible.
/// errc::internal if the account does not balance. stop is asked often, and no more once the commit has begun.
result<run_result> run(const run_options& options, progress& out, const std::function<bool()>& stop);

}  // namespace rapporteur::indexer
