// Blocks of a Glass database's tables in memory: read when they are first needed, kept as long as there is room.
//
// A block that is in use stays, whatever the cache does. Belongs to one thread. Knows nothing of what is in a block.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace rapporteur::index::glass {

struct block : boost::intrusive_ref_counter<block, boost::thread_unsafe_counter> {
  explicit block(std::size_t n) : size(n), bytes(std::make_unique_for_overwrite<unsigned char[]>(n)) {}  // NOLINT

  std::size_t size;
  std::unique_ptr<unsigned char[]> bytes;  // NOLINT(modernize-avoid-c-arrays)
};
using block_pointer = boost::intrusive_ptr<const block>;

class block_cache {
 public:
  /// blocks: about as many as it holds.
  explicit block_cache(std::size_t blocks);

  /// Null if it is not there. table: any number that tells a database's tables apart.
  block_pointer get(unsigned table, std::uint32_t number) noexcept;
  void put(unsigned table, std::uint32_t number, block_pointer b) noexcept;
  void clear() noexcept;

 private:
  static constexpr std::size_t k_ways = 4;
  struct slot {
    std::uint64_t name = 0;
    std::uint64_t used = 0;  ///< when, by clock_
    block_pointer held;
  };
  [[nodiscard]] slot* set_of(std::uint64_t name) noexcept;

  std::vector<slot> slots_;  // sets of k_ways, by a hash of the name
  std::uint64_t clock_ = 0;
};

}  // namespace rapporteur::index::glass
