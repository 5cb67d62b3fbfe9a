#include "server/search/vocabulary.hpp"

#include "index/unicode.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace rapporteur::search {
namespace {

constexpr std::size_t k_least_characters = 2;
constexpr std::size_t k_most_characters = 32;
constexpr std::size_t k_most_bytes = k_most_characters * 4;
constexpr std::size_t k_stop_every = 4096;  // terms between two looks at whether to go on
constexpr double k_codes_per_doubling = 8;

// Frequencies in steps of a twelfth, in a byte.
std::uint8_t frequency_code(Xapian::doccount articles) {
  const double code = std::round(k_codes_per_doubling * std::log2(std::max<double>(articles, 1)));
  return static_cast<std::uint8_t>(std::min(code, 255.0));
}

double articles_of(std::uint8_t code) {
  return std::round(std::exp2(code / k_codes_per_doubling));
}

constexpr unsigned k_first_shift = 32;
constexpr unsigned k_second_shift = 8;
constexpr std::uint64_t k_character = 0x1FFFFF;

constexpr std::uint64_t pair_key(char32_t first, char32_t second) {
  return std::uint64_t{first} << k_first_shift | std::uint64_t{second} << k_second_shift;
}
constexpr char32_t first_of(std::uint64_t pair) {
  return static_cast<char32_t>(pair >> k_first_shift & k_character);
}
constexpr char32_t second_of(std::uint64_t pair) {
  return static_cast<char32_t>(pair >> k_second_shift & k_character);
}
constexpr std::uint8_t code_of(std::uint64_t pair) {
  return static_cast<std::uint8_t>(pair & 0xFFU);
}

// What a term is to the vocabulary.
struct reading {
  enum class kind : std::uint8_t { neither, word, pair } is = kind::neither;
  std::size_t characters = 0;
};

reading read_term(std::string_view term, std::u32string& characters) {
  characters.clear();
  if (term.size() > k_most_bytes) return {};
  bool cjk = false;
  for (std::size_t at = 0; at < term.size();) {
    const auto byte = static_cast<unsigned char>(term[at]);
    const index::decoded d = byte < 128 ? index::decoded{byte, 1, true} : index::decode_utf8(term, at);
    const index::char_class c = byte >= 'a' && byte <= 'z' ? index::char_class::letter : index::class_of(d.code_point);
    if (c == index::char_class::digit || c == index::char_class::other) return {};
    cjk = cjk || c == index::char_class::cjk;
    characters.push_back(d.code_point);
    at += d.size;
  }
  if (cjk) return {characters.size() == 2 ? reading::kind::pair : reading::kind::neither, 2};
  const bool fits = characters.size() >= k_least_characters && characters.size() <= k_most_characters;
  return {fits ? reading::kind::word : reading::kind::neither, characters.size()};
}

}  // namespace

std::shared_ptr<const vocabulary> vocabulary::build(const Xapian::Database& db, const bounds& most,
                                                    const std::atomic<bool>& stop) {
  auto v = std::make_shared<vocabulary>();
  std::u32string characters;
  std::vector<std::size_t> places((k_most_characters + 1) * (k_most_bytes + 1));  // 1 + where the shelf of a size is
  std::size_t seen = 0;
  auto t = db.allterms_begin();
  const auto end = db.allterms_end();
  while (t != end) {
    if (++seen % k_stop_every == 0 && stop.load(std::memory_order_relaxed)) return nullptr;
    const std::string term = *t;
    if (term[0] >= 'A' && term[0] <= 'Z') {
      t.skip_to("[");  // prefixed terms begin with a capital, words never do
      continue;
    }
    if (const reading r = read_term(term, characters); r.is != reading::kind::neither) {
      const std::uint8_t code = frequency_code(t.get_termfreq());
      if (r.is == reading::kind::word) {
        std::size_t& place = places[r.characters * (k_most_bytes + 1) + term.size()];
        if (place == 0) {
          shelf& fresh = v->shelves_.emplace_back();
          fresh.characters = r.characters;
          fresh.bytes = term.size();
          place = v->shelves_.size();
        }
        if (code >= v->rarest_word_) v->add_word(v->shelves_[place - 1], term, letters_of(characters), code);
      } else if (code >= v->rarest_pair_) {
        v->pairs_.push_back(pair_key(characters[0], characters[1]) | code);
      }
      v->bound(most);
    }
    ++t;
  }
  for (shelf& s : v->shelves_) {
    s.rows.shrink_to_fit();
    s.letters.shrink_to_fit();
    s.frequencies.shrink_to_fit();
  }
  v->pairs_.shrink_to_fit();
  return v;
}

