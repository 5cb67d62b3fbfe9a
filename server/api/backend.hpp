// What the API needs of search, and one of it for each worker.
#pragma once

#include "index/error.hpp"
#include "server/http/settings.hpp"
#include "server/search/search.hpp"
#include "server/search/thesaurus.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

namespace rapporteur::api {

/// The calls of search::searcher, so that the API can be driven without an index. Belongs to one thread. The message of
/// an error that is the server's own fault (a 5xx) is logged and must not quote the request.
class search_backend {
 public:
  virtual ~search_backend() = default;
  virtual result<search::answer> search(const search::request& r) = 0;
  virtual result<search::article_answer> article(std::string_view id, std::string_view q, bool expand) = 0;
  virtual result<search::snippets_answer> snippets(std::string_view id, std::string_view q, std::uint32_t count,
                                                   std::uint32_t chars, bool expand) = 0;
  virtual result<search::listing> list(const search::request& r, std::uint32_t count) = 0;
  virtual result<rapporteur::article> read(std::string_view id, bool with_text) = 0;
  virtual result<search::suggest_answer> suggest(std::string_view q, std::uint32_t limit) = 0;
  virtual result<search::related_answer> related(const search::related_request& r) = 0;
  virtual result<search::why_answer> why(std::string_view id, std::string_view q, bool expand) = 0;
  virtual result<search::index_state> state() = 0;
};

using backend_factory = std::function<result<std::unique_ptr<search_backend>>()>;

/// Gives the thesaurus that a backend is to use from now on, or null for none. Called from several threads at once.
using thesaurus_source = std::function<std::shared_ptr<const search::thesaurus>()>;

/// Opens searchers over the index in that folder. The factory may be called from several threads at once.
backend_factory open_index(std::filesystem::path index, search::limits limits, thesaurus_source words = {});

/// One backend for each worker, opened when the worker first needs it and again after it failed: an index that appears
/// or is repaired later is picked up without a restart.
class backends {
 public:
  backends(backend_factory open, std::size_t workers, const http::log_hooks& log);

  /// Calls fn(search_backend&), which returns a result<T>, with the backend of this worker; what it throws becomes
  /// errc::internal. On that worker only.
  template <class F>
  auto use(std::size_t worker, F&& fn) -> decltype(fn(std::declval<search_backend&>())) {
    if (auto ready = prepare(worker); !ready) return ready.error();
    try {
      auto r = fn(*slots_[worker].backend);
      if (r) {
        note_success();
      } else {
        note_failure(worker, r.error());
      }
      return r;
    } catch (const std::exception& e) {
      // Not what(): it may quote the query.
      const error failure{errc::internal, std::string("unexpected exception ") + typeid(e).name()};
      note_failure(worker, failure);
      return failure;
    }
  }

  /// Lets a worker's backend move to what is served now, if it has one: one that is not asked holds the files of a
  /// generation that is gone, and their disk with them. On that worker only.
  void keep_up(std::size_t worker);

  /// Has every worker open its backend anew before its next use. Any thread.
  void reopen_all() noexcept { wanted_epoch_.fetch_add(1, std::memory_order_relaxed); }

 private:
  struct slot {
    std::unique_ptr<search_backend> backend;
    std::uint64_t epoch = 0;
  };
  result<void> prepare(std::size_t worker);
  /// Gives up a backend that may be broken, and logs what is wrong when that is news.
  void note_failure(std::size_t worker, const error& e);
  void note_success();

  backend_factory open_;
  const http::log_hooks& log_;
  std::vector<slot> slots_;
  std::atomic<std::uint64_t> wanted_epoch_{0};
  std::mutex mutex_;
  bool failing_ = false;        // under mutex_
  errc last_ = errc::internal;  // under mutex_; while failing_
};

}  // namespace rapporteur::api
