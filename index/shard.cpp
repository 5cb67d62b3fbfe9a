#include "index/shard.hpp"

#include "index/document.hpp"
#include "index/language.hpp"
#include "index/record.hpp"
#include "index/schema.hpp"
#include "index/text_codec.hpp"

#include <fmt/format.h>
#include <xapian.h>

#include <cerrno>
#include <utility>

namespace rapporteur::index {
namespace {

constexpr std::size_t k_queue_articles = 256;
constexpr std::size_t k_queue_bytes = 16 << 20;

error from_xapian(const Xapian::Error& e, const std::string& where) {
  const std::string_view type = e.get_type();
  if (type == "DatabaseLockError") {
    return {errc::index_locked, fmt::format("{}: another process is writing here: {}", where, e.get_msg())};
  }
  if (type == "DatabaseCorruptError" || type == "DatabaseVersionError") {
    return {errc::index_damaged, fmt::format("{}: {}; run rapporteur-index check, then rebuild", where, e.get_msg())};
  }
  const char* system = e.get_error_string();
  return {errc::io, fmt::format("{}: {}{}{}", where, e.get_msg(), system != nullptr ? ": " : "",
                                system != nullptr ? system : "")};
}

}  // namespace

/// What the shard's thread owns.
class shard::worker {
 public:
  worker(const std::filesystem::path& path, kind k, run_context& run)
      : kind_(k), run_(run), builder_(run.model, run.main_language), codec_(run.dictionary, run.zstd_level) {
    if (k == kind::fresh) {
      db_ = Xapian::WritableDatabase(path.string(), Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS | Xapian::DB_NO_SYNC);
    } else {
      db_ = Xapian::WritableDatabase(path.string(), Xapian::DB_OPEN);
    }
    // A run becomes visible as a whole; Xapian still writes out postings when its buffer is full.
    db_.begin_transaction(true);
  }

  write_outcome add(article& a) {
    if (a.language.empty()) {
      // A title may be all the words there are.
      a.language = detect_language(a.title_derived ? a.text : a.title + '\n' + a.text, run_.main_language);
      a.language_detected = !a.language.empty();
    }
    const std::string content = content_hash(a);
    const Xapian::docid known = find(a.id);
    write_outcome what = write_outcome::added;
    if (known != 0) {
      if (stored_content(a.id, known) == content) return write_outcome::unchanged;
      drop_text(known);
      what = write_outcome::replaced;
    }
    const std::uint64_t number = run_.next_text.fetch_add(1, std::memory_order_relaxed);
    const Xapian::Document doc = builder_.build(a, number, content);
    keep_text(a.text, number);
    Xapian::docid id = known;
    if (known != 0)
      db_.replace_document(known, doc);
    else
      id = db_.add_document(doc);
    seen_[a.id] = {id, content};
    return what;
  }

  bool remove(const std::string& article_id) {
    const Xapian::docid known = find(article_id);
    if (known == 0) return false;
    drop_text(known);
    db_.delete_document(known);
    seen_[article_id] = {0, {}};
    return true;
  }

  void finish(const std::vector<std::pair<std::string, std::string>>& metadata, bool changed) {
    if (!changed && kind_ == kind::served) {
      db_.cancel_transaction();
    } else {
      for (const auto& [name, value] : metadata) db_.set_metadata(name, value);
      db_.commit_transaction();
    }
    db_.close();
  }

 private:
  struct seen {
    Xapian::docid id = 0;
    std::string content;
  };

  Xapian::docid find(const std::string& article_id) {
    if (const auto it = seen_.find(article_id); it != seen_.end()) return it->second.id;
    if (kind_ == kind::fresh) return 0;
    const std::string term = id_term(article_id);
    const Xapian::PostingIterator p = db_.postlist_begin(term);
    return p == db_.postlist_end(term) ? 0 : *p;
  }

  std::string stored_content(const std::string& article_id, Xapian::docid id) {
    if (const auto it = seen_.find(article_id); it != seen_.end()) return it->second.content;
    return db_.get_document(id).get_value(slot::content);
  }

