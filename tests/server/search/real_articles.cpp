#include "tests/server/search/real_articles.hpp"

#include "index/unicode.hpp"
#include "index/writer.hpp"
#include "indexer/source.hpp"

#include <boost/json.hpp>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace rapporteur::search {
namespace {

namespace fs = std::filesystem;

fs::path corpora() {
  return fs::path(RAPPORTEUR_SOURCE_DIR) / ".." / "shared" / "corpora" / "articles";
}

void read_own(std::vector<article>& out) {
  const std::string folder = std::string(RAPPORTEUR_SOURCE_DIR) + "/tests/articles";
  const auto listing = indexer::list_sources(
      {folder}, [](const indexer::finding&) {}, [] { return true; });
  indexer::read_events events;
  events.on_article = [&out](article a) -> result<void> {
    out.push_back(std::move(a));
    return {};
  };
  events.on_finding = [](const indexer::finding&) {};
  events.on_left_out = [](const std::string&, std::uint64_t) {};
  events.on_bytes = [](std::uint64_t) { return true; };
  for (const auto& f : listing.files) {
    if (!indexer::read_source(f, {}, {}, events)) throw std::runtime_error(f.shown);
  }
}

// Lines at equal distances in the file: reading all of it would take longer than the tests do.
void sample(const fs::path& file, std::size_t count, std::vector<article>& out) {
  std::ifstream in(file, std::ios::binary);
  const auto size = static_cast<std::size_t>(fs::file_size(file));
  std::string line;
  for (std::size_t i = 0; i < count; ++i) {
    in.clear();
    in.seekg(static_cast<std::streamoff>(size * i / count));
    std::getline(in, line);
    if (!std::getline(in, line)) continue;
    boost::system::error_code failure;
    const boost::json::value v = boost::json::parse(line, failure);
    if (failure || !v.is_object()) continue;
    const auto text = [&v](const char* key) {
      const auto* member = v.as_object().if_contains(key);
      return member != nullptr && member->is_string() ? std::string(member->as_string()) : std::string();
    };
    article a;
    a.id = file.stem().string() + "/" + std::to_string(i);
    a.title = text("title");
    a.text = text("text");
    a.language = text("lang");
    if (a.text.empty()) continue;
    if (a.title.empty()) {
      a.title = derive_title(a.text);
      a.title_derived = true;
    }
    out.push_back(std::move(a));
  }
}

}  // namespace

bool have_corpora() {
  return fs::exists(corpora());
}

std::vector<article> real_articles(std::size_t per_corpus) {
  std::vector<article> out;
  read_own(out);
  if (!have_corpora()) return out;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(corpora())) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& f : files) sample(f, per_corpus, out);
  return out;
}

std::vector<article> long_articles(const std::vector<article>& from, std::size_t count, std::size_t bytes) {
  std::vector<article> out;
  std::size_t next = 0;
  for (std::size_t n = 0; n < count; ++n) {
    article a;
    a.id = "long/" + std::to_string(n);
    a.language = from[(next + 1) % from.size()].language;
    // Few articles of the language are told again and again.
    for (std::size_t seen = 0; a.text.size() < bytes && seen < 200 * from.size(); ++seen) {
      const article& part = from[next++ % from.size()];
      // Mostly of one language, as reports are, with a quotation in another now and then.
      if (part.language == a.language || seen % 64 == 0) a.text += part.text + "\n\n";
    }
    a.title = derive_title(a.text);
    a.title_derived = true;
    out.push_back(std::move(a));
    next += 7;
  }
  return out;
}

