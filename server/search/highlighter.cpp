#include "server/search/highlighter.hpp"

#include "server/search/cutting.hpp"
#include "server/search/passages.hpp"

#include <algorithm>

namespace rapporteur::search {

const std::vector<match_range>& highlighter::find(std::string_view text, std::string_view language, bool title) {
  index::block_text whole = index::block_text::borrow(text);
  matcher_.find(whole, language, title, 0, text.size(), found_);
  return found_;
}

marked_text highlighter::mark(std::string_view text, const std::vector<match_range>& matches) {
  return mark_runs(text, matches);
}

std::vector<marked_text> highlighter::mark_paragraphs(std::string_view text, const std::vector<match_range>& matches,
                                                      std::uint32_t& marked_runs) {
  std::vector<marked_text> out;
  std::size_t begin = 0;
  std::size_t next_match = 0;
  std::vector<match_range> local;
  while (begin < text.size()) {
    // A paragraph ends at a line without visible characters.
    std::size_t end = begin;
    std::size_t next = text.size();
    while (end < text.size()) {
      const std::size_t line = text.find('\n', end);
      if (line == std::string_view::npos) {
        end = text.size();
        break;
      }
      std::size_t after = line + 1;
      while (after < text.size() && is_blank(text[after]) && text[after] != '\n') ++after;
      if (after < text.size() && text[after] == '\n') {
        end = line;
        next = after + 1;
        break;
      }
      end = line + 1;
    }
    std::size_t from = begin;
    std::size_t to = end;
    while (from < to && is_blank(text[from])) ++from;
    while (to > from && is_blank(text[to - 1])) --to;
    if (to > from) {
      // A phrase that goes on in the next paragraph is marked in both.
      while (next_match < matches.size() && matches[next_match].end <= from) ++next_match;
      local.clear();
      for (std::size_t i = next_match; i < matches.size() && matches[i].begin < to; ++i) {
        if (matches[i].end <= from) continue;
        const std::size_t b = std::max<std::size_t>(matches[i].begin, from);
        const std::size_t e = std::min<std::size_t>(matches[i].end, to);
        local.push_back(
            {static_cast<std::uint32_t>(b - from), static_cast<std::uint32_t>(e - from), matches[i].pattern});
      }
      out.push_back(mark_runs(text.substr(from, to - from), local));
      for (const run& r : out.back()) marked_runs += r.match ? 1 : 0;
    }
    begin = next;
  }
  return out;
}

result<std::vector<marked_text>> highlighter::passages(index::block_text& text, std::string_view language,
                                                       std::uint32_t count, std::uint32_t chars) {
  match_source matches(matcher_, text, language);
  std::vector<marked_text> out = make_passages(matches, analyzer_, count, chars);
  if (!text.failure()) return text.failure().error();
  return out;
}

}  // namespace rapporteur::search
