#include "index/document.hpp"

#include "index/ascii.hpp"
#include "index/record.hpp"
#include "index/schema.hpp"
#include "index/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rapporteur::index {
namespace {}  // namespace

void document_builder::count_stems(std::string_view language, token_kind kind, std::string_view written,
                                   std::string_view folded, std::uint32_t in_text, std::uint32_t in_title) {
  stemmers_.stem(language, kind, written, folded, stem_scratch_);
  for (const std::string_view stem : stem_scratch_) {
    auto found = stems_.find(stem);
    if (found == stems_.end()) found = stems_.emplace(std::string(stem), counts{}).first;
    found->second.in_text += in_text;
    found->second.in_title += in_title;
  }
}

void document_builder::count(std::string_view text, const token_list& list, std::string_view language, bool title,
                             std::uint32_t offset) {
  for (const token& t : list.tokens()) {
    const std::string_view folded = list.text(t);
    if (t.kind == token_kind::acronym || t.kind == token_kind::symbol) {
      term_ = t.kind == token_kind::acronym ? prefix::acronym : prefix::symbol;
      term_ += folded;
      counts& c = marked_[term_];
      ++(title ? c.in_title : c.in_text);
      continue;
    }
    counts& c = words_[folded];
    ++(title ? c.in_title : c.in_text);
    positions_.push_back({offset + t.position, 0});
    const auto place_index = static_cast<std::uint32_t>(positions_.size());  // 1-based: 0 ends the list
    if (c.last == 0)
      c.first = place_index;
    else
      positions_[c.last - 1].next = place_index;
    c.last = place_index;
    if (t.kind == token_kind::unigram || t.kind == token_kind::bigram) continue;
    const std::string_view written = text.substr(t.begin, t.end - t.begin);
    if (t.kind != token_kind::word || is_ascii(written)) {
      ++(title ? c.plain_title : c.plain_text);
    } else {
      count_stems(language, t.kind, written, folded, title ? 0 : 1, title ? 1 : 0);
    }
  }
}

std::uint32_t document_builder::length(const article& a) {
  analyzer_.analyze(a.text, text_);
  std::uint32_t words = text_.last_position();
  if (!a.title_derived) {
    analyzer_.analyze(a.title, title_);
    words += title_.last_position();
  }
  return words;
}

void document_builder::add_filters(Xapian::Document& doc, const article& a) {
  doc.add_boolean_term(id_term(a.id));
  if (!a.language.empty()) {
    doc.add_boolean_term(language_term(a.language));
    doc.add_value(slot::language, a.language);
  }
  if (!a.source.empty()) {
    doc.add_boolean_term(source_term(a.source));
    doc.add_value(slot::source, compose(a.source));
  }
  if (!a.collection.empty()) {
    doc.add_boolean_term(collection_term(a.collection));
    doc.add_value(slot::collection, compose(a.collection));
  }
  for (const std::string& author : a.authors) doc.add_boolean_term(author_term(author));
  for (const tag& t : a.tags) {
    for (const std::string& v : t.values) doc.add_boolean_term(tag_term(t.name, v));
  }
  if (a.published) {
    const partial_date& d = *a.published;
    doc.add_boolean_term(fmt::format("{}{:04}", prefix::year, d.year));
    if (d.precision >= date_precision::month)
      doc.add_boolean_term(fmt::format("{}{:04}{:02}", prefix::month, d.year, d.month));
    if (d.precision >= date_precision::day) {
      doc.add_boolean_term(fmt::format("{}{:04}{:02}{:02}", prefix::day, d.year, d.month, d.day));
    }
    doc.add_value(slot::newest, newest_key(d));
    doc.add_value(slot::oldest, oldest_key(d));
    doc.add_value(slot::year, fmt::format("{:04}", d.year));
  }
  if (!a.origin.file.empty()) doc.add_boolean_term(path_term(a.origin.file));
}

Xapian::Document document_builder::build(const article& a, std::uint64_t text_number, const std::string& content) {
  words_.clear();
  stems_.clear();
  marked_.clear();
  positions_.clear();
  title_.clear();

  const std::string_view language = stem_language(a.language, main_language_);
  // A derived title is a copy of the text's beginning: its words are counted there.
  if (!a.title_derived) {
    analyzer_.analyze(a.title, title_);
    count(a.title, title_, language, true, 0);
  }
  analyzer_.analyze(a.text, text_);
  count(a.text, text_, language, false, title_.last_position() + k_title_gap);
  directory_.reset();
  if (a.text.size() > k_whole_text_bytes) directory_ = make_directory(a.text, text_, language, stemmers_);
  const std::uint32_t length = title_.last_position() + text_.last_position();

  Xapian::Document doc;
  for (const auto& [word, c] : words_) {
    if (c.plain_text + c.plain_title > 0)
      count_stems(language, token_kind::word, word, word, c.plain_text, c.plain_title);
    term_ = word;
    doc.add_term(term_, model_.impact(c.in_text, c.in_title, length));
    for (std::uint32_t p = c.first; p != 0; p = positions_[p - 1].next)
      doc.add_posting(term_, positions_[p - 1].position, 0);
    if (c.in_title > 0) {
      term_.insert(0, prefix::title);
      doc.add_term(term_, model_.impact(0, c.in_title, length));
      std::uint32_t left = c.in_title;  // the title was counted first
      for (std::uint32_t p = c.first; p != 0 && left != 0; p = positions_[p - 1].next, --left) {
        doc.add_posting(term_, positions_[p - 1].position, 0);
      }
    }
  }
  for (const auto& [stem, c] : stems_) {
    doc.add_term(stem_term(language, stem), model_.impact(c.in_text, c.in_title, length));
    if (c.in_title > 0) doc.add_term(title_stem_term(language, stem), model_.impact(0, c.in_title, length));
  }
  for (const auto& [term, c] : marked_) doc.add_term(term, model_.impact(c.in_text, c.in_title, length));

  for (const std::string& author : a.authors) {
    analyzer_.analyze(author, title_);
    for (const token& t : title_.tokens()) {
      if (!carries_position(t.kind)) continue;
      doc.add_posting(make_term(prefix::author, title_.text(t)), t.position, 0);
    }
  }
  add_filters(doc, a);
  doc.add_value(slot::content, content);

  record r;
  r.fields = a;
  r.fields.text.clear();
  r.text_number = text_number;
  r.text_bytes = a.text.size();
  doc.set_data(encode_record(r));
  return doc;
}

}  // namespace rapporteur::index
