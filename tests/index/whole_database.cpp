#include "tests/index/whole_database.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <set>
#include <sstream>

namespace rapporteur::index {
namespace {

made_documents one(draft_document d) {
  made_documents m;
  m.documents.push_back(std::move(d));
  return m;
}

std::string bytes_of(std::mt19937& random, std::size_t size) {
  std::string s(size, '\0');
  for (char& c : s) c = static_cast<char>(random());
  return s;
}

// Words by Zipf's law, so that some lists have many chunks and most a single posting.
made_documents collection(std::size_t count, std::size_t words, unsigned seed) {
  std::mt19937 random(seed);
  made_documents m;
  for (std::size_t n = 0; n < count; ++n) {
    draft_document d;
    std::map<std::string, std::vector<std::uint32_t>> terms;
    for (std::uint32_t p = 1; p <= words; ++p) {
      const double u = std::uniform_real_distribution<double>(0, 1)(random);
      terms[fmt::format("w{}", static_cast<unsigned>(std::exp(u * 11)))].push_back(p * 3);
    }
    for (const auto& [name, positions] : terms) {
      d.add_term(name, static_cast<std::uint32_t>(1 + random() % 150), positions);
      if (random() % 2 == 0) d.add_term("Zen:" + name, static_cast<std::uint32_t>(random() % 150));
    }
    d.add_term(fmt::format("Q{}", n), 0);
    d.set_value(0, fmt::format("{:08}", random() % 1000));
    if (random() % 3 != 0) d.set_value(5, bytes_of(random, 16));
    if (random() % 50 == 0) d.set_value(300, "rare");
    d.set_data(fmt::format("{{\"id\":{},\"text\":\"{}\"}}", n, std::string(random() % 300, 'x')));
    m.documents.push_back(std::move(d));
    m.metadata.emplace_back(fmt::format("t{:06}", n), bytes_of(random, random() % 9000));
  }
  return m;
}

}  // namespace

const std::vector<document_row>& document_rows() {
  static const std::vector<document_row> rows = {
      {"one_term",
       [] {
         draft_document d;
         d.add_term("word", 3);
         return one(std::move(d));
       }},
      {"an_empty_document", [] { return one(draft_document()); }},
      {"empty_among_others",
       [] {
         made_documents m = collection(3, 5, 1);
         m.documents.insert(m.documents.begin(), draft_document());
         m.documents.insert(m.documents.begin() + 2, draft_document());
         return m;
       }},
      {"data_and_values_alone",
       [] {
         draft_document d;
         d.set_data("data that is long enough to be worth compressing, compressing, compressing");
         d.set_value(0, "v");
         d.set_value(7, std::string("\0\1", 2));
         return one(std::move(d));
       }},
      {"data_that_cannot_be_compressed",
       [] {
         std::mt19937 random(4);
         draft_document d;
         d.add_term("a", 1);
         d.set_data(bytes_of(random, 40000));
         return one(std::move(d));
       }},
      {"zero_bytes_in_terms",
       [] {
         draft_document d;
         for (const std::string_view s :
              {std::string_view("a\0", 2), std::string_view("a"), std::string_view("a\0b", 3), std::string_view("ab"),
               std::string_view("\0", 1)}) {
           d.add_term(s, 2, std::vector<std::uint32_t>{4, 9});
         }
         made_documents m = one(std::move(d));
         draft_document second;
         second.add_term(std::string_view("a\0", 2), 1, std::vector<std::uint32_t>{1});
         m.documents.push_back(std::move(second));
         return m;
       }},
      {"the_longest_terms",
       [] {
         draft_document d;
         for (const char c : {'a', 'b'}) {
           d.add_term(std::string(245, c), 1, std::vector<std::uint32_t>{1, 2, 3});
           d.add_term(std::string(244, c), 200, std::vector<std::uint32_t>{1, 2, 3});
           d.add_term(std::string(244, c) + 'z', 1, std::vector<std::uint32_t>{1, 2, 3});
         }
         d.add_term(std::string(122, '\0'), 1, std::vector<std::uint32_t>{8});
         return one(std::move(d));
       }},
      {"frequencies_and_positions_of_all_sizes",
       [] {
         draft_document d;
         std::vector<std::uint32_t> positions;
         for (unsigned n = 0; n < 32; ++n) {
           positions.push_back(n == 31 ? 0xFFFFFFFEU : 1U << n);
           d.add_term(fmt::format("f{}", n), 1U << (n % 24), std::vector<std::uint32_t>{1U << n});
           d.add_term(fmt::format("p{}", n), n, positions);
         }
         for (const unsigned n : {0U, 1U, 126U, 127U, 128U, 254U, 255U, 256U}) d.add_term(fmt::format("z{}", n), n);
         return one(std::move(d));
       }},
      {"a_word_at_every_position",
       [] {
         draft_document d;
         std::vector<std::uint32_t> positions(20000);
         for (std::uint32_t p = 0; p < positions.size(); ++p) positions[p] = p + 1;
         d.add_term("a", 154, positions);
         for (std::uint32_t& p : positions) p *= 7;
         d.add_term("b", 154, positions);
         return one(std::move(d));
       }},
      {"many_documents_of_one_term",
       [] {
         made_documents m;
         for (int n = 0; n < 33000; ++n) {  // numbers of two and of three bytes
           draft_document d;
           d.add_term("w", static_cast<std::uint32_t>(1 + n % 300), std::vector<std::uint32_t>{5});
           d.set_value(2, fmt::format("{}", n));
           m.documents.push_back(std::move(d));
         }
         return m;
       }},
      {"values_that_come_late",
       [] {
         made_documents m = collection(300, 3, 5);
         m.documents[299].set_value(6, "late");
         m.documents[120].set_value(6, "");
         return m;
       }},
      {"metadata_of_all_sizes",
       [] {
         std::mt19937 random(8);
         made_documents m = collection(1, 5, 6);
         m.metadata.clear();
         for (std::size_t size = 1; size < 70000; size = size * 5 / 4 + 1) {
           m.metadata.emplace_back(fmt::format("t{:06}", size), bytes_of(random, size));
         }
         m.metadata.emplace_back("u" + std::string(200, 'u'), bytes_of(random, 30000));
         return m;
       }},
      {"some", [] { return collection(50, 40, 2); }},
      {"many", [] { return collection(500, 120, 3); }},
  };
  return rows;
}

void PrintTo(const document_row& r, std::ostream* out) {
  *out << r.name;
}

namespace {

std::string described(const Xapian::Database& db, Xapian::docid id) {
  std::string s = fmt::format("length {} unique {}\n", db.get_doclength(id), db.get_unique_terms(id));
  for (auto t = db.termlist_begin(id); t != db.termlist_end(id); ++t) {
    s += fmt::format("{} {} {}:", *t, t.get_wdf(), t.get_termfreq());
    for (auto p = t.positionlist_begin(); p != t.positionlist_end(); ++p) s += fmt::format(" {}", *p);
    s += '\n';
  }
  const Xapian::Document d = db.get_document(id);
  for (auto v = d.values_begin(); v != d.values_end(); ++v) s += fmt::format("value {} {}\n", v.get_valueno(), *v);
  return s + d.get_data();
}

}  // namespace

std::string described(const Xapian::Database& db) {
  std::string s =
      fmt::format("{} documents to {}, length {} to {}, mean {}, frequency to {}, positions {}\n", db.get_doccount(),
                  db.get_lastdocid(), db.get_doclength_lower_bound(), db.get_doclength_upper_bound(), db.get_avlength(),
                  db.get_wdf_upper_bound("w1"), db.has_positions());
  for (auto t = db.allterms_begin(); t != db.allterms_end(); ++t) {
    s += fmt::format("{} {} {}:", *t, t.get_termfreq(), db.get_collection_freq(*t));
    for (auto p = db.postlist_begin(*t); p != db.postlist_end(*t); ++p) {
      s += fmt::format(" {} {}", *p, p.get_wdf());
      for (auto q = p.positionlist_begin(); q != p.positionlist_end(); ++q) s += fmt::format("@{}", *q);
    }
    s += '\n';
  }
  for (const Xapian::valueno slot : {0U, 2U, 5U, 6U, 7U, 300U}) {
    s += fmt::format("slot {}: {} {} {}\n", slot, db.get_value_freq(slot), db.get_value_lower_bound(slot),
                     db.get_value_upper_bound(slot));
    for (auto v = db.valuestream_begin(slot); v != db.valuestream_end(slot); ++v)
      s += fmt::format(" {} {}", v.get_docid(), *v);
  }
  for (auto p = db.postlist_begin(""); p != db.postlist_end(""); ++p) s += described(db, *p);
  for (auto k = db.metadata_keys_begin(); k != db.metadata_keys_end(); ++k)
    s += fmt::format("{}={}\n", *k, db.get_metadata(*k));
  return s;
}

void expect_sound(const std::filesystem::path& db) {
  std::ostringstream said;
  EXPECT_EQ(Xapian::Database::check(db.string(), 0, &said), 0U) << said.str();
}

void change_much(Xapian::WritableDatabase& db) {
  const Xapian::docid last = db.get_lastdocid();
  for (Xapian::docid id = 1; id <= last; id += 2) {
    try {
      db.delete_document(id);
    } catch (const Xapian::DocNotFoundError&) {
    }
  }
  Xapian::Document more;
  more.add_posting("w1", 5, 3);
  more.add_value(0, "more");
  for (int n = 0; n < 20; ++n) db.add_document(more);
  std::set<std::string> keys;
  for (auto k = db.metadata_keys_begin(); k != db.metadata_keys_end(); ++k) keys.insert(*k);
  for (const std::string& k : keys) db.set_metadata(k, "");
}

}  // namespace rapporteur::index
