#include "server/inbox_key.hpp"

#include "config/keys.hpp"
#include "config/value.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace rapporteur {

result<std::string> inbox_key(const config::inbox_section& s) {
  if (s.key_file.empty()) return s.key;
  const auto name = s.key_file.string();
  if (!s.key.empty()) {
    return error{errc::invalid_argument, "inbox.key and inbox.key_file are both set; keep one of them"};
  }
  std::ifstream in(s.key_file, std::ios::binary);
  if (!in) {
    return error{errc::invalid_argument,
                 fmt::format("inbox.key_file: {}: {}", name, std::generic_category().message(errno))};
  }
  std::array<char, 1024> bytes{};
  in.read(bytes.data(), bytes.size());
  std::string text(bytes.data(), static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return error{errc::invalid_argument, fmt::format("inbox.key_file: {}: cannot be read", name)};
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  if (text.empty()) return error{errc::invalid_argument, fmt::format("inbox.key_file: {}: is empty", name)};
  auto read = config::check_value(*config::find_key("inbox", "key"), text);
  if (!read.result) return error{errc::invalid_argument, fmt::format("inbox.key_file: {}: {}", name, read.error)};
  return text;
}

bool is_readable_by_all(const std::filesystem::path& file) {
  struct stat info {};
  return ::stat(file.c_str(), &info) == 0 && (info.st_mode & S_IROTH) != 0;
}

}  // namespace rapporteur
