// What a template is filled with: names with texts, conditions and lists of the same. Plain values.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rapporteur::pages {

/// The members of one object. Names are literals. A section over a list is rendered once for each of its objects; over
/// an object, once; over a condition, if it is true. A text that is empty is a condition that is false, so that a
/// template can ask for it.
class page_data {
 public:
  using list = std::vector<page_data>;
  using value = std::variant<bool, std::string, list>;
  struct member;

  void text(std::string_view name, std::string s) {
    if (s.empty()) {
      put(name, false);
    } else {
      put(name, std::move(s));
    }
  }
  void flag(std::string_view name, bool b) { put(name, b); }
  void objects(std::string_view name, list l) { put(name, std::move(l)); }
  void object(std::string_view name, page_data d) {
    list one;
    one.push_back(std::move(d));
    put(name, std::move(one));
  }
  [[nodiscard]] const std::vector<member>& members() const noexcept { return members_; }
  std::vector<member>& members() noexcept { return members_; }

 private:
  void put(std::string_view name, value v);
  std::vector<member> members_;
};

struct page_data::member {
  std::string_view name;
  value content;
};

inline void page_data::put(std::string_view name, value v) {
  members_.push_back({name, std::move(v)});
}

}  // namespace rapporteur::pages
