// rapporteur-receipt 1
// revision<TAB>42
// article<TAB>LINE<TAB>OUTCOME<TAB>ID[<TAB>CODE<TAB>REASON]
// end<TAB>NUMBER OF ARTICLES
#include "index/receipt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace rapporteur::index {
namespace {

constexpr std::string_view k_name = "rapporteur-receipt ";
constexpr std::string_view k_version = "1";

/// Nothing that a field holds may end it.
void append_escaped(std::string& out, std::string_view field) {
  for (const char c : field) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += c;
    }
  }
}

std::string unescaped(std::string_view field) {
  std::string out;
  out.reserve(field.size());
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\' || i + 1 == field.size()) {
      out += field[i];
      continue;
    }
    const char c = field[++i];
    out += c == 't' ? '\t' : (c == 'n' ? '\n' : (c == 'r' ? '\r' : c));
  }
  return out;
}

std::vector<std::string_view> split(std::string_view line, char mark) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = line.find(mark);
    parts.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return parts;
    line.remove_prefix(end + 1);
  }
}

std::optional<std::uint64_t> read_number(std::string_view text) {
  std::uint64_t n = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return n;
}

/// What this version does not know was not put in as asked, as far as it can tell.
article_outcome outcome_of(std::string_view name) {
  const auto* const at =
      std::ranges::find_if(k_all_article_outcomes, [name](article_outcome o) { return to_string(o) == name; });
  return at == std::end(k_all_article_outcomes) ? article_outcome::refused : *at;
}

errc code_of(std::string_view name) {
  const auto* const at = std::ranges::find_if(k_all_errc, [name](errc c) { return to_string(c) == name; });
  return at == std::end(k_all_errc) ? errc::internal : *at;
}

error not_understood(std::string_view what) {
  return {errc::malformed, fmt::format("this receipt cannot be read: {}", what)};
}

std::optional<article_receipt> read_article(const std::vector<std::string_view>& fields) {
  if (fields.size() < 4) return std::nullopt;
  const auto line = read_number(fields[1]);
  if (!line) return std::nullopt;
  article_receipt a{.id = unescaped(fields[3]), .line = *line, .outcome = outcome_of(fields[2]), .reason = {}};
  if (fields.size() >= 6) a.reason = {code_of(fields[4]), unescaped(fields[5])};
  return a;
}

}  // namespace

std::string_view to_string(article_outcome o) noexcept {
  switch (o) {
    case article_outcome::added:
      return "added";
    case article_outcome::replaced:
      return "replaced";
    case article_outcome::unchanged:
      return "unchanged";
    case article_outcome::removed:
      return "removed";
    case article_outcome::not_found:
      return "not_found";
    case article_outcome::refused:
      return "refused";
  }
  return "refused";
}

std::string encode_receipt(const receipt& r) {
  std::string out = fmt::format("{}{}\nrevision\t{}\n", k_name, k_version, r.revision);
  for (const article_receipt& a : r.articles) {
    out += fmt::format("article\t{}\t{}\t", a.line, to_string(a.outcome));
    append_escaped(out, a.id);
    if (a.outcome == article_outcome::refused) {
      out += fmt::format("\t{}\t", to_string(a.reason.code));
      append_escaped(out, a.reason.message);
    }
    out += '\n';
  }
  return out + fmt::format("end\t{}\n", r.articles.size());
}

result<receipt> decode_receipt(std::string_view text) {
  const auto first_end = text.find('\n');
  const std::string_view first = text.substr(0, first_end);
  if (!first.starts_with(k_name)) return not_understood("it does not begin as one");
  if (first.substr(k_name.size()) != k_version || first_end == std::string_view::npos) {
    return not_understood("it was written by another version of rapporteur-index");
  }
  text.remove_prefix(first_end + 1);

  receipt out;
  bool has_revision = false;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) break;
    const auto fields = split(text.substr(0, end), '\t');
    text.remove_prefix(end + 1);
    if (fields[0] == "revision" && fields.size() >= 2) {
      const auto number = read_number(fields[1]);
      if (!number) return not_understood("its revision is not a number");
      out.revision = *number;
      has_revision = true;
    } else if (fields[0] == "article") {
      auto a = read_article(fields);
      if (!a) return not_understood("a line of it is damaged");
      out.articles.push_back(std::move(*a));
    } else if (fields[0] == "end") {
      const auto number = fields.size() >= 2 ? read_number(fields[1]) : std::nullopt;
      if (!has_revision || number != out.articles.size()) return not_understood("it is not complete");
      return out;
    }
  }
  return not_understood("it is cut off");
}

}  // namespace rapporteur::index
