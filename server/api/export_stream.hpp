// The body of an export: a search's articles, made into a document piece by piece on the search workers.
//
// No worker is held between two pieces, and none is made before the client has taken the last: a slow client costs
// memory for one piece and one page of ids. The list is walked by cursors (server/search/cursor), so it is complete and
// has each article once although the index may change on the way: an article that is added or changed then may be in it
// or not, one that is taken out is left out. A ranking has no such cursors; its ids are taken down before the first
// byte, so it is bounded.
#pragma once

#include "server/api/export_request.hpp"
#include "server/api/service.hpp"
#include "server/http/stream_compressor.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::api {

/// Which articles were written, by a hash of their ids: eight bytes for each.
class written_articles {
 public:
  void add(std::string_view id);
  /// From now on an article that was written may come again.
  void list_changed();
  /// Whether it was written before the list changed the last time.
  [[nodiscard]] bool has(std::string_view id) const;

 private:
  std::vector<std::uint64_t> hashes_;
  std::size_t sorted_ = 0;  // of them, from the front
};

/// What an export has done so far. Used by one thread at a time: first begin, then piece until it gives nothing. After
/// an error of the moment (the index changes too fast, say) the same call may be made again.
class export_walk {
 public:
  export_walk(const export_format& f, export_request r, http::coding c);

  /// Finds the first articles. An error is about the request or the moment, and nothing has been written yet.
  result<search::index_state> begin(search_backend& b, const search::limits& l);

  /// Whether begin failed because the limit lets a ranking be too long.
  [[nodiscard]] bool is_too_long() const noexcept { return too_long_; }

  /// The next bytes of the document; empty at its end.
  result<std::string> piece(search_backend& b);

 private:
  result<void> take_ranking(search_backend& b, std::uint32_t most);
  result<void> next_page(search_backend& b);
  void take(search::listing page);

  export_request request_;
  std::unique_ptr<export_writer> writer_;
  http::stream_compressor compressor_;
  written_articles written_;
  std::vector<std::string> ids_;  // of the page at hand
  std::size_t at_ = 0;            // the next of them
  std::optional<search::cursor> next_;
  std::optional<search::index_state> state_;  // that the page is of
  std::uint32_t left_;                        // articles that may still be written
  std::string text_;                          // written, not yet given out
  bool too_long_ = false;
  bool begun_ = false;
  bool ended_ = false;
};

/// The stream over a walk that has begun.
std::shared_ptr<http::body_stream> stream_of(const service& s, std::shared_ptr<export_walk> walk);

}  // namespace rapporteur::api
