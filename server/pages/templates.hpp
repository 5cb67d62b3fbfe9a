// Mustache templates: read, checked, put together with the words of one language, and filled.
//
// Only {{name}}, sections, comments and {{> other}} are taken. What would put text into a page unescaped ({{{ }}},
// {{& }}, other delimiters) is refused when a template is read, so that no template can be the hole through which an
// article's markup gets out. {{t.KEY}} is a word of the catalogue.
#pragma once

#include "index/error.hpp"
#include "server/pages/catalogue.hpp"
#include "server/pages/page_data.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace rapporteur::pages {

/// The text of templates by their names ("results.mustache" is results).
using template_texts = std::map<std::string, std::string, std::less<>>;

/// Immutable; any thread may use it.
class templates {
 public:
  /// errc::malformed, with template and line: not such a template; a part or a word that there is not.
  static result<templates> make(const template_texts& texts, const catalogue& words);

  templates(templates&&) noexcept;
  templates& operator=(templates&&) noexcept;
  ~templates();

  [[nodiscard]] bool has(std::string_view name) const;
  /// The template filled; it must be there. All text becomes text of HTML, or of an attribute in quotes.
  [[nodiscard]] std::string fill(std::string_view name, page_data data) const;

 private:
  struct impl;
  explicit templates(std::unique_ptr<impl> p);
  std::unique_ptr<impl> impl_;
};

}  // namespace rapporteur::pages
