// The scanner behind index/analysis.hpp: one pass over the text, character class by character class.
//
// A chunk is a run of atoms (letters and digits) held together by single hyphens, slashes or dots; what a chunk becomes
// (words, a compound, U.N., a document symbol) is decided when all of it has been read. Plain ASCII words take a short
// cut.
#include "index/analysis.hpp"

#include "index/unicode.hpp"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace rapporteur::index {

void token_list::clear() noexcept {
  tokens_.clear();
  arena_.clear();
  last_position_ = 0;
}

namespace {

constexpr std::size_t k_max_text = 0x7FFFFFFF;
constexpr std::size_t k_max_atoms = 16;    // parts of one chunk
constexpr std::size_t k_max_compound = 5;  // parts that are also joined
constexpr unsigned k_max_acronym_letters = 10;
constexpr unsigned k_caps_run = 4;          // neighbouring words in capitals that are a headline, not acronyms
constexpr std::size_t k_line_window = 300;  // bytes each way that decide whether a line is in capitals

constexpr bool ascii_upper(unsigned char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool ascii_lower(unsigned char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool ascii_digit(unsigned char c) {
  return c >= '0' && c <= '9';
}
constexpr bool ascii_alnum(unsigned char c) {
  return ascii_upper(c) || ascii_lower(c) || ascii_digit(c);
}

// Characters after a plain ASCII word that may make it more than that, if something of a word follows them.
constexpr bool may_connect(unsigned char c) {
  return c >= 0x80 || c == '\'' || c == '`' || c == '-' || c == '.' || c == '/' || c == ',';
}

// Articles and particles that elide before a vowel in French, Italian and Catalan.
constexpr std::array<std::string_view, 26> k_elisions = {
    "l",    "d",    "j",   "m",    "n",    "s",    "t",     "c",     "qu", "lorsqu", "puisqu", "jusqu", "quoiqu",
    "dell", "nell", "all", "dall", "sull", "coll", "quell", "quest", "un", "gl",     "degl",   "agl",   "sant"};

bool begins_with_vowel(std::string_view folded) {
  return !folded.empty() && std::string_view("aeiouyh").find(folded.front()) != std::string_view::npos;
}

}  // namespace

class scanner {
 public:
  void run(std::string_view text, token_list& out, text_role role);

 private:
  struct letter_counts {
    unsigned letters = 0, upper = 0, lower = 0, digits = 0;
  };
  struct atom {
    std::uint32_t begin = 0, end = 0;
    std::string folded;
    letter_counts counts;
    char connector = 0;               // before it: - / . (
    std::uint32_t elided_begin = 0;   // where the word after an elided article begins, in the text and …
    std::uint16_t elided_folded = 0;  // … in its folded form; 0: no elision
    bool plural = false;              // a final small s after capitals: NGOs
    [[nodiscard]] bool in_capitals() const { return counts.upper > 0 && counts.lower == 0; }
    [[nodiscard]] bool digits_only() const { return counts.letters == 0; }
    [[nodiscard]] bool single_letter() const { return counts.letters == 1 && counts.digits == 0; }
  };

  [[nodiscard]] unsigned char byte(std::size_t at) const { return static_cast<unsigned char>(text_[at]); }
  [[nodiscard]] bool starts_atom(std::size_t at) const;
  [[nodiscard]] bool is_digit_at(std::size_t at) const;
  [[nodiscard]] bool groups_thousands(std::size_t comma) const;

  std::size_t scan_plain_word(std::size_t at);
  std::size_t scan_chunk(std::size_t at);
  std::size_t scan_atom(std::size_t at, atom& a);
  std::size_t scan_cjk(std::size_t at);
  std::size_t scan_complex(std::size_t at);
  void finish_atom(atom& a, bool composes, std::size_t apostrophe_count, std::uint32_t first_apostrophe,
                   const letter_counts& before_first, std::uint32_t last_apostrophe, const letter_counts& before_last);

  void merge_dotted();
  [[nodiscard]] bool is_document_symbol() const;
  void emit_chunk();
  void emit_group(std::size_t first, std::size_t last);
  void emit_atom(const atom& a, token_kind kind);
  void emit(std::size_t begin, std::size_t end, std::uint32_t position, std::string_view folded, token_kind kind);
  void emit_acronym(std::size_t begin, std::size_t end, std::uint32_t position, std::string_view folded,
                    const letter_counts& c);
  atom& next_atom();

  [[nodiscard]] bool in_line_of_capitals(std::size_t at);
  void note_capitals(bool capitals, std::size_t begin, std::size_t end);
  void close_capitals_run();

  std::string_view text_;
  token_list* out_ = nullptr;
  text_role role_ = text_role::article;
  std::uint32_t position_ = 0;

  std::vector<atom> atoms_;  // reused: only the first atom_count_ are of the chunk at hand
  std::size_t atom_count_ = 0;
  std::string scratch_;

  std::size_t line_end_ = 0;
  bool line_capitals_ = false;
  std::size_t capitals_end_ = 0;
  unsigned capitals_run_ = 0;
  std::vector<std::size_t> capitals_tokens_;
  bool has_dead_tokens_ = false;

  std::unique_ptr<icu::BreakIterator> dictionary_words_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> clusters_;
  std::vector<std::string> cluster_folds_;
};

void scanner::run(std::string_view text, token_list& out, text_role role) {
  out.clear();
  text_ = text.substr(0, utf8_boundary_before(text, std::min(text.size(), k_max_text)));
  out_ = &out;
  role_ = role;
  position_ = 0;
  line_end_ = 0;
  capitals_run_ = 0;
  capitals_tokens_.clear();
  has_dead_tokens_ = false;

  std::size_t at = 0;
  while (at < text_.size()) {
    const unsigned char c = byte(at);
    if (c < 0x80) {
      if (ascii_alnum(c))
        at = scan_plain_word(at);
      else
        ++at;
      continue;
    }
    const decoded d = decode_utf8(text_, at);
    switch (class_of(d.code_point)) {
      case char_class::letter:
      case char_class::digit:
        at = scan_chunk(at);
        break;
      case char_class::cjk:
        at = scan_cjk(at);
        break;
      case char_class::complex:
        at = scan_complex(at);
        break;
      default:
        at += d.size;
    }
  }
  close_capitals_run();
  if (has_dead_tokens_) {
    std::erase_if(out.tokens_, [](const token& t) { return t.text_size == 0; });
  }
  out.last_position_ = position_;
}

void scanner::emit(std::size_t begin, std::size_t end, std::uint32_t position, std::string_view folded,
                   token_kind kind) {
  folded = folded.substr(0, utf8_boundary_before(folded, k_max_token_bytes));
  if (folded.empty()) return;
  out_->tokens_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), position,
                           static_cast<std::uint32_t>(out_->arena_.size()), static_cast<std::uint16_t>(folded.size()),
                           kind});
  out_->arena_.append(folded);
}

