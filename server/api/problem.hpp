// Which HTTP status each error of the product has, and what of it a client is told.
#pragma once

#include "index/error.hpp"
#include "server/http/problem.hpp"
#include "server/search/search.hpp"

#include <chrono>
#include <string_view>

namespace rapporteur::api {

/// A row of the table from errors to HTTP.
struct error_row {
  errc code;
  unsigned status;
  std::chrono::seconds retry_after;  ///< 0: no Retry-After
  /// What the client reads. Empty: the error's own message, which then is about the request. Messages about the server
  /// may name its paths and are for its log.
  std::string_view detail;
};

/// The row of a code; every code has one.
const error_row& row_of(errc code) noexcept;

/// The problem for an error; parameter: the request's parameter that it is about, if it is about one; values: the
/// numbers and words of its message.
http::response to_problem(const error& e, std::string_view parameter = {}, const search::named_values& values = {});

}  // namespace rapporteur::api
