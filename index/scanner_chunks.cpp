// What a chunk of connected atoms becomes: words, a compound, U.N., a number with slashes, a document symbol.
#include "index/ascii.hpp"
#include "index/scanner.hpp"
#include "index/unicode.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::index {
namespace {

constexpr std::size_t k_max_atoms = 16;       // parts of one chunk
constexpr unsigned k_max_symbol_letters = 8;  // of a document symbol's first part: A, CCPR, INFCIRC
constexpr std::size_t k_max_compound = 5;     // parts that are also joined

// Blanks that hold 120 000 together. A plain one is no such sign: it may as well stand between two columns.
bool is_number_space(char32_t c) {
  return c == 0x00A0 || c == 0x2009 || c == 0x202F;
}

}  // namespace

std::size_t scanner::scan_chunk(std::size_t at) {
  atom_count_ = 0;
  at = scan_atom(at, next_atom());
  bool slashed = false;
  while (at < text_.size() && atom_count_ < k_max_atoms) {
    const decoded d = decode_utf8(text_, at);
    const std::size_t after = at + d.size;
    const atom& last = atoms_[atom_count_ - 1];
    char connector = 0;
    if (class_of(d.code_point) == char_class::hyphen)
      connector = '-';
    else if (d.code_point == U'/' || d.code_point == U'／')
      connector = '/';
    else if (d.code_point == U'.' || d.code_point == U'．')
      connector = '.';
    else if (is_number_space(d.code_point) && last.digits_only() && !last.decimal && last.counts.digits <= 3 &&
             groups_thousands(after))
      connector = ' ';
    else if (d.code_point == U'(' && slashed && is_digit_at(after))
      connector = '(';
    if (connector == 0) break;

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
bool scanner::is_document_symbol(std::size_t first) const {
  if (atom_count_ < first + 2 || !atoms_[first].in_capitals() || atoms_[first].counts.letters > k_max_symbol_letters)
    return false;
  bool slash = false;
  bool digit = false;
  for (std::size_t i = first; i < atom_count_; ++i) {
    const atom& a = atoms_[i];
    const char connector = i == first ? '\0' : a.connector;
    slash = slash || connector == '/';
    digit = digit || a.counts.digits > 0;
    const bool addendum = i > first && a.counts.upper == 1 && a.counts.letters <= 4 && i + 1 < atom_count_ &&
                          atoms_[i + 1].connector == '.' && atoms_[i + 1].digits_only();
    if (a.counts.lower > 0 && !addendum) return false;
    if ((connector == '-' && !slash) || connector == ' ') return false;
  }
  return slash && digit;
}

// The first atom of the document symbol that the chunk is or, as in undocs.org/A/HRC/25/63, ends in; else atom_count_.
std::size_t scanner::find_document_symbol() const {
  for (std::size_t i = 0; i < atom_count_; ++i) {
    if (i == 0 || (atoms_[i].connector == '/' && atoms_[i - 1].counts.lower > 0)) {
      if (is_document_symbol(i)) return i;
    }
  }
  return atom_count_;
}

void scanner::emit_symbol(std::size_t first) {
  scratch_.clear();
  for (std::size_t i = first; i < atom_count_; ++i) {
    if (i > first) scratch_.push_back(atoms_[i].connector);
    scratch_ += atoms_[i].folded;
    if (atoms_[i].connector == '(' && byte(atoms_[i].end - 1) == ')') scratch_.push_back(')');
  }
  emit(atoms_[first].begin, atoms_[atom_count_ - 1].end, position_ + 1, scratch_, token_kind::symbol);
  for (std::size_t i = first; i < atom_count_; ++i) {
    ++position_;
    emit_atom(atoms_[i], token_kind::part);
  }
}

void scanner::emit_chunk() {
  bool capitals = true;
  for (std::size_t i = 0; i < atom_count_; ++i) capitals = capitals && atoms_[i].in_capitals();
  note_capitals(capitals, atoms_[0].begin, atoms_[atom_count_ - 1].end);

  const std::size_t symbol = find_document_symbol();
  if (symbol < atom_count_) {
    const std::size_t all = std::exchange(atom_count_, symbol);
    if (symbol > 0) emit_words();
    atom_count_ = all;
    emit_symbol(symbol);
    return;
  }
  emit_words();
}

void scanner::emit_words() {
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
    if (last < atom_count_ && (atoms_[last].connector == '-' || atoms_[last].connector == ' ')) {
      const char connector = atoms_[last].connector;
      while (last < atom_count_ && atoms_[last].connector == connector) ++last;
    }
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
      // 2019-06-13 is not 20190613, but 120 000 is 120000.
      if (numeric && i > first && atoms_[i].connector == '-') scratch_.push_back('-');
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
  if (a.suffixed_folded != 0) {
    letter_counts c;
    c.letters = c.upper = a.counts.upper;
    emit_acronym(a.begin, a.suffixed_end, position_, essence.substr(0, a.suffixed_folded), c);
  } else if (a.apostrophe) {
    return;
  } else if (a.plural) {
    essence.remove_suffix(1);
    emit_acronym(begin, a.end, position_, essence, a.counts);
  } else if (a.in_capitals()) {
    emit_acronym(begin, a.end, position_, essence, a.counts);
  }
}

}  // namespace rapporteur::index
