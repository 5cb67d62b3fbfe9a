#include "tests/bench/search_bench_load.hpp"

#include "tests/bench/bench_program.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace rapporteur::bench {
namespace {

// Requests are put together once; done() says in one line what wrk's own report rounds.
constexpr const char* k_script = R"(
local requests = {}
local last = 0
function init(arguments)
  for i, target in ipairs(targets) do requests[i] = wrk.format("GET", target) end
end
function request()
  last = last % #requests + 1
  return requests[last]
end
function done(summary, latency, rates)
  local e = summary.errors
  io.write(string.format("\nmeasured %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
)";

}  // namespace

void write_wrk_script(const std::vector<std::string>& targets, const std::filesystem::path& to) {
  std::ofstream out(to, std::ios::trunc);
  out << "targets = {\n";
  for (const std::string& t : targets) out << "  [[" << t << "]],\n";  // percent-encoded: no brackets in it
  out << "}\n" << k_script;
  out.close();
  if (!out) throw std::runtime_error(fmt::format("{}: cannot be written", to.string()));
}

load_result run_wrk(std::uint16_t port, const std::filesystem::path& script, unsigned connections, unsigned seconds,
                    const std::filesystem::path& said) {
  run_measured(
      {"wrk", "--threads", "1", "--connections", std::to_string(connections), "--duration", fmt::format("{}s", seconds),
       "--timeout", "30s", "--script", script.string(), fmt::format("http://127.0.0.1:{}/", port)},
      {}, said);
  std::string line;
  for (std::ifstream in(said); std::getline(in, line);) {
    std::istringstream words(line);
    std::string first;
    double requests = 0, microseconds = 0, bytes = 0, p50 = 0, p99 = 0, errors = 0;
    if (!(words >> first) || first != "measured") continue;
    words >> requests >> microseconds >> bytes >> p50 >> p99 >> errors;
    if (!words || requests == 0 || microseconds == 0 || errors != 0) break;
    return {requests / microseconds * 1e6, p50 / 1e3, p99 / 1e3, bytes / requests};
  }
  std::ostringstream all;
  all << std::ifstream(said).rdbuf();
  throw std::runtime_error(fmt::format("wrk got no answers, or wrong ones:\n{}", all.str()));
}

}  // namespace rapporteur::bench
