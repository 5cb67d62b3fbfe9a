// The schema: every term prefix, value slot and metadata key of an index. Paired with docs/index-format.md.
//
// Prefixes follow Xapian's conventions (https://xapian.org/docs/omega/termprefixes.html): one capital letter where
// the convention names one, X… for our own; a colon separates a multi-letter prefix from a term that begins with a
// capital. Anything here that changes meaning raises k_format_version.
#pragma once

#include "index/article.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace rapporteur::index {

/// The layout of the index: terms, slots, metadata, records. Another version is refused with a message.
inline constexpr std::uint32_t k_format_version = 4;

namespace prefix {
// word            (no prefix) exact folded word of title or body, with positions; wdf is its impact (index/impact)
inline constexpr std::string_view stem = "Z";         ///< Zen:prison    stem by language, title and body, no positions
inline constexpr std::string_view title = "S";        ///< Sprison       exact word of the title, with positions
inline constexpr std::string_view title_stem = "ZS";  ///< ZSen:prison   stem of a title word
inline constexpr std::string_view acronym = "XACR:";  ///< XACR:UN       acronym as written, dots removed
inline constexpr std::string_view symbol = "XSYM:";   ///< XSYM:a/hrc/25/63
inline constexpr std::string_view id = "Q";           ///< Qreuters-1    the article's id, unique
inline constexpr std::string_view author = "A";       ///< Ajane doe     folded whole name; and Ajane, Adoe its words
inline constexpr std::string_view language = "L";     ///< Len
inline constexpr std::string_view source = "XSOURCE:";    ///< XSOURCE:nk news  folded whole name
inline constexpr std::string_view collection = "XCOLL:";  ///< folded whole name
inline constexpr std::string_view tag = "XTAG:";          ///< XTAG:country=afg
inline constexpr std::string_view day = "D";              ///< D20190613     articles dated to the day
inline constexpr std::string_view month = "M";            ///< M201906       articles dated to the month or the day
inline constexpr std::string_view year = "Y";             ///< Y2019         articles with any date
inline constexpr std::string_view path = "P";             ///< P + 12 digits: hash of the path of a file that has it
}  // namespace prefix

namespace slot {
inline constexpr unsigned newest = 0;  ///< packed date, 4 bytes big-endian; absent if undated (sorts last, descending)
inline constexpr unsigned oldest = 1;  ///< its complement, so that descending is oldest first and undated is last
inline constexpr unsigned source = 2;  ///< outlet as printed
inline constexpr unsigned language = 3;
inline constexpr unsigned collection = 4;
inline constexpr unsigned year = 5;      ///< four digits
inline constexpr unsigned content = 6;   ///< content_value
inline constexpr unsigned revision = 7;  ///< that the document was last written in: revision_value
}  // namespace slot

namespace key {
inline constexpr std::string_view format = "rapporteur.format";          ///< k_format_version, decimal
inline constexpr std::string_view analysis = "rapporteur.analysis";      ///< analysis_fingerprint()
inline constexpr std::string_view impact = "rapporteur.impact";          ///< impact_model, see index/impact
inline constexpr std::string_view dictionary = "rapporteur.dictionary";  ///< zstd dictionary of texts; may be absent
inline constexpr std::string_view records = "rapporteur.records.";       ///< + number from 1: a dictionary of records
inline constexpr std::string_view revision = "rapporteur.revision";      ///< counts the runs that changed the index
inline constexpr std::string_view as_of = "rapporteur.as_of";            ///< UTC time of the last run, RFC 3339
inline constexpr std::string_view main_language =
    "rapporteur.main_language";  ///< of at least half of the sample; stems articles whose language is not known
inline constexpr std::string_view next_text = "rapporteur.next_text";  ///< next unused text number
inline constexpr std::string_view compacted = "rapporteur.compacted";  ///< size when it was one compact database
inline constexpr std::string_view file = "f";  ///< "f" + what follows P in path_term: known_file
inline constexpr std::string_view text = "t";  ///< "t" + 8 bytes big-endian: a text, zstd
}  // namespace key

/// Adds prefix and value as one term of at most 245 bytes (Xapian's limit, zero bytes counting twice): a longer value
/// is cut and ends in a hash of the whole, so that equal values stay equal and different ones differ.
std::string make_term(std::string_view prefix, std::string_view value);

std::string source_term(std::string_view outlet);
std::string collection_term(std::string_view name);
std::string author_term(std::string_view name);
std::string tag_term(std::string_view name, std::string_view value);
std::string language_term(std::string_view language);
std::string id_term(std::string_view id);
/// 72 bits of XXH3 as 12 letters, digits, - and _. Paths stand in full in index/known_file and in records.
std::string path_term(std::string_view path);
std::string stem_term(std::string_view language, std::string_view stem);
std::string title_stem_term(std::string_view language, std::string_view stem);

/// The two date sort keys, see slot::newest and slot::oldest.
std::string newest_key(const partial_date& d);
std::string oldest_key(const partial_date& d);

/// See slot::revision: big-endian, in as many bytes as it needs.
std::string revision_value(std::uint64_t revision);
std::uint64_t revision_of_value(std::string_view value) noexcept;

/// See slot::content: a content_hash in half as many bytes, and back. What is no hash stays as it is.
std::string content_value(std::string_view hash);
std::string content_of_value(std::string_view value);

/// Metadata key of what is known of a file, from its path or from path_term() of it.
std::string file_key(std::string_view path);
std::string file_key_of_term(std::string_view path_term);

/// Metadata key of a text, or of the directory of one that is kept in blocks; and of one of its blocks.
std::string text_key(std::uint64_t number);
std::string text_block_key(std::uint64_t number, std::size_t block);

/// Metadata key of a dictionary of records.
std::string record_dictionary_key(std::size_t number);

/// A number kept as decimal digits in metadata; 0 if there is none.
std::uint64_t metadata_number(std::string_view digits) noexcept;

/// Identifies the rules that turn text into terms: analysis version, ICU's Unicode version, stemmers, prefixes. An
/// index whose fingerprint differs is not opened, because queries would miss words silently.
std::string analysis_fingerprint();

}  // namespace rapporteur::index
