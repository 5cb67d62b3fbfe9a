// The rules of docs/analysis.md, a row each: what a text becomes, position by position.
#include "analysis_rows.hpp"
#include "index/unicode.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {
namespace {

class analysis_rule : public testing::TestWithParam<analysis_row> {};

TEST_P(analysis_rule, gives_these_tokens) {
  expect_row(GetParam());
}

constexpr analysis_row k_rows[] = {
    {"words", "The prison camps", "1:the 2:prison 3:camps"},
    {"capitalised", "Defectors fled", "1:defectors 2:fled"},
    {"punctuation", "“camps,” (they) said!", "1:camps 2:they 3:said"},
    // acronyms
    {"dotted_acronym", "the U.N. said", "1:the 2:un 2:!UN 3:said"},
    {"plain_acronym", "the UN said", "1:the 2:un 2:!UN 3:said"},
    {"dotted_acronym_at_end", "said the U.N.", "1:said 2:the 3:un 3:!UN"},
    {"acronym_before_hyphen", "a U.N.-backed plan", "1:a 2:=unbacked 2:un 2:!UN 3:backed 4:plan"},
    {"acronym_possessive", "the UN’s plan, the U.S.'s plan", "1:the 2:un 2:!UN 3:plan 4:the 5:us 5:!US 6:plan"},
    {"acronym_plural", "two NGOs met", "1:two 2:ngos 2:!NGO 3:met"},
    {"acronym_elided", "de l’ONU hier", "1:de 2:lonu 2:~onu 2:!ONU 3:hier"},
    {"acronym_with_digits", "the G20 and R2P", "1:the 2:g20 2:!G20 3:and 4:r2p 4:!R2P"},
    {"acronym_cyrillic", "власти США заявили", "1:власти 2:сша 2:!США 3:заявили"},
    {"name_is_no_acronym", "Kim Jong Un visits", "1:kim 2:jong 3:un 4:visits"},
    {"hyphenated_name_is_no_acronym", "Kim Jong-un", "1:kim 2:=jongun 2:jong 3:un"},
    {"line_in_capitals", "NORTH KOREA WARNS UN\nThe text begins", "1:north 2:korea 3:warns 4:un 5:the 6:text 7:begins"},
    {"run_in_capitals", "NORTH KOREA WARNS UN, says the paper", "1:north 2:korea 3:warns 4:un 5:says 6:the 7:paper"},
    {"list_of_acronyms", "told UN, WFP, WHO, IOM staff",
     "1:told 2:un 2:!UN 3:wfp 3:!WFP 4:who 4:!WHO 5:iom 5:!IOM 6:staff"},
    {"single_capital", "Plan B works", "1:plan 2:b 3:works"},
    {"small_dotted", "e.g. camps", "1:eg 2:camps"},
    {"missing_space_after_sentence", "he said.She left", "1:he 2:said 3:she 4:left"},
    {"domain", "see www.example.org now", "1:see 2:www 3:example 4:org 5:now"},
    // diacritics and romanisations
    {"accents", "Tomás Ñandú Zoë Łukasz Søren Ağaoğlu İstanbul ışık",
     "1:tomas 2:nandu 3:zoe 4:lukasz 5:soren 6:agaoglu 7:istanbul 8:isik"},
    {"accents_nfd", "Toma\xCC\x81s", "1:tomas"},
    {"sharp_s_and_ligatures", "Straße œuvre ﬁn", "1:strasse 2:oeuvre 3:fin"},
    {"romanised_apostrophes", "P'yŏngyang P’yŏngyang Pʼyŏngyang Ch’ŏngjin",
     "1:pyongyang 2:pyongyang 3:pyongyang 4:chongjin"},
    {"irish_name", "O'Brien O’Brien", "1:obrien 2:obrien"},
    {"arabic_article_romanised", "al-Assad", "1:=alassad 1:al 2:assad"},
    {"full_width", "ＵＮ ｍｅｎ １２", "1:un 1:!UN 2:men 3:12"},
    {"vietnamese", "Nguyễn Đình", "1:nguyen 2:dinh"},
    // possessives, elisions
    {"possessive_typographic", "people’s", "1:people"},
    {"possessive_ascii", "people's", "1:people"},
    {"plural_possessive", "workers' rights", "1:workers 2:rights"},
    {"elision", "les droits de l’homme", "1:les 2:droits 3:de 4:lhomme 4:~homme"},
    {"elision_d", "chef d'État", "1:chef 2:detat 2:~etat"},
    {"contraction", "don't won’t", "1:dont 2:wont"},
    // compounds
    {"hyphen", "ill-treatment of", "1:=illtreatment 1:ill 2:treatment 3:of"},
    {"three_parts", "man-made-famine", "1:=manmadefamine 1:man 2:made 3:famine"},
    {"dash_is_no_hyphen", "camps – prisons — jails", "1:camps 2:prisons 3:jails"},
    {"soft_hyphen", "deten\xC2\xADtion", "1:detention"},
    {"slash", "and/or", "1:and 2:or"},
    {"underscore", "snake_case", "1:snake 2:case"},
    // numbers and symbols
    {"thousands", "120,000 people", "1:120000 2:people"},
    {"millions", "1,234,567", "1:1234567"},
    {"two_years", "2018,2019", "1:2018 2:2019"},
    {"decimal", "5.93 mln", "1:5.93 2:mln"},
    {"numeric_slash", "after 9/11 attacks", "1:after 2:=9/11 2:9 3:11 4:attacks"},
    {"numeric_hyphen", "2019-06-13", "1:=2019-06-13 1:2019 2:06 3:13"},
    {"covid", "a COVID-19 ward", "1:a 2:=covid19 2:covid 2:!COVID 3:19 4:ward"},
    {"symbol", "see A/HRC/25/63 here", "1:see 2:#a/hrc/25/63 2:a 3:hrc 3:!HRC 4:25 5:63 6:here"},
    {"symbol_with_year", "the S/RES/1718(2006) text",
     "1:the 2:#s/res/1718(2006) 2:s 3:res 3:!RES 4:1718 5:2006 6:text"},
    {"symbol_with_dots", "in E/CN.4/2005/34/Add.1 too",
     "1:in 2:#e/cn.4/2005/34/add.1 2:e 3:cn 3:!CN 4:4 5:2005 6:34 7:add 8:1 9:too"},
    {"arabic_digits", "عام ٢٠١٩", "1:عام 2:2019"},
    // other scripts
    {"cyrillic", "Ещё ёлка йод", "1:еще 2:елка 3:йод"},
    {"cyrillic_nfd", "и\xCC\x86од", "1:йод"},
    {"greek", "Άνθρωπος", "1:ανθρωποσ"},
    {"arabic_harakat", "حُقُوق حقـــوق", "1:حقوق 2:حقوق"},
    {"arabic_letters", "أسرة إلى مدرسة", "1:اسره 2:الي 3:مدرسه"},
    {"hebrew", "שָׁלוֹם צה\"ל", "1:שלום 2:צהל"},
    {"devanagari", "हिंदी मानवाधिकार", "1:हिंदी 2:मानवाधिकार"},
    {"hangul", "한국", "1:한국 1:한 2:국"},
    {"hangul_nfd", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB\xE1\x84\x80\xE1\x85\xAE\xE1\x86\xA8", "1:한국 1:한 2:국"},
    {"hangul_with_particle", "북한은 UN에", "1:북한 1:북 2:한은 2:한 3:은 4:un 4:!UN 5:에"},
    {"han", "北朝鮮", "1:北朝 1:北 2:朝鮮 2:朝 3:鮮"},
    {"kana", "がカー", "1:がカ 1:が 2:カー 2:カ 3:ー"},
    {"kana_nfd", "か\xE3\x82\x99", "1:が"},
    {"kana_half_width", "ｶﾞｽ", "1:ガス 1:ガ 2:ス"},
    {"thai", "สิทธิมนุษยชน", "1:สิทธิ 2:มนุษย 3:ชน"},
    {"supplementary_letters", "𝐔𝐍 aid", "1:un 1:!UN 2:aid"},
    {"emoji", "rights ✊🏽 now", "1:rights 2:now"},
};

INSTANTIATE_TEST_SUITE_P(rules, analysis_rule, testing::ValuesIn(k_rows),
                         [](const auto& i) { return std::string(i.param.name); });

TEST(analysis, ranges_are_the_written_words) {
  const std::string text = "the U.N.’s “ill-treatment” of Tomás: 북한";
  analyzer a;
  token_list list;
  a.analyze(text, list);
  std::vector<std::string> slices;
  for (const token& t : list.tokens()) slices.push_back(text.substr(t.begin, t.end - t.begin));
  EXPECT_EQ(slices, (std::vector<std::string>{"the", "U.N.’s", "U.N.’s", "ill-treatment", "ill", "treatment", "of",
                                              "Tomás", "북한", "북", "한"}));
}

TEST(analysis, long_runs_are_bounded) {
  for (const char* unit : {"x", "é", "9", "a-", "a.", "A/1/", "e\xCC\x81", "'s", "’", "漢", "ก"}) {
    std::string text;
    while (text.size() < 300000) text += unit;
    analyzer a;
    token_list list;
    a.analyze(text, list);
    for (const token& t : list.tokens()) {
      ASSERT_LE(t.text_size, k_max_token_bytes);
      ASSERT_EQ(find_invalid_utf8(list.text(t)), std::string::npos);
    }
  }
}

// Any bytes: never a failure, ranges in bounds and on character boundaries, positions never going back, and the same
// text again gives the same tokens.
TEST(analysis, any_bytes_are_a_text) {
  std::mt19937 random(20240613);
  const std::vector<std::string> pieces = {"U.N.", "a", "é", "'",    "’",        "-",        "/",  ".",
                                           ",",    "(", ")", "1",    "19",       "\xCC\x81", "한", "が",
                                           "漢",   "ส", "ี",  "\xFF", "\xE2\x82", "\xF0\x9F", " ",  "\n",
                                           "ا",    "ّ",  "א", "\"",   "\xC2\xAD", "İ",        "ß",  "𝐔"};
  analyzer a;
  token_list list;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const int count = static_cast<int>(random() % 24);
    for (int i = 0; i < count; ++i) text += pieces[random() % pieces.size()];
    a.analyze(text, list);
    std::uint32_t position = 0;
    for (const token& t : list.tokens()) {
      ASSERT_LT(t.begin, t.end) << text;
      ASSERT_LE(t.end, text.size()) << text;
      ASSERT_NE(static_cast<unsigned char>(text[t.begin]) & 0xC0, 0x80) << text;
      ASSERT_GE(t.position, position) << text;
      ASSERT_GT(t.text_size, 0);
      position = t.position;
    }
    ASSERT_LE(position, list.last_position());
  }
}

// Marks, parts of letters and joiners in any order: both normal forms of it have the same tokens.
TEST(analysis, any_characters_are_alike_composed_and_decomposed) {
  std::mt19937 random(20260322);
  const std::vector<std::string> pieces = {"U.N.",
                                           "a",
                                           "é",
                                           "E",
                                           "s",
                                           "'",
                                           "’",
                                           "-",
                                           "/",
                                           ".",
                                           ",",
                                           "\u00A0",
                                           "(",
                                           "1",
                                           "١",
                                           "000",
                                           "٬",
                                           "\u0301",
                                           "\u0323",
                                           "\u0327",
                                           "\u0308",
                                           "ồ",
                                           "Å",
                                           "\u212B",
                                           "\u212A",
                                           "\u0387",
                                           "\u1FEF",
                                           "\u1FFD",
                                           "\u0345",
                                           "ᾳ",
                                           "Ω",
                                           "한",
                                           "가",
                                           "\u1100",
                                           "\u1161",
                                           "\u11A8",
                                           "\u119E",
                                           "が",
                                           "か",
                                           "\u3099",
                                           "\u309B",
                                           "ｶ",
                                           "ﾞ",
                                           "漢",
                                           "\uF900",
                                           "\U0002F800",
                                           "ส",
                                           "ำ",
                                           "\u0E4D",
                                           "\u0E32",
                                           "\u0E49",
                                           "ี",
                                           "ປ",
                                           "ຳ",
                                           "\u0ECD",
                                           "\u0EB2",
                                           "\u1025",
                                           "\u102E",
                                           "\u1026",
                                           "\u1037",
                                           "\u1039",
                                           " ",
                                           "\n",
                                           "\n\n",
                                           "ا",
                                           "\u0651",
                                           "\u064E",
                                           "\u0654",
                                           "أ",
                                           "ئ",
                                           "א",
                                           "ה",
                                           "\u05B8",
                                           "\uFB2A",
                                           "\"",
                                           "״",
                                           "\u00AD",
                                           "\u200D",
                                           "\u200F",
                                           "İ",
                                           "ß",
                                           "क",
                                           "\u093C",
                                           "\u0958",
                                           "\u094D",
                                           "\u09C7",
                                           "\u09BE",
                                           "\u0F40",
                                           "\u0F71",
                                           "\u0F72",
                                           "\u0F73",
                                           "й",
                                           "ё",
                                           "И",
                                           "\u0306",
                                           "l",
                                           "·",
                                           "ŀ",
                                           "ﬁ",
                                           "UN",
                                           "WHO",
                                           "IX",
                                           "\u055E",
                                           "\u0340",
                                           "\u0344",
                                           "\u1E9B",
                                           "\U0001D15E",
                                           "\U0001109A",
                                           "e\u0328\u0301"};
  analyzer a;
  token_list list;
  for (int round = 0; round < 30000; ++round) {
    std::string text;
    const int count = static_cast<int>(random() % 16);
    for (int i = 0; i < count; ++i) text += pieces[random() % pieces.size()];
    a.analyze(nfc(text), list);
    const std::string composed = describe(list);
    a.analyze(nfd(text), list);
    ASSERT_EQ(describe(list), composed) << text;
  }
}

TEST(analysis, fold_is_idempotent_and_keeps_one_blank) {
  for (const char* s : {"  Tomás   OJEA ", "Ağaoğlu", "أسرة", "한국", "がｶﾞ", "Ещё", "ﬁn Straße"}) {
    EXPECT_EQ(fold(fold(s)), fold(s)) << s;
  }
  EXPECT_EQ(fold("  Tomás \t OJEA "), "tomas ojea");
}

}  // namespace
}  // namespace rapporteur::index
