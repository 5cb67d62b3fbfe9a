// The key of the inbox: from the configuration, or from the file that it names.
#pragma once

#include "config/settings.hpp"
#include "index/error.hpp"

#include <string>

namespace rapporteur {

/// Empty if neither is set. errc::invalid_argument, with a message for the operator that does not hold the key, if both
/// are, or if the file cannot be read or holds what is no key.
result<std::string> inbox_key(const config::inbox_section& s);

/// Whether every user of this machine may read the file.
bool is_readable_by_all(const std::filesystem::path& file);

}  // namespace rapporteur
