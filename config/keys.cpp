#include "config/keys.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

namespace rapporteur::config {
namespace {

constexpr std::int64_t k_kib = 1024;
constexpr std::int64_t k_mib = 1024 * k_kib;
constexpr std::int64_t k_gib = 1024 * k_mib;
constexpr std::int64_t k_tib = 1024 * k_gib;
constexpr std::int64_t k_second = 1000;
constexpr std::int64_t k_minute = 60 * k_second;
constexpr std::int64_t k_hour = 60 * k_minute;

// In the order of their enumerators: a choice is stored as its place in the list.
constexpr std::array<std::string_view, 4> k_levels{"debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> k_formats{"logfmt", "json"};
constexpr std::array<std::string_view, 2> k_proxy_headers{"x-forwarded", "forwarded"};

// How each type of member becomes a value and comes back. Bounds have been checked by the time a value comes back.
template <class T>
struct member_of;
template <class S, class T>
struct member_of<T S::*> {
  using type = T;
};

template <class T>
value to_value(const T& v, std::span<const std::string_view> words) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string> ||
                std::is_same_v<T, std::vector<std::string>>) {
    return v;
  } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
    return v.string();
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    return static_cast<std::int64_t>(v.count());
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(words[static_cast<std::size_t>(v)]);
  } else {
    static_assert(std::is_integral_v<T>);
    return static_cast<std::int64_t>(v);
  }
}

template <class T>
T from_value(const value& v, std::span<const std::string_view> words) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string> ||
                std::is_same_v<T, std::vector<std::string>>) {
    return std::get<T>(v);
  } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
    return std::get<std::string>(v);
  } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
    return std::chrono::milliseconds(std::get<std::int64_t>(v));
  } else if constexpr (std::is_enum_v<T>) {
    return static_cast<T>(std::ranges::find(words, std::get<std::string>(v)) - words.begin());
  } else {
    static_assert(std::is_integral_v<T>);
    return static_cast<T>(std::get<std::int64_t>(v));
  }
}

template <auto Section, auto Member, const auto* Words = static_cast<const std::array<std::string_view, 0>*>(nullptr)>
constexpr key_row row(std::string_view section, std::string_view name, kind type, std::string_view unit,
                      std::int64_t min, std::int64_t max, std::string_view doc) {
  using type_of = typename member_of<decltype(Member)>::type;
  key_row r{section, name, type, unit, min, max, {}, doc, nullptr, nullptr};
  if constexpr (Words != nullptr) r.words = *Words;
  r.get = [](const settings& s) {
    std::span<const std::string_view> words;
    if constexpr (Words != nullptr) words = *Words;
    return to_value((s.*Section).*Member, words);
  };
  r.set = [](settings& s, const value& v) {
    std::span<const std::string_view> words;
    if constexpr (Words != nullptr) words = *Words;
    (s.*Section).*Member = from_value<type_of>(v, words);
  };
  return r;
}

constexpr section_row k_sections[] = {
    {"index", "The index on disk. Read by both programs."},
    {"indexer", "How rapporteur-index builds the index."},
    {"fields", "What the keys of articles mean. Read by rapporteur-index."},
    {"server", "How rapporteur-server listens, and what it allows a client to hold."},
    {"search", "What one search may ask for. Bounds are checked before a search costs anything."},
    {"inbox",
     "Articles that are posted to rapporteur-server and taken in by rapporteur-index watch. Off without a key."},
    {"log", "The log on standard error. Read by both programs."},
};

using s = settings;

