#include "index/document.hpp"

#include "index/ascii.hpp"
#include "index/record.hpp"
#include "index/schema.hpp"
#include "index/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

namespace rapporteur::index {
namespace {

/// A word's stems are fetched while so many words before it are dealt with.
constexpr std::uint32_t k_words_ahead = 4;

/// make_term() takes a value of this size whole whatever is in it, behind the prefix and language of a stem.
constexpr std::size_t k_short_value_bytes = 100;

}  // namespace

void document_builder::count_stems(std::string_view language, token_kind kind, std::string_view written,
                                   std::string_view folded, std::uint32_t in_text, std::uint32_t in_title) {
  stemmers_.stem(language, kind, written, folded, stem_scratch_);
  for (const std::string_view stem : stem_scratch_) {
    counts& c = stems_[stem];
    c.in_text += in_text;
    c.in_title += in_title;
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
    places_.push_back({static_cast<std::uint32_t>(&c - words_.of.data()), offset + t.position});
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

// Puts the positions of each word together, in the order in which they were met.
void document_builder::sort_places() {
  std::vector<std::uint32_t>& next = position_scratch_;
  next.clear();
  std::uint32_t begin = 0;
  for (const counts& c : words_.of) {
    next.push_back(begin);
    begin += c.in_title + c.in_text;
  }
  positions_.resize(places_.size());
  for (const place& p : places_) positions_[next[p.word]++] = p.position;
}

// Ascending and each once: several tokens of one position may have one folded form.
std::span<const std::uint32_t> document_builder::ascending(std::span<const std::uint32_t> positions) {
  if (std::adjacent_find(positions.begin(), positions.end(), std::greater_equal<>()) == positions.end())
    return positions;
  std::vector<std::uint32_t>& out = position_scratch_;
  out.assign(positions.begin(), positions.end());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// No two of these terms are equal: a folded word begins with no capital, and the prefixes differ.
void document_builder::add_words(std::string_view language, std::uint32_t length, draft_document& out) {
  sort_places();
  std::span<const std::uint32_t> positions = positions_;
  for (std::uint32_t n = 0; n < words_.names.size(); ++n) {
    const std::string_view word = words_.names.name(n);
    const counts& c = words_.of[n];
    if (n + k_words_ahead < words_.names.size()) stemmers_.expect(language, words_.names.name(n + k_words_ahead));
    if (c.plain_text + c.plain_title > 0)
      count_stems(language, token_kind::word, word, word, c.plain_text, c.plain_title);
    out.add_term(word, model_.impact(c.in_text, c.in_title, length),
                 ascending(positions.first(c.in_title + c.in_text)));
    if (c.in_title > 0) {
      term_.assign(prefix::title).append(word);
      out.add_term(term_, model_.impact(0, c.in_title, length), ascending(positions.first(c.in_title)));
    }
    positions = positions.subspan(c.in_title + c.in_text);
  }
  const std::string in_text = stem_term(language, {});
  const std::string in_title = title_stem_term(language, {});
  const auto name_of = [&](const std::string& begin, auto make, std::string_view stem) -> const std::string& {
    // Nearly every stem is so short that nothing needs to be cut.
    return stem.size() <= k_short_value_bytes ? term_.assign(begin).append(stem) : term_ = make(language, stem);
  };
  for (std::uint32_t n = 0; n < stems_.names.size(); ++n) {
    const std::string_view stem = stems_.names.name(n);
    const counts& c = stems_.of[n];
    out.add_term(name_of(in_text, stem_term, stem), model_.impact(c.in_text, c.in_title, length));
    if (c.in_title > 0) out.add_term(name_of(in_title, title_stem_term, stem), model_.impact(0, c.in_title, length));
  }
  for (std::uint32_t n = 0; n < marked_.names.size(); ++n) {
    const counts& c = marked_.of[n];
    out.add_term(marked_.names.name(n), model_.impact(c.in_text, c.in_title, length));
  }
}

// Each word with its places in all the names that it is in, without weight.
void document_builder::add_authors(const article& a, draft_document& out) {
  std::map<std::string, std::vector<std::uint32_t>> words;
  for (const std::string& author : a.authors) {
    analyzer_.analyze(author, title_);
    for (const token& t : title_.tokens()) {
      if (carries_position(t.kind)) words[make_term(prefix::author, title_.text(t))].push_back(t.position);
    }
  }
  for (auto& [term, positions] : words) {
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    out.add_term(term, 0, positions);
  }
}

void document_builder::add_filters(const article& a, draft_document& out) {
  out.add_filter(id_term(a.id));
  if (!a.language.empty()) {
    out.add_filter(language_term(a.language));
    out.set_value(slot::language, a.language);
  }
  if (!a.source.empty()) {
    out.add_filter(source_term(a.source));
    out.set_value(slot::source, compose(a.source));
  }
  if (!a.collection.empty()) {
    out.add_filter(collection_term(a.collection));
    out.set_value(slot::collection, compose(a.collection));
  }
  for (const std::string& author : a.authors) out.add_filter(author_term(author));
  for (const tag& t : a.tags) {
    for (const std::string& v : t.values) out.add_filter(tag_term(t.name, v));
  }
  if (a.published) {
    const partial_date& d = *a.published;
    out.add_filter(fmt::format("{}{:04}", prefix::year, d.year));
    if (d.precision >= date_precision::month)
      out.add_filter(fmt::format("{}{:04}{:02}", prefix::month, d.year, d.month));
    if (d.precision >= date_precision::day) {
      out.add_filter(fmt::format("{}{:04}{:02}{:02}", prefix::day, d.year, d.month, d.day));
    }
    out.set_value(slot::newest, newest_key(d));
    out.set_value(slot::oldest, oldest_key(d));
    out.set_value(slot::year, fmt::format("{:04}", d.year));
  }
  if (!a.origin.file.empty()) out.add_filter(path_term(a.origin.file));
}

void document_builder::build(const article& a, std::uint64_t text_number, const std::string& content,
                             draft_document& out) {
  out.clear();
  words_.clear();
  stems_.clear();
  marked_.clear();
  places_.clear();
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

  add_words(language, length, out);
  add_authors(a, out);
  add_filters(a, out);
  out.set_value(slot::content, content_value(content));

  out.set_data(encode_record(a, text_number, a.text.size()));
}

}  // namespace rapporteur::index
