// Explanations for programs: all of them, with no bounds.
#include "index/unicode.hpp"
#include "indexer/explain_report.hpp"

#include <boost/json/array.hpp>

#include <string_view>

namespace rapporteur::indexer {
namespace {

namespace json = boost::json;
using index::explained_term;

/// JSON is UTF-8; names of files need not be.
json::string valid(std::string_view s) {
  if (index::find_invalid_utf8(s) == std::string_view::npos) return json::string(s.data(), s.size());
  return json::string(printable(s, s.size() * 3));
}

json::array list(const std::vector<std::string>& values) {
  json::array a;
  for (const std::string& v : values) a.push_back(valid(v));
  return a;
}

json::object article_of(const article& a) {
  json::object o;
  const auto put = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) o[json::string_view(name.data(), name.size())] = valid(value);
  };
  put("id", a.id);
  put("title", a.title);
  if (a.title_derived) o["title_derived"] = true;
  put("url", a.url);
  put("published", a.published ? a.published->to_string() : "");
  put("updated", a.updated ? a.updated->to_string() : "");
  put("source", a.source);
  if (!a.authors.empty()) o["authors"] = list(a.authors);
  put("language", a.language);
  if (a.language_detected) o["language_detected"] = true;
  put("collection", a.collection);
  json::object tags;
  for (const tag& t : a.tags) tags[t.name] = list(t.values);
  if (!tags.empty()) o["tags"] = std::move(tags);
  put("text", a.text);
  return o;
}

json::object term_of(const explained_term& t) {
  json::object o;
  o["term"] = valid(t.term);
  o["kind"] = index::describe(t);
  o["value"] = valid(t.value);
  if (t.impact != 0) o["impact"] = t.impact;
  if (!t.positions.empty()) o["positions"] = json::array(t.positions.begin(), t.positions.end());
  return o;
}

json::array terms_as_json(const std::vector<explained_term>& terms) {
  json::array a;
  for (const explained_term& t : terms) a.push_back(term_of(t));
  return a;
}

json::object token_of(const index::token_list& list, const index::token& t, std::string_view text,
                      std::uint32_t offset) {
  const std::string_view kind = index::describe(t.kind);
  return {{"position", t.position + offset},
          {"begin", t.begin},
          {"end", t.end},
          {"kind", json::string_view(kind.data(), kind.size())},
          {"folded", valid(list.text(t))},
          {"printed", valid(text.substr(t.begin, t.end - t.begin))}};
}

json::array tokens_of(const index::token_list& list, std::string_view text, std::uint32_t offset) {
  json::array a;
  for (const index::token& t : list.tokens()) a.push_back(token_of(list, t, text, offset));
  return a;
}

json::object finding_of(const finding& f) {
  json::object o;
  const std::string_view code = to_string(f.what.code);
  o["level"] = f.level == severity::failure ? "failure" : "warning";
  o["code"] = json::string_view(code.data(), code.size());
  o["reason"] = valid(f.what.reason);
  if (!f.what.detail.empty()) o["detail"] = valid(f.what.detail);
  if (f.line != 0) o["line"] = f.line;
  if (f.column != 0) o["column"] = f.column;
  return o;
}

json::object word_of(const index::explained_word& w, const index::article_explanation& a) {
  constexpr const char* k_found[] = {"yes", "no", "depends"};
  json::object o;
  o["word"] = valid(w.word);
  o["found"] = k_found[static_cast<std::size_t>(w.found)];
  o["because"] = valid(w.because);
  o["tokens"] = tokens_of(w.tokens, w.word, 0);
  json::array terms;
  for (const index::word_term& t : w.terms) {
    json::object one = term_of(t.wanted);
    one["there"] = t.there;
    if (t.articles) one["articles"] = *t.articles;
    terms.push_back(std::move(one));
  }
  o["terms"] = std::move(terms);
  json::array places;
  for (const index::word_place& p : w.places) {
    const std::string_view of = p.title ? a.subject.title : a.subject.text;
    places.push_back(json::object{{"in", p.title ? "title" : "text"},
                                  {"position", p.position},
                                  {"begin", p.begin},
                                  {"end", p.end},
                                  {"printed", valid(of.substr(p.begin, p.end - p.begin))}});
  }
  o["places"] = std::move(places);
  if (!w.similar.empty()) o["similar"] = list(w.similar);
  return o;
}

json::object index_state_of(const explained_record& r) {
  json::object o;
  if (!r.stored) {
    o["state"] = "absent";
    return o;
  }
  const index::stored_article& s = *r.stored;
  o["state"] = r.article && s.content == r.article->content ? "unchanged" : "changed";
  o["document"] = s.document;
  o["revision"] = s.revision;
  o["files"] = list(s.files);
  if (!s.subject.origin.file.empty()) {
    o["origin"] = json::object{
        {"file", valid(s.subject.origin.file)}, {"offset", s.subject.origin.offset}, {"line", s.subject.origin.line}};
  }
  if (r.article) {
    const index::term_differences d = index::compare(s.terms, r.article->terms);
    o["differences"] = json::object{{"only_in_index", terms_as_json(d.only_stored)},
                                    {"only_now", terms_as_json(d.only_now)},
                                    {"changed", terms_as_json(d.changed)}};
  }
  return o;
}

}  // namespace

json::object to_json(const explained_record& r) {
  json::object o;
  if (!r.file.empty()) o["file"] = valid(r.file);
  if (r.line != 0) o["line"] = r.line;
  json::array findings;
  for (const finding& f : r.findings) findings.push_back(finding_of(f));
  o["findings"] = std::move(findings);
  json::object left_out;
  for (const auto& [what, count] : r.left_out) left_out[valid(what)] = count;
  o["left_out"] = std::move(left_out);
  if (!r.article) return o;
  const index::article_explanation& a = *r.article;
  o["article"] = article_of(a.subject);
  o["length"] = a.words();
  o["stems"] = a.stem_language;
  if (r.index_read) o["index"] = index_state_of(r);
  if (!r.words.empty()) {
    json::array words;
    for (const index::explained_word& w : r.words) words.push_back(word_of(w, a));
    o["words"] = std::move(words);
    return o;
  }
  o["tokens"] = json::object{{"title", tokens_of(a.title, a.subject.title, 0)},
                             {"text", tokens_of(a.text, a.subject.text, a.text_offset)}};
  o["terms"] = terms_as_json(terms_of(r));
  return o;
}

}  // namespace rapporteur::indexer
