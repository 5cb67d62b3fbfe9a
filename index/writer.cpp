// The writer behind index/writer.hpp: opens the generation to write, hands articles to shards, publishes the run.
#include "index/writer.hpp"

#include "index/document.hpp"
#include "index/durable.hpp"
#include "index/file_terms.hpp"
#include "index/fresh_database.hpp"
#include "index/generation.hpp"
#include "index/impact.hpp"
#include "index/language.hpp"
#include "index/merge.hpp"
#include "index/schema.hpp"
#include "index/served_database.hpp"
#include "index/shard.hpp"
#include "index/stemming.hpp"
#include "index/text_codec.hpp"
#include "index/unicode.hpp"
#include "index/xapian_error.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <xapian.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_sample_bytes = 64 << 20;  // of articles held back until the sample is complete

/// Documents that Xapian gathers before it writes postings out in the served database. Its default of 10,000 takes
/// gigabytes and more time (its maps grow beyond the processor's caches).
constexpr const char* k_flush_documents = "250";

std::string now_rfc3339() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

/// Waits while a generation is merged, but not for another writer.
result<merge_lock> wait_for_merge(const fs::path& folder) {
  constexpr std::chrono::milliseconds k_look_again{50};
  while (true) {
    auto working = merge_lock::acquire(folder);
    if (working || working.error().code != errc::index_locked) return working;
    if (const auto writing = writer_lock::acquire(folder); !writing) return writing.error();
    std::this_thread::sleep_for(k_look_again);
  }
}

}  // namespace

struct writer::impl {
  fs::path folder;
  writer_settings settings;
  std::optional<merge_lock> building_lock;  // of a fresh generation
  writer_lock lock;
  std::string previous;    // the generation that is current now; may be empty
  std::string generation;  // the one that this run writes
  bool fresh = false;
  std::optional<unfinished_generation> building;  // if it is fresh
  std::uint64_t revision = 0;                     // before this run
  run_context run;
  Xapian::Database before;      // what is served when the run begins; not of a fresh generation
  std::vector<article> sample;  // of a fresh generation, until its model is known
  std::size_t sample_bytes = 0;
  std::vector<known_file> sample_files;  // read to their end by then
  std::vector<std::unique_ptr<shard>> shards;
  std::vector<fs::path> segments;  // of a fresh generation; filled in by its shards' threads
  std::mutex segments_mutex;
  std::function<void(const written_article&)> on_outcome;
  std::function<void(const file_end&)> on_file_end;

  explicit impl(writer_lock l) : lock(std::move(l)) {}
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;
  ~impl() {
    shards.clear();  // before what they write into
  }

  [[nodiscard]] shard& shard_of(const std::string& id) {
    return *shards[shards.size() == 1 ? 0 : std::hash<std::string>{}(id) % shards.size()];
  }

  result<void> open_served();
  result<void> open_fresh();
  result<void> start_shards();
  void learn_from_sample();
  void report();
  result<void> publish_fresh();
  [[nodiscard]] metadata_list run_metadata() const;
};

// Continues the served generation: its model and dictionary are this run's too.
result<void> writer::impl::open_served() {
  const std::string path = (folder / generation).string();
  try {
    before = Xapian::Database(path);
    const std::string format = before.get_metadata(std::string(key::format));
    const std::string analysis = before.get_metadata(std::string(key::analysis));
    if (format != std::to_string(k_format_version) || analysis != analysis_fingerprint()) {
      return error{errc::index_mismatch,
                   fmt::format("{}: written by another version of the program (format “{}”, {}); rebuild the index: "
                               "rapporteur-index rebuild PATH…",
                               path, format, analysis.empty() ? "no analysis settings" : analysis)};
    }
    const auto model = impact_model::parse(before.get_metadata(std::string(key::impact)));
    if (!model) {
      return error{errc::index_damaged,
                   fmt::format("{}: its impact model is missing; restore a snapshot or rebuild the index", path)};
    }
    run.model = *model;
    run.dictionary = before.get_metadata(std::string(key::dictionary));
    run.records.set(record_dictionaries::read(before));
    run.main_language = before.get_metadata(std::string(key::main_language));
    run.next_text = std::max<std::uint64_t>(1, metadata_number(before.get_metadata(std::string(key::next_text))));
    revision = metadata_number(before.get_metadata(std::string(key::revision)));
    run.revision = revision + 1;
  } catch (const Xapian::Error& e) {
    return error{
        errc::index_damaged,
        fmt::format("{}: {}; run rapporteur-index check, then restore a snapshot or rebuild", path, e.get_msg())};
  } catch (const std::length_error&) {
    return impossible_length(path);
  }
  shards.push_back(std::make_unique<shard>(path, [this]() -> std::unique_ptr<article_database> {
    return std::make_unique<served_database>(folder, generation, run);
  }));
  return {};
}

