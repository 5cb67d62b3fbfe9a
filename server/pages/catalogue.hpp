// The words of the interface in one language, from web/strings/LANG.json: the file that the search page reads too.
//
// A word is a string, or an object of strings by plural category, of which the number {n} chooses. {name} in a string
// is a place for what is told with it. Knows nothing of pages.
#pragma once

#include "index/error.hpp"
#include "server/pages/locale_format.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::pages {

/// A piece of a sentence: text, or the name of a place in it.
struct piece {
  std::string text;
  std::string place;  ///< if not empty, this is the place {place}, and text is empty
  bool operator==(const piece&) const = default;
};

/// Immutable; any thread may use it.
class catalogue {
 public:
  using arguments = std::initializer_list<std::pair<std::string_view, std::string>>;

  /// json: the bytes of `file`, which errors name, with the line. others: where words are looked up that this one
  /// lacks; may be null, else must outlive it. errc::malformed: not such an object; invalid_argument: an unknown
  /// language.
  static result<catalogue> read(std::string_view language, std::string_view json, const std::string& file,
                                const catalogue* others);

  /// Takes in the words of another file, in place of those that it has of the same keys. Errors as read's.
  result<void> add(std::string_view json, const std::string& file);

  [[nodiscard]] bool has(std::string_view key) const;
  /// Whether the word has places in it, or forms: then it cannot stand alone.
  [[nodiscard]] bool is_sentence(std::string_view key) const;

  /// The word, its places filled; places that are not given stay. A word that nobody has is "⟨key⟩".
  [[nodiscard]] std::string text(std::string_view key, arguments given = {}) const;
  /// The form for n, in which {n} is the number as the language writes it.
  [[nodiscard]] std::string counted(std::string_view key, std::uint64_t n, arguments given = {}) const;
  /// The same in pieces; {n} is filled, all other places are left to the caller.
  [[nodiscard]] std::vector<piece> pieces(std::string_view key, std::optional<std::uint64_t> n = std::nullopt) const;

  [[nodiscard]] const std::string& language() const noexcept { return language_; }
  [[nodiscard]] const locale_format& format() const noexcept { return format_; }

 private:
  using forms = std::map<std::string, std::string, std::less<>>;  // by category; "" for a word without forms
  catalogue(std::string language, locale_format format) : language_(std::move(language)), format_(std::move(format)) {}
  static std::string filled(const std::vector<piece>& sentence, arguments given);
  [[nodiscard]] const forms* find(std::string_view key) const;
  [[nodiscard]] std::string pattern(std::string_view key, std::optional<std::uint64_t> n) const;

  std::string language_;
  locale_format format_;
  std::map<std::string, forms, std::less<>> words_;
  const catalogue* others_ = nullptr;
};

/// Cuts a sentence at its places. A brace that opens no place is text.
std::vector<piece> split_sentence(std::string_view pattern);

}  // namespace rapporteur::pages
