// Declared languages to codes.
#include "indexer/languages.hpp"

#include <gtest/gtest.h>

namespace rapporteur::indexer {
namespace {

struct language_case {
  const char* declared;
  const char* code;  ///< "?": not known
};

class language : public testing::TestWithParam<language_case> {};

TEST_P(language, is_normalised) {
  EXPECT_EQ(normalize_language(GetParam().declared).value_or("?"), GetParam().code) << GetParam().declared;
}

INSTANTIATE_TEST_SUITE_P(
    all, language,
    testing::Values(language_case{"en", "en"}, language_case{" EN ", "en"}, language_case{"en-GB", "en"},
                    language_case{"pt_BR.UTF-8", "pt"}, language_case{"zh-Hant", "zh"}, language_case{"uz-Cyrl", "uz"},
                    language_case{"de-1901", "de"}, language_case{"el-monoton", "el"}, language_case{"eng", "en"},
                    language_case{"deu", "de"}, language_case{"ger", "de"}, language_case{"FRE", "fr"},
                    language_case{"cmn", "zh"}, language_case{"iw", "he"}, language_case{"in", "id"},
                    language_case{"ckb", "ckb"}, language_case{"kmr", "kmr"}, language_case{"quz", "quz"},
                    language_case{"English", "en"}, language_case{"korean", "ko"}, language_case{"Español", "es"},
                    language_case{"한국어", "ko"}, language_case{"العربية", "ar"}, language_case{"РУССКИЙ", "ru"},
                    language_case{"und", ""}, language_case{"mul", ""}, language_case{"zxx", ""},
                    language_case{"", "?"}, language_case{"xx", "?"}, language_case{"e", "?"},
                    language_case{"Klingonish", "?"}, language_case{"12", "?"}, language_case{"-en", "?"},
                    language_case{"\xFF\xFE", "?"}));

}  // namespace
}  // namespace rapporteur::indexer
