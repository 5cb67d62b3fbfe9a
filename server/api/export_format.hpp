// The formats that a whole search can be had in: articles in, text out, one after the other.
//
// A format knows articles and its own language; not where the articles come from, not how the text travels. What it
// writes of one article depends on that article alone, so that memory never grows with the number of articles.
#pragma once

#include "index/article.hpp"

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace rapporteur::api {

/// Writes one document. Each call appends to out.
class export_writer {
 public:
  export_writer() = default;
  virtual ~export_writer() = default;
  export_writer(const export_writer&) = delete;
  export_writer& operator=(const export_writer&) = delete;

  virtual void begin(std::string& out) = 0;
  virtual void add(std::string& out, const article& a) = 0;
  virtual void end(std::string& out) = 0;
};

struct export_options {
  bool with_text = false;  ///< articles have their text, and it is written
  bool with_bom = false;   ///< a byte order mark begins the document
};

struct export_format {
  std::string_view suffix;        ///< of the address and of the file, as ".csv"
  std::string_view name;          ///< for people, in every language
  std::string_view content_type;  ///< with its charset where there is one
  bool has_text;                  ///< export_options::with_text may be set
  bool has_bom;                   ///< export_options::with_bom may be set
  std::unique_ptr<export_writer> (*open)(const export_options&);
};

/// CSV (RFC 4180).
std::unique_ptr<export_writer> open_csv(const export_options& o);
/// JSON Lines, in the keys that rapporteur-index reads.
std::unique_ptr<export_writer> open_jsonl(const export_options& o);
/// RIS (Research Information Systems' format, as Zotero, EndNote and Mendeley read it).
std::unique_ptr<export_writer> open_ris(const export_options& o);
/// BibTeX in UTF-8, with the fields of biblatex.
std::unique_ptr<export_writer> open_bibtex(const export_options& o);
/// CSL-JSON (csl-data.json of the Citation Style Language, 1.0).
std::unique_ptr<export_writer> open_csl_json(const export_options& o);

inline constexpr export_format k_csv{".csv", "CSV", "text/csv; charset=utf-8; header=present", true, true, open_csv};
inline constexpr export_format k_jsonl{".jsonl", "JSON Lines", "application/x-ndjson", true, false, open_jsonl};
inline constexpr export_format k_ris{".ris", "RIS", "application/x-research-info-systems; charset=utf-8",
                                     false,  false, open_ris};
inline constexpr export_format k_bibtex{".bib", "BibTeX", "application/x-bibtex; charset=utf-8",
                                        false,  false,    open_bibtex};
inline constexpr export_format k_csl_json{".csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json",
                                          false,       false,      open_csl_json};

/// All of them, in the order in which they are offered.
inline constexpr std::array<const export_format*, 5> k_export_formats{&k_csv, &k_jsonl, &k_ris, &k_bibtex, &k_csl_json};
/// Those of reference managers: one article can be had in them too, as format=NAME, the suffix without its dot.
inline constexpr std::span<const export_format* const> k_reference_formats = std::span(k_export_formats).subspan(2);

constexpr std::string_view format_name(const export_format& f) noexcept {
  return f.suffix.substr(1);
}

}  // namespace rapporteur::api
