#include "server/http/static_files.hpp"

#include "server/http/compression.hpp"
#include "server/http/etag.hpp"
#include "server/http/problem.hpp"

#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace rapporteur::http {
namespace fs = std::filesystem;
namespace {

struct type_row {
  std::string_view extension;
  std::string_view type;
  bool compressible;
};

constexpr type_row k_types[] = {
    {".html", "text/html; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".mjs", "text/javascript; charset=utf-8", true},
    {".json", "application/json", true},
    {".map", "application/json", true},
    {".webmanifest", "application/manifest+json", true},
    {".svg", "image/svg+xml", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".md", "text/markdown; charset=utf-8", true},
    {".mustache", "text/plain; charset=utf-8", true},
    {".xml", "application/xml", true},
    {".ico", "image/x-icon", true},
    {".png", "image/png", false},
    {".jpg", "image/jpeg", false},
    {".jpeg", "image/jpeg", false},
    {".gif", "image/gif", false},
    {".webp", "image/webp", false},
    {".avif", "image/avif", false},
    {".woff2", "font/woff2", false},
    {".woff", "font/woff", false},
    {".ttf", "font/ttf", true},
    {".pdf", "application/pdf", false},
    {".wasm", "application/wasm", true},
};
constexpr type_row k_unknown{"", "application/octet-stream", false};

const type_row& row_of(std::string_view name) noexcept {
  for (const auto& row : k_types) {
    if (name.ends_with(row.extension)) return row;
  }
  return k_unknown;
}

error io_error(const fs::path& where, std::string_view what) {
  return {errc::io, "cannot read " + where.string() + ": " + std::string(what)};
}

/// Whether path, with links resolved, still lies below root.
bool is_inside(const fs::path& root, const fs::path& path) {
  std::error_code ec;
  const auto real = fs::canonical(path, ec);
  if (ec) return false;
  const auto relative = real.lexically_relative(root);
  return !relative.empty() && *relative.begin() != "..";
}

bool is_hidden(const fs::path& relative) {
  for (const auto& part : relative) {
    if (part.string().starts_with('.')) return true;
  }
  return false;
}

}  // namespace

std::string_view content_type_of(std::string_view name) noexcept {
  return row_of(name).type;
}

static_files::file static_files::prepare(std::string_view name, std::string bytes) {
  const auto& row = row_of(name);
  const std::string hash = fingerprint().add(bytes).hex();
  file f{.type = row.type, .identity = {}, .gzip = {}, .brotli = {}};
  if (row.compressible) {
    // Once, at the start: the greatest effort. Less than a twentieth saved is not worth a coding.
    const auto worth = [&bytes](const std::string& packed) { return packed.size() + bytes.size() / 20 < bytes.size(); };
    if (auto packed = compress_gzip(bytes, 9); packed && worth(*packed)) {
      f.gzip = {std::make_shared<const std::string>(std::move(*packed)), '"' + hash + "-gzip\""};
    }
    if (auto packed = compress_brotli(bytes, 11); packed && worth(*packed)) {
      f.brotli = {std::make_shared<const std::string>(std::move(*packed)), '"' + hash + "-br\""};
    }
  }
  f.identity = {std::make_shared<const std::string>(std::move(bytes)), '"' + hash + '"'};
  return f;
}

result<static_files> static_files::load(const fs::path& folder) {
  std::error_code ec;
  const auto root = fs::canonical(folder, ec);
  if (ec || !fs::is_directory(root, ec)) {
    return error{errc::not_found, "there is no folder " + folder.string() + " with the front end's files"};
  }
  static_files loaded;
  std::uint64_t total = 0;
  fs::recursive_directory_iterator walk(root, ec);
  if (ec) return io_error(root, ec.message());
  for (; walk != fs::recursive_directory_iterator(); walk.increment(ec)) {
    if (ec) return io_error(root, ec.message());
    const auto relative = walk->path().lexically_relative(root);
    if (is_hidden(relative)) {
      if (walk->is_directory(ec)) walk.disable_recursion_pending();
      continue;
    }
    if (!walk->is_regular_file(ec) || !is_inside(root, walk->path())) continue;
    total += walk->file_size(ec);
    if (ec) return io_error(walk->path(), ec.message());
    if (total > k_max_bytes) {
      return error{errc::too_large, root.string() + " holds more than " + std::to_string(k_max_bytes >> 20) +
                                        " MiB: it is hardly the front end's folder"};
    }
    std::ifstream in(walk->path(), std::ios::binary);
    std::ostringstream bytes;
    if (in.peek() != std::ifstream::traits_type::eof()) bytes << in.rdbuf();
    if (!in.is_open() || in.bad() || bytes.fail()) return io_error(walk->path(), "not readable");
    const auto name = relative.generic_string();
    loaded.files_.insert_or_assign(name, prepare(name, std::move(bytes).str()));
  }
  return loaded;
}

response static_files::serve(const request& q) const {
  std::string name;
  bool one_slash_one_separator = true;
  for (std::size_t i = 0; i < q.segments.size(); ++i) {
    if (i > 0) name += '/';
    name += q.segments[i];
    // A decoded slash is not a separator: "a%2Fb" is no file, even where a/b is.
    one_slash_one_separator = one_slash_one_separator && q.segments[i].find('/') == std::string::npos;
  }
  if (q.segments.empty() || q.segments.back().empty()) name += "index.html";
  const auto found = files_.find(name);
  if (found == files_.end() || !one_slash_one_separator) {
    return make_problem({.status = 404, .code = "not_found", .detail = "There is nothing at this address."});
  }
  const file& f = found->second;
  const auto accepted = parse_accept_encoding(q.field(bhttp::field::accept_encoding));
  const representation* chosen = &f.identity;
  auto used = coding::identity;
  if (accepted.gzip && f.gzip.bytes && !accepted.prefers_identity) {
    chosen = &f.gzip;
    used = coding::gzip;
  }
  if (accepted.brotli && f.brotli.bytes && !accepted.prefers_identity &&
      !(used == coding::gzip && accepted.prefers_gzip)) {
    chosen = &f.brotli;
    used = coding::brotli;
  }
  response r;
  r.set(bhttp::field::content_type, f.type);
  r.set(bhttp::field::etag, chosen->etag);
  r.set(bhttp::field::cache_control, "no-cache");
  if (used != coding::identity) r.set(bhttp::field::content_encoding, name_of(used));
  if (f.gzip.bytes || f.brotli.bytes) r.set(bhttp::field::vary, "Accept-Encoding");
  r.shared_body = chosen->bytes;
  if (used == coding::identity && !accepted.identity) {
    // What is not worth a coding, for a client that takes nothing without one.
    r.set(bhttp::field::etag, "W/" + chosen->etag);
    compress_response(q, r);
  }
  return r;
}

}  // namespace rapporteur::http
