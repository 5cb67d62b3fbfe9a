#include "server/api/export_stream.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;

constexpr std::uint32_t k_page = 1000;             // ids listed at once
constexpr std::size_t k_piece = 64UL * 1024;       // bytes, before they are compressed; then a piece is done …
constexpr std::chrono::milliseconds k_turn{25};    // … or after this time: searches wait for the worker
constexpr int k_ranking_trials = 4;                // of taking down a ranking while the index changes
constexpr std::chrono::milliseconds k_pause{200};  // before a piece that could not be made is tried again
constexpr std::chrono::seconds k_patience{60};     // … for so long

bool same(const search::index_state& a, const search::index_state& b) {
  return a.revision == b.revision && a.as_of == b.as_of && a.articles == b.articles;
}

/// Whether the same piece may be had a moment later.
bool passes(errc code) noexcept {
  return code == errc::overloaded || code == errc::index_changing || code == errc::deadline_exceeded;
}

class export_stream final : public http::body_stream {
 public:
  export_stream(const service& s, std::shared_ptr<export_walk> walk) : service_(s), walk_(std::move(walk)) {}

  asio::awaitable<result<std::string>> next() override {
    const auto give_up = http::clock::now() + k_patience;
    while (true) {
      // The walk outlives this coroutine, if that is ended while a worker is at it.
      auto work = [&search = service_.search, walk = walk_](std::size_t worker) {
        return search.use(worker, [&walk](search_backend& b) { return walk->piece(b); });
      };
      auto piece = co_await http::offload(service_.workers, give_up, std::move(work));
      if (piece || !passes(piece.error().code) || http::clock::now() >= give_up) co_return piece;
      asio::steady_timer timer(co_await asio::this_coro::executor, k_pause);
      co_await timer.async_wait(http::k_as_values);
    }
  }

 private:
  const service& service_;
  std::shared_ptr<export_walk> walk_;
};

}  // namespace

void written_articles::add(std::string_view id) {
  hashes_.push_back(std::hash<std::string_view>()(id));
}

void written_articles::list_changed() {
  std::sort(hashes_.begin(), hashes_.end());
  sorted_ = hashes_.size();
}

bool written_articles::has(std::string_view id) const {
  const auto end = hashes_.begin() + static_cast<std::ptrdiff_t>(sorted_);
  return std::binary_search(hashes_.begin(), end, std::hash<std::string_view>()(id));
}

export_walk::export_walk(const export_format& f, export_request r, http::coding c)
    : request_(std::move(r)), writer_(f.open(request_.options)), compressor_(c), left_(request_.limit) {}

result<search::index_state> export_walk::begin(search_backend& b, const search::limits& l) {
  auto first = b.list(request_.search, std::min(k_page, left_));
  if (!first) return first.error();
  take(std::move(*first));
  if (next_ && !is_by_date(next_->order) && ids_.size() < left_) {
    if (auto taken = take_ranking(b, l.max_depth); !taken) return taken.error();
  }
  return *state_;
}

// The list goes on as long as the index does not change; if it does, from the beginning.
result<void> export_walk::take_ranking(search_backend& b, std::uint32_t most) {
  std::vector<std::string> all = std::move(ids_);
  int trial = 1;
  while (next_ && all.size() < left_) {
    if (all.size() >= most) {
      too_long_ = true;
      return error{errc::too_costly, "by relevance, or as they were added, an export has at most " +
                                         std::to_string(most) +
                                         " articles: give a limit of so many or less, or sort by date."};
    }
    auto page = request_.search;
    page.after = next_;
    auto found = b.list(page, std::min({k_page, left_ - static_cast<std::uint32_t>(all.size()),
                                        most - static_cast<std::uint32_t>(all.size())}));
    if (!found && found.error().code == errc::cursor_expired) {
      if (++trial > k_ranking_trials) {
        return error{errc::index_changing, "the index changed several times while a ranking was read; try again"};
      }
      all.clear();
      found = b.list(request_.search, std::min(k_page, left_));
    }
    if (!found) return found.error();
    take(std::move(*found));
    all.insert(all.end(), std::make_move_iterator(ids_.begin()), std::make_move_iterator(ids_.end()));
  }
  ids_ = std::move(all);
  next_.reset();
  return {};
}

void export_walk::take(search::listing page) {
  if (state_ && !same(*state_, page.index)) written_.list_changed();
  ids_ = std::move(page.ids);
  at_ = 0;
  next_ = std::move(page.next);
  state_ = std::move(page.index);
}

result<void> export_walk::next_page(search_backend& b) {
  auto page = request_.search;
  page.after = next_;
  auto found = b.list(page, std::min(k_page, left_));
  if (!found) return found.error();
  take(std::move(*found));
  return {};
}

result<std::string> export_walk::piece(search_backend& b) {
  const auto end_of_turn = http::clock::now() + k_turn;
  if (!std::exchange(begun_, true)) writer_->begin(text_);
  std::string out;
  while (out.empty() && !ended_) {
    bool whole = false;
    while (text_.size() < k_piece && !whole) {
      // Something is given out at the end of a turn, if there is anything.
      if (!text_.empty() && http::clock::now() >= end_of_turn) break;
      if (left_ == 0 || (at_ == ids_.size() && !next_)) {
        writer_->end(text_);
        whole = true;
      } else if (at_ == ids_.size()) {
        if (auto page = next_page(b); !page) return page.error();
      } else if (const std::string& id = ids_[at_]; written_.has(id)) {
        ++at_;
      } else {
        auto read = b.read(id, request_.options.with_text);
        if (!read && read.error().code != errc::not_found) return read.error();
        ++at_;
        if (!read) continue;  // taken out since it was listed
        written_.add(id);
        writer_->add(text_, *read);
        --left_;
      }
    }
    auto packed = compressor_.add(text_);
    auto rest = packed && whole ? compressor_.finish() : std::string();
    if (!packed || !rest) return error{errc::internal, "an export could not be compressed"};
    text_.clear();
    ended_ = whole;
    out = std::move(*packed) + *rest;
  }
  return out;
}

std::shared_ptr<http::body_stream> stream_of(const service& s, std::shared_ptr<export_walk> walk) {
  return std::make_shared<export_stream>(s, std::move(walk));
}

}  // namespace rapporteur::api
