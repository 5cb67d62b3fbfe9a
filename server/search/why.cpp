#include "server/search/why.hpp"

#include "server/search/ranking.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace rapporteur::search {
namespace {

std::string_view name_of(part_kind k) noexcept {
  switch (k) {
    case part_kind::word:
      return "word";
    case part_kind::acronym:
      return "acronym";
    case part_kind::compound:
      return "compound";
    case part_kind::name:
      return "name";
    case part_kind::wildcard:
      return "wildcard";
    case part_kind::phrase:
      return "phrase";
    case part_kind::exact:
      return "exact";
    case part_kind::near:
      return "near";
    case part_kind::filter:
      return "filter";
    case part_kind::date:
      return "date";
  }
  return "word";
}

// What a query weighs in the one article; nothing if it has it not.
std::optional<double> weight_in(index::reader& reader, const match_query& q, const std::string& id_term) {
  const matches found = match(reader, match_query(Xapian::Query::OP_FILTER, q, match_query(id_term)), true);
  if (found.ids.empty()) return std::nullopt;
  return found.weights.front();
}

// How a part is named in a sentence.
std::string name_in_words(const why_answer::part& p) {
  if (p.kind == "date") return fmt::format("a date in {}", p.text);
  if (p.kind == "near") return fmt::format("{} near to one another", p.text);
  if (p.kind == "filter") return fmt::format("{} “{}”", p.field, p.text);
  if (p.kind == "phrase") return fmt::format("the phrase “{}”", p.text);
  if (p.kind == "exact") return fmt::format("“{}” exactly as written", p.text);
  if (p.kind == "wildcard") return fmt::format("a word that begins with “{}”", p.text);
  if (p.kind == "acronym") return fmt::format("the acronym “{}”", p.text);
  if (p.kind == "name") return fmt::format("the name “{}”", p.text);
  return fmt::format("“{}”", p.text);
}

std::string times(std::uint32_t n) {
  return n == 1 ? "once" : n == 2 ? "twice" : fmt::format("{} times", n);
}

std::string places(std::uint32_t in_title, std::uint32_t in_text) {
  if (in_title > 0 && in_text > 0)
    return fmt::format(", {} in the title and {} in the text", times(in_title), times(in_text));
  if (in_title > 0) return fmt::format(", {} in the title", times(in_title));
  if (in_text > 0) return fmt::format(", {} in the text", times(in_text));
  return {};
}

std::string sentence_of(const why_answer::part& p) {
  const std::string name = name_in_words(p);
  const std::string in = p.field == "title" ? " in its title" : "";
  if (p.excluded) {
    if (p.matched) return fmt::format("The article has {}{}, which the query excludes.", name, in);
    return fmt::format("The article does not have {}{}, as the query wants it.", name, in);
  }
  std::string out;
  const bool forms = p.kind == "word" || p.kind == "compound";
  if (!p.matched) {
    out = fmt::format("The article does not have {}{}{}", name, forms ? " in any form" : "", in);
    out += p.synonyms.empty() ? "." : ", nor any of its synonyms.";
    return out;
  }
  if (p.synonyms.empty() || p.in_title + p.in_text > 0) {
    out = fmt::format("The article has {}{}{}{}.", name, forms ? " or another form of it" : "", in,
                      places(p.in_title, p.in_text));
  } else {
    out = fmt::format("The article does not have {}, but what means the same.", name);
  }
  for (const why_answer::synonym& s : p.synonyms) {
    if (s.matched) out += fmt::format(" It has the synonym “{}”{}.", s.text, places(s.in_title, s.in_text));
  }
  return out;
}

}  // namespace

result<void> tell_parts(index::reader& reader, highlighter& marks, const plan& p, const std::string& id_term,
                        const article& a, std::string_view language, index::block_text& text, bool widened,
                        why_answer& out) {
  std::vector<pattern> patterns;
  struct counted {
    std::uint32_t* in_title = nullptr;
    std::uint32_t* in_text = nullptr;
  };
  std::vector<counted> counts;  // of each pattern
  out.parts.resize(p.parts.size());
  for (std::size_t i = 0; i < p.parts.size(); ++i) {
    const plan_part& from = p.parts[i];
    why_answer::part& to = out.parts[i];
    to.text = from.text;
    to.kind = name_of(from.is);
    to.field = to_string(from.scope);
    if (from.scope == query_field::tag) to.field += "." + from.tag_name;
    to.column = from.column;
    to.excluded = from.excluded;
    const auto weight = weight_in(reader, widened && !from.loose.empty() ? from.loose : from.query, id_term);
    to.matched = weight.has_value();
    to.weight = weight.value_or(0);
    to.synonyms.reserve(from.synonyms.size());
    for (const plan_part::synonym& s : from.synonyms) {
      why_answer::synonym& t = to.synonyms.emplace_back();
      t.text = s.text;
      t.matched = weight_in(reader, s.query, id_term).has_value();
      for (const pattern& x : s.patterns) {
        patterns.push_back(x);
        counts.push_back({&t.in_title, &t.in_text});
      }
    }
    for (const pattern& x : from.patterns) {
      patterns.push_back(x);
      counts.push_back({&to.in_title, &to.in_text});
    }
  }
  marks.prepare(patterns);
  const auto& in_title = marks.find(a.title, language, !a.title_derived);
  out.title = highlighter::mark(a.title, in_title);
  for (const match_range& m : in_title) ++*counts[m.pattern].in_title;
  text.need(0, text.size());
  if (!text.failure()) return text.failure().error();
  for (const match_range& m : marks.find(text.view(), language, false)) ++*counts[m.pattern].in_text;
  return {};
}

void tell_in_words(why_answer& out) {
  std::string lacks;
  std::string bars;
  for (why_answer::part& p : out.parts) {
    p.says = sentence_of(p);
    std::string& list = p.excluded ? bars : lacks;
    if (p.excluded == p.matched) list += (list.empty() ? "" : ", ") + name_in_words(p);
  }
  if (out.all) {
    out.says = "The search finds this article: it has all that the query asks for.";
  } else if (out.found) {
    out.says = fmt::format(
        "The search finds this article although it lacks {}: few articles have everything, so that some of it is "
        "enough.",
        lacks);
  } else {
    out.says = "The search does not find this article.";
    if (!bars.empty()) out.says += fmt::format(" It has {}, which is excluded.", bars);
    if (!lacks.empty()) out.says += fmt::format(" It lacks {}.", lacks);
  }
  if (out.rank > 0)
    out.says +=
        fmt::format(" It comes {} by relevance.", out.rank == 1 ? "first" : fmt::format("in place {}", out.rank));
}

}  // namespace rapporteur::search
