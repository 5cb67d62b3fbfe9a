// Encodings: declared, marked and detected, whole files and lines; what cannot be decoded is kept visible or refused.
#include "indexer/encoding.hpp"

#include "indexer/readable.hpp"
#include "tests/indexer/support.hpp"

#include <gmock/gmock.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <iterator>

namespace rapporteur::indexer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::string encoded(std::string_view utf8, const char* encoding) {
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), utf8.size()));
  std::string out(utf8.size() * 4 + 16, '\0');
  out.resize(static_cast<std::size_t>(
      wide.extract(0, wide.length(), out.data(), static_cast<std::uint32_t>(out.size()), encoding)));
  return out;
}

struct sentence {
  const char* encoding;  ///< as ICU has it
  const char* shown;
  const char* text;
};

std::ostream& operator<<(std::ostream& out, const sentence& s) {
  return out << s.encoding << ": " << s.text;
}

class encodings : public testing::TestWithParam<sentence> {};

// Every encoding that is detected, on a sentence or two: undeclared and declared, as a text and as a line.
TEST_P(encodings, are_told_by_what_they_read_as) {
  const auto& [encoding, shown, text] = GetParam();
  const std::string bytes = encoded(text, encoding);
  const collected found = read_content("a.txt", bytes);
  EXPECT_EQ(found.only().text, text);
  EXPECT_THAT(found.warnings, ElementsAre(HasSubstr(std::string("warning: not UTF-8; read as ") + shown + ": byte ")));

  const collected declared = read_content("a.txt", std::string("Charset: ") + shown + "\n\n" + bytes);
  EXPECT_EQ(declared.only().text, text);
  EXPECT_THAT(declared.only().tags, IsEmpty());
  EXPECT_THAT(declared.warnings, IsEmpty());

  const std::string line = encoded(std::string(R"({"id":"1","text":")") + text + "\"}\n", encoding);
  const collected lines = read_content("a.jsonl", "{\"text\":\"plain\"}\n" + line + "{\"text\":\"한국\"}\n" + line);
  ASSERT_EQ(lines.articles.size(), 4U) << testing::PrintToString(lines.failures);
  EXPECT_EQ(lines.articles[1].text, text);
  EXPECT_EQ(lines.articles[2].text, "한국");
  EXPECT_EQ(lines.articles[3].text, text);
  EXPECT_THAT(lines.warnings, ElementsAre(StartsWith(std::string("a.jsonl:2: warning: not UTF-8; this line, and others "
                                                                 "like it from here on, read as ") +
                                                     shown)));
}

INSTANTIATE_TEST_SUITE_P(
    all, encodings,
    testing::Values(
        sentence{"windows-1252", "windows-1252", "café"},
        sentence{"windows-1252", "windows-1252", "The envoy said: “We don’t know” – and left Harsk…"},
        sentence{"windows-1252", "windows-1252",
                 "La señora Ñuflo pidió más información sobre los niños de la prisión."},
        sentence{"windows-1252", "windows-1252",
                 "Der Gesandte kam am Dienstag über die Grenze; die Häftlinge hörten ihn."},
        sentence{"windows-1254", "windows-1254",
                 "Gazeteciler salı günü ülkenin güneyindeki cezaevine gitmek için başvurdu."},
        sentence{"windows-1250", "windows-1250", "Wysłannik przyjechał we wtorek i poprosił o spotkanie z więźniami."},
        sentence{"windows-1251", "windows-1251", "Посланник прибыл во вторник и попросил о встрече с заключёнными."},
        sentence{"KOI8-R", "KOI8-R", "Посланник прибыл во вторник и попросил о встрече с заключёнными."},
        sentence{"ibm-866", "IBM866", "Посланник прибыл во вторник и попросил о встрече с заключёнными."},
        sentence{"windows-1256", "windows-1256", "وصل المبعوث يوم الثلاثاء وطلب لقاء المعتقلين في السجن المركزي."},
        sentence{"windows-1253", "windows-1253",
                 "Ο απεσταλμένος έφτασε την Τρίτη και ζήτησε να δει τους κρατούμενους."},
        sentence{"windows-1255", "windows-1255", "השליח הגיע ביום שלישי וביקש לפגוש את האסירים בכלא המרכזי."},
        sentence{"windows-949", "windows-949",
                 "특사는 화요일에 도착하여 수용소에 있는 사람들을 만나게 해 달라고 요청했다."},
        sentence{"gb18030", "gb18030", "特使星期二到达，要求会见被关押在中央监狱的人，但是没有得到回答。"},
        sentence{"windows-950-2000", "Big5", "特使星期二到達，要求會見被關押在中央監獄的人，但是沒有得到回答。"},
        sentence{"ibm-943_P15A-2003", "Shift_JIS",
                 "特使は火曜日に到着し、収容所にいる人々との面会を求めたが、返事はなかった。"},
        sentence{"EUC-JP", "EUC-JP", "特使は火曜日に到着し、収容所にいる人々との面会を求めたが、返事はなかった。"}));

