// Which encoding bytes are in, judged by what they read as.
//
// Every candidate is tried, and the text that comes out is held to the languages that were written in it: are its
// letters those of the alphabet (CLDR's exemplar characters), are they as frequent as they should be, do cases and
// scripts stand together as in words, and does the language detector know it. Bytes and their frequencies are not
// looked at: a table of them would only repeat that, for fewer languages.
#include "index/language.hpp"
#include "index/unicode.hpp"
#include "indexer/encoding.hpp"

#include <unicode/uchar.h>
#include <unicode/ulocdata.h>
#include <unicode/uniset.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>

namespace rapporteur::indexer {
namespace {

enum class script : std::uint8_t { latin, alphabetic, east_asian };

struct candidate {
  const char* name;
  script of;
  std::string_view languages;  ///< CLDR's codes, divided by blanks
};
/// Where two fit alike, the first one counts.
constexpr std::array<candidate, 20> k_candidates = {{
    {"windows-1252", script::latin, "en fr es de pt it nl sv da no fi is ca gl eu id"},
    {"windows-1254", script::latin, "tr"},
    {"windows-1250", script::latin, "pl cs sk hu sl hr ro sq"},
    {"iso-8859-2", script::latin, "pl cs sk hu sl hr ro"},
    {"windows-1257", script::latin, "lt lv et"},
    {"windows-1251", script::alphabetic, "ru uk bg sr mk be"},
    {"KOI8-R", script::alphabetic, "ru bg"},
    {"KOI8-U", script::alphabetic, "uk"},
    {"iso-8859-5", script::alphabetic, "ru bg sr mk"},
    {"IBM866", script::alphabetic, "ru"},
    {"windows-1253", script::alphabetic, "el"},
    {"iso-8859-7", script::alphabetic, "el"},
    {"windows-1255", script::alphabetic, "he"},
    {"windows-1256", script::alphabetic, "ar fa ur"},
    {"iso-8859-6", script::alphabetic, "ar"},
    {"windows-874", script::alphabetic, "th"},
    {"gb18030", script::east_asian, "zh"},
    {"Big5", script::east_asian, "zh_Hant"},
    {"windows-949", script::east_asian, "ko"},
    {"Shift_JIS", script::east_asian, "ja"},
}};
constexpr candidate k_euc_jp = {"EUC-JP", script::east_asian, "ja"};

/// The most frequent letters of a language, and the part of all its letters that they make up in running text.
struct frequent_letters {
  std::string_view language;
  std::u32string_view letters;
  double share;
};
constexpr std::array<frequent_letters, 16> k_frequent = {{
    {"ru", U"оеаинтсрвлкмдпу", 0.8},
    {"uk", U"оаинвіетрслкдумп", 0.75},
    {"bg", U"аоеитнрсвлдкпзм", 0.78},
    {"sr", U"аоиенрсјтукдвлмп", 0.75},
    {"mk", U"аоеинтрсвдлкпму", 0.75},
    {"be", U"анаіеорктсылвўдупя", 0.75},
    {"el", U"αοιετσνηυρπκμλωςάόίέή", 0.88},
    {"he", U"יוהלאתרבמשנ", 0.7},
    {"ar", U"اليمنوتربةعدسأهك", 0.78},
    {"fa", U"اینردهوتمبسشگک", 0.75},
    {"ur", U"ایکرنوےہمتسلبد", 0.7},
    {"th", U"านรอกเงยลมวสดท่้ีั", 0.68},
    {"zh", U"的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后",
     0.12},
    {"zh_Hant", U"的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後",
     0.12},
    {"ko", U"이다는을의에가고한하지로기도사인어대시은를서나자리스해원정그아수일으있과", 0.25},
    {"ja", U"のにはをたがでてとしれさいるもなあことかりらまくうっきよそけんアイウンスルトーリラシタクコ", 0.2},
}};

const frequent_letters* frequent_of(std::string_view language) {
  const auto* const found = std::find_if(k_frequent.begin(), k_frequent.end(),
                                         [&](const frequent_letters& f) { return f.language == language; });
  return found == k_frequent.end() ? nullptr : found;
}

/// The letters that a language is written with, in both cases.
const icu::UnicodeSet& alphabet_of(const std::string& language) {
  static thread_local std::map<std::string, icu::UnicodeSet> known;
  const auto [at, fresh] = known.try_emplace(language);
  if (fresh) {
    UErrorCode status = U_ZERO_ERROR;
    if (ULocaleData* data = ulocdata_open(language.c_str(), &status); U_SUCCESS(status)) {
      ulocdata_getExemplarSet(data, at->second.toUSet(), USET_ADD_CASE_MAPPINGS, ULOCDATA_ES_STANDARD, &status);
      ulocdata_close(data);
    }
    at->second.freeze();
  }
  return at->second;
}

enum class sort : std::uint8_t { other, ascii_letter, digit, letter, printed, impossible };

/// Signs that printed texts have: quotation marks, dashes, ellipses, money, East Asian punctuation.
bool is_printed_sign(char32_t c) {
  return (c >= 0x2010 && c <= 0x2027) || c == 0x2030 || c == 0x2039 || c == 0x203A || c == 0x20AC || c == 0x2116 ||
         c == 0x2122 || c == 0xA0 || c == 0xA1 || c == 0xA3 || c == 0xA7 || c == 0xA9 || c == 0xAB || c == 0xAD ||
         c == 0xAE || c == 0xB0 || c == 0xB7 || c == 0xBB || c == 0xBF || c == 0x060C || c == 0x061B || c == 0x061F ||
         (c >= 0x3000 && c <= 0x3011) || (c >= 0xFF01 && c <= 0xFF5E);
}

sort sort_of(char32_t c) {
  if (c < 0x80) {
    if ((c | 0x20U) >= 'a' && (c | 0x20U) <= 'z') return sort::ascii_letter;
    return c >= '0' && c <= '9' ? sort::digit : sort::other;
  }
  if (is_printed_sign(c)) return sort::printed;
  const auto point = static_cast<UChar32>(c);
  const int type = u_charType(point);
  if (c == 0xFFFD || type == U_CONTROL_CHAR || type == U_UNASSIGNED || type == U_PRIVATE_USE_CHAR) {
    return sort::impossible;
  }
  const bool mark = type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK;
  return u_isalpha(point) != 0 || mark ? sort::letter : sort::other;
}

struct character {
  char32_t c = 0;
  sort is = sort::other;
};

std::vector<character> characters_of(std::string_view text) {
  std::vector<character> out;
  for (std::size_t at = 0; at < text.size();) {
    const index::decoded d = index::decode_utf8(text, at);
    at += d.size;
    out.push_back({d.code_point, sort_of(d.code_point)});
  }
  return out;
}

/// The language detector names these by their script alone, so that its word says nothing of the letters.
bool is_known_by_script(std::string_view language) {
  constexpr std::array<std::string_view, 7> k_languages = {"el", "he", "th", "ko", "ja", "zh", "zh_Hant"};
  return std::find(k_languages.begin(), k_languages.end(), language) != k_languages.end();
}

/// How well a text reads as one of a language, without regard to which: at most 1.
double fit(const std::vector<character>& text, const std::string& language, script of) {
  const icu::UnicodeSet& alphabet = alphabet_of(language);
  const frequent_letters* const frequent = frequent_of(language);
  double high = 0, good = 0, bad = 0, letters = 0, common = 0;
  for (std::size_t n = 0; n < text.size(); ++n) {
    const character& c = text[n];
    if (c.c < 0x80) continue;
    ++high;
    const character before = n > 0 ? text[n - 1] : character();
    const character after = n + 1 < text.size() ? text[n + 1] : character();
    if (c.is == sort::impossible) bad += 3;
    if (c.is == sort::printed) good += 0.9;
    if (c.is == sort::other) good += 0.2;
    if (c.is == sort::other && before.is >= sort::ascii_letter && before.is == after.is) bad += 0.5;
    if (c.is != sort::letter) continue;
    ++letters;
    if (frequent != nullptr && frequent->letters.find(static_cast<char32_t>(u_tolower(static_cast<UChar32>(c.c)))) !=
                                   std::u32string_view::npos) {
      ++common;
    }
    const bool known = alphabet.contains(static_cast<UChar32>(c.c));
    const bool beside_ascii = before.is == sort::ascii_letter || after.is == sort::ascii_letter;
    // Capitals inside words.
    if (u_isupper(static_cast<UChar32>(c.c)) && n > 0 && u_islower(static_cast<UChar32>(before.c))) bad += 1;
    if (of == script::latin) {
      const bool crowd = before.is == sort::letter && after.is == sort::letter;
      const bool alone = !beside_ascii && before.is != sort::letter && after.is != sort::letter;
      if (known) good += crowd ? 0 : alone ? 0.5 : 1;
      if (crowd) bad += 0.5;
    } else {
      if (known && !beside_ascii) good += 1;
      if (beside_ascii && of == script::alphabetic) bad += 1;
    }
  }
  if (high == 0) return 0;
  const double kept = (good - bad) / high;
  if (of == script::latin) return 0.6 * kept + 0.25;
  // By chance the frequent letters come up too, more than half as often.
  constexpr double k_chance = 0.6;
  const double share = letters == 0 ? 0 : common / letters / frequent->share;
  const double usual = std::clamp((share - k_chance) / (1 - k_chance), 0.0, 1.0);
  return 0.6 * kept + (is_known_by_script(language) ? 0.7 : 0.4) * usual;
}

/// Lines with bytes beyond ASCII, up to a size that says enough.
std::string sample_of(std::string_view bytes) {
  constexpr std::size_t k_enough = 16384;
  std::string sample;
  while (!bytes.empty() && sample.size() < k_enough) {
    const std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(bytes.size(), line.size() + 1));
    const bool plain =
        std::all_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!plain) sample.append(line.substr(0, k_enough)).append("\n");
  }
  return sample;
}

