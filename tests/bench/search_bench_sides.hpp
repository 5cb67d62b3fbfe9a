// The two servers that the search benchmark asks: rapporteur-server, and omega of xapian-omega behind nginx and
// fcgiwrap. Both run as we do, on free ports of 127.0.0.1, with their files in a folder of the benchmark, and end with
// their objects.
//
// Knows how the same request is written for each, and reads their answers; does not know the clock.
#pragma once

#include "tests/bench/bench_program.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::bench {

/// What is asked. The first ten hits with snippets, always.
struct request {
  std::string words;                       ///< in lower case; a phrase in quotation marks
  std::string source, language, from, to;  ///< filters; from and to are years; empty: none
  bool facets = false;                     ///< counts by outlet, language and year: Rapporteur alone has them
};

/// What came back.
struct found {
  std::uint64_t total = 0;       ///< articles; omega is told to count
  std::size_t hits = 0;          ///< listed
  std::size_t with_snippet = 0;  /// of these
  std::size_t bytes = 0;         ///< of the answer's body
};

class side {
 public:
  virtual ~side() = default;
  side(const side&) = delete;
  side& operator=(const side&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// Path and query of a request.
  [[nodiscard]] virtual std::string target(const request& asked) const = 0;
  /// Asks, apart from what is timed; throws with the answer unless it is a 200 in the form that is expected.
  [[nodiscard]] virtual found ask(const request& asked) const = 0;
  [[nodiscard]] virtual bool has_facets() const = 0;
  /// Milliseconds of processor that a request takes, mean. Unlike queries a second, it says the same on a busy machine.
  [[nodiscard]] virtual double processor_ms(const std::vector<request>& asked) const = 0;

 protected:
  side(std::string name, std::uint16_t port) : name_(std::move(name)), port_(port) {}
  [[nodiscard]] std::string body_of(const std::string& path) const;
  std::string name_;
  std::uint16_t port_;
};

/// rapporteur-server on a free port, with its defaults but for what is in environment (NAME=VALUE).
class rapporteur_side final : public side {
 public:
  rapporteur_side(std::string name, const std::filesystem::path& program, const std::filesystem::path& index,
                  const std::filesystem::path& said, const std::vector<std::string>& environment);
  [[nodiscard]] std::string target(const request& asked) const override;
  [[nodiscard]] found ask(const request& asked) const override;
  [[nodiscard]] bool has_facets() const override { return true; }
  /// Of all threads of the server, from the connection to the answer.
  [[nodiscard]] double processor_ms(const std::vector<request>& asked) const override;
  [[nodiscard]] pid_t pid() const noexcept { return program_->pid(); }

 private:
  std::unique_ptr<running_program> program_;
};

/// nginx, and one fcgiwrap for each number of children in children. Needs nginx-light, fcgiwrap and xapian-omega.
class omega_programs {
 public:
  /// database: a folder that holds the database "omega". folder: for everything else.
  omega_programs(const std::filesystem::path& database, const std::filesystem::path& folder,
                 const std::vector<unsigned>& children);
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
  /// Of nginx, one fcgiwrap and the omega processes that run at this moment.
  [[nodiscard]] double megabytes(std::size_t fcgiwrap) const;

 private:
  std::filesystem::path folder_;
  std::uint16_t port_;
  std::vector<std::unique_ptr<running_program>> fcgiwraps_;
  std::unique_ptr<running_program> nginx_;
};

/// What omega's snippets are cut from.
enum class snippet_source : std::uint8_t {
  text,   ///< the article's whole text, so that the passage holds what matched
  sample  ///< its first 512 bytes, the sample that omindex keeps of a document: what matched is seldom there
};

class omega_side final : public side {
 public:
  omega_side(std::string name, const omega_programs& programs, unsigned children, snippet_source from);
  [[nodiscard]] std::string target(const request& asked) const override;
  [[nodiscard]] found ask(const request& asked) const override;
  [[nodiscard]] bool has_facets() const override { return false; }
  /// Of the omega process alone, run without nginx and fcgiwrap: they ignore how their children end, so that nothing
  /// counts what these took.
  [[nodiscard]] double processor_ms(const std::vector<request>& asked) const override;

 private:
  std::filesystem::path folder_;  ///< of omega.conf
  unsigned children_;
  snippet_source from_;
};

}  // namespace rapporteur::bench