result<void> writer::impl::open_fresh() {
  fresh = true;
  if (!previous.empty()) {
    try {
      const Xapian::Database old((folder / previous).string());
      revision = metadata_number(old.get_metadata(std::string(key::revision)));
    } catch (...) {
      // A rebuild is the way out of a damaged index: what it was need not be readable.
      static_cast<void>(caught_error(previous));
      revision = 0;
    }
  }
  run.revision = revision + 1;
  auto begun = unfinished_generation::begin(folder);
  if (!begun) return begun.error();
  building.emplace(std::move(*begun));
  generation = building->name();
  return {};
}

result<writer> writer::open(const fs::path& folder, mode m, const writer_settings& settings) {
  // How Xapian is told how many documents it may buffer; read when a database is opened.
  static std::once_flag told;
  std::call_once(told,
                 [] { ::setenv("XAPIAN_FLUSH_THRESHOLD", k_flush_documents, 1); });  // NOLINT(concurrency-mt-unsafe)
  if (auto made = make_folder(folder); !made) {
    error e = made.error();
    e.message += "; choose another index folder or its permissions";
    return e;
  }
  // In the order in which a merge takes them.
  std::optional<merge_lock> building_lock;
  const auto first_look = read_current(folder);
  if (m == mode::rebuild || (first_look && first_look->empty())) {
    auto working = wait_for_merge(folder);
    if (!working) return working.error();
    building_lock = std::move(*working);
  }
  auto lock = writer_lock::acquire(folder);
  if (!lock) return lock.error();
  auto current = read_current(folder);
  if (!current && m == mode::update) return current.error();
  if (current && current->empty() && m == mode::update) {
    // The pointer was lost, or the program was ended just before it wrote the first one.
    const std::string newest = newest_generation(folder);
    if (!newest.empty()) {
      if (auto pointed = write_current(folder, newest); !pointed) return pointed.error();
      current = newest;
    }
  }

  auto i = std::make_unique<impl>(std::move(*lock));
  i->folder = folder;
  i->settings = settings;
  i->run.zstd_level = settings.zstd_level;
  i->previous = current ? *current : std::string();
  if (m == mode::update && !i->previous.empty()) {
    building_lock.reset();
    i->generation = i->previous;
    if (auto opened = i->open_served(); !opened) return opened.error();
    remove_stale(folder, i->previous, i->previous);
    return writer(std::move(i));
  }
  i->building_lock = std::move(building_lock);
  if (auto opened = i->open_fresh(); !opened) return opened.error();
  return writer(std::move(i));
}

void writer::impl::learn_from_sample() {
  document_builder builder(run.model);
  std::uint64_t words = 0;
  std::uint64_t articles = 0;
  std::vector<std::string_view> texts;
  const std::size_t step = std::max<std::size_t>(1, sample.size() / 500);
  std::map<std::string, std::uint64_t> languages;
  for (std::size_t n = 0; n < sample.size(); ++n) {
    const article& a = sample[n];
    texts.emplace_back(a.text);
    if (n % step != 0) continue;
    words += builder.length(a);
    ++articles;
    ++languages[a.language.empty() ? detect_language(a.title + '\n' + a.text) : a.language];
  }
  for (const auto& [language, count] : languages) {
    if (has_stemmer(language) && 2 * count >= articles) run.main_language = language;
  }
  if (articles > 0 && words > 0) run.model.average_length = static_cast<double>(words) / static_cast<double>(articles);
  run.dictionary = text_codec::train(texts, settings.dictionary_bytes);
  std::vector<std::string> records;
  records.reserve(sample.size());
  for (const article& a : sample) records.push_back(encode_record(a, records.size(), a.text.size()));
  run.records.add(record_codec::train(records));
}

