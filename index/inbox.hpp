// The inbox: a folder through which the server passes requests to the indexer, and the indexer's receipts come back.
//
//   INBOX/tmp/               what is being written
//   INBOX/new/TICKET.jsonl   articles to be put in: JSON Lines in UTF-8, one article per line
//   INBOX/new/TICKET.delete  articles to be removed: their ids, one per line
//   INBOX/done/TICKET        the receipt of a finished request (docs/inbox.md has its encoding)
//   INBOX/kept/TICKET.…      finished requests: what a rebuild takes these articles from, since they are in no other
//   file
//
// A file in new/ or done/ is whole and on the disk: it was written in tmp/, synced and renamed. A request is in new/
// from deposit() until finish(), which writes the receipt before it moves the request to kept/; so at every moment,
// also after a loss of power, an accepted request is in one of the two.
//
// deposit() and status() are the server's side, pending(), read(), finish() and prune() the indexer's. Knows nothing of
// HTTP, JSON or the index.
#pragma once

#include "index/error.hpp"
#include "index/receipt.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

enum class request_kind : std::uint8_t { articles, removal };

/// A request that waits.
struct inbox_request {
  std::string ticket;
  request_kind kind = request_kind::articles;
  std::uint64_t bytes = 0;
};

enum class request_state : std::uint8_t { unknown, queued, finished };

struct request_status {
  request_state state = request_state::unknown;
  receipt outcome;  ///< if finished
};

struct inbox_limits {
  std::size_t max_requests = 1000;                       ///< that wait; one more is refused
  std::uint64_t max_bytes = std::uint64_t{1024} << 20U;  ///< of all that wait, together
};

/// Whether text has the form of a ticket: 16 digits (microseconds since 1970, UTC), a hyphen, 16 hexadecimal digits. A
/// text that has it is never a path out of a folder.
bool is_ticket(std::string_view text) noexcept;

/// The content of a removal, and back. Blank lines do not count.
std::string join_ids(const std::vector<std::string>& ids);
std::vector<std::string> split_ids(std::string_view bytes);

class inbox {
 public:
  explicit inbox(std::filesystem::path folder, inbox_limits limits = {});

  /// Makes the folders that are missing. deposit() and finish() do so themselves; call it to be told of trouble early,
  /// and before new/ is watched.
  result<void> prepare() const;

  /// Where requests appear, by rename: what to watch with inotify(7) (IN_MOVED_TO).
  [[nodiscard]] std::filesystem::path requests_folder() const { return folder_ / "new"; }

  /// Keeps a request and gives its ticket once it is on the disk. Tickets order requests as they arrived: one that
  /// comes later has the greater ticket, also if the clock steps back while others wait; two that come at the same time
  /// from different processes may be in either order. Not empty. errc::overloaded past the limits, errc::disk_full,
  /// errc::io; then nothing of it stays. Any thread; one at a time.
  result<std::string> deposit(request_kind kind, std::string_view bytes);

  /// What waits, in the order in which it is to be worked through and finished. A request whose receipt is already
  /// there (finish() was interrupted) is moved to kept/ and not given. Files that are no requests are passed over. None
  /// if the folder does not exist.
  result<std::vector<inbox_request>> pending() const;

  /// All requests that were ever finished, in their order, waiting ones not among them.
  result<std::vector<inbox_request>> kept() const;

  /// The file of a request, while it waits and once it is kept.
  [[nodiscard]] std::filesystem::path waiting_path(const inbox_request& r) const {
    return request_path(r.ticket, r.kind);
  }
  [[nodiscard]] std::filesystem::path kept_path(const inbox_request& r) const;

  /// The content of a request. errc::too_large, errc::not_found, errc::io.
  result<std::string> read(const inbox_request& r, std::uint64_t max_bytes) const;

  /// Writes the receipt and then moves the request to kept/; call it once what the receipt says is on the disk.
  /// Requests must be finished in the order of pending(): else one that is worked through again after an interruption
  /// could undo a later one. Again for the same request, it completes what is missing, and the first receipt stays. On
  /// an error, call it again.
  result<void> finish(const inbox_request& r, const receipt& outcome) const;

  /// errc::invalid_argument if this is no ticket; errc::malformed if the receipt cannot be understood, errc::io.
  result<request_status> status(std::string_view ticket) const;

  /// Removes receipts older than that, other than of requests that are still there, and what killed processes left in
  /// tmp/. The number of receipts removed.
  result<std::size_t> prune(std::chrono::seconds kept_for) const;

 private:
  struct waiting;
  [[nodiscard]] std::filesystem::path request_path(std::string_view ticket, request_kind kind) const;
  [[nodiscard]] std::filesystem::path receipt_path(std::string_view ticket) const { return folder_ / "done" / ticket; }
  [[nodiscard]] result<void> keep(const inbox_request& r) const;
  [[nodiscard]] bool is_queued(std::string_view ticket) const;
  [[nodiscard]] result<waiting> survey(const std::filesystem::path& folder) const;
  [[nodiscard]] std::string next_ticket(std::string_view newest);

  std::filesystem::path folder_;
  inbox_limits limits_;
  std::mutex mutex_;             // held by deposit
  std::uint64_t last_time_ = 0;  // under mutex_; of the last ticket, in microseconds
  std::random_device random_;    // under mutex_
};

}  // namespace rapporteur::index
