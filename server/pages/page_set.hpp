// Everything that plain pages are made of: the templates and the words, read from the web folder, for each language.
//
// Owns which languages there are and which one a reader gets. Knows no request beyond its Accept-Language.
#pragma once

#include "index/error.hpp"
#include "server/pages/catalogue.hpp"
#include "server/pages/templates.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::pages {

/// One language's words and templates.
struct language_pages {
  std::unique_ptr<const catalogue> words;
  templates pages;
};

/// Immutable; any thread may use it.
class page_set {
 public:
  /// Reads plain/*.mustache, strings/*.json and sentences/*.json (words that the page needs seldom) below the web
  /// folder. Null if there is no folder plain: then there are no plain pages. Otherwise everything has to be there and
  /// right; errors (errc::io, malformed, not_found, invalid_argument) name the file, and say what to do.
  static result<std::shared_ptr<const page_set>> load(const std::filesystem::path& web_folder);

  /// English first, then in the order of their codes.
  [[nodiscard]] const std::vector<language_pages>& languages() const noexcept { return languages_; }
  /// By its code; null if there is none.
  [[nodiscard]] const language_pages* find(std::string_view language) const;
  /// The best for an Accept-Language value (RFC 9110 12.5.4): the language that stands there with the greatest weight,
  /// the first of equals, by its primary subtag (RFC 4647 3.4); English where none fits.
  [[nodiscard]] const language_pages& choose(std::string_view accept_language) const;
  /// Of all that was read: other files, other fingerprint.
  [[nodiscard]] const std::string& fingerprint() const noexcept { return fingerprint_; }

 private:
  std::vector<language_pages> languages_;
  std::string fingerprint_;
};

/// Gives the pages that are served now, or null for none; what it gives stays while it is held. Called from several
/// threads at once.
using page_source = std::function<std::shared_ptr<const page_set>()>;

}  // namespace rapporteur::pages
