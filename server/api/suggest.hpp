// GET and POST /api/v1/suggest.
//
// What is typed is told by the lengths of answers as well as by their words: every answer of one format and limit has
// the same length, is sent without compression, and is kept by nobody.
#pragma once

#include "server/api/service.hpp"

#include <cstdint>

namespace rapporteur::api {

/// Bytes of every answer with that limit.
constexpr std::size_t suggest_answer_bytes(std::uint32_t limit) noexcept {
  constexpr std::size_t k_without_suggestions = 2048;  // q, six bytes for each byte at most, and the state of the index
  constexpr std::size_t k_each = 256;
  return k_without_suggestions + k_each * limit;
}

/// Parameters in the query.
http::asio::awaitable<http::response> get_suggestions(const service& s, const http::request& q);

/// Parameters in a form body, so that they stand in no URL and in no log on the way.
http::asio::awaitable<http::response> post_suggestions(const service& s, const http::request& q);

/// The answer as JSON, and in the form of OpenSearch Suggestions 1.1: padded with blanks at the end, less the last
/// suggestions where all of them would not fit.
std::string to_json(const search::suggest_answer& a, std::string_view q, std::uint32_t limit,
                    std::chrono::nanoseconds took);
std::string to_opensearch(const search::suggest_answer& a, std::string_view q, std::uint32_t limit);

}  // namespace rapporteur::api
