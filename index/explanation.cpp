// Articles and documents taken apart.
#include "index/explanation.hpp"

#include "index/article_database.hpp"
#include "index/explainer.hpp"
#include "index/known_file.hpp"
#include "index/language.hpp"
#include "index/schema.hpp"
#include "index/xapian_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rapporteur::index {
namespace {

struct prefixed {
  std::string_view prefix;
  term_kind kind;
  std::string_view name;
};

// Longer prefixes before those that they begin with. A folded word has no capitals, so that no word looks prefixed.
constexpr std::array k_prefixes = {
    prefixed{prefix::acronym, term_kind::acronym, "acronym"},
    prefixed{prefix::symbol, term_kind::symbol, "document symbol"},
    prefixed{prefix::source, term_kind::source, "source"},
    prefixed{prefix::collection, term_kind::collection, "collection"},
    prefixed{prefix::tag, term_kind::tag, "tag"},
    prefixed{prefix::path, term_kind::path, "file"},
    prefixed{prefix::title_stem, term_kind::title_stem, "title stem"},
    prefixed{prefix::stem, term_kind::stem, "stem"},
    prefixed{prefix::title, term_kind::title_word, "title word"},
    prefixed{prefix::id, term_kind::id, "id"},
    prefixed{prefix::author, term_kind::author, "author"},
    prefixed{prefix::language, term_kind::language, "language"},
    prefixed{prefix::day, term_kind::day, "day"},
    prefixed{prefix::month, term_kind::month, "month"},
    prefixed{prefix::year, term_kind::year, "year"},
};

// Of a document that was built, or of one of a database: both list terms with Xapian's iterators.
std::vector<explained_term> terms_of(Xapian::TermIterator t, const Xapian::TermIterator& end) {
  std::vector<explained_term> terms;
  for (; t != end; ++t) {
    explained_term e = read_term(*t);
    e.impact = t.get_wdf();
    for (auto p = t.positionlist_begin(); p != t.positionlist_end(); ++p) e.positions.push_back(*p);
    terms.push_back(std::move(e));
  }
  return terms;
}

// The path behind a term. A file that was never read to its end is not remembered: if the article as it is stored came
// from another one, only the hash of its path is known.
std::string file_of(const Xapian::Database& db, const article& a, const std::string& term) {
  const auto known = decode_known_file(db.get_metadata(file_key_of_term(term)));
  if (known) return known->path;
  return path_term(a.origin.file) == term ? a.origin.file : term.substr(prefix::path.size());
}

result<stored_article> read_stored(reader& r, Xapian::docid id) {
  stored_article s;
  s.document = id;
  const auto stored = r.get_record(id);
  if (!stored) return stored.error();
  auto text = r.get_text(*stored);
  if (!text) return text.error();
  s.subject = stored->fields;
  s.subject.text = std::move(*text);
  const Xapian::Database& db = r.database();
  const Xapian::Document doc = db.get_document(id);
  s.content = content_of_value(doc.get_value(slot::content));
  s.revision = revision_of_value(doc.get_value(slot::revision));
  s.terms = terms_of(db.termlist_begin(id), db.termlist_end(id));
  for (explained_term& t : s.terms) {
    if (t.kind != term_kind::path) continue;
    t.value = file_of(db, s.subject, t.term);
    s.files.push_back(t.value);
  }
  std::sort(s.files.begin(), s.files.end());
  return s;
}

}  // namespace

explained_term read_term(std::string term) {
  explained_term e;
  e.term = std::move(term);
  const std::string_view whole = e.term;
  for (const prefixed& p : k_prefixes) {
    if (!whole.starts_with(p.prefix)) continue;
    std::string_view value = whole.substr(p.prefix.size());
    if (p.kind == term_kind::stem || p.kind == term_kind::title_stem) {
      const std::size_t colon = value.find(':');
      if (colon == std::string_view::npos) break;
      e.language = value.substr(0, colon);
      value.remove_prefix(colon + 1);
    }
    e.kind = p.kind;
    e.value = value;
    return e;
  }
  e.kind = !whole.empty() && whole[0] >= 'A' && whole[0] <= 'Z' ? term_kind::unknown : term_kind::word;
  e.value = whole;
  return e;
}

