#include "index/error.hpp"

namespace rapporteur {

std::string_view to_string(errc code) noexcept {
  switch (code) {
    case errc::invalid_argument:
      return "invalid_argument";
    case errc::not_found:
      return "not_found";
    case errc::malformed:
      return "malformed";
    case errc::encoding:
      return "encoding";
    case errc::too_large:
      return "too_large";
    case errc::too_costly:
      return "too_costly";
    case errc::bad_cursor:
      return "bad_cursor";
    case errc::cursor_expired:
      return "cursor_expired";
    case errc::io:
      return "io";
    case errc::disk_full:
      return "disk_full";
    case errc::index_missing:
      return "index_missing";
    case errc::index_damaged:
      return "index_damaged";
    case errc::index_mismatch:
      return "index_mismatch";
    case errc::index_locked:
      return "index_locked";
    case errc::index_changing:
      return "index_changing";
    case errc::overloaded:
      return "overloaded";
    case errc::deadline_exceeded:
      return "deadline_exceeded";
    case errc::internal:
      return "internal";
  }
  return "internal";
}

void throw_exception_from_error(const error& e, const boost::source_location&) {
  throw error_exception(e);
}

}  // namespace rapporteur
