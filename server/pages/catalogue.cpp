#include "server/pages/catalogue.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rapporteur::pages {
namespace {

constexpr std::array<std::string_view, 6> k_categories{"zero", "one", "two", "few", "many", "other"};
constexpr std::string_view k_other = "other";

bool is_place_name(std::string_view s) noexcept {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

/// "strings/ru.json, line 12: "
std::string place_of(const std::string& file, std::string_view json, std::size_t byte) {
  return fmt::format("{}, line {}: ", file, std::ranges::count(json.substr(0, byte), '\n') + 1);
}

/// Where a key of the outermost object stands. (Values can hold its letters too, but not followed by a colon outside of
/// a string.)
std::size_t byte_of_key(std::string_view json, std::string_view key) {
  const auto quoted = boost::json::serialize(boost::json::string_view(key.data(), key.size()));
  for (auto at = json.find(quoted); at != std::string_view::npos; at = json.find(quoted, at + 1)) {
    const auto next = json.find_first_not_of(" \t\r\n", at + quoted.size());
    if (next != std::string_view::npos && json[next] == ':') return at;
  }
  return 0;
}

}  // namespace

std::vector<piece> split_sentence(std::string_view pattern) {
  std::vector<piece> out;
  std::string text;
  const auto put_text = [&] {
    if (!text.empty()) out.push_back({std::exchange(text, {}), {}});
  };
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    text += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    pattern.remove_prefix(open);
    const auto close = pattern.find('}');
    const auto name = close == std::string_view::npos ? std::string_view() : pattern.substr(1, close - 1);
    if (is_place_name(name)) {
      put_text();
      out.push_back({{}, std::string(name)});
      pattern.remove_prefix(close + 1);
    } else {
      text += '{';
      pattern.remove_prefix(1);
    }
  }
  put_text();
  return out;
}

result<catalogue> catalogue::read(std::string_view language, std::string_view json, const std::string& file,
                                  const catalogue* others) {
  auto format = locale_format::make(language);
  if (!format) return error{format.error().code, file + ": " + format.error().message};
  catalogue c(std::string(language), std::move(*format));
  c.others_ = others;
  if (auto added = c.add(json, file); !added) return added.error();
  return c;
}

result<void> catalogue::add(std::string_view json, const std::string& file) {
  boost::json::error_code ec;
  boost::json::stream_parser parser;
  auto read = parser.write_some(json.data(), json.size(), ec);
  if (!ec && read < json.size()) ec = boost::json::error::extra_data;
  if (!ec) parser.finish(ec);
  if (ec) return error{errc::malformed, place_of(file, json, read) + "not JSON: " + ec.message()};
  const auto whole = parser.release();
  if (!whole.is_object()) return error{errc::malformed, file + ": must be an object of words by their keys"};
  for (const auto& [key, value] : whole.get_object()) {
    const auto wrong = [&, name = std::string_view(key)](std::string_view what) {
      return error{errc::malformed, fmt::format("{}{} {}", place_of(file, json, byte_of_key(json, name)), name, what)};
    };
    forms f;
    if (value.is_string()) {
      f.emplace("", std::string(value.get_string()));
    } else if (value.is_object()) {
      for (const auto& [category, form] : value.get_object()) {
        if (std::find(k_categories.begin(), k_categories.end(), std::string_view(category)) == k_categories.end() ||
            !form.is_string()) {
          return wrong(fmt::format("must have strings by plural category, not {}", std::string_view(category)));
        }
        f.emplace(std::string(category), std::string(form.get_string()));
      }
      if (!f.contains(k_other)) return wrong("has no form \"other\"");
    } else {
      return wrong("must be a string or an object of plural forms");
    }
    words_.insert_or_assign(std::string(key), std::move(f));
  }
  return {};
}

const catalogue::forms* catalogue::find(std::string_view key) const {
  const auto found = words_.find(key);
  if (found != words_.end()) return &found->second;
  return others_ == nullptr ? nullptr : others_->find(key);
}

bool catalogue::has(std::string_view key) const {
  return find(key) != nullptr;
}

bool catalogue::is_sentence(std::string_view key) const {
  const auto* f = find(key);
  if (f == nullptr) return false;
  const auto& first = f->begin()->second;
  return !f->begin()->first.empty() ||
         std::ranges::any_of(split_sentence(first), [](const piece& p) { return !p.place.empty(); });
}

std::string catalogue::pattern(std::string_view key, std::optional<std::uint64_t> n) const {
  const auto* f = find(key);
  if (f == nullptr) return "⟨" + std::string(key) + "⟩";
  if (const auto plain = f->find(""); plain != f->end()) return plain->second;
  // A word that another language lends is inflected by that language.
  const auto& rules = words_.find(key) != words_.end() || others_ == nullptr ? format_ : others_->format_;
  auto form = n ? f->find(rules.plural_category(*n)) : f->end();
  if (form == f->end()) form = f->find(k_other);
  return form->second;
}

std::vector<piece> catalogue::pieces(std::string_view key, std::optional<std::uint64_t> n) const {
  auto out = split_sentence(pattern(key, n));
  if (!n) return out;
  for (auto& p : out) {
    if (p.place == "n") p = {format_.number(*n), {}};
  }
  return out;
}

std::string catalogue::filled(const std::vector<piece>& sentence, arguments given) {
  std::string out;
  for (const auto& p : sentence) {
    if (p.place.empty()) {
      out += p.text;
      continue;
    }
    const auto* value =
        std::find_if(given.begin(), given.end(), [&p](const auto& argument) { return argument.first == p.place; });
    out += value == given.end() ? '{' + p.place + '}' : value->second;
  }
  return out;
}

std::string catalogue::text(std::string_view key, arguments given) const {
  return filled(pieces(key), given);
}

std::string catalogue::counted(std::string_view key, std::uint64_t n, arguments given) const {
  return filled(pieces(key, n), given);
}

}  // namespace rapporteur::pages
