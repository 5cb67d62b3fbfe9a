// The page of an article: its text with what a query matches marked, where it is from, and what is like it.
#pragma once

#include "server/pages/frame.hpp"

#include <string>

namespace rapporteur::pages {

/// asked: the search that it was found by, to go back to.
std::string article_page(const page_context& c, const search::request& asked, const search::article_answer& a,
                         const search::related_answer& related);

}  // namespace rapporteur::pages
