// A handler for Boost.JSON's event parser: no tree is built, duplicate keys are seen, and errors have a place.
#include "indexer/readers/json_article.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

namespace rapporteur::indexer {
namespace {

namespace json = boost::json;
using boost::system::error_code;

enum class kind : std::uint8_t { string, integer, fraction, truth, null, list, object };

std::string_view name_of(kind k) {
  switch (k) {
    case kind::string:
      return "a string";
    case kind::integer:
    case kind::fraction:
      return "a number";
    case kind::truth:
      return "a truth value";
    case kind::null:
      return "null";
    case kind::list:
      return "an array";
    case kind::object:
      return "an object";
  }
  return "";
}

std::string quoted(std::string_view s) {
  return '"' + printable(s, 80) + '"';
}

/// Takes events, keeps track of where in the object they are, and hands values to the draft.
class handler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  void begin(article_draft& draft) {
    draft_ = &draft;
    problem_.reset();
    seen_.clear();
    buffer_.clear();
    depth_ = 0;
    ignored_from_ = 0;
    in_list_ = false;
    in_group_ = false;
    named_.reset();
  }
  [[nodiscard]] std::optional<remark>& problem() noexcept { return problem_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& ec) {
    ++depth_;
    if (ignored_from_ != 0 || depth_ == 1) return true;
    if (depth_ == 2 && means() == field::tag &&
        key_ == "tags") {  // {"tags": {"country": ["PRK"]}}: as the API writes them
      in_group_ = true;
      return true;
    }
    if (!named_ && (means() == field::authors || means() == field::source)) {
      named_.emplace();
      return true;
    }
    return begin_nested(kind::object, ec);
  }
  bool on_object_end(std::size_t, error_code&) {
    end_container();
    return true;
  }

  bool on_array_begin(error_code& ec) {
    ++depth_;
    if (ignored_from_ != 0) return true;
    if (depth_ == 1) return fail(ec, "not a JSON object", "an array");
    if (!named_ && !in_list_ && (means() == field::tag || means() == field::authors)) {
      in_list_ = true;
      return true;
    }
    return begin_nested(kind::list, ec);
  }
  bool on_array_end(std::size_t, error_code&) {
    end_container();
    return true;
  }

  bool on_key_part(json::string_view s, std::size_t, error_code&) { return append(s); }
  bool on_key(json::string_view s, std::size_t, error_code& ec) {
    append(s);
    if (ignored_from_ != 0) return true;
    if (named_) {
      named_->key = std::exchange(buffer_, {});
      return true;
    }
    key_ = std::exchange(buffer_, {});
    if (depth_ > 1) return true;  // in a group of tags
    rule_ = &draft_->rule_of(key_);
    if (!seen_.insert(key_).second) return fail(ec, "a key is given twice", quoted(key_));
    return true;
  }

  bool on_string_part(json::string_view s, std::size_t, error_code&) { return append(s); }
  bool on_string(json::string_view s, std::size_t, error_code& ec) {
    append(s);
    return value(kind::string, ec);
  }

  bool on_number_part(json::string_view s, error_code&) { return append(s); }
  bool on_int64(std::int64_t, json::string_view s, error_code& ec) {
    append(s);
    return value(kind::integer, ec);
  }
  bool on_uint64(std::uint64_t, json::string_view s, error_code& ec) { return on_int64(0, s, ec); }
  bool on_double(double, json::string_view s, error_code& ec) {
    append(s);
    // Whole numbers of any length are whole numbers here: their digits count, not their value.
    return value(buffer_.find_first_of(".eE") == std::string::npos ? kind::integer : kind::fraction, ec);
  }

  bool on_bool(bool b, error_code& ec) {
    append(b ? "true" : "false");
    return value(kind::truth, ec);
  }
  bool on_null(error_code& ec) { return value(kind::null, ec); }

  // Comments are not JSON and not enabled.
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

 private:
  bool append(json::string_view s) {
    if (ignored_from_ == 0) buffer_.append(s.data(), s.size());
    return true;
  }

  bool fail(error_code& ec, std::string reason, std::string detail) {
    problem_ = remark{errc::malformed, std::move(reason), std::move(detail)};
    ec = json::error::exception;
    return false;
  }
  /// Under a name of ours it is a mistake to be mended; under one of other programs it may be something else.
  bool wrong_type(kind k, error_code& ec) {
    if (rule_->strict) return fail(ec, "a value of the wrong type", fmt::format("{} is {}", quoted(key_), name_of(k)));
    draft_->leave_out(fmt::format("values of key {} that are {}", quoted(key_), name_of(k)));
    return true;
  }
  [[nodiscard]] field means() const { return rule_->means; }

  bool begin_nested(kind k, error_code& ec) {
    if (named_) {
      ++named_->others;
    } else if (means() == field::tag) {
      draft_->leave_out(fmt::format("nested values of key {}", quoted(key_)));
    } else if (means() == field::ignored) {
      leave_out_ignored();
    } else if (!wrong_type(k, ec)) {
      return false;
    }
    ignored_from_ = depth_;
    return true;
  }
  void end_container() {
    if (ignored_from_ == depth_) {
      ignored_from_ = 0;
    } else if (ignored_from_ == 0) {
      if (named_) {
        end_named();
      } else if (in_list_) {
        in_list_ = false;
      } else {
        in_group_ = false;
      }
    }
    --depth_;
  }
  void leave_out_ignored() { draft_->leave_out(fmt::format("values of key {}, as [fields] says", quoted(key_))); }

