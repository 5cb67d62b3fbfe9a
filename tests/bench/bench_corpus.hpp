// The articles that the benchmarks put into indexes: JSON Lines as they are, as many of them as are wanted, and the
// same articles as scriptindex wants them. All of it is written before anything is timed.
//
// Knows no index and no clock.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rapporteur::bench {

/// Articles on disk.
struct corpus {
  std::filesystem::path file;
  std::uint64_t articles = 0;
  std::uint64_t bytes = 0;
};

/// The .jsonl and .ndjson files of paths (files, or folders whose files are taken), sorted.
std::vector<std::filesystem::path> json_lines_files(const std::vector<std::filesystem::path>& paths);

/// The lines of files, but for those that repeat an id.
std::uint64_t count_articles(const std::vector<std::filesystem::path>& files);

/// Writes wanted articles to to, spread evenly over all lines, so that few of them are the same mixture as many. What
/// goes beyond the number of lines are further copies: with an id of their own, and with words of their own behind the
/// text, so that no copy is the same article. Lines that repeat an id are left out.
corpus write_json_lines(const std::vector<std::filesystem::path>& files, std::uint64_t wanted,
                        const std::filesystem::path& to);

/// Writes articles in the format of scriptindex (name=value lines, "=" before each further line of a value, a blank
/// line behind each record), fields named as in index_script. Only what is an article with a title or text goes in.
corpus write_scriptindex_records(const std::filesystem::path& json_lines, const std::filesystem::path& to);

/// What scriptindex is told to make of a record. It asks for what Rapporteur keeps, in Omega's own conventions:
/// the words of title and text with positions and stems, the title's also as a field of its own; outlet, language and
/// tags as filters and values for facets; the date as terms for ranges and as a value to sort by; everything stored.
/// Without look_up_ids it is told that no id comes twice, as for a first load.
std::string index_script(bool look_up_ids);

}  // namespace rapporteur::bench