void vocabulary::add_word(shelf& s, std::string_view term, std::uint32_t letters, std::uint8_t frequency) {
  s.rows += term;
  s.letters.push_back(letters);
  s.frequencies.push_back(frequency);
  ++words_;
}

// Raises the least frequency until what remains fits.
void vocabulary::bound(const bounds& most) {
  while (words_ > most.words) {
    ++rarest_word_;
    words_ = 0;
    for (shelf& s : shelves_) {
      std::size_t kept = 0;
      for (std::size_t i = 0; i < s.letters.size(); ++i) {
        if (s.frequencies[i] < rarest_word_) continue;
        std::memmove(s.rows.data() + kept * s.bytes, s.rows.data() + i * s.bytes, s.bytes);
        s.letters[kept] = s.letters[i];
        s.frequencies[kept] = s.frequencies[i];
        ++kept;
      }
      s.rows.resize(kept * s.bytes);
      s.letters.resize(kept);
      s.frequencies.resize(kept);
      words_ += kept;
    }
  }
  while (pairs_.size() > most.pairs) {
    ++rarest_pair_;
    std::erase_if(pairs_, [this](std::uint64_t p) { return code_of(p) < rarest_pair_; });
  }
}

void vocabulary::find_near(const edit_pattern& pattern, unsigned most, std::vector<near_word>& out) const {
  const std::size_t characters = pattern.word().size();
  const std::size_t bytes = utf8_of(pattern.word()).size();
  const auto apart = [](std::size_t a, std::size_t b) { return a > b ? a - b : b - a; };
  constexpr std::size_t k_bytes_per_edit = 3;  // in the BMP, and no word goes from it into another plane by a slip
  for (const shelf& s : shelves_) {
    if (apart(s.characters, characters) > most || apart(s.bytes, bytes) > most * k_bytes_per_edit) continue;
    const std::string_view rows = s.rows;
    for (std::size_t i = 0; i < s.letters.size(); ++i) {
      if (!pattern.may_be_near(s.characters, s.letters[i], most)) continue;
      const std::string_view word = rows.substr(i * s.bytes, s.bytes);
      const unsigned distance = pattern.distance(word);
      if (distance == 0 || distance > most) continue;
      out.push_back({std::string(word), articles_of(s.frequencies[i]), distance});
    }
  }
}

