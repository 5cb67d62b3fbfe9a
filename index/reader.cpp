#include "index/reader.hpp"

#include "index/file_terms.hpp"
#include "index/generation.hpp"
#include "index/language.hpp"
#include "index/record_codec.hpp"
#include "index/schema.hpp"
#include "index/stemming.hpp"
#include "index/text_codec.hpp"
#include "index/xapian_error.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

namespace rapporteur::index {

namespace fs = std::filesystem;

namespace {

/// Of the version file, which each commit replaces. A block that a commit does without is written again by a later one,
/// so that nothing that this one shows changes before there is another.
struct commit_stamp {
  ino_t file = 0;
  std::int64_t seconds = 0, nanoseconds = 0;
  off_t bytes = 0;
  bool operator==(const commit_stamp&) const = default;
};

std::optional<commit_stamp> stamp_of(const fs::path& database) {
  struct stat s {};
  if (::stat((database / "iamglass").c_str(), &s) != 0) return std::nullopt;
  return commit_stamp{s.st_ino, s.st_mtim.tv_sec, s.st_mtim.tv_nsec, s.st_size};
}

// Throws Xapian::DatabaseModifiedError if another commit came between.
std::unique_ptr<database_view> view_of(const fs::path& path, const Xapian::Database& db) {
  auto view = std::make_unique<database_view>(path);
  if (view->revision() != db.get_revision())
    throw Xapian::DatabaseModifiedError(fmt::format("{} was changed while it was opened", path.string()));
  return view;
}

}  // namespace

struct reader::impl {
  fs::path folder;
  Xapian::Database db;
  std::unique_ptr<database_view> view;  // of the same revision
  index_info info;
  std::vector<std::string> languages;
  std::vector<std::uint32_t> dates;
  std::string main_language;
  text_codec codec{""};
  record_dictionaries dictionaries;
  record_codec records{dictionaries, false};
  std::optional<commit_stamp> stamp;  // taken before the database was opened: never newer than what it shows
  bool whole = false;                 // false: a move to another state failed half-way, and nothing may be read from db

  [[nodiscard]] database_view& seen() const {
    if (!view) throw Xapian::DatabaseClosedError("the index could not be opened again");
    return *view;
  }

  // Takes over what an open database says of itself; lets Xapian's exceptions through.
  result<void> describe(Xapian::Database& database, const std::string& generation) {
    const std::string path = (folder / generation).string();
    const std::string format = database.get_metadata(std::string(key::format));
    const std::string analysis = database.get_metadata(std::string(key::analysis));
    if (format != std::to_string(k_format_version)) {
      return error{
          errc::index_mismatch,
          fmt::format("{}: index format “{}”, this program reads format {}; rebuild the index with this version's "
                      "rapporteur-index",
                      path, format, k_format_version)};
    }
    if (analysis != analysis_fingerprint()) {
      return error{
          errc::index_mismatch,
          fmt::format("{}: built with other rules for words (“{}”, this program has “{}”), so that searches would miss "
                      "articles; rebuild the index with this version's rapporteur-index",
                      path, analysis, analysis_fingerprint())};
    }
    // Taken over all together at the end: any of this may find that the index has moved on.
    index_info now;
    now.generation = generation;
    now.articles = database.get_doccount();
    now.revision = metadata_number(database.get_metadata(std::string(key::revision)));
    now.as_of = database.get_metadata(std::string(key::as_of));
    std::vector<std::pair<std::uint64_t, std::string>> counted;
    for (auto t = database.allterms_begin(std::string(prefix::language));
         t != database.allterms_end(std::string(prefix::language)); ++t) {
      counted.emplace_back(t.get_termfreq(), (*t).substr(prefix::language.size()));
    }
    std::sort(counted.begin(), counted.end(), [](const auto& a, const auto& b) {
      return a.first > b.first || (a.first == b.first && a.second < b.second);
    });
    std::string main = database.get_metadata(std::string(key::main_language));
    if (info.generation != generation) {
      // A generation keeps its dictionaries.
      text_codec texts(database.get_metadata(std::string(key::dictionary)));
      dictionaries.set(record_dictionaries::read(database));
      records = record_codec(dictionaries, false);
      codec = std::move(texts);
    }
    dates.clear();
    languages.clear();
    for (auto& [frequency, language] : counted) languages.push_back(std::move(language));
    main_language = std::move(main);
    info = std::move(now);
    return {};
  }

