// rapporteur-server: the command line, the configuration, and the wiring of what serves. Faces the network; opens the
// index for reading only, and writes to the inbox alone, if it has a key.
#include "config/load.hpp"
#include "config/logging.hpp"
#include "server/api/backend.hpp"
#include "server/api/inbox.hpp"
#include "server/api/metrics.hpp"
#include "server/api/result_cache.hpp"
#include "server/api/routes.hpp"
#include "server/api/service.hpp"
#include "server/http/etag.hpp"
#include "server/http/offload.hpp"
#include "server/http/probe.hpp"
#include "server/http/server.hpp"
#include "server/http/static_files.hpp"
#include "server/inbox_key.hpp"
#include "server/installed_files.hpp"
#include "server/pages/routes.hpp"
#include "version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace {

using namespace rapporteur;
using config::log_event;
using config::log_level;
namespace fs = std::filesystem;
namespace asio = http::asio;

constexpr int k_exit_ok = 0;
constexpr int k_exit_failed = 1;  // cannot serve; or, asked for its health, not healthy
constexpr int k_exit_usage = 2;   // wrong command line or configuration
constexpr std::chrono::seconds k_probe_patience{5};
constexpr std::chrono::seconds k_keep_up_every{2};  // how long an idle worker may hold what was removed
constexpr std::size_t k_waiting_posts = 64;         // bodies in memory that wait for the disk
constexpr rlim_t k_other_descriptors = 32;          // standard streams, epoll, timers
constexpr rlim_t k_descriptors_of_worker = 32;      // files of an index, of two generations while it moves on

constexpr const char* k_footer = R"(
Prints "listening on http://ADDRESS:PORT" on stdout once it answers; logs to stderr.
Without an index it serves all the same and answers searches once there is one.

Signals:
  TERM, INT  stop: accept no more, finish what runs, end; the second one ends at once
  HUP        open the index anew, read the page's files, the thesaurus and the log settings again

Exit status:
  0  stopped as told; with --health-check: it is alive
  1  could not serve (address in use, for example); with --health-check: no good answer
  2  wrong command line or configuration)";

struct command_line {
  CLI::App app{"Answers searches over a Rapporteur index, to browsers and to programs."};
  std::string config_file, index_folder, address, port, web_folder, thesaurus;
  bool check_config = false, print_config = false, health_check = false;

  command_line() {
    app.name("rapporteur-server");
    app.footer(k_footer);
    app.set_version_flag("--version", std::string("rapporteur-server ") + k_version);
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
    app.add_option("--config", config_file, "Configuration file (default: /etc/rapporteur/rapporteur.toml, if there)")
        ->type_name("FILE");
    app.add_option("--index", index_folder, "Folder of the index; overrides index.folder")->type_name("DIR");
    app.add_option("--address", address, "IPv4 or IPv6 address to listen on; overrides server.address")->type_name("A");
    app.add_option("--port", port, "Port to listen on, 0 for any free one; overrides server.port")->type_name("N");
    app.add_option("--web", web_folder, "Folder of the page's files; overrides server.web_folder")->type_name("DIR");
    app.add_option("--thesaurus", thesaurus, "File of synonyms; overrides search.thesaurus")->type_name("FILE");
    app.add_flag("--check-config", check_config, "Check the configuration, the pages' templates and words, and end");
    app.add_flag("--print-config", print_config, "Print the effective configuration and end");
    app.add_flag("--health-check", health_check,
                 "Ask the server that runs with this configuration whether it is alive");
  }

  [[nodiscard]] config::options options() const {
    config::options given;
    if (!config_file.empty()) given.file = config_file;
    given.variables = config::process_environment();
    const auto put = [&given](const char* key, const std::string& value, const char* name) {
      if (!value.empty()) given.flags.push_back({key, value, name});
    };
    put("index.folder", index_folder, "--index");
    put("server.address", address, "--address");
    put("server.port", port, "--port");
    put("server.web_folder", web_folder, "--web");
    put("search.thesaurus", thesaurus, "--thesaurus");
    return given;
  }
};

unsigned or_processors(std::uint32_t n) {
  return n != 0 ? n : std::max(std::thread::hardware_concurrency(), 1U);
}

http::server_settings server_settings_of(const config::server_section& s) {
  http::server_settings o;
  o.address = s.address;
  o.port = s.port;
  o.worker_threads = or_processors(s.search_threads);
  o.max_queued = s.queue_length;
  o.max_connections = s.max_connections;
  o.max_target_bytes = s.max_target_size;
  o.max_header_bytes = s.max_header_size;
  o.max_body_bytes = s.max_body_size;
  o.idle_timeout = s.idle_timeout;
  o.header_timeout = s.header_timeout;
  o.body_timeout = s.body_timeout;
  o.write_timeout = s.write_timeout;
  o.request_timeout = s.search_deadline;
  o.shutdown_grace = s.shutdown_grace;
  o.cors_origins = s.cors_origins;
  o.base_path = s.base_path;
  o.public_url = s.public_url;
  o.trusted_proxies = s.trusted_proxies;
  o.standard_forwarded = s.forwarded_header == config::proxy_header::forwarded;
  return o;
}