std::string describe(const explained_term& t) {
  if (t.kind == term_kind::word) return "exact word";
  for (const prefixed& p : k_prefixes) {
    if (p.kind != t.kind) continue;
    if (t.language.empty()) return std::string(p.name);
    return fmt::format("{} ({})", p.name, t.language == k_unstemmed ? "unstemmed" : t.language);
  }
  return "unknown to this version";
}

std::string_view describe(token_kind k) noexcept {
  switch (k) {
    case token_kind::word:
      return "word";
    case token_kind::part:
      return "part";
    case token_kind::compound:
      return "compound";
    case token_kind::elided:
      return "elided";
    case token_kind::acronym:
      return "acronym";
    case token_kind::symbol:
      return "symbol";
    case token_kind::unigram:
      return "unigram";
    case token_kind::bigram:
      return "bigram";
  }
  return "unknown";
}

term_differences compare(const std::vector<explained_term>& stored, const std::vector<explained_term>& now) {
  term_differences d;
  auto s = stored.begin();
  auto n = now.begin();
  const auto keep = [](std::vector<explained_term>& to, const explained_term& t) {
    if (t.kind != term_kind::path) to.push_back(t);
  };
  while (s != stored.end() || n != now.end()) {
    if (n == now.end() || (s != stored.end() && s->term < n->term)) {
      keep(d.only_stored, *s++);
    } else if (s == stored.end() || n->term < s->term) {
      keep(d.only_now, *n++);
    } else {
      if (*s != *n && s->kind != term_kind::path) d.changed.push_back(*n);
      ++s;
      ++n;
    }
  }
  return d;
}

explainer::explainer() : explainer(std::make_unique<impl>(impact_model{}, std::string{}, std::nullopt)) {}
explainer::explainer(std::unique_ptr<impl> p) : impl_(std::move(p)) {}
explainer::explainer(explainer&&) noexcept = default;
explainer& explainer::operator=(explainer&&) noexcept = default;
explainer::~explainer() = default;

result<explainer> explainer::open(const std::filesystem::path& folder) {
  auto opened = reader::open(folder);
  if (!opened) return opened.error();
  try {
    const Xapian::Database& db = opened->database();
    const auto model = impact_model::parse(db.get_metadata(std::string(key::impact)));
    if (!model) {
      return error{errc::index_damaged,
                   fmt::format("{}: its impact model is missing; restore a snapshot or rebuild", folder.string())};
    }
    std::string main_language = db.get_metadata(std::string(key::main_language));
    return explainer(std::make_unique<impl>(*model, std::move(main_language), std::move(*opened)));
  } catch (...) {
    return caught_error(folder.string());
  }
}

bool explainer::has_index() const noexcept {
  return impl_->index.has_value();
}
std::uint64_t explainer::articles() const noexcept {
  const auto& index = impl_->index;
  return index ? index->info().articles : 0;
}
std::uint64_t explainer::revision() const noexcept {
  const auto& index = impl_->index;
  return index ? index->info().revision : 0;
}

article_explanation explainer::explain(article a) {
  impl& i = *impl_;
  settle_language(a, i.run.main_language);
  article_explanation e;
  e.stem_language = stem_language(a.language, i.run.main_language);
  e.content = content_hash(a);
  // As document_builder does; a test holds these tokens to the terms that it makes.
  if (!a.title_derived) i.words.analyze(a.title, e.title);
  i.words.analyze(a.text, e.text);
  e.text_offset = e.title.last_position() + k_title_gap;
  draft_document draft;
  i.builder.build(a, 0, e.content, draft);
  const Xapian::Document doc = draft.as_xapian();
  e.terms = terms_of(doc.termlist_begin(), doc.termlist_end());
  for (explained_term& t : e.terms) {
    if (t.kind == term_kind::path) t.value = a.origin.file;
  }
  e.subject = std::move(a);
  return e;
}

result<std::optional<stored_article>> explainer::find(std::string_view id) {
  std::optional<stored_article> none;
  if (!impl_->index) return none;
  return impl_->ask([&](reader& r) -> result<std::optional<stored_article>> {
    const Xapian::docid document = r.find(id);
    if (document == 0) return none;
    auto stored = read_stored(r, document);
    if (!stored) return stored.error();
    return std::optional<stored_article>(std::move(*stored));
  });
}

}  // namespace rapporteur::index