  result<void> open_generation(const std::string& generation) {
    const std::string path = (folder / generation).string();
    try {
      const auto before = stamp_of(path);
      Xapian::Database fresh(path);
      auto seen = view_of(path, fresh);
      if (auto described = describe(fresh, generation); !described) return described;
      db = std::move(fresh);
      view = std::move(seen);
      stamp = before;
      whole = true;
      return {};
    } catch (const Xapian::DatabaseModifiedError&) {
      return error{errc::index_changing, "the index is changing faster than it can be opened; try again"};
    } catch (const Xapian::DatabaseOpeningError& e) {
      return error{errc::index_damaged,
                   fmt::format("{}: cannot be opened: {}; restore a snapshot or rebuild the index", path, e.get_msg())};
    } catch (const Xapian::Error& e) {
      return error{errc::index_damaged,
                   fmt::format("{}: {}; restore a snapshot or rebuild the index", path, e.get_msg())};
    } catch (const std::length_error&) {
      return impossible_length(path);
    }
  }

  // Moves to the newest commit of the open generation. True if there was one.
  result<bool> reopen() {
    try {
      // What fails between the two leaves tables of several revisions, and Xapian would not look at them again.
      const auto before = stamp_of(folder / info.generation);
      const bool was_whole = std::exchange(whole, false);
      const bool moved = db.reopen();
      if (moved) {
        auto seen = view_of(folder / info.generation, db);
        if (auto described = describe(db, info.generation); !described) return described.error();
        view = std::move(seen);
      }
      // What was read while something was written may be of two states.
      if (before != stamp && view) view->forget();
      whole = was_whole;
      stamp = before;
      return moved;
    } catch (const Xapian::DatabaseModifiedError&) {
      return error{errc::index_changing, "the index is changing faster than it can be read; try again"};
    } catch (const Xapian::Error& e) {
      return error{errc::index_damaged, fmt::format("{}: {}", folder.string(), e.get_msg())};
    } catch (const std::length_error&) {
      return impossible_length(folder.string());
    }
  }
};

namespace {

error no_index(const fs::path& folder) {
  return {errc::index_missing,
          fmt::format("{}: no index here yet; build one with rapporteur-index --index {} add PATH…", folder.string(),
                      folder.string())};
}

}  // namespace

result<reader> reader::open(const fs::path& folder) {
  auto i = std::make_unique<impl>();
  i->folder = folder;
  // A rebuild may retire a generation between the reading of the pointer and the opening: look once more.
  result<void> opened{};
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto current = read_current(folder);
    if (!current || current->empty()) {
      opened = current ? no_index(folder) : current.error();
      break;
    }
    opened = i->open_generation(*current);
    if (!opened && opened.error().code != errc::index_mismatch) continue;
    // One that was retired meanwhile may have been opened without the files that were removed already.
    const auto still = read_current(folder);
    if (!still || still->empty() || *still == *current) break;
  }
  if (!opened && opened.error().code != errc::index_mismatch) {
    // A pointer that was lost or spoiled must not take a good index out of service.
    const std::string newest = newest_generation(folder);
    if (!newest.empty() && i->open_generation(newest)) {
      const fs::path pointer = folder / "current";
      const std::string reason =
          opened.error().code == errc::index_missing
              ? fmt::format("{} is missing, which names the generation to read", pointer.string())
              : opened.error().message;
      i->info.problem = fmt::format("{}; the newest generation, {}, is read instead; to make it current: echo {} > {}",
                                    reason, newest, newest, pointer.string());
      opened = {};
    }
  }
  if (!opened) return opened.error();
  return reader(std::move(i));
}

result<bool> reader::refresh() {
  constexpr int k_looks = 4;
  impl& i = *impl_;
  bool moved = false;
  for (int look = 1;; ++look) {
    const auto current = read_current(i.folder);
    std::string wanted = current && !current->empty() ? *current : i.info.generation;
    result<bool> step = false;
    if (wanted != i.info.generation || !i.whole) {
      const auto opened = i.open_generation(wanted);
      step = opened ? result<bool>(true) : result<bool>(opened.error());
      // A pointer to nothing: what is open is still there.
      const bool spoiled = !opened && opened.error().code != errc::index_mismatch &&
                           opened.error().code != errc::index_changing && i.whole && look == k_looks;
      if (spoiled) return i.reopen();
      if (opened) i.info.problem.clear();
    } else {
      step = i.reopen();
    }
    if (step && !*step) return moved;
    moved = moved || step;
    // A generation that was retired meanwhile may have been opened without the files that were removed already.
    const auto still = read_current(i.folder);
    const bool retired = still && !still->empty() && *still != wanted;
    if (step && !retired) return true;
    const bool again = retired || step.error().code == errc::index_changing || step.error().code == errc::index_damaged;
    if (look < k_looks && again) continue;
    if (step) return true;
    // Rather no answer than one that is put together from two states.
    if (!i.whole) {
      i.db.close();
      i.view.reset();
    }
    return step.error();
  }
}

