#include "server/search/query_lexer.hpp"

#include "index/unicode.hpp"
#include "server/search/query_scanner.hpp"
#include "server/search/query_vocabulary.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace rapporteur::search {

namespace {

class lexer {
 public:
  lexer(const character_sequence& q, const parser_limits& limits, warning_list& warnings)
      : q_(q), scan_(q), limits_(limits), warnings_(warnings) {}

  std::vector<lexeme> run();

 private:
  struct group {
    std::optional<field_name> field;
    std::size_t column = 0;
    bool ignored = false;  ///< nested too deep
  };

  void warn(std::size_t at, std::string_view code, std::string message, named_values values = {}) {
    warnings_.add(at + 1, code, std::move(message), std::move(values));
  }
  [[nodiscard]] std::string typed(std::size_t begin, std::size_t end) const { return std::string(q_.text(begin, end)); }

  void step();
  void open_group();
  void close_group();
  void quoted(bool exact);
  void words();
  void value();
  bool field();
  void unknown_field(std::size_t colon);
  bool operator_at(std::size_t end);

  void push(lexeme_kind kind, std::size_t begin, std::size_t end, unsigned distance = 0);
  void push_leaf(node_kind kind, std::string text, std::size_t begin, std::size_t end);
  void push_word(std::size_t begin, std::size_t end);
  void push_date(std::size_t begin, std::size_t end, bool quoted);
  void push_filter(std::string text, std::size_t begin, std::size_t end, bool bare);

  [[nodiscard]] bool at_word_start() const;

  void make_word(lexeme& l);
  void settle_operators();
  void enforce_leaf_limit();

  /// The field that the next leaf or group belongs to.
  [[nodiscard]] const field_name* scope() const {
    if (pending_) return &*pending_;
    return !plain_ && !groups_.empty() && groups_.back().field ? &*groups_.back().field : nullptr;
  }
  [[nodiscard]] field_name::form scope_form() const {
    return scope() != nullptr ? scope()->values : field_name::form::words;
  }

  const character_sequence& q_;
  const query_scanner scan_;
  const parser_limits& limits_;
  warning_list& warnings_;
  std::vector<lexeme> out_;
  std::vector<group> groups_;
  std::optional<field_name> pending_;  ///< a field name was read, its value not yet
  std::size_t pending_at_ = 0;         ///< where that name stands
  bool attached_ = false;              ///< a minus or a colon stands right before: what follows is no operator
  bool leading_star_ = false;
  bool deep_warned_ = false;
  std::size_t at_ = 0;
  std::size_t plain_until_ = 0;  ///< up to here no field is looked for: a value that was none is read as words
  bool plain_ = false;           ///< at_ was before plain_until_ when this step began
};

/// A minus is an operator where a word may begin: after a blank, a parenthesis or a field's colon.
bool lexer::at_word_start() const {
  return at_ == 0 || attached_ || q_.role(at_ - 1) == U' ' || q_.role(at_ - 1) == U'(';
}

// ---- the pieces -------------------------------------------------------------------------------------------------

void lexer::push(lexeme_kind kind, std::size_t begin, std::size_t end, unsigned distance) {
  lexeme l;
  l.kind = kind;
  l.column = static_cast<std::uint32_t>(begin + 1);
  l.distance = distance;
  l.begin = begin;
  l.end = end;
  out_.push_back(std::move(l));
}

/// A leaf in the current scope, which it uses up.
void lexer::push_leaf(node_kind kind, std::string text, std::size_t begin, std::size_t end) {
  push(lexeme_kind::leaf, begin, end);
  query_node& leaf = out_.back().leaf;
  leaf.kind = kind;
  leaf.text = std::move(text);
  leaf.column = out_.back().column;
  if (const field_name* f = scope(); f != nullptr && f->values != field_name::form::date) {
    leaf.scope = f->field;
    leaf.tag_name = f->tag;
  }
  pending_.reset();
  attached_ = false;
}

void lexer::push_filter(std::string text, std::size_t begin, std::size_t end, bool bare) {
  const bool in_group = !pending_;
  push_leaf(node_kind::filter, std::move(text), begin, end);
  out_.back().bare_value = bare && in_group;
}

void lexer::push_date(std::size_t begin, std::size_t end, bool quoted) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) text += q_.role(i) == U'…' ? ".." : q_.ascii(i, i + 1);
  auto dates = read_dates(text);
  if (!dates) {
    warn(begin, warning_code::bad_date,
         "Not a date, so searched for as words. Write date:2019, date:2019-06, date:2019-06-13 or a range such as "
         "date:2018..2019-03.",
         {{"value", collapse_blanks(q_, begin, end)}});
    const bool named = pending_.has_value();
    if (named) push_word(pending_at_, pending_at_ + 4);
    if (quoted) {
      plain_ = true;
      push_leaf(node_kind::phrase, collapse_blanks(q_, begin, end), begin - 1, end + 1);
    } else {
      // The same characters once more, outside the field.
      plain_until_ = at_;
      at_ = begin;
      attached_ = named;
    }
    return;
  }
  if (is_reversed(*dates)) {
    std::swap(dates->from, dates->to);
    warn(begin, warning_code::reversed_range, "The range ends before it begins; its ends were exchanged.",
         {{"from", dates->from->to_string()}, {"to", dates->to->to_string()}});
  }
  push_leaf(node_kind::date, {}, begin, end);
  out_.back().leaf.from = dates->from;
  out_.back().leaf.to = dates->to;
}