class wide : public testing::TestWithParam<const char*> {};

TEST_P(wide, files_are_read_with_and_without_a_mark) {
  const std::string text = "One line.\n\n특사는 화요일에 왔다. 😀";
  const std::string lines = "{\"id\":\"1\",\"text\":\"특사\\n\\u000Aਊ\"}\r\n\n{\"id\":\"2\",\"text\":\"ab 😀\"}";
  for (const bool marked : {true, false}) {
    const std::string mark = marked ? "\xEF\xBB\xBF" : "";
    const collected c = read_content("a.txt", encoded(mark + text, GetParam()));
    EXPECT_EQ(c.only().text, text);
    EXPECT_EQ(c.warnings.size(), marked ? 0U : 1U);
    const std::string bytes = encoded(mark + lines, GetParam());
    const collected l = read_content("a.jsonl", bytes);
    ASSERT_EQ(l.articles.size(), 2U) << testing::PrintToString(l.failures);
    EXPECT_EQ(l.articles[0].text, "특사\n\nਊ");  // U+0A0A has the bytes of two line ends
    EXPECT_EQ(l.articles[1].text, "ab 😀");
    EXPECT_EQ(l.articles[1].origin.line, 3U);
    const std::string second = encoded("{\"id\":\"2\"", GetParam());
    EXPECT_EQ(bytes.substr(l.articles[1].origin.offset, second.size()), second);
    EXPECT_EQ(l.bytes, bytes.size());
  }
}

INSTANTIATE_TEST_SUITE_P(all, wide, testing::Values("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"));

// Every size around the reader's buffer of 256 KiB, with units across its end.
TEST(wide_lines, are_read_across_buffers) {
  std::string content = "\xEF\xBB\xBF";
  std::size_t records = 0;
  for (std::size_t size = 65'520; size < 65'545; ++size, ++records)
    content += R"({"text":")" + std::string(size, 'a') + "\"}\n";
  for (const char* form : {"UTF-16LE", "UTF-16BE", "UTF-32LE"}) {
    const collected c = read_content("a.jsonl", encoded(content, form));
    ASSERT_EQ(c.articles.size(), records) << testing::PrintToString(c.failures);
    for (std::size_t n = 0; n < records; ++n) EXPECT_EQ(c.articles[n].text.size(), 65'520 + n);
  }
}

struct damage_case {
  std::string content;
  const char* text;  ///< empty: refused
  const char* said;
};

class damage : public testing::TestWithParam<damage_case> {};

TEST_P(damage, is_kept_visible_and_told) {
  const collected c = read_content("a.txt", GetParam().content);
  if (*GetParam().text != '\0') {
    EXPECT_EQ(c.only().text, GetParam().text);
  } else {
    EXPECT_THAT(c.articles, IsEmpty());
  }
  std::vector<std::string> said = c.failures;
  said.insert(said.end(), c.warnings.begin(), c.warnings.end());
  EXPECT_THAT(said, ElementsAre(HasSubstr(GetParam().said)));
}

