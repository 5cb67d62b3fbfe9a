// A problem as a page, in the reader's language: what is wrong, what can be done, and the form with what was asked.
#pragma once

#include "server/http/message.hpp"
#include "server/pages/frame.hpp"

namespace rapporteur::pages {

/// Makes a page of an answer that is a problem (application/problem+json), with its status and fields; any other answer
/// is left as it is. q: the request, as far as it could be read.
void to_problem_page(const page_context& c, const http::request& q, http::response& r);

}  // namespace rapporteur::pages