/// A word or wildcard from a run that begins with a word character: what punctuation follows it is dropped.
void lexer::push_word(std::size_t begin, std::size_t end) {
  bool star = false;
  const auto belongs = [&](std::size_t i) {
    const char32_t r = q_.role(i);
    return r == U')' || is_word_character(q_[i].code_point) ||
           (r >= 0x80 && index::class_of(q_[i].code_point) == index::char_class::extend);
  };
  std::size_t last = end;
  while (last > begin + 1 && !belongs(last - 1)) {
    --last;
    star = star || q_.role(last) == U'*';
  }
  // U.N. keeps its last dot, which an acronym is known by.
  if (last < end && q_.role(last) == U'.' && last >= begin + 2 && q_.role(last - 2) == U'.') ++last;

  std::string text(q_.text(begin, last));
  const bool inner_star = std::exchange(leading_star_, false) || q_.ascii(begin, last).find('*') != std::string::npos;
  std::size_t letters = 0;
  for (std::size_t i = begin; i < last; ++i) {
    if (is_word_character(q_[i].code_point)) letters += is_cjk_character(q_[i].code_point) ? 2 : 1;
  }
  if (inner_star) {
    warn(begin, warning_code::wildcard_position, "A star stands for more letters only at the end of a word; ignored.");
  } else if (star && letters < limits_.min_wildcard_letters) {
    warn(begin, warning_code::wildcard_too_short,
         "Too few letters before the star (at least " + std::to_string(limits_.min_wildcard_letters) +
             "); searched for without it.",
         {{"n", limits_.min_wildcard_letters}});
  }
  const bool wildcard = star && !inner_star && letters >= limits_.min_wildcard_letters;
  // Written back, a word must not be an operator. (As a field's value it cannot be one.)
  const std::string ascii = q_.ascii(begin, last);
  if (!wildcard && (scope() == nullptr || scope_form() == field_name::form::date) && find_operator(ascii)) {
    text = lower_ascii(ascii);
  }
  push_leaf(wildcard ? node_kind::wildcard : node_kind::word, std::move(text), begin, last);
}

void lexer::open_group() {
  const bool ignored = groups_.size() >= limits_.max_depth;
  std::optional<field_name> f;
  if (const field_name* s = scope(); s != nullptr) f = *s;
  groups_.push_back({std::move(f), at_, ignored});
  pending_.reset();
  attached_ = false;
  if (!ignored) push(lexeme_kind::open, at_, at_ + 1);
  if (ignored && !std::exchange(deep_warned_, true)) {
    warn(at_, warning_code::too_deep, "Parentheses are nested too deep; the inner ones were ignored.",
         {{"n", limits_.max_depth}});
  }
  ++at_;
}

void lexer::close_group() {
  if (groups_.empty()) {
    warn(at_, warning_code::unbalanced_parenthesis, "This parenthesis closes nothing; ignored.");
  } else {
    if (!groups_.back().ignored) push(lexeme_kind::close, at_, at_ + 1);
    groups_.pop_back();
  }
  attached_ = false;
  ++at_;
}

/// A phrase, exact characters, or a quoted value. at_ is at the opening quotation mark.
void lexer::quoted(bool exact) {
  const std::size_t open = at_;
  const auto close = scan_.closing_quote(open);
  if (!close) {
    warn(open, warning_code::unbalanced_quote, "This quotation mark has no partner; ignored.");
    ++at_;
    return;
  }
  at_ = *close + 1;
  const std::size_t begin = open + 1;
  const std::size_t column = exact ? open - 1 : open;
  if (!scan_.has_word(begin, *close)) {
    warn(column, warning_code::empty_phrase, "There is no word between these quotation marks; ignored.");
    // It keeps its place, so that an operator before it does not take the next word instead.
    push_leaf(node_kind::nothing, {}, column, at_);
    return;
  }
  switch (scope_form()) {
    case field_name::form::date: {
      std::size_t first = begin;
      std::size_t last = *close;
      while (first < last && q_.role(first) == U' ') ++first;
      while (last > first && q_.role(last - 1) == U' ') --last;
      push_date(first, last, true);
      return;
    }
    case field_name::form::value:
      push_filter(collapse_blanks(q_, begin, *close), column, at_, false);
      return;
    case field_name::form::words:
      break;
  }
  if (exact) {
    push_leaf(node_kind::exact, std::string(q_.text(begin, *close)), column, at_);
    return;
  }
  for (std::size_t i = begin + 1; i < *close; ++i) {
    if (q_.role(i) == U'*' && is_word_character(q_[i - 1].code_point)) {
      warn(i, warning_code::wildcard_position, "A star has no meaning between quotation marks; ignored.");
      break;
    }
  }
  push_leaf(node_kind::phrase, collapse_blanks(q_, begin, *close), column, at_);
}