temporary_index::temporary_index(const std::vector<article>& articles) {
  std::string name = (fs::temp_directory_path() / "rapporteur-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
  auto w = index::writer::open(path_, index::writer::mode::update, {}).value();
  for (const article& a : articles) w.add(a).value();
  w.commit().value();
}

temporary_index::~temporary_index() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void query_maker::choose_article() {
  do {
    subject_ = &articles_[below(articles_.size())];
    // A piece of a long article has words enough.
    const std::string_view text = subject_->text;
    const std::size_t begin = text.size() > 4000 ? index::break_at_or_after(text, below(text.size() - 3000)) : 0;
    analyzer_.analyze(text.substr(begin, index::break_at_or_after(text, std::min(text.size(), begin + 3000)) - begin),
                      tokens_);
  } while (tokens_.last_position() < 4);
}

// A word as the article writes it, or as its reader would type it.
std::string query_maker::word() {
  for (int attempt = 0; attempt < 50; ++attempt) {
    const index::token& t = tokens_.tokens()[below(tokens_.tokens().size())];
    if (t.kind == index::token_kind::acronym || t.kind == index::token_kind::symbol) continue;
    const std::string folded(tokens_.text(t));
    if (folded.size() < 4 && below(4) != 0) continue;
    return folded;
  }
  return "people";
}

std::string query_maker::neighbours(std::size_t n) {
  std::string out;
  std::uint32_t position = 1 + static_cast<std::uint32_t>(below(tokens_.last_position()));
  for (const index::token& t : tokens_.tokens()) {
    if (t.position != position || !index::carries_position(t.kind)) continue;
    // Characters of Han and its kind overlap: a run of them is typed without blanks.
    const bool bigram = t.kind == index::token_kind::bigram || t.kind == index::token_kind::unigram;
    if (bigram) {
      if (t.kind == index::token_kind::unigram) out += tokens_.text(t);
    } else {
      out += (out.empty() ? "" : " ") + std::string(tokens_.text(t));
    }
    if (t.kind != index::token_kind::bigram) {
      ++position;
      if (--n == 0) break;
    }
  }
  return out.empty() ? "people" : out;
}

std::string query_maker::title_words(std::size_t n) {
  index::token_list list;
  analyzer_.analyze(subject_->title, list);
  std::string out;
  for (const index::token& t : list.tokens()) {
    if (t.kind != index::token_kind::word) continue;
    out += (out.empty() ? "" : " ") + std::string(list.text(t));
    if (--n == 0) break;
  }
  return out.empty() ? "report" : out;
}

std::string query_maker::acronym() {
  for (const index::token& t : tokens_.tokens()) {
    if (t.kind == index::token_kind::acronym && below(3) != 0) return std::string(tokens_.text(t));
  }
  constexpr const char* k_known[] = {"UN", "US", "WHO", "AIDS", "IT", "EU", "NGO", "DPRK", "U.N."};
  return k_known[below(std::size(k_known))];
}

std::string query_maker::make(kind k) {
  choose_article();
  const auto quoted = [](const std::string& s) { return "\"" + s + "\""; };
  switch (k) {
    case kind::word:
      return word();
    case kind::words:
      return word() + " " + word();
    case kind::three_words:
      return word() + " " + word() + " " + word();
    case kind::phrase:
      return quoted(neighbours(2 + below(3)));
    case kind::phrase_and_word:
      return quoted(neighbours(2)) + " " + word();
    case kind::any:
      return word() + " OR " + word() + " OR " + quoted(neighbours(2));
    case kind::none: {
      const std::string wanted = word();
      choose_article();
      return wanted + " -" + word();
    }
    case kind::near:
      return word() + " NEAR/" + std::to_string(1 + below(20)) + " " + word();
    case kind::near_three:
      return word() + " NEAR/20 " + word() + " NEAR/20 " + word();
    case kind::near_phrase:
      return quoted(neighbours(2)) + " NEAR/30 (" + word() + " OR " + word() + ")";
    case kind::title:
      return "title:" + title_words(1);
    case kind::title_phrase:
      return "title:" + quoted(title_words(3));
    case kind::wildcard: {
      const std::string w = word();
      std::size_t size = 0;
      for (int characters = 0; characters < 4 && size < w.size(); ++characters)
        size += index::decode_utf8(w, size).size;
      return w.substr(0, size) + "*";
    }
    case kind::stripped:
      return index::fold(neighbours(1)) + " " + index::fold(word());
    case kind::acronym:
      return acronym();
    case kind::exact: {
      const std::string words = neighbours(2);
      const std::size_t at = subject_->text.find(words);
      return "=" + quoted(at == std::string::npos ? "the" : words);
    }
    case kind::mixed:
      return "(" + word() + " OR " + acronym() + ") " + word() + " " + quoted(neighbours(2));
    case kind::count:
      break;
  }
  return {};
}

}  // namespace rapporteur::search
