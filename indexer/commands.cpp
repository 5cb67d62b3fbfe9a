// The commands of rapporteur-index.
#include "indexer/commands.hpp"

#include "index/merge.hpp"
#include "index/reader.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace rapporteur::indexer {
namespace {

namespace json = boost::json;
using counted = std::vector<std::pair<std::string, std::uint64_t>>;

int fail(const error& e) {
  fmt::print(stderr, "rapporteur-index: {}\n", e.message);
  return k_exit_index;
}

void print(const std::string& s) {
  std::fputs(s.c_str(), stdout);
  std::fflush(stdout);
}

json::object info_as_json(const index::index_info& info) {
  json::object o;
  o["articles"] = info.articles;
  o["revision"] = info.revision;
  o["as_of"] = info.as_of;
  o["generation"] = info.generation;
  return o;
}

std::string info_as_text(const index::index_info& info) {
  return fmt::format("articles   {}\nrevision   {}\nas of      {}\ngeneration {}\n", grouped(info.articles),
                     info.revision, info.as_of, info.generation);
}

void list(std::string& out, std::string_view heading, const counted& values) {
  constexpr std::size_t k_shown = 20;
  if (values.empty()) return;
  out += fmt::format("{}\n", heading);
  for (std::size_t n = 0; n < values.size() && n < k_shown; ++n) {
    out += fmt::format("  {:>12}  {}\n", grouped(values[n].second), printable(values[n].first));
  }
  if (values.size() > k_shown)
    out += fmt::format("  and {} more (--json lists all)\n", grouped(values.size() - k_shown));
}

}  // namespace

int command_run(const run_options& options, const output_options& output, const std::function<bool()>& stopped) {
  progress out(stderr, ::isatty(STDERR_FILENO) != 0, !output.quiet);
  auto done = run(options, out, stopped);
  out.clear();
  if (!done) return fail(done.error());
  const run_account& account = done->account;
  if (done->end == run_end::stopped) {
    out.say("stopped: nothing of this run is in the index");
    return k_exit_stopped;
  }
  if (output.json) {
    print(account.to_json());
  } else if (!output.quiet) {
    print(account.to_text());
  }
  if (done->end == run_end::compared) out.say("a dry run: the index is as it was");
  if (done->end == run_end::nothing) {
    out.say("rapporteur-index: no article was found; the index is as it was");
    return k_exit_partly;
  }
  return account.failed == 0 ? k_exit_ok : k_exit_partly;
}

int command_remove(const run_options& options, const std::vector<std::string>& ids, const output_options& output,
                   const std::function<bool()>& stopped) {
  // Without an index there is nothing to remove from, and none must be made.
  if (const auto exists = index::reader::open(options.index); !exists) return fail(exists.error());
  auto writer = index::writer::open(options.index, index::writer::mode::update, options.writer);
  if (!writer) return fail(writer.error());
  std::uint64_t removed = 0;
  json::array unknown;
  for (const std::string& id : ids) {
    const auto was_there = writer->remove(id);
    if (!was_there) return fail(was_there.error());
    if (stopped()) return k_exit_stopped;
    if (*was_there) {
      ++removed;
    } else {
      fmt::print(stderr, "{}: no such article\n", printable(id));
      unknown.push_back(json::string(printable(id, id.size() * 4)));
    }
  }
  if (const auto committed = writer->commit(); !committed) return fail(committed.error());
  const bool all = unknown.empty();
  if (output.json) {
    json::object o;
    o["removed"] = removed;
    o["unknown"] = std::move(unknown);
    print(json::serialize(o) + "\n");
  } else if (!output.quiet) {
    print(fmt::format("removed {} of {}\n", grouped(removed), grouped(ids.size())));
  }
  return all ? k_exit_ok : k_exit_partly;
}

int command_watch(const watch_options& options, const output_options& output, const std::function<bool()>& stopped) {
  progress out(stderr, false, false);
  watch_events events;
  events.on_message = [&](std::string_view message) { out.say(fmt::format("rapporteur-index: {}", message)); };
  events.on_commit = [&](const run_account& account, const index::commit_outcome& committed) {
    if (output.json) {
      print(account.to_json(committed.revision));
    } else if (!output.quiet) {
      out.say(account.to_line(committed.revision));
    }
  };
  if (const auto done = watch(options, events, out, stopped); !done) return fail(done.error());
  return k_exit_ok;
}

