// What a program that writes an index says where Xapian ends it.
//
// When a disk fails or is full while Xapian 1.4 writes values out, the exception leaves a destructor of Xapian's
// (ValueUpdater in glass_values.cc, which writes and is implicitly noexcept): the C++ runtime calls std::terminate, and
// nothing can catch it. The index is as a killed program leaves it: whole, and as it was. Owns the words and the exit
// status in that case; every other std::terminate goes to the handler that was there before.
#pragma once

#include <filesystem>

namespace rapporteur::index {

/// From now on, such an end is one line on stderr ("rapporteur-index: INDEX: …", with the system's reason where it is
/// known) and this exit status. Once, before other threads are started.
void leave_last_words(const std::filesystem::path& index, int status);

}  // namespace rapporteur::index
