// Conversion, and the order in which encodings are considered.
#include "indexer/encoding.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"

#include <fmt/format.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ucnv_err.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <utility>

namespace rapporteur::indexer {
namespace {

constexpr std::string_view k_utf8_mark = "\xEF\xBB\xBF";
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

std::string shown_byte(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? fmt::format(" (0x{:02X})", static_cast<unsigned char>(bytes[at])) : std::string();
}

std::uint64_t line_of(std::string_view bytes, std::size_t at) {
  const std::string_view before = bytes.substr(0, at);
  return 1 + static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
}

remark not_decoded(std::string_view encoding, std::uint64_t count, std::uint64_t at, std::string_view byte) {
  return {errc::encoding, fmt::format("not all is text in {}; what is not stands as U+FFFD", encoding),
          count == 1 ? fmt::format("once, at byte {} of the file{}", at, byte)
                     : fmt::format("{} times, the first at byte {} of the file{}", count, at, byte)};
}

remark read_as(std::string_view encoding, std::uint64_t at, std::string_view byte) {
  return {errc::encoding, fmt::format("not UTF-8; read as {}", encoding),
          fmt::format("byte {} of the file{}", at, byte)};
}

bool has_high_bytes(std::string_view s) {
  return !is_ascii(s);
}

/// ISO-2022 switches by escapes and is all ASCII otherwise, so it passes for UTF-8.
std::optional<std::string_view> escaping_encoding(std::string_view bytes) {
  if (bytes.find("\x1B$)C") != std::string_view::npos) return "ISO-2022-KR";
  if (bytes.find("\x1B$B") != std::string_view::npos || bytes.find("\x1B$@") != std::string_view::npos) {
    return "ISO-2022-JP";
  }
  return std::nullopt;
}

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

boost::system::result<readable_text, finding> make_readable(std::string_view bytes, std::string_view declared) {
  readable_text out;
  const auto fail = [&](errc code, std::string reason, std::size_t at) {
    return finding{severity::failure,
                   {code, std::move(reason), fmt::format("byte {} of the file{}", at, shown_byte(bytes, at))},
                   {},
                   line_of(bytes, at),
                   0};
  };
  const auto warn = [&](remark what, std::size_t at) {
    out.warnings.push_back({severity::warning, std::move(what), {}, line_of(bytes, at), 0});
  };
  const auto take = [&](converted_text t, std::string_view encoding,
                        std::size_t skipped) -> boost::system::result<readable_text, finding> {
    const std::size_t at = t.first_at + skipped;
    if (!is_mostly_decoded(t)) return fail(errc::encoding, fmt::format("not text in {}", encoding), at);
    if (t.undecodable > 0) warn(not_decoded(encoding, t.undecodable, at, shown_byte(bytes, at)), at);
    out.text = std::move(t.text);
    return std::move(out);
  };

  if (const auto wide = wide_form_of(bytes.substr(0, 4096))) {
    const auto icu = converter::open(wide->name);
    if (wide->mark == 0) warn(read_as(wide->name, 0, ""), 0);
    return take(icu->convert(bytes.substr(wide->mark)), wide->name, wide->mark);
  }
  if (const std::size_t at = bytes.find('\0'); at != std::string_view::npos) {
    return finding{
        severity::failure, {errc::malformed, "not a text file", fmt::format("byte {} is zero", at)}, {}, 0, 0};
  }
  const bool marked = bytes.starts_with(k_utf8_mark);
  const std::string_view content = marked ? bytes.substr(k_utf8_mark.size()) : bytes;
  const std::size_t skipped = bytes.size() - content.size();
  const std::size_t bad = index::find_invalid_utf8(content);
  const auto declared_converter = declared.empty() ? std::nullopt : converter::open(declared);
  const bool declares_utf8 = declared_converter && declared_converter->name() == "UTF-8";
  if (!declared.empty() && !declared_converter) {
    warn({errc::encoding, "the encoding that the header names is not known", '"' + printable(declared, 40) + '"'}, 0);
  }
  if (bad == std::string_view::npos) {
    const auto escaping = escaping_encoding(content);
    const auto icu = escaping ? converter::open(*escaping) : std::nullopt;
    if (icu) {
      if (!declared_converter) warn(read_as(*escaping, content.find('\x1B') + skipped, ""), content.find('\x1B'));
      return take(icu->convert(content), *escaping, skipped);
    }
    if (declared_converter && !declares_utf8 && has_high_bytes(content)) {
      warn({errc::encoding, "valid UTF-8, and read as that, though the header names another encoding",
            '"' + printable(declared, 40) + '"'},
           0);
    }
    out.text = content;
    return out;
  }
  if (marked || declares_utf8) return take(repair_utf8(content), "UTF-8", skipped);
  if (declared_converter) return take(declared_converter->convert(content), declared_converter->name(), 0);
  if (is_damaged_utf8(content)) return take(repair_utf8(content), "UTF-8", 0);
  const auto found = detect_encoding(content);
  if (!found) {
    return fail(errc::encoding, "not UTF-8, and in no other encoding that can be told by its text", bad);
  }
  warn(read_as(*found, bad, shown_byte(bytes, bad)), bad);
  return take(converter::open(*found)->convert(content), *found, 0);
}

// ---- lines

line_decoder::line_decoder(std::optional<wide_form> wide) : wide_(wide) {
  if (wide_) converter_ = converter::open(wide_->name);
}

bool line_decoder::needs_detection(std::string_view raw) const {
  return !converter_ && index::find_invalid_utf8(raw) != std::string_view::npos && !is_damaged_utf8(raw);
}

line_decoder::outcome line_decoder::decode_known(std::string_view raw, std::uint64_t at) {
  if (wide_) {
    std::vector<remark> said;
    if (wide_->mark == 0 && !std::exchange(said_, true)) said.push_back(read_as(wide_->name, at, ""));
    outcome o = finish(converter_->convert(raw), at, wide_->name);
    o.warnings.insert(o.warnings.begin(), said.begin(), said.end());
    return o;
  }
  if (index::find_invalid_utf8(raw) == std::string_view::npos) return {raw, {}, {}, 0};
  if (is_damaged_utf8(raw)) return finish(repair_utf8(raw), at, "UTF-8");
  return finish(converter_->convert(raw), at, converter_->name());
}

line_decoder::outcome line_decoder::detect(std::string_view raw, std::uint64_t at, std::string_view sample) {
  const std::size_t bad = index::find_invalid_utf8(raw);
  auto found = detect_encoding(sample);
  // The lines that follow may be in another; this one counts.
  if (!found || !is_mostly_decoded(converter::open(*found)->convert(raw))) found = detect_encoding(raw);
  if (!found) {
    outcome o;
    const std::string_view before = raw.substr(0, bad);
    o.column = 1 + static_cast<std::uint64_t>(std::count_if(before.begin(), before.end(), [](char c) {
                 return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
               }));
    o.failure = remark{errc::encoding, "not UTF-8, and in no other encoding that can be told by its text",
                       fmt::format("byte {} of the file{}", at + bad, shown_byte(raw, bad))};
    return o;
  }
  converter_ = converter::open(*found);
  outcome o = decode_known(raw, at);
  o.warnings.insert(
      o.warnings.begin(),
      {errc::encoding, fmt::format("not UTF-8; this line, and others like it from here on, read as {}", *found),
       fmt::format("byte {} of the file{}", at + bad, shown_byte(raw, bad))});
  return o;
}

line_decoder::outcome line_decoder::finish(converted_text t, std::uint64_t at, std::string_view encoding) {
  outcome o;
  if (!is_mostly_decoded(t)) {
    o.failure = remark{errc::encoding, fmt::format("not text in {}", encoding),
                       fmt::format("byte {} of the file", at + t.first_at)};
    return o;
  }
  if (t.undecodable > 0) o.warnings.push_back(not_decoded(encoding, t.undecodable, at + t.first_at, ""));
  buffer_ = std::move(t.text);
  o.text = buffer_;
  return o;
}

}  // namespace rapporteur::indexer
