#include "tests/bench/search_bench_sides.hpp"

#include "tests/server/http/raw_client.hpp"

#include <arpa/inet.h>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace rapporteur::bench {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr const char* k_omega = "/usr/lib/cgi-bin/omega/omega";  // where Debian's xapian-omega has it
constexpr auto k_patience = std::chrono::seconds(30);            // for a program to be ready

std::string encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 128 && std::isalnum(byte) != 0) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

// A port that nobody listens on at this moment.
std::uint16_t free_port() {
  const int s = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof any;
  const bool bound = ::bind(s, reinterpret_cast<const sockaddr*>(&any), size) == 0 &&
                     ::getsockname(s, reinterpret_cast<sockaddr*>(&any), &size) == 0;
  ::close(s);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(any.sin_port);
}

// Until ready; throws when the program ends or patience does.
template <typename Ready>
void await(running_program& program, const char* name, Ready ready) {
  const auto end = std::chrono::steady_clock::now() + k_patience;
  while (!ready()) {
    program.expect_running();
    if (std::chrono::steady_clock::now() > end) {
      throw std::runtime_error(fmt::format("{} does not listen:\n{}", name, program.said()));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void write(const fs::path& to, std::string_view text) {
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) throw std::runtime_error(fmt::format("{}: cannot be written", to.string()));
}

// Every hit takes three lines. Otherwise omega's own defaults: English stems, words required unless the request says
// otherwise.
std::string omega_template(std::string_view quoted) {
  return fmt::format(
      "$httpheader{{Content-Type,text/plain; charset=utf-8}}total $msize\n"
      "$hitlist{{hit $field{{id}}\n"
      "title $html{{$field{{title}}}}\n"
      "snippet $snippet{{{}}}\n"
      "}}end\n",
      quoted);
}

std::string user_name() {
  const passwd* p = ::getpwuid(::geteuid());
  return p == nullptr ? "root" : p->pw_name;
}

std::string nginx_configuration(std::uint16_t port, const fs::path& folder, const std::vector<unsigned>& children) {
  std::string locations;
  for (const unsigned n : children) {
    locations += fmt::format(
        "    location = /omega{0} {{\n"
        "      fastcgi_param SCRIPT_FILENAME {1};\n"
        "      fastcgi_param QUERY_STRING $query_string;\n"
        "      fastcgi_param REQUEST_METHOD $request_method;\n"
        "      fastcgi_param OMEGA_CONFIG_FILE {2}/omega.conf;\n"
        "      fastcgi_param XAPIAN_CJK_NGRAM 1;\n"
        "      fastcgi_pass unix:{2}/fcgiwrap{0}.socket;\n"
        "    }}\n",
        n, k_omega, folder.string());
  }
  // nginx started by root would serve as nobody, who may not enter the folder.
  return fmt::format(
      "{0}daemon off;\nworker_processes 2;\npid {1}/nginx.pid;\nerror_log stderr error;\n"
      "events {{ worker_connections 64; }}\n"
      "http {{\n  access_log off;\n  keepalive_requests 100000000;\n"
      "  client_body_temp_path {1}/body;\n  proxy_temp_path {1}/proxy;\n  fastcgi_temp_path {1}/fastcgi;\n"
      "  uwsgi_temp_path {1}/uwsgi;\n  scgi_temp_path {1}/scgi;\n"
      "  server {{\n    listen 127.0.0.1:{2};\n{3}  }}\n}}\n",
      ::geteuid() == 0 ? fmt::format("user {};\n", user_name()) : std::string(), folder.string(), port, locations);
}

}  // namespace

std::string side::body_of(const std::string& path) const {
  auto answer = http::test::get(port_, path);
  if (answer.status != 200)
    throw std::runtime_error(fmt::format("{}: {}: {}{}", name_, path, answer.head, answer.body));
  return std::move(answer.body);
}

rapporteur_side::rapporteur_side(std::string name, const fs::path& program, const fs::path& index, const fs::path& said,
                                 const std::vector<std::string>& environment)
    : side(std::move(name), 0) {
  program_ = std::make_unique<running_program>(
      std::vector<std::string>{program.string(), "--index", index.string(), "--address", "127.0.0.1", "--port", "0"},
      environment, said);
  await(*program_, "rapporteur-server", [this] {
    const std::string all = program_->said();
    const std::size_t at = all.find("listening on ");
    const std::size_t end = at == std::string::npos ? at : all.find('\n', at);
    if (end == std::string::npos) return false;
    const std::size_t colon = all.rfind(':', end);
    std::from_chars(all.data() + colon + 1, all.data() + end, port_);
    return port_ != 0;
  });
}

std::string rapporteur_side::target(const request& asked) const {
  std::string path = "/api/v1/search?limit=10&q=" + encode(asked.words);
  const auto add = [&](const char* parameter, const std::string& value) {
    if (!value.empty()) path += fmt::format("&{}={}", parameter, encode(value));
  };
  add("source", asked.source);
  add("lang", asked.language);
  add("from", asked.from);
  add("to", asked.to);
  if (asked.facets) path += "&facets=source,lang,year";
  return path;
}

found rapporteur_side::ask(const request& asked) const {
  const std::string body = body_of(target(asked));
  const json::value answer = json::parse(body);
  found f;
  f.bytes = body.size();
  f.total = answer.at("total").at("value").to_number<std::uint64_t>();
  for (const json::value& hit : answer.at("hits").as_array()) {
    ++f.hits;
    const json::value* snippets = hit.as_object().if_contains("snippets");
    f.with_snippet += snippets != nullptr && !snippets->as_array().empty() ? 1 : 0;
  }
  if (asked.facets && answer.at("facets").at("source").as_array().empty()) {
    throw std::runtime_error(fmt::format("{}: no facets in {}", name(), body));
  }
  return f;
}

double rapporteur_side::processor_ms(const std::vector<request>& asked) const {
  constexpr unsigned k_times = 5;
  const double before = processor_seconds_of(program_->pid());
  for (unsigned n = 0; n < k_times; ++n) {
    for (const request& r : asked) (void)body_of(target(r));
  }
  return (processor_seconds_of(program_->pid()) - before) * 1e3 / static_cast<double>(k_times * asked.size());
}

omega_programs::omega_programs(const fs::path& database, const fs::path& folder, const std::vector<unsigned>& children)
    : folder_(folder), port_(free_port()) {
  if (!fs::exists(k_omega)) throw std::runtime_error(fmt::format("{} is missing: install xapian-omega", k_omega));
  fs::create_directories(folder / "templates");
  write(folder / "templates" / "text", omega_template("$field{text}"));
  write(folder / "templates" / "sample", omega_template("$truncate{$field{text},512}"));
  write(folder / "omega.conf", fmt::format("database_dir {0}\ntemplate_dir {1}/templates\nlog_dir {1}\ncdb_dir {1}\n",
                                           database.string(), folder.string()));
  write(folder / "nginx.conf", nginx_configuration(port_, folder, children));
  for (const unsigned n : children) {
    const fs::path socket = folder / fmt::format("fcgiwrap{}.socket", n);
    fcgiwraps_.push_back(std::make_unique<running_program>(
        std::vector<std::string>{"fcgiwrap", "-c", std::to_string(n), "-s", "unix:" + socket.string()},
        std::vector<std::string>{}, folder / fmt::format("fcgiwrap{}.said", n)));
    await(*fcgiwraps_.back(), "fcgiwrap", [&] { return fs::exists(socket); });
  }
  nginx_ = std::make_unique<running_program>(
      std::vector<std::string>{"nginx", "-p", folder.string(), "-e", "stderr", "-c", (folder / "nginx.conf").string()},
      std::vector<std::string>{}, folder / "nginx.said");
  await(*nginx_, "nginx", [this] {
    try {
      const http::test::raw_client connects(port_);
      return true;
    } catch (const std::runtime_error&) {
      return false;
    }
  });
}

double omega_programs::megabytes(std::size_t fcgiwrap) const {
  return memory_of_group(nginx_->pid()) + memory_of_group(fcgiwraps_.at(fcgiwrap)->pid());
}

omega_side::omega_side(std::string name, const omega_programs& programs, unsigned children, snippet_source from)
    : side(std::move(name), programs.port()), folder_(programs.folder()), children_(children), from_(from) {}

double omega_side::processor_ms(const std::vector<request>& asked) const {
  double seconds = 0;
  for (const request& r : asked) {
    const std::string path = target(r);
    seconds += run_measured({k_omega},
                            {"REQUEST_METHOD=GET", "QUERY_STRING=" + path.substr(path.find('?') + 1),
                             "OMEGA_CONFIG_FILE=" + (folder_ / "omega.conf").string(), "XAPIAN_CJK_NGRAM=1"},
                            folder_ / "omega.said")
                   .cpu_seconds;
  }
  return seconds * 1e3 / static_cast<double>(asked.size());
}

std::string omega_side::target(const request& asked) const {
  std::string path = fmt::format("/omega{}?DB=omega&FMT={}&DEFAULTOP=and&HITSPERPAGE=10&P={}", children_,
                                 from_ == snippet_source::text ? "text" : "sample", encode(asked.words));
  // As boolean=XS with "lower" has made them (tests/bench/bench_corpus.cpp).
  std::string source = asked.source;
  std::transform(source.begin(), source.end(), source.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (!source.empty()) path += "&B=" + encode("XS" + source);
  if (!asked.language.empty()) path += "&B=" + encode("L" + asked.language);
  if (!asked.from.empty()) path += "&START=" + asked.from;
  if (!asked.to.empty()) path += "&END=" + asked.to;
  return path;
}

found omega_side::ask(const request& asked) const {
  const std::string body = body_of(target(asked) + "&MINHITS=1000000");
  found f;
  f.bytes = body.size();
  bool ended = false;
  std::string_view rest = body;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (line.starts_with("total ")) {
      std::from_chars(line.data() + 6, line.data() + line.size(), f.total);
    } else if (line.starts_with("hit ") && line.size() > 4) {
      ++f.hits;
    } else if (line.starts_with("snippet ") && line.size() > 8) {
      ++f.with_snippet;
    }
    ended = line == "end";
  }
  if (!ended) throw std::runtime_error(fmt::format("{}: {}: {}", name(), target(asked), body));
  return f;
}

}  // namespace rapporteur::bench