/// What makes two programs answer differently over one index: the program itself, and what bounds a query's meaning.
std::string etag_salt_of(const config::search_section& s) {
  http::fingerprint f;
  f.add(k_version).add(std::uint64_t{s.max_query_terms}).add(std::uint64_t{s.max_wildcard_expansion});
  f.add(std::uint64_t{s.max_facet_articles}).add(std::uint64_t{s.max_buckets});
  std::error_code ec;
  const auto program = program_path();
  f.add(std::uint64_t{fs::file_size(program, ec)});
  f.add(static_cast<std::uint64_t>(fs::last_write_time(program, ec).time_since_epoch().count()));
  return f.hex();
}

api::settings api_settings_of(const config::search_section& s) {
  api::settings o;
  o.limits.max_query_bytes = s.max_query_size;
  o.limits.max_query_terms = s.max_query_terms;
  o.limits.max_wildcard_expansion = s.max_wildcard_expansion;
  o.limits.max_limit = s.max_limit;
  o.limits.max_depth = s.max_depth;
  o.limits.max_snippets = s.max_snippets;
  o.limits.max_snippet_chars = s.max_snippet_chars;
  o.limits.max_facet_values = s.max_facet_values;
  o.limits.max_facet_articles = s.max_facet_articles;
  o.limits.max_buckets = s.max_buckets;
  o.default_limit = s.default_limit;
  o.default_facet_values = s.default_facet_values;
  o.default_snippets = s.default_snippets;
  o.default_snippet_chars = s.default_snippet_chars;
  o.default_expand = s.expand;
  o.etag_salt = etag_salt_of(s);
  return o;
}

log_level level_of(http::severity s) noexcept {
  switch (s) {
    case http::severity::debug:
      return log_level::debug;
    case http::severity::info:
      return log_level::info;
    case http::severity::warning:
      return log_level::warning;
    case http::severity::error:
      return log_level::error;
  }
  return log_level::error;
}

http::log_hooks log_hooks() {
  http::log_hooks hooks;
  hooks.access = [](const http::access_record& a) {
    if (!config::log_enabled(log_level::info)) return;
    std::vector<config::log_field> fields{{"method", a.method},
                                          {"route", a.route},
                                          {"status", a.status},
                                          {"bytes", a.bytes},
                                          {"took_ms", std::chrono::duration<double, std::milli>(a.took).count()}};
    fields.emplace_back("request_id", a.request_id);
    if (!a.target.empty()) fields.emplace_back("target", a.target);
    if (!a.address.empty()) fields.emplace_back("client", a.address);
    log_event(log_level::info, "request", fields);
  };
  hooks.event = [](http::severity s, std::string_view message) {
    log_event(level_of(s), "server", {{"message", message}});
  };
  return hooks;
}

/// The server's side of the inbox: a folder, and a thread of its own for it.
class inbox_side {
 public:
  inbox_side(const config::inbox_section& s, std::string key, const http::log_hooks& log)
      : folder_(s.folder, {.max_requests = s.max_queued, .max_bytes = s.max_queued_size}),
        workers_(1, k_waiting_posts),
        posting_{.folder = folder_,
                 .workers = workers_,
                 .log = log,
                 .key = std::move(key),
                 .cors_origins = s.cors_origins,
                 .max_request_bytes = s.max_request_size,
                 .max_articles = s.max_articles} {
    log_event(log_level::info, "inbox", {{"folder", s.folder.string()}});
    if (auto ready = folder_.prepare(); !ready) {
      log_event(log_level::error, "inbox",
                {{"message", ready.error().message + "; what is posted is refused until this is mended"}});
    }
    if (!s.key_file.empty() && is_readable_by_all(s.key_file)) {
      log_event(log_level::warning, "inbox",
                {{"message", s.key_file.string() + ": every user of this machine may read the key"}});
    }
  }
  [[nodiscard]] const api::posting* routes() const noexcept { return &posting_; }

 private:
  index::inbox folder_;
  http::worker_pool workers_;
  api::posting posting_;
};