// --- capitals ---------------------------------------------------------------------------------------------------

bool scanner::in_line_of_capitals(std::size_t at) {
  if (role_ == text_role::query) return false;
  if (at < line_end_) return line_capitals_;
  std::size_t begin = at;
  while (begin > 0 && at - begin < k_line_window && byte(begin - 1) != '\n') --begin;
  const std::size_t limit = std::min(text_.size(), at + k_line_window);
  unsigned upper = 0;
  unsigned other = 0;
  std::size_t i = begin;
  while (i < limit && byte(i) != '\n') {
    const unsigned char c = byte(i);
    if (c < 0x80) {
      upper += ascii_upper(c);
      other += ascii_lower(c);
      ++i;
      continue;
    }
    const decoded d = decode_utf8(text_, i);
    const char_class k = class_of(d.code_point);
    if (is_upper(d.code_point))
      ++upper;
    else if (k == char_class::letter || k == char_class::cjk || k == char_class::complex)
      ++other;
    i += d.size;
  }
  line_end_ = std::max(i, at + 1);
  line_capitals_ = upper > 4 * other;
  return line_capitals_;
}

void scanner::note_capitals(bool capitals, std::size_t begin, std::size_t end) {
  if (role_ == text_role::query) return;
  if (!capitals) {
    if (capitals_run_ != 0) close_capitals_run();
    return;
  }
  const bool adjoins =
      capitals_run_ != 0 && std::all_of(text_.begin() + static_cast<std::ptrdiff_t>(capitals_end_),
                                        text_.begin() + static_cast<std::ptrdiff_t>(begin),
                                        [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
  if (!adjoins) close_capitals_run();
  ++capitals_run_;
  capitals_end_ = end;
}

void scanner::close_capitals_run() {
  if (capitals_run_ >= k_caps_run) {
    for (const std::size_t i : capitals_tokens_) out_->tokens_[i].text_size = 0;
    has_dead_tokens_ = has_dead_tokens_ || !capitals_tokens_.empty();
  }
  capitals_run_ = 0;
  capitals_tokens_.clear();
}

void scanner::emit_acronym(std::size_t begin, std::size_t end, std::uint32_t position, std::string_view folded,
                           const letter_counts& c) {
  if (c.upper + c.digits < 2 || c.upper == 0 || c.letters > k_max_acronym_letters) return;
  if (in_line_of_capitals(begin)) return;
  std::string written;
  append_upper(written, folded);
  capitals_tokens_.push_back(out_->tokens_.size());
  emit(begin, end, position, written, token_kind::acronym);
}

// --- words ------------------------------------------------------------------------------------------------------

std::size_t scanner::scan_plain_word(std::size_t at) {
  std::size_t end = at;
  letter_counts counts;
  while (end < text_.size()) {
    const unsigned char c = byte(end);
    if (ascii_lower(c))
      ++counts.lower;
    else if (ascii_upper(c))
      ++counts.upper;
    else if (ascii_digit(c))
      ++counts.digits;
    else
      break;
    ++end;
  }
  if (end < text_.size() && may_connect(byte(end))) {
    const bool plain =
        byte(end) < 0x80 && (end + 1 == text_.size() || (byte(end + 1) < 0x80 && !ascii_alnum(byte(end + 1))));
    if (!plain) return scan_chunk(at);
  }
  if (end - at > k_max_token_bytes) return scan_chunk(at);

  std::array<char, k_max_token_bytes> lowered{};
  for (std::size_t i = at; i < end; ++i)
    lowered[i - at] = static_cast<char>(ascii_upper(byte(i)) ? byte(i) + 32 : byte(i));
  std::string_view folded(lowered.data(), end - at);
  ++position_;
  emit(at, end, position_, folded, token_kind::word);
  counts.letters = counts.upper + counts.lower;
  const bool capitals = counts.upper > 0 && counts.lower == 0;
  note_capitals(capitals, at, end);
  if (capitals) {
    emit_acronym(at, end, position_, folded, counts);
  } else if (counts.upper >= 2 && counts.lower == 1 && folded.back() == 's' && ascii_lower(byte(end - 1))) {
    folded.remove_suffix(1);
    emit_acronym(at, end, position_, folded, counts);
  }
  return end;
}

bool scanner::starts_atom(std::size_t at) const {
  if (at >= text_.size()) return false;
  if (byte(at) < 0x80) return ascii_alnum(byte(at));
  const char_class k = class_of(decode_utf8(text_, at).code_point);
  return k == char_class::letter || k == char_class::digit;
}

bool scanner::is_digit_at(std::size_t at) const {
  if (at >= text_.size()) return false;
  if (byte(at) < 0x80) return ascii_digit(byte(at));
  return class_of(decode_utf8(text_, at).code_point) == char_class::digit;
}

// A comma groups thousands if exactly three digits follow it: 120,000 is a number, 2018,2019 are two.
bool scanner::groups_thousands(std::size_t after_comma) const {
  std::size_t at = after_comma;
  int digits = 0;
  while (is_digit_at(at) && digits < 4) {
    at += decode_utf8(text_, at).size;
    ++digits;
  }
  return digits == 3;
}

scanner::atom& scanner::next_atom() {
  if (atom_count_ == atoms_.size()) atoms_.emplace_back();
  atom& a = atoms_[atom_count_++];
  std::string keep = std::move(a.folded);
  keep.clear();
  a = atom{};
  a.folded = std::move(keep);
  return a;
}

std::size_t scanner::scan_atom(std::size_t at, atom& a) {
  a.begin = static_cast<std::uint32_t>(at);
  bool composes = false;
  bool after_digit = false;
  bool after_letter = false;
  std::size_t apostrophes = 0;
  std::uint32_t first_apostrophe = 0;
  std::uint32_t last_apostrophe = 0;
  letter_counts before_first;
  letter_counts before_last;
  while (at < text_.size()) {
    const decoded d = decode_utf8(text_, at);
    const char32_t c = d.code_point;
    const char_class k = class_of(c);
    const bool room = a.folded.size() <= 2 * k_max_token_bytes;
    if (k == char_class::letter) {
      ++a.counts.letters;
      if (is_upper(c))
        ++a.counts.upper;
      else if (is_lower(c))
        ++a.counts.lower;
      after_letter = true;
      after_digit = false;
    } else if (k == char_class::digit) {
      ++a.counts.digits;
      after_digit = true;
      after_letter = false;
    } else if (k == char_class::extend) {
      // stays in the word, whatever it folds to
    } else if ((k == char_class::apostrophe || c == U'"' || c == 0x05F4) && after_letter && starts_atom(at + d.size) &&
               !is_digit_at(at + d.size)) {
      // A double quote inside a word is gershayim, in Hebrew only (UAX #29 rules WB7b and WB7c).
      const char32_t next = decode_utf8(text_, at + d.size).code_point;
      if (k != char_class::apostrophe && !(next >= 0x05D0 && next <= 0x05EA)) break;
      if (k == char_class::apostrophe) {
        if (apostrophes++ == 0) {
          first_apostrophe = static_cast<std::uint32_t>(at);
          before_first = a.counts;
          a.elided_folded = static_cast<std::uint16_t>(std::min<std::size_t>(a.folded.size(), k_max_token_bytes));
        }
        last_apostrophe = static_cast<std::uint32_t>(at);
        before_last = a.counts;
      }
      at += d.size;
      continue;
    } else if (after_digit && (c == U',' || c == 0x066C) && groups_thousands(at + d.size)) {
      at += d.size;
      continue;
    } else if (after_digit && (c == U'.' || c == 0x066B) && is_digit_at(at + d.size)) {
      if (room) a.folded.push_back('.');
      at += d.size;
      continue;
    } else {
      break;
    }
    composes = composes || needs_composition(c);
    if (room) append_folded(a.folded, c);
    at += d.size;
  }
  a.end = static_cast<std::uint32_t>(at);
  finish_atom(a, composes, apostrophes, first_apostrophe, before_first, last_apostrophe, before_last);
  return at;
}

void scanner::finish_atom(atom& a, bool composes, std::size_t apostrophe_count, std::uint32_t first_apostrophe,
                          const letter_counts& before_first, std::uint32_t last_apostrophe,
                          const letter_counts& before_last) {
  const auto fold_range = [&](std::size_t begin, std::size_t end) {
    const std::string composed = compose(text_.substr(begin, std::min(end - begin, 8 * k_max_token_bytes)));
    std::string folded;
    for (std::size_t i = 0; i < composed.size();) {
      const decoded d = decode_utf8(composed, i);
      const char_class k = class_of(d.code_point);
      if (k != char_class::apostrophe && d.valid && d.code_point != U'"' && d.code_point != U',') {
        append_folded(folded, d.code_point);
      }
      i += d.size;
    }
    return folded;
  };
  if (composes) {
    if (apostrophe_count > 0) {
      a.elided_folded =
          static_cast<std::uint16_t>(std::min(fold_range(a.begin, first_apostrophe).size(), k_max_token_bytes));
    }
    a.folded = fold_range(a.begin, a.end);
  }

  if (apostrophe_count > 0) {
    // people's: the possessive is no part of the word.
    const bool one_letter_after = a.counts.letters == before_last.letters + 1 && a.counts.digits == before_last.digits;
    if (one_letter_after && !a.folded.empty() && a.folded.back() == 's') {
      a.folded.pop_back();
      a.counts = before_last;
      if (first_apostrophe == last_apostrophe) a.elided_folded = 0;
    }
  }
  if (a.elided_folded != 0) {
    const std::string_view article = std::string_view(a.folded).substr(0, a.elided_folded);
    const std::string_view rest =
        a.elided_folded < a.folded.size() ? std::string_view(a.folded).substr(a.elided_folded) : "";
    const bool elides = std::find(k_elisions.begin(), k_elisions.end(), article) != k_elisions.end();
    if (elides && rest.size() > 1 && begins_with_vowel(rest)) {
      a.elided_begin = first_apostrophe + decode_utf8(text_, first_apostrophe).size;
      a.counts.letters -= before_first.letters;
      a.counts.upper -= before_first.upper;
      a.counts.lower -= before_first.lower;
    } else {
      a.elided_folded = 0;
    }
  }
  a.plural = a.counts.upper >= 2 && a.counts.lower == 1 && !a.folded.empty() && a.folded.back() == 's';
  a.folded.resize(utf8_boundary_before(a.folded, k_max_token_bytes));
  if (a.elided_folded >= a.folded.size()) a.elided_folded = 0;
}

std::size_t scanner::scan_chunk(std::size_t at) {
  atom_count_ = 0;
  at = scan_atom(at, next_atom());
  bool slashed = false;
  while (at < text_.size() && atom_count_ < k_max_atoms) {
    const decoded d = decode_utf8(text_, at);
    const std::size_t after = at + d.size;
    char connector = 0;
    if (class_of(d.code_point) == char_class::hyphen)
      connector = '-';
    else if (d.code_point == U'/')
      connector = '/';
    else if (d.code_point == U'.')
      connector = '.';
    else if (d.code_point == U'(' && slashed && is_digit_at(after))
      connector = '(';
    if (connector == 0) break;

    const atom& last = atoms_[atom_count_ - 1];
    if (connector == '.' && atom_count_ > 1 && last.connector == '.' && last.single_letter() && after < text_.size()) {
      // The last dot of U.N. belongs to it, also before a hyphen or a possessive.
      const decoded next = decode_utf8(text_, after);
      const char_class next_class = class_of(next.code_point);
      const std::size_t beyond = after + next.size;
      if (next_class == char_class::hyphen && starts_atom(beyond)) {
        atoms_[atom_count_ - 1].end = static_cast<std::uint32_t>(after);
        at = after;
        continue;
      }
      if (next_class == char_class::apostrophe && beyond < text_.size() && (byte(beyond) | 0x20) == 's' &&
          !starts_atom(beyond + 1)) {
        atoms_[atom_count_ - 1].end = static_cast<std::uint32_t>(beyond + 1);
        at = beyond + 1;
        break;
      }
    }
    if (!starts_atom(after)) {
      if (connector == '.' && atom_count_ > 1 && last.connector == '.' && last.single_letter()) {
        atoms_[atom_count_ - 1].end = static_cast<std::uint32_t>(after);
        at = after;
      }
      break;
    }
    slashed = slashed || connector == '/';
    atom& a = next_atom();
    at = scan_atom(after, a);
    a.connector = connector;
    if (connector == '(') {
      if (at < text_.size() && byte(at) == ')') {
        ++at;
        a.end = static_cast<std::uint32_t>(at);
      }
    }
  }
  emit_chunk();
  return at;
}

// Joins the single letters of U.N. or e.g. into one atom.
void scanner::merge_dotted() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < atom_count_; ++i) {
    std::size_t j = i;
    if (atoms_[i].single_letter()) {
      while (j + 1 < atom_count_ && atoms_[j + 1].connector == '.' && atoms_[j + 1].single_letter()) ++j;
    }
    if (kept != i) std::swap(atoms_[kept], atoms_[i]);
    atom& a = atoms_[kept++];
    for (std::size_t k = i + 1; k <= j; ++k) {
      a.end = atoms_[k].end;
      a.folded += atoms_[k].folded;
      a.counts.letters += atoms_[k].counts.letters;
      a.counts.upper += atoms_[k].counts.upper;
      a.counts.lower += atoms_[k].counts.lower;
    }
    i = j;
  }
  atom_count_ = kept;
}

