// RIS: lines of a tag of two letters, two blanks, a hyphen, a blank and a value; ER ends a reference.
#include "server/api/citation.hpp"
#include "server/api/export_format.hpp"
#include "server/api/safe_text.hpp"

#include <fmt/format.h>

namespace rapporteur::api {
namespace {

void put(std::string& out, std::string_view tag, std::string_view value) {
  if (value.empty()) return;
  out.append(tag).append("  - ");
  append_plain(out, value, line_breaks::blank);
  out += "\r\n";
}

std::string_view type_of(const article& a) noexcept {
  switch (kind_of(a)) {
    case citation_kind::newspaper_article:
      return "NEWS";
    case citation_kind::webpage:
      return "ELEC";
    case citation_kind::document:
      break;
  }
  return "GEN";
}

/// YYYY/MM/DD/ with what is not known left out, but not its slash.
std::string date_of(const partial_date& d) {
  std::string out = fmt::format("{:04}/", d.year);
  if (d.precision != date_precision::year) out += fmt::format("{:02}", d.month);
  out += '/';
  if (d.precision == date_precision::day) out += fmt::format("{:02}", d.day);
  return out + '/';
}

std::string name_of(std::string_view author) {
  const author_name n = divide_name(author);
  if (n.whole.empty()) return n.family + ", " + n.given;
  // A comma would divide it.
  std::string out = n.whole;
  for (std::size_t at = 0; (at = out.find(',', at)) != std::string::npos;) out.erase(at, 1);
  return out;
}

class ris_writer final : public export_writer {
 public:
  void begin(std::string& out) override { (void)out; }

  void add(std::string& out, const article& a) override {
    out.append("TY  - ").append(type_of(a)).append("\r\n");
    put(out, "ID", a.id);
    put(out, "TI", a.title);
    for (const auto& author : a.authors) put(out, "AU", name_of(author));
    put(out, "T2", a.source);
    if (a.published) {
      put(out, "PY", fmt::format("{:04}", a.published->year));
      put(out, "DA", date_of(*a.published));
    }
    put(out, "LA", a.language);
    put(out, "UR", a.url);
    for (const tag& t : a.tags) {
      for (const auto& v : t.values) put(out, "KW", v);
    }
    out += "ER  - \r\n\r\n";
  }

  void end(std::string& out) override { (void)out; }
};

}  // namespace

std::unique_ptr<export_writer> open_ris(const export_options& o) {
  (void)o;
  return std::make_unique<ris_writer>();
}

}  // namespace rapporteur::api
