// Ties source, writer and account together.
#include "indexer/pipeline.hpp"

#include "indexer/source.hpp"

#include <fmt/format.h>

namespace rapporteur::indexer {
namespace {

/// Refusals that concern one article; any other means that the index cannot be written.
bool concerns_article(errc code) {
  return code == errc::invalid_argument || code == errc::encoding || code == errc::too_large || code == errc::malformed;
}

}  // namespace

result<run_result> run(const run_options& options, progress& out, const std::function<bool()>& stop) {
  const auto started = progress::clock::now();
  run_result r;
  run_account& account = r.account;
  finding_list findings(account, out);

  // The index first: if it cannot be written, nobody needs to wait for the walk.
  auto opened = index::writer::open(options.index, options.mode, options.writer);
  if (!opened) return opened.error();
  index::writer& writer = *opened;
  writer.on_outcome([&](const std::string&, index::write_outcome o) { account.count(o); });

  out.step("listing files");
  const source_listing sources = list_sources(
      options.paths,
      [&](const finding& f) {
        ++account.read;
        findings.add(f);
      },
      [&] { return !stop(); });
  account.ignored = sources.ignored;

  std::uint64_t accepted = 0;
  std::uint64_t bytes = 0;
  read_events events;
  events.on_article = [&](article a) -> result<void> {
    const article_origin origin = a.origin;
    const auto taken = writer.add(std::move(a));
    if (taken) {
      ++accepted;
      return {};
    }
    if (!concerns_article(taken.error().code)) return taken.error();
    findings.add({severity::failure,
                  {taken.error().code, "refused by the index", taken.error().message},
                  origin.file,
                  origin.line,
                  0});
    return {};
  };
  events.on_finding = [&](const finding& f) { findings.add(f); };
  events.on_left_out = [&](const std::string& what, std::uint64_t count) { findings.leave_out(what, count); };
  events.on_bytes = [&](std::uint64_t more) {
    bytes += more;
    out.update(accepted + account.failed, bytes);
    return !stop();
  };

  out.start(sources.bytes);
  for (const source_file& file : sources.files) {
    if (stop()) break;
    const auto records = read_source(file, options.limits, options.records, events);
    if (!records) return records.error();
    account.read += *records;
    ++account.files;
  }
  account.bytes = bytes;
  const auto finish = [&](run_end end) {
    out.clear();
    findings.close();
    account.elapsed = progress::clock::now() - started;
    r.end = end;
    return std::move(r);
  };
  if (stop()) return finish(run_end::stopped);
  // A mistyped path must not replace an index by an empty one, nor make one. An empty folder is a fair beginning.
  if (accepted == 0 && (options.mode == index::writer::mode::rebuild || account.failed > 0)) {
    return finish(run_end::nothing);
  }

  out.step("writing the index");
  if (const auto committed = writer.commit(); !committed) return committed.error();
  if (!account.balances()) {
    return error{
        errc::internal,
        fmt::format("the account does not balance: {} read, but {} added, {} replaced, {} unchanged, {} failed",
                    account.read, account.added, account.replaced, account.unchanged, account.failed)};
  }
  return finish(run_end::committed);
}

}  // namespace rapporteur::indexer
