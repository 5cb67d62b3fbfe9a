// The inverted lists of a segment while it grows: for every term the documents that have it, in memory.
//
// Terms are looked up in one flat table; what follows each is written into slices of growing size that are linked
// behind one another, so that a list can grow while others do and no memory is moved (as Lucene and others hold their
// postings while they index). Knows nothing of files.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rapporteur::index {

class posting_lists {
 public:
  struct posting {
    std::uint32_t document = 0;
    std::uint32_t frequency = 0;
    std::string_view positions;  ///< as glass::put_positions writes them; empty: none
  };

  struct list {
    std::string_view name;
    std::uint32_t documents = 0;
    std::uint64_t frequency = 0;  ///< of the term in all of them
  };

  posting_lists();

  /// Documents come in ascending order, from 1.
  void add(std::string_view name, std::uint32_t document, std::uint32_t frequency,
           std::span<const std::uint32_t> positions);

  /// Terms in bytewise order of their names; visit(list) and then visit_posting(posting) for each of its documents.
  template <typename Visit, typename VisitPosting>
  void for_each(const Visit& visit, const VisitPosting& visit_posting) const {
    std::string positions;
    for (const std::uint32_t number : in_order()) {
      const term& t = terms_[number];
      visit(list{name_of(t), t.documents, t.frequency});
      reader r(*this, t.head);
      posting p;
      for (std::uint32_t n = 0; n < t.documents; ++n) {
        p.document += r.number();
        p.frequency = r.number();
        r.bytes(r.number(), positions);
        p.positions = positions;
        visit_posting(p);
      }
    }
  }

  /// Bytes that it takes up.
  [[nodiscard]] std::size_t memory() const noexcept;
  void clear();

 private:
  struct term {
    std::uint64_t frequency = 0;
    std::uint32_t name = 0;  // in names_
    std::uint32_t documents = 0, last_document = 0;
    std::uint32_t head = 0, tail = 0;  // slices: the first, and where the next byte goes
    std::uint16_t name_size = 0;
    std::uint16_t left = 0;  // bytes that the last slice still takes
    std::uint8_t rank = 0;   // of the last slice
  };
  struct slot {
    std::uint32_t hash = 0, number = 0;  // of the term, from 1; 0: free
  };

  class reader {
   public:
    reader(const posting_lists& lists, std::uint32_t head);
    std::uint32_t number();
    void bytes(std::size_t count, std::string& to);

   private:
    unsigned char byte();
    const posting_lists& lists_;
    const unsigned char* at_ = nullptr;
    std::size_t left_ = 0;
    std::uint8_t rank_ = 0;
  };

  [[nodiscard]] std::string_view name_of(const term& t) const {
    return std::string_view(names_).substr(t.name, t.name_size);
  }
  [[nodiscard]] unsigned char* at(std::uint32_t place) const;
  std::uint32_t new_slice(std::uint8_t rank);
  term& find(std::string_view name);
  void grow();
  void put(term& t, std::string_view bytes);
  [[nodiscard]] std::vector<std::uint32_t> in_order() const;

  std::vector<slot> table_;  // open addressing, a power of two
  std::vector<term> terms_;
  std::string names_;
  std::vector<std::unique_ptr<unsigned char[]>> blocks_;  // NOLINT(*-avoid-c-arrays)
  std::size_t in_block_ = 0;                              // bytes of the last block that are taken
  std::string positions_, posting_;                       // scratch
};

}  // namespace rapporteur::index
