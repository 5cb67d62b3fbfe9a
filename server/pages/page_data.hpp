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

  page_data();
  page_data(page_data&&) noexcept;
  page_data& operator=(page_data&&) noexcept;
  page_data(const page_data&);
  page_data& operator=(const page_data&);
  ~page_data();

  void text(std::string_view name, std::string s);
  void flag(std::string_view name, bool b);
  void objects(std::string_view name, list l);
  void object(std::string_view name, page_data d);
  std::vector<member>& members() noexcept;

 private:
  std::vector<member> members_;
};

struct page_data::member {
  std::string_view name;
  value content;
};

// Behind what it is made of: a vector's members want a complete type.
inline page_data::page_data() = default;
inline page_data::page_data(page_data&&) noexcept = default;
inline page_data& page_data::operator=(page_data&&) noexcept = default;
inline page_data::page_data(const page_data&) = default;
inline page_data& page_data::operator=(const page_data&) = default;
inline page_data::~page_data() = default;

inline void page_data::text(std::string_view name, std::string s) {
  if (s.empty())
    members_.push_back({name, false});
  else
    members_.push_back({name, std::move(s)});
}

inline void page_data::flag(std::string_view name, bool b) {
  members_.push_back({name, b});
}

inline void page_data::objects(std::string_view name, list l) {
  members_.push_back({name, std::move(l)});
}

inline void page_data::object(std::string_view name, page_data d) {
  list one;
  one.push_back(std::move(d));
  objects(name, std::move(one));
}

inline std::vector<page_data::member>& page_data::members() noexcept {
  return members_;
}

}  // namespace rapporteur::pages
