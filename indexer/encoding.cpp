// Conversion, and what bytes look like in each family of encodings.
#include "indexer/encoding.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucnv_err.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rapporteur::indexer {
namespace {

constexpr std::string_view k_replacement = "\xEF\xBF\xBD";

/// Encodings that are declared under the name of a smaller one (WHATWG Encoding Standard, 4.2), and ICU's name.
struct encoding_name {
  std::string_view declared;  ///< in lower case
  std::string_view shown;
  const char* icu;
};
constexpr std::array<encoding_name, 28> k_names = {{
    {"utf-8", "UTF-8", "UTF-8"},
    {"utf8", "UTF-8", "UTF-8"},
    {"iso-8859-1", "windows-1252", "windows-1252"},
    {"latin1", "windows-1252", "windows-1252"},
    {"latin-1", "windows-1252", "windows-1252"},
    {"ascii", "windows-1252", "windows-1252"},
    {"us-ascii", "windows-1252", "windows-1252"},
    {"ansi", "windows-1252", "windows-1252"},
    {"iso-8859-9", "windows-1254", "windows-1254"},
    {"latin5", "windows-1254", "windows-1254"},
    {"iso-8859-11", "windows-874", "windows-874-2000"},
    {"tis-620", "windows-874", "windows-874-2000"},
    {"windows-874", "windows-874", "windows-874-2000"},
    {"euc-kr", "windows-949", "windows-949-2000"},
    {"ks_c_5601-1987", "windows-949", "windows-949-2000"},
    {"uhc", "windows-949", "windows-949-2000"},
    {"cp949", "windows-949", "windows-949-2000"},
    {"windows-949", "windows-949", "windows-949-2000"},
    {"shift_jis", "Shift_JIS", "ibm-943_P15A-2003"},
    {"shift-jis", "Shift_JIS", "ibm-943_P15A-2003"},
    {"sjis", "Shift_JIS", "ibm-943_P15A-2003"},
    {"cp932", "Shift_JIS", "ibm-943_P15A-2003"},
    {"windows-31j", "Shift_JIS", "ibm-943_P15A-2003"},
    {"gb2312", "gb18030", "gb18030"},
    {"gbk", "gb18030", "gb18030"},
    {"cp936", "gb18030", "gb18030"},
    {"big5", "Big5", "windows-950-2000"},
    {"cp950", "Big5", "windows-950-2000"},
}};

struct counter {
  std::uint64_t count = 0;
  const char* begin = nullptr;
  std::size_t first_at = 0;
};

void U_CALLCONV replace(const void* context, UConverterToUnicodeArgs* args, const char* units, std::int32_t length,
                        UConverterCallbackReason reason, UErrorCode* status) {
  if (reason > UCNV_IRREGULAR) return;  // reset, close, clone
  auto* c = static_cast<counter*>(const_cast<void*>(context));
  if (c->count++ == 0) c->first_at = static_cast<std::size_t>(args->source - c->begin - length);
  constexpr UChar k_sign = 0xFFFD;
  *status = U_ZERO_ERROR;
  ucnv_cbToUWriteUChars(args, &k_sign, 1, 0, status);
  static_cast<void>(units);
}

struct close_converter {
  void operator()(UConverter* c) const { ucnv_close(c); }
};

}  // namespace

struct converter::impl {
  std::unique_ptr<UConverter, close_converter> icu;
  bool has_c1 = false;  ///< its unused bytes come out as control characters
};

converter::converter(std::string name, std::unique_ptr<impl> i) : name_(std::move(name)), impl_(std::move(i)) {}
converter::converter(converter&&) noexcept = default;
converter& converter::operator=(converter&&) noexcept = default;
converter::~converter() = default;

std::optional<converter> converter::open(std::string_view name) {
  std::string wanted(name.substr(0, 64));
  std::transform(wanted.begin(), wanted.end(), wanted.begin(), to_ascii_lower);
  std::string shown(name.substr(0, 64));
  const char* icu_name = wanted.c_str();
  const auto* const known =
      std::find_if(k_names.begin(), k_names.end(), [&](const encoding_name& n) { return n.declared == wanted; });
  if (known != k_names.end()) {
    shown = known->shown;
    icu_name = known->icu;
  }
  if (wanted.empty() || wanted.find_first_of(" ,=") != std::string::npos) return std::nullopt;  // ICU's options
  UErrorCode status = U_ZERO_ERROR;
  auto i = std::make_unique<impl>();
  i->icu.reset(ucnv_open(icu_name, &status));
  if (U_FAILURE(status) || !i->icu) return std::nullopt;
  const UConverterType type = ucnv_getType(i->icu.get());
  // Not text for people to write: nobody saves an article in them, and UTF-7 hides ASCII.
  if (type == UCNV_UTF7 || type == UCNV_IMAP_MAILBOX || type == UCNV_SCSU || type == UCNV_BOCU1) return std::nullopt;
  i->has_c1 = shown.starts_with("windows-125") || shown.starts_with("Windows-125");
  return converter(std::move(shown), std::move(i));
}

