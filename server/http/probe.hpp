// Asks a running server one question, for health checks from the command line.
#pragma once

#include "index/error.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace rapporteur::http {

/// The status with which the server at address and port answers GET target. An unspecified address (0.0.0.0, ::), at
/// which a server listens to all, is asked for at the loopback one. errc::io if there is no answer,
/// errc::deadline_exceeded if it does not come in time, errc::invalid_argument if address is not one.
result<unsigned> probe(const std::string& address, std::uint16_t port, std::string_view target,
                       std::chrono::milliseconds patience);

}  // namespace rapporteur::http
