// The bytes of a file, whole or line by line, as UTF-8 to read articles from: which encoding counts, and what is said
// of it. How one is recognised and converted is indexer/encoding's. Knows no format.
#pragma once

#include "indexer/encoding.hpp"
#include "indexer/findings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::indexer {

struct readable_text {
  std::string text;
  std::vector<finding> warnings;  ///< without file
};

/// A whole file as UTF-8, without its byte order mark. declared: the encoding that it names itself, or empty. The
/// failure says why it is no text.
boost::system::result<readable_text, finding> make_readable(std::string_view bytes, std::string_view declared);

/// Lines of one file, one after another, in an encoding that the first line that is not UTF-8 decides.
class line_decoder {
 public:
  explicit line_decoder(std::optional<wide_form> wide);

  struct outcome {
    std::string_view text;  ///< valid until the next call
    std::vector<remark> warnings;
    std::optional<remark> failure;
    std::uint64_t column = 0;  ///< of the failure, 1-based; 0: not known
  };
  /// raw: the line without its end. at: its place in the file. more: some text that begins with the line, to detect
  /// the encoding by.
  template <class More>
  outcome decode(std::string_view raw, std::uint64_t at, More more) {
    if (!needs_detection(raw)) return decode_known(raw, at);
    return detect(raw, at, more());
  }

 private:
  [[nodiscard]] bool needs_detection(std::string_view raw) const;
  outcome decode_known(std::string_view raw, std::uint64_t at);
  outcome detect(std::string_view raw, std::uint64_t at, std::string_view sample);
  outcome finish(converted_text converted, std::uint64_t at, std::string_view encoding);

  std::optional<wide_form> wide_;
  std::optional<converter> converter_;  ///< once it is known
  bool said_ = false;
  std::string buffer_;
};

}  // namespace rapporteur::indexer
