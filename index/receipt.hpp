// What became of a request of the inbox: the indexer writes it, the server reads it, both through here.
//
// Owns the receipt's encoding (docs/inbox.md has it): text, its version first, so that a server and an indexer
// of different age understand each other or say that they do not.
#pragma once

#include "index/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

/// What became of one article.
enum class article_outcome : std::uint8_t {
  added,
  replaced,   ///< one with this id was there
  unchanged,  ///< the same was there already
  removed,
  not_found,  ///< to be removed, and not there
  refused,    ///< not in the index, or what was there before is there still; see reason
};

inline constexpr article_outcome k_all_article_outcomes[] = {
    article_outcome::added,   article_outcome::replaced,  article_outcome::unchanged,
    article_outcome::removed, article_outcome::not_found, article_outcome::refused,
};

/// "added" and so on: part of the API.
std::string_view to_string(article_outcome o) noexcept;

struct article_receipt {
  std::string id;          ///< empty if it could not be read
  std::uint64_t line = 0;  ///< 1-based, of the request; 0: none
  article_outcome outcome = article_outcome::refused;
  error reason;  ///< if refused: the code, and a sentence that may be shown to whoever sent it
};

struct receipt {
  std::uint64_t revision = 0;  ///< of the index that has all of it; 0: none, since nothing was put in or taken out
  std::vector<article_receipt> articles;  ///< in the order of the request
};

std::string encode_receipt(const receipt& r);

/// errc::malformed for what is no receipt, is cut off, or is of a later version. Fields and outcomes of later versions
/// that were added compatibly are passed over or taken for what they are nearest to.
result<receipt> decode_receipt(std::string_view text);

}  // namespace rapporteur::index