// A/HRC/25/63, S/RES/1718(2006), E/CN.4/2005/34/Add.1: parts joined by slashes, the first in capitals, a digit
// somewhere, and small letters only in Add, Rev, Corr and their like.
bool scanner::is_document_symbol() const {
  if (atom_count_ < 2 || !atoms_[0].in_capitals() || atoms_[0].counts.letters > 6) return false;
  bool slash = false;
  bool digit = false;
  for (std::size_t i = 0; i < atom_count_; ++i) {
    const atom& a = atoms_[i];
    slash = slash || a.connector == '/';
    digit = digit || a.counts.digits > 0;
    const bool addendum = i > 0 && a.counts.upper == 1 && a.counts.letters <= 4 && i + 1 < atom_count_ &&
                          atoms_[i + 1].connector == '.' && atoms_[i + 1].digits_only();
    if (a.counts.lower > 0 && !addendum) return false;
    if (a.connector == '-' && !slash) return false;
  }
  return slash && digit;
}

void scanner::emit_chunk() {
  bool capitals = true;
  for (std::size_t i = 0; i < atom_count_; ++i) capitals = capitals && atoms_[i].in_capitals();
  note_capitals(capitals, atoms_[0].begin, atoms_[atom_count_ - 1].end);

  if (is_document_symbol()) {
    scratch_.clear();
    const std::size_t begin = atoms_[0].begin;
    const std::size_t end = atoms_[atom_count_ - 1].end;
    for (std::size_t i = 0; i < atom_count_; ++i) {
      if (i > 0) scratch_.push_back(atoms_[i].connector);
      scratch_ += atoms_[i].folded;
      if (atoms_[i].connector == '(' && byte(atoms_[i].end - 1) == ')') scratch_.push_back(')');
    }
    emit(begin, end, position_ + 1, scratch_, token_kind::symbol);
    for (std::size_t i = 0; i < atom_count_; ++i) {
      ++position_;
      emit_atom(atoms_[i], token_kind::part);
    }
    return;
  }

  merge_dotted();

  bool numeric_slashes = atom_count_ > 1;
  for (std::size_t i = 0; i < atom_count_; ++i) {
    numeric_slashes = numeric_slashes && atoms_[i].digits_only() && (i == 0 || atoms_[i].connector == '/');
  }
  if (numeric_slashes) {
    scratch_.clear();
    for (std::size_t i = 0; i < atom_count_; ++i) {
      if (i > 0) scratch_.push_back('/');
      scratch_ += atoms_[i].folded;
    }
    emit(atoms_[0].begin, atoms_[atom_count_ - 1].end, position_ + 1, scratch_, token_kind::compound);
    for (std::size_t i = 0; i < atom_count_; ++i) {
      ++position_;
      emit_atom(atoms_[i], token_kind::part);
    }
    return;
  }

  for (std::size_t first = 0; first < atom_count_;) {
    std::size_t last = first + 1;
    while (last < atom_count_ && atoms_[last].connector == '-') ++last;
    emit_group(first, last);
    first = last;
  }
}

