#include "server/search/query_words.hpp"

#include "index/unicode.hpp"
#include "server/search/edit_distance.hpp"
#include "server/search/query_characters.hpp"
#include "server/search/query_parser.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr auto k_nowhere = std::string_view::npos;

// A leaf and where its text stands in the query.
struct placed_leaf {
  const query_node* node = nullptr;
  bool excluded = false;
  std::size_t begin = k_nowhere, end = k_nowhere;  // nowhere if its text is not as typed (blanks, ill-formed bytes)
};

std::vector<placed_leaf> place_leaves(std::string_view q, const query_node& root) {
  const character_sequence characters(q);
  std::vector<placed_leaf> out;
  for_each_leaf(root, [&](const query_node& leaf, bool excluded) {
    placed_leaf p{&leaf, excluded};
    if (leaf.column >= 1 && leaf.column <= characters.size() && !leaf.text.empty()) {
      const auto at = q.find(leaf.text, characters[leaf.column - 1].offset);
      if (at != k_nowhere) {
        p.begin = at;
        p.end = at + leaf.text.size();
      }
    }
    out.push_back(p);
  });
  return out;
}

bool searches_text(const query_node& leaf) {
  return leaf.kind == node_kind::word || leaf.kind == node_kind::wildcard || leaf.kind == node_kind::phrase ||
         leaf.kind == node_kind::exact;
}

// Hyphens and apostrophes may join words; digits, dots and slashes make numbers, addresses and symbols.
bool is_prose(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const index::decoded d = index::decode_utf8(text, at);
    const index::char_class c = index::class_of(d.code_point);
    if (c == index::char_class::digit || (c == index::char_class::other && d.code_point != U' ')) return false;
    at += d.size;
  }
  return true;
}

bool only_blanks(std::string_view text) {
  const character_sequence characters(text);
  for (std::size_t i = 0; i < characters.size(); ++i) {
    if (characters.role(i) != U' ') return false;
  }
  return true;
}

void add_words(std::size_t number, const placed_leaf& leaf, const index::token_list& list, bool phrase,
               std::vector<query_word>& out) {
  const auto& tokens = list.tokens();
  const std::size_t first = out.size();
  const auto begin = [&](const index::token& t) { return leaf.begin + t.begin; };
  const auto end = [&](const index::token& t) { return leaf.begin + t.end; };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const index::token& t = tokens[i];
    query_word w;
    w.leaf = number;
    w.phrase = phrase;
    w.start = w.begin = begin(t);
    w.end = end(t);
    w.folded = list.text(t);
    if (t.kind == index::token_kind::unigram) {
      if (out.size() > first && out.back().cjk && out.back().end == w.begin) {
        out.back().end = w.end;
        out.back().folded += w.folded;
        continue;
      }
      w.cjk = true;
    } else if (t.kind == index::token_kind::elided && out.size() > first) {
      if (out.back().begin == w.begin) continue;
      // l’homme: the noun, not the noun with its article.
      const std::string whole = std::move(out.back().folded);
      if (whole.ends_with(w.folded)) w.elided = whole.substr(0, whole.size() - w.folded.size());
      w.start = out.back().start;
      out.pop_back();
    } else if (t.kind != index::token_kind::word && t.kind != index::token_kind::part) {
      continue;
    }
    out.push_back(std::move(w));
  }
  for (std::size_t i = first; i < out.size(); ++i) {
    out[i].characters = characters_of(out[i].folded);
    out[i].alone = out.size() == first + 1 && out[i].begin == leaf.begin && out[i].end == leaf.end;
  }
}

// Leaves whose text changes, in the tree that the corrected query must have.
class rewriter {
 public:
  rewriter(const std::vector<placed_leaf>& leaves, const std::vector<replacement>& replacements)
      : leaves_(leaves), replacements_(replacements) {}

  std::optional<query_node> run(const query_node& root) {
    std::vector<query_node> made = rewrite(root);
    if (failed_ || made.empty()) return std::nullopt;
    if (made.size() == 1) return std::move(made.front());
    query_node all;
    all.kind = node_kind::all_of;
    all.children = std::move(made);
    return all;
  }