bool lexer::operator_at(std::size_t end) {
  if (attached_) return false;
  const auto op = scan_.operator_in(at_, end);
  if (!op) return false;
  unsigned distance = op->distance;
  if (op->kind == lexeme_kind::op_near && (distance < 1 || distance > k_max_near)) {
    distance = std::clamp(distance, 1U, k_max_near);
    warn(at_, warning_code::near_distance,
         "NEAR/n takes a distance of 1 to " + std::to_string(k_max_near) + "; " + std::to_string(distance) +
             " was taken.",
         {{"most", k_max_near}, {"taken", distance}});
  }
  push(op->kind, at_, end, distance);
  at_ = end;
  leading_star_ = false;
  return true;
}

/// A filter's value or a date, unquoted: everything up to a blank, parenthesis or quotation mark.
void lexer::value() {
  std::size_t end = scan_.run_end(at_, true);
  if (operator_at(end)) return;
  if (!attached_ && !pending_ && field()) return;
  const std::size_t begin = at_;
  at_ = end;
  attached_ = false;
  bool star = false;
  while (end > begin && (q_.role(end - 1) == U',' || q_.role(end - 1) == U';' || q_.role(end - 1) == U'*')) {
    --end;
    star = star || q_.role(end) == U'*';
  }
  if (!scan_.has_word(begin, end)) return;
  if (scope_form() == field_name::form::date) {
    push_date(begin, end, false);
    return;
  }
  if (star) warn(begin, warning_code::wildcard_position, "A star has no meaning in the value of this field; ignored.");
  push_filter(std::string(q_.text(begin, end)), begin, end, true);
}

/// Reads a field name with its colon, if one stands here and a value follows.
bool lexer::field() {
  const auto known = scan_.field_at(at_);
  if (!known) return false;
  const auto& [name, after] = *known;
  if (q_.role(after) == U'/' && q_.role(after + 1) == U'/') return false;
  std::size_t at = after;
  while (q_.role(at) == U' ') ++at;
  const bool attached = at == after;
  bool follows = scan_.operand_follows(at);
  if (follows && !attached) {
    // "title: OR x" and "source: lang:en" leave the first field empty.
    const std::size_t end = scan_.run_end(at, true);
    follows = !scan_.operator_in(at, end) && !scan_.field_at(at);
  }
  if (!follows) {
    if (scope_form() != field_name::form::words) return false;
    warn(at_, warning_code::empty_field, "No value follows this field name; searched for as a word.",
         {{"name", typed(at_, after - 1)}});
    push_word(at_, after - 1);
    at_ = after;
    return true;
  }
  pending_ = name;
  pending_at_ = at_;
  at_ = at;
  attached_ = attached;
  return true;
}

/// foo:bar where foo is no field: two words.
void lexer::unknown_field(std::size_t colon) {
  if (!plain_ && scan_.operand_follows(colon + 1)) {
    warn(at_, warning_code::unknown_field,
         "There is no field of this name (title, author, source, lang, collection, symbol, date, tag.NAME); searched "
         "for as words.",
         {{"name", typed(at_, colon)}});
  }
  push_word(at_, colon);
  at_ = colon + 1;
}

/// A run that begins with a word character: operator, field or word.
void lexer::words() {
  if (!pending_ && is_ascii_letter(q_.role(at_))) {
    const auto named = [](char32_t r) {
      return is_ascii_letter(r) || is_digit(r) || r == U'.' || r == U'_' || r == U'-';
    };
    std::size_t colon = at_;
    while (named(q_.role(colon))) ++colon;
    const bool url = q_.role(colon + 1) == U'/' && q_.role(colon + 2) == U'/';
    if (q_.role(colon) == U':' && !url) {
      if (plain_ || !field()) unknown_field(colon);
      return;
    }
  }
  const std::size_t end = scan_.run_end(at_, false);
  if (operator_at(end)) return;
  const std::size_t begin = at_;
  at_ = end;
  push_word(begin, end);
}

