// Numbers the distinct names of a document in the order in which they are first met.
//
// A flat hash table with open addressing that is emptied without giving memory back, because one is filled and read
// for every article. Owns copies of the names. Knows nothing of what they mean.
#pragma once

#include <xxhash.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rapporteur::index {

class term_table {
 public:
  [[nodiscard]] std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(names_.size()); }

  /// Valid until the next change.
  [[nodiscard]] std::string_view name(std::uint32_t number) const noexcept {
    const entry& e = names_[number];
    return std::string_view(bytes_).substr(e.begin, e.size);
  }

  /// The number of a name: size() as it was before the call if the name is new.
  std::uint32_t number_of(std::string_view name) {
    if (2 * (names_.size() + 1) > slots_.size()) grow();
    const auto hash = static_cast<std::uint32_t>(XXH3_64bits(name.data(), name.size()));
    std::uint32_t at = hash & mask();
    for (; slots_[at].next_number != 0; at = (at + 1) & mask()) {
      if (slots_[at].hash != hash) continue;
      const std::uint32_t number = slots_[at].next_number - 1;
      const entry& e = names_[number];
      if (e.size == name.size() && std::memcmp(bytes_.data() + e.begin, name.data(), name.size()) == 0) return number;
    }
    names_.push_back({static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(name.size()), at});
    bytes_ += name;
    slots_[at] = {hash, size()};
    return size() - 1;
  }

  void clear() noexcept {
    // One enormous article must not make every later one expensive.
    if (names_.size() < slots_.size() / 16) {
      for (const entry& e : names_) slots_[e.slot] = {};
    } else {
      for (slot& s : slots_) s = {};
    }
    names_.clear();
    bytes_.clear();
  }

 private:
  struct slot {
    std::uint32_t hash = 0;
    std::uint32_t next_number = 0;  // the name's number + 1; 0: free
  };
  struct entry {
    std::uint32_t begin = 0, size = 0;  // in bytes_
    std::uint32_t slot = 0;
  };

  [[nodiscard]] std::uint32_t mask() const noexcept { return static_cast<std::uint32_t>(slots_.size() - 1); }

  void grow() {
    constexpr std::size_t k_first = 1024;
    const std::vector<slot> old =
        std::exchange(slots_, std::vector<slot>(slots_.empty() ? k_first : 2 * slots_.size()));
    for (const slot& s : old) {
      if (s.next_number == 0) continue;
      std::uint32_t at = s.hash & mask();
      while (slots_[at].next_number != 0) at = (at + 1) & mask();
      slots_[at] = s;
      names_[s.next_number - 1].slot = at;
    }
  }

  std::vector<slot> slots_;  // a power of two of them, or none
  std::vector<entry> names_;
  std::string bytes_;
};

}  // namespace rapporteur::index
