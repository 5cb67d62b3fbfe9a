// The bounds that every request is held to before it costs anything, whoever made it.
#pragma once

#include "index/error.hpp"
#include "server/search/search.hpp"

namespace rapporteur::search {

/// An error that begins with the name of the parameter at fault: errc::invalid_argument, errc::too_large, or
/// errc::bad_cursor for a place that is not of r's list.
result<void> check_bounds(const request& r, const limits& bounds);

}  // namespace rapporteur::search
