#include "server/pages/frame.hpp"

#include "server/api/parameter_values.hpp"
#include "server/api/parameters.hpp"
#include "server/http/uri.hpp"
#include "server/http/weights.hpp"
#include "server/pages/bidi.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace rapporteur::pages {
namespace {

page_data piece_of(std::string_view kind, std::string text) {
  page_data p;
  for (const std::string_view k : {"is_plain", "is_name", "is_link", "is_code", "is_mark", "is_foreign"})
    p.flag(k, k == kind);
  p.text("words", std::move(text));
  return p;
}

}  // namespace

page_data plain_piece(std::string text) {
  return piece_of("is_plain", std::move(text));
}

page_data name_piece(std::string_view text) {
  return piece_of("is_name", closed(text));
}

page_data link_piece(std::string_view text, std::string address) {
  auto p = piece_of("is_link", closed(text));
  p.text("href", std::move(address));
  return p;
}

page_data code_piece(std::string text) {
  return piece_of("is_code", std::move(text));
}

page_data foreign_piece(std::string text) {
  return piece_of("is_foreign", std::move(text));
}

page_data rich(page_data::list pieces) {
  page_data d;
  d.objects("pieces", std::move(pieces));
  return d;
}

page_data sentence(const page_context& c, std::string_view key, std::optional<std::uint64_t> n,
                   const std::function<page_data::list(std::string_view)>& fill) {
  page_data::list out;
  for (auto& p : c.words().pieces(key, n)) {
    if (p.place.empty()) {
      out.push_back(plain_piece(std::move(p.text)));
      continue;
    }
    for (auto& filled : fill(p.place)) out.push_back(std::move(filled));
  }
  return rich(std::move(out));
}

page_data::list told(const page_context& c, std::string_view key, const search::named_values& values) {
  const auto value_of = [&values](std::string_view name) -> const std::variant<std::uint64_t, std::string>* {
    const auto found = std::ranges::find(values, name, &search::named_value::name);
    return found == values.end() ? nullptr : &found->value;
  };
  std::optional<std::uint64_t> counted;
  if (const auto* n = value_of("n")) {
    if (const auto* number = std::get_if<std::uint64_t>(n)) counted = *number;
  }
  page_data::list out;
  for (auto& p : c.words().pieces(key, counted)) {
    const auto* value = p.place.empty() ? nullptr : value_of(p.place);
    if (p.place.empty())
      out.push_back(plain_piece(std::move(p.text)));
    else if (value == nullptr)
      continue;
    else if (const auto* number = std::get_if<std::uint64_t>(value))
      out.push_back(plain_piece(c.format().number(*number)));
    else
      out.push_back(code_piece(closed(std::get<std::string>(*value))));
  }
  return out;
}

page_data runs_of(const search::marked_text& runs, std::uint32_t* mark, std::uint32_t marks) {
  page_data::list out;
  out.reserve(runs.size());
  for (const auto& r : runs) {
    if (!r.match) {
      out.push_back(plain_piece(r.text));
      continue;
    }
    auto p = piece_of("is_mark", r.text);
    p.flag("numbered", mark != nullptr);
    if (mark != nullptr) {
      const auto n = ++*mark;
      p.text("this_mark", std::to_string(n));
      p.text("mark_before", n > 1 ? std::to_string(n - 1) : std::string());
      p.text("mark_behind", n < marks ? std::to_string(n + 1) : std::string());
    }
    out.push_back(std::move(p));
  }
  return rich(std::move(out));
}

std::string text_of(const search::marked_text& runs) {
  std::string out;
  for (const auto& r : runs) out += r.text;
  return out;
}

bool is_web_address(std::string_view url, std::string* host) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (url.size() <= scheme.size() || !http::same_token(url.substr(0, scheme.size()), scheme)) continue;
    auto authority = url.substr(scheme.size());
    authority = authority.substr(0, authority.find_first_of("/?#\\"));
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
    if (authority.empty()) return false;
    if (authority.starts_with("www.")) authority.remove_prefix(4);
    if (host != nullptr) *host = authority;
    return true;
  }
  return false;
}

std::string page_title(const page_context& c, const std::string& what) {
  return c.words().text("page_title", {{"what", printed(what)}, {"site", "Rapporteur"}});
}

void put_frame(page_data& page, const page_context& c, const std::string& title,
               const std::function<std::string(const linker&)>& at) {
  page.text("page_title", title);
  page.text("interface", c.words().language());
  page.text("direction", c.format().right_to_left() ? "rtl" : "ltr");
  page.text("root", c.link.to("/"));
  page.text("home", c.link.search(what_is_found({}, c.link.defaults)));
  page.text("help_address", c.link.help());
  page_data::list languages;
  for (const auto& l : c.all.languages()) {
    page_data d;
    d.text("code", l.words->language());
    d.text("endonym", l.words->format().language_name(l.words->language()));
    d.text("address", at(c.link.in(l.words->language())));
    d.flag("is_current", &l == &c.in);
    languages.push_back(std::move(d));
  }
  page.objects("interfaces", std::move(languages));
}

void put_form(page_data& page, const page_context& c, const search::request& r) {
  page.text("search_address", c.link.to(k_search_path));
  page.text("query", r.q);
  page.text("from_date", r.from ? r.from->to_string() : std::string());
  page.text("to_date", r.to ? r.to->to_string() : std::string());
  page_data::list orders;
  for (const auto& s : api::k_sorts) {
    page_data d;
    d.text("order", std::string(s.name));
    d.text("order_name", c.words().text("sort_" + std::string(s.name)));
    d.flag("is_chosen", s.order == r.sort);
    orders.push_back(std::move(d));
  }
  page.objects("orders", std::move(orders));
  // All else that is asked goes along with a new query.
  auto rest = from_start(r);
  rest.q.clear();
  rest.from.reset();
  rest.to.reset();
  rest.sort = search::sort_order::relevance;
  std::vector<http::form_field> fields;
  http::form_error never;
  http::parse_form(api::format_search(rest, c.link.defaults), fields, never);
  if (!c.link.language.empty()) fields.push_back({"ui", c.link.language});
  page_data::list hidden;
  for (auto& f : fields) {
    page_data d;
    d.text("hidden_name", std::move(f.name));
    d.text("hidden_value", std::move(f.value));
    hidden.push_back(std::move(d));
  }
  page.objects("hidden", std::move(hidden));
}

void put_article_line(page_data& to, const page_context& c, const article& a, const search::marked_text& title) {
  to.text("published", a.published ? c.format().date(*a.published) : std::string());
  to.text("published_as", a.published ? a.published->to_string() : std::string());
  to.text("outlet", closed(a.source));
  to.text("tongue", a.language);
  to.text("tongue_name", a.language.empty() ? std::string() : closed(c.format().language_name(a.language)));
  to.flag("is_derived", a.title_derived);
  const bool untitled = text_of(title).find_first_not_of(" \t\r\n") == std::string::npos;
  to.object("title", untitled ? rich([&] {
              page_data::list one;
              one.push_back(plain_piece(c.words().text("untitled")));
              return one;
            }())
                              : runs_of(title));
}

}  // namespace rapporteur::pages