namespace {

/// Hands the list of its databases over when it is done.
class listed_database final : public article_database {
 public:
  listed_database(std::unique_ptr<fresh_database> db, std::vector<fs::path>& to, std::mutex& mutex)
      : db_(std::move(db)), to_(to), mutex_(mutex) {}
  write_outcome add(article& a) override { return db_->add(a); }
  bool remove(const std::string& id) override { return db_->remove(id); }
  void begin_file() override { db_->begin_file(); }
  file_end end_file(const known_file& file, bool prune) override { return db_->end_file(file, prune); }
  file_end drop_file(const std::string& path) override { return db_->drop_file(path); }
  void finish(const metadata_list& metadata, bool changed) override {
    db_->finish(metadata, changed);
    const std::lock_guard lock(mutex_);
    to_.insert(to_.end(), db_->segments().begin(), db_->segments().end());
  }

 private:
  std::unique_ptr<fresh_database> db_;
  std::vector<fs::path>& to_;
  std::mutex& mutex_;
};

}  // namespace

result<void> writer::impl::start_shards() {
  learn_from_sample();
  const unsigned wanted = settings.threads != 0 ? settings.threads : std::max(1U, std::thread::hardware_concurrency());
  // A shard for every few hundred articles is enough: small archives need no merging.
  const std::size_t count = std::clamp<std::size_t>(sample.size() / 200, 1, wanted);
  constexpr std::size_t k_most_memory = std::size_t{1} << 31U;  // places in a shard's lists have 32 bits
  const std::size_t memory = std::min(settings.memory / count, k_most_memory);
  for (std::size_t n = 0; n < count; ++n) {
    shards.push_back(
        std::make_unique<shard>(building->folder().string(), [this, n, memory]() -> std::unique_ptr<article_database> {
          return std::make_unique<listed_database>(
              std::make_unique<fresh_database>(building->folder() / fmt::format("shard{}-", n), run, memory), segments,
              segments_mutex);
        }));
  }
  for (article& a : std::exchange(sample, {})) {
    shard& s = shard_of(a.id);
    if (auto pushed = s.push(std::move(a)); !pushed) return pushed;
    report();
  }
  for (known_file& f : std::exchange(sample_files, {})) {
    if (auto pushed = shards.front()->end_file(std::move(f), false); !pushed) return pushed;
  }
  return {};
}

void writer::impl::report() {
  for (const auto& s : shards) {
    for (const shard_outcome& o : s->take_outcomes()) {
      if (o.subject.id.empty()) {
        if (on_file_end) on_file_end(o.file);
      } else if (on_outcome) {
        on_outcome(o.subject);
      }
    }
  }
}

result<void> writer::add(article a) {
  impl& i = *impl_;
  if (a.id.empty()) return error{errc::invalid_argument, "an article needs an id"};
  if (a.id.size() > k_max_article_id_bytes) {
    return error{errc::invalid_argument,
                 fmt::format("the id “{}…” is longer than {} bytes", a.id.substr(0, 40), k_max_article_id_bytes)};
  }
  for (const std::string* field : {&a.id, &a.title, &a.text, &a.source, &a.url, &a.collection}) {
    if (const std::size_t at = find_invalid_utf8(*field); at != std::string::npos) {
      return error{errc::encoding, fmt::format("not UTF-8 at byte {} of a field", at)};
    }
  }
  if (i.shards.empty()) {
    i.sample_bytes += a.text.size();
    i.sample.push_back(std::move(a));
    if (i.sample.size() < i.settings.sample_articles && i.sample_bytes < k_sample_bytes) return {};
    return i.start_shards();
  }
  shard& s = i.shard_of(a.id);
  auto pushed = s.push(std::move(a));
  i.report();
  return pushed;
}

result<bool> writer::remove(std::string_view id) {
  impl& i = *impl_;
  if (i.shards.empty()) {
    const bool held = std::ranges::any_of(i.sample, [&](const article& a) { return a.id == id; });
    if (!held) return false;
    // Its outcome is told like that of every other article, so it has to go in first.
    if (auto started = i.start_shards(); !started) return started.error();
  }
  const std::string key(id);
  auto removed = i.shard_of(key).remove(key);
  i.report();
  return removed;
}