  void keep_text(std::string_view text, std::uint64_t number) {
    if (text.empty()) return;
    const std::optional<text_directory>& blocks = builder_.directory();
    if (!blocks) {
      db_.set_metadata(text_key(number), codec_.compress(text));
      return;
    }
    db_.set_metadata(text_key(number), encode_directory(*blocks));
    for (std::size_t b = 0; b < blocks->blocks(); ++b) {
      const std::string_view block = text.substr(blocks->begins[b], blocks->begins[b + 1] - blocks->begins[b]);
      db_.set_metadata(text_block_key(number, b), codec_.compress(block));
    }
  }

  void drop_text(Xapian::docid id) {
    const auto old = decode_record(db_.get_document(id).get_data());
    if (!old || old->text_bytes == 0) return;
    // The text's own key, and those of its blocks, which begin with it.
    const std::string key = text_key(old->text_number);
    std::vector<std::string> keys;
    for (auto k = db_.metadata_keys_begin(key); k != db_.metadata_keys_end(key); ++k) keys.push_back(*k);
    for (const std::string& k : keys) db_.set_metadata(k, "");
  }

  kind kind_;
  run_context& run_;
  Xapian::WritableDatabase db_;
  document_builder builder_;
  text_codec codec_;
  std::unordered_map<std::string, seen> seen_;
};

shard::shard(std::filesystem::path database, kind k, run_context& run)
    : path_(std::move(database)), kind_(k), run_(run), thread_([this] { work(); }) {}

shard::~shard() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    queue_.clear();
  }
  wake_worker_.notify_all();
  thread_.join();
}

void shard::fail(error e) {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(e);
    queue_.clear();
    queued_bytes_ = 0;
  }
  wake_caller_.notify_all();
}

void shard::work() {
  try {
    worker w(path_, kind_, run_);
    while (true) {
      job j;
      {
        std::unique_lock lock(mutex_);
        wake_worker_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;  // the worker's database is closed without a commit
        j = std::move(queue_.front());
        queue_.pop_front();
        queued_bytes_ -= j.subject.text.size();
      }
      wake_caller_.notify_all();
      handle(w, j);
      if (j.kind == job::what::finish) return;
    }
  } catch (const Xapian::Error& e) {
    fail(from_xapian(e, path_.string()));
  } catch (const std::exception& e) {
    fail({errc::internal, fmt::format("{}: {}", path_.string(), e.what())});
  }
}

void shard::handle(worker& w, job& j) {
  if (j.kind == job::what::add) {
    std::string id = j.subject.id;
    const write_outcome what = w.add(j.subject);
    if (what != write_outcome::unchanged) changed_ = true;
    const std::lock_guard lock(mutex_);
    outcomes_.push_back({std::move(id), what});
    return;
  }
  bool reply = true;
  if (j.kind == job::what::remove) {
    reply = w.remove(j.subject.id);
    if (reply) changed_ = true;
  } else {
    w.finish(j.metadata, changed_);
  }
  {
    const std::lock_guard lock(mutex_);
    reply_ = reply;
  }
  wake_caller_.notify_all();
}

result<void> shard::push(article a) {
  std::unique_lock lock(mutex_);
  wake_caller_.wait(lock, [this] {
    return failure_ || queue_.empty() || (queue_.size() < k_queue_articles && queued_bytes_ < k_queue_bytes);
  });
  if (failure_) return *failure_;
  queued_bytes_ += a.text.size();
  queue_.push_back({job::what::add, std::move(a), {}});
  lock.unlock();
  wake_worker_.notify_one();
  return {};
}

result<bool> shard::run_and_wait(job j) {
  std::unique_lock lock(mutex_);
  if (failure_) return *failure_;
  reply_.reset();
  queued_bytes_ += j.subject.text.size();
  queue_.push_back(std::move(j));
  wake_worker_.notify_one();
  wake_caller_.wait(lock, [this] { return failure_ || reply_; });
  if (failure_) return *failure_;
  return *reply_;
}

result<bool> shard::remove(const std::string& id) {
  job j;
  j.kind = job::what::remove;
  j.subject.id = id;
  return run_and_wait(std::move(j));
}

result<void> shard::finish(const std::vector<std::pair<std::string, std::string>>& metadata) {
  job j;
  j.kind = job::what::finish;
  j.metadata = metadata;
  auto outcome = run_and_wait(std::move(j));
  if (!outcome) return outcome.error();
  return {};
}

std::vector<shard_outcome> shard::take_outcomes() {
  const std::lock_guard lock(mutex_);
  return std::exchange(outcomes_, {});
}

}  // namespace rapporteur::index