void scanner::emit_group(std::size_t first, std::size_t last) {
  if (last - first == 1) {
    ++position_;
    emit_atom(atoms_[first], token_kind::word);
    return;
  }
  if (last - first <= k_max_compound) {
    bool numeric = true;
    for (std::size_t i = first; i < last; ++i) numeric = numeric && atoms_[i].digits_only();
    scratch_.clear();
    for (std::size_t i = first; i < last; ++i) {
      if (numeric && i > first) scratch_.push_back('-');  // 2019-06-13 is not 20190613
      scratch_ += atoms_[i].folded;
    }
    emit(atoms_[first].begin, atoms_[last - 1].end, position_ + 1, scratch_, token_kind::compound);
  }
  for (std::size_t i = first; i < last; ++i) {
    ++position_;
    emit_atom(atoms_[i], token_kind::part);
  }
}

void scanner::emit_atom(const atom& a, token_kind kind) {
  // What folds to nothing (a lone mark among letters) keeps its position, so that phrases across it stay apart.
  emit(a.begin, a.end, position_, a.folded, kind);
  std::string_view essence = a.folded;
  std::uint32_t begin = a.begin;
  if (a.elided_folded != 0) {
    essence.remove_prefix(a.elided_folded);
    begin = a.elided_begin;
    emit(begin, a.end, position_, essence, token_kind::elided);
  }
  if (a.plural) {
    essence.remove_suffix(1);
    emit_acronym(begin, a.end, position_, essence, a.counts);
  } else if (a.in_capitals()) {
    emit_acronym(begin, a.end, position_, essence, a.counts);
  }
}

