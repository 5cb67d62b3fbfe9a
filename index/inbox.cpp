#include "index/inbox.hpp"

#include "index/durable.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

namespace rapporteur::index {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_time_digits = 16;
constexpr std::size_t k_random_digits = 16;
/// Far more than the receipt of the largest request takes.
constexpr std::uint64_t k_max_receipt_bytes = std::uint64_t{64} << 20U;
/// No one is still writing what is this old.
constexpr std::chrono::hours k_stale_after{1};

std::string_view suffix_of(request_kind kind) {
  return kind == request_kind::articles ? ".jsonl" : ".delete";
}

std::optional<inbox_request> request_named(std::string_view name) {
  for (const auto kind : {request_kind::articles, request_kind::removal}) {
    const auto suffix = suffix_of(kind);
    if (!name.ends_with(suffix)) continue;
    const auto ticket = name.substr(0, name.size() - suffix.size());
    if (is_ticket(ticket)) return inbox_request{.ticket = std::string(ticket), .kind = kind, .bytes = 0};
  }
  return std::nullopt;
}

std::uint64_t time_of(std::string_view ticket) {
  std::uint64_t n = 0;
  const std::string_view time = ticket.substr(0, k_time_digits);
  std::from_chars(time.data(), time.data() + time.size(), n);
  return n;
}

bool is_there(const fs::path& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0;
}

/// Calls fn(name) for every entry of a folder; none if there is no such folder. Entries that come and go meanwhile may
/// or may not be among them.
template <class F>
result<void> for_each_entry(const fs::path& folder, F fn) {
  std::error_code failure;
  auto entry = fs::directory_iterator(folder, failure);
  if (failure == std::errc::no_such_file_or_directory) return {};
  for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
    fn(entry->path().filename().string());
  }
  if (failure) return system_error(folder, "cannot be listed", failure.value());
  return {};
}

}  // namespace

/// What is in new/ at one moment.
struct inbox::waiting {
  std::vector<inbox_request> requests;  ///< in order of their tickets
  std::uint64_t bytes = 0;
};

