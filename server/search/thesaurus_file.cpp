#include "server/search/thesaurus_file.hpp"

#include "index/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr std::string_view k_people = "people";  // how the name of a section of people's names begins

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_blank(s.back())) s.remove_suffix(1);
  return s;
}

// "# section: NAME" begins a section; any other comment is for people to read.
std::optional<std::string> section_name(std::string_view comment) {
  constexpr std::string_view k_mark = "section:";
  comment = trimmed(comment);
  std::string name;
  for (const char c : comment) name += to_ascii_lower(c);
  if (!name.starts_with(k_mark)) return std::nullopt;
  return std::string(trimmed(std::string_view(name).substr(k_mark.size())));
}

// One line being cut at its separators. Blanks around a term go, escaped ones stay.
class line_reader {
 public:
  line_reader(std::string_view line, std::uint32_t number, std::vector<thesaurus_problem>& problems)
      : line_(line), number_(number), problems_(problems) {}

  std::optional<thesaurus_rule> read() {
    const std::size_t before = problems_.size();
    thesaurus_rule rule;
    rule.line = number_;
    for (std::size_t at = 0; at < line_.size();) {
      const char c = line_[at];
      if (c == '\\') {
        if (at + 1 >= line_.size()) {
          complain("the line ends in a backslash with nothing to escape; write \\\\ for a backslash itself");
          return std::nullopt;
        }
        term_ += line_[at + 1];
        kept_ = term_.size();
        at += 2;
      } else if (c == ',') {
        end_term(rule.to);
        ++at;
      } else if (line_.substr(at, 2) == "=>") {
        end_term(rule.to);
        if (rule.one_way) {
          complain("more than one => in a line; make a line of each, or write \\=> for the characters themselves");
          return std::nullopt;
        }
        rule.one_way = true;
        rule.from.swap(rule.to);
        at += 2;
      } else {
        if (!is_blank(c) || !term_.empty()) term_ += c;
        if (!is_blank(c)) kept_ = term_.size();
        ++at;
      }
    }
    end_term(rule.to);
    if (!rule.one_way) {
      rule.from = rule.to;
      if (problems_.size() == before && rule.to.size() == 1) {
        complain(
            fmt::format("“{}” stands alone; name what it stands for as well, separated by a comma, or take the "
                        "line out",
                        rule.to.front()));
      }
    }
    if (problems_.size() != before) return std::nullopt;
    return rule;
  }

 private:
  void end_term(std::vector<std::string>& terms) {
    term_.resize(kept_);
    if (term_.empty()) {
      complain("an empty term; take out the comma or arrow that has nothing beside it");
    } else if (std::find(terms.begin(), terms.end(), term_) != terms.end()) {
      complain(fmt::format("“{}” stands twice in the line; take one out", term_));
    } else {
      terms.push_back(term_);
    }
    term_.clear();
    kept_ = 0;
  }

  void complain(std::string message) { problems_.push_back({number_, std::move(message)}); }

  std::string_view line_;
  std::uint32_t number_;
  std::vector<thesaurus_problem>& problems_;
  std::string term_;
  std::size_t kept_ = 0;  // of term_, without the blanks at its end
};

}  // namespace

thesaurus_rules read_thesaurus_rules(std::string_view text) {
  thesaurus_rules out;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  bool people = false;
  std::uint32_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view whole = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    std::string_view line = whole;
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (trimmed(line).empty()) continue;
    if (line.starts_with('#')) {
      if (const auto name = section_name(line.substr(1))) people = name->starts_with(k_people);
      continue;
    }
    if (auto rule = line_reader(line, number, out.problems).read()) {
      rule->people = people;
      out.rules.push_back(std::move(*rule));
    }
  }
  return out;
}

}  // namespace rapporteur::search
