// Bytes to UTF-8: which encoding they are in, and their conversion. The only room that knows ICU's converters.
//
// Nothing is dropped: what cannot be decoded becomes U+FFFD, is counted, and has a place. Knows no format.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

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

}  // namespace rapporteur::indexer