// --- scripts without spaces ----------------------------------------------------------------------------------------

std::size_t scanner::scan_cjk(std::size_t at) {
  note_capitals(false, at, at);
  const auto is_leading_jamo = [](char32_t c) { return (c >= 0x1100 && c <= 0x115F) || (c >= 0xA960 && c <= 0xA97C); };
  const auto is_later_jamo = [](char32_t c) { return (c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FB); };

  // The run is taken in pieces so that memory stays bounded on any input; a piece hands its last character on.
  clusters_.clear();
  std::size_t i = at;
  while (i < text_.size()) {
    const decoded d = decode_utf8(text_, i);
    if (class_of(d.code_point) != char_class::cjk) break;
    const auto begin = static_cast<std::uint32_t>(i);
    i += d.size;
    bool jamo = is_leading_jamo(d.code_point);
    while (i < text_.size()) {
      const decoded next = decode_utf8(text_, i);
      const bool joins = class_of(next.code_point) == char_class::extend || (jamo && is_later_jamo(next.code_point));
      if (!joins) break;
      i += next.size;
    }
    clusters_.emplace_back(begin, static_cast<std::uint32_t>(i));
  }
  cluster_folds_.resize(std::max(cluster_folds_.size(), clusters_.size()));
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    std::string& folded = cluster_folds_[c];
    folded.clear();
    const std::string_view written = text_.substr(clusters_[c].first, clusters_[c].second - clusters_[c].first);
    if (decode_utf8(written, 0).size == written.size() && !needs_composition(decode_utf8(written, 0).code_point)) {
      append_folded(folded, decode_utf8(written, 0).code_point);
    } else {
      // Compatibility forms first (half-width kana and its voicing mark), then composed.
      std::string parts;
      const std::string composed = compose(written);
      for (std::size_t k = 0; k < composed.size();) {
        const decoded d = decode_utf8(composed, k);
        append_folded(parts, d.code_point);
        k += d.size;
      }
      folded = compose(parts);
    }
  }
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    if (cluster_folds_[c].empty()) continue;
    ++position_;
    if (c + 1 < clusters_.size() && !cluster_folds_[c + 1].empty()) {
      scratch_ = cluster_folds_[c];
      scratch_ += cluster_folds_[c + 1];
      emit(clusters_[c].first, clusters_[c + 1].second, position_, scratch_, token_kind::bigram);
    }
    emit(clusters_[c].first, clusters_[c].second, position_, cluster_folds_[c], token_kind::unigram);
  }
  return i;
}

