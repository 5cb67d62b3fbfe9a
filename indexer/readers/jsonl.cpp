// Lines to articles, and every way in which a line can fail.
#include "indexer/readers/jsonl.hpp"

#include "indexer/readable.hpp"
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

  /// text: the line; of one that is too long, its beginning.
  result<void> read(const line_reader::line& l, std::string_view text) {
    article_draft draft({path_, l.offset, l.number}, l.number, rules_);
    if (l.too_long) {
      (void)parser_.parse(text, draft);  // for the id, if it stands there
      fail(l.number, 0,
           {errc::too_large, "the line is too long",
            fmt::format("{} bytes, over {}", l.bytes, limits_.max_article_bytes)},
           draft.id());
      return {};
    }
    if (auto problem = parser_.parse(text, draft)) {
      fail(l.number, column_of(text, problem->offset), std::move(problem->what), draft.id());
      return {};
    }
    auto finished = draft.finish();
    for (const auto& [what, count] : draft.left_out()) events_.on_left_out(what, count);
    if (finished.has_error()) {
      fail(l.number, 0, finished.error(), draft.id());
      return {};
    }
    for (const remark& w : draft.warnings()) events_.on_finding({severity::warning, w, shown_, l.number, 0});
    return events_.on_article(*std::move(finished));
  }

 private:
  void fail(std::uint64_t line, std::uint64_t column, remark what, std::string id = {}) {
    events_.on_finding({severity::failure, std::move(what), shown_, line, column, std::move(id)});
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
  constexpr std::size_t k_first_bytes = 4096;
  const auto first_bytes = file.peek(k_first_bytes);
  if (!first_bytes) return first_bytes.error();
  const auto wide = wide_form_of(*first_bytes);
  line_reader lines(file, limits.max_article_bytes, wide ? line_units{wide->unit, wide->big_endian} : line_units{});
  line_decoder decoder(wide);
  record_reader records(path, shown, limits, rules, events);
  std::string sample;
  std::uint64_t count = 0;
  for (;;) {
    const auto next = lines.next();
    if (!next) return next.error();
    if (!*next) return count;
    const line_reader::line& l = **next;
    std::string_view raw = l.text;
    if (l.number == 1 && wide) raw.remove_prefix(std::min(raw.size(), wide->mark));
    if (l.number == 1 && raw.starts_with(k_byte_order_mark)) raw.remove_prefix(k_byte_order_mark.size());
    const std::uint64_t at = l.offset + static_cast<std::uint64_t>(raw.data() - l.text.data());
    line_decoder::outcome decoded = decoder.decode(raw, at, [&]() -> std::string_view {
      constexpr std::size_t k_sample = 256U << 10U;
      auto more = file.peek(k_sample, at);
      sample = more ? *std::move(more) : std::string(raw);
      return sample;
    });
    for (remark& w : decoded.warnings) events.on_finding({severity::warning, std::move(w), shown, l.number, 0});
    if (decoded.failure) {
      ++count;
      events.on_finding({severity::failure, *std::move(decoded.failure), shown, l.number, decoded.column});
    } else if (l.too_long) {
      ++count;
      const auto begins = file.peek(k_first_bytes, at);
      if (const auto done = records.read(l, begins ? *begins : std::string()); !done) return done.error();
    } else if (decoded.text.find_first_not_of(" \t\r") != std::string_view::npos) {
      ++count;
      if (const auto done = records.read(l, decoded.text); !done) return done.error();
    }
    if (!events.on_bytes(l.bytes)) return count;
  }
}

}  // namespace rapporteur::indexer
