// An article of what most tests need of one.
#pragma once

#include "index/article.hpp"

#include <string>
#include <utility>

namespace rapporteur::test {

inline article make_article(std::string id, std::string title, std::string text, std::string language = "en") {
  article a;
  a.id = std::move(id);
  a.title = std::move(title);
  a.text = std::move(text);
  a.language = std::move(language);
  return a;
}

}  // namespace rapporteur::test
