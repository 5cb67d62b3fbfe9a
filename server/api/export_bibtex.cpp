// BibTeX in UTF-8 with the fields of biblatex (its manual, 2.1 and 2.2), for biber and for reference managers.
#include "server/api/export_bibtex.hpp"

#include "server/api/citation.hpp"
#include "server/api/safe_text.hpp"
#include "server/http/etag.hpp"

#include <fmt/format.h>

namespace rapporteur::api {
namespace {

constexpr std::size_t k_key_word = 16;  // bytes of an outlet's name in a key
constexpr std::size_t k_key_hash = 16;  // hexadecimal digits

std::string_view type_of(const article& a) noexcept {
  switch (kind_of(a)) {
    case citation_kind::newspaper_article:
      return "article";
    case citation_kind::webpage:
      return "online";
    case citation_kind::document:
      break;
  }
  return "misc";
}

/// before and after are written as they are.
void put(std::string& out, std::string_view field, std::string_view before, std::string_view text,
         std::string_view after) {
  out.append(",\n  ").append(field).append(" = {").append(before);
  append_latex(out, text);
  out.append(after) += '}';
}

/// A url field is verbatim: nothing in it is escaped, so what would end it is percent-encoded.
void put_url(std::string& out, std::string_view url) {
  out += ",\n  url = {";
  for (const char c : plain(url, line_breaks::blank)) {
    if (c == '{' || c == '}' || c == '\\' || c == ' ' || c == '\t') {
      out += fmt::format("%{:02X}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '}';
}

void put_authors(std::string& out, const article& a) {
  out += ",\n  author = {";
  for (std::size_t i = 0; i < a.authors.size(); ++i) {
    if (i > 0) out += " and ";
    const author_name n = divide_name(a.authors[i]);
    if (!n.whole.empty()) {
      out += '{';
      append_latex(out, n.whole);
      out += '}';
      continue;
    }
    append_latex(out, n.family);
    out += ", ";
    append_latex(out, n.given);
  }
  out += '}';
}

class bibtex_writer final : public export_writer {
 public:
  void begin(std::string& out) override { (void)out; }

  void add(std::string& out, const article& a) override {
    out.append("@").append(type_of(a)).append("{").append(bibtex_key(a));
    // In braces of their own, titles keep their capitals: UN is not Un.
    put(out, "title", "{", a.title, "}");
    if (!a.authors.empty()) put_authors(out, a);
    if (!a.source.empty()) put(out, "journaltitle", "{", a.source, "}");
    if (a.published) put(out, "date", "", a.published->to_string(), "");
    if (!a.language.empty()) put(out, "language", "", a.language, "");
    if (!a.url.empty()) put_url(out, a.url);
    bool first = true;
    for (const tag& t : a.tags) {
      for (const auto& v : t.values) {
        // Braces around each: it may hold a comma.
        out += first ? ",\n  keywords = {{" : ", {";
        append_latex(out, v);
        out += '}';
        first = false;
      }
    }
    if (!first) out += '}';
    out += "\n}\n\n";
  }

  void end(std::string& out) override { (void)out; }
};

}  // namespace

void append_latex(std::string& out, std::string_view text) {
  for (const char c : plain(text, line_breaks::blank)) {
    switch (c) {
      case '\\':
        out += "\\textbackslash{}";
        break;
      case '{':
        out += "\\textbraceleft{}";
        break;
      case '}':
        out += "\\textbraceright{}";
        break;
      case '~':
        out += "\\textasciitilde{}";
        break;
      case '^':
        out += "\\textasciicircum{}";
        break;
      case '#':
      case '$':
      case '%':
      case '&':
      case '_':
        out += '\\';
        [[fallthrough]];
      default:
        out += c;
    }
  }
}

std::string bibtex_key(const article& a) {
  std::string key;
  for (const char c : a.source) {
    if (key.size() >= k_key_word) break;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) key += c;
    if (c >= 'A' && c <= 'Z') key += static_cast<char>(c - 'A' + 'a');
  }
  if (key.empty()) key = "article";
  if (a.published) key += fmt::format("{:04}", a.published->year);
  return key + '-' + http::fingerprint().add(a.id).hex().substr(0, k_key_hash);
}

std::unique_ptr<export_writer> open_bibtex(const export_options& o) {
  (void)o;
  return std::make_unique<bibtex_writer>();
}

}  // namespace rapporteur::api
