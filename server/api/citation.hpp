// What reference managers want to know of an article: its kind, and its authors' names in parts.
//
// Knows no format. A name's parts are a guess where the article does not give them; what is not surely a person's name
// in parts that are known stays whole.
#pragma once

#include "index/article.hpp"

#include <string>
#include <string_view>

namespace rapporteur::api {

enum class citation_kind { newspaper_article, webpage, document };

/// Of an outlet: an article of a newspaper, in the sense of reference managers; with nothing but an address: a page of
/// the web; else a document.
citation_kind kind_of(const article& a) noexcept;

struct author_name {
  std::string family;
  std::string given;
  std::string whole;  ///< of an organisation, or a name that is not divided; the others are empty then
};

/// Divides a name: at a comma as "Quintana, Tomás Ojea"; before a particle ("van", "de", "bin"); a Korean or Chinese
/// name with a hyphen ("Kim Jong-un") behind its first word; any other of two to four words in Latin, Greek or Cyrillic
/// letters before its last. Whole stay organisations, single words, names in other scripts, and names of three short
/// words that begin with a family name of Korea, China or Vietnam.
author_name divide_name(std::string_view printed);

}  // namespace rapporteur::api
