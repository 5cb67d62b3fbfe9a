// A handler for Boost.JSON's event parser: no tree is built, keys that stand twice are seen, and numbers are copied as
// they were written.
#include "server/api/posted_articles.hpp"

#include "index/article.hpp"
#include "index/web_address.hpp"
#include "server/http/json_string.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_set>
#include <utility>

namespace rapporteur::api {
namespace {

namespace json = boost::json;
using boost::system::error_code;

constexpr std::size_t k_max_depth = 128;
constexpr std::string_view k_blanks = " \t\r\n";

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_blank(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
}

std::string_view trimmed(std::string_view s) {
  const auto begin = s.find_first_not_of(k_blanks);
  if (begin == std::string_view::npos) return {};
  return s.substr(begin, s.find_last_not_of(k_blanks) - begin + 1);
}

class handler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  void allow(std::size_t max_articles, bool arrays) {
    max_articles_ = max_articles;
    arrays_ = arrays;
  }
  /// Before each value.
  void begin() {
    depth_ = 0;
    top_ = 1;
    buffer_.clear();
  }
  [[nodiscard]] posted_articles& taken() noexcept { return taken_; }
  [[nodiscard]] std::optional<error>& problem() noexcept { return problem_; }
  /// Of the article at hand, or the last one.
  [[nodiscard]] std::uint64_t article() const noexcept { return article_; }
  [[nodiscard]] bool inside_article() const noexcept { return depth_ >= top_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code& ec) {
    ++depth_;
    if (depth_ == top_) return begin_article(ec);
    return open('{', ec);
  }
  bool on_object_end(std::size_t, error_code& ec) {
    const bool whole = depth_ == top_;
    --depth_;
    if (whole) return end_article(ec);
    return close('}');
  }
  bool on_array_begin(error_code& ec) {
    ++depth_;
    if (depth_ == 1) {
      if (!arrays_) return no_object(ec);
      top_ = 2;
      return true;
    }
    if (depth_ == top_) return no_object(ec);
    return open('[', ec);
  }
  bool on_array_end(std::size_t, error_code&) {
    --depth_;
    return depth_ == 0 || close(']');
  }

  bool on_key_part(json::string_view s, std::size_t, error_code&) { return append(s); }
  bool on_key(json::string_view s, std::size_t, error_code& ec) {
    append(s);
    if (depth_ == top_) {
      key_ = std::exchange(buffer_, {});
      if (!seen_.insert(key_).second) return fail(ec, "A key stands twice in this article.");
      if (key_ == "id") return true;  // written when the article is whole
      separate();
      http::append_json_string(members_, key_);
    } else {
      separate();
      http::append_json_string(members_, std::exchange(buffer_, {}));
    }
    members_ += ':';
    fresh_ = true;
    return true;
  }

  bool on_string_part(json::string_view s, std::size_t, error_code&) { return append(s); }
  bool on_string(json::string_view s, std::size_t, error_code& ec) {
    append(s);
    if (depth_ < top_) return no_object(ec);
    std::string text = std::exchange(buffer_, {});
    if (depth_ == top_) {
      if (key_ == "id") {
        id_ = trimmed(text);
        return true;
      }
      if (key_ == "url") url_ = trimmed(text);
      if (key_ == "title" || key_ == "text") has_content_ = has_content_ || !is_blank(text);
    }
    separate();
    http::append_json_string(members_, text);
    return true;
  }

  bool on_number_part(json::string_view s, error_code&) { return append(s); }
  bool on_int64(std::int64_t, json::string_view s, error_code& ec) { return on_number(s, ec); }
  bool on_uint64(std::uint64_t, json::string_view s, error_code& ec) { return on_number(s, ec); }
  bool on_double(double, json::string_view s, error_code& ec) { return on_number(s, ec); }
  bool on_bool(bool b, error_code& ec) { return literal(b ? "true" : "false", ec); }
  bool on_null(error_code& ec) {
    if (depth_ == top_ && key_ == "id") return true;  // not given
    return literal("null", ec, true);
  }
  // Comments are not JSON and not enabled.
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

 private:
  bool append(json::string_view s) {
    buffer_.append(s.data(), s.size());
    return true;
  }
  void separate() {
    if (!fresh_) members_ += ',';
    fresh_ = false;
  }
  bool fail(error_code& ec, std::string message, errc code = errc::malformed) {
    problem_ = error{code, std::move(message)};
    ec = json::error::exception;
    return false;
  }
  bool no_object(error_code& ec) {
    ++article_;
    return fail(ec, "An article must be a JSON object.");
  }

  static bool must_be_text(std::string_view key) { return key == "title" || key == "text"; }
  bool wrong_type(error_code& ec) {
    return fail(ec, key_ == "id" ? "The id must be a string or a whole number." : "The " + key_ + " must be a string.");
  }

  bool on_number(json::string_view s, error_code& ec) {
    append(s);
    if (depth_ < top_) return no_object(ec);
    const std::string digits = std::exchange(buffer_, {});
    if (depth_ == top_ && key_ == "id") {
      if (digits.find_first_of(".eE") != std::string::npos) return wrong_type(ec);
      id_ = digits;
      return true;
    }
    return literal(digits, ec);
  }
  bool literal(std::string_view text, error_code& ec, bool null = false) {
    if (depth_ < top_) return no_object(ec);
    if (depth_ == top_ && !null && (key_ == "id" || must_be_text(key_))) return wrong_type(ec);
    separate();
    members_ += text;
    return true;
  }
  bool open(char bracket, error_code& ec) {
    if (depth_ == top_ + 1 && (key_ == "id" || must_be_text(key_))) return wrong_type(ec);
    separate();
    members_ += bracket;
    fresh_ = true;
    return true;
  }
  bool close(char bracket) {
    members_ += bracket;
    fresh_ = false;
    return true;
  }

