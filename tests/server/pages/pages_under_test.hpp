// The plain pages with real templates, words and workers, over a search that the test scripts.
#pragma once

#include "server/pages/routes.hpp"
#include "tests/server/api/api_under_test.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::pages::test {

class pages_under_test {
 public:
  pages_under_test();

  http::response get(std::string_view target, std::string_view accept_language = {}, std::string_view etag = {});

  api::test::api_under_test api;        ///< its script is what is searched
  std::shared_ptr<const page_set> set;  ///< of the repository's web folder; may be taken away

 private:
  page_service service_;
  http::router routes_;
};

/// What a browser makes of a page.
struct parsed_page {
  explicit parsed_page(std::string_view html);
  std::vector<std::string> elements;                            ///< names, in their order
  std::vector<std::pair<std::string, std::string>> attributes;  ///< of all of them
  std::vector<std::pair<std::string, std::string>> texts;       ///< element and its text, for elements without others
  std::string text;                                             ///< of the whole

  [[nodiscard]] std::vector<std::string> values_of(std::string_view attribute) const;
  [[nodiscard]] std::vector<std::string> texts_of(std::string_view element) const;
  /// What could act, or reach out: scripts, styles and handlers inside the page, addresses elsewhere that are loaded
  /// without being followed.
  [[nodiscard]] std::vector<std::string> dangers() const;
};

}  // namespace rapporteur::pages::test
