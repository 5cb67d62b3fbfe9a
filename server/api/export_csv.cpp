// CSV (RFC 4180): a header line, CR LF, cells in quotes where they need to be.
//
// A spreadsheet takes a cell that begins with one of a few characters for a formula and runs it: such a cell gets an
// apostrophe in front, which makes it text (OWASP, CSV Injection).
#include "server/api/export_csv.hpp"

#include "server/api/safe_text.hpp"

#include <algorithm>
#include <array>

namespace rapporteur::api {
namespace {

constexpr std::string_view k_columns =
    "id,title,published,updated,source,authors,lang,collection,url,tags,title_derived,lang_detected";
constexpr std::string_view k_line_end = "\r\n";
constexpr std::string_view k_bom = "\xEF\xBB\xBF";
constexpr std::string_view k_between_values = "; ";

/// What makes a formula; the wide forms are taken for the narrow ones by spreadsheets of East Asia.
constexpr std::array<std::string_view, 11> k_formula_starts{"=",  "+",  "-",  "@",  "\t", "\r",
                                                            "\n", "＝", "＋", "－", "＠"};

class csv_writer final : public export_writer {
 public:
  explicit csv_writer(const export_options& o) : options_(o) {}

  void begin(std::string& out) override {
    if (options_.with_bom) out += k_bom;
    out += k_columns;
    if (options_.with_text) out += ",text";
    out += k_line_end;
  }

  void add(std::string& out, const article& a) override {
    const auto put = [&out](std::string_view value) {
      append_csv_cell(out, value);
      out += ',';
    };
    put(a.id);
    put(a.title);
    put(a.published ? a.published->to_string() : std::string());
    put(a.updated ? a.updated->to_string() : std::string());
    put(a.source);
    put(joined(a.authors));
    put(a.language);
    put(a.collection);
    put(a.url);
    std::string tags;
    for (const tag& t : a.tags) {
      for (const auto& v : t.values) tags.append(tags.empty() ? "" : k_between_values).append(t.name + ": ").append(v);
    }
    put(tags);
    put(a.title_derived ? "yes" : "");
    append_csv_cell(out, a.language_detected && !a.language.empty() ? "yes" : "");
    if (options_.with_text) {
      out += ',';
      append_csv_cell(out, a.text);
    }
    out += k_line_end;
  }

  void end(std::string& out) override { (void)out; }

 private:
  static std::string joined(const std::vector<std::string>& values) {
    std::string all;
    for (const auto& v : values) all.append(all.empty() ? "" : k_between_values).append(v);
    return all;
  }
  export_options options_;
};

}  // namespace

void append_csv_cell(std::string& out, std::string_view value) {
  std::string cell = plain(value, line_breaks::kept);
  // Behind apostrophes of its own as well, so that a program can take away the one that was put in front.
  const auto start = std::string_view(cell).substr(std::min(cell.find_first_not_of('\''), cell.size()));
  const bool is_formula = std::any_of(k_formula_starts.begin(), k_formula_starts.end(),
                                      [start](std::string_view s) { return start.starts_with(s); });
  if (is_formula) cell.insert(0, 1, '\'');
  // Not only what RFC 4180 asks for: other programs divide by semicolons or tabs, and drop blanks at the ends.
  const bool quoted = cell.find_first_of("\",;\t\n") != std::string::npos || cell.starts_with(' ') ||
                      cell.starts_with('\'') || cell.ends_with(' ');
  if (!quoted) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

std::unique_ptr<export_writer> open_csv(const export_options& o) {
  return std::make_unique<csv_writer>(o);
}

}  // namespace rapporteur::api
