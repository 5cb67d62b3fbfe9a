#include "server/search/query_vocabulary.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::search {

namespace {

/// A date as ISO 8601 writes it, without a time.
std::optional<partial_date> read_date(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return std::nullopt;
  const auto d = partial_date::parse(text);
  return d ? std::optional(*d) : std::nullopt;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::optional<field_name> find_field(std::string_view name) {
  using form = field_name::form;
  if (name == "title") return field_name{form::words, query_field::title, {}};
  if (name == "date") return field_name{form::date, query_field::text, {}};
  for (const query_field f :
       {query_field::author, query_field::source, query_field::lang, query_field::collection, query_field::symbol}) {
    if (name == to_string(f)) return field_name{form::value, f, {}};
  }
  constexpr std::string_view k_tag = "tag.";
  if (name.size() <= k_tag.size() || !name.starts_with(k_tag)) return std::nullopt;
  name.remove_prefix(k_tag.size());
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (!std::all_of(name.begin(), name.end(), allowed)) return std::nullopt;
  return field_name{form::value, query_field::tag, std::string(name)};
}

std::optional<operator_word> find_operator(std::string_view run) {
  if (run == "AND") return operator_word{lexeme_kind::op_and};
  if (run == "OR") return operator_word{lexeme_kind::op_or};
  if (run == "NOT") return operator_word{lexeme_kind::op_not};
  if (run == "NEAR") return operator_word{lexeme_kind::op_near, k_default_near};
  constexpr std::string_view k_near = "NEAR/";
  if (run.size() == k_near.size() || !run.starts_with(k_near)) return std::nullopt;
  unsigned n = 0;
  for (const char c : run.substr(k_near.size())) {
    if (c < '0' || c > '9') return std::nullopt;
    n = std::min(n * 10 + static_cast<unsigned>(c - '0'), 1000U);
  }
  return operator_word{lexeme_kind::op_near, n};
}

std::optional<date_range> read_dates(std::string_view text) {
  date_range r;
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) {
    r.from = r.to = read_date(text);
    return r.from ? std::optional(r) : std::nullopt;
  }
  // Three dots are as good as two.
  const auto after = text.find_first_not_of('.', dots);
  const std::string_view from = text.substr(0, dots);
  const std::string_view to = after == std::string_view::npos ? std::string_view() : text.substr(after);
  r.from = read_date(from);
  r.to = read_date(to);
  const bool sound = (r.from || from.empty()) && (r.to || to.empty()) && (r.from || r.to);
  return sound ? std::optional(r) : std::nullopt;
}

bool is_reversed(const date_range& r) {
  return r.from && r.to && r.from->first_day() > r.to->last_day();
}

bool is_language_code(std::string_view text) {
  const auto letters = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_letter) - text.begin());
  return letters >= 2 && letters <= 8 && (letters == text.size() || text[letters] == '-' || text[letters] == '_');
}

std::string lower_ascii(std::string s) {
  for (char& c : s) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return s;
}

}  // namespace rapporteur::search
