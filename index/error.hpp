// What can go wrong, as values: the error codes of the whole product and the result type that carries them.
//
// Expected failures (bad input, a missing file, a busy index) travel as result<T>. Exceptions are for broken
// invariants and third-party code and are caught at the seams. Knows nothing of HTTP: server/api/problem maps codes.
#pragma once

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace rapporteur {

/// Stable codes. The name of each (see to_string) is part of the API: clients and scripts may test for it.
enum class errc {
  invalid_argument,   ///< a parameter or option has a value that is not allowed
  not_found,          ///< no such article, file or route
  malformed,          ///< input that is not in the format that it claims to be in
  encoding,           ///< bytes that are not text in the declared or assumed encoding
  too_large,          ///< over a documented limit
  too_costly,         ///< a query whose cost was refused before it was run
  bad_cursor,         ///< a place in a list that is garbled, or of the list of another request
  cursor_expired,     ///< a place in a list that is not there any more
  io,                 ///< the operating system refused a read or a write
  disk_full,          ///< no room left to write
  index_missing,      ///< there is no index at the given place yet
  index_damaged,      ///< the index cannot be read
  index_mismatch,     ///< written with another format version or other analysis settings
  index_locked,       ///< another indexer is writing
  index_changing,     ///< the index changed too often during one request; try again
  overloaded,         ///< the queue is full; try again
  deadline_exceeded,  ///< not finished, or not begun, in time
  internal,           ///< a broken invariant: a bug
};

/// All codes, for tables and tests that walk every one.
inline constexpr errc k_all_errc[] = {
    errc::invalid_argument, errc::not_found,         errc::malformed,      errc::encoding,     errc::too_large,
    errc::too_costly,       errc::bad_cursor,        errc::cursor_expired, errc::io,           errc::disk_full,
    errc::index_missing,    errc::index_damaged,     errc::index_mismatch, errc::index_locked, errc::index_changing,
    errc::overloaded,       errc::deadline_exceeded, errc::internal,
};

/// The code's stable name, for example "index_missing".
std::string_view to_string(errc code) noexcept;

/// A failure: a code for programs, and a sentence for people that says what, where and (if known) what to do.
struct error {
  errc code = errc::internal;
  std::string message;
};

/// Thrown by result<T>::value() when it holds an error, and by nothing else.
class error_exception : public std::runtime_error {
 public:
  explicit error_exception(error e) : std::runtime_error(e.message), error_(std::move(e)) {}
  [[nodiscard]] const error& get() const noexcept { return error_; }

 private:
  error error_;
};

/// Customisation point of boost::system::result: what value() throws.
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);

template <class T>
using result = boost::system::result<T, error>;

}  // namespace rapporteur