bool is_ticket(std::string_view text) noexcept {
  if (text.size() != k_time_digits + 1 + k_random_digits || text[k_time_digits] != '-') return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_hex = [is_digit](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  return std::ranges::all_of(text.substr(0, k_time_digits), is_digit) &&
         std::ranges::all_of(text.substr(k_time_digits + 1), is_hex);
}

std::string join_ids(const std::vector<std::string>& ids) {
  std::string out;
  for (const auto& id : ids) out.append(id).append("\n");
  return out;
}

std::vector<std::string> split_ids(std::string_view bytes) {
  std::vector<std::string> ids;
  while (!bytes.empty()) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    if (end > 0) ids.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return ids;
}

inbox::inbox(fs::path folder, inbox_limits limits) : folder_(std::move(folder)), limits_(limits) {}

result<void> inbox::prepare() const {
  for (const auto* part : {"tmp", "new", "done", "kept"}) {
    if (auto made = make_folder(folder_ / part); !made) return made;
  }
  return {};
}

fs::path inbox::request_path(std::string_view ticket, request_kind kind) const {
  return requests_folder() / fmt::format("{}{}", ticket, suffix_of(kind));
}

bool inbox::is_queued(std::string_view ticket) const {
  return is_there(request_path(ticket, request_kind::articles)) ||
         is_there(request_path(ticket, request_kind::removal));
}

result<inbox::waiting> inbox::survey(const fs::path& folder) const {
  waiting found;
  auto listed = for_each_entry(folder, [&](const std::string& name) {
    auto r = request_named(name);
    if (!r) return;
    struct stat info {};
    // A symbolic link or a folder of that name is none of ours, and what is gone is finished.
    if (::lstat((folder / name).c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return;
    r->bytes = static_cast<std::uint64_t>(info.st_size);
    found.bytes += r->bytes;
    found.requests.push_back(std::move(*r));
  });
  if (!listed) return listed.error();
  std::ranges::sort(found.requests, {}, &inbox_request::ticket);
  return found;
}

std::string inbox::next_ticket(std::string_view newest) {
  const auto now =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch());
  auto time = std::max(static_cast<std::uint64_t>(std::max<std::int64_t>(now.count(), 0)), last_time_ + 1);
  if (!newest.empty()) time = std::max(time, time_of(newest) + 1);
  last_time_ = time;
  const auto random = (std::uint64_t{random_()} << 32U) | random_();
  return fmt::format("{:016}-{:016x}", time, random);
}

result<std::string> inbox::deposit(request_kind kind, std::string_view bytes) {
  if (bytes.empty()) return error{errc::invalid_argument, "a request without content"};
  const std::lock_guard lock(mutex_);
  if (auto ready = prepare(); !ready) return ready.error();
  const auto before = survey(requests_folder());
  if (last_time_ == 0) {
    // A clock that was set back while the program did not run must not put a request before those that are kept.
    if (const auto earlier = kept(); earlier && !earlier->empty()) last_time_ = time_of(earlier->back().ticket);
  }
  if (!before) return before.error();
  if (before->requests.size() >= limits_.max_requests) {
    return error{errc::overloaded, fmt::format("The inbox already holds {} requests that wait for the indexer.",
                                               before->requests.size())};
  }
  if (before->bytes + bytes.size() > limits_.max_bytes) {
    return error{errc::overloaded, fmt::format("The inbox already holds {} bytes that wait for the indexer; with this "
                                               "request it would be more than {}.",
                                               before->bytes, limits_.max_bytes)};
  }
  auto ticket =
      next_ticket(before->requests.empty() ? std::string_view() : std::string_view(before->requests.back().ticket));
  const fs::path written = folder_ / "tmp" / ticket;
  const fs::path path = request_path(ticket, kind);
  if (auto done = write_new_file(written, bytes); !done) return done.error();
  if (auto moved = rename_durably(written, path); !moved) {
    // Whoever is told of a failure must not find the article in the index.
    std::error_code ignored;
    fs::remove(written, ignored);
    fs::remove(path, ignored);
    return moved.error();
  }
  return ticket;
}

result<std::vector<inbox_request>> inbox::pending() const {
  auto found = survey(requests_folder());
  if (!found) return found.error();
  auto& requests = found->requests;
  const auto finished = std::stable_partition(
      requests.begin(), requests.end(), [this](const inbox_request& r) { return !is_there(receipt_path(r.ticket)); });
  // The receipts first: whoever was killed may not have come to sync them. What cannot be removed stays, and is passed
  // over here the next time too.
  if (finished != requests.end() && flush_to_disk(folder_ / "done")) {
    for (auto r = finished; r != requests.end(); ++r) {
      static_cast<void>(keep(*r));
    }
  }
  requests.erase(finished, requests.end());
  return std::move(requests);
}

result<std::string> inbox::read(const inbox_request& r, std::uint64_t max_bytes) const {
  if (!is_ticket(r.ticket)) return error{errc::invalid_argument, "not a ticket"};
  return read_whole_file(request_path(r.ticket, r.kind), max_bytes);
}

result<void> inbox::finish(const inbox_request& r, const receipt& outcome) const {
  if (!is_ticket(r.ticket)) return error{errc::invalid_argument, "not a ticket"};
  if (!is_there(receipt_path(r.ticket))) {
    if (auto ready = prepare(); !ready) return ready;
    const fs::path written = folder_ / "tmp" / (r.ticket + ".receipt");
    std::error_code ignored;
    fs::remove(written, ignored);  // of an attempt that was killed
    if (auto done = write_new_file(written, encode_receipt(outcome)); !done) return done;
    if (auto moved = rename_durably(written, receipt_path(r.ticket)); !moved) return moved;
  } else if (auto synced = flush_to_disk(folder_ / "done"); !synced) {
    return synced;  // it may have been renamed and not synced
  }
  return keep(r);
}

fs::path inbox::kept_path(const inbox_request& r) const {
  return folder_ / "kept" / waiting_path(r).filename();
}

result<void> inbox::keep(const inbox_request& r) const {
  auto moved = rename_durably(waiting_path(r), kept_path(r));
  if (!moved && moved.error().code != errc::not_found) return moved;
  // It was moved already; whoever did so may have been killed before the sync.
  if (!moved) return flush_to_disk(folder_ / "kept");
  return {};
}

result<std::vector<inbox_request>> inbox::kept() const {
  auto found = survey(folder_ / "kept");
  if (!found) return found.error();
  return std::move(found->requests);
}

result<request_status> inbox::status(std::string_view ticket) const {
  if (!is_ticket(ticket)) return error{errc::invalid_argument, "not a ticket"};
  // The receipt goes first: a request that is both, between the two steps of finish(), is finished. One that was in
  // neither place may have been moved between the two looks, or deposited after the first.
  for (int look = 0; look < 2; ++look) {
    auto text = read_whole_file(receipt_path(ticket), k_max_receipt_bytes);
    if (text) {
      auto decoded = decode_receipt(*text);
      if (!decoded) return decoded.error();
      return request_status{request_state::finished, std::move(*decoded)};
    }
    if (text.error().code != errc::not_found) return text.error();
    if (is_queued(ticket)) return request_status{request_state::queued, {}};
  }
  return request_status{};
}

result<std::size_t> inbox::prune(std::chrono::seconds kept_for) const {
  std::size_t removed = 0;
  const auto now = std::chrono::system_clock::now();
  const auto age_of = [now](const fs::path& path) -> std::optional<std::chrono::nanoseconds> {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
    return now.time_since_epoch() -
           (std::chrono::seconds(info.st_mtim.tv_sec) + std::chrono::nanoseconds(info.st_mtim.tv_nsec));
  };
  const auto remove_old = [&](const fs::path& folder, std::chrono::seconds limit, bool receipts) {
    return for_each_entry(folder, [&](const std::string& name) {
      // Without its receipt a finished request that could not be removed would be worked through again.
      if (receipts && (!is_ticket(name) || is_queued(name))) return;
      const auto age = age_of(folder / name);
      if (!age || *age <= limit) return;
      std::error_code failure;
      if (fs::remove(folder / name, failure) && receipts) ++removed;
    });
  };
  if (auto done = remove_old(folder_ / "done", kept_for, true); !done) return done.error();
  if (auto done = remove_old(folder_ / "tmp", k_stale_after, false); !done) return done.error();
  return removed;
}

}  // namespace rapporteur::index
