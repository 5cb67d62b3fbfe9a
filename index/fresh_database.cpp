#include "index/fresh_database.hpp"

#include "index/language.hpp"
#include "index/record.hpp"
#include "index/schema.hpp"
#include "index/text_store.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <utility>

namespace rapporteur::index {
namespace {

/// What an article costs besides its text: its terms and values.
constexpr std::size_t k_article_bytes = 512;

/// Closed segments that are kept open for looking: each takes five descriptors.
constexpr std::size_t k_open_segments = 16;

Xapian::docid find_in(const Xapian::Database& db, const std::string& term) {
  const Xapian::PostingIterator p = db.postlist_begin(term);
  return p == db.postlist_end(term) ? 0 : *p;
}

}  // namespace

fresh_database::fresh_database(std::filesystem::path stem, run_context& run, segment_bounds bounds)
    : stem_(std::move(stem)),
      run_(run),
      bounds_(bounds),
      builder_(run.model, run.main_language),
      codec_(run.dictionary, run.zstd_level) {}

fresh_database::~fresh_database() = default;

void fresh_database::open_segment() {
  std::filesystem::path path = stem_;
  path += std::to_string(paths_.size());
  open_ = Xapian::WritableDatabase(
      path.string(), Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS | Xapian::DB_NO_SYNC | Xapian::DB_DANGEROUS);
  paths_.push_back(std::move(path));
  is_open_ = true;
  unflushed_ = 0;
  in_segment_ = 0;
}

void fresh_database::close_segment() {
  if (!is_open_) return;
  open_.commit();
  open_.close();
  is_open_ = false;
}

Xapian::Database& fresh_database::database(std::size_t segment) {
  if (is_open_ && segment + 1 == paths_.size()) return open_;
  const auto known = closed_.find(segment);
  if (known != closed_.end()) return known->second;
  if (closed_.size() >= k_open_segments) closed_.clear();
  return closed_.emplace(segment, Xapian::Database(paths_[segment].string())).first->second;
}

fresh_database::place fresh_database::find(const std::string& article_id) {
  if (!ids_.contains(XXH3_64bits(article_id.data(), article_id.size()))) return {};
  const std::string term = id_term(article_id);
  // The newest first: it is what counts.
  for (std::size_t s = paths_.size(); s-- > 0;) {
    const Xapian::docid id = find_in(database(s), term);
    if (id == 0) continue;
    const auto dead = superseded_.find(s);
    if (dead != superseded_.end() && std::find(dead->second.begin(), dead->second.end(), id) != dead->second.end())
      continue;
    return {s, id};
  }
  return {};
}

void fresh_database::supersede(const place& p) {
  if (is_open_ && p.segment + 1 == paths_.size()) {
    drop_text(open_, p.id);
    open_.delete_document(p.id);
  } else {
    superseded_[p.segment].push_back(p.id);
  }
}

write_outcome fresh_database::add(article& a) {
  settle_language(a, run_.main_language);
  const std::string content = content_hash(a);
  const place known = find(a.id);
  write_outcome what = write_outcome::added;
  std::vector<std::string> files;
  if (known.id != 0) {
    Xapian::Database& db = database(known.segment);
    what = db.get_document(known.id).get_value(slot::content) == content ? write_outcome::unchanged
                                                                         : write_outcome::replaced;
    const std::string own = path_term(a.origin.file);
    bool claimed = a.origin.file.empty();
    for (auto t = db.termlist_begin(known.id); t != db.termlist_end(known.id); ++t) {
      if (!(*t).starts_with(prefix::path)) continue;
      claimed = claimed || *t == own;
      files.push_back(*t);
    }
    if (what == write_outcome::unchanged && claimed) return what;
    supersede(known);
  }
  if (!is_open_) open_segment();
  const std::uint64_t number = run_.next_text.fetch_add(1, std::memory_order_relaxed);
  draft_document draft;
  builder_.build(a, number, content, draft);
  for (const std::string& f : files) draft.add_filter(f);
  draft.set_value(slot::revision, revision_value(run_.revision));
  keep_text(open_, codec_, a.text, number, builder_.directory());
  open_.add_document(draft.as_xapian());
  ids_.insert(XXH3_64bits(a.id.data(), a.id.size()));
  unflushed_ += a.text.size() + k_article_bytes;
  in_segment_ += a.text.size() + k_article_bytes;
  if (unflushed_ >= bounds_.flush_bytes) {
    open_.commit();
    unflushed_ = 0;
  }
  if (in_segment_ >= bounds_.close_bytes) close_segment();
  return what;
}

bool fresh_database::remove(const std::string& id) {
  const place known = find(id);
  if (known.id == 0) return false;
  supersede(known);
  return true;
}

file_end fresh_database::end_file(const known_file& file, bool /*prune*/) {
  set_metadata(file_key(file.path), encode_known_file(file));
  return {};  // nothing was there before the run
}

file_end fresh_database::drop_file(const std::string& /*path*/) {
  return {};
}

void fresh_database::set_metadata(const std::string& key, const std::string& value) {
  if (!is_open_) open_segment();
  open_.set_metadata(key, value);
}

void fresh_database::finish(const metadata_list& metadata, bool /*changed*/) {
  for (const auto& [name, value] : metadata) set_metadata(name, value);
  if (paths_.empty()) open_segment();
  close_segment();
  closed_.clear();
  for (const auto& [segment, ids] : superseded_) {
    Xapian::WritableDatabase db(paths_[segment].string(), Xapian::DB_OPEN | Xapian::DB_NO_SYNC | Xapian::DB_DANGEROUS);
    for (const Xapian::docid id : ids) {
      drop_text(db, id);
      db.delete_document(id);
    }
    db.commit();
  }
}

}  // namespace rapporteur::index
