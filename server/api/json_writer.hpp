// What the writers of JSON share: values with their commas, and the parts that several answers have.
//
// Any bytes in, valid JSON in valid UTF-8 out. What is absent is left out.
#pragma once

#include "server/http/json_string.hpp"
#include "server/search/search.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::api {

/// Writes values one after the other and puts the commas where they belong.
class json_writer {
 public:
  json_writer() = default;
  /// Goes on behind a value.
  explicit json_writer(std::string begun) : out_(std::move(begun)), fresh_(false) {}
  void open(char bracket) {
    separate();
    out_ += bracket;
    fresh_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    fresh_ = false;
  }
  json_writer& key(std::string_view name) {
    separate();
    http::append_json_string(out_, name);
    out_ += ':';
    fresh_ = true;
    return *this;
  }
  void text(std::string_view s) {
    separate();
    http::append_json_string(out_, s);
  }
  void raw(std::string_view json) {
    separate();
    out_ += json;
  }
  void boolean(bool b) { raw(b ? "true" : "false"); }
  void number(std::uint64_t n) { raw(std::to_string(n)); }
  /// With at most so many decimals; what is not finite is 0 (JSON has no such numbers).
  void number(double d, int decimals) {
    std::array<char, 400> digits{};
    const auto r = std::to_chars(digits.data(), digits.data() + digits.size(), std::isfinite(d) ? d : 0,
                                 std::chars_format::fixed, decimals);
    std::string_view s(digits.data(), static_cast<std::size_t>(r.ptr - digits.data()));
    if (s.find('.') != std::string_view::npos) {
      while (s.ends_with('0')) s.remove_suffix(1);
      if (s.ends_with('.')) s.remove_suffix(1);
    }
    raw(s);
  }
  [[nodiscard]] std::size_t size() const noexcept { return out_.size(); }
  std::string take() { return std::move(out_); }

 private:
  void separate() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
  }
  std::string out_;
  bool fresh_ = true;  ///< no comma is due
};

template <class T, class F>
void put_array(json_writer& w, const std::vector<T>& values, F put) {
  w.open('[');
  for (const auto& v : values) put(v);
  w.close(']');
}

void put_text(json_writer& w, std::string_view name, std::string_view value);  ///< nothing if it is empty
void put_texts(json_writer& w, const std::vector<std::string>& values);
void put_runs(json_writer& w, const search::marked_text& runs);
void put_all_runs(json_writer& w, const std::vector<search::marked_text>& texts);
/// The members of an article, without its brackets.
void put_article(json_writer& w, const article& a, const search::marked_text& title);
/// Numbers and words by their names, as an object.
void put_values(json_writer& w, const search::named_values& values);
void put_warnings(json_writer& w, const std::vector<search::warning>& warnings);
/// A hit, with its brackets.
void put_hit(json_writer& w, const search::hit& h);
void put_index(json_writer& w, const search::index_state& s);
void put_took(json_writer& w, std::chrono::nanoseconds took);
/// From an object that lacks its last member, took_ms, and its bracket, the whole.
std::string finish_json(std::string unfinished, std::chrono::nanoseconds took);

}  // namespace rapporteur::api
