// The rules about values. docs/articles.md says the same in words.
#include "indexer/draft.hpp"

#include "index/ascii.hpp"
#include "index/unicode.hpp"
#include "index/web_address.hpp"
#include "indexer/appeal.hpp"
#include "indexer/dates.hpp"
#include "indexer/languages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rapporteur::indexer {
namespace {

constexpr bool is_ascii_blank(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
}

/// The text of an article as it is kept: lines end in \n and not in blanks (so that a blank line is an empty one), no
/// white space around the whole.
std::string clean_text(std::string_view text) {
  std::size_t begin = 0;
  while (begin < text.size() && is_ascii_blank(text[begin])) ++begin;
  std::string out;
  out.reserve(text.size() - begin);
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
    std::size_t kept = end;
    while (kept > begin && (text[kept - 1] == ' ' || text[kept - 1] == '\t')) --kept;
    out.append(text, begin, kept - begin);
    if (end == text.size()) break;
    out += '\n';
    begin = end + 1;
    if (text[end] == '\r' && begin < text.size() && text[begin] == '\n') ++begin;
  }
  while (!out.empty() && is_ascii_blank(out.back())) out.pop_back();
  return out;
}

std::string trimmed(std::string_view s) {
  const std::size_t begin = s.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return std::string(s.substr(begin, s.find_last_not_of(" \t\r\n") - begin + 1));
}

std::string quoted(std::string_view s) {
  return '"' + printable(s, 80) + '"';
}

remark given_twice(std::string_view first, std::string_view second, std::string_view key) {
  return {errc::malformed, "a field is given twice under two names; the first is used",
          fmt::format("{}, then {} as {}", quoted(first), quoted(second), quoted(key))};
}

// Nobody sees it: nothing but white space, control and format characters (Unicode's Zs, Zl, Zp, Cc, Cf).
bool is_unseen(std::string_view s) {
  for (std::size_t at = 0; at < s.size();) {
    const index::decoded d = index::decode_utf8(s, at);
    const char32_t c = d.code_point;
    const bool white = c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
                       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
    if (!d.valid || (!white && !index::is_format(c))) return false;
    at += d.size;
  }
  return true;
}

