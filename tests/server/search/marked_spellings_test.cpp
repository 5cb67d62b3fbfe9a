// A word is marked however it is printed: the filter that passes over other words must let every spelling through that
// the tokeniser reads as it.
#include "server/search/highlighter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rapporteur::search {
namespace {

enum class wanted { word, acronym, symbol };

struct row {
  const char* name;
  wanted what;
  const char* folded;  // an acronym as written
  const char* text;
  const char* marked;
};

constexpr row k_rows[] = {
    {"no_break_space_in_number", wanted::word, "120000", "some 120\u00A0000 fled", "some [120\u00A0000] fled"},
    {"narrow_space_in_number", wanted::word, "120000", "some 120\u202F000 fled", "some [120\u202F000] fled"},
    {"arabic_thousands", wanted::word, "120000", "فر ١٢٠٬٠٠٠ شخص", "فر [١٢٠٬٠٠٠] شخص"},
    {"persian_thousands", wanted::word, "120000", "فر ۱۲۰،۰۰۰ شخص", "فر [۱۲۰،۰۰۰] شخص"},
    {"indian_thousands", wanted::word, "120000", "some 1,20,000 fled", "some [1,20,000] fled"},
    {"swiss_thousands", wanted::word, "120000", "some 120’000 fled", "some [120’000] fled"},
    {"full_width_point", wanted::word, "5.93", "the ５．９３ mln", "the [５．９３] mln"},
    {"lowered_digit", wanted::word, "co2", "the CO₂ price", "the [CO₂] price"},
    {"gershayim_as_quote", wanted::word, "צהל", "אמר צה”ל היום", "אמר [צה”ל] היום"},
    {"gershayim_as_apostrophes", wanted::word, "צהל", "אמר צה''ל היום", "אמר [צה''ל] היום"},
    {"maqaf", wanted::word, "תלאביב", "אל תל־אביב היום", "אל [תל־אביב] היום"},
    {"quotation_after_prefix", wanted::word, "הארץ", "נכתב ב\"הארץ\" היום", "נכתב ב\"[הארץ]\" היום"},
    {"armenian_mark", wanted::word, "ինչու", "Ինչո՞ւ իմ", "[Ինչո՞ւ] իմ"},
    {"catalan", wanted::word, "colleccio", "la col·lecció nova", "la [col·lecció] nova"},
    {"catalan_letter", wanted::word, "colleccio", "la coŀlecció nova", "la [coŀlecció] nova"},
    {"azeri", wanted::word, "aliyev", "said Əliyev today", "said [Əliyev] today"},
    {"modifier_apostrophe", wanted::word, "people", "the peopleʼs hall", "the [peopleʼs] hall"},
    {"radical_for_character", wanted::word, "人", "\u2F08", "[\u2F08]"},
    {"spaced_voicing", wanted::word, "が", "か\u309B", "[か\u309B]"},
    {"thai_sara_am", wanted::word, "น้ํา", "น\u0E4D\u0E49\u0E32", "[น\u0E4D\u0E49\u0E32]"},
    {"syllable_in_part", wanted::word, "각", "가\u11A8", "[가\u11A8]"},
    {"direction_marks_stay_outside", wanted::acronym, "UN", "the \u2068UN\u2069 said", "the \u2068[UN]\u2069 said"},
    {"suffixed_acronym", wanted::acronym, "BM", "raporu BM'nin dedi", "raporu [BM]'nin dedi"},
    {"full_width_acronym", wanted::acronym, "UN", "the Ｕ．Ｎ． said", "the [Ｕ．Ｎ．] said"},
    {"symbol_in_address", wanted::symbol, "a/hrc/25/63", "at undocs.org/A/HRC/25/63 now",
     "at undocs.org/[A/HRC/25/63] now"},
};

std::ostream& operator<<(std::ostream& out, const row& r) {
  return out << r.name;
}

class marked_spelling : public testing::TestWithParam<row> {};

TEST_P(marked_spelling, is_found) {
  const row& r = GetParam();
  pattern p;
  p.steps.resize(1);
  switch (r.what) {
    case wanted::word:
      p.steps.front().words.emplace_back(r.folded);
      break;
    case wanted::acronym:
      p.steps.front().acronyms.emplace_back(r.folded);
      break;
    case wanted::symbol:
      p.steps.front().symbols.emplace_back(r.folded);
      break;
  }
  p.weight = 1;
  highlighter h;
  const std::vector<pattern> patterns = {p};  // outlives the highlighter's use of it
  h.prepare(patterns);
  index::block_text whole = index::block_text::borrow(r.text);
  std::string shown;
  for (const marked_text& t : h.passages(whole, "en", 1, 200).value()) {
    for (const run& piece : t) shown += piece.match ? "[" + piece.text + "]" : piece.text;
  }
  EXPECT_EQ(shown, r.marked);
}

INSTANTIATE_TEST_SUITE_P(rows, marked_spelling, testing::ValuesIn(k_rows),
                         [](const auto& i) { return std::string(i.param.name); });

}  // namespace
}  // namespace rapporteur::search
