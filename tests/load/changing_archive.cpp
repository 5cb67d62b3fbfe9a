#include "tests/load/changing_archive.hpp"

#include "index/merge.hpp"
#include "index/reader.hpp"
#include "tests/http/programs.hpp"

#include <boost/json.hpp>

#include <array>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace rapporteur::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr unsigned k_least_of_ring = 15;  // more than a page, and enough that a search never widens

std::string mark(std::uint64_t revision) {
  return "rev" + std::to_string(revision);
}

/// Words that look like words, the same in every run.
std::string filler(unsigned seed, unsigned words) {
  static constexpr std::array<const char*, 16> k_parts{"ka", "lo", "mer", "tin", "su",  "vel", "dor", "an",
                                                       "ri", "po", "gen", "ul",  "bas", "che", "no",  "fi"};
  std::string text;
  unsigned state = seed * 2654435761U + 1;
  for (unsigned w = 0; w < words; ++w) {
    state = state * 1664525U + 1013904223U;
    const unsigned rare = state >> 20U;
    const unsigned word = w % 3 == 0 ? rare : rare & 0xffU;
    for (const unsigned shift : {8U, 4U, 0U}) text += k_parts.at((word >> shift) & 15U);
    text += w % 17 == 16 ? ". " : " ";
  }
  return text;
}

article make(std::string id, std::string title, std::string text, std::string source, std::int16_t year) {
  article a;
  a.id = std::move(id);
  a.title = std::move(title);
  a.text = std::move(text);
  a.source = std::move(source);
  a.language = "en";
  a.published = partial_date{year, 6, 13, date_precision::day};
  return a;
}

article base_article(unsigned n) {
  constexpr std::int16_t k_first_year = 1960;
  // Every fiftieth is long enough to be kept in blocks.
  std::string text = "The harbour of " + filler(n, n % 50 == 49 ? 9000 : 200);
  if (n % 2 == 0) text += "\n\nA minister answered.";
  return make("base-" + std::to_string(n), "Harbour report " + std::to_string(n), std::move(text),
              "The Harbour Gazette", static_cast<std::int16_t>(k_first_year + n % 50));
}

/// which: 0, the short one, or 1, which is kept in blocks.
article pair_article(unsigned which, std::uint64_t revision) {
  const std::string m = mark(revision);
  std::string text;
  for (unsigned n = 1; n < k_numbers_in_pair[which]; n += 2) {
    if (n > 1) text += "\n\n";
    text += "At " + m + " the pairword standing pair of officials, harbour side, " + m + " again. " +
            filler(n, which == 0 ? 20 : 30);
  }
  constexpr std::int16_t k_year = 2019;
  return make(which == 0 ? "pair-a" : "pair-b", "One of the pair, " + m, std::move(text), "The Pair Courier", k_year);
}

article ring_article(unsigned slot, std::uint64_t revision) {
  const std::string m = mark(revision);
  constexpr std::int16_t k_year = 2020;
  return make(
      "ring-" + std::to_string(slot), "Ring, " + m,
      "At " + m + " the ringword came round, slotted" + std::to_string(slot) + ", " + m + ". " + filler(slot, 60),
      slot % 2 == 0 ? "The Even Courier" : "The Odd Courier", k_year);
}

void write_line(std::ofstream& out, const article& a) {
  out << json::serialize(json::object{{"id", a.id},
                                      {"title", a.title},
                                      {"text", a.text},
                                      {"source", a.source},
                                      {"lang", a.language},
                                      {"date", a.published->to_string()}})
      << '\n';
}

template <class T>
void need(const result<T>& r) {
  if (!r) throw std::runtime_error(r.error().message);
}

}  // namespace

void history::promise(std::uint64_t revision, const ring& r) {
  const std::lock_guard lock(mutex_);
  rings_[revision] = r;
}

ring history::at(std::uint64_t revision) const {
  const std::lock_guard lock(mutex_);
  const auto found = rings_.find(revision);
  return found == rings_.end() ? ring() : found->second;
}

changing_archive::changing_archive(fs::path folder, unsigned base) : folder_(std::move(folder)), base_(base) {
  fs::create_directories(folder_ / "articles");
  std::ofstream out(folder_ / "articles" / "base.jsonl");
  for (unsigned n = 0; n < base_; ++n) write_line(out, base_article(n));
  out.close();
  for (unsigned slot = 0; slot < k_slots; slot += 2) ring_[slot] = 1;
  rebuild();
}

void changing_archive::expect(std::uint64_t found) const {
  if (found != revision_) {
    throw std::runtime_error("revision " + std::to_string(found) + " instead of " + std::to_string(revision_));
  }
}

void changing_archive::commit() {
  ++revision_;
  auto w = index::writer::open(index(), index::writer::mode::update, {});
  need(w);
  for (const unsigned which : {0U, 1U}) need(w->add(pair_article(which, revision_)));
  const auto slot = static_cast<unsigned>(revision_ * 7 % k_slots);
  if (revision_ % 3 == 0 && ring_.contains(slot) && ring_.size() > k_least_of_ring) {
    ring_.erase(slot);
    need(w->remove("ring-" + std::to_string(slot)));
  } else {
    ring_[slot] = revision_;
    need(w->add(ring_article(slot, revision_)));
  }
  states_.promise(revision_, ring_);
  const auto done = w->commit();
  need(done);
  expect(done->revision);
}

void changing_archive::rebuild() {
  ++revision_;
  {
    std::ofstream out(folder_ / "articles" / "changing.jsonl");
    for (const unsigned which : {0U, 1U}) write_line(out, pair_article(which, revision_));
    for (const auto& [slot, written] : ring_) write_line(out, ring_article(slot, written));
  }
  states_.promise(revision_, ring_);
  run_indexer(index(), {"rebuild", (folder_ / "articles").string()});
  const auto opened = index::reader::open(index());
  need(opened);
  expect(opened->info().revision);
}

void changing_archive::merge() {
  std::string failure;
  std::thread beside([&] {
    auto merged = index::merge_index(index(), [] { return false; });
    // A writer that opens the index holds this lock for a moment, to see whether somebody has left work behind.
    while (!merged && merged.error().code == errc::index_locked) {
      merged = index::merge_index(index(), [] { return false; });
    }
    if (!merged) failure = merged.error().message;
    if (merged && !merged->merged) failure = "a merge gave up";
  });
  try {
    for (int i = 0; i < 3; ++i) commit();
  } catch (...) {
    beside.join();
    throw;
  }
  beside.join();
  if (!failure.empty()) throw std::runtime_error(failure);
}

std::uint64_t changing_archive::bytes() const {
  std::uint64_t bytes = 0;
  std::error_code failure;
  for (fs::recursive_directory_iterator it(index(), failure), end; !failure && it != end; it.increment(failure)) {
    std::error_code gone;  // files come and go
    const auto size = it->file_size(gone);
    if (!gone && it->is_regular_file(gone)) bytes += size;
  }
  return bytes;
}

}  // namespace rapporteur::test
