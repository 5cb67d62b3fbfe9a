#include "server/api/backend.hpp"

#include "server/search/newest_state.hpp"
#include "server/search/searcher.hpp"
#include "server/search/shared_vocabulary.hpp"

#include <string>
#include <utility>

namespace rapporteur::api {
namespace {

class searcher_backend final : public search_backend {
 public:
  explicit searcher_backend(search::searcher s) : searcher_(std::move(s)) {}
  result<search::answer> search(const search::request& r) override { return searcher_.search(r); }
  result<search::article_answer> article(std::string_view id, std::string_view q, bool expand) override {
    return searcher_.article(id, q, expand);
  }
  result<search::snippets_answer> snippets(std::string_view id, std::string_view q, std::uint32_t count,
                                           std::uint32_t chars, bool expand) override {
    return searcher_.snippets(id, q, count, chars, expand);
  }
  result<search::listing> list(const search::request& r, std::uint32_t count) override {
    return searcher_.list(r, count);
  }
  result<rapporteur::article> read(std::string_view id, bool with_text) override {
    return searcher_.read(id, with_text);
  }
  result<search::suggest_answer> suggest(std::string_view q, std::uint32_t limit) override {
    return searcher_.suggest(q, limit);
  }
  result<search::related_answer> related(const search::related_request& r) override { return searcher_.related(r); }
  result<search::why_answer> why(std::string_view id, std::string_view q, bool expand) override {
    return searcher_.why(id, q, expand);
  }
  result<search::index_state> state() override { return searcher_.state(); }

 private:
  search::searcher searcher_;
};

/// Whether it is the index or the machine that is at fault, and not this one request or the moment.
bool is_failure(errc code) noexcept {
  switch (code) {
    case errc::io:
    case errc::disk_full:
    case errc::index_missing:
    case errc::index_damaged:
    case errc::index_mismatch:
    case errc::index_locked:
    case errc::internal:
      return true;
    case errc::invalid_argument:
    case errc::not_found:
    case errc::malformed:
    case errc::encoding:
    case errc::too_large:
    case errc::too_costly:
    case errc::bad_cursor:
    case errc::cursor_expired:
    case errc::index_changing:
    case errc::overloaded:
    case errc::deadline_exceeded:
      return false;
  }
  return true;
}

}  // namespace

backend_factory open_index(std::filesystem::path index, search::limits limits, thesaurus_source words) {
  auto vocabulary = std::make_shared<search::shared_vocabulary>(index);
  auto seen = std::make_shared<search::newest_state>();
  return [index = std::move(index), vocabulary = std::move(vocabulary), seen = std::move(seen), limits,
          words = std::move(words)]() -> result<std::unique_ptr<search_backend>> {
    auto opened = search::searcher::open(index, limits);
    if (!opened) return opened.error();
    opened->share_vocabulary(vocabulary);
    opened->share_newest(seen);
    if (words) opened->use_thesaurus(words());
    return std::unique_ptr<search_backend>(std::make_unique<searcher_backend>(std::move(*opened)));
  };
}

backends::backends(backend_factory open, std::size_t workers, const http::log_hooks& log)
    : open_(std::move(open)), log_(log), slots_(workers) {}

result<void> backends::prepare(std::size_t worker) {
  auto& s = slots_[worker];
  const auto epoch = wanted_epoch_.load(std::memory_order_relaxed);
  if (s.backend && s.epoch == epoch) return {};
  s.backend.reset();
  auto opened = open_();
  if (!opened) {
    auto e = opened.error();
    note_failure(worker, e);
    return e;
  }
  s.backend = std::move(*opened);
  s.epoch = epoch;
  return {};
}

void backends::keep_up(std::size_t worker) {
  if (slots_[worker].backend) use(worker, [](search_backend& b) { return b.state(); });
}

void backends::note_failure(std::size_t worker, const error& e) {
  if (!is_failure(e.code)) return;
  slots_[worker].backend.reset();
  const std::lock_guard lock(mutex_);
  // Once for each kind of failure, not for each request that meets it.
  if (failing_ && last_ == e.code) return;
  failing_ = true;
  last_ = e.code;
  log_.write(http::severity::error, std::string(to_string(e.code)) + ": " + e.message);
}

void backends::note_success() {
  const std::lock_guard lock(mutex_);
  if (failing_) log_.write(http::severity::info, "the index answers again");
  failing_ = false;
}

}  // namespace rapporteur::api
