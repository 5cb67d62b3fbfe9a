// Makes a thesaurus of a file: terms through the tokeniser, groups, and the tree that queries are compared with.
#include "index/unicode.hpp"
#include "server/search/phrase_words.hpp"
#include "server/search/thesaurus_file.hpp"
#include "server/search/thesaurus_impl.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr std::size_t k_most_bytes = std::size_t{16} * 1024 * 1024;  // guards against a wrong path
constexpr std::size_t k_most_words = 16;                             // of a term: a phrase costs by its words
constexpr std::size_t k_most_terms = 200;                            // of a line
constexpr std::size_t k_problems_told = 20;

bool begins_with_capital(std::string_view s) {
  return !s.empty() && index::is_upper(index::decode_utf8(s, 0).code_point);
}

// Which of the tokens of a term are names: those with a capital, and what a hyphen ties to one (Jong-un).
std::vector<bool> names(std::string_view text, const std::vector<index::token>& tokens) {
  std::vector<bool> out;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const index::token& t = tokens[i];
    const bool tied =
        i > 0 && t.kind == index::token_kind::part && tokens[i - 1].kind == index::token_kind::part &&
        index::class_of(index::decode_utf8(text, tokens[i - 1].end).code_point) == index::char_class::hyphen;
    out.push_back(begins_with_capital(text.substr(t.begin)) || (tied && out.back()));
  }
  return out;
}

// The same with the parts of a hyphenated word joined; empty if there are none.
std::vector<index::token> joined_tokens(const index::token_list& list) {
  std::vector<index::token> out;
  std::uint32_t joined_to = 0;  // byte where the last compound ends
  bool any = false;
  for (const index::token& t : list.tokens()) {
    if (t.kind == index::token_kind::compound) {
      // The compound follows or precedes its first part at the same position.
      while (!out.empty() && out.back().begin >= t.begin) out.pop_back();
      out.push_back(t);
      joined_to = t.end;
      any = true;
    } else if (index::carries_position(t.kind) && t.kind != index::token_kind::bigram && t.begin >= joined_to &&
               (out.empty() || out.back().position != t.position)) {
      out.push_back(t);
    }
  }
  if (!any) out.clear();
  return out;
}

}  // namespace

// Turns rules into terms, groups and the tree that queries are compared with.
class thesaurus_compiler {
 public:
  explicit thesaurus_compiler(thesaurus::impl& out) : out_(out) {}

  void add(const thesaurus_rule& rule, std::vector<thesaurus_problem>& problems) {
    if (rule.from.size() + (rule.one_way ? rule.to.size() : 0) > k_most_terms) {
      problems.push_back({rule.line, fmt::format("more than {} terms; make several lines of it", k_most_terms)});
      return;
    }
    thesaurus::impl::group g;
    std::vector<term_id> from;
    for (const std::string& text : rule.from) {
      const auto t = compile(text, rule, problems);
      if (t) from.push_back(*t);
    }
    if (rule.one_way) {
      for (const std::string& text : rule.to) {
        const auto t = compile(text, rule, problems);
        if (t) g.to.push_back(*t);
      }
    } else {
      g.to = from;
    }
    const auto number = static_cast<std::uint32_t>(out_.groups.size());
    for (const term_id t : from) {
      out_.groups_from[t].push_back(number);
      const thesaurus_term& term = out_.terms[t];
      if (!term.acronym.empty()) {
        out_.acronyms[term.acronym].push_back(t);
        continue;
      }
      out_.node_of[t] = insert(t, compared_[t]);
      if (!joined_[t].empty()) insert(t, joined_[t]);
      if (term.person) insert_joined_names(t);
    }
    out_.groups.push_back(std::move(g));
  }

 private:
  struct step {
    std::string folded, written;
    bool name = false;
  };