void vocabulary::find_beginning(std::string_view beginning, std::size_t most, std::vector<frequent_word>& out) const {
  out.clear();
  std::u32string characters;
  for (std::size_t at = 0; at < beginning.size();) {
    const index::decoded d = index::decode_utf8(beginning, at);
    characters.push_back(d.code_point);
    at += d.size;
  }
  if (characters.empty() || most == 0) return;
  if (index::class_of(characters.front()) == index::char_class::cjk) {
    find_pairs(characters, most, out);
    return;
  }
  struct place {
    std::uint8_t code = 0;
    const shelf* on = nullptr;
    std::size_t row = 0;
  };
  const auto rarer = [](const place& a, const place& b) { return a.code > b.code; };  // the rarest on top of the heap
  std::vector<place> best;
  for (const shelf& s : shelves_) {
    if (s.bytes < beginning.size()) continue;
    const std::string_view rows = s.rows;
    const auto begins = [&](std::size_t row) { return rows.substr(row * s.bytes, beginning.size()); };
    std::size_t low = 0;
    std::size_t high = s.letters.size();
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (begins(middle) < beginning)
        low = middle + 1;
      else
        high = middle;
    }
    for (std::size_t row = low; row < s.letters.size() && begins(row) == beginning; ++row) {
      if (best.size() == most && s.frequencies[row] <= best.front().code) continue;
      best.push_back({s.frequencies[row], &s, row});
      std::push_heap(best.begin(), best.end(), rarer);
      if (best.size() <= most) continue;
      std::pop_heap(best.begin(), best.end(), rarer);
      best.pop_back();
    }
  }
  std::sort_heap(best.begin(), best.end(), rarer);
  for (const place& p : best) out.push_back({p.on->rows.substr(p.row * p.on->bytes, p.on->bytes), articles_of(p.code)});
}

void vocabulary::find_pairs(std::u32string_view beginning, std::size_t most, std::vector<frequent_word>& out) const {
  if (beginning.size() > 2) return;
  constexpr char32_t k_first_syllable = 0xAC00;
  constexpr char32_t k_last_syllable = 0xD7A3;
  constexpr char32_t k_finals = 28;
  const auto end_of = [&](char32_t c) {
    const bool open = c >= k_first_syllable && c <= k_last_syllable && (c - k_first_syllable) % k_finals == 0;
    return open ? c + k_finals : c + 1;
  };
  const bool one = beginning.size() == 1;
  const char32_t first = beginning[0];
  const std::uint64_t from = one ? pair_key(first, 0) : pair_key(first, beginning[1]);
  const std::uint64_t to = one ? pair_key(end_of(first), 0) : pair_key(first, end_of(beginning[1]));
  std::vector<std::uint64_t> found(std::lower_bound(pairs_.begin(), pairs_.end(), from),
                                   std::lower_bound(pairs_.begin(), pairs_.end(), to));
  const auto more = [](std::uint64_t a, std::uint64_t b) {
    return code_of(a) > code_of(b) || (code_of(a) == code_of(b) && a < b);
  };
  const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(most, found.size()));
  std::partial_sort(found.begin(), end, found.end(), more);
  for (auto p = found.begin(); p != end; ++p) {
    std::string word;
    index::append_utf8(word, first_of(*p));
    index::append_utf8(word, second_of(*p));
    out.push_back({std::move(word), articles_of(code_of(*p))});
  }
}

void vocabulary::for_each_behind(char32_t first, const pair_function& fn) const {
  for (auto p = std::lower_bound(pairs_.begin(), pairs_.end(), pair_key(first, 0));
       p != pairs_.end() && first_of(*p) == first; ++p) {
    fn(second_of(*p), articles_of(code_of(*p)));
  }
}

void vocabulary::for_each_before(char32_t second, const pair_function& fn) const {
  for (const std::uint64_t p : pairs_) {
    if (second_of(p) == second) fn(first_of(p), articles_of(code_of(p)));
  }
}

double vocabulary::articles_with(char32_t first, char32_t second) const {
  const std::uint64_t key = pair_key(first, second);
  const auto p = std::lower_bound(pairs_.begin(), pairs_.end(), key);
  return p != pairs_.end() && *p - code_of(*p) == key ? articles_of(code_of(*p)) : 0;
}

std::size_t vocabulary::words() const noexcept {
  return words_;
}

std::size_t vocabulary::bytes() const noexcept {
  std::size_t sum = pairs_.capacity() * sizeof(std::uint64_t) + shelves_.capacity() * sizeof(shelf);
  for (const shelf& s : shelves_) sum += s.rows.capacity() + s.letters.capacity() * 4 + s.frequencies.capacity();
  return sum;
}

}  // namespace rapporteur::search
