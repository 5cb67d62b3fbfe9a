#include "server/pages/problem_page.hpp"

#include "server/http/uri.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <utility>

namespace rapporteur::pages {
namespace {

namespace bhttp = http::bhttp;

std::string text_at(const boost::json::object& o, std::string_view name) {
  const auto* found = o.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::uint64_t seconds_of(std::string_view retry_after) {
  std::uint64_t n = 0;
  std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), n);
  return n;
}

/// The heading, and a sentence of the interface's own if there is a better one than the problem's.
struct meaning {
  std::string_view title;
  std::string_view says = {};
};

meaning meaning_of(unsigned status, std::string_view code, bool article) {
  if (code == "index_missing" || code == "index_damaged" || code == "index_mismatch") return {"no_index_title"};
  if (status == 503 || status == 429) return {"busy_title"};
  if (status == 404 && article) return {"missing_title", "missing"};
  if (status >= 500) return {"failed_title", "failed"};
  if (code == "too_large") return {"too_long_title"};
  return {"refused_title"};
}

/// What was asked, as far as it can be read, so that it can be changed.
void put_fields(page_data& page, const page_context& c, std::string_view form) {
  std::vector<http::form_field> fields;
  http::form_error bad;
  if (!http::parse_form(form, fields, bad)) fields.clear();
  search::request r;
  r.limit = c.link.defaults.default_limit;
  r.facet_values = c.link.defaults.default_facet_values;
  r.snippets = c.link.defaults.default_snippets;
  r.snippet_chars = c.link.defaults.default_snippet_chars;
  r.expand = c.link.defaults.default_expand;
  std::string from;
  std::string to;
  for (auto& f : fields) {
    if (f.name == "q") r.q = std::move(f.value);
    if (f.name == "from") from = std::move(f.value);
    if (f.name == "to") to = std::move(f.value);
  }
  put_form(page, c, r);
  // In place of what put_form made of dates that are none.
  std::erase_if(page.members(), [](const auto& m) { return m.name == "from_date" || m.name == "to_date"; });
  page.text("from_date", std::move(from));
  page.text("to_date", std::move(to));
}

}  // namespace

void to_problem_page(const page_context& c, std::string_view form, bool article, http::response& r) {
  if (r.fields[bhttp::field::content_type] != "application/problem+json") return;
  boost::json::error_code ec;
  const auto parsed = boost::json::parse(r.bytes(), ec);
  if (ec || !parsed.is_object()) return;
  const auto& problem = parsed.get_object();
  const auto code = text_at(problem, "code");
  const auto& w = c.words();
  const auto about = meaning_of(r.status, code, article);
  page_data page;
  put_frame(page, c, page_title(c, w.text(about.title)),
            [](const linker& l) { return l.to(k_search_path) + "?ui=" + l.language; });
  put_fields(page, c, form);
  page.text("problem_title", w.text(about.title));
  page.text("problem_says", about.says.empty() ? std::string() : w.text(about.says));
  page.text("problem_detail", text_at(problem, "detail"));
  page.text("problem_parameter", text_at(problem, "parameter"));
  page.text("problem_status", std::to_string(r.status));
  const auto hint = "hint_" + code;
  page.text("problem_hint", w.has(hint) ? w.text(hint) : std::string());
  const auto wait = seconds_of(r.fields[bhttp::field::retry_after]);
  page.text("problem_wait", wait == 0 ? std::string() : w.counted("retry_after", wait));
  r.body = c.in.pages.fill("problem", std::move(page));
  r.shared_body.reset();
  r.set(bhttp::field::content_type, "text/html; charset=utf-8");
}

}  // namespace rapporteur::pages
