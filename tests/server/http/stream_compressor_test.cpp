#include "server/http/stream_compressor.hpp"

#include "tests/server/http/decompress.hpp"

#include <gtest/gtest.h>

namespace rapporteur::http {
namespace {

std::string packed(coding c, const std::string& whole, std::size_t piece) {
  stream_compressor s(c);
  std::string out;
  for (std::size_t at = 0; at < whole.size(); at += piece) out += s.add(whole.substr(at, piece)).value();
  return out + s.finish().value();
}

TEST(stream_compressor, gives_what_it_was_given) {
  std::string whole;
  for (int i = 0; whole.size() < 1'000'000; ++i) whole += "line " + std::to_string(i * 7919) + '\n';
  for (const std::size_t piece : {1'000UL, 65'536UL, 5'000'000UL}) {
    EXPECT_EQ(packed(coding::identity, whole, piece), whole);
    const auto gzip = packed(coding::gzip, whole, piece);
    EXPECT_LT(gzip.size(), whole.size() / 2);
    EXPECT_EQ(test::gunzip(gzip), whole);
    const auto brotli = packed(coding::brotli, whole, piece);
    EXPECT_LT(brotli.size(), whole.size() / 2);
    EXPECT_EQ(test::unbrotli(brotli), whole);
  }
}

TEST(stream_compressor, makes_a_body_of_nothing) {
  EXPECT_EQ(packed(coding::identity, "", 1), "");
  EXPECT_EQ(test::gunzip(packed(coding::gzip, "", 1)), "");
  EXPECT_EQ(test::unbrotli(packed(coding::brotli, "", 1)), "");
}

}  // namespace
}  // namespace rapporteur::http