result<std::optional<known_file>> writer::find_file(std::string_view path) {
  impl& i = *impl_;
  if (i.fresh) return std::optional<known_file>();
  return find_known_file(i.before, path);
}

result<void> writer::for_each_file(const std::function<void(const known_file&)>& f) {
  impl& i = *impl_;
  return i.fresh ? result<void>() : for_each_known_file(i.before, f);
}

result<void> writer::begin_file() {
  impl& i = *impl_;
  return i.fresh ? result<void>() : i.shards.front()->begin_file();
}

result<void> writer::end_file(known_file file, bool prune) {
  impl& i = *impl_;
  if (i.shards.empty()) {
    i.sample_files.push_back(std::move(file));
    return {};
  }
  auto pushed = i.shards.front()->end_file(std::move(file), prune);
  i.report();
  return pushed;
}

result<void> writer::drop_file(const std::string& path) {
  impl& i = *impl_;
  if (i.fresh) return {};
  auto pushed = i.shards.front()->drop_file(path);
  i.report();
  return pushed;
}

result<void> writer::drain() {
  impl& i = *impl_;
  for (const auto& s : i.shards) {
    if (auto done = s->drain(); !done) return done;
  }
  i.report();
  return {};
}

metadata_list writer::impl::run_metadata() const {
  return {{std::string(key::revision), std::to_string(run.revision)}, {std::string(key::as_of), now_rfc3339()}};
}

// Merges the segments into one compact database and makes it current.
result<void> writer::impl::publish_fresh() {
  const fs::path merged = building->database();
  if (auto compacted = merge_databases(std::exchange(segments, {}), merged, building->folder()); !compacted)
    return compacted;
  try {
    Xapian::WritableDatabase db(merged.string(), Xapian::DB_OPEN);
    db.set_metadata(std::string(key::format), std::to_string(k_format_version));
    db.set_metadata(std::string(key::analysis), analysis_fingerprint());
    db.set_metadata(std::string(key::impact), run.model.to_string());
    db.set_metadata(std::string(key::dictionary), run.dictionary);
    run.records.write(db);
    db.set_metadata(std::string(key::main_language), run.main_language);
    db.set_metadata(std::string(key::compacted), compacted_value(merged, db.get_doccount()));
    db.set_metadata(std::string(key::next_text), std::to_string(run.next_text.load()));
    for (const auto& [name, value] : run_metadata()) db.set_metadata(name, value);
    db.commit();
  } catch (...) {
    return caught_error(building->folder().string());
  }
  if (auto published = building->publish(); !published) return published;
  // Readers may still be on the previous generation: it goes with the next run.
  building.reset();
  building_lock.reset();
  remove_stale(folder, generation, previous);
  return {};
}

result<commit_outcome> writer::commit() {
  impl& i = *impl_;
  if (i.shards.empty()) {
    if (auto started = i.start_shards(); !started) return started.error();
  }
  bool changed = false;
  // All of them at once: each writes its last segment.
  for (const auto& s : i.shards) {
    if (auto asked = s->begin_finish(i.fresh ? metadata_list{} : i.run_metadata()); !asked) return asked.error();
  }
  for (const auto& s : i.shards) {
    const auto finished = s->await_finish();
    if (!finished) return finished.error();
    changed = changed || *finished;
  }
  i.report();
  if (i.fresh) {
    if (auto published = i.publish_fresh(); !published) return published.error();
    changed = true;
  }
  i.shards.clear();
  i.generation.clear();
  return commit_outcome{changed, changed ? i.run.revision : i.revision};
}

void writer::on_outcome(std::function<void(const written_article&)> f) {
  impl_->on_outcome = std::move(f);
}

void writer::on_file_end(std::function<void(const file_end&)> f) {
  impl_->on_file_end = std::move(f);
}

writer::writer(std::unique_ptr<impl> p) : impl_(std::move(p)) {}
writer::writer(writer&&) noexcept = default;
writer& writer::operator=(writer&&) noexcept = default;
writer::~writer() = default;

}  // namespace rapporteur::index