std::size_t scanner::scan_complex(std::size_t at) {
  note_capitals(false, at, at);
  std::size_t end = at;
  while (end < text_.size()) {
    const decoded d = decode_utf8(text_, end);
    const char_class k = class_of(d.code_point);
    if (k != char_class::complex && k != char_class::extend) break;
    end += d.size;
  }
  UErrorCode status = U_ZERO_ERROR;
  if (!dictionary_words_) {
    dictionary_words_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
  }
  UText* run = utext_openUTF8(nullptr, text_.data() + at, static_cast<std::int64_t>(end - at), &status);
  if (dictionary_words_ && U_SUCCESS(status)) dictionary_words_->setText(run, status);
  if (!dictionary_words_ || U_FAILURE(status)) {
    utext_close(run);
    ++position_;
    emit(at, end, position_, fold(text_.substr(at, end - at)), token_kind::word);
    return end;
  }
  std::int32_t begin = dictionary_words_->first();
  for (std::int32_t next = dictionary_words_->next(); next != icu::BreakIterator::DONE;
       next = dictionary_words_->next()) {
    const std::string folded =
        fold(text_.substr(at + static_cast<std::size_t>(begin), static_cast<std::size_t>(next - begin)));
    if (!folded.empty()) {
      ++position_;
      emit(at + static_cast<std::size_t>(begin), at + static_cast<std::size_t>(next), position_, folded,
           token_kind::word);
    }
    begin = next;
  }
  utext_close(run);
  return end;
}