  std::optional<term_id> compile(const std::string& text, const thesaurus_rule& rule,
                                 std::vector<thesaurus_problem>& problems) {
    analyzer_.analyze(text, tokens_, index::text_role::query);
    const std::vector<index::token> phrase = phrase_tokens(tokens_);
    if (phrase.empty()) {
      problems.push_back(
          {rule.line, fmt::format("“{}” has no letters or digits, so nothing can be searched for; take it out", text)});
      return std::nullopt;
    }
    if (phrase.size() > k_most_words) {
      problems.push_back({rule.line, fmt::format("“{}” has {} words, more than the {} allowed; shorten it or take it "
                                                 "out",
                                                 text, phrase.size(), k_most_words)});
      return std::nullopt;
    }
    thesaurus_term term;
    term.text = text;
    const std::vector<bool> name = names(text, phrase);
    for (std::size_t i = 0; i < phrase.size(); ++i) {
      const index::token& t = phrase[i];
      term.words.push_back({std::string(tokens_.text(t)), text.substr(t.begin, t.end - t.begin), name[i]});
    }
    // Particles inside a name are written small: Bashar al-Assad.
    term.person = rule.people && name.size() > 1 && name.front() && name.back();
    if (tokens_.last_position() == 1) {
      for (const index::token& t : tokens_.tokens()) {
        if (t.kind == index::token_kind::acronym && t.begin == 0) term.acronym = tokens_.text(t);
      }
    }
    const auto steps = [&](const std::vector<index::token>& tokens) {
      std::vector<step> s;
      const std::vector<bool> named = names(text, tokens);
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        const index::token& t = tokens[i];
        s.push_back({std::string(tokens_.text(t)), text.substr(t.begin, t.end - t.begin), named[i]});
      }
      return s;
    };
    const std::vector<index::token> joined = joined_tokens(tokens_);
    for (const index::token& t : joined) term.joined.emplace_back(tokens_.text(t));
    compared_.push_back(steps(compared_tokens(tokens_)));
    joined_.push_back(steps(joined));
    out_.terms.push_back(std::move(term));
    out_.groups_from.emplace_back();
    out_.node_of.push_back(0);
    return static_cast<term_id>(out_.terms.size() - 1);
  }

  node_id insert(term_id t, const std::vector<step>& steps) {
    node_id at = 0;
    for (const step& s : steps) at = out_.step(at, out_.word(s.folded, s.written), s.name);
    out_.nodes[at].terms.push_back(t);
    return at;
  }

  // However the file hyphenates a name, a query may write two of its parts as one word.
  void insert_joined_names(term_id t) {
    const std::vector<step>& parts = compared_[t];
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      std::vector<step> one_less = parts;
      one_less[i].folded += parts[i + 1].folded;
      one_less.erase(one_less.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      insert(t, one_less);
    }
  }

  thesaurus::impl& out_;
  index::analyzer analyzer_;
  index::token_list tokens_;
  std::vector<std::vector<step>> compared_, joined_;  // of each term
};

namespace {

error to_error(errc code, std::string_view name, const std::vector<thesaurus_problem>& problems) {
  std::string message;
  for (std::size_t i = 0; i < problems.size() && i < k_problems_told; ++i) {
    message += fmt::format("{}{}:{}: {}", i == 0 ? "" : "\n", name, problems[i].line, problems[i].message);
  }
  if (problems.size() > k_problems_told) {
    message += fmt::format("\n{}: {} more", name, problems.size() - k_problems_told);
  }
  return {code, message};
}

}  // namespace

result<std::shared_ptr<const thesaurus>> thesaurus::parse(std::string_view text, std::string_view name) {
  if (text.size() > k_most_bytes) {
    return error{errc::too_large, fmt::format("{}: larger than {} bytes; is it a thesaurus?", name, k_most_bytes)};
  }
  if (const std::size_t bad = index::find_invalid_utf8(text); bad != std::string_view::npos) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
    return to_error(errc::encoding, name,
                    {{static_cast<std::uint32_t>(line), "bytes that are not UTF-8; save the file as UTF-8"}});
  }
  thesaurus_rules rules = read_thesaurus_rules(text);
  auto made = std::make_unique<impl>();
  made->fingerprint = XXH3_64bits(text.data(), text.size());
  thesaurus_compiler compiler(*made);
  for (const thesaurus_rule& r : rules.rules) compiler.add(r, rules.problems);
  if (!rules.problems.empty()) {
    std::stable_sort(rules.problems.begin(), rules.problems.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return to_error(errc::malformed, name, rules.problems);
  }
  return std::shared_ptr<const thesaurus>(new thesaurus(std::move(made)));
}

result<std::shared_ptr<const thesaurus>> thesaurus::load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  // An empty file is a thesaurus without groups, and makes << fail. A folder opens, but cannot be read.
  std::error_code ec;
  if (!in || std::filesystem::is_directory(file, ec) ||
      (in.peek() != std::ifstream::traits_type::eof() && !(text << in.rdbuf()))) {
    return error{errc::io,
                 fmt::format("{}: cannot be read; check search.thesaurus and the file's permissions", file.string())};
  }
  return parse(text.str(), file.string());
}

}  // namespace rapporteur::search
