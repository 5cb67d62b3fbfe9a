// The order in which encodings are considered, and what is said of each.
#include "indexer/readable.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rapporteur::indexer {
namespace {

constexpr std::string_view k_utf8_mark = "\xEF\xBB\xBF";

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