  bool begin_article(error_code& ec) {
    ++article_;
    if (article_ > max_articles_) {
      return fail(ec, "There are more than " + std::to_string(max_articles_) + " articles in this request.",
                  errc::too_large);
    }
    members_.clear();
    seen_.clear();
    key_.clear();
    id_.clear();
    url_.clear();
    has_content_ = false;
    fresh_ = true;
    return true;
  }

  bool end_article(error_code& ec) {
    if (!has_content_) return fail(ec, "This article has neither a title nor a text.");
    if (id_.size() > k_max_article_id_bytes) {
      return fail(ec, "The id has more than " + std::to_string(k_max_article_id_bytes) + " bytes.", errc::too_large);
    }
    if (std::ranges::any_of(id_, is_control)) return fail(ec, "The id has a control character.");
    if (id_.empty()) id_ = derived_id();
    const auto [same, fresh] = places_.emplace(id_, article_);
    if (!fresh) return fail(ec, "This article has the same id as article " + std::to_string(same->second) + ".");
    taken_.lines += "{\"id\":";
    http::append_json_string(taken_.lines, id_);
    if (!members_.empty()) taken_.lines += ',';
    taken_.lines.append(members_).append("}\n");
    taken_.ids.push_back(std::exchange(id_, {}));
    return true;
  }

  [[nodiscard]] std::string derived_id() const {
    rapporteur::article a;
    if (is_web_address(url_)) {
      a.url = url_;
      return derive_article_id(a);
    }
    a.text = members_;
    return "c-" + content_id(a);
  }

  posted_articles taken_;
  std::optional<error> problem_;
  std::map<std::string, std::uint64_t, std::less<>> places_;  ///< id → article
  std::size_t max_articles_ = 0;
  bool arrays_ = true;
  std::uint64_t article_ = 0;
  std::size_t depth_ = 0;  ///< open objects and arrays
  std::size_t top_ = 1;    ///< depth of an article's object
  // Of the article at hand:
  std::string members_;  ///< as they will be written, without the id
  std::unordered_set<std::string> seen_;
  std::string key_;     ///< the last one of its own
  std::string buffer_;  ///< the string, key or number being read
  std::string id_, url_;
  bool has_content_ = false;
  bool fresh_ = true;  ///< no comma is due
};

class reader {
 public:
  reader(std::string_view body, std::size_t max_articles, bool arrays) : body_(body) {
    parser_.handler().allow(max_articles, arrays);
  }

  /// Reads the one value that body_[begin, end) must be.
  std::optional<post_problem> read(std::size_t begin, std::size_t end) {
    parser_.reset();
    auto& h = parser_.handler();
    h.begin();
    const auto text = body_.substr(begin, end - begin);
    error_code ec;
    const auto used = parser_.write_some(false, text.data(), text.size(), ec);
    const std::uint64_t article = h.article() + (h.inside_article() || h.problem() ? 0 : 1);
    if (h.problem()) return post_problem{std::move(*h.problem()), h.article(), line_of(begin + used)};
    if (ec) return post_problem{{errc::malformed, explain(ec, used == text.size())}, article, line_of(begin + used)};
    const auto more = text.find_first_not_of(k_blanks, used);
    if (more != std::string_view::npos) {
      return post_problem{{errc::malformed, "There is more behind the JSON value that should be alone here."},
                          0,
                          line_of(begin + more)};
    }
    return std::nullopt;
  }

  posted_articles take() { return std::move(parser_.handler().taken()); }

  [[nodiscard]] std::uint64_t line_of(std::size_t offset) const {
    const auto until = body_.substr(0, std::min(offset, body_.size()));
    return 1 + static_cast<std::uint64_t>(std::ranges::count(until, '\n'));
  }

 private:
  static json::parse_options options() {
    json::parse_options o;
    o.max_depth = k_max_depth;
    o.allow_invalid_utf8 = true;  // the body has been checked
    return o;
  }

  static std::string explain(const error_code& ec, bool at_end) {
    if (ec == json::error::too_deep) return "This is nested too deeply.";
    if (ec == json::error::incomplete || at_end) return "This is not valid JSON: it ends too early.";
    return "This is not valid JSON.";
  }

  std::string_view body_;
  json::basic_parser<handler> parser_{options()};
};

}  // namespace

std::variant<posted_articles, post_problem> read_posted(std::string_view body, post_format format,
                                                        std::size_t max_articles) {
  constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
  if (body.starts_with(k_byte_order_mark)) body.remove_prefix(k_byte_order_mark.size());
  if (!http::is_utf8(body)) return post_problem{{errc::encoding, "The body is not UTF-8."}, 0, 0};
  reader r(body, max_articles, format == post_format::json);
  const post_problem nothing{{errc::malformed, "There is no article in this request."}, 0, 0};
  if (format == post_format::json) {
    if (trimmed(body).empty()) return nothing;
    if (auto problem = r.read(0, body.size())) return std::move(*problem);
  } else {
    for (std::size_t begin = 0; begin < body.size();) {
      const auto end = std::min(body.find('\n', begin), body.size());
      if (!trimmed(body.substr(begin, end - begin)).empty()) {
        if (auto problem = r.read(begin, end)) return std::move(*problem);
      }
      begin = end + 1;
    }
  }
  auto taken = r.take();
  if (taken.ids.empty()) return nothing;
  return taken;
}

}  // namespace rapporteur::api
