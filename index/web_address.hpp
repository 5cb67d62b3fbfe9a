// Which addresses an article may have: the server, which derives the ids of posted articles from them, and the indexer,
// which keeps them, must be of one mind.
#pragma once

#include <cstddef>
#include <string_view>

namespace rapporteur {

/// Longest address of an article.
inline constexpr std::size_t k_max_url_bytes = 8192;

/// An address that a browser may be sent to: http or https, with a host, without blanks or control characters, not
/// longer than k_max_url_bytes. What is none is no reason for an article to be refused, and none to derive its id from.
bool is_web_address(std::string_view url);

}  // namespace rapporteur
