// Lines to articles, and every way in which a line can fail.
#include "indexer/readers/jsonl.hpp"

#include "index/unicode.hpp"
#include "indexer/readers/json_article.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rapporteur::indexer {
namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";

/// 1-based column, in characters, of the byte at offset.
std::uint64_t column_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return 1 + static_cast<std::uint64_t>(std::count_if(before.begin(), before.end(), starts_character));
}

/// Reads one record; nullopt: it became an article or a finding, and reading goes on.
class record_reader {
 public:
  record_reader(const std::string& path, const std::string& shown, const read_limits& limits, const record_rules& rules,
                const read_events& events)
      : path_(path), shown_(shown), limits_(limits), rules_(rules), events_(events) {}

  result<void> read(const line_reader::line& l, std::string_view text) {
    if (l.too_long) {
      fail(l.number, 0,
           {errc::too_large, "the line is too long",
            fmt::format("{} bytes, over {}", l.bytes, limits_.max_article_bytes)});
      return {};
    }
    if (const std::size_t at = index::find_invalid_utf8(text); at != std::string_view::npos) {
      fail(l.number, column_of(text, at),
           {errc::encoding, "not UTF-8",
            fmt::format("byte {} of the file", l.offset + (l.text.size() - text.size()) + at)});
      return {};
    }
    article_draft draft({path_, l.offset, l.number}, l.number, rules_);
    if (auto problem = parser_.parse(text, draft)) {
      fail(l.number, column_of(text, problem->offset), std::move(problem->what));
      return {};
    }
    auto finished = draft.finish();
    for (const auto& [what, count] : draft.left_out()) events_.on_left_out(what, count);
    if (finished.has_error()) {
      fail(l.number, 0, finished.error());
      return {};
    }
    for (const remark& w : draft.warnings()) events_.on_finding({severity::warning, w, shown_, l.number, 0});
    return events_.on_article(*std::move(finished));
  }

 private:
  void fail(std::uint64_t line, std::uint64_t column, remark what) {
    events_.on_finding({severity::failure, std::move(what), shown_, line, column});
  }

  const std::string& path_;
  const std::string& shown_;
  const read_limits& limits_;
  const record_rules& rules_;
  const read_events& events_;
  json_article_parser parser_;
};

}  // namespace

result<std::uint64_t> read_jsonl(input_file& file, const std::string& path, const std::string& shown,
                                 const read_limits& limits, const record_rules& rules, const read_events& events) {
  line_reader lines(file, limits.max_article_bytes);
  record_reader records(path, shown, limits, rules, events);
  std::uint64_t count = 0;
  for (;;) {
    const auto next = lines.next();
    if (!next) return next.error();
    if (!*next) return count;
    const line_reader::line& l = **next;
    std::string_view text = l.text;
    if (l.number == 1 && text.starts_with(k_byte_order_mark)) text.remove_prefix(k_byte_order_mark.size());
    if (l.too_long || text.find_first_not_of(" \t\r") != std::string_view::npos) {
      ++count;
      if (const auto done = records.read(l, text); !done) return done.error();
    }
    if (!events.on_bytes(l.bytes)) return count;
  }
}

}  // namespace rapporteur::indexer