converted_text converter::convert(std::string_view bytes) const {
  UConverter* const icu = impl_->icu.get();
  counter c;
  c.begin = bytes.data();
  UErrorCode status = U_ZERO_ERROR;
  ucnv_reset(icu);
  ucnv_setToUCallBack(icu, replace, &c, nullptr, nullptr, &status);
  std::u16string wide;
  std::array<UChar, 16384> chunk{};
  const char* from = bytes.data();
  const char* const end = from + bytes.size();
  do {
    UChar* to = chunk.data();
    status = U_ZERO_ERROR;
    ucnv_toUnicode(icu, &to, chunk.data() + chunk.size(), &from, end, nullptr, true, &status);
    wide.append(chunk.data(), to);
  } while (status == U_BUFFER_OVERFLOW_ERROR);
  // One byte is one character in these, so places are the same.
  for (std::size_t n = 0; impl_->has_c1 && n < wide.size(); ++n) {
    if (wide[n] < 0x80 || wide[n] > 0x9F) continue;
    if (c.count++ == 0 || n < c.first_at) c.first_at = n;
    wide[n] = 0xFFFD;
  }
  converted_text out;
  icu::UnicodeString(false, wide.data(), static_cast<std::int32_t>(wide.size())).toUTF8String(out.text);
  out.undecodable = c.count;
  out.first_at = c.first_at;
  return out;
}

converted_text repair_utf8(std::string_view bytes) {
  converted_text out;
  out.text.reserve(bytes.size() + 16);
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t bad = index::find_invalid_utf8(bytes.substr(at));
    if (bad == std::string_view::npos) {
      out.text.append(bytes.substr(at));
      break;
    }
    out.text.append(bytes.substr(at, bad)).append(k_replacement);
    at += bad;
    if (out.undecodable++ == 0) out.first_at = at;
    // The rest of the sequence goes with its first byte.
    const auto lead = static_cast<unsigned char>(bytes[at++]);
    for (int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0; more > 0; --more) {
      if (at >= bytes.size() || (static_cast<unsigned char>(bytes[at]) & 0xC0U) != 0x80U) break;
      if (index::find_invalid_utf8(bytes.substr(at, 1)) == std::string_view::npos) break;
      ++at;
    }
  }
  return out;
}

bool is_damaged_utf8(std::string_view bytes) {
  // A longer sequence is less likely by accident.
  std::uint64_t whole = 0;
  std::uint64_t broken = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    if (static_cast<unsigned char>(bytes[at]) < 0x80) {
      ++at;
      continue;
    }
    const index::decoded d = index::decode_utf8(bytes, at);
    if (d.valid) {
      whole += d.size == 2 ? 1 : d.size == 3 ? 3 : 6;
      at += d.size;
      continue;
    }
    ++broken;
    ++at;
    while (at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0xC0U) == 0x80U) ++at;
  }
  return whole >= 3 * broken;
}

std::optional<wide_form> wide_form_of(std::string_view s) {
  using namespace std::string_view_literals;
  if (s.starts_with("\xFF\xFE\0\0"sv)) return wide_form{"UTF-32LE", 4, false, 4};
  if (s.starts_with("\0\0\xFE\xFF"sv)) return wide_form{"UTF-32BE", 4, true, 4};
  if (s.starts_with("\xFF\xFE")) return wide_form{"UTF-16LE", 2, false, 2};
  if (s.starts_with("\xFE\xFF")) return wide_form{"UTF-16BE", 2, true, 2};
  // Without a mark: texts have blanks, line ends and, in most scripts, digits; half of each is a zero byte, always the
  // same half, and nothing else in them is a control character.
  if (s.find('\0') == std::string_view::npos) return std::nullopt;
  // ASCII with a few zero bytes in it is something else: damaged, or binary.
  const auto zeros = static_cast<std::size_t>(std::count(s.begin(), s.end(), '\0'));
  const auto printed =
      static_cast<std::size_t>(std::count_if(s.begin(), s.end(), [](char c) { return c >= 0x20 && c < 0x7F; }));
  if (printed * 5 > (s.size() - zeros) * 4 && zeros * 3 < s.size()) return std::nullopt;
  constexpr std::array<wide_form, 4> k_forms = {
      {{"UTF-32LE", 4, false, 0}, {"UTF-32BE", 4, true, 0}, {"UTF-16LE", 2, false, 0}, {"UTF-16BE", 2, true, 0}}};
  for (const wide_form& f : k_forms) {
    const std::string_view whole = s.substr(0, s.size() / f.unit * f.unit);
    const auto icu = converter::open(f.name);
    if (whole.size() < 4 || !icu) continue;
    const converted_text t = icu->convert(whole);
    // The sample may end inside a surrogate pair.
    if (t.undecodable > 1 || (t.undecodable == 1 && t.first_at + 4 < whole.size())) continue;
    std::size_t characters = 0;
    std::size_t basic = 0;
    bool text = true;
    for (std::size_t at = 0; at < t.text.size() && text; ++characters) {
      const index::decoded d = index::decode_utf8(t.text, at);
      at += d.size;
      const char32_t c = d.code_point;
      const bool control = (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || (c >= 0x7F && c < 0xA0);
      if (control || (c >= 0xE000 && c <= 0xF8FF) || (c & 0xFFFEU) == 0xFFFEU) text = false;
      if (c < 0x80) ++basic;
    }
    if (text && basic * 20 >= characters) return f;
  }
  return std::nullopt;
}

bool is_mostly_decoded(const converted_text& t) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  const auto characters = static_cast<std::uint64_t>(std::count_if(t.text.begin(), t.text.end(), starts));
  return t.undecodable * 10 <= characters;
}

}  // namespace rapporteur::indexer
