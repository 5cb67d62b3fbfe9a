#include "server/pages/problem_page.hpp"

#include "server/http/problem.hpp"
#include "server/http/uri.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <utility>

namespace rapporteur::pages {
namespace {

namespace bhttp = http::bhttp;
using form = std::vector<http::form_field>;

/// The longest address that is written into the page again, several times.
constexpr std::size_t k_longest_address = 2000;

std::string text_at(const boost::json::object& o, std::string_view name) {
  const auto* found = o.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

search::named_values values_at(const boost::json::object& o) {
  search::named_values out;
  const auto* found = o.if_contains("values");
  if (found == nullptr || !found->is_object()) return out;
  for (const auto& [name, value] : found->get_object()) {
    if (value.is_string()) out.push_back({std::string(name), std::string(value.get_string())});
    if (value.is_int64() && value.get_int64() >= 0) {
      out.push_back({std::string(name), static_cast<std::uint64_t>(value.get_int64())});
    }
  }
  return out;
}

std::uint64_t seconds_of(std::string_view retry_after) {
  std::uint64_t n = 0;
  std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), n);
  return n;
}

std::string value_of(const form& asked, std::string_view name) {
  const auto found = std::ranges::find(asked, name, &http::form_field::name);
  return found == asked.end() ? std::string() : found->value;
}

/// A problem, and what it was met at.
struct matter {
  const http::request& q;
  form asked;  ///< as far as it can be read
  unsigned status = 0;
  std::string code, detail, parameter;
  search::named_values values;  ///< what the detail tells, and the parameter
  bool of_article = false;

  [[nodiscard]] bool tells(std::string_view name) const {
    return std::ranges::find(values, name, &search::named_value::name) != values.end();
  }

