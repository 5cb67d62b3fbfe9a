#include "index/served_database.hpp"

#include "index/durable.hpp"
#include "index/file_terms.hpp"
#include "index/generation.hpp"
#include "index/language.hpp"
#include "index/schema.hpp"
#include "index/text_store.hpp"

#include <algorithm>
#include <stdexcept>

namespace rapporteur::index {

served_database::served_database(const std::filesystem::path& index, const std::string& generation, run_context& run)
    : index_(index),
      generation_(generation),
      run_(run),
      db_((index / generation).string(), Xapian::DB_OPEN),
      builder_(run.model, run.main_language),
      codec_(run.dictionary, run.zstd_level),
      records_(run.records, false) {
  // A run becomes visible as a whole; Xapian still writes postings out when its buffer is full.
  db_.begin_transaction(true);
}

Xapian::docid served_database::find(const std::string& article_id) const {
  const std::string term = id_term(article_id);
  const Xapian::PostingIterator p = db_.postlist_begin(term);
  return p == db_.postlist_end(term) ? 0 : *p;
}

write_outcome served_database::add(article& a) {
  settle_language(a, run_.main_language);
  const std::string content = content_hash(a);
  const Xapian::docid known = find(a.id);
  std::vector<std::string> files;
  write_outcome what = write_outcome::added;
  if (known != 0) {
    files = path_terms_of(db_, known);
    Xapian::Document old = db_.get_document(known);
    if (old.get_value(slot::content) == content_value(content)) {
      if (!a.origin.file.empty()) {
        of_file_.push_back(known);
        const std::string own = path_term(a.origin.file);
        if (std::find(files.begin(), files.end(), own) == files.end()) {
          old.add_boolean_term(own);
          old.add_value(slot::revision, revision_value(run_.revision));
          db_.replace_document(known, old);
          return write_outcome::claimed;
        }
      }
      return write_outcome::unchanged;
    }
    drop_text(db_, records_, known);
    what = write_outcome::replaced;
  }
  const std::uint64_t number = run_.next_text.fetch_add(1, std::memory_order_relaxed);
  builder_.build(a, number, content, draft_);
  for (const std::string& f : files) draft_.add_filter(f);
  draft_.set_data(records_.pack(draft_.data()));
  draft_.set_value(slot::revision, revision_value(run_.revision));
  keep_text(db_, codec_, a.text, number, builder_.directory());
  Xapian::docid id = known;
  if (known != 0)
    db_.replace_document(known, draft_.as_xapian());
  else
    id = db_.add_document(draft_.as_xapian());
  if (!a.origin.file.empty()) of_file_.push_back(id);
  return what;
}

void served_database::erase(Xapian::docid id) {
  drop_text(db_, records_, id);
  db_.delete_document(id);
}

bool served_database::remove(const std::string& id) {
  const Xapian::docid known = find(id);
  if (known == 0) return false;
  erase(known);
  return true;
}

void served_database::begin_file() {
  of_file_.clear();
}

// Articles that say that they were read from a file, and were not when it was read now.
std::vector<Xapian::docid> served_database::gone_from(const std::string& term) const {
  std::vector<Xapian::docid> gone;
  for (auto p = db_.postlist_begin(term); p != db_.postlist_end(term); ++p) {
    if (!std::binary_search(of_file_.begin(), of_file_.end(), *p)) gone.push_back(*p);
  }
  return gone;
}

// Takes the file's name from articles that it no longer has, and removes those that no other file has.
file_end served_database::give_up(const std::string& path, const std::vector<Xapian::docid>& gone) {
  const std::string own = path_term(path);
  file_end end;
  for (const Xapian::docid id : gone) {
    Xapian::Document doc = db_.get_document(id);
    const auto stored = records_.unpack(doc.get_data());
    if (path_terms_of(db_, id).size() == 1) {
      if (stored) end.removed.push_back(stored->fields.id);
      erase(id);
      continue;
    }
    doc.remove_term(own);
    doc.add_value(slot::revision, revision_value(run_.revision));
    db_.replace_document(id, doc);
    // What the article says was read from this file, and the others may say it otherwise.
    if (!stored || stored->fields.origin.file != path) continue;
    for (const std::string& term : path_terms_of(db_, id)) {
      const auto other = decode_known_file(db_.get_metadata(file_key_of_term(term)));
      if (other) end.read_again.push_back(other->path);
    }
  }
  std::sort(end.read_again.begin(), end.read_again.end());
  end.read_again.erase(std::unique(end.read_again.begin(), end.read_again.end()), end.read_again.end());
  return end;
}

file_end served_database::end_file(const known_file& file, bool prune) {
  std::sort(of_file_.begin(), of_file_.end());
  const std::vector<Xapian::docid> gone = gone_from(path_term(file.path));
  of_file_.clear();
  file_end end;
  known_file now = file;
  if (prune)
    end = give_up(file.path, gone);
  else
    now.kept = gone.size();
  const std::string key = file_key(file.path);
  const std::string value = encode_known_file(now);
  if (db_.get_metadata(key) != value) {
    db_.set_metadata(key, value);
    noted_ = true;
  }
  return end;
}

file_end served_database::drop_file(const std::string& path) {
  of_file_.clear();
  file_end end = give_up(path, gone_from(path_term(path)));
  db_.set_metadata(file_key(path), "");
  noted_ = true;
  return end;
}

void served_database::finish(const metadata_list& metadata, bool changed) {
  if (!changed && !noted_) {
    db_.cancel_transaction();
    db_.close();
    return;
  }
  // What is noted of files alone is no new revision: no answer changes.
  if (changed) {
    for (const auto& [name, value] : metadata) db_.set_metadata(name, value);
    // Only now, behind everything that was queued, is it known which numbers are used.
    db_.set_metadata(std::string(key::next_text), std::to_string(run_.next_text.load()));
  }
  // Somebody may be copying the files of this revision.
  const auto alone = commit_lock::exclusive(index_);
  if (!alone) throw std::runtime_error(alone.error().message);
  db_.commit_transaction();
  db_.close();
  // Xapian syncs its files and renames the one that names the revision, but does not sync the folder. Without that a
  // loss of power could bring back a revision whose blocks the next run has overwritten.
  if (auto flushed = flush_to_disk(index_ / generation_); !flushed) throw std::runtime_error(flushed.error().message);
}

}  // namespace rapporteur::index