void lexer::step() {
  const char32_t r = q_.role(at_);
  plain_ = at_ < plain_until_;
  if (r == U' ') {
    attached_ = false;
    ++at_;
  } else if (r == U'(') {
    open_group();
  } else if (r == U')') {
    close_group();
  } else if (is_quote(r)) {
    quoted(false);
  } else if (r == U'=' && is_quote(q_.role(at_ + 1)) && at_word_start() && scan_.closing_quote(at_ + 1)) {
    ++at_;
    quoted(true);
  } else if (r == U'-' && at_word_start() && q_.role(at_ + 1) != U'-' && scan_.operand_follows(at_ + 1)) {
    push(lexeme_kind::op_not, at_, at_ + 1);
    attached_ = true;
    ++at_;
  } else if (scope_form() != field_name::form::words) {
    value();
  } else if (is_word_character(q_[at_].code_point)) {
    words();
  } else {
    if (r == U'*' && is_word_character(at_ + 1 < q_.size() ? q_[at_ + 1].code_point : U' ')) leading_star_ = true;
    if (r == U'|' && q_.role(at_ + 1) == U'|' && (at_ == 0 || q_.role(at_ - 1) != U'|')) {
      warn(at_, warning_code::unknown_operator, "|| is not an operator; write OR.");
    }
    ++at_;
  }
}

// ---- the whole --------------------------------------------------------------------------------------------------

bool ends_operand(const lexeme& l) {
  return l.kind == lexeme_kind::leaf || l.kind == lexeme_kind::close;
}

bool joins(lexeme_kind k) {
  return k == lexeme_kind::op_and || k == lexeme_kind::op_or || k == lexeme_kind::op_near;
}

void lexer::make_word(lexeme& l) {
  const std::string name = q_.ascii(l.begin, l.end);
  warn(l.begin, warning_code::dangling_operator,
       name + " stands where it has nothing to join or exclude; searched for as a word.", {{"word", name}});
  l.kind = lexeme_kind::leaf;
  l.leaf.kind = node_kind::word;
  l.leaf.text = lower_ascii(name);
  l.leaf.column = l.column;
}

/// Turns operators without operands into words. A minus without a word is dropped: it is none itself.
void lexer::settle_operators() {
  const auto ends = [&](std::size_t i) { return i == out_.size() || out_[i].kind == lexeme_kind::close; };
  // From the end, because whether a NOT has an operand depends on what became of the one behind it.
  std::vector<lexeme> settled;
  settled.reserve(out_.size());
  for (auto l = out_.rbegin(); l != out_.rend(); ++l) {
    const bool dangling = l->kind == lexeme_kind::op_not &&
                          (settled.empty() || settled.back().kind == lexeme_kind::close || joins(settled.back().kind));
    if (dangling && q_.role(l->begin) == U'-') continue;
    if (dangling) make_word(*l);
    settled.push_back(std::move(*l));
  }
  std::reverse(settled.begin(), settled.end());
  out_ = std::move(settled);
  for (std::size_t i = 0; i < out_.size(); ++i) {
    if (joins(out_[i].kind) && (i == 0 || !ends_operand(out_[i - 1]) || ends(i + 1))) make_word(out_[i]);
  }
}

void lexer::enforce_leaf_limit() {
  std::size_t leaves = 0;
  for (std::size_t i = 0; i < out_.size(); ++i) {
    if (out_[i].kind != lexeme_kind::leaf || ++leaves <= limits_.max_leaves) continue;
    warn(out_[i].begin, warning_code::too_many_terms,
         "The query has more than " + std::to_string(limits_.max_leaves) + " terms; it was cut off here.",
         {{"n", limits_.max_leaves}});
    out_.resize(i);
    break;
  }
  while (!out_.empty() && leaves > limits_.max_leaves && !ends_operand(out_.back())) out_.pop_back();
}

std::vector<lexeme> lexer::run() {
  while (at_ < q_.size()) step();
  for (const group& g : groups_) {
    warn(g.column, warning_code::unbalanced_parenthesis,
         "This parenthesis is never closed; its group ends with the query.");
  }
  settle_operators();
  enforce_leaf_limit();
  return std::move(out_);
}

}  // namespace

std::vector<warning> warning_list::take() {
  std::stable_sort(list_.begin(), list_.end(), [](const warning& a, const warning& b) { return a.column < b.column; });
  return std::move(list_);
}

std::string collapse_blanks(const character_sequence& q, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) {
    if (q.role(i) != U' ') {
      out += q.text(i, i + 1);
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::vector<lexeme> cut_query(const character_sequence& q, const parser_limits& limits, warning_list& warnings) {
  return lexer(q, limits, warnings).run();
}

}  // namespace rapporteur::search
