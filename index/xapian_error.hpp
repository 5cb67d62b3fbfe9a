// What an exception of Xapian's means to whoever runs the program.
#pragma once

#include "index/error.hpp"

#include <xapian.h>

#include <string>

namespace rapporteur::index {

/// where: for the message. To be called before anything that sets errno, which sometimes is all that tells the reason.
error from_xapian(const Xapian::Error& e, const std::string& where);

/// For std::length_error: what comes out of Xapian where a damaged table tells it to copy a string of an impossible
/// length. errc::index_damaged.
error impossible_length(const std::string& where);

/// In a catch (...): what either of the two above says of the exception caught. Every other one passes on.
error caught_error(const std::string& where);

/// For a write that failed where Xapian has lost the reason: from errno as it was left, if that is one that a disk
/// causes. errc::disk_full or io.
error unexplained_write_failure(const std::string& where, int number);

}  // namespace rapporteur::index
