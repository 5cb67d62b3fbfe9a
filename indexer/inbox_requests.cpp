#include "indexer/inbox_requests.hpp"

#include "index/durable.hpp"

#include <sys/stat.h>

#include <deque>
#include <map>
#include <utility>

namespace rapporteur::indexer {
namespace {

constexpr std::uint64_t k_most_bytes = std::uint64_t{1} << 30U;  // of a list of ids

index::article_outcome outcome_of(index::write_outcome o) noexcept {
  switch (o) {
    case index::write_outcome::added:
      return index::article_outcome::added;
    case index::write_outcome::replaced:
      return index::article_outcome::replaced;
    case index::write_outcome::unchanged:
    case index::write_outcome::claimed:
      return index::article_outcome::unchanged;
  }
  return index::article_outcome::unchanged;
}

}  // namespace

request_batch::request_batch(const index::inbox& box, article_sink& to, const ingest_rules& rules, run_account& account,
                             finding_list& findings)
    : box_(box), to_(to), rules_(rules), account_(account), findings_(findings) {}

request_batch::~request_batch() = default;

result<void> request_batch::take(const index::inbox_request& r, bool kept) {
  index::receipt outcome;
  auto done =
      r.kind == index::request_kind::articles ? take_articles(r, kept, outcome) : take_removal(r, kept, outcome);
  if (!done) return done;
  if (!kept) taken_.push_back({r, std::move(outcome)});
  return {};
}

result<void> request_batch::take_articles(const index::inbox_request& r, bool kept, index::receipt& outcome) {
  const std::string path = (kept ? box_.kept_path(r) : box_.waiting_path(r)).native();
  // Places in outcome.articles of articles whose fate is not yet known, by id, in their order.
  std::map<std::string, std::deque<std::size_t>> open;
  to_.on_outcome([&](const index::written_article& o) {
    account_.count(o);
    const auto found = open.find(o.id);
    if (found == open.end() || found->second.empty()) return;
    outcome.articles[found->second.front()].outcome = outcome_of(o.what);
    found->second.pop_front();
  });
  const auto refuse = [&](const std::string& id, std::uint64_t line, error why) {
    outcome.articles.push_back({id, line, index::article_outcome::refused, std::move(why)});
  };

  read_events events;
  events.on_article = [&](article a) -> result<void> {
    const std::string id = a.id;
    const std::uint64_t line = a.origin.line;
    a.origin.file = box_.kept_path(r).native();
    account_.describe(a);
    // First, because add() may already tell what became of it.
    const std::size_t place = outcome.articles.size();
    open[id].push_back(place);
    outcome.articles.push_back({id, line, index::article_outcome::unchanged, {}});
    const auto accepted = to_.add(std::move(a));
    if (accepted) return {};
    if (!concerns_article(accepted.error().code)) return accepted.error();
    open[id].pop_back();
    outcome.articles[place] = {id, line, index::article_outcome::refused, accepted.error()};
    findings_.add(
        {severity::failure, {accepted.error().code, "refused by the index", accepted.error().message}, path, line, 0});
    return {};
  };
  events.on_finding = [&](const finding& f) {
    findings_.add(f);
    if (f.level == severity::failure) {
      const std::string why = f.what.detail.empty() ? f.what.reason : f.what.reason + ": " + f.what.detail;
      refuse(f.id, f.line, {f.what.code, why});
    }
  };
  events.on_left_out = [&](const std::string& what, std::uint64_t count) { findings_.leave_out(what, count); };
  events.on_bytes = [&](std::uint64_t more) {
    account_.bytes += more;
    return true;
  };
  result<void> failure;
  if (auto begun = to_.begin_file(); !begun) failure = begun;
  if (failure) {
    const source_file file{path, path, r.bytes, 0, 0};
    const auto read = read_source(file, rules_.limits, rules_.records, events);
    if (read) {
      account_.read += read->records;
      ++account_.files;
      failure = to_.drain();
    } else {
      failure = read.error();
    }
  }
  // Outlives this object: a rebuild tells of some articles only when it commits.
  to_.on_outcome([&account = account_](const index::written_article& o) { account.count(o); });
  return failure;
}

result<void> request_batch::take_removal(const index::inbox_request& r, bool kept, index::receipt& outcome) {
  const auto bytes = kept ? index::read_whole_file(box_.kept_path(r), k_most_bytes) : box_.read(r, k_most_bytes);
  if (!bytes) {
    outcome.articles.push_back({{}, 0, index::article_outcome::refused, bytes.error()});
    return {};
  }
  std::uint64_t line = 0;
  for (const std::string& id : index::split_ids(*bytes)) {
    ++line;
    const auto there = to_.remove(id);
    if (!there) return there.error();
    if (*there) ++account_.removed;
    outcome.articles.push_back(
        {id, line, *there ? index::article_outcome::removed : index::article_outcome::not_found, {}});
  }
  return {};
}

result<void> request_batch::finish(const index::commit_outcome& committed) {
  for (taken& t : std::exchange(taken_, {})) {
    bool any = false;
    for (const index::article_receipt& a : t.outcome.articles) {
      any = any || (a.outcome != index::article_outcome::refused && a.outcome != index::article_outcome::not_found);
    }
    // What was there already is searchable since some earlier revision, and in this one too.
    t.outcome.revision = any ? committed.revision : 0;
    if (auto finished = box_.finish(t.request, t.outcome); !finished) return finished;
  }
  return {};
}

}  // namespace rapporteur::indexer
