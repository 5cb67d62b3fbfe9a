// The record of an article: what a result list shows of it without its text, as it is in Xapian's document data.
//
// Binary, versioned, self-delimiting (docs/index-format.md). The text itself is kept apart (index/text_store), and a
// record is compressed before it is stored (index/record_codec).
#pragma once

#include "index/article.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace rapporteur::index {

/// An article without its text, and where its text is.
struct record {
  article fields;                 ///< text is empty
  std::uint64_t text_number = 0;  ///< key of the text in the index
  std::uint64_t text_bytes = 0;   ///< its size, uncompressed
};

std::string encode_record(const record& r);
/// The same of an article that still has its text.
std::string encode_record(const article& a, std::uint64_t text_number, std::uint64_t text_bytes);

/// errc::index_damaged if the bytes are not a record of this version.
result<record> decode_record(std::string_view bytes);

}  // namespace rapporteur::index