 private:
  // What a node becomes: itself, nothing (its word was joined to the one before), or two words.
  std::vector<query_node> rewrite(const query_node& n) {
    if (is_leaf(n.kind)) return rewrite_leaf(n);
    query_node out = n;
    out.children.clear();
    for (const query_node& c : n.children) {
      std::vector<query_node> made = rewrite(c);
      if (made.size() > 1 && n.kind != node_kind::all_of) failed_ = true;
      for (query_node& m : made) out.children.push_back(std::move(m));
    }
    if (out.children.empty()) return {};
    if (out.children.size() == 1 && n.kind != node_kind::none_of) return {std::move(out.children.front())};
    return {std::move(out)};
  }

  std::vector<query_node> rewrite_leaf(const query_node& n) {
    const placed_leaf& place = leaves_[next_++];
    query_node out = n;
    for (auto r = replacements_.rbegin(); r != replacements_.rend(); ++r) {
      if (place.begin == k_nowhere || r->end <= place.begin || r->begin >= place.end) continue;
      if (r->begin < place.begin) return {};  // joined to the word before
      out.text.replace(r->begin - place.begin, std::min(r->end, place.end) - r->begin, r->text);
    }
    const auto blank = out.kind == node_kind::word ? out.text.find(' ') : k_nowhere;
    if (blank == k_nowhere) return {std::move(out)};
    query_node second = out;
    second.text.erase(0, blank + 1);
    out.text.resize(blank);
    return {std::move(out), std::move(second)};
  }

  const std::vector<placed_leaf>& leaves_;
  const std::vector<replacement>& replacements_;
  std::size_t next_ = 0;
  bool failed_ = false;
};

}  // namespace

std::vector<query_word> correctable_words(std::string_view q, const query_node& root, index::analyzer& analyzer) {
  const std::vector<placed_leaf> leaves = place_leaves(q, root);
  const auto in_text = std::count_if(leaves.begin(), leaves.end(),
                                     [](const placed_leaf& l) { return !l.excluded && searches_text(*l.node); });
  std::vector<query_word> out;
  index::token_list tokens;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const placed_leaf& l = leaves[i];
    const bool phrase = l.node->kind == node_kind::phrase && in_text == 1;
    if (l.excluded || l.begin == k_nowhere || (l.node->kind != node_kind::word && !phrase)) continue;
    if (!is_prose(l.node->text)) continue;
    analyzer.analyze(l.node->text, tokens, index::text_role::query);
    add_words(i, l, tokens, phrase, out);
  }
  for (std::size_t i = 1; i < out.size(); ++i) {
    const std::size_t end = out[i - 1].end;
    out[i].touches_previous = end < out[i].start && only_blanks(q.substr(end, out[i].start - end));
  }
  return out;
}

std::optional<corrected_query> correct(std::string_view q, const query_node& root,
                                       const std::vector<replacement>& replacements, std::uint32_t max_leaves) {
  corrected_query out;
  std::size_t at = 0;
  for (const replacement& r : replacements) {
    out.q += q.substr(at, r.begin - at);
    out.q += r.text;
    at = r.end;
  }
  out.q += q.substr(at);
  const std::vector<placed_leaf> leaves = place_leaves(q, root);
  const auto wanted = rewriter(leaves, replacements).run(root);
  if (!wanted) return std::nullopt;
  parser_limits limits;
  limits.max_leaves = max_leaves;
  out.root = parse_query(out.q, limits).root;
  if (!equivalent(out.root, *wanted)) return std::nullopt;
  return out;
}

std::string in_style_of(std::string_view typed, std::string_view text) {
  std::size_t letters = 0;
  bool capitals = true;
  bool first = false;
  for (std::size_t at = 0; at < typed.size();) {
    const index::decoded d = index::decode_utf8(typed, at);
    if (index::class_of(d.code_point) == index::char_class::letter) {
      if (letters == 0) first = index::is_upper(d.code_point);
      capitals = capitals && index::is_upper(d.code_point);
      ++letters;
    }
    at += d.size;
  }
  std::string out;
  if (text.empty() || letters == 0 || !first) return std::string(text);
  const std::size_t raised = capitals && letters > 1 ? text.size() : index::decode_utf8(text, 0).size;
  index::append_upper(out, text.substr(0, raised));
  out += text.substr(raised);
  return out;
}

}  // namespace rapporteur::search
