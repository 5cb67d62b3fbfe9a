// What a reader has to say about its input, apart from the articles: failures, warnings, and values left out.
//
// A finding has a reason, which is the same for all of its kind (they are counted by it), and a detail that is its
// own. Knows nothing of how findings are shown (indexer/report).
#pragma once

#include "index/article.hpp"
#include "index/error.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace rapporteur::indexer {

enum class severity : std::uint8_t {
  failure,  ///< an article (or a whole file, counted as one) is not in
  warning,  ///< the article is in, but without something that it claimed to have
};

/// A reason and a detail, not yet placed in a file.
struct remark {
  errc code = errc::malformed;
  std::string reason;  ///< without values: "the date is not a date"
  std::string detail;  ///< with them; may be empty
};

struct finding {
  severity level = severity::failure;
  remark what;
  std::string file;          ///< as the user named it or reached it
  std::uint64_t line = 0;    ///< 1-based; 0: about the file
  std::uint64_t column = 0;  ///< 1-based, in characters; 0: not known
  std::string id = {};       ///< of a failure: as the record gives it, if it was read that far; not checked

  /// FILE:LINE:COLUMN: REASON: DETAIL, on one line whatever bytes are in it; absent parts left out.
  [[nodiscard]] std::string to_string() const;
};

/// text with control characters and ill-formed UTF-8 replaced, safe to print on a terminal; cut to max_bytes.
std::string printable(std::string_view text, std::size_t max_bytes = 200);

/// What a reader calls, all on the thread that called the reader.
struct read_events {
  /// An article, complete and valid. A failure stops the reader, which returns it.
  std::function<result<void>(article)> on_article;
  std::function<void(finding)> on_finding;
  /// Values that have no place in an article were left out, count of them: "nested values of key \"geo\"".
  std::function<void(const std::string& what, std::uint64_t count)> on_left_out;
  /// That many more bytes of the file have been dealt with. False: stop here.
  std::function<bool(std::uint64_t bytes)> on_bytes;
};

/// Bounds on input, in bytes.
struct read_limits {
  std::uint64_t max_article_bytes = 16U << 20U;  ///< of a text file, or of one line of JSON
  std::uint64_t max_file_bytes = 64ULL << 30U;
};

}  // namespace rapporteur::indexer
