// rapporteur-index: the command line, the configuration, signals. The only program that writes an index.
#include "config/load.hpp"
#include "index/last_words.hpp"
#include "indexer/commands.hpp"
#include "indexer/explain.hpp"
#include "version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

namespace {

using namespace rapporteur;

// Set by the first SIGINT or SIGTERM. The second one ends the program at once, which harms no index either: a run is
// published by one rename or one commit.
volatile std::sig_atomic_t g_stop_signal = 0;

void catch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = [](int signal) { g_stop_signal = signal; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  // A reader of our messages that goes away must not take the run with it.
  std::signal(SIGPIPE, SIG_IGN);
}

constexpr const char* k_footer = R"(
Exit status:
  0  all well
  1  some articles or files failed (listed on stderr), the rest is in; or an ID was unknown, or check found problems
  2  wrong command line or configuration; nothing was done
  3  the index could not be opened, read or written; it is as it was
  128 + N  stopped by signal N before the end; the index is as it was

All articles of a run become visible together, at its end. docs/articles.md describes the formats.)";

struct command_line {
  CLI::App app{
      "Puts articles into a Rapporteur index: reads files and writes the index, which rapporteur-server serves."};
  std::string config_file, index_folder;
  bool check_config = false, print_config = false;
  indexer::output_options output;
  std::vector<std::string> paths, ids;
  std::string folder;
  bool prune = false, allow_empty = false, read_all = false, dry = false, if_needed = false, no_merge = false;
  CLI::App *add = nullptr, *rebuild = nullptr, *watch = nullptr, *remove = nullptr, *compact = nullptr,
           *snapshot = nullptr, *restore = nullptr, *check = nullptr, *stats = nullptr;
  indexer::explain_options explained;
  CLI::App* explain = nullptr;

  command_line() {
    app.name("rapporteur-index");
    app.footer(k_footer);
    app.set_version_flag("--version", std::string("rapporteur-index ") + k_version);
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
    app.add_option("--config", config_file, "Configuration file (default: /etc/rapporteur/rapporteur.toml, if there)")
        ->type_name("FILE");
    app.add_option("--index", index_folder, "Folder of the index; overrides index.folder of the configuration")
        ->type_name("DIR");
    app.add_flag("--check-config", check_config, "Check the configuration and end");
    app.add_flag("--print-config", print_config, "Print the effective configuration and end");
    app.add_flag("-q,--quiet", output.quiet, "No progress and no summary; failures are still listed");
    app.add_flag("--json", output.json, "Print the result as JSON on stdout");
    app.require_subcommand(0, 1);
    app.fallthrough();

    add = app.add_subcommand("add", "Add the articles in PATHs; same id: replace, same content: skip");
    rebuild = app.add_subcommand("rebuild", "Build the index anew from PATHs (and the inbox), beside the one in use");
    watch = app.add_subcommand("watch", "Keep the index equal to PATHs, and take what comes through the inbox");
    for (CLI::App* c : {add, rebuild, watch}) {
      c->add_option("PATH", paths, "Files, or folders with files: .txt .jsonl .ndjson")->required()->type_name("");
    }
    for (CLI::App* c : {add, rebuild}) c->add_flag("--dry-run", dry, "Read and compare, and change nothing");
    for (CLI::App* c : {add, watch}) {
      c->add_flag("--allow-empty", allow_empty, "Remove articles also where a folder of PATHs has no file left at all");
      c->add_flag("--read-all", read_all, "Read files again that have not changed");
    }
    add->add_flag("--prune", prune, "Remove articles whose file, or whose place in it, is gone below PATHs");
    watch->add_flag("--no-merge", no_merge, "Do not merge the index when small commits have spread it out");
    remove = app.add_subcommand("remove", "Remove articles by id");
    remove->add_option("ID", ids, "Ids of articles")->required()->type_name("");
    compact = app.add_subcommand("compact", "Merge the index into its smallest and fastest form, while it is served");
    compact->add_flag("--if-needed", if_needed, "Only if it has grown by half");
    snapshot = app.add_subcommand("snapshot", "Copy the index as of its last commit, also while it is written");
    snapshot->add_option("DIR", folder, "A folder that is not there yet, or empty")->required()->type_name("");
    restore = app.add_subcommand("restore", "Make a copy of a snapshot the index that is served");
    restore->add_option("DIR", folder, "A snapshot")->required()->type_name("");
    check = app.add_subcommand("check", "Verify the whole index");
    stats = app.add_subcommand("stats", "Count articles by language, outlet, collection and year");
    explain =
        app.add_subcommand("explain", "Show what is read from a file, or is in the index: tokens, terms, and why");
    explain->add_option("WHAT", explained.target, "FILE, FILE:LINE, or the ID of an article")
        ->required()
        ->type_name("");
    explain
        ->add_option("--word", explained.words,
                     "Only what concerns this word: whether a search for it finds the article")
        ->type_name("WORD")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    explain->add_flag("--all", explained.all, "All tokens and terms, and the whole text");
    explain->add_flag("--id", explained.is_id, "WHAT is an ID, even if there is a file of that name");
  }
};

