// Which words in capitals are acronyms: those of prose, not those of headlines, datelines, numbers and names.
#include "analysis_rows.hpp"
#include "index/acronym_use.hpp"

#include <gtest/gtest.h>

namespace rapporteur::index {
namespace {

class acronym_rule : public testing::TestWithParam<analysis_row> {};

TEST_P(acronym_rule, gives_these_tokens) {
  expect_row(GetParam());
}

constexpr analysis_row k_rows[] = {
    {"plain", "when UN, US, WHO, AIDS, IT, COI, NGO, DPRK, EU and ICC met",
     "1:when 2:un 2:!UN 3:us 3:!US 4:who 4:!WHO 5:aids 5:!AIDS 6:it 6:!IT 7:coi 7:!COI 8:ngo 8:!NGO 9:dprk 9:!DPRK "
     "10:eu 10:!EU 11:and 12:icc 12:!ICC 13:met"},
    {"at_the_end", "sent to the UN", "1:sent 2:to 3:the 4:un 4:!UN"},
    {"dotted", "the U.N. and U.S.S.R. of", "1:the 2:un 2:!UN 3:and 4:ussr 4:!USSR 5:of"},
    {"dotted_without_the_last", "in U.S.A, they", "1:in 2:usa 2:!USA 3:they"},
    {"dotted_possessive", "the U.N.'s and U.N.’s plan", "1:the 2:un 2:!UN 3:and 4:un 4:!UN 5:plan"},
    {"plurals", "two NGOs and NGO's", "1:two 2:ngos 2:!NGO 3:and 4:ngo 4:!NGO"},
    {"slashed", "with HIV/AIDS today", "1:with 2:hiv 2:!HIV 3:aids 3:!AIDS 4:today"},
    {"hyphenated", "an EU-funded, U.N.-led plan",
     "1:an 2:=eufunded 2:eu 2:!EU 3:funded 4:=unled 4:un 4:!UN 5:led 6:plan"},
    {"with_digits", "G20, H1N1 and MH17 came", "1:g20 1:!G20 2:h1n1 2:!H1N1 3:and 4:mh17 4:!MH17 5:came"},
    {"in_brackets", "the Commission of Inquiry (COI) said", "1:the 2:commission 3:of 4:inquiry 5:coi 5:!COI 6:said"},
    {"elided", "de l’ONU et d’AI", "1:de 2:lonu 2:~onu 2:!ONU 3:et 4:dai 4:~ai 4:!AI"},
    {"turkish_suffix", "raporu BM'nin ve AB’ye", "1:raporu 2:bmnin 2:!BM 3:ve 4:abye 4:!AB"},
    {"turkish_letters", "derneği İHD ve ÇHD dedi", "1:dernegi 2:ihd 2:!IHD 3:ve 4:chd 4:!CHD 5:dedi"},
    {"accented", "le SÉNAT dit", "1:le 2:senat 2:!SENAT 3:dit"},
    // no acronyms
    {"names", "Kim Jong Un, Kim Jong-un, Un", "1:kim 2:jong 3:un 4:kim 5:=jongun 5:jong 6:un 7:un"},
    {"apostrophe_in_name", "says O'NEILL today", "1:says 2:oneill 3:today"},
    {"roman_numbers", "World War II, Part XIV and IX of it, not XL",
     "1:world 2:war 3:ii 4:part 5:xiv 6:and 7:ix 8:of 9:it 10:not 11:xl 11:!XL"},
    {"codes_and_measures", "key C1015AB0 is 6764717C5D64FBB6 or 1.50C then",
     "1:key 2:c1015ab0 3:is 4:6764717c5d64fbb6 5:or 6:1.50c 7:then"},
    {"single_capital", "Plan B works", "1:plan 2:b 3:works"},
    {"headline", "NORTH KOREA WARNS UN\nThe text", "1:north 2:korea 3:warns 4:un 5:the 6:text"},
    {"headline_then_prose", "NORTH KOREA\nthe UN said", "1:north 2:korea 3:the 4:un 4:!UN 5:said"},
    {"cyrillic_headline", "ООН ОБВИНЯЕТ КНДР\nтекст", "1:оон 2:обвиняет 3:кндр 4:текст"},
    {"headline_over_two_lines", "they read KIM JONG\nUN WARNS and left",
     "1:they 2:read 3:kim 4:jong 5:un 6:warns 7:and 8:left"},
    {"paragraphs_are_apart", "they told the EU UN\n\nWHO ICC said so",
     "1:they 2:told 3:the 4:eu 4:!EU 5:un 5:!UN 6:who 6:!WHO 7:icc 7:!ICC 8:said 9:so"},
    // datelines
    {"dateline_with_date", "SEOUL, May 3 (Reuters) - The UN said",
     "1:seoul 2:may 3:3 4:reuters 5:the 6:un 6:!UN 7:said"},
    {"dateline_of_an_agency", "NEW YORK (Reuters) — The WHO said", "1:new 2:york 3:reuters 4:the 5:who 5:!WHO 6:said"},
    {"dateline_without_agency", "LIMA, Sept. 3 -- The UN said", "1:lima 2:sept 3:3 4:the 5:un 5:!UN 6:said"},
    {"dateline_with_country", "GENEVA, Switzerland – The ICC said", "1:geneva 2:switzerland 3:the 4:icc 4:!ICC 5:said"},
    {"dateline_in_a_later_line", "Title here\nSEOUL, May 3 - It said", "1:title 2:here 3:seoul 4:may 5:3 6:it 7:said"},
    {"no_dateline_acronyms_first", "UN, WFP and WHO – among others – said",
     "1:un 1:!UN 2:wfp 2:!WFP 3:and 4:who 4:!WHO 5:among 6:others 7:said"},
    {"no_dateline_dash_alone", "UNICEF — the agency for children",
     "1:unicef 1:!UNICEF 2:the 3:agency 4:for 5:children"},
    {"no_dateline_within_a_line", "He told UNICEF, May 3 - again", "1:he 2:told 3:unicef 3:!UNICEF 4:may 5:3 6:again"},
    // document symbols
    {"symbol", "see A/HRC/25/63 here", "1:see 2:#a/hrc/25/63 2:a 3:hrc 3:!HRC 4:25 5:63 6:here"},
    {"symbol_in_an_address", "at https://undocs.org/A/HRC/25/63 now",
     "1:at 2:https 3:undocs 4:org 5:#a/hrc/25/63 5:a 6:hrc 6:!HRC 7:25 8:63 9:now"},
    {"symbol_of_a_session", "in A/HRC/RES/S-17/1 it",
     "1:in 2:#a/hrc/res/s-17/1 2:a 3:hrc 3:!HRC 4:res 4:!RES 5:s 6:17 "
     "7:1 8:it"},
    {"symbol_of_a_treaty_body", "its CCPR/C/PRK/CO/2 and INFCIRC/153 too",
     "1:its 2:#ccpr/c/prk/co/2 2:ccpr 2:!CCPR 3:c 4:prk 4:!PRK 5:co 5:!CO 6:2 7:and 8:#infcirc/153 8:infcirc "
     "8:!INFCIRC 9:153 10:too"},
    {"address_and_mail", "jane.doe@example.org www.example.org/a",
     "1:jane 2:doe 3:example 4:org 5:www 6:example 7:org 8:a"},
};

INSTANTIATE_TEST_SUITE_P(rules, acronym_rule, testing::ValuesIn(k_rows),
                         [](const auto& i) { return std::string(i.param.name); });

TEST(acronyms, of_a_query_are_read_whatever_stands_around) {
  EXPECT_EQ(describe("UN"), "1:un");
  EXPECT_EQ(describe("UN", text_role::query), "1:un 1:!UN");
  EXPECT_EQ(describe("NORTH KOREA WARNS UN", text_role::query),
            "1:north 1:!NORTH 2:korea 2:!KOREA 3:warns 3:!WARNS 4:un 4:!UN");
  EXPECT_EQ(describe("II", text_role::query), "1:ii");
}

TEST(acronym_use, depends_on_how_the_archive_writes_it) {
  const struct {
    const char* written;
    std::uint64_t as_acronym, as_word;
    bool meant;
  } rows[] = {
      {"UN", 0, 100, false},
      {"UN", 1, 100, true},
      {"NGEOS", 1, 100, true},
      {"GENEVA", 29, 100, false},
      {"GENEVA", 30, 100, true},
      {"GENEVA", 0, 0, false},
      {"UNESCO", 100, 100, true},
      // Letters count, not bytes.
      {"ООН", 1, 100, true},
      {"МОСКВА", 1, 100, false},
  };
  for (const auto& r : rows) {
    EXPECT_EQ(is_meant_as_acronym(r.written, r.as_acronym, [&] { return r.as_word; }), r.meant)
        << r.written << ' ' << r.as_acronym << ' ' << r.as_word;
  }
}

}  // namespace
}  // namespace rapporteur::index
