#include "server/pages/page_set.hpp"

#include "server/http/etag.hpp"
#include "server/http/weights.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <sstream>
#include <system_error>
#include <utility>

namespace rapporteur::pages {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_english = "en";
constexpr std::array<std::string_view, 4> k_pages{"article", "help", "problem", "results"};
constexpr std::string_view k_remedy =
    "; put back the file that came with the program, or take the folder plain away to have no plain pages";

result<std::map<std::string, std::string, std::less<>>> read_all(const fs::path& folder, std::string_view extension) {
  std::map<std::string, std::string, std::less<>> out;
  std::error_code ec;
  for (fs::directory_iterator walk(folder, ec); !ec && walk != fs::directory_iterator(); walk.increment(ec)) {
    const auto& path = walk->path();
    if (path.extension() != extension || path.filename().string().starts_with('.')) continue;
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    if (in.peek() != std::ifstream::traits_type::eof()) bytes << in.rdbuf();
    if (!in.is_open() || in.bad() || bytes.fail()) return error{errc::io, "cannot read " + path.string()};
    out.emplace(path.stem().string(), std::move(bytes).str());
  }
  if (ec) return error{errc::io, "cannot read " + folder.string() + ": " + ec.message()};
  return out;
}

}  // namespace

result<std::shared_ptr<const page_set>> page_set::load(const fs::path& web_folder) {
  const auto plain = web_folder / "plain";
  const auto strings = web_folder / "strings";
  std::error_code ec;
  if (!fs::is_directory(plain, ec)) return std::shared_ptr<const page_set>();
  const auto with_remedy = [](error e) {
    e.message += k_remedy;
    return e;
  };
  const auto texts = read_all(plain, ".mustache");
  if (!texts) return with_remedy(texts.error());
  for (const auto name : k_pages) {
    if (texts->find(name) != texts->end()) continue;
    return with_remedy({errc::not_found, "there is no " + (plain / (std::string(name) + ".mustache")).string()});
  }
  const auto words = read_all(strings, ".json");
  if (!words) return with_remedy(words.error());
  if (!words->contains(k_english)) {
    return with_remedy({errc::not_found, "there is no " + (strings / "en.json").string()});
  }
  const auto sentences = read_all(web_folder / "sentences", ".json");
  if (!sentences) return with_remedy(sentences.error());
  http::fingerprint all;
  auto made = std::make_shared<page_set>();
  const auto add = [&](const std::string& language, const std::string& json) -> result<void> {
    const auto* english = made->languages_.empty() ? nullptr : made->languages_.front().words.get();
    auto read = catalogue::read(language, json, (strings / (language + ".json")).string(), english);
    if (!read) return read.error();
    const auto said = sentences->find(language);
    if (said != sentences->end()) {
      const auto file = web_folder / "sentences" / (language + ".json");
      if (auto added = read->add(said->second, file.string()); !added) return added.error();
      all.add(said->second);
    }
    auto kept = std::make_unique<const catalogue>(std::move(*read));
    auto filled = templates::make(*texts, *kept);
    if (!filled) return error{filled.error().code, (plain / filled.error().message).string()};
    made->languages_.push_back({std::move(kept), std::move(*filled)});
    all.add(language).add(json);
    return {};
  };
  if (auto added = add(std::string(k_english), words->find(k_english)->second); !added) {
    return with_remedy(added.error());
  }
  for (const auto& [language, json] : *words) {
    if (language == k_english) continue;
    if (auto added = add(language, json); !added) return with_remedy(added.error());
  }
  for (const auto& [name, text] : *texts) all.add(name).add(text);
  made->fingerprint_ = all.hex();
  return std::shared_ptr<const page_set>(std::move(made));
}

const language_pages* page_set::find(std::string_view language) const {
  for (const auto& l : languages_) {
    if (http::same_token(l.words->language(), language)) return &l;
  }
  return nullptr;
}

const language_pages& page_set::choose(std::string_view accept_language) const {
  const language_pages* best = nullptr;
  int best_weight = 0;
  http::for_each_weighted(accept_language, [&](std::string_view range, int weight) {
    if (weight <= best_weight) return;
    const auto* found = find(range);
    if (found == nullptr) found = find(range.substr(0, range.find('-')));
    if (found == nullptr) return;
    best = found;
    best_weight = weight;
  });
  return best != nullptr ? *best : languages_.front();
}

}  // namespace rapporteur::pages
