// The writer behind index/writer.hpp: opens the generation to write, hands articles to shards, publishes the run.
#include "index/writer.hpp"

#include "index/document.hpp"
#include "index/generation.hpp"
#include "index/impact.hpp"
#include "index/language.hpp"
#include "index/schema.hpp"
#include "index/shard.hpp"
#include "index/stemming.hpp"
#include "index/text_codec.hpp"
#include "index/unicode.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <xapian.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <map>
#include <thread>
#include <utility>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_sample_bytes = 64 << 20;  // of articles held back until the sample is complete

std::string now_rfc3339() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace

struct writer::impl {
  fs::path folder;
  writer_settings settings;
  writer_lock lock;
  std::string previous;    // the generation that is current now; may be empty
  std::string generation;  // the one that this run writes
  bool fresh = false;
  std::uint64_t revision = 0;  // before this run
  run_context run;
  std::vector<article> sample;  // of a fresh generation, until its model is known
  std::size_t sample_bytes = 0;
  std::vector<std::unique_ptr<shard>> shards;
  std::function<void(const std::string&, write_outcome)> on_outcome;

  explicit impl(writer_lock l) : lock(std::move(l)) {}
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;
  ~impl() {
    shards.clear();
    if (fresh && !generation.empty()) {
      std::error_code ignored;
      fs::remove_all(building(), ignored);
    }
  }

  [[nodiscard]] fs::path building() const { return folder / (generation + ".building"); }
  [[nodiscard]] fs::path shard_path(std::size_t n) const { return building() / fmt::format("shard{}", n); }

  result<void> open_served();
  result<void> start_shards();
  void learn_from_sample();
  void report();
  result<void> publish_fresh();
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> run_metadata() const;
};

// Continues the served generation: its model and dictionary are this run's too.
result<void> writer::impl::open_served() {
  const std::string path = (folder / generation).string();
  try {
    const Xapian::Database db(path);
    const std::string format = db.get_metadata(std::string(key::format));
    const std::string analysis = db.get_metadata(std::string(key::analysis));
    if (format != std::to_string(k_format_version) || analysis != analysis_fingerprint()) {
      return error{errc::index_mismatch,
                   fmt::format("{}: written by another version of the program (format “{}”, {}); rebuild the index: "
                               "rapporteur-index rebuild PATH…",
                               path, format, analysis.empty() ? "no analysis settings" : analysis)};
    }
    const auto model = impact_model::parse(db.get_metadata(std::string(key::impact)));
    if (!model)
      return error{errc::index_damaged, fmt::format("{}: its impact model is missing; rebuild the index", path)};
    run.model = *model;
    run.dictionary = db.get_metadata(std::string(key::dictionary));
    run.main_language = db.get_metadata(std::string(key::main_language));
    run.next_text = std::max<std::uint64_t>(1, metadata_number(db.get_metadata(std::string(key::next_text))));
    revision = metadata_number(db.get_metadata(std::string(key::revision)));
  } catch (const Xapian::Error& e) {
    return error{errc::index_damaged,
                 fmt::format("{}: {}; run rapporteur-index check, then rebuild", path, e.get_msg())};
  }
  shards.push_back(std::make_unique<shard>(folder / generation, shard::kind::served, run));
  return {};
}

result<writer> writer::open(const fs::path& folder, mode m, const writer_settings& settings) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) {
    return error{errc::io, fmt::format("{}: cannot be made ({}); choose another index folder or its permissions",
                                       folder.string(), failure.message())};
  }
  auto lock = writer_lock::acquire(folder);
  if (!lock) return lock.error();
  auto current = read_current(folder);
  if (!current && m == mode::update) return current.error();

  auto i = std::make_unique<impl>(std::move(*lock));
  i->folder = folder;
  i->settings = settings;
  i->run.zstd_level = settings.zstd_level;
  i->previous = current ? *current : std::string();
  // How Xapian is told how many documents it may buffer; read when a database is opened.
  ::setenv("XAPIAN_FLUSH_THRESHOLD", std::to_string(std::max(1U, settings.flush_articles)).c_str(), 1);
  remove_stale(folder, i->previous, i->previous);

  if (m == mode::update && !i->previous.empty()) {
    i->generation = i->previous;
    if (auto opened = i->open_served(); !opened) return opened.error();
    return writer(std::move(i));
  }
  i->fresh = true;
  if (!i->previous.empty()) {
    try {
      const Xapian::Database old((folder / i->previous).string());
      i->revision = metadata_number(old.get_metadata(std::string(key::revision)));
    } catch (const Xapian::Error&) {
      // A rebuild is the way out of a damaged index: what it was need not be readable.
      i->revision = 0;
    }
  }
  i->generation = next_generation(folder);
  fs::create_directories(i->building(), failure);
  if (failure) return error{errc::io, fmt::format("{}: {}", i->building().string(), failure.message())};
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
}

