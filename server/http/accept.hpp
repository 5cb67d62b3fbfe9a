// Which media types a client takes (Accept, RFC 9110 12.5.1).
#pragma once

#include <string_view>

namespace rapporteur::http {

/// Whether an Accept value takes that media type ("application/json", without parameters). The most specific range that
/// fits decides; its other parameters count for nothing. An empty value takes all; a member that cannot be read is
/// passed over.
bool accepts(std::string_view accept, std::string_view media_type) noexcept;

}  // namespace rapporteur::http
