// What an explainer holds; shared by index/explanation.cpp and index/explanation_words.cpp alone.
#pragma once

#include "index/article_database.hpp"
#include "index/document.hpp"
#include "index/explanation.hpp"
#include "index/reader.hpp"
#include "index/stemming.hpp"
#include "index/xapian_error.hpp"

#include <utility>

namespace rapporteur::index {

struct explainer::impl {
  impl(const impact_model& model, std::string main_language, std::optional<reader> r)
      : builder(model, main_language), index(std::move(r)) {
    run.model = model;
    run.main_language = std::move(main_language);
  }

  /// Asks the index, again if it was changed meanwhile; a few times. errc::index_missing if there is none.
  template <class Ask>
  auto ask(Ask ask) -> decltype(ask(std::declval<reader&>())) {
    if (!index) return error{errc::index_missing, "there is no index to ask"};
    constexpr int k_attempts = 5;
    for (int attempt = 0; attempt < k_attempts; ++attempt) {
      try {
        return ask(*index);
      } catch (const Xapian::DatabaseModifiedError&) {
        if (const auto moved = index->refresh(); !moved && moved.error().code != errc::index_changing)
          return moved.error();
      } catch (...) {
        return caught_error(index->info().generation);
      }
    }
    return error{errc::index_changing, "the index is changing faster than it can be read; try again"};
  }

  run_context run;
  document_builder builder;
  analyzer words;
  stemmers stems;
  std::optional<reader> index;
};

}  // namespace rapporteur::index