/// How many connections there can be: each takes a descriptor, and those that are needed besides must not be theirs,
/// or the index could not be opened. The soft limit is raised as far as the hard one lets it.
std::size_t allowed_connections(std::size_t wanted, unsigned workers) {
  const rlim_t others = k_other_descriptors + k_descriptors_of_worker * workers;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted + others) return wanted;
  limit.rlim_cur = std::min<rlim_t>(wanted + others, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= wanted + others) return wanted;
  const auto allowed = limit.rlim_cur - std::min<rlim_t>(others, limit.rlim_cur / 2);
  log_event(log_level::warning, "descriptor_limit",
            {{"limit", limit.rlim_cur},
             {"connections", allowed},
             {"message", "so few open files are allowed that there can be fewer connections than configured"}});
  return allowed;
}

/// The thesaurus, which SIGHUP may replace while searches use the one before.
class shared_thesaurus {
 public:
  /// False, with the reason logged, if it cannot be used; then the one read before stays.
  bool load(const fs::path& file) {
    auto read = search::thesaurus::load(file);
    if (!read) {
      log_event(log_level::error, "thesaurus", {{"message", read.error().message}});
      return false;
    }
    log_event(log_level::info, "thesaurus", {{"file", file.string()}, {"groups", (*read)->group_count()}});
    const std::lock_guard lock(mutex_);
    words_ = std::move(*read);
    return true;
  }

  /// Null if none was loaded.
  [[nodiscard]] std::shared_ptr<const search::thesaurus> get() const {
    const std::lock_guard lock(mutex_);
    return words_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const search::thesaurus> words_;
};

/// The page's files and what the plain pages are made of, which SIGHUP may replace while requests are answered from
/// them.
class page {
 public:
  /// False, with the reason logged, if they cannot be read; then those read before stay.
  bool load(const fs::path& folder) {
    auto files = http::static_files::load(folder);
    if (!files) {
      log_event(log_level::error, "web_folder", {{"message", files.error().message}});
      return false;
    }
    auto plain = pages::page_set::load(folder);
    if (!plain) {
      log_event(log_level::error, "web_folder", {{"message", plain.error().message}});
      return false;
    }
    log_event(log_level::debug, "web_folder",
              {{"folder", folder.string()}, {"files", files->size()}, {"plain_pages", *plain != nullptr}});
    auto fresh = std::make_shared<const http::static_files>(std::move(*files));
    const std::lock_guard lock(mutex_);
    files_ = std::move(fresh);
    plain_ = std::move(*plain);
    return true;
  }

  /// Null if there are none.
  [[nodiscard]] std::shared_ptr<const pages::page_set> plain() const {
    const std::lock_guard lock(mutex_);
    return plain_;
  }

