// Answers as JSON, in the shapes that docs/api.md describes.
//
// Written straight into a string: an article may be 500 kB, and a tree of values in between would be built only to be
// thrown away. Any bytes in, valid JSON in valid UTF-8 out. What is absent is left out.
#pragma once

#include "server/search/search.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace rapporteur::api {

/// next: the address of the next page; empty: there is none.
std::string to_json(const search::answer& a, std::string_view q, std::string_view next, std::chrono::nanoseconds took);
/// The same for finish_json: what does not change from one time it is given to another.
std::string to_unfinished_json(const search::answer& a, std::string_view q, std::string_view next);
std::string to_json(const search::article_answer& a, std::chrono::nanoseconds took);
std::string to_json(const search::snippets_answer& a, std::chrono::nanoseconds took);
std::string to_json(const search::related_answer& a, std::chrono::nanoseconds took);
std::string to_json(const search::why_answer& a, std::chrono::nanoseconds took);

/// {"status":"ready","index":{…}}
std::string ready_json(const search::index_state& s);

}  // namespace rapporteur::api
