// Explanations for people.
#include "indexer/explain_report.hpp"

#include "index/stemming.hpp"
#include "index/unicode.hpp"
#include "indexer/progress.hpp"
#include "indexer/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace rapporteur::indexer {
namespace {

using index::explained_term;
using align = text_table::align;

constexpr std::size_t k_rows = 200;  // of tokens, and of terms of one kind
constexpr std::size_t k_positions = 12;
constexpr std::size_t k_text_bytes = 600;
constexpr std::size_t k_places = 10;
constexpr std::size_t k_differences = 20;
constexpr std::size_t k_value_bytes = 400;
constexpr std::size_t k_path_bytes = 4096;

using field_rows = std::vector<std::pair<std::string, std::string>>;

std::string joined(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& v : values) out += (out.empty() ? "" : "; ") + v;
  return out;
}

/// What is known of an article, but its text; values as they are.
field_rows fields_of(const article& a) {
  field_rows rows;
  const auto put = [&](std::string name, std::string value) {
    if (!value.empty()) rows.emplace_back(std::move(name), std::move(value));
  };
  put("id", a.id);
  put(a.title_derived ? "title (derived)" : "title", a.title);
  put("published", a.published ? a.published->to_string() : "");
  put("updated", a.updated ? a.updated->to_string() : "");
  put("source", a.source);
  put("authors", joined(a.authors));
  put("url", a.url);
  put(a.language_detected ? "language (detected)" : "language", a.language);
  put("collection", a.collection);
  for (const tag& t : a.tags) put("tag " + t.name, joined(t.values));
  return rows;
}

void print_fields(std::string& out, const article& a) {
  text_table t({align::left, align::left});
  for (const auto& [name, value] : fields_of(a)) t.add({name, printable(value, k_value_bytes)});
  if (!a.published) t.add({"published", "(not known)"});
  t.print(out, "  ");
}

void print_text(std::string& out, const std::string& text, bool all) {
  if (text.empty()) {
    out += "\ntext: none\n";
    return;
  }
  const std::size_t shown = all ? text.size() : index::utf8_boundary_before(text, std::min(text.size(), k_text_bytes));
  out += fmt::format("\ntext, {} bytes{}\n", grouped(text.size()),
                     shown < text.size() ? fmt::format(" (the first {}; --all shows all)", shown) : "");
  for (std::size_t at = 0; at < shown;) {
    const std::size_t end = std::min(text.find('\n', at), shown);
    if (end > at)
      out += fmt::format("  {}\n", printable(std::string_view(text).substr(at, end - at), end - at + 1));
    else
      out += '\n';
    at = end + 1;
  }
}

std::string how_many(std::size_t n, std::size_t shown) {
  return shown < n ? fmt::format("{} (the first {}; --all shows all)", grouped(n), shown) : grouped(n);
}

void print_tokens(std::string& out, std::string_view of, const std::string& text, const index::token_list& list,
                  std::uint32_t offset, bool all) {
  const auto& tokens = list.tokens();
  if (tokens.empty()) return;
  const std::size_t shown = all ? tokens.size() : std::min(tokens.size(), k_rows);
  out += fmt::format("\ntokens of the {}: {}\n", of, how_many(tokens.size(), shown));
  text_table t({align::right, align::right, align::left, align::left, align::left});
  t.add({"position", "bytes", "kind", "folded", "as printed"});
  for (std::size_t n = 0; n < shown; ++n) {
    const index::token& k = tokens[n];
    t.add({std::to_string(k.position + offset), fmt::format("{}-{}", k.begin, k.end),
           std::string(index::describe(k.kind)), printable(list.text(k)),
           printable(std::string_view(text).substr(k.begin, k.end - k.begin))});
  }
  t.print(out, "  ");
}

std::string positions_of(const explained_term& t, bool all) {
  std::string out;
  const std::size_t shown = all ? t.positions.size() : std::min(t.positions.size(), k_positions);
  for (std::size_t n = 0; n < shown; ++n) out += fmt::format("{}{}", n == 0 ? "" : " ", t.positions[n]);
  if (shown < t.positions.size()) out += fmt::format(" and {} more", t.positions.size() - shown);
  return out;
}

std::string impact_of(const explained_term& t) {
  return t.impact == 0 ? "" : std::to_string(t.impact);
}