result<void> writer::impl::start_shards() {
  learn_from_sample();
  const unsigned wanted = settings.threads != 0 ? settings.threads : std::max(1U, std::thread::hardware_concurrency());
  // A shard for every few hundred articles is enough: small archives need no merging.
  const std::size_t count = std::clamp<std::size_t>(sample.size() / 200, 1, wanted);
  for (std::size_t n = 0; n < count; ++n)
    shards.push_back(std::make_unique<shard>(shard_path(n), shard::kind::fresh, run));
  for (article& a : std::exchange(sample, {})) {
    const std::size_t n = std::hash<std::string>{}(a.id) % shards.size();
    if (auto pushed = shards[n]->push(std::move(a)); !pushed) return pushed;
    report();
  }
  return {};
}

void writer::impl::report() {
  for (const auto& s : shards) {
    for (const shard_outcome& o : s->take_outcomes()) {
      if (on_outcome) on_outcome(o.id, o.what);
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
  const std::size_t n = i.shards.size() == 1 ? 0 : std::hash<std::string>{}(a.id) % i.shards.size();
  auto pushed = i.shards[n]->push(std::move(a));
  i.report();
  return pushed;
}

result<bool> writer::remove(std::string_view id) {
  impl& i = *impl_;
  if (i.shards.empty()) {
    return std::erase_if(i.sample, [&](const article& a) { return a.id == id; }) > 0;
  }
  const std::string key(id);
  auto removed = i.shards[std::hash<std::string>{}(key) % i.shards.size()]->remove(key);
  i.report();
  return removed;
}

std::vector<std::pair<std::string, std::string>> writer::impl::run_metadata() const {
  return {{std::string(key::revision), std::to_string(revision + 1)},
          {std::string(key::as_of), now_rfc3339()},
          {std::string(key::next_text), std::to_string(run.next_text.load())}};
}

// Merges the shards into one compact database and makes it current.
result<void> writer::impl::publish_fresh() {
  const fs::path merged = building() / "merged";
  try {
    Xapian::Database parts;
    for (std::size_t n = 0; n < shards.size(); ++n) parts.add_database(Xapian::Database(shard_path(n).string()));
    parts.compact(merged.string());
    Xapian::WritableDatabase db(merged.string(), Xapian::DB_OPEN);
    db.set_metadata(std::string(key::format), std::to_string(k_format_version));
    db.set_metadata(std::string(key::analysis), analysis_fingerprint());
    db.set_metadata(std::string(key::impact), run.model.to_string());
    db.set_metadata(std::string(key::dictionary), run.dictionary);
    db.set_metadata(std::string(key::main_language), run.main_language);
    for (const auto& [name, value] : run_metadata()) db.set_metadata(name, value);
    db.commit();
  } catch (const Xapian::Error& e) {
    const char* system = e.get_error_string();
    return error{errc::io, fmt::format("{}: {} {}", building().string(), e.get_msg(), system != nullptr ? system : "")};
  }
  if (auto synced = sync_path(merged); !synced) return synced;
  std::error_code failure;
  fs::rename(merged, folder / generation, failure);
  if (failure) return error{errc::io, fmt::format("{}: {}", (folder / generation).string(), failure.message())};
  if (auto synced = sync_path(folder); !synced) return synced;
  if (auto written = write_current(folder, generation); !written) return written;
  // Readers may still be on the previous generation: it goes with the next run.
  remove_stale(folder, generation, previous);
  return {};
}

result<void> writer::commit() {
  impl& i = *impl_;
  if (i.shards.empty()) {
    if (auto started = i.start_shards(); !started) return started;
  }
  for (const auto& s : i.shards) {
    if (auto finished = s->finish(i.fresh ? std::vector<std::pair<std::string, std::string>>{} : i.run_metadata());
        !finished) {
      return finished;
    }
  }
  i.report();
  if (i.fresh) {
    if (auto published = i.publish_fresh(); !published) return published;
  }
  i.shards.clear();
  i.generation.clear();
  return {};
}

void writer::on_outcome(std::function<void(const std::string&, write_outcome)> f) {
  impl_->on_outcome = std::move(f);
}

writer::writer(std::unique_ptr<impl> p) : impl_(std::move(p)) {}
writer::writer(writer&&) noexcept = default;
writer& writer::operator=(writer&&) noexcept = default;
writer::~writer() = default;

}  // namespace rapporteur::index
