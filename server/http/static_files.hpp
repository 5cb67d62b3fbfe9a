// The front end's files, served from memory: read, hashed and compressed once, when the server starts.
//
// A request's path is looked up among the names that were found then; it never reaches the file system, so there is
// nothing to traverse.
#pragma once

#include "index/error.hpp"
#include "server/http/message.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace rapporteur::http {

class static_files {
 public:
  /// Most that one folder may hold; more is surely the wrong folder.
  static constexpr std::uint64_t k_max_bytes = 64ULL * 1024 * 1024;

  /// Reads every regular file below folder, except what starts with a dot and what links out of it. errc::not_found,
  /// io, too_large.
  static result<static_files> load(const std::filesystem::path& folder);

  static_files() = default;  ///< serves nothing

  /// Answers GET and HEAD: 200 with the representation that the client prefers, its strong ETag, and revalidation on
  /// every use (names carry no version); 404 as a problem. "/" and "/x/" are index.html of their folder. Any thread.
  [[nodiscard]] response serve(const request& q) const;

  [[nodiscard]] std::size_t size() const noexcept { return files_.size(); }

 private:
  struct representation {
    std::shared_ptr<const std::string> bytes;
    std::string etag;
  };
  struct file {
    std::string_view type;
    representation identity, gzip, brotli;  ///< without bytes: not worth it
  };
  static file prepare(std::string_view name, std::string bytes);

  std::map<std::string, file, std::less<>> files_;  ///< by decoded path, without the leading slash
};

/// By the name's extension; application/octet-stream if unknown.
std::string_view content_type_of(std::string_view name) noexcept;

}  // namespace rapporteur::http
