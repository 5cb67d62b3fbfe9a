#include "server/api/problem.hpp"

#include "server/api/json_writer.hpp"

namespace rapporteur::api {
namespace {

using std::chrono::seconds;

constexpr error_row k_rows[] = {
    {errc::invalid_argument, 400, seconds(0), ""},
    {errc::not_found, 404, seconds(0), ""},
    {errc::malformed, 400, seconds(0), ""},
    {errc::encoding, 400, seconds(0), ""},
    {errc::too_large, 400, seconds(0), ""},
    {errc::too_costly, 400, seconds(0), ""},
    {errc::bad_cursor, 400, seconds(0), ""},
    {errc::cursor_expired, 410, seconds(0), ""},
    {errc::io, 500, seconds(0), "The server could not read its index. Its log says why."},
    {errc::disk_full, 507, seconds(0), "The server's disk is full. Nothing was kept of this request."},
    {errc::index_missing, 503, seconds(5), "There is no index yet. Put articles in with rapporteur-index."},
    {errc::index_damaged, 503, seconds(0), "The index cannot be read. The server's log says what is wrong with it."},
    {errc::index_mismatch, 503, seconds(0),
     "The index was made by another version or with other settings. The server's log says what to do."},
    {errc::index_locked, 503, seconds(1), "The index is being written. Try again in a moment."},
    {errc::index_changing, 503, seconds(1), "The index changed too often during this request. Try again in a moment."},
    {errc::overloaded, 503, seconds(1), "The server has more requests than it can take. Try again in a moment."},
    {errc::deadline_exceeded, 503, seconds(1),
     "The server did not get to this request in time. Try again in a moment."},
    {errc::internal, 500, seconds(0), "The server failed to answer. This is a bug."},
};

}  // namespace

const error_row& row_of(errc code) noexcept {
  for (const auto& row : k_rows) {
    if (row.code == code) return row;
  }
  return row_of(errc::internal);
}

http::response to_problem(const error& e, std::string_view parameter, const search::named_values& values) {
  const auto& row = row_of(e.code);
  json_writer w;
  if (!values.empty()) put_values(w, values);
  const auto told = w.take();
  return http::make_problem({.status = row.status,
                             .code = to_string(row.code),
                             .detail = row.detail.empty() ? std::string_view(e.message) : row.detail,
                             .parameter = parameter,
                             .retry_after = row.retry_after,
                             .values = told});
}

}  // namespace rapporteur::api
