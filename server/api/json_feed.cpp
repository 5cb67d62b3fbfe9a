// JSON Feed 1.1.
#include "server/api/feed.hpp"
#include "server/http/json_string.hpp"

namespace rapporteur::api {
namespace {

void put(std::string& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  out.append(",\"").append(key).append("\":");
  http::append_json_string(out, value);
}

void put_entry(std::string& out, const feed_entry& e) {
  out += "{\"id\":";
  http::append_json_string(out, e.id);
  put(out, "url", e.link);
  put(out, "title", e.title);
  // One of the two contents is needed, also of an article that holds nothing to quote.
  if (e.passages.empty()) {
    out += R"(,"content_text":)";
    http::append_json_string(out, e.title);
  } else {
    put(out, "content_html", passages_html(e.passages));
    put(out, "summary", passages_text(e.passages));
  }
  put(out, "date_published", e.published);
  put(out, "date_modified", e.modified);
  bool first = true;
  const auto author = [&out, &first](std::string_view name) {
    out += first ? R"(,"authors":[{"name":)" : R"(,{"name":)";
    http::append_json_string(out, name);
    out += '}';
    first = false;
  };
  for (const auto& name : e.authors) author(name);
  if (e.authors.empty() && !e.source.empty()) author(e.source);
  if (!first) out += ']';
  first = true;
  for (const tag& t : e.tags) {
    for (const auto& v : t.values) {
      out += first ? R"(,"tags":[)" : ",";
      http::append_json_string(out, v);
      first = false;
    }
  }
  if (!first) out += ']';
  put(out, "language", e.language);
  out += '}';
}

}  // namespace

std::string to_json_feed(const feed& f) {
  std::string out = R"({"version":"https://jsonfeed.org/version/1.1")";
  put(out, "title", f.title);
  put(out, "home_page_url", f.page);
  put(out, "feed_url", f.self);
  out += R"(,"items":[)";
  for (std::size_t i = 0; i < f.entries.size(); ++i) {
    if (i > 0) out += ',';
    put_entry(out, f.entries[i]);
  }
  out += "]}";
  return out;
}

}  // namespace rapporteur::api
