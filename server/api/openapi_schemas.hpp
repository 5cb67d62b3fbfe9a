// The shapes of answers, as JSON Schema 2020-12: the components of /openapi.json.
#pragma once

#include <string_view>

namespace rapporteur::api {

/// One JSON object: name → schema. What an answer has is there and nothing else, so that a test which holds real
/// answers to it finds what is not told.
std::string_view component_schemas() noexcept;

}  // namespace rapporteur::api
