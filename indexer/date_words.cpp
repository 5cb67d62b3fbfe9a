// Tables, as people print the words; they are folded once.
#include "indexer/date_words.hpp"

#include "index/unicode.hpp"

#include <array>
#include <map>
#include <vector>

namespace rapporteur::indexer {
namespace {

/// One row per month: every name and abbreviation in the languages of separate words, divided by |.
constexpr std::array<std::string_view, 12> k_months = {
    "january|jan|enero|ene|janvier|janv|januar|jänner|jän|января|январь|янв|يناير|كانون الثاني|جانفي|ينا",
    "february|feb|febrero|février|févr|fév|februar|feber|февраля|февраль|фев|февр|فبراير|شباط|فيفري|فبر",
    "march|mar|marzo|mars|märz|maerz|mär|mrz|марта|март|мар|مارس|آذار|اذار",
    "april|apr|abril|abr|avril|avr|апреля|апрель|апр|أبريل|إبريل|ابريل|نيسان|أفريل",
    "may|mayo|mai|мая|май|مايو|أيار|ماي|ايار",
    "june|jun|junio|juin|juni|juno|июня|июнь|июн|يونيو|يونيه|حزيران|جوان",
    "july|jul|julio|juillet|juil|juill|juli|julei|июля|июль|июл|يوليو|يوليه|تموز|جويلية|يوليوز",
    "august|aug|agosto|ago|août|aoû|августа|август|авг|أغسطس|آب|أوت|غشت|أغشت|أغسط",
    "september|sep|sept|septiembre|setiembre|set|septembre|сентября|сентябрь|сен|сент|سبتمبر|أيلول|شتنبر|شتمبر|سبتم",
    "october|oct|octubre|octobre|oktober|okt|октября|октябрь|окт|أكتوبر|تشرين الأول|اكتوبر",
    "november|nov|noviembre|novembre|ноября|ноябрь|ноя|нояб|نوفمبر|تشرين الثاني|نونبر|نوفم",
    "december|dec|diciembre|dic|décembre|déc|dezember|dez|декабря|декабрь|дек|ديسمبر|كانون الأول|دجنبر|دجمبر|ديسم",
};

/// One row per weekday, Monday first.
constexpr std::array<std::string_view, 7> k_weekdays = {
    "monday|mon|lunes|lun|lundi|montag|mo|понедельник|пн|الاثنين|الإثنين|اثنين|월요일|月曜日|月曜|星期一|周一|週一|"
    "礼拜一|禮拜一",
    "tuesday|tue|tues|martes|mar|mardi|dienstag|di|вторник|вт|الثلاثاء|ثلاثاء|화요일|火曜日|火曜|星期二|周二|週二|"
    "礼拜二|禮拜二",
    "wednesday|wed|miércoles|mié|mercredi|mer|mittwoch|mi|среда|ср|الأربعاء|أربعاء|수요일|水曜日|水曜|星期三|周三|週三|"
    "礼拜三|"
    "禮拜三",
    "thursday|thu|thur|thurs|jueves|jue|jeudi|jeu|donnerstag|do|четверг|чт|الخميس|خميس|목요일|木曜日|木曜|星期四|周四|"
    "週四|"
    "礼拜四|禮拜四",
    "friday|fri|viernes|vie|vendredi|ven|freitag|fr|пятница|пт|الجمعة|جمعة|금요일|金曜日|金曜|星期五|周五|週五|礼拜五|"
    "禮拜五",
    "saturday|sat|sábado|sáb|samedi|sam|samstag|sonnabend|sa|суббота|сб|السبت|سبت|토요일|土曜日|土曜|星期六|周六|週六|"
    "礼拜六|"
    "禮拜六",
    "sunday|sun|domingo|dom|dimanche|dim|sonntag|so|воскресенье|вс|الأحد|أحد|일요일|日曜日|日曜|星期日|星期天|周日|"
    "週日|"
    "礼拜日|礼拜天|禮拜日|禮拜天",
};

constexpr std::string_view k_fillers =
    "of|the|on|in|year|de|del|el|en|año|le|du|an|année|am|den|vom|im|jahr|г|год|года|году|в|من|في|عام|سنة|لعام|لسنة|م|"
    "ميلادي|ميلادية|الموافق|at|um|a|las|la|à|الساعة|西元|公元|서기";
constexpr std::string_view k_ordinals = "st|nd|rd|th|er|ère|e|o|º|a";
constexpr std::string_view k_half_days =
    "am|pm|ص|م|صباحا|مساء|오전|오후|午前|午後|上午|下午|凌晨|早上|晚上|中午|утра|вечера|дня";
constexpr std::string_view k_hours = "h|hr|hrs|uhr|heures|horas|ч|час|часов|时|時|点|點|시";
constexpr std::string_view k_minutes = "m|min|mn|мин|分|분|s|sec|сек|秒|초";
/// RFC 5322, 4.3, and what programs write besides.
constexpr std::string_view k_zones =
    "z|ut|utc|gmt|est|edt|cst|cdt|mst|mdt|pst|pdt|wet|west|cet|cest|mez|mesz|eet|eest|bst|ist|msk|мск|jst|kst|hkt|sgt|"
    "pkt|wib|sast|eat|wat|cat|aest|aedt|nzst|nzdt|akst|akdt|hst|brt|art|clt|cot|pet|met|hkst";

struct unit_row {
  std::string_view words;
  char unit;
};
constexpr std::array<unit_row, 3> k_units = {{{"年|년", 'Y'}, {"月|월", 'M'}, {"日|일|号|號", 'D'}}};

struct era_row {
  std::string_view words;
  std::int16_t before_first;  ///< the year before the era's first
};
constexpr std::array<era_row, 7> k_eras = {{{"明治", 1867},
                                            {"大正", 1911},
                                            {"昭和", 1925},
                                            {"平成", 1988},
                                            {"令和", 2018},
                                            {"民國|民国|中華民國|中华民国", 1911},
                                            {"주체|juche", 1911}}};

using table = std::map<std::string, date_word, std::less<>>;

template <class Set>
void enter(table& to, std::string_view words, Set set) {
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find('|'));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    set(to[fold_date(word)]);
  }
}

