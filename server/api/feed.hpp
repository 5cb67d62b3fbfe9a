// A feed of a search: what both formats say, worked out once.
//
// A feed reader keeps entries apart by their ids, so these depend on the article's id alone, not on its place, its
// text or the server's address. Nothing here depends on when the feed is asked for: as long as the entries are the
// same, so is every byte.
#pragma once

#include "server/search/search.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::api {

struct feed_entry {
  std::string id;         ///< a URN
  std::string title;      ///< plain text of one line
  std::string link;       ///< to be followed by people: the article's own address, else the server's page of it
  std::string updated;    ///< RFC 3339: when it was changed, else published; the first day of a date that is less
                          ///< precise; the epoch where there is no date, since a format wants one and none is invented
  std::string published;  ///< RFC 3339; empty unless known to the day
  std::string modified;   ///< the same
  std::vector<std::string> authors;
  std::string source;
  std::string language;  ///< empty, or a tag of letters, digits and hyphens
  std::vector<tag> tags;
  std::vector<search::marked_text> passages;
};

struct feed {
  std::string id;       ///< a URN, of what is asked for
  std::string title;    ///< with the query
  std::string self;     ///< the feed's own address
  std::string page;     ///< the same search for people
  std::string updated;  ///< the latest of its entries'; the epoch if there are none
  std::vector<feed_entry> entries;
};

/// base: what the paths of this server begin with as the client sees them, as "https://news.example/archive". path: of
/// the feed.
feed make_feed(const search::answer& a, const search::request& r, const std::string& query, const std::string& page,
               std::string_view path, std::string_view base);

/// Passages as HTML: a paragraph for each, what matched in bold; all else escaped.
std::string passages_html(const std::vector<search::marked_text>& passages);
/// … and as plain text of one line.
std::string passages_text(const std::vector<search::marked_text>& passages);

/// Atom (RFC 4287).
std::string to_atom(const feed& f);
/// JSON Feed 1.1 (https://jsonfeed.org/version/1.1).
std::string to_json_feed(const feed& f);

}  // namespace rapporteur::api
