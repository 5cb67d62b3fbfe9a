#include "tests/bench/search_bench_requests.hpp"

#include "tests/bench/bench_program.hpp"
#include "tests/bench/bench_queries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace rapporteur::bench {
namespace {

constexpr std::size_t k_page = 10;
// Bands, as shares of all articles.
constexpr double k_common_from = 0.02, k_common_to = 0.2, k_topic_from = 0.005;
// Articles that a rare word stands in: a page and little more.
constexpr std::uint32_t k_rare_from = 10, k_rare_to = 20;

// Both sides cut such words alike; they differ in accents and in scripts without blanks.
bool is_plain(const std::string& word) {
  return word.size() >= 2 && std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

class drawer {
 public:
  drawer(index::reader& r, const side& ours, const side& theirs, std::size_t wanted)
      : reader_(r), ours_(ours), theirs_(theirs), wanted_(wanted), by_frequency_(words_by_frequency(r)) {
    articles_ = static_cast<double>(r.info().articles);
    for (const auto& [frequency, word] : by_frequency_) frequency_.emplace(word, frequency);
  }

  // Words of a band, as far apart in it as can be. In a first step every wanted-th; what both sides do not fill a page
  // for is made up for by those between.
  request_kind words(std::string name, std::uint32_t from, std::uint32_t to) {
    std::vector<std::string> band;
    for (const auto& [frequency, word] : by_frequency_) {
      if (frequency >= from && frequency <= to && word.size() >= 4 && is_plain(word)) band.push_back(word);
    }
    request_kind kind{.name = std::move(name), .requests = {}};
    const std::size_t step = std::max<std::size_t>(1, band.size() / wanted_);
    for (std::size_t first = 0; first < step; ++first) {
      for (std::size_t n = first; n < band.size() && kind.requests.size() < wanted_; n += step) {
        add(kind, {.words = band[n], .source = {}, .language = {}, .from = {}, .to = {}});
      }
    }
    return checked(std::move(kind));
  }

  // Requests made of articles that are drawn.
  request_kind from_articles(std::string name, unsigned seed,
                             const std::function<std::optional<request>(const article_words&)>& made) {
    random_.seed(seed);
    request_kind kind{.name = std::move(name), .requests = {}};
    std::set<std::string> known;
    for (std::size_t tries = 0; kind.requests.size() < wanted_ && tries < 100 * wanted_; ++tries) {
      const auto drawn = draw_article(reader_, random_);
      const auto asked = drawn ? made(*drawn) : std::nullopt;
      if (asked && known.insert(ours_.target(*asked)).second) add(kind, *asked);
    }
    return checked(std::move(kind));
  }

  // count different words of an article that are topics rather than grammar: neither in very many articles nor in few.
  std::optional<std::string> topic_words(const article_words& article, std::size_t count) {
    std::vector<std::string> chosen;
    for (std::size_t tries = 0; chosen.size() < count && tries < 50 && !article.words.empty(); ++tries) {
      const std::string& word = article.words[random_() % article.words.size()];
      const double share = share_of(word);
      if (!is_plain(word) || word.size() < 4 || share < k_topic_from || share > k_common_to) continue;
      if (std::find(chosen.begin(), chosen.end(), word) == chosen.end()) chosen.push_back(word);
    }
    if (chosen.size() < count) return std::nullopt;
    return fmt::format("{}", fmt::join(chosen, " "));
  }

  // Two or three words that stand side by side, one of them at least no mere grammar.
  std::optional<std::string> phrase(const article_words& article) {
    const std::size_t length = 2 + random_() % 2;
    if (article.words.size() < length) return std::nullopt;
    const auto first =
        article.words.begin() + static_cast<std::ptrdiff_t>(random_() % (article.words.size() - length + 1));
    const auto end = first + static_cast<std::ptrdiff_t>(length);
    if (!std::all_of(first, end, is_plain)) return std::nullopt;
    if (std::none_of(first, end, [this](const std::string& w) { return share_of(w) <= k_common_to; }))
      return std::nullopt;
    return fmt::format("\"{}\"", fmt::join(first, end, " "));
  }

  [[nodiscard]] std::uint32_t count_of(double share) const { return static_cast<std::uint32_t>(share * articles_); }

 private:
  [[nodiscard]] double share_of(const std::string& word) const {
    const auto at = frequency_.find(word);
    return at == frequency_.end() ? 0 : at->second / articles_;
  }

  void add(request_kind& kind, const request& asked) {
    const found a = ours_.ask(asked);
    if (a.hits != k_page || a.with_snippet != k_page) return;
    const found b = theirs_.ask(asked);
    if (b.hits != k_page || b.with_snippet != k_page) return;
    kind.requests.push_back(asked);
    found_ours_.push_back(static_cast<double>(a.total));
    found_theirs_.push_back(static_cast<double>(b.total));
    kind.bytes_ours += static_cast<double>(a.bytes);
    kind.bytes_theirs += static_cast<double>(b.bytes);
  }

  request_kind checked(request_kind kind) {
    const std::size_t count = kind.requests.size();
    if (count < 10) throw std::runtime_error(fmt::format("{}: only {} requests in this archive", kind.name, count));
    kind.median_found_ours = median(std::exchange(found_ours_, {}));
    kind.median_found_theirs = median(std::exchange(found_theirs_, {}));
    kind.bytes_ours /= static_cast<double>(count);
    kind.bytes_theirs /= static_cast<double>(count);
    return kind;
  }

  index::reader& reader_;
  const side& ours_;
  const side& theirs_;
  std::size_t wanted_;
  double articles_ = 0;
  std::vector<std::pair<std::uint32_t, std::string>> by_frequency_;
  std::unordered_map<std::string, std::uint32_t> frequency_;
  std::mt19937 random_;
  std::vector<double> found_ours_, found_theirs_;
};

}  // namespace

std::vector<request_kind> draw_requests(index::reader& r, const side& ours, const side& theirs, std::size_t wanted) {
  drawer draw(r, ours, theirs, wanted);
  std::vector<request_kind> kinds;
  kinds.push_back(draw.words("one common word", draw.count_of(k_common_from), draw.count_of(k_common_to)));
  kinds.push_back(draw.words("one rare word", k_rare_from, k_rare_to));
  kinds.push_back(draw.from_articles("three words", 1948, [&](const article_words& a) -> std::optional<request> {
    auto words = draw.topic_words(a, 3);
    if (!words) return std::nullopt;
    return request{.words = std::move(*words), .source = {}, .language = {}, .from = {}, .to = {}};
  }));
  kinds.push_back(draw.from_articles("phrase", 1949, [&](const article_words& a) -> std::optional<request> {
    auto words = draw.phrase(a);
    if (!words) return std::nullopt;
    return request{.words = std::move(*words), .source = {}, .language = {}, .from = {}, .to = {}};
  }));
  // The article's own outlet and language, and the five years around its date.
  kinds.push_back(draw.from_articles("word and filters", 1950, [&](const article_words& a) -> std::optional<request> {
    if (a.fields.source.empty() || a.fields.language.empty() || !a.fields.published) return std::nullopt;
    const int year = a.fields.published->year;
    auto words = draw.topic_words(a, 1);
    if (!words || year < 1002 || year > 9997) return std::nullopt;
    return request{.words = std::move(*words),
                   .source = a.fields.source,
                   .language = a.fields.language,
                   .from = std::to_string(year - 2),
                   .to = std::to_string(year + 2)};
  }));
  request_kind facets = kinds.front();
  facets.name = "common word and facets";
  facets.median_found_theirs = facets.bytes_theirs = 0;
  facets.bytes_ours = 0;
  for (request& one : facets.requests) {
    one.facets = true;
    facets.bytes_ours += static_cast<double>(ours.ask(one).bytes) / static_cast<double>(facets.requests.size());
  }
  kinds.push_back(std::move(facets));
  return kinds;
}

}  // namespace rapporteur::bench