constexpr key_row k_keys[] = {
    row<&s::index, &index_section::folder>(
        "index", "folder", kind::path, "", 0, 0,
        "The folder of the index. A relative path is taken from the working directory. Only rapporteur-index writes "
        "here; rapporteur-server needs to read it and nothing more."),

    row<&s::indexer, &indexer_section::threads>("indexer", "threads", kind::count, "threads", 0, 256,
                                                "Threads that analyse articles; 0 takes one per processor. Lower it to "
                                                "leave processors to a server on the same "
                                                "machine."),
    row<&s::indexer, &indexer_section::memory>(
        "indexer", "memory", kind::size, "bytes", 4 * k_mib, 64 * k_gib,
        "Memory for the lists of words while a new index is built, shared by all threads; the program needs about 100 "
        "MiB besides. When they are full they are written to disk as a part of the index, and the parts are merged at "
        "the end: less memory costs a little time. All articles of one run become visible together whatever this is."),
    row<&s::indexer, &indexer_section::zstd_level>(
        "indexer", "zstd_level", kind::count, "", 1, 19,
        "How hard stored texts are compressed. Higher levels give a slightly smaller index for a much longer "
        "indexing run; reading costs the same at every level."),
    row<&s::indexer, &indexer_section::dictionary_size>("indexer", "dictionary_size", kind::size, "bytes", 0, k_mib,
                                                        "Size of the compression dictionary that is trained when an "
                                                        "index is first built; 0 trains none. It is what makes "
                                                        "short articles compress well."),
    row<&s::indexer, &indexer_section::sample_articles>(
        "indexer", "sample_articles", kind::count, "articles", 1, 1'000'000,
        "Articles of the first run that the dictionary and the mean length of an article are taken from. They wait in "
        "memory until the sample is complete."),
    row<&s::indexer, &indexer_section::max_article_size>(
        "indexer", "max_article_size", kind::size, "bytes", k_kib, k_gib,
        "The largest single article: a text file, or one line of a JSON Lines file. A larger one is reported, counted "
        "as "
        "failed and left out; the rest goes in. The longest "
        "rights reports have less than a tenth of this."),
    row<&s::indexer, &indexer_section::max_file_size>("indexer", "max_file_size", kind::size, "bytes", k_kib,
                                                      16 * k_tib,
                                                      "The largest input file. A larger one is reported and not read. "
                                                      "Files of many articles are read in a stream, so "
                                                      "this guards against a wrong path, not against lack of memory."),

    row<&s::indexer, &indexer_section::rescan>(
        "indexer", "rescan", kind::duration, "", 0, 24 * k_hour,
        "How often rapporteur-index watch looks through all of its folders, for what inotify does not tell: changes "
        "that "
        "another machine makes on a network mount. 0 s looks only when it must. A look costs one stat of each file."),

    row<&s::server, &server_section::address>(
        "server", "address", kind::address, "", 0, 0,
        "The IPv4 or IPv6 address to listen on: 127.0.0.1 for this machine alone, 0.0.0.0 for every IPv4 interface, :: "
        "for every interface. The server speaks plain HTTP; put a TLS proxy in front of it before others can reach "
        "it."),
    row<&s::server, &server_section::port>(
        "server", "port", kind::count, "", 0, 65535,
        "The TCP port to listen on; 0 takes any free one, which the server then prints. Ports below 1024 need a "
        "privilege that the shipped systemd unit does not give."),
    row<&s::server, &server_section::search_threads>(
        "server", "search_threads", kind::count, "threads", 0, 256,
        "Threads that search; 0 takes one per processor. Searching is bound by the processor, so more threads than "
        "processors only help when the index is larger than memory."),
    row<&s::server, &server_section::queue_length>("server", "queue_length", kind::count, "searches", 1, 100'000,
                                                   "Searches that may wait for a thread. One more is answered 503 with "
                                                   "Retry-After at once: a short wait or a clear "
                                                   "refusal, never a long silence."),
    row<&s::server, &server_section::search_deadline>(
        "server", "search_deadline", kind::duration, "", 10, 10 * k_minute,
        "A search that has waited this long in the queue is answered 503 and not begun, since nobody is likely to be "
        "waiting for it any more. A search that has begun is not interrupted."),
    row<&s::server, &server_section::header_timeout>(
        "server", "header_timeout", kind::duration, "", 100, 10 * k_minute,
        "From the first byte of a request to the end of its header. A client that sends more slowly than this is "
        "disconnected, so that slow ones cannot hold all connections."),
    row<&s::server, &server_section::body_timeout>("server", "body_timeout", kind::duration, "", 100, k_hour,
                                                   "For the body of a request, from the end of its header."),
    row<&s::server, &server_section::write_timeout>(
        "server", "write_timeout", kind::duration, "", 100, k_hour,
        "For a client to take an answer; a large answer gets more time, by its size. Raise it for readers on very slow "
        "lines."),
    row<&s::server, &server_section::idle_timeout>("server", "idle_timeout", kind::duration, "", 100, k_hour,
                                                   "How long a connection may stay open with no request on it. Longer "
                                                   "saves reconnecting; shorter frees connections. A "
                                                   "proxy in front should have the shorter one of the two."),
    row<&s::server, &server_section::shutdown_grace>("server", "shutdown_grace", kind::duration, "", 0, 10 * k_minute,
                                                     "After SIGTERM the server stops accepting at once and gives "
                                                     "running requests this long to finish. Keep it below "
                                                     "the time after which systemd or Docker kills."),
    row<&s::server, &server_section::max_connections>("server", "max_connections", kind::count, "connections", 1,
                                                      1'000'000,
                                                      "Connections open at the same time; further ones wait in the "
                                                      "kernel's backlog. Each takes one file descriptor: the limit of "
                                                      "open files (ulimit -n, LimitNOFILE) must be above this."),
    row<&s::server, &server_section::max_target_size>("server", "max_target_size", kind::size, "bytes", k_kib, k_mib,
                                                      "Path and query of a request; more is answered 414. "
                                                      "Percent-encoding makes a query up to three times as long, so "
                                                      "keep this above three times search.max_query_size."),
    row<&s::server, &server_section::max_header_size>("server", "max_header_size", kind::size, "bytes", k_kib, k_mib,
                                                      "Request line and header fields together; more is answered 431."),
    row<&s::server, &server_section::max_body_size>(
        "server", "max_body_size", kind::size, "bytes", k_kib, k_gib,
        "The body of a request (a query sent as a form, so that it is in no URL); more is answered 413."),
    row<&s::server, &server_section::web_folder>("server", "web_folder", kind::path, "", 0, 0,
                                                 "The folder of the search page, read into memory at start. A relative "
                                                 "path is taken from the working directory."),
    row<&s::server, &server_section::cors_origins>(
        "server", "cors_origins", kind::origins, "", 0, 0,
        "Web origins whose pages may call the API from a browser, such as \"https://news.example\", or \"*\" for all. "
        "With none, which is the default, no CORS header is sent and browsers keep other sites' pages out. The "
        "routes of the inbox are not meant: they have inbox.cors_origins."),
    row<&s::server, &server_section::base_path>(
        "server", "base_path", kind::base_path, "", 0, 0,
        "What stands before every path, such as \"/search\", when a proxy serves the archive in a folder of another "
        "site. Requests are answered with it and without it, so it does not matter whether the proxy takes it away; "
        "addresses in answers have it."),
    row<&s::server, &server_section::public_url>(
        "server", "public_url", kind::web_address, "", 0, 0,
        "How the archive is called from outside, such as \"https://news.example/search\". It stands where an absolute "
        "address is needed (opensearch.xml, feeds). Without it that address is taken from the request: from a trusted "
        "proxy's header, else from Host. Set it if people elsewhere are to follow such addresses."),
    row<&s::server, &server_section::trusted_proxies>(
        "server", "trusted_proxies", kind::networks, "", 0, 0,
        "Addresses and networks of the proxies in front, such as \"127.0.0.1\" or \"10.0.0.0/8\". What they say of a "
        "request is believed: who the client is, how it calls this server, the request's number. From others these "
        "headers count for nothing, since anybody can send them."),
    row<&s::server, &server_section::forwarded_header, &k_proxy_headers>(
        "server", "forwarded_header", kind::choice, "", 0, 0,
        "Where trusted proxies say it: x-forwarded is X-Forwarded-For, -Proto, -Host and -Prefix; forwarded is the "
        "header Forwarded of RFC 7239. Only one of them is read, because a proxy that sets one passes on what a client "
        "sent as the other."),
    row<&s::server, &server_section::metrics>(
        "server", "metrics", kind::boolean, "", 0, 0,
        "Whether /metrics tells counts, times and the state of the index in the format of Prometheus. Off: how much is "
        "asked, and when, is nobody's business unless you say so. Where it is on, keep the proxy from passing /metrics "
        "on to the outside."),
    row<&s::server, &server_section::result_cache>(
        "server", "result_cache", kind::size, "bytes", 0, 64 * k_gib,
        "Memory for answers to searches that come again while the index stays as it is, the least recently used make "
        "room; requests that are equal and come at once are run once. 0: every search is run. What is sent by POST is "
        "never kept."),

    row<&s::search, &search_section::default_limit>("search", "default_limit", kind::count, "hits", 1, 1000,
                                                    "Hits in an answer when the request names no limit."),
    row<&s::search, &search_section::default_facet_values>(
        "search", "default_facet_values", kind::count, "values", 1, 10'000,
        "Values of each facet in an answer, the most frequent ones, when the request names no number."),
    row<&s::search, &search_section::default_snippets>("search", "default_snippets", kind::count, "passages", 0, 100,
                                                       "Passages quoted per hit when the request does not say."),
    row<&s::search, &search_section::default_snippet_chars>(
        "search", "default_snippet_chars", kind::count, "characters", 20, 10'000,
        "The length that a passage aims at when the request does not say. 240 is about two lines on a screen and one "
        "sentence of reporting."),
    row<&s::search, &search_section::thesaurus>(
        "search", "thesaurus", kind::optional_path, "", 0, 0,
        "The file that says which words and names stand for the same (docs/thesaurus.md), read at start and on SIGHUP. "
        "A relative path is taken from the working directory. Without this setting the one that comes with the program "
        "is taken; with an empty path there is none."),
    row<&s::search, &search_section::expand>(
        "search", "expand", kind::boolean, "", 0, 0,
        "Whether a search also looks for what the thesaurus has for its words when the request does not say. On, since "
        "an archive in several languages names one thing in many ways; an answer says what was added."),
    row<&s::search, &search_section::max_query_size>(
        "search", "max_query_size", kind::size, "bytes", 64, 64 * k_kib,
        "A longer query is refused. 4 KiB is more than a page of text in any script."),
    row<&s::search, &search_section::max_query_terms>(
        "search", "max_query_terms", kind::count, "terms", 1, 10'000,
        "Terms in a query after stems, synonyms and wildcards are put in; more is refused. A match cannot be "
        "interrupted, so its cost is bounded before it starts."),
    row<&s::search, &search_section::max_wildcard_expansion>(
        "search", "max_wildcard_expansion", kind::count, "words", 1, 10'000,
        "Words that one wildcard may stand for. Without a bound, a* alone would be a query of a million terms."),
    row<&s::search, &search_section::max_limit>("search", "max_limit", kind::count, "hits", 1, 10'000,
                                                "The most hits that one request may ask for."),
    row<&s::search, &search_section::max_depth>(
        "search", "max_depth", kind::count, "hits", 1, 1'000'000,
        "How far one may page: offset and limit together. To show hit 10,000 the server ranks all before it."),
    row<&s::search, &search_section::max_snippets>("search", "max_snippets", kind::count, "passages", 0, 1000,
                                                   "The most passages per hit that a request may ask for."),
    row<&s::search, &search_section::max_snippet_chars>("search", "max_snippet_chars", kind::count, "characters", 20,
                                                        100'000, "The longest passage that a request may ask for."),
    row<&s::search, &search_section::max_facet_values>("search", "max_facet_values", kind::count, "values", 1, 10'000,
                                                       "The most values of each facet that a request may ask for."),
    row<&s::search, &search_section::max_facet_articles>(
        "search", "max_facet_articles", kind::count, "articles", 100, 100'000'000,
        "Facets and timelines are counted exactly over so many articles found. Of more a sample is counted, and the "
        "answer says that its numbers are estimates. Each article costs about 0.2 microseconds, and 100 bytes while it "
        "is counted."),
    row<&s::search, &search_section::max_buckets>(
        "search", "max_buckets", kind::count, "buckets", 10, 100'000,
        "The most buckets of a timeline. One that would have more is made of longer ones."),

    row<&s::inbox, &inbox_section::folder>(
        "inbox", "folder", kind::path, "", 0, 0,
        "The folder through which the server passes on what was posted (docs/inbox.md). A relative path is taken from "
        "the working directory. Both programs write here; the server makes it once a key is set, and writes nowhere "
        "else."),
    row<&s::inbox, &inbox_section::key>(
        "inbox", "key", kind::secret, "", 0, 0,
        "Whoever sends this key, as Authorization: Bearer KEY, may post and delete articles. Empty: nobody may, which "
        "is the default. At least 16 characters of ASCII without blanks; openssl rand -hex 32 makes a good one. It "
        "is never printed or logged. The file that holds it should be readable by the server alone."),
    row<&s::inbox, &inbox_section::key_file>(
        "inbox", "key_file", kind::optional_path, "", 0, 0,
        "A file that holds the key instead, on a line of its own: a secret of Docker or a credential of systemd. Read "
        "at start, by rapporteur-server alone. Set this or key, not both."),
    row<&s::inbox, &inbox_section::max_request_size>(
        "inbox", "max_request_size", kind::size, "bytes", k_kib, k_gib,
        "The body of a request that posts articles; more is answered 413. It is held in memory, about twice, until "
        "it is on the disk."),
    row<&s::inbox, &inbox_section::max_articles>("inbox", "max_articles", kind::count, "articles", 1, 100'000,
                                                 "Articles in one request. All of them become searchable together, and "
                                                 "one status tells of all."),
    row<&s::inbox, &inbox_section::max_queued>(
        "inbox", "max_queued", kind::count, "requests", 1, 100'000,
        "Requests that may wait for the indexer. One more is answered 503 with Retry-After: if the indexer does not "
        "run, whoever posts should learn of it."),
    row<&s::inbox, &inbox_section::max_queued_size>("inbox", "max_queued_size", kind::size, "bytes", k_mib, k_tib,
                                                    "The same for their size together, so that the disk of the index "
                                                    "cannot be filled with what waits."),
    row<&s::inbox, &inbox_section::receipts_kept>(
        "inbox", "receipts_kept", kind::duration, "", k_second, 366 * 24 * k_hour,
        "How long the status of a finished request can be asked for. rapporteur-index watch removes it after that."),
    row<&s::inbox, &inbox_section::cors_origins>(
        "inbox", "cors_origins", kind::origins, "", 0, 0,
        "Web origins whose pages may post and delete articles from a browser, given the key. Apart from "
        "server.cors_origins, so that a page that may search may not also write."),

    row<&s::log, &log_section::level, &k_levels>(
        "log", "level", kind::choice, "", 0, 0,
        "The least serious event that is written. info has one line for each request (its route, status, size and "
        "time)."),
    row<&s::log, &log_section::format, &k_formats>(
        "log", "format", kind::choice, "", 0, 0,
        "logfmt writes key=value pairs, easy to read and to grep; json writes one object a line, for log collectors."),
    row<&s::log, &log_section::queries>(
        "log", "queries", kind::boolean, "", 0, 0,
        "Whether query text, and URLs that contain it, may be written to the log. Off, because a log of who asked what "
        "can cost a source; turn it on only to look for a fault, and delete that log afterwards."),
    row<&s::log, &log_section::addresses>(
        "log", "addresses", kind::boolean, "", 0, 0,
        "Whether clients' network addresses may be written to the log. Off for the same reason."),
};

constexpr order_row k_orders[] = {
    {"server", "max_target_size", "max_header_size"},         {"search", "default_limit", "max_limit"},
    {"search", "default_facet_values", "max_facet_values"},   {"search", "default_snippets", "max_snippets"},
    {"search", "default_snippet_chars", "max_snippet_chars"}, {"search", "max_limit", "max_depth"},
    {"inbox", "max_request_size", "max_queued_size"},
};

}  // namespace

std::string key_row::full_name() const {
  return std::string(section) + "." + std::string(name);
}

std::string key_row::variable() const {
  std::string out = "RAPPORTEUR_" + std::string(section) + "_" + std::string(name);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::span<const section_row> all_sections() {
  return k_sections;
}
std::span<const key_row> all_keys() {
  return k_keys;
}
std::span<const order_row> all_orders() {
  return k_orders;
}

const key_row* find_key(std::string_view section, std::string_view name) {
  const auto* const at =
      std::ranges::find_if(k_keys, [&](const key_row& r) { return r.section == section && r.name == name; });
  return at == std::end(k_keys) ? nullptr : at;
}

const section_row* find_section(std::string_view name) {
  const auto* const at = std::ranges::find(k_sections, name, &section_row::name);
  return at == std::end(k_sections) ? nullptr : at;
}

}  // namespace rapporteur::config
