#include "tests/crash/archive.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <array>
#include <fstream>
#include <random>
#include <string_view>

namespace rapporteur::crash {
namespace {

namespace fs = std::filesystem;

constexpr int k_short_articles = 600;  // with 200 to a shard: three

constexpr std::array<std::string_view, 40> k_words = {
    "witnesses", "camp",    "guards",   "river",    "trial",    "verdict",   "harvest",   "border",
    "families",  "missing", "report",   "council",  "envoy",    "district",  "village",   "teacher",
    "press",     "freedom", "detained", "released", "lawyers",  "winter",    "food",      "rations",
    "soldiers",  "journey", "letters",  "silence",  "ministry", "spokesman", "denied",    "inquiry",
    "inspect",   "prison",  "labour",   "radio",    "market",   "crossed",   "interview", "testimony"};

// What the nth article says in its edition; each has a word that no other has.
std::string text_of(int n, int edition, std::size_t words) {
  std::mt19937 random(static_cast<std::uint32_t>(n * 7919 + edition));
  std::string text = fmt::format("Article unique{}x{} from the district of Varland.", n, edition);
  for (std::size_t w = 0; w < words; ++w) {
    text += w % 12 == 0 ? ".\n\n" : " ";
    text += k_words[random() % k_words.size()];
    if (w % 17 == 0) text += fmt::format(" {}", random() % 5000);
  }
  return text + ".";
}

std::string line_of(int n, int edition) {
  const std::size_t words = n == 7 ? 9000 : 40 + static_cast<std::size_t>(n) % 50;
  boost::json::object o;
  o["id"] = fmt::format("short-{}", n);
  o["title"] = fmt::format("Dispatch {} about the {}", n, k_words[static_cast<std::size_t>(n) % k_words.size()]);
  o["text"] = text_of(n, edition, words);
  o["lang"] = "en";
  o["source"] = n % 3 == 0 ? "The Sample Courier" : "Varland Wire";
  o["date"] = fmt::format("20{:02}-{:02}-{:02}", n % 20, n % 12 + 1, n % 28 + 1);
  return boost::json::serialize(o) + "\n";
}

// A tenth is changed later, a twentieth gone.
bool is_changed(int n) {
  return n % 10 == 3;
}
bool is_gone(int n) {
  return n % 20 == 8;
}

}  // namespace

archive::archive() {
  for (const fs::path& folder : {first(), later()}) {
    fs::create_directories(folder);
    fs::copy(test::sample_articles(), folder / "samples", fs::copy_options::recursive);
  }
  std::ofstream first_file(first() / "short.jsonl");
  std::ofstream later_file(later() / "short.jsonl");
  std::ofstream changes_file(changes());
  for (int n = 0; n < k_short_articles; ++n) {
    first_file << line_of(n, 1);
    if (is_gone(n)) {
      unwanted_.push_back(fmt::format("short-{}", n));
    } else {
      later_file << line_of(n, is_changed(n) ? 2 : 1);
    }
    if (n % 3 == 0) changes_file << line_of(n, is_changed(n) ? 2 : 1);
  }
  for (int n = k_short_articles; n < k_short_articles + 40; ++n) {
    later_file << line_of(n, 1);
    changes_file << line_of(n, 1);
  }
}

// A file at a time, each renamed into place, as programs do that keep a folder for others to read.
void archive::make_live(const fs::path& as) const {
  for (const auto& entry : fs::recursive_directory_iterator(as)) {
    const fs::path to = live() / entry.path().lexically_relative(as);
    if (entry.is_directory()) {
      fs::create_directories(to);
      continue;
    }
    fs::create_directories(to.parent_path());
    const fs::path beside = to.string() + ".tmp";
    fs::copy_file(entry.path(), beside, fs::copy_options::overwrite_existing);
    fs::rename(beside, to);
  }
}

}  // namespace rapporteur::crash