bool reader::is_untouched() const {
  // What is not there any more is still open here, and nobody writes to it.
  const auto now = stamp_of(impl_->folder / impl_->info.generation);
  return !now || now == impl_->stamp;
}

bool reader::is_usable() const noexcept {
  return impl_->whole;
}

const index_info& reader::info() const noexcept {
  return impl_->info;
}
Xapian::Database& reader::database() noexcept {
  return impl_->db;
}
database_view& reader::view() {
  return impl_->seen();
}
const std::vector<std::uint32_t>& reader::dates() {
  if (impl_->dates.empty()) {
    std::vector<std::uint32_t> all(std::size_t{impl_->seen().last_document()} + 1);
    const auto end = impl_->db.valuestream_end(slot::newest);
    for (auto v = impl_->db.valuestream_begin(slot::newest); v != end; ++v) {
      std::uint32_t n = 0;
      for (const char c : *v) n = n << 8U | static_cast<unsigned char>(c);
      if (v.get_docid() < all.size()) all[v.get_docid()] = n;
    }
    impl_->dates = std::move(all);
  }
  return impl_->dates;
}

const std::vector<std::string>& reader::languages() const noexcept {
  return impl_->languages;
}

std::string_view reader::stem_language(const article& a) const noexcept {
  return index::stem_language(a.language, impl_->main_language);
}

Xapian::docid reader::find(std::string_view article_id) {
  if (article_id.empty() || article_id.size() > k_max_article_id_bytes) return 0;
  const std::string term = id_term(article_id);
  const Xapian::PostingIterator p = impl_->db.postlist_begin(term);
  return p == impl_->db.postlist_end(term) ? 0 : *p;
}

std::string reader::content_hash_of(article& a) const {
  settle_language(a, impl_->main_language);
  return content_hash(a);
}

result<std::string> reader::content_of(std::string_view article_id) {
  try {
    const Xapian::docid id = find(article_id);
    return id == 0 ? std::string() : content_of_value(impl_->db.get_document(id).get_value(slot::content));
  } catch (...) {
    return caught_error(impl_->folder.string());
  }
}

result<std::optional<known_file>> reader::find_file(std::string_view path) {
  return find_known_file(impl_->db, path);
}

result<void> reader::for_each_file(const std::function<void(const known_file&)>& f) {
  return for_each_known_file(impl_->db, f);
}

result<std::vector<std::pair<std::string, std::size_t>>> reader::articles_of(std::string_view path) {
  std::vector<std::pair<std::string, std::size_t>> articles;
  try {
    const std::string own = path_term(path);
    for (auto p = impl_->db.postlist_begin(own); p != impl_->db.postlist_end(own); ++p) {
      if (auto r = get_record(*p)) articles.emplace_back(std::move(r->fields.id), path_terms_of(impl_->db, *p).size());
    }
  } catch (...) {
    return caught_error(impl_->folder.string());
  }
  return articles;
}

result<record> reader::get_record(Xapian::docid id) {
  if (const auto stored = impl_->seen().data(id)) return impl_->records.unpack(*stored);
  return impl_->records.unpack(impl_->db.get_document(id).get_data());
}

result<std::string> reader::get_text(const record& r) {
  auto text = open_text(r);
  if (!text) return text.error();
  text->need(0, text->size());
  if (!text->failure()) return text->failure().error();
  return std::move(*text).take();
}

result<block_text> reader::open_text(const record& r) {
  if (r.text_bytes == 0) return block_text(std::string());
  const std::string_view stored = impl_->seen().metadata(text_key(r.text_number));
  if (r.text_bytes <= k_whole_text_bytes) {
    auto text = impl_->codec.decompress(stored, r.text_bytes);
    if (!text) return text.error();
    return block_text(std::move(*text));
  }
  auto directory = decode_directory(std::string(stored), r.text_bytes);
  if (!directory) return directory.error();
  return block_text(std::move(*directory),
                    [i = impl_.get(), number = r.text_number](std::size_t b, std::span<char> to) {
                      return i->codec.decompress(i->seen().metadata(text_block_key(number, b)), to);
                    });
}

reader::reader(std::unique_ptr<impl> p) : impl_(std::move(p)) {}
reader::reader(reader&&) noexcept = default;
reader& reader::operator=(reader&&) noexcept = default;
reader::~reader() = default;

}  // namespace rapporteur::index