int usage(const std::string& message) {
  fmt::print(stderr, "rapporteur-index: {}\nrapporteur-index --help tells more\n", message);
  return indexer::k_exit_usage;
}

/// The configuration has checked the names; a test holds its words to the indexer's.
indexer::record_rules rules_of(const config::settings& s) {
  indexer::record_rules rules;
  for (const config::field_mapping& m : s.fields) {
    auto rule = indexer::field_named(m.field);
    if (!rule) continue;
    rule->split = m.split;
    rules.fields.set(m.key, *std::move(rule));
  }
  return rules;
}

indexer::run_options options_of(const config::settings& s) {
  indexer::run_options o;
  o.index = s.index.folder;
  o.writer.threads = s.indexer.threads;
  o.writer.memory = s.indexer.memory;
  o.writer.zstd_level = static_cast<int>(s.indexer.zstd_level);
  o.writer.dictionary_bytes = s.indexer.dictionary_size;
  o.writer.sample_articles = s.indexer.sample_articles;
  o.rules.limits.max_article_bytes = s.indexer.max_article_size;
  o.rules.limits.max_file_bytes = s.indexer.max_file_size;
  o.rules.records = rules_of(s);
  o.rules.reading = indexer::reading_of(o.rules.limits, o.rules.records);
  o.inbox = s.inbox.folder;
  return o;
}

int run_command(const command_line& line, const config::settings& settings) {
  const auto stopped = [] { return g_stop_signal != 0; };
  indexer::run_options options = options_of(settings);
  options.paths = line.paths;
  options.rules.prune = line.prune;
  options.rules.read_all = line.read_all;
  options.allow_empty = line.allow_empty;
  options.dry = line.dry;
  if (line.watch->parsed()) {
    indexer::watch_options w;
    w.run = std::move(options);
    w.rescan = settings.indexer.rescan;
    w.receipts_kept = std::chrono::duration_cast<std::chrono::seconds>(settings.inbox.receipts_kept);
    w.merge = !line.no_merge;
    return indexer::command_watch(w, line.output, stopped);
  }
  if (line.compact->parsed()) return indexer::command_compact(options.index, line.if_needed, line.output, stopped);
  if (line.snapshot->parsed()) return indexer::command_snapshot(options.index, line.folder, line.output);
  if (line.restore->parsed()) return indexer::command_restore(options.index, line.folder, line.output);
  if (line.rebuild->parsed()) options.mode = index::writer::mode::rebuild;
  if (line.add->parsed() || line.rebuild->parsed()) return indexer::command_run(options, line.output, stopped);
  if (line.remove->parsed()) return indexer::command_remove(options, line.ids, line.output, stopped);
  if (line.explain->parsed()) return indexer::command_explain(options, line.explained, line.output);
  if (line.check->parsed()) return indexer::command_check(options.index, line.output);
  return indexer::command_stats(options.index, line.output);
}

int run_program(int argc, char** argv) {
  command_line line;
  try {
    line.app.parse(argc, argv);
  } catch (const CLI::Success& e) {  // --help, --version
    return line.app.exit(e);
  } catch (const CLI::ParseError& e) {
    return usage(e.what());
  }
  const bool only_config = line.check_config || line.print_config;
  if (!only_config && line.app.get_subcommands().empty())
    return usage(
        "a command is needed: add, rebuild, watch, remove, compact, snapshot, restore, check, stats or explain");

  config::options given;
  if (!line.config_file.empty()) given.file = line.config_file;
  given.variables = config::process_environment();
  if (!line.index_folder.empty()) given.flags.push_back({"index.folder", line.index_folder, "--index"});
  const config::outcome loaded = config::load(given);
  if (!loaded.ok()) {
    fmt::print(stderr, "{}", loaded.report());
    return indexer::k_exit_usage;
  }
  if (line.print_config) fmt::print("{}", config::print_config(loaded));
  if (only_config) return indexer::k_exit_ok;

  catch_stop_signals();
  index::leave_last_words(loaded.values.index.folder, indexer::k_exit_index);
  const int status = run_command(line, loaded.values);
  return status == indexer::k_exit_stopped ? status + static_cast<int>(g_stop_signal) : status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_program(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "rapporteur-index: {}; run check: if the index is damaged, restore a snapshot or rebuild it\n",
               e.what());
  }
  return rapporteur::indexer::k_exit_index;
}
