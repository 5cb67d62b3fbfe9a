// A problem as a page: the sentence that the API says, what can be done, and the form with what was asked.
#pragma once

#include "server/http/message.hpp"
#include "server/pages/frame.hpp"

namespace rapporteur::pages {

/// Makes a page of an answer that is a problem (application/problem+json), with its status and fields; any other answer
/// is left as it is. form: what was asked, as it was sent; missing: it was for one article.
void to_problem_page(const page_context& c, std::string_view form, bool missing, http::response& r);

}  // namespace rapporteur::pages