bool has_control(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

std::string single_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (!is_ascii_blank(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

article_draft::article_draft(article_origin origin, std::uint64_t record_number, const record_rules& rules) noexcept
    : rules_(rules), record_number_(record_number) {
  article_.origin = std::move(origin);
}

bool article_draft::has(field f) const noexcept {
  return ((given_ >> static_cast<unsigned>(f)) & 1U) != 0;
}

void article_draft::warn(remark what) {
  constexpr std::size_t k_most = 32;
  const auto same = [&](const remark& w) { return w.reason == what.reason && w.detail == what.detail; };
  if (std::any_of(warnings_.begin(), warnings_.end(), same)) return;
  if (warnings_.size() < k_most) {
    warnings_.push_back(std::move(what));
  } else {
    leave_out(fmt::format("warnings, beyond {} for one article", k_most));
  }
}

void article_draft::leave_out(std::string what, std::uint64_t count) {
  for (auto& [known, so_far] : left_out_) {
    if (known == what) {
      so_far += count;
      return;
    }
  }
  left_out_.emplace_back(std::move(what), count);
}

void article_draft::set(const field_rule& rule, std::string_view key, std::string value) {
  const field f = rule.means;
  if (!rule.split.empty() && (f == field::authors || f == field::tag)) {
    const field_rule one{f, rule.tag, {}, rule.strict};
    for (std::size_t begin = 0; begin <= value.size();) {
      const std::size_t end = std::min(value.find(rule.split, begin), value.size());
      set(one, key, value.substr(begin, end - begin));
      begin = end + rule.split.size();
    }
    return;
  }
  if (f == field::id) {
    value = trimmed(value);  // otherwise as it is: it is what others will ask for
  } else if (f != field::text) {
    value = single_line(value);
  }
  // Given as nothing is the same as not given.
  if (f == field::id || f == field::text ? value.empty() : is_unseen(value)) return;
  std::string* place = nullptr;
  switch (f) {
    case field::authors:
      add_author(key, std::move(value));
      return;
    case field::tag:
      add_tag(rule, key, std::move(value));
      return;
    case field::ignored:
      leave_out(fmt::format("values of key {}, as [fields] says", quoted(key)));
      return;
    case field::published:
    case field::updated:
      (f == field::published ? published_ : updated_).push_back({std::string(key), std::move(value)});
      given_ |= 1U << static_cast<unsigned>(f);
      return;
    case field::id:
      place = &article_.id;
      break;
    case field::title:
      place = &article_.title;
      break;
    case field::text:
      place = &article_.text;
      break;
    case field::url:
      place = &article_.url;
      break;
    case field::year:
      place = &year_;
      break;
    case field::source:
      place = &article_.source;
      break;
    case field::language:
      place = &language_;
      break;
    case field::collection:
      place = &article_.collection;
      break;
  }
  if (has(f)) {
    if (*place != value) warn(given_twice(*place, value, key));
    return;
  }
  given_ |= 1U << static_cast<unsigned>(f);
  *place = std::move(value);
}

void article_draft::add_author(std::string_view key, std::string value) {
  // "By Jane Doe" is how a byline is printed, not what she is called.
  constexpr std::string_view k_by = "by ";
  if (field_key(key) == "byline" && value.size() > k_by.size() &&
      std::equal(k_by.begin(), k_by.end(), value.begin(), [](char a, char b) { return a == to_ascii_lower(b); })) {
    value.erase(0, k_by.size());
  }
  if (std::find(article_.authors.begin(), article_.authors.end(), value) == article_.authors.end()) {
    article_.authors.push_back(std::move(value));
  }
  given_ |= 1U << static_cast<unsigned>(field::authors);
}

void article_draft::add_tag(const field_rule& rule, std::string_view key, std::string value) {
  std::string name = rule.tag.empty() ? tag_name(key) : rule.tag;
  if (name.empty()) {
    leave_out(fmt::format("values of key {}, of which no tag name can be made", quoted(key)));
    return;
  }
  if (name.size() > k_max_tag_name_bytes) {
    warn({errc::too_large, "a tag name is too long; its values are left out",
          fmt::format("{} is over {} bytes", quoted(key), k_max_tag_name_bytes)});
    return;
  }
  if (value.size() > k_max_tag_value_bytes) {
    warn({errc::too_large, "a tag value is too long and left out",
          fmt::format("{} has {} bytes, over {} (the words of an article belong in \"text\")", quoted(key),
                      value.size(), k_max_tag_value_bytes)});
    return;
  }
  auto t =
      std::find_if(article_.tags.begin(), article_.tags.end(), [&](const tag& known) { return known.name == name; });
  if (t == article_.tags.end()) {
    if (article_.tags.size() >= k_max_tags) {
      warn({errc::too_large, "too many tags; the last ones are left out",
            fmt::format("{} is one over {}", quoted(key), k_max_tags)});
      return;
    }
    article_.tags.push_back({std::move(name), {}});
    t = article_.tags.end() - 1;
  }
  if (std::find(t->values.begin(), t->values.end(), value) != t->values.end()) return;
  if (t->values.size() >= k_max_tag_values) {
    warn({errc::too_large, "too many values of a tag; the last ones are left out",
          fmt::format("{} has more than {}", quoted(key), k_max_tag_values)});
    return;
  }
  t->values.push_back(std::move(value));
}

std::optional<remark> article_draft::check_sizes() const {
  struct bound {
    std::string_view name;
    std::size_t size, limit;
  };
  std::size_t longest_author = 0;
  for (const std::string& a : article_.authors) longest_author = std::max(longest_author, a.size());
  const std::array<bound, 5> bounds = {{
      {"id", article_.id.size(), k_max_article_id_bytes},
      {"title", article_.title.size(), k_max_title_bytes},
      {"source", article_.source.size(), k_max_name_bytes},
      {"collection", article_.collection.size(), k_max_name_bytes},
      {"author", longest_author, k_max_name_bytes},
  }};
  for (const bound& b : bounds) {
    if (b.size > b.limit) {
      return remark{errc::too_large, fmt::format("the {} is too long", b.name),
                    fmt::format("{} bytes, over {}", b.size, b.limit)};
    }
  }
  if (article_.authors.size() > k_max_authors) {
    return remark{errc::too_large, "too many authors",
                  fmt::format("{}, over {}", article_.authors.size(), k_max_authors)};
  }
  if (has_control(article_.id))
    return remark{errc::malformed, "the id has control characters in it", quoted(article_.id)};
  return std::nullopt;
}

std::optional<partial_date> article_draft::read(const std::string& value, std::string_view which) {
  if (value.empty()) return std::nullopt;
  date_reading r = read_date(value, {language_, rules_.today ? *rules_.today : today_utc()});
  switch (r.fault) {
    case date_fault::none:
      break;
    case date_fault::unreadable:
      warn({errc::malformed, fmt::format("the {} cannot be read and is left out", which), std::move(r.detail)});
      break;
    case date_fault::ambiguous:
      warn({errc::malformed, fmt::format("day and month of the {} cannot be told apart; the year is kept", which),
            std::move(r.detail)});
      break;
    case date_fault::coarsened:
      warn({errc::malformed, fmt::format("the {} is a week; the month or year is kept", which), std::move(r.detail)});
      break;
    case date_fault::future:
      warn({errc::malformed, fmt::format("the {} is in the future and is left out", which), std::move(r.detail)});
      break;
    case date_fault::too_early:
      warn({errc::malformed, fmt::format("the {} is before {} and is left out", which, k_earliest_year),
            std::move(r.detail)});
      break;
  }
  return r.date;
}

void article_draft::settle_dates() {
  // True if a is known as well as b or better, and says nothing else.
  const auto lies_in = [](const partial_date& a, const partial_date& b) {
    return a.first_day() >= b.first_day() && a.last_day() <= b.last_day();
  };
  const auto settle = [&](const std::vector<keyed>& given, std::string_view which) {
    std::optional<partial_date> settled;
    const keyed* first = nullptr;
    for (const keyed& k : given) {
      const auto d = read(k.value, which);
      if (!d) continue;
      if (!settled || lies_in(*d, *settled)) {
        settled = d;
        first = &k;
      } else if (!lies_in(*settled, *d)) {
        warn(given_twice(first->value, k.value, k.key));
      }
    }
    return settled;
  };
  article_.published = settle(published_, "date");
  // A year beside a full date says nothing new; it is only looked at where there is no usable date.
  if (!article_.published) article_.published = read(year_, "year");
  article_.updated = settle(updated_, "date of update");
}

void article_draft::settle_url() {
  if (article_.url.empty()) return;
  if (is_web_address(article_.url)) return;
  warn({errc::malformed, "the url is not an http or https address and is left out", quoted(article_.url)});
  article_.url.clear();
}

void article_draft::settle_language() {
  if (language_.empty()) return;
  if (auto code = normalize_language(language_)) {
    article_.language = std::move(*code);
  } else {
    warn({errc::malformed, "the language is not known; it will be detected", quoted(language_)});
  }
}

boost::system::result<article, remark> article_draft::finish() {
  article_.text = clean_text(article_.text);
  if (remove_appeal(article_.text)) leave_out("subscription appeals at the end of a text");
  if (auto problem = check_sizes()) return *std::move(problem);
  settle_dates();
  settle_url();
  settle_language();
  if (article_.title.empty()) {
    article_.title = derive_title(article_.text);
    article_.title_derived = true;
    if (article_.title.empty()) return remark{errc::malformed, "neither a title nor a text", ""};
  }
  if (article_.id.empty()) article_.id = derive_article_id(article_, record_number_);
  return std::move(article_);
}

}  // namespace rapporteur::indexer
