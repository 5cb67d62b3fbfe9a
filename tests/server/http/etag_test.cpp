#include "server/http/etag.hpp"

#include <gtest/gtest.h>

#include <set>

namespace rapporteur::http {
namespace {

TEST(fingerprint, tells_content_apart) {
  std::set<std::string> seen;
  seen.insert(fingerprint().hex());
  seen.insert(fingerprint().add("").hex());
  seen.insert(fingerprint().add("a").hex());
  seen.insert(fingerprint().add("ab").add("c").hex());
  seen.insert(fingerprint().add("a").add("bc").hex());
  seen.insert(fingerprint().add("abc").hex());
  seen.insert(fingerprint().add(std::uint64_t{7}).hex());
  seen.insert(fingerprint().add(std::uint64_t{8}).hex());
  EXPECT_EQ(seen.size(), 8U);
  EXPECT_EQ(fingerprint().add("abc").hex(), fingerprint().add("abc").hex());
  EXPECT_EQ(fingerprint().add("abc").hex().size(), 32U);
}

TEST(none_match_names, compares_weakly_and_reads_lists) {
  struct row {
    std::string_view header, etag;
    bool names;
  };
  constexpr row k_rows[] = {
      {R"("a")", R"("a")", true},
      {R"("a")", R"("b")", false},
      {R"(W/"a")", R"("a")", true},
      {R"("a")", R"(W/"a")", true},
      {R"("x", "a")", R"("a")", true},
      {R"("x","y",W/"a")", R"(W/"a")", true},
      {R"("x,y", "a")", R"("x,y")", true},
      {"*", R"("a")", true},
      {" * ", R"("a")", true},
      {"", R"("a")", false},
      {"a", R"("a")", false},
      {R"("a)", R"("a")", false},
      {R"(""a"")", R"("a")", false},
  };
  for (const auto& r : k_rows) EXPECT_EQ(none_match_names(r.header, r.etag), r.names) << r.header << " " << r.etag;
}

}  // namespace
}  // namespace rapporteur::http
