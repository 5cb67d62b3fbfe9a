// Every setting of both programs, as plain values. The initialisers below are the defaults, and the only place where
// they stand: config/keys.cpp has one row per member, and the sample file, docs/configuration.md, --print-config, the
// names of environment variables and all checks come from those rows.
//
// Knows nothing of files, of command lines, or of what index/, indexer/ and server/ do with a value: it depends on
// neither of them. Whoever uses a section copies it into the settings struct of the part that it starts.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rapporteur::config {

/// [index]: read by both programs.
struct index_section {
  std::filesystem::path folder = "var/index";  ///< relative: to the working directory
};

/// [indexer]: read by rapporteur-index.
struct indexer_section {
  std::uint32_t threads = 0;                                 ///< analysis threads; 0: one per processor
  std::uint64_t memory = 128 * 1024 * 1024;                  ///< bytes that lists of a new index may take up
  std::uint32_t zstd_level = 6;                              ///< 1 … 19
  std::uint64_t dictionary_size = 256 * 1024;                ///< bytes of trained text dictionary; 0: none
  std::uint32_t sample_articles = 2000;                      ///< articles that dictionary and mean length come from
  std::uint64_t max_article_size = 16 * 1024 * 1024;         ///< bytes of one article (a text file, a JSON line)
  std::uint64_t max_file_size = 64ULL * 1024 * 1024 * 1024;  ///< bytes of one file; a larger one is reported, not read
  std::chrono::milliseconds rescan{300'000};  ///< of watch, between two looks through everything; 0: none
};

/// [fields]: read by rapporteur-index; config/fields.hpp says how it is written. One entry for each key that an
/// administrator has said something about.
struct field_mapping {
  std::string key;    ///< as it was written
  std::string field;  ///< one of config/fields.hpp's words, or tag:NAME
  std::string split;  ///< what divides several values in one string; empty: nothing
  bool operator==(const field_mapping&) const = default;
};

enum class proxy_header : std::uint8_t { x_forwarded, forwarded };

/// [server]: read by rapporteur-server.
struct server_section {
  std::string address = "127.0.0.1";  ///< an IPv4 or IPv6 address, checked; no host name
  std::uint16_t port = 8080;          ///< 0: any free one

  std::uint32_t search_threads = 0;                   ///< 0: one per processor
  std::uint32_t queue_length = 256;                   ///< searches waiting for a thread; one more is answered 503
  std::chrono::milliseconds search_deadline{10'000};  ///< a search that waited longer than this is not begun

  std::chrono::milliseconds header_timeout{10'000};  ///< from the first byte of a request to the end of its header
  std::chrono::milliseconds body_timeout{30'000};    ///< for the body
  std::chrono::milliseconds write_timeout{30'000};   ///< for the answer
  std::chrono::milliseconds idle_timeout{60'000};    ///< between requests, and from connecting to the first byte
  std::chrono::milliseconds shutdown_grace{10'000};  ///< for running requests, after SIGTERM

  std::uint32_t max_connections = 1024;
  std::uint32_t max_target_size = 16 * 1024;  ///< bytes of path and query
  std::uint32_t max_header_size = 32 * 1024;  ///< bytes of request line and header fields
  std::uint64_t max_body_size = 64 * 1024;    ///< bytes

  std::filesystem::path web_folder = "web";  ///< relative: to the working directory
  std::vector<std::string> cors_origins;     ///< scheme://host[:port], or the one entry "*"; none: no CORS at all

  std::string base_path;                     ///< "/search"; empty: none
  std::string public_url;                    ///< scheme://host[:port][/path]; empty: as requests say
  std::vector<std::string> trusted_proxies;  ///< addresses, and networks in CIDR notation
  proxy_header forwarded_header = proxy_header::x_forwarded;
  bool metrics = false;                           ///< is /metrics there
  std::uint64_t result_cache = 32 * 1024 * 1024;  ///< bytes of answers that are kept; 0: none
};

/// [search]: read by rapporteur-server. The max_ members are search::limits under the same names (apart from
/// max_query_size, there max_query_bytes); each default_ is not above its max_, which load() checks.
struct search_section {
  std::uint32_t default_limit = 10;
  std::uint32_t default_facet_values = 100;
  std::uint32_t default_snippets = 3;
  std::uint32_t default_snippet_chars = 240;                 ///< characters
  std::filesystem::path thesaurus = "config/thesaurus.txt";  ///< relative: to the working directory; empty: none
  bool expand = true;                                        ///< when the request does not say
  std::uint32_t max_query_size = 4096;                       ///< bytes
  std::uint32_t max_query_terms = 256;
  std::uint32_t max_wildcard_expansion = 200;
  std::uint32_t max_limit = 100;
  std::uint32_t max_depth = 10'000;  ///< offset + limit
  std::uint32_t max_snippets = 20;
  std::uint32_t max_snippet_chars = 2000;  ///< characters
  std::uint32_t max_facet_values = 1000;
  std::uint32_t max_facet_articles = 100'000;
  std::uint32_t max_buckets = 1000;
};

/// [inbox]: the folder is read by both programs, receipts_kept by rapporteur-index, the rest by rapporteur-server.
struct inbox_section {
  std::filesystem::path folder = "var/inbox";             ///< relative: to the working directory
  std::string key;                                        ///< empty: none
  std::filesystem::path key_file;                         ///< empty: none
  std::uint64_t max_request_size = 16 * 1024 * 1024;      ///< bytes of a request's body
  std::uint32_t max_articles = 1000;                      ///< in one request
  std::uint32_t max_queued = 1000;                        ///< requests that wait for the indexer
  std::uint64_t max_queued_size = 1024ULL * 1024 * 1024;  ///< bytes of these, together
  std::chrono::milliseconds receipts_kept{7 * 24 * 3'600'000};
  std::vector<std::string> cors_origins;  ///< as those of the server; none: no page of another origin may post
};

enum class log_level : std::uint8_t { debug, info, warning, error };
enum class log_format : std::uint8_t { logfmt, json };

/// [log]: read by both programs; config/logging.hpp takes it as it is.
struct log_section {
  log_level level = log_level::info;
  log_format format = log_format::logfmt;
  bool queries = false;    ///< may query text, and URLs that contain it, be logged
  bool addresses = false;  ///< may client addresses be logged
};

struct settings {
  index_section index;
  indexer_section indexer;
  std::vector<field_mapping> fields;
  server_section server;
  search_section search;
  inbox_section inbox;
  log_section log;
};

}  // namespace rapporteur::config
