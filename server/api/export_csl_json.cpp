// CSL-JSON: an array of items in the terms of the Citation Style Language 1.0 (csl-data.json).
#include "server/api/citation.hpp"
#include "server/api/export_format.hpp"
#include "server/http/json_string.hpp"

#include <fmt/format.h>

namespace rapporteur::api {
namespace {

std::string_view type_of(const article& a) noexcept {
  switch (kind_of(a)) {
    case citation_kind::newspaper_article:
      return "article-newspaper";
    case citation_kind::webpage:
      return "webpage";
    case citation_kind::document:
      break;
  }
  return "document";
}

void put(std::string& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  out.append(",\"").append(key).append("\":");
  http::append_json_string(out, value);
}

void put_name(std::string& out, std::string_view author) {
  const author_name n = divide_name(author);
  if (n.whole.empty()) {
    out += R"({"family":)";
    http::append_json_string(out, n.family);
    out += R"(,"given":)";
    http::append_json_string(out, n.given);
  } else {
    out += R"({"literal":)";
    http::append_json_string(out, n.whole);
  }
  out += '}';
}

class csl_json_writer final : public export_writer {
 public:
  void begin(std::string& out) override { out += '['; }

  void add(std::string& out, const article& a) override {
    out += first_ ? "\n" : ",\n";
    first_ = false;
    out += R"({"id":)";
    http::append_json_string(out, a.id);
    put(out, "type", type_of(a));
    put(out, "title", a.title);
    if (!a.authors.empty()) {
      out += R"(,"author":[)";
      for (std::size_t i = 0; i < a.authors.size(); ++i) {
        if (i > 0) out += ',';
        put_name(out, a.authors[i]);
      }
      out += ']';
    }
    put(out, "container-title", a.source);
    if (a.published) {
      const partial_date& d = *a.published;
      out += fmt::format(R"(,"issued":{{"date-parts":[[{})", d.year);
      if (d.precision != date_precision::year) out += fmt::format(",{}", d.month);
      if (d.precision == date_precision::day) out += fmt::format(",{}", d.day);
      out += "]]}";
    }
    put(out, "language", a.language);
    put(out, "URL", a.url);
    std::string keywords;
    for (const tag& t : a.tags) {
      for (const auto& v : t.values) keywords.append(keywords.empty() ? "" : ", ").append(v);
    }
    put(out, "keyword", keywords);
    out += '}';
  }

  void end(std::string& out) override { out += "\n]\n"; }

 private:
  bool first_ = true;
};

}  // namespace

std::unique_ptr<export_writer> open_csl_json(const export_options& o) {
  (void)o;
  return std::make_unique<csl_json_writer>();
}

}  // namespace rapporteur::api
