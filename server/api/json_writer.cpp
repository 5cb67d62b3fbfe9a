#include "server/api/json_writer.hpp"

namespace rapporteur::api {

void put_text(json_writer& w, std::string_view name, std::string_view value) {
  if (!value.empty()) w.key(name).text(value);
}

void put_texts(json_writer& w, const std::vector<std::string>& values) {
  put_array(w, values, [&w](const std::string& v) { w.text(v); });
}

void put_runs(json_writer& w, const search::marked_text& runs) {
  put_array(w, runs, [&w](const search::run& r) {
    w.open('{');
    w.key("text").text(r.text);
    if (r.match) w.key("match").boolean(true);
    if (r.ellipsis) w.key("ellipsis").boolean(true);
    w.close('}');
  });
}

void put_all_runs(json_writer& w, const std::vector<search::marked_text>& texts) {
  put_array(w, texts, [&w](const search::marked_text& t) { put_runs(w, t); });
}

void put_article(json_writer& w, const article& a, const search::marked_text& title) {
  w.key("id").text(a.id);
  put_text(w, "url", a.url);
  put_runs(w.key("title"), title);
  if (a.title_derived) w.key("title_derived").boolean(true);
  if (a.published) w.key("published").text(a.published->to_string());
  if (a.updated) w.key("updated").text(a.updated->to_string());
  put_text(w, "source", a.source);
  if (!a.authors.empty()) put_texts(w.key("authors"), a.authors);
  put_text(w, "lang", a.language);
  if (a.language_detected && !a.language.empty()) w.key("lang_detected").boolean(true);
  put_text(w, "collection", a.collection);
  if (!a.tags.empty()) {
    w.key("tags").open('{');
    for (const auto& t : a.tags) put_texts(w.key(t.name), t.values);
    w.close('}');
  }
}

void put_index(json_writer& w, const search::index_state& s) {
  w.key("index").open('{');
  w.key("revision").number(s.revision);
  put_text(w, "as_of", s.as_of);
  w.key("articles").number(s.articles);
  w.close('}');
}

void put_took(json_writer& w, std::chrono::nanoseconds took) {
  w.key("took_ms").number(std::chrono::duration<double, std::milli>(took).count(), 2);
}

std::string finish_json(std::string unfinished, std::chrono::nanoseconds took) {
  json_writer w(std::move(unfinished));
  put_took(w, took);
  w.close('}');
  return w.take();
}

void put_values(json_writer& w, const search::named_values& values) {
  w.open('{');
  for (const auto& v : values) {
    w.key(v.name);
    if (const auto* n = std::get_if<std::uint64_t>(&v.value))
      w.number(*n);
    else
      w.text(std::get<std::string>(v.value));
  }
  w.close('}');
}

void put_warnings(json_writer& w, const std::vector<search::warning>& warnings) {
  put_array(w, warnings, [&w](const search::warning& warning) {
    w.open('{');
    w.key("column").number(std::uint64_t{warning.column});
    w.key("code").text(warning.code);
    w.key("message").text(warning.message);
    if (!warning.values.empty()) put_values(w.key("values"), warning.values);
    w.close('}');
  });
}

void put_hit(json_writer& w, const search::hit& h) {
  w.open('{');
  put_article(w, h.fields, h.title);
  w.key("score").number(h.score, 3);
  if (!h.snippets.empty()) put_all_runs(w.key("snippets"), h.snippets);
  w.close('}');
}

}  // namespace rapporteur::api
