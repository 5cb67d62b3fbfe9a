#include "server/search/steady_index.hpp"

#include "index/xapian_error.hpp"
#include "server/search/newest_state.hpp"

#include <fmt/format.h>

#include <string_view>

namespace rapporteur::search {
namespace {

using clock = std::chrono::steady_clock;

constexpr auto k_refresh_every = std::chrono::milliseconds(100);  // a look at which generation is current

}  // namespace

steady_index::steady_index(std::filesystem::path folder, index::reader r)
    : folder_(std::move(folder)), reader_(std::move(r)) {}

result<void> steady_index::refresh(bool now) {
  const auto newest = seen_ ? seen_->get() : index_position();
  const bool behind = seen_ && position_of(reader_.info()) != newest;
  if (!now && !behind && clock::now() - refreshed_ < k_refresh_every && reader_.is_untouched()) return {};
  refreshed_ = clock::now();
  if (auto moved = reader_.refresh(); !moved) {
    // What is open goes on being served, unless it is what changed under us.
    if (now || !reader_.is_usable()) return moved.error();
  } else if (seen_) {
    seen_->advance(newest, position_of(reader_.info()));
  }
  return {};
}

result<index::commit_lock> steady_index::hold() const {
  return index::commit_lock::shared(folder_);
}

error steady_index::from_xapian(const Xapian::Error& e) {
  const std::string_view type = e.get_type();
  if (type == "DatabaseCorruptError" || type == "DatabaseError") {
    return {errc::index_damaged,
            fmt::format("the index cannot be read ({}); run rapporteur-index check", e.get_type())};
  }
  // Not get_msg(): it may quote a term, and terms are what somebody asked.
  return {errc::internal, fmt::format("the search failed inside Xapian ({})", e.get_type())};
}

error steady_index::from_damage() {
  // What Xapian makes of a damaged table that tells it to copy a string of an impossible length.
  return {errc::index_damaged,
          "the index cannot be read (a string of an impossible length); run rapporteur-index check"};
}

}  // namespace rapporteur::search