table make_table() {
  table t;
  for (std::size_t n = 0; n < k_months.size(); ++n) {
    enter(t, k_months[n], [n](date_word& w) { w.month = static_cast<std::uint8_t>(n + 1); });
  }
  for (std::size_t n = 0; n < k_weekdays.size(); ++n) {
    enter(t, k_weekdays[n], [n](date_word& w) { w.weekday = static_cast<std::uint8_t>(n + 1); });
  }
  enter(t, "primero|premier|erster|ersten", [](date_word& w) { w.number = 1; });
  enter(t, k_fillers, [](date_word& w) { w.filler = true; });
  enter(t, k_ordinals, [](date_word& w) { w.ordinal = true; });
  enter(t, k_half_days, [](date_word& w) { w.half_day = true; });
  enter(t, k_hours, [](date_word& w) { w.hour = true; });
  enter(t, k_minutes, [](date_word& w) { w.minute = true; });
  enter(t, k_zones, [](date_word& w) { w.zone = true; });
  for (const unit_row& u : k_units) enter(t, u.words, [&](date_word& w) { w.unit = u.unit; });
  for (const era_row& e : k_eras) enter(t, e.words, [&](date_word& w) { w.era = e.before_first; });
  return t;
}

const table& words() {
  static const table all = make_table();
  return all;
}

}  // namespace

std::string fold_date(std::string_view text) {
  const std::string composed = index::compose(text);
  std::string out;
  for (std::size_t at = 0; at < composed.size();) {
    const index::decoded d = index::decode_utf8(composed, at);
    at += d.size;
    if (!index::is_format(d.code_point)) index::append_folded(out, d.code_point);
  }
  return out;
}

const date_word* find_date_word(std::string_view word) {
  const auto found = words().find(word);
  return found == words().end() ? nullptr : &found->second;
}

const date_word* find_date_prefix(std::string_view text, std::size_t& bytes) {
  constexpr std::size_t k_longest = 12;  // 中華民國
  for (bytes = std::min(text.size(), k_longest); bytes >= 3; --bytes) {
    if (index::utf8_boundary_before(text, bytes) != bytes) continue;
    if (const date_word* w = find_date_word(text.substr(0, bytes))) return w;
  }
  return nullptr;
}

}  // namespace rapporteur::indexer