INSTANTIATE_TEST_SUITE_P(
    all, damage,
    testing::Values(
        damage_case{"북한의 인권 상황을 조사한 보고서\xEC\x9D", "북한의 인권 상황을 조사한 보고서\uFFFD",
                    "a.txt:1: warning: not all is text in UTF-8; what is not stands as U+FFFD: once, at byte 46"},
        damage_case{
            "one\n북한의 \xFF 인권 \xC0 상황을 조사한 보고서", "one\n북한의 \uFFFD 인권 \uFFFD 상황을 조사한 보고서",
            "a.txt:2: warning: not all is text in UTF-8; what is not stands as U+FFFD: 2 times, the first at byte 14"},
        damage_case{"Charset: windows-1252\n\nHe said \x81 in the caf\xE9.", "He said \uFFFD in the café.",
                    "a.txt:3: warning: not all is text in windows-1252; what is not stands as U+FFFD: once, at byte "
                    "31 of the file (0x81)"},
        damage_case{"Charset: utf-8\n\nHe was in the caf\xE9 and left.", "He was in the caf\uFFFD and left.",
                    "not all is text in UTF-8"},
        damage_case{"Charset: windows-1251\n\n북한", "북한",
                    "valid UTF-8, and read as that, though the header names another encoding: \"windows-1251\""},
        damage_case{"Charset: klingon\n\nText", "Text", "the encoding that the header names is not known: \"klingon\""},
        damage_case{std::string("GIF89a\x01\x02\xFF\xFE\xFA\x03", 12), "", "in no other encoding that can be told"},
        damage_case{std::string("Title: x\n\nText\0\0\xFF", 17), "", "not a text file: byte 14 is zero"}));

TEST(encoding, what_is_declared_smaller_is_read_as_what_it_is) {
  for (const auto& [declared, shown] : std::vector<std::pair<const char*, const char*>>{{"ISO-8859-1", "windows-1252"},
                                                                                        {"latin1", "windows-1252"},
                                                                                        {"GB2312", "gb18030"},
                                                                                        {"EUC-KR", "windows-949"},
                                                                                        {"Shift-JIS", "Shift_JIS"},
                                                                                        {"iso-8859-9", "windows-1254"},
                                                                                        {"UTF8", "UTF-8"}}) {
    const auto icu = converter::open(declared);
    ASSERT_TRUE(icu) << declared;
    EXPECT_EQ(icu->name(), shown);
  }
  for (const char* unknown : {"", "klingon", "UTF-7", "SCSU", "latin1,swaplfnl"})
    EXPECT_FALSE(converter::open(unknown)) << unknown;
}

TEST(encoding, japanese_mail_is_read) {
  const std::string text = "特使は火曜日に到着した。";
  const collected c = read_content("a.txt", encoded(text, "ISO-2022-JP"));
  EXPECT_EQ(c.only().text, text);
  EXPECT_THAT(c.warnings, ElementsAre(HasSubstr("read as ISO-2022-JP")));
}

TEST(encoding, of_a_declared_json_lines_file_stays_within_its_lines) {
  // A broken line between others in the same encoding; none of them is lost.
  const std::string good =
      encoded("{\"text\":\"특사는 화요일에 도착하여 사람들을 만나게 해 달라고 요청했다.\"}\n", "windows-949");
  const collected c = read_content("a.jsonl", good + "{\"text\":\"\xC5\xA1\xFF\xFF\xC7\xFF\xFF\xFF\"}\n" + good);
  EXPECT_EQ(c.records, 3U);
  EXPECT_GE(c.articles.size(), 2U);
}

// Real files in each encoding: none fails, and each reads as the encoding that its folder says.
TEST(encoding, real_files) {
  const std::filesystem::path folder = std::string(RAPPORTEUR_SOURCE_DIR) + "/../shared/corpora/encodings";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << folder << " is not there";
  const std::map<std::string, std::string> expected = {{"Big5", "Big5"},
                                                       {"CP949", "windows-949"},
                                                       {"EUC-KR", "windows-949"},
                                                       {"GB2312", "gb18030"},
                                                       {"KOI8-R", "KOI8-R"},
                                                       {"SHIFT_JIS", "Shift_JIS"},
                                                       {"UTF-16LE", "UTF-16LE"},
                                                       {"iso-8859-9-turkish", "windows-1254"},
                                                       {"windows-1251-russian", "windows-1251"},
                                                       {"windows-1252", "windows-1252"},
                                                       {"windows-1256-arabic", "windows-1256"}};
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const auto r = make_readable(bytes, "");
    ASSERT_TRUE(r.has_value()) << entry.path();
    const auto known = expected.find(entry.path().parent_path().filename().native());
    if (known == expected.end()) {
      EXPECT_TRUE(r->warnings.empty()) << entry.path();
    } else {
      ASSERT_EQ(r->warnings.size(), 1U) << entry.path();
      EXPECT_THAT(r->warnings[0].what.reason, testing::EndsWith("read as " + known->second)) << entry.path();
    }
  }
  EXPECT_GT(files, 0);
}

}  // namespace
}  // namespace rapporteur::indexer
