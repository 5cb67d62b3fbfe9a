// Requests of the inbox, put into an index: articles that came over HTTP, and removals.
//
// Owns what a receipt says. Knows the inbox's files, not who put them there (index/inbox).
#pragma once

#include "index/inbox.hpp"
#include "index/receipt.hpp"
#include "indexer/ingest.hpp"

#include <vector>

namespace rapporteur::indexer {

/// Requests that are worked through in one run of the writer, and what becomes of them.
class request_batch {
 public:
  /// All of these must outlive it. account and findings as of ingest.
  request_batch(const index::inbox& box, article_sink& to, const ingest_rules& rules, run_account& account,
                finding_list& findings);
  ~request_batch();
  request_batch(const request_batch&) = delete;
  request_batch& operator=(const request_batch&) = delete;

  /// Works through a request that waits, or (kept) through one that was finished, for a new index. Articles name the
  /// file under which the request is kept. Errors are the index's; a request that cannot be read is refused.
  result<void> take(const index::inbox_request& r, bool kept);

  /// After the writer's commit: finishes the requests, in their order.
  result<void> finish(const index::commit_outcome& committed);

  [[nodiscard]] bool empty() const noexcept { return taken_.empty(); }

 private:
  struct taken {
    index::inbox_request request;
    index::receipt outcome;
  };
  result<void> take_articles(const index::inbox_request& r, bool kept, index::receipt& outcome);
  result<void> take_removal(const index::inbox_request& r, bool kept, index::receipt& outcome);

  const index::inbox& box_;
  article_sink& to_;
  const ingest_rules& rules_;
  run_account& account_;
  finding_list& findings_;
  std::vector<taken> taken_;
};

}  // namespace rapporteur::indexer