  [[nodiscard]] bool is_look() const { return q.method == bhttp::verb::get || q.method == bhttp::verb::head; }
  [[nodiscard]] bool is_no_index() const {
    return code == "index_missing" || code == "index_damaged" || code == "index_mismatch";
  }
  [[nodiscard]] bool is_too_long() const {
    return code == "too_large" || status == 413 || status == 414 || status == 431;
  }
  [[nodiscard]] bool is_lost_place() const { return code == "cursor_expired" || code == "bad_cursor"; }
  [[nodiscard]] bool is_too_deep() const { return code == "too_costly" && parameter == "offset"; }
  /// It may be over when the same is asked once more.
  [[nodiscard]] bool is_passing() const { return is_look() && (status == 503 || status == 500); }
};

std::string_view title_of(const matter& m) {
  if (m.is_no_index()) return "no_index_title";
  if (m.status == 503) return "busy_title";
  if (m.status == 404) return m.of_article ? "missing_title" : "plain_nothing_title";
  if (m.is_too_long()) return "too_long_title";
  if (m.is_lost_place()) return "expired_title";
  if (m.is_too_deep()) return "too_deep_title";
  if (m.status == 500 || m.status == 507) return "failed_title";
  return m.status == 400 && !m.parameter.empty() ? "refused_title" : "plain_request_title";
}

/// The sentence of a problem, by its code and by what it tells. web/trouble.js chooses in the same way.
std::string sentence_of(const matter& m) {
  if (!m.parameter.empty()) {
    if (m.tells("lowest")) return "problem_range";
    if (m.tells("choices")) return "problem_choice";
    if (m.tells("n") && m.tells("most")) return "problem_size";
    if (m.code == "invalid_argument") return "problem_parameter";
  }
  return "problem_" + m.code;
}

/// The sentences that say what is wrong, in pieces. English, as the API says it, only where the catalogue has nothing.
page_data::list sentences_of(const page_context& c, const matter& m) {
  page_data::list out;
  const auto say = [&](std::string_view key) { out.push_back(rich(told(c, key, m.values))); };
  const auto own = sentence_of(m);
  if (m.status == 404 && m.of_article) {
    say("missing");
  } else if (m.code == "invalid_argument" && (m.parameter == "from" || m.parameter == "to")) {
    say(m.tells("to") ? "dates_crossed" : "bad_date");
  } else if (m.is_too_deep()) {
    const auto& s = c.link.defaults;
    const auto pages = s.limits.max_depth / std::max<std::uint32_t>(s.default_limit, 1);
    page_data::list one;
    one.push_back(plain_piece(c.words().text("too_deep", {{"n", c.format().number(pages)}})));
    out.push_back(rich(std::move(one)));
  } else if (c.words().has(own)) {
    say(own);
  } else {
    page_data::list one;
    one.push_back(foreign_piece(m.detail));
    out.push_back(rich(std::move(one)));
  }
  if (title_of(m) == "failed_title") say("failed");
  if (c.words().has("hint_" + m.code)) {
    say("hint_" + m.code);
  } else if (m.is_too_long()) {
    say("hint_too_large");
  }
  return out;
}

/// The parameters that were asked for, but for these, as the query of an address.
std::string query_of(const form& asked, std::initializer_list<std::string_view> without, const std::string& language) {
  std::string out;
  const auto put = [&out](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (!out.empty()) out += '&';
    http::percent_encode(out, name);
    out += '=';
    http::percent_encode(out, value);
  };
  for (const auto& f : asked) {
    if (f.name != "ui" && std::ranges::find(without, f.name) == without.end()) put(f.name, f.value);
  }
  put("ui", language);
  return out;
}

/// The address that was asked for, in the language of l; the start page's if it cannot be given again.
std::string same_address(const matter& m, const linker& l) {
  std::string path;
  for (const auto& segment : m.q.segments) {
    path += '/';
    http::percent_encode(path, segment);
  }
  const auto query = query_of(m.asked, {}, l.language);
  if (!m.is_look() || path.size() + query.size() > k_longest_address) return l.search(what_is_found({}, l.defaults));
  return l.to(path) + (query.empty() ? "" : "?") + query;
}

/// The one link that leads on from here.
void put_way(page_data& page, const page_context& c, const matter& m) {
  const auto search_without = [&](std::initializer_list<std::string_view> names) {
    const auto query = query_of(m.asked, names, c.link.language);
    return c.link.to(k_search_path) + (query.empty() ? "" : "?") + query;
  };
  std::string_view name;
  std::string address;
  if (m.is_passing()) {
    name = "retry";
    address = same_address(m, c.link);
  } else if (m.is_lost_place() || m.is_too_deep()) {
    name = "begin_again";
    address = search_without({"cursor", "offset"});
  } else if (m.of_article && m.status == 404 && !value_of(m.asked, "q").empty()) {
    name = "search_again";
    address = search_without({});
  }
  page.text("way", name.empty() ? std::string() : c.words().text(name));
  page.text("way_address", std::move(address));
}

/// What was asked, so that it can be changed.
void put_fields(page_data& page, const page_context& c, const matter& m) {
  auto r = what_is_found({}, c.link.defaults);
  r.q = value_of(m.asked, "q");
  put_form(page, c, r);
  // In place of what put_form made of dates that are none.
  std::erase_if(page.members(), [](const auto& one) { return one.name == "from_date" || one.name == "to_date"; });
  page.text("from_date", value_of(m.asked, "from"));
  page.text("to_date", value_of(m.asked, "to"));
}

}  // namespace

void to_problem_page(const page_context& c, const http::request& q, http::response& r) {
  if (!http::is_problem(r)) return;
  boost::json::error_code ec;
  const auto parsed = boost::json::parse(r.bytes(), ec);
  if (ec || !parsed.is_object()) return;
  const auto& problem = parsed.get_object();
  matter m{.q = q,
           .asked = {},
           .status = r.status,
           .code = text_at(problem, "code"),
           .detail = text_at(problem, "detail"),
           .parameter = text_at(problem, "parameter"),
           .values = values_at(problem),
           .of_article = q.segments.size() == 3 && q.segments[1] == "articles"};
  if (!m.parameter.empty()) m.values.push_back({"parameter", m.parameter});
  http::form_error bad;
  http::parse_form(q.query, m.asked, bad);
  const auto title = c.words().text(title_of(m));
  page_data page;
  put_frame(page, c, page_title(c, title), [&m](const linker& l) { return same_address(m, l); });
  put_fields(page, c, m);
  page.text("problem_title", title);
  page.objects("problem_says", sentences_of(c, m));
  const auto wait = seconds_of(r.fields[bhttp::field::retry_after]);
  page.text("problem_wait", wait == 0 ? std::string() : c.words().counted("retry_after", wait));
  put_way(page, c, m);
  r.body = c.in.pages.fill("problem", std::move(page));
  r.shared_body.reset();
  r.set(bhttp::field::content_type, "text/html; charset=utf-8");
}

}  // namespace rapporteur::pages
