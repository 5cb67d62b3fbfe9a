#include "index/fresh_database.hpp"

#include "index/language.hpp"
#include "index/schema.hpp"
#include "index/text_store.hpp"

#include <xxhash.h>

#include <algorithm>
#include <utility>

namespace rapporteur::index {
namespace {

/// Closed segments that are kept open for looking: each takes five descriptors.
constexpr std::size_t k_open_segments = 16;

/// What is remembered of an article in the open segment, roughly.
constexpr std::size_t k_remembered_bytes = 256;

/// Files whose entries are held back until they make a segment of their own.
constexpr std::size_t k_held_files = 20000;

}  // namespace

fresh_database::fresh_database(std::filesystem::path stem, run_context& run, std::size_t memory)
    : stem_(std::move(stem)),
      run_(run),
      memory_(memory),
      builder_(run.model, run.main_language),
      codec_(run.dictionary, run.zstd_level),
      records_(run.records, true) {}

fresh_database::~fresh_database() = default;

std::filesystem::path fresh_database::next_path() const {
  std::filesystem::path path = stem_;
  path += std::to_string(paths_.size());
  return path;
}

void fresh_database::close_segment() {
  if (!open_) return;
  open_->finish();
  open_.reset();
  in_open_.clear();
}

Xapian::Database& fresh_database::database(std::size_t segment) {
  const auto known = closed_.find(segment);
  if (known != closed_.end()) return known->second;
  if (closed_.size() >= k_open_segments) closed_.clear();
  return closed_.emplace(segment, Xapian::Database(paths_[segment].string())).first->second;
}

fresh_database::written fresh_database::find(const std::string& article_id) {
  if (!ids_.contains(XXH3_64bits(article_id.data(), article_id.size()))) return {};
  if (const auto known = in_open_.find(article_id); known != in_open_.end()) return known->second;
  const std::string term = id_term(article_id);
  // The newest first: it is what counts.
  for (std::size_t s = paths_.size(); s-- > 0;) {
    if (open_ && s == open_number_) continue;
    Xapian::Database& db = database(s);
    const auto dead = superseded_.find(s);
    for (auto p = db.postlist_begin(term); p != db.postlist_end(term); ++p) {
      if (dead != superseded_.end() && dead->second.contains(*p)) continue;
      written w{s, *p, content_of_value(db.get_document(*p).get_value(slot::content)), {}};
      for (auto t = db.termlist_begin(w.id); t != db.termlist_end(w.id); ++t) {
        if ((*t).starts_with(prefix::path)) w.files.push_back(*t);
      }
      return w;
    }
  }
  return {};
}

write_outcome fresh_database::add(article& a) {
  settle_language(a, run_.main_language);
  written now;
  now.content = content_hash(a);
  written known = find(a.id);
  write_outcome what = write_outcome::added;
  if (known.id != 0) {
    what = known.content == now.content ? write_outcome::unchanged : write_outcome::replaced;
    const bool claimed =
        a.origin.file.empty() || std::ranges::find(known.files, path_term(a.origin.file)) != known.files.end();
    if (what == write_outcome::unchanged && claimed) return what;
    superseded_[known.segment].insert(known.id);
    now.files = std::move(known.files);
  }
  if (!open_) {
    open_number_ = paths_.size();
    paths_.push_back(next_path());
    open_ = std::make_unique<segment_writer>(paths_.back());
  }
  const std::uint64_t number = run_.next_text.fetch_add(1, std::memory_order_relaxed);
  builder_.build(a, number, now.content, draft_);
  for (const std::string& f : now.files) draft_.add_filter(f);
  draft_.set_data(records_.pack(draft_.data()));
  draft_.set_value(slot::revision, revision_value(run_.revision));
  for_each_entry(codec_, a.text, number, builder_.directory(),
                 [this](const std::string& key, const std::string& value) { open_->set_metadata(key, value); });
  now.segment = open_number_;
  now.id = open_->add(draft_);
  if (!a.origin.file.empty()) {
    const std::string own = path_term(a.origin.file);
    if (std::ranges::find(now.files, own) == now.files.end()) now.files.push_back(own);
  }
  ids_.insert(XXH3_64bits(a.id.data(), a.id.size()));
  in_open_.insert_or_assign(a.id, std::move(now));
  if (open_->memory() + in_open_.size() * k_remembered_bytes >= memory_) close_segment();
  return what;
}

bool fresh_database::remove(const std::string& id) {
  const written known = find(id);
  if (known.id == 0) return false;
  superseded_[known.segment].insert(known.id);
  in_open_.erase(id);
  return true;
}

file_end fresh_database::end_file(const known_file& file, bool /*prune*/) {
  file_metadata_.emplace_back(file_key(file.path), encode_known_file(file));
  if (file_metadata_.size() >= k_held_files) write_metadata(std::exchange(file_metadata_, {}));
  return {};  // nothing was there before the run
}

file_end fresh_database::drop_file(const std::string& /*path*/) {
  return {};
}

// As a segment of its own: keys of files and of the index come before those of texts, which are written first.
void fresh_database::write_metadata(const metadata_list& metadata) {
  paths_.push_back(next_path());
  Xapian::WritableDatabase db(paths_.back().string(),
                              Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS | Xapian::DB_NO_SYNC);
  for (const auto& [name, value] : metadata) db.set_metadata(name, value);
  db.commit();
}

void fresh_database::finish(const metadata_list& metadata, bool /*changed*/) {
  close_segment();
  closed_.clear();
  for (const auto& [segment, ids] : superseded_) {
    Xapian::WritableDatabase db(paths_[segment].string(), Xapian::DB_OPEN | Xapian::DB_NO_SYNC);
    for (const Xapian::docid id : ids) {
      drop_text(db, records_, id);
      db.delete_document(id);
    }
    db.commit();
  }
  file_metadata_.insert(file_metadata_.end(), metadata.begin(), metadata.end());
  if (!file_metadata_.empty() || paths_.empty()) write_metadata(file_metadata_);
}

}  // namespace rapporteur::index
