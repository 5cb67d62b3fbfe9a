#include "server/pages/templates.hpp"

#include "server/api/safe_text.hpp"

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include <algorithm>
#include <charconv>
#include <utility>
#include <variant>
#include <vector>

namespace rapporteur::pages {
namespace {

namespace mustache = kainjow::mustache;

constexpr std::string_view k_open = "{{";
constexpr std::string_view k_close = "}}";
constexpr std::string_view k_word = "t.";
constexpr int k_deepest = 8;  // parts within parts

std::string trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t' || s.front() == '\n')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\n')) s.remove_suffix(1);
  return std::string(s);
}

std::string escaped(const std::string& text) {
  std::string out;
  api::append_html(out, text);
  return out;
}

/// Where a text's byte stands, for people.
std::size_t line_of(std::string_view text, std::size_t at) {
  return static_cast<std::size_t>(std::ranges::count(text.substr(0, at), '\n')) + 1;
}

error wrong_at(std::string_view name, std::size_t line, std::string_view what) {
  return {errc::malformed, fmt::format("{}.mustache, line {}: {}", name, line, what)};
}

/// The library says at which byte it met what is wrong ("Unclosed tag at 12"); people look for lines.
error wrong_as_told(std::string_view name, std::string_view text, std::string_view told) {
  constexpr std::string_view k_at = " at ";
  const auto found = told.rfind(k_at);
  std::size_t byte = 0;
  if (found != std::string_view::npos) {
    const auto digits = told.substr(found + k_at.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), byte);
  }
  return wrong_at(name, line_of(text, byte), told.substr(0, found));
}

/// Puts parts and words in where they are named, and refuses what is not allowed.
class assembler {
 public:
  assembler(const template_texts& texts, const catalogue& words) : texts_(texts), words_(words) {}

  result<std::string> assemble(const std::string& name, int depth = 0) const {
    const std::string& text = texts_.find(name)->second;
    std::string out;
    std::size_t at = 0;
    while (true) {
      const auto open = text.find(k_open, at);
      out += text.substr(at, open == std::string::npos ? open : open - at);
      if (open == std::string::npos) return out;
      const auto wrong = [&](std::string_view what) { return wrong_at(name, line_of(text, open), what); };
      const auto close = text.find(k_close, open);
      if (close == std::string::npos) return wrong("{{ without }}");
      const auto tag = trimmed(std::string_view(text).substr(open + 2, close - open - 2));
      at = close + 2;
      if (tag.empty()) return wrong("{{ }} names nothing");
      if (tag.front() == '{' || tag.front() == '&' || tag.front() == '=') {
        return wrong("{{{ }}}, {{& }} and {{= }} are not taken: what they put in would not be escaped");
      }
      if (tag.front() == '!') continue;
      if (tag.front() == '>') {
        const auto part = trimmed(std::string_view(tag).substr(1));
        if (!texts_.contains(part)) return wrong(fmt::format("there is no {}.mustache", part));
        if (depth == k_deepest) return wrong(fmt::format("{}.mustache contains itself", part));
        auto inner = assemble(part, depth + 1);
        if (!inner) return inner.error();
        // A part's last line break is its file's, not the page's.
        if (inner->ends_with('\n')) inner->pop_back();
        out += *inner;
      } else if (tag.starts_with(k_word)) {
        const auto key = tag.substr(k_word.size());
        if (!words_.has(key)) return wrong(fmt::format("there is no word {} in strings/en.json", key));
        if (words_.is_sentence(key)) {
          return wrong(fmt::format("the word {} has places in it and cannot stand alone", key));
        }
        // A brace of a word must not become one of the template's.
        for (const char c : escaped(words_.text(key))) {
          if (c == '{') {
            out += "&#123;";
          } else {
            out += c;
          }
        }
      } else {
        out += k_open;
        out += tag;
        out += k_close;
      }
    }
  }

 private:
  const template_texts& texts_;
  const catalogue& words_;
};

/// Moves the members into what the library takes. Its lists can only be copied into, which for lists in lists would
/// copy every text several times over; the list that it hands out is its own and not const.
mustache::data to_data(page_data&& from) {
  mustache::data d;
  for (auto& m : from.members()) {
    auto& to = d[std::string(m.name)];
    if (const auto* flag = std::get_if<bool>(&m.content)) {
      to = mustache::data(*flag);
    } else if (auto* text = std::get_if<std::string>(&m.content)) {
      to = mustache::data(*text);
    } else {
      auto& objects = std::get<page_data::list>(m.content);
      to = mustache::data(mustache::data::type::list);
      auto& list = const_cast<mustache::list&>(to.list_value());
      list.reserve(objects.size());
      for (auto& o : objects) list.push_back(to_data(std::move(o)));
    }
  }
  return d;
}

}  // namespace

struct templates::impl {
  // Put together and parsed. The library's render() is not const, but writes to a parsed template only when it fills a
  // part or calls a function (it keeps their errors): there are no parts left in them and no functions in page_data, so
  // threads may render one at once.
  std::map<std::string, std::unique_ptr<mustache::mustache>, std::less<>> pages;
};

templates::templates(std::unique_ptr<impl> p) : impl_(std::move(p)) {}
templates::templates(templates&&) noexcept = default;
templates& templates::operator=(templates&&) noexcept = default;
templates::~templates() = default;

result<templates> templates::make(const template_texts& texts, const catalogue& words) {
  auto p = std::make_unique<impl>();
  // Each on its own first: what is wrong with a part is said of the part.
  for (const auto& [name, text] : texts) {
    const mustache::mustache parsed(text);
    if (!parsed.is_valid()) return wrong_as_told(name, text, parsed.error_message());
  }
  const assembler a(texts, words);
  for (const auto& [name, text] : texts) {
    auto whole = a.assemble(name);
    if (!whole) return whole.error();
    auto page = std::make_unique<mustache::mustache>(*whole);
    if (!page->is_valid()) return wrong_as_told(name, *whole, page->error_message());
    page->set_custom_escape(escaped);
    p->pages.emplace(name, std::move(page));
  }
  return templates(std::move(p));
}

bool templates::has(std::string_view name) const {
  return impl_->pages.contains(name);
}

std::string templates::fill(std::string_view name, page_data data) const {
  std::string out;
  const mustache::data values = to_data(std::move(data));
  impl_->pages.find(name)->second->render(values, [&out](const std::string& text) { out += text; });
  return out;
}

}  // namespace rapporteur::pages