void print_terms(std::string& out, const std::vector<explained_term>& terms, std::string_view heading, bool all) {
  std::vector<const explained_term*> sorted;
  sorted.reserve(terms.size());
  for (const explained_term& t : terms) sorted.push_back(&t);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->kind < b->kind; });
  out += fmt::format("\n{}: {}\n", heading, grouped(terms.size()));
  text_table t({align::left, align::right, align::left, align::left});
  t.add({"kind", "impact", "value", "positions"});
  for (auto first = sorted.begin(); first != sorted.end();) {
    const auto last = std::find_if(first, sorted.end(), [&](const auto* x) { return x->kind != (*first)->kind; });
    const auto count = static_cast<std::size_t>(last - first);
    const std::size_t shown = all ? count : std::min(count, k_rows);
    for (auto at = first; at != first + static_cast<std::ptrdiff_t>(shown); ++at) {
      t.add({index::describe(**at), impact_of(**at), printable((*at)->value, k_value_bytes), positions_of(**at, all)});
    }
    if (shown < count) t.add({index::describe(**first), "", fmt::format("… and {} more (--all)", count - shown), ""});
    first = last;
  }
  t.print(out, "  ");
}

void print_some(std::string& out, const std::vector<explained_term>& terms, std::string_view what, bool all) {
  if (terms.empty()) return;
  out += fmt::format("  {}: {}\n", what, grouped(terms.size()));
  const std::size_t shown = all ? terms.size() : std::min(terms.size(), k_differences);
  text_table t({align::left, align::right, align::left, align::left});
  for (std::size_t n = 0; n < shown; ++n) {
    t.add({index::describe(terms[n]), impact_of(terms[n]), printable(terms[n].value, k_value_bytes),
           positions_of(terms[n], all)});
  }
  t.print(out, "    ");
  if (shown < terms.size()) out += fmt::format("    and {} more (--all)\n", grouped(terms.size() - shown));
}

bool is_changed(const explained_record& r) {
  return r.stored && r.article && r.stored->content != r.article->content;
}

void print_index_state(std::string& out, const explained_record& r) {
  if (!r.index_read) return;
  if (!r.stored) {
    out += "\nin the index: no article of this id\n";
    return;
  }
  const index::stored_article& s = *r.stored;
  const std::string where = fmt::format("document {}, written in revision {}", s.document, s.revision);
  if (r.file.empty()) {
    out += fmt::format("in the index: {}\n", where);
  } else {
    out += fmt::format("\nin the index: {} ({})\n", is_changed(r) ? "changed" : "unchanged", where);
  }
  for (const std::string& f : s.files) {
    const bool origin = f == s.subject.origin.file;
    out += fmt::format("  from {}{}\n", printable(f, k_path_bytes),
                       origin && s.subject.origin.line != 0 ? fmt::format(", line {}", s.subject.origin.line) : "");
  }
  if (s.files.empty()) out += "  from no file\n";
}

/// How the article in the index differs from the one that was read.
void print_changes(std::string& out, const explained_record& r) {
  if (!is_changed(r) || r.file.empty()) return;
  out += "  there it has\n";
  const field_rows now = fields_of(r.article->subject);
  const field_rows then = fields_of(r.stored->subject);
  text_table t({align::left, align::left});
  for (const auto& row : then) {
    if (std::find(now.begin(), now.end(), row) == now.end()) t.add({row.first, printable(row.second, k_value_bytes)});
  }
  for (const auto& [name, value] : now) {
    const auto same_name = [&n = name](const auto& row) { return row.first == n; };
    if (std::find_if(then.begin(), then.end(), same_name) == then.end()) t.add({name, "(none)"});
  }
  if (r.stored->subject.text != r.article->subject.text)
    t.add({"text", fmt::format("another one, of {} bytes", grouped(r.stored->subject.text.size()))});
  t.print(out, "    ");
}

void print_differences(std::string& out, const explained_record& r, bool all) {
  if (!r.stored || !r.article) return;
  const index::term_differences d = index::compare(r.stored->terms, r.article->terms);
  if (d.none()) {
    if (r.file.empty()) out += "\nits text would give the same terms now\n";
    return;
  }
  out += r.file.empty() ? "\nits text would give other terms now\n" : "\nthe index has other terms of it\n";
  print_some(out, d.only_stored, "only in the index", all);
  print_some(out, d.only_now, "only now", all);
  print_some(out, d.changed, "with another impact or other positions, as they would be now", all);
}