bool has_controls(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](char c) {
    const auto b = static_cast<unsigned char>(c);
    return b < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' && b != 0x1A;
  });
}

double score_of(const candidate& c, std::string_view sample) {
  const auto icu = converter::open(c.name);
  if (!icu) return 0;
  const converted_text t = icu->convert(sample);
  const std::vector<character> text = characters_of(t.text);
  const std::string detected = index::detect_language(t.text);
  double best = 0;
  for (std::string_view rest = c.languages; !rest.empty();) {
    const std::string language(rest.substr(0, rest.find(' ')));
    rest.remove_prefix(std::min(rest.size(), language.size() + 1));
    // The alphabet of Icelandic holds what Turkish becomes in the wrong encoding.
    if (language == "is" && detected != language) continue;
    best = std::max(best, fit(text, language, c.of));
  }
  const std::string all = ' ' + std::string(c.languages) + ' ';
  const bool expected = !detected.empty() && all.find(' ' + detected + ' ') != std::string::npos;
  return best + (expected && !is_known_by_script(detected) ? 0.3 : 0);
}

}  // namespace

std::optional<std::string> detect_encoding(std::string_view bytes) {
  constexpr double k_least = 0.55;
  if (has_controls(bytes)) return std::nullopt;
  const std::string sample = sample_of(bytes);
  double best = k_least;
  const char* name = nullptr;
  const auto consider = [&](const candidate& c) {
    constexpr double k_clearly = 0.001;
    const double score = score_of(c, sample);
    if (score > best + k_clearly) {
      best = score;
      name = c.name;
    }
  };
  for (const candidate& c : k_candidates) consider(c);
  consider(k_euc_jp);
  if (name == nullptr) return std::nullopt;
  return std::string(name);
}

}  // namespace rapporteur::indexer