// --- public ---------------------------------------------------------------------------------------------------------

analyzer::analyzer() : scanner_(std::make_unique<scanner>()) {}
analyzer::~analyzer() = default;

void analyzer::analyze(std::string_view text, token_list& out, text_role role) {
  scanner_->run(text, out, role);
}

std::string fold(std::string_view text) {
  bool composes = false;
  for (std::size_t at = 0; at < text.size() && !composes;) {
    const decoded d = decode_utf8(text, at);
    composes = needs_composition(d.code_point) || (d.code_point >= 0xFF61 && d.code_point <= 0xFF9F);
    at += d.size;
  }
  const std::string composed = composes ? compose(text) : std::string(text);
  std::string out;
  bool blank = false;
  for (std::size_t at = 0; at < composed.size();) {
    const decoded d = decode_utf8(composed, at);
    at += d.size;
    if (d.code_point <= 0x20 || d.code_point == 0xA0 || d.code_point == 0x3000) {
      blank = !out.empty();
      continue;
    }
    std::string folded;
    append_folded(folded, d.code_point);
    if (folded.empty()) continue;
    if (blank) out.push_back(' ');
    blank = false;
    out += folded;
  }
  // Half-width kana fold to a letter and a voicing mark that then belong together.
  return composes ? compose(out) : out;
}

}  // namespace rapporteur::index
