// Bytes to UTF-8: which encoding they are in, and their conversion. The only room that knows ICU's converters.
//
// Nothing is dropped: what cannot be decoded becomes U+FFFD, is counted, and has a place. Knows no format.
#pragma once

#include "indexer/findings.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::indexer {

struct converted_text {
  std::string text;               ///< valid UTF-8
  std::uint64_t undecodable = 0;  ///< sequences that became U+FFFD
  std::size_t first_at = 0;       ///< byte of the input where the first of them is
};

/// Converts from one encoding. Not for several threads at once.
class converter {
 public:
  /// nullopt for a name that is not known. Names as the WHATWG Encoding Standard has them, and ICU's aliases; as there,
  /// what is declared as iso-8859-1 or ascii is windows-1252, gb2312 is gb18030, and so on.
  static std::optional<converter> open(std::string_view name);

  converter(converter&&) noexcept;
  converter& operator=(converter&&) noexcept;
  ~converter();

  [[nodiscard]] const std::string& name() const noexcept { return name_; }  ///< for people
  [[nodiscard]] converted_text convert(std::string_view bytes) const;

 private:
  struct impl;
  converter(std::string name, std::unique_ptr<impl> i);
  std::string name_;
  std::unique_ptr<impl> impl_;
};

/// UTF-8 with U+FFFD for what is ill-formed.
converted_text repair_utf8(std::string_view bytes);

/// True if bytes are UTF-8 that was damaged (cut, or one byte changed), and not text in another encoding.
bool is_damaged_utf8(std::string_view bytes);

/// UTF-16 and UTF-32 are not compatible with ASCII: lines and keys can only be seen once they are known.
struct wide_form {
  std::string_view name;  ///< UTF-16LE …
  std::size_t unit = 1;   ///< bytes
  bool big_endian = false;
  std::size_t mark = 0;  ///< bytes of the byte order mark; 0: there is none, it was recognised by its zero bytes
};

/// nullopt for everything that is not in UTF-16 or UTF-32. first_bytes: the beginning of a file, some hundred bytes.
std::optional<wide_form> wide_form_of(std::string_view first_bytes);

/// The encoding in which bytes that are not UTF-8 read as text of a language. nullopt if none does, or if they have
/// control characters that texts do not have. Looks at a sample of lines; see indexer/encoding_detector.cpp.
std::optional<std::string> detect_encoding(std::string_view bytes);

/// More undecodable text than this is not text in that encoding: one sequence in ten characters.
bool is_mostly_decoded(const converted_text& t);

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