  /// {"name": "Jane Doe", "url": "…"}: an author in JSON Feed, a person or an organisation of schema.org.
  void end_named() {
    if (named_->others > 0) {
      draft_->leave_out(fmt::format("values beside \"name\" in objects of key {}", quoted(key_)), named_->others);
    }
    if (!named_->has_name) draft_->leave_out(fmt::format("objects without a \"name\" under key {}", quoted(key_)));
    named_.reset();
  }
  void value_of_named(kind k, std::string v) {
    if (k == kind::string && named_->key == "name") {
      named_->has_name = true;
      draft_->set(*rule_, key_, std::move(v));
    } else if (k != kind::null) {
      ++named_->others;
    }
  }

  bool value(kind k, error_code& ec) {
    if (ignored_from_ != 0) return true;
    std::string v = std::exchange(buffer_, {});
    if (depth_ == 0) return fail(ec, "not a JSON object", std::string(name_of(k)));
    if (named_) {
      value_of_named(k, std::move(v));
      return true;
    }
    static const field_rule k_tag;
    const field_rule& rule = in_group_ ? k_tag : *rule_;
    switch (rule.means) {
      case field::tag:
        if (k == kind::null) {
          draft_->leave_out("null values of keys that name tags");
        } else {
          draft_->set(rule, key_, std::move(v));
        }
        return true;
      case field::ignored:
        leave_out_ignored();
        return true;
      case field::id:
        if (k != kind::string && k != kind::integer && k != kind::null) return wrong_type(k, ec);
        break;
      case field::published:
      case field::updated:
      case field::year:
        if (k == kind::truth) return wrong_type(k, ec);
        // Numbers: a year is a date, also as 2019.0, which table programs write. 2019.5 is no May.
        if (k == kind::fraction) {
          if (v.ends_with(".0")) {
            v.resize(v.size() - 2);
          } else {
            draft_->warn({errc::malformed, "the date cannot be read and is left out", v});
            return true;
          }
        }
        break;
      default:
        if (k != kind::string && k != kind::null) return wrong_type(k, ec);
        break;
    }
    if (k != kind::null) draft_->set(rule, key_, std::move(v));  // null: not given
    return true;
  }

  article_draft* draft_ = nullptr;
  std::optional<remark> problem_;
  std::unordered_set<std::string> seen_;  ///< keys of the article
  std::string buffer_;                    ///< the string, key or number being read
  std::string key_;                       ///< of the value being read
  const field_rule* rule_ = nullptr;      ///< what the article's key means
  std::size_t depth_ = 0;                 ///< open objects and arrays
  std::size_t ignored_from_ = 0;          ///< depth of a nested value that is left out; 0: none
  bool in_list_ = false;                  ///< inside an array of values
  bool in_group_ = false;                 ///< inside the object of key "tags"
  struct named_object {
    std::string key;
    bool has_name = false;
    std::uint64_t others = 0;  ///< values that are no name
  };
  std::optional<named_object> named_;  ///< inside an object that names an author or an outlet
};

/// True if the last thing in text is the escape of a surrogate, as \uD83D.
bool ends_in_surrogate(std::string_view text) {
  constexpr std::size_t k_escape = 6;
  if (text.size() < k_escape) return false;
  text.remove_prefix(text.size() - k_escape);
  return (text.starts_with("\\ud") || text.starts_with("\\uD")) &&
         std::string_view("89abcdefABCDEF").find(text[3]) != std::string_view::npos;
}

/// What a parser's error means, for whoever has to mend the file.
std::string explain(const error_code& ec, std::string_view used, std::string_view rest) {
  if (ec == json::error::incomplete || rest.empty()) return "it ends too early";
  if (ec == json::error::illegal_leading_surrogate || ec == json::error::illegal_trailing_surrogate ||
      ec == json::error::expected_utf16_escape || ends_in_surrogate(used)) {
    return "a \\u escape that is half of a surrogate pair";
  }
  if (ec == json::error::expected_hex_digit) return "a \\u escape without four hexadecimal digits";
  if (ec == json::error::too_deep) return "nested too deeply";
  if (ec == json::error::exponent_overflow) return "a number that is too large";
  constexpr std::size_t k_shown = 20;
  return fmt::format("unexpected {}", '"' + printable(rest, k_shown) + '"');
}

json::parse_options parser_options() {
  json::parse_options o;
  o.max_depth = 128;
  o.allow_invalid_utf8 = true;  // whoever calls has checked the bytes, and says which one is wrong
  return o;
}

}  // namespace

struct json_article_parser::impl {
  json::basic_parser<handler> parser{parser_options()};
};

json_article_parser::json_article_parser() : impl_(std::make_unique<impl>()) {}
json_article_parser::~json_article_parser() = default;

std::optional<json_problem> json_article_parser::parse(std::string_view text, article_draft& draft) {
  auto& parser = impl_->parser;
  parser.reset();
  parser.handler().begin(draft);
  error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (auto& problem = parser.handler().problem()) return json_problem{*std::move(problem), used};
  if (ec)
    return json_problem{{errc::malformed, "not valid JSON", explain(ec, text.substr(0, used), text.substr(used))},
                        used};
  const std::size_t more = text.find_first_not_of(" \t\r\n", used);
  if (more != std::string_view::npos) {
    return json_problem{{errc::malformed, "more than one JSON value on a line", quoted(text.substr(more, 20))}, more};
  }
  return std::nullopt;
}

}  // namespace rapporteur::indexer