  http::response serve(const http::request& q) const {
    std::shared_ptr<const http::static_files> files;
    {
      const std::lock_guard lock(mutex_);
      files = files_;
    }
    return files->serve(q);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const http::static_files> files_ = std::make_shared<const http::static_files>();
  std::shared_ptr<const pages::page_set> plain_;
};

/// Empty if there is none.
fs::path web_folder_of(const config::outcome& loaded) {
  const auto& configured = loaded.values.server.web_folder;
  if (loaded.origins.contains("server.web_folder")) return configured;
  return find_web_folder(configured, program_path()).value_or(fs::path());
}

/// Whether the page that a server would start with is there, and what the plain pages are made of can be used.
int check_web_folder(const fs::path& folder) {
  if (folder.empty()) return k_exit_ok;
  std::error_code ec;
  if (!fs::is_directory(folder, ec)) {
    fmt::print(stderr, "rapporteur-server: server.web_folder: there is no folder {}\n", folder.string());
    return k_exit_usage;
  }
  const auto plain = pages::page_set::load(folder);
  if (plain) return k_exit_ok;
  fmt::print(stderr, "rapporteur-server: {}\n", plain.error().message);
  return k_exit_usage;
}

int run_server(const config::outcome& loaded, const config::options& given, const std::string& key) {
  const config::settings& s = loaded.values;
  config::start_log(s.log);
  std::signal(SIGPIPE, SIG_IGN);

  page files;
  const auto web = web_folder_of(loaded);
  if (web.empty()) {
    log_event(log_level::warning, "web_folder",
              {{"message", "no folder with the search page found: only the API is served"}});
  } else if (!files.load(web)) {
    return k_exit_usage;
  }

  shared_thesaurus words;
  const auto synonyms = loaded.origins.contains("search.thesaurus")
                            ? s.search.thesaurus
                            : find_thesaurus(s.search.thesaurus, program_path()).value_or(fs::path());
  if (!synonyms.empty()) {
    if (!words.load(synonyms)) return k_exit_usage;
  } else if (!loaded.origins.contains("search.thesaurus")) {
    log_event(log_level::warning, "thesaurus", {{"message", "no thesaurus found: searches are not expanded"}});
  }

  const auto api_settings = api_settings_of(s.search);
  auto server_settings = server_settings_of(s.server);
  server_settings.record_targets = s.log.queries;
  server_settings.record_addresses = s.log.addresses;
  server_settings.max_connections =
      allowed_connections(server_settings.max_connections, server_settings.worker_threads);
  api::metrics counted;
  auto hooks = log_hooks();
  if (s.server.metrics) {
    hooks.access = [&counted, log = std::move(hooks.access)](const http::access_record& a) {
      counted.count(a);
      log(a);
    };
  }
  api::backends backends(api::open_index(s.index.folder, api_settings.limits, [&words] { return words.get(); }),
                         server_settings.worker_threads, hooks);
  http::server server(server_settings, hooks);  // after what its workers use: its end waits for them
  server.workers().when_idle(k_keep_up_every, [&backends](std::size_t worker) { backends.keep_up(worker); });
  std::optional<inbox_side> inbox;  // after the server: its work ends before what it comes back to
  if (!key.empty()) inbox.emplace(s.inbox, key, hooks);
  std::optional<api::result_cache> results;
  if (s.server.result_cache > 0) results.emplace(s.server.result_cache);
  const api::service service{.options = api_settings,
                             .workers = server.workers(),
                             .search = backends,
                             .inbox = inbox ? inbox->routes() : nullptr,
                             .statistics = [&s] { return search::read_statistics(s.index.folder); },
                             .counted = s.server.metrics ? &counted : nullptr,
                             .results = results ? &*results : nullptr};
  api::add_routes(server.routes(), service);
  const pages::page_service plain{.api = service, .pages = [&files] { return files.plain(); }};
  pages::add_routes(server.routes(), plain);
  server.routes().set_fallback(
      "web", [&files](const http::request& q) -> asio::awaitable<http::response> { co_return files.serve(q); });
  server.handle_signals([&] {
    auto reload = [&](std::size_t) -> result<void> {
      const auto again = config::load(given);
      if (again.ok()) {
        config::start_log(again.values.log);
      } else {
        log_event(log_level::error, "configuration", {{"message", again.report()}});
      }
      if (!web.empty()) files.load(web);
      if (!synonyms.empty()) words.load(synonyms);
      backends.reopen_all();
      log_event(log_level::info, "reloaded",
                {{"message", "index, page, thesaurus and log settings; others need a restart"}});
      return {};
    };
    http::offload(server.workers(), http::clock::time_point::max(), reload, asio::detached);
  });

  const auto url = server.listen();
  if (!url) {
    fmt::print(stderr, "rapporteur-server: {}\n", url.error().message);
    return url.error().code == errc::invalid_argument ? k_exit_usage : k_exit_failed;
  }
  log_event(log_level::info, "listening", {{"url", *url}, {"index", s.index.folder.string()}, {"version", k_version}});
  fmt::print("listening on {}\n", *url);
  std::fflush(stdout);

  const bool finished = server.run();
  log_event(log_level::info, "stopped", {{"finished_all", finished}});
  // A worker that is still searching cannot be interrupted, and nobody waits for what it finds.
  if (!finished) std::quick_exit(k_exit_ok);
  return k_exit_ok;
}

int check_health(const config::server_section& s) {
  const auto status = http::probe(s.address, s.port, "/healthz", k_probe_patience);
  if (status && *status == 200) return k_exit_ok;
  fmt::print(stderr, "rapporteur-server: port {} at {}: {}\n", s.port, s.address,
             status ? fmt::format("answered with status {}", *status) : status.error().message);
  return k_exit_failed;
}

int run_program(int argc, char** argv) {
  command_line line;
  try {
    line.app.parse(argc, argv);
  } catch (const CLI::Success& e) {  // --help, --version
    return line.app.exit(e);
  } catch (const CLI::ParseError& e) {
    fmt::print(stderr, "rapporteur-server: {}\nrapporteur-server --help tells more\n", e.what());
    return k_exit_usage;
  }
  const auto given = line.options();
  const auto loaded = config::load(given);
  if (!loaded.ok()) {
    fmt::print(stderr, "{}", loaded.report());
    return k_exit_usage;
  }
  const auto key = line.health_check ? result<std::string>(std::string()) : inbox_key(loaded.values.inbox);
  if (!key) {
    fmt::print(stderr, "rapporteur-server: {}\n", key.error().message);
    return k_exit_usage;
  }
  if (line.print_config) fmt::print("{}", config::print_config(loaded));
  if (line.check_config) return check_web_folder(web_folder_of(loaded));
  if (line.print_config) return k_exit_ok;
  if (line.health_check) return check_health(loaded.values.server);
  return run_server(loaded, given, *key);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_program(argc, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "rapporteur-server: {}\n", e.what());
  }
  return k_exit_failed;
}