/// The words around a place, with what stands there between angle quotes.
std::string in_context(std::string_view text, const index::word_place& t) {
  constexpr int k_around = 36;  // characters
  const auto inside_character = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; };
  std::size_t from = t.begin;
  for (int n = 0; n < k_around && from > 0; ++n) {
    do --from;
    while (from > 0 && inside_character(from));
  }
  // Half a word says little, where words are divided by blanks.
  const std::size_t blank = text.find(' ', from);
  if (from > 0 && blank < t.begin) from = blank + 1;
  std::size_t to = t.end;
  for (int n = 0; n < k_around && to < text.size(); ++n) {
    do ++to;
    while (to < text.size() && inside_character(to));
  }
  const auto part = [&](std::size_t begin, std::size_t end) {
    std::string slice(text.substr(begin, end - begin));
    std::replace(slice.begin(), slice.end(), '\n', ' ');
    return printable(slice, 4 * slice.size() + 1);
  };
  return part(from, t.begin) + "«" + part(t.begin, t.end) + "»" + part(t.end, to);
}

void print_word(std::string& out, const explained_record& r, const index::explained_word& w, bool all) {
  constexpr std::string_view k_found[] = {"found", "NOT found", "may be found"};
  out += fmt::format("\n{}: {}: {}\n", printable(w.word), k_found[static_cast<std::size_t>(w.found)], w.because);
  if (!w.similar.empty()) out += fmt::format("  words that begin alike: {}\n", printable(joined(w.similar)));
  text_table t({align::left, align::left, align::left, align::right, align::right, align::left});
  const bool counts = std::any_of(w.terms.begin(), w.terms.end(), [](const auto& x) { return x.articles.has_value(); });
  t.add({"", "kind", "searched for", counts ? "articles" : "", "impact", "positions"});
  for (const index::word_term& x : w.terms) {
    t.add({x.there ? "has" : "lacks", index::describe(x.wanted), printable(x.wanted.value),
           x.articles ? grouped(*x.articles) : "", impact_of(x.wanted), positions_of(x.wanted, all)});
  }
  if (!w.terms.empty()) t.print(out, "  ");
  const std::size_t shown = all ? w.places.size() : std::min(w.places.size(), k_places);
  text_table p({align::left, align::right, align::left});
  for (std::size_t n = 0; n < shown; ++n) {
    const index::word_place& place = w.places[n];
    p.add({place.title ? "title" : "text", std::to_string(place.position),
           in_context(place.title ? r.article->subject.title : r.article->subject.text, place)});
  }
  if (!p.empty()) {
    out += "  where\n";
    p.print(out, "    ");
  }
  if (shown < w.places.size()) out += fmt::format("    and {} more (--all)\n", grouped(w.places.size() - shown));
}

void print_head(std::string& out, const explained_record& r) {
  if (!r.file.empty()) {
    out += printable(r.file, k_path_bytes);
    if (r.line != 0) out += fmt::format(":{}", r.line);
    out += '\n';
  }
  for (const finding& f : r.findings) out += fmt::format("  {}\n", f.to_string());
  for (const auto& [what, count] : r.left_out) out += fmt::format("  left out: {} × {}\n", count, printable(what));
}

}  // namespace

const std::vector<explained_term>& terms_of(const explained_record& r) {
  return r.file.empty() && r.stored ? r.stored->terms : r.article->terms;
}

std::string to_text(const explained_record& r, bool all) {
  std::string out;
  print_head(out, r);
  if (!r.article) return out;
  const index::article_explanation& a = *r.article;
  if (!r.words.empty()) {
    out += fmt::format("  {}\n  {}\n", printable(a.subject.id), printable(a.subject.title, k_value_bytes));
    print_index_state(out, r);
    for (const index::explained_word& w : r.words) print_word(out, r, w, all);
    return out;
  }
  if (r.file.empty()) print_index_state(out, r);
  if (!r.file.empty() || !r.findings.empty()) out += '\n';
  out += r.file.empty() ? "\nthe article\n" : "the article as read\n";
  print_fields(out, a.subject);
  out += fmt::format("  {} words, {}\n", grouped(a.words()),
                     a.stem_language == index::k_unstemmed ? "not stemmed: there is no stemmer for the language"
                                                           : "stemmed as " + a.stem_language);
  if (!r.file.empty()) {
    print_index_state(out, r);
    print_changes(out, r);
  }
  print_text(out, a.subject.text, all);
  print_tokens(out, "title", a.subject.title, a.title, 0, all);
  print_tokens(out, "text", a.subject.text, a.text, a.text_offset, all);
  print_terms(out, terms_of(r), r.file.empty() ? "terms that the index has of it" : "terms", all);
  print_differences(out, r, all);
  return out;
}

}  // namespace rapporteur::indexer
