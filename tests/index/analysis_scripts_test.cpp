// The rules of docs/analysis.md in the scripts that they have a meaning in, a row each, composed and decomposed.
#include "analysis_rows.hpp"

#include <gtest/gtest.h>

namespace rapporteur::index {
namespace {

class analysis_script : public testing::TestWithParam<analysis_row> {};

TEST_P(analysis_script, gives_these_tokens) {
  expect_row(GetParam());
}

constexpr analysis_row k_latin[] = {
    {"ligatures", "ﬁn oﬃce ŉ œuvre Æthel ẞ", "1:fin 2:office 3:n 4:oeuvre 5:aethel 6:ss"},
    {"vietnamese_stacked", "Nguyễn Đình Trường", "1:nguyen 2:dinh 3:truong"},
    {"turkish_i", "İstanbul istanbul ISPARTA ısparta", "1:istanbul 2:istanbul 3:isparta 3:!ISPARTA 4:isparta"},
    {"german", "Straße STRASSE Müller", "1:strasse 2:strasse 2:!STRASSE 3:muller"},
    {"polish", "Łódź łódź", "1:lodz 2:lodz"},
    {"nordic", "Åse Ærø Ǿrsted Þór Ðað", "1:ase 2:aero 3:orsted 4:thor 5:dad"},
    {"azeri_and_akan", "Əliyev Akɔsɔmbɔ Ɛwɛ", "1:aliyev 2:akosombo 3:ewe"},
    {"catalan", "col·lecció col·legi COL·LEGI coŀlegi", "1:colleccio 2:collegi 3:collegi 3:!COLLEGI 4:collegi"},
    {"middle_dot_elsewhere", "a·b x·y", "1:a 2:b 3:x 4:y"},
    {"kelvin_and_angstrom", "\u212Bngstr\u00F6m \u212Aelvin", "1:angstrom 2:kelvin"},
    {"full_width", "ＵＮ　ｍｅｎ　１２", "1:un 1:!UN 2:men 3:12"},
    {"full_width_dots", "the Ｕ．Ｎ． said ５．９３", "1:the 2:un 2:!UN 3:said 4:5.93"},
    {"full_width_symbol", "see Ａ／ＨＲＣ／２５／６３ here", "1:see 2:#a/hrc/25/63 2:a 3:hrc 3:!HRC 4:25 5:63 6:here"},
    {"stacked_marks_out_of_order", "a\u0323\u0302 ê\u0323x", "1:a 2:ex"},
    {"mark_without_a_base", " \u0301lone \u0301 mark", "1:lone 2:mark"},
    {"mathematical", "𝐔𝐍 aid", "1:un 1:!UN 2:aid"},
};

constexpr analysis_row k_apostrophes[] = {
    {"every_apostrophe", "P'yong P’yong Pʼyong P‘yong P`yong P´yong P′yong P＇yong Pʿyong",
     "1:pyong 2:pyong 3:pyong 4:pyong 5:pyong 6:pyong 7:pyong 8:pyong 9:pyong"},
    {"every_possessive", "people's people’s peopleʼs people‘s people＇s",
     "1:people 2:people 3:people 4:people 5:people"},
    {"possessive_with_marks", "Tomás's José’s", "1:tomas 2:jose"},
    {"romanised", "P'yŏngyang Ch’ŏngjin Sa‘ūd ʻAlī", "1:pyongyang 2:chongjin 3:saud 4:ali"},
    {"ukrainian", "м'ясо м’ясо мʼясо", "1:мясо 2:мясо 3:мясо"},
    {"quoted", "‘word’ 'word' ’word", "1:word 2:word 3:word"},
    {"elision_with_marks", "l’État d’Être", "1:letat 1:~etat 2:detre 2:~etre"},
};

constexpr analysis_row k_invisible[] = {
    {"soft_hyphen", "deten\u00ADtion", "1:detention"},
    {"joiners", "a\u200Db c\u2060d e\uFEFFf", "1:ab 2:cd 3:ef"},
    {"zero_width_space", "a\u200Bb", "1:a 2:b"},
    {"direction_marks", "the \u2068UN\u2069 and \u200FUN\u200F x\u200E", "1:the 2:un 2:!UN 3:and 4:un 4:!UN 5:x"},
    {"hyphens", "ill-treatment ill\u2010treatment ill\u2011treatment",
     "1:=illtreatment 1:ill 2:treatment 3:=illtreatment 3:ill 4:treatment 5:=illtreatment 5:ill 6:treatment"},
    {"no_break_space", "Kim\u00A0Jong", "1:kim 2:jong"},
    {"emoji", "rights ✊🏽 now 👩\u200D👩 UN🇺🇳 1\uFE0F\u20E3", "1:rights 2:now 3:un 3:!UN 4:1"},
};

constexpr analysis_row k_numbers[] = {
    {"arabic_indic", "١٢٠٬٠٠٠ ١٫٥ ٢٠١٩", "1:120000 2:1.5 3:2019"},
    {"persian", "۱۲۰٬۰۰۰ ۱۲۰،۰۰۰", "1:120000 2:120000"},
    {"devanagari", "१२०,००० १,२०,०००", "1:120000 2:120000"},
    {"thai", "๒๕๖๑ ๑,๐๐๐", "1:2561 2:1000"},
    {"indian", "1,20,000 12,34,567", "1:120000 2:1234567"},
    {"swiss", "120’000 120'000", "1:120000 2:120000"},
    {"no_break_spaces", "120\u00A0000 120\u202F000 1\u2009234\u2009567",
     "1:=120000 1:120 2:000 3:=120000 3:120 4:000 5:=1234567 5:1 6:234 7:567"},
    {"plain_space", "120 000", "1:120 2:000"},
    {"no_break_space_elsewhere", "May\u00A03 1997\u00A0000 12\u00A034", "1:may 2:3 3:1997 4:000 5:12 6:34"},
    {"no_thousands", "2018,2019 1234,567 1,2", "1:2018 2:2019 3:1234 4:567 5:1 6:2"},
    {"point_as_written", "120.000 13.06.2019", "1:120.000 2:13.06.2019"},
    {"lowered_and_raised", "CO₂ falls, km² word¹", "1:co2 1:!CO2 2:falls 3:km 4:word"},
    {"slash", "9/11 24/7", "1:=9/11 1:9 2:11 3:=24/7 3:24 4:7"},
    {"arabic_slash", "٩/١١", "1:=9/11 1:9 2:11"},
    {"letters_and_digits", "the G20, G-20 and R2P text",
     "1:the 2:g20 2:!G20 3:=g20 3:g 4:20 5:and 6:r2p 6:!R2P 7:text"},
};

constexpr analysis_row k_cyrillic_greek[] = {
    {"cyrillic_letters", "Ещё ёлка йод Київ їжак", "1:еще 2:елка 3:йод 4:київ 5:їжак"},
    {"cyrillic_stress", "за\u0301мок", "1:замок"},
    {"cyrillic_acronyms", "власти США и О.О.Н. сказали", "1:власти 2:сша 2:!США 3:и 4:оон 4:!ООН 5:сказали"},
    {"cyrillic_initials", "поэт А.С. Пушкин", "1:поэт 2:ас 2:!АС 3:пушкин"},
    {"cyrillic_hyphen", "северо-восток", "1:=северовосток 1:северо 2:восток"},
    {"greek", "Άνθρωπος ΆΝΘΡΩΠΟΣ ᾄδω", "1:ανθρωποσ 2:ανθρωποσ 2:!ΑΝΘΡΩΠΟΣ 3:αιδω"},
    {"greek_acronyms", "ο ΟΗΕ και η Ε.Ε. είπαν", "1:ο 2:οηε 2:!ΟΗΕ 3:και 4:η 5:εε 5:!ΕΕ 6:ειπαν"},
    {"greek_signs", "λόγος\u0387 και\u037E", "1:λογοσ 2:και"},
    {"armenian_marks_in_words", "Ինչո՞ւ կա՛նգ եւ և", "1:ինչու 2:կանգ 3:եւ 4:եւ"},
};

constexpr analysis_row k_arabic_hebrew[] = {
    {"vowel_marks_and_tatweel", "حُقُوق حقـــوق حقوق", "1:حقوق 2:حقوق 3:حقوق"},
    {"marks_in_either_order", "\u0645\u0651\u064E \u0645\u064E\u0651", "1:م 2:م"},
    {"hamza_and_alef", "أسرة إلى آمال ٱلأمم", "1:اسره 2:الي 3:امال 4:الامم"},
    {"hamza_seats_stay", "مؤتمر شائعة", "1:مؤتمر 2:شائعه"},
    {"presentation_forms", "ﻻجئين ﺣﻘﻮﻕ", "1:لاجئين 2:حقوق"},
    {"presentation_phrase", "محمد ﷺ قال", "1:محمد 2:صلياللهعليهوسلم 3:قال"},
    {"persian_urdu", "می\u200Cخواهم کودک ہے", "1:ميخواهم 2:كودك 3:هے"},
    {"arabic_comma", "قتل،قال", "1:قتل 2:قال"},
    {"hebrew_points", "שָׁלוֹם שלום \uFB2A", "1:שלום 2:שלום 3:ש"},
    {"gershayim", "צה\"ל צה״ל צה”ל צה''ל דו\"חות מנכ\"לית", "1:צהל 2:צהל 3:צהל 4:צהל 5:דוחות 6:מנכלית"},
    {"gershayim_pointed", "צַהַ\"ל", "1:צהל"},
    {"quotation_after_a_prefix", "ב\"הארץ\" נכתב", "1:ב 2:הארץ 3:נכתב"},
    {"quotation_before_latin", "ב\"UN\"", "1:ב 2:un 2:!UN"},
    {"geresh", "ג'ורג' ג׳ורג׳", "1:גורג 2:גורג"},
    {"maqaf", "תל־אביב תל-אביב", "1:=תלאביב 1:תל 2:אביב 3:=תלאביב 3:תל 4:אביב"},
};

constexpr analysis_row k_indic_thai[] = {
    {"marks_are_letters", "हिंदी हिन्दी मानवाधिकार", "1:हिंदी 2:हिन्दी 3:मानवाधिकार"},
    {"nukta", "क़ानून \u0958ानून ऩ", "1:क\u093Cानून 2:क\u093Cानून 3:ऩ"},
    {"conjuncts", "राष्ट्र राष्\u200Dट्र", "1:राष्ट्र 2:राष्ट्र"},
    {"danda", "कहा।गया", "1:कहा 2:गया"},
    {"bengali_vowel_in_two", "ব\u09C7\u09BEধ বোধ", "1:বোধ 2:বোধ"},
    {"tamil_vowel_in_two", "க\u0BC6\u0BBE கொ", "1:கொ 2:கொ"},
    {"tibetan_marks_in_either_order", "\u0F40\u0F71\u0F72 \u0F40\u0F72\u0F71",
     "1:\u0F40\u0F71\u0F72 2:\u0F40\u0F71\u0F72"},
    {"thai_words", "สิทธิมนุษยชน", "1:สิทธิ 2:มนุษย 3:ชน"},
    {"thai_sara_am", "น้ำ น\u0E49\u0E4D\u0E32 น\u0E4D\u0E49\u0E32", "1:น้ํา 2:น้ํา 3:น้ํา"},
    {"thai_sara_am_in_words", "คำสั่ง ค\u0E4D\u0E32สั่ง", "1:คํา 2:สั่ง 3:คํา 4:สั่ง"},
    {"thai_joiner", "สิทธิ\u2060มนุษยชน", "1:สิทธิ 2:มนุษย 3:ชน"},
    {"thai_with_latin", "ของUNและ", "1:ของ 2:un 2:!UN 3:และ"},
    {"burmese_vowel_in_two", "\u1025\u102E \u1026", "1:\u1026 2:\u1026"},
};

constexpr analysis_row k_east_asian[] = {
    {"hangul", "한국 인권", "1:한국 1:한 2:국 3:인권 3:인 4:권"},
    {"hangul_decomposed_in_part", "가\u11A8 각", "1:각 2:각"},
    {"hangul_with_particle", "북한은 UN에", "1:북한 1:북 2:한은 2:한 3:은 4:un 4:!UN 5:에"},
    {"hangul_old_syllable", "\u1112\u119E\u11AB", "1:\u1112\u119E\u11AB"},
    {"kana_voicing", "が か\u3099 か\u309B ｶﾞ ガ", "1:が 2:が 3:が 4:ガ 5:ガ"},
    {"kana_half_width", "ﾊﾟｽ パス", "1:パス 1:パ 2:ス 3:パス 3:パ 4:ス"},
    {"kana_long", "カー", "1:カー 1:カ 2:ー"},
    {"kana_middle_dot", "キム・ジ", "1:キム 1:キ 2:ム 3:ジ"},
    {"iteration_marks", "人々 いゞ", "1:人々 1:人 2:々 3:いゞ 3:い 4:ゞ"},
    {"han_compatibility", "\uF900 豈 \u2F08 人", "1:豈 2:豈 3:人 4:人"},
    {"han_variation_selector", "葛\U000E0100城 葛城", "1:葛城 1:葛 2:城 3:葛城 3:葛 4:城"},
    {"han_digits_and_latin", "第20条AI", "1:第 2:20 3:条 4:ai 4:!AI"},
    {"han_supplementary", "𠮷野", "1:𠮷野 1:𠮷 2:野"},
    {"half_width_jamo_are_letters", "ﾡ", "1:\u1100"},
};

std::string name_of(const testing::TestParamInfo<analysis_row>& i) {
  return i.param.name;
}

INSTANTIATE_TEST_SUITE_P(latin, analysis_script, testing::ValuesIn(k_latin), name_of);
INSTANTIATE_TEST_SUITE_P(apostrophes, analysis_script, testing::ValuesIn(k_apostrophes), name_of);
INSTANTIATE_TEST_SUITE_P(invisible, analysis_script, testing::ValuesIn(k_invisible), name_of);
INSTANTIATE_TEST_SUITE_P(numbers, analysis_script, testing::ValuesIn(k_numbers), name_of);
INSTANTIATE_TEST_SUITE_P(cyrillic_greek, analysis_script, testing::ValuesIn(k_cyrillic_greek), name_of);
INSTANTIATE_TEST_SUITE_P(arabic_hebrew, analysis_script, testing::ValuesIn(k_arabic_hebrew), name_of);
INSTANTIATE_TEST_SUITE_P(indic_thai, analysis_script, testing::ValuesIn(k_indic_thai), name_of);
INSTANTIATE_TEST_SUITE_P(east_asian, analysis_script, testing::ValuesIn(k_east_asian), name_of);

}  // namespace
}  // namespace rapporteur::index
