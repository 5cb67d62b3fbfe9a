// Ties source, writer and account together.
#include "indexer/pipeline.hpp"

#include "indexer/gone.hpp"
#include "indexer/inbox_requests.hpp"
#include "indexer/source.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>

namespace rapporteur::indexer {
namespace {

/// The articles that came over HTTP are in no file but the inbox's.
result<void> replay_inbox(const run_options& options, article_sink& sink, run_account& account,
                          finding_list& findings) {
  const index::inbox box(options.inbox);
  // A request that was finished and not yet moved, because the indexer was killed in between, is moved by asking what
  // waits. A dry run moves nothing, and does not count it.
  if (!options.dry) {
    if (const auto waiting = box.pending(); !waiting) return waiting.error();
  }
  const auto requests = box.kept();
  if (!requests) return requests.error();
  request_batch batch(box, sink, options.rules, account, findings);
  for (const index::inbox_request& r : *requests) {
    if (auto taken = batch.take(r, true); !taken) return taken;
  }
  return {};
}

}  // namespace

result<run_result> run(const run_options& options, progress& out, const std::function<bool()>& stop) {
  const auto started = progress::clock::now();
  run_result r;
  run_account& account = r.account;
  finding_list findings(account, out, options.told);

  // The index first: if it cannot be written, nobody needs to wait for the walk.
  std::optional<index::writer> writer;
  std::unique_ptr<article_sink> sink;
  if (options.dry) {
    auto comparing =
        comparing_with(options.mode == index::writer::mode::rebuild ? std::filesystem::path() : options.index);
    if (!comparing) return comparing.error();
    sink = std::move(*comparing);
  } else {
    auto opened = index::writer::open(options.index, options.mode, options.writer);
    if (!opened) return opened.error();
    writer = std::move(*opened);
    sink = writing_to(*writer);
  }

  out.step("listing files");
  const source_listing sources = list_sources(
      options.paths,
      [&](const finding& f) {
        ++account.read;
        findings.add(f);
      },
      [&] { return !stop(); });
  account.ignored = sources.ignored;

  ingest into(*sink, options.rules, account, findings);
  std::uint64_t bytes = 0;
  into.on_bytes([&](std::uint64_t more) {
    bytes += more;
    out.update(into.accepted() + account.failed, bytes);
    return !stop();
  });

  out.start(sources.bytes);
  for (const source_file& file : sources.files) {
    if (stop()) break;
    if (auto read = into.read(file); !read) return read.error();
  }
  if (options.rules.prune && !stop()) {
    // Behind the files that are there: an article that was moved to another file is then in that one already.
    if (auto pruned = prune_gone(into, *sink, sources, options.allow_empty, findings); !pruned) return pruned.error();
  }
  if (!stop()) {
    if (auto settled = into.settle(); !settled) return settled.error();
  }
  const auto finish = [&](run_end end) {
    out.clear();
    findings.close();
    account.elapsed = progress::clock::now() - started;
    r.end = end;
    return std::move(r);
  };
  if (stop()) return finish(run_end::stopped);
  // A mistyped path must not replace an index by an empty one, nor make one. An empty folder is a fair beginning.
  const bool nothing = into.accepted() == 0 && account.files_unchanged == 0 && account.removed == 0;
  if (nothing && (options.mode == index::writer::mode::rebuild || account.failed > 0)) {
    return finish(run_end::nothing);
  }
  if (options.mode == index::writer::mode::rebuild && !options.inbox.empty()) {
    if (auto replayed = replay_inbox(options, *sink, account, findings); !replayed) return replayed.error();
  }
  if (options.dry) return finish(run_end::compared);

  out.step("writing the index");
  const auto committed = writer->commit();
  if (!committed) return committed.error();
  r.committed = *committed;
  if (!account.balances()) {
    return error{
        errc::internal,
        fmt::format("the account does not balance: {} read, but {} added, {} replaced, {} unchanged, {} failed",
                    account.read, account.added, account.replaced, account.unchanged, account.failed)};
  }
  return finish(run_end::committed);
}

}  // namespace rapporteur::indexer
