// An article that tries every way out of the language that it is written into.
#pragma once

#include "index/article.hpp"

#include <string>

namespace rapporteur::api::test {

inline rapporteur::article hostile_article() {
  using namespace std::string_literals;
  rapporteur::article a;
  a.id = "=id\"<&>'\\{}%,;";
  a.title =
      "=cmd|'/C calc'!A0 </title><script>alert(1)</script> \"quoted\" {unbalanced \\end{x} & 100% #1 _^~$\r\nER  - \0\x01\x1F ]]> \u202Ebidi"s;
  a.text = "<!--\n@SUM(1+1)\t" + std::string(100'000, 'w') + "\n\n-->";
  a.url = "https://example.org/a?b=c&d=\"><script>{x}\\ y";
  a.published = partial_date{.year = 2019, .month = 6, .day = 0, .precision = date_precision::month};
  a.source = "+Outlet, \"Inc\"\n@x";
  a.authors = {"@SUM(A1), and \"B\"", "Doe, } Jane {", "-1 and 2"};
  a.language = "en";
  a.collection = "\tset";
  a.tags = {{"topic", {"=1+1", "a, b; c", "<b>"}}};
  return a;
}

}  // namespace rapporteur::api::test