int command_compact(const std::filesystem::path& index, bool only_if_needed, const output_options& output,
                    const std::function<bool()>& stopped) {
  if (only_if_needed) {
    const auto need = index::merge_need_of(index);
    if (!need) return fail(need.error());
    if (!need->worth_it()) {
      if (!output.quiet) print("nothing to do: the index is compact enough\n");
      return k_exit_ok;
    }
  }
  const auto merged = index::merge_index(index, stopped, [&] {
    if (output.quiet) return;
    fmt::print(stderr, "rapporteur-index: {}: waiting for another rapporteur-index to end its writing\n",
               index.string());
  });
  if (!merged) return fail(merged.error());
  if (stopped() && !merged->merged) return k_exit_stopped;
  if (!merged->merged)
    return fail({errc::index_changing, "another index was made current meanwhile; nothing was done"});
  if (output.json) {
    print(json::serialize(json::object{{"bytes_before", merged->bytes_before}, {"bytes_after", merged->bytes_after}}) +
          "\n");
  } else if (!output.quiet) {
    print(fmt::format("{} before, {} after\n", bytes_shown(merged->bytes_before), bytes_shown(merged->bytes_after)));
  }
  return k_exit_ok;
}

int command_snapshot(const std::filesystem::path& index, const std::filesystem::path& to,
                     const output_options& output) {
  if (const auto done = index::snapshot_index(index, to); !done) return fail(done.error());
  const auto copy = index::reader::open(to);
  if (!copy) return fail(copy.error());
  if (output.json) {
    print(json::serialize(info_as_json(copy->info())) + "\n");
  } else if (!output.quiet) {
    print(info_as_text(copy->info()));
  }
  return k_exit_ok;
}

int command_restore(const std::filesystem::path& index, const std::filesystem::path& snapshot,
                    const output_options& output) {
  if (const auto done = index::restore_index(index, snapshot); !done) return fail(done.error());
  const auto restored = index::reader::open(index);
  if (!restored) return fail(restored.error());
  if (output.json) {
    print(json::serialize(info_as_json(restored->info())) + "\n");
  } else if (!output.quiet) {
    print(info_as_text(restored->info()));
  }
  return k_exit_ok;
}

int command_check(const std::filesystem::path& index, const output_options& output) {
  const auto checked = index::check_index(index);
  if (!checked) return fail(checked.error());
  if (output.json) {
    json::object o = info_as_json(checked->info);
    json::array problems;
    for (const std::string& p : checked->problems) problems.push_back(json::string(p));
    o["problems"] = std::move(problems);
    print(json::serialize(o) + "\n");
  } else {
    for (const std::string& p : checked->problems) fmt::print(stderr, "{}\n", p);
    if (!output.quiet) {
      print(info_as_text(checked->info));
      const std::vector<std::string>& problems = checked->problems;
      if (problems.empty())
        print("sound\n");
      else if (problems.size() == 1 && problems.front() == checked->info.problem)
        print("1 problem; do as is said above, or rebuild the index\n");
      else
        print(fmt::format("{} problems; rebuild the index\n", problems.size()));
    }
  }
  return checked->problems.empty() ? k_exit_ok : k_exit_partly;
}

int command_stats(const std::filesystem::path& index, const output_options& output) {
  const auto stats = index::collect_stats(index);
  if (!stats) return fail(stats.error());
  if (output.json) {
    json::object o = info_as_json(stats->info);
    const auto put = [&](std::string_view name, const counted& values) {
      json::array a;
      for (const auto& [value, count] : values) a.push_back(json::object{{"value", value}, {"count", count}});
      o[json::string_view(name.data(), name.size())] = std::move(a);
    };
    put("languages", stats->languages);
    put("sources", stats->sources);
    put("collections", stats->collections);
    put("years", stats->years);
    o["undated"] = stats->undated;
    print(json::serialize(o) + "\n");
    return k_exit_ok;
  }
  std::string out = info_as_text(stats->info);
  out += fmt::format("undated    {}\n", grouped(stats->undated));
  list(out, "languages", stats->languages);
  list(out, "sources", stats->sources);
  list(out, "collections", stats->collections);
  list(out, "years", stats->years);
  print(out);
  return k_exit_ok;
}

}  // namespace rapporteur::indexer
