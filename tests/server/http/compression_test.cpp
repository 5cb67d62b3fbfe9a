#include "server/http/compression.hpp"

#include "tests/server/http/decompress.hpp"

#include <gtest/gtest.h>

namespace rapporteur::http {
namespace {

TEST(parse_accept_encoding, chooses_as_the_client_prefers) {
  struct row {
    std::string_view header;
    coding best;
  };
  constexpr row k_rows[] = {
      {"", coding::identity},
      {"gzip", coding::gzip},
      {"br", coding::brotli},
      {"gzip, deflate, br, zstd", coding::brotli},
      {"GZip", coding::gzip},
      {"x-gzip", coding::gzip},
      {"br;q=0.5, gzip;q=0.9", coding::gzip},
      {"br;q=0.9, gzip;q=0.9", coding::brotli},
      {"br;q=0, gzip", coding::gzip},
      {"br;q=0.000", coding::identity},
      {"*", coding::brotli},
      {"*;q=0", coding::identity},
      {"gzip;q=0, *", coding::brotli},
      {"br;q=0, *;q=0.1", coding::gzip},
      {"identity", coding::identity},
      {"identity;q=0", coding::identity},
      {"deflate", coding::identity},
      {"gzip ; q=0.3 , br ; Q=0.2", coding::gzip},
      {"br;q=2", coding::identity},
      {"br;q=x, gzip;q=0.1", coding::gzip},
      {"br;q=0.0001, gzip", coding::gzip},
      {",,;;, gzip", coding::gzip},
      {"gzip;level=3", coding::gzip},
      {"brx, gzipped", coding::identity},
      {"identity;q=1, br;q=0.5", coding::identity},
      {"identity;q=0.5, gzip;q=0.5", coding::gzip},
      {"identity;q=0.2, *;q=0.1", coding::identity},
  };
  for (const auto& r : k_rows) EXPECT_EQ(parse_accept_encoding(r.header).best(), r.best) << r.header;
}

TEST(parse_accept_encoding, knows_when_no_form_is_taken) {
  struct row {
    std::string_view header;
    bool identity, any;
  };
  constexpr row k_rows[] = {
      {"", true, true},
      {"gzip;q=0", true, true},
      {"identity;q=0", false, false},
      {"*;q=0", false, false},
      {"identity;q=0, br", false, true},
      {"*;q=0, identity;q=0.1", true, true},
      {"*;q=0, gzip", false, true},
      {"identity;q=0, *", false, true},
      {"identity;q=0.000", false, false},
  };
  for (const auto& r : k_rows) {
    EXPECT_EQ(parse_accept_encoding(r.header).identity, r.identity) << r.header;
    EXPECT_EQ(parse_accept_encoding(r.header).any(), r.any) << r.header;
  }
}

TEST(compress, is_undone_by_the_usual_decoders) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "Political prison camps, " + std::to_string(i) + "; ";
  for (const int effort : {1, 5, 9}) EXPECT_EQ(test::gunzip(*compress_gzip(text, effort)), text);
  for (const int effort : {0, 4, 11}) EXPECT_EQ(test::unbrotli(*compress_brotli(text, effort)), text);
  EXPECT_EQ(test::gunzip(*compress_gzip("", 5)), "");
  EXPECT_EQ(test::unbrotli(*compress_brotli("", 4)), "");
}

request request_with(std::string_view accept_encoding) {
  request q;
  q.fields.set(bhttp::field::accept_encoding, accept_encoding);
  return q;
}

TEST(compress_response, compresses_large_bodies_and_says_so) {
  const std::string text(5000, 'a');
  response r;
  r.body = text;
  compress_response(request_with("gzip"), r);
  EXPECT_EQ(r.fields[bhttp::field::content_encoding], "gzip");
  EXPECT_EQ(r.fields[bhttp::field::vary], "Accept-Encoding");
  EXPECT_LT(r.body.size(), 200U);
  EXPECT_EQ(test::gunzip(r.body), text);
}

TEST(compress_response, leaves_small_bodies_and_those_that_do_not_shrink_but_always_varies) {
  response small;
  small.body = std::string(k_min_compressed_bytes - 1, 'a');
  compress_response(request_with("br"), small);
  EXPECT_EQ(small.fields.count(bhttp::field::content_encoding), 0U);
  EXPECT_EQ(small.fields[bhttp::field::vary], "Accept-Encoding");

  response dense;
  std::string noise(4000, '\0');
  std::uint32_t state = 1;
  for (auto& c : noise) c = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24);
  dense.body = noise;
  compress_response(request_with("br"), dense);
  EXPECT_EQ(dense.fields.count(bhttp::field::content_encoding), 0U);
  EXPECT_EQ(dense.body, noise);
}

TEST(compress_response, compresses_what_is_too_small_for_a_client_that_takes_nothing_else) {
  response small;
  small.body = "abc";
  compress_response(request_with("gzip, identity;q=0"), small);
  EXPECT_EQ(small.fields[bhttp::field::content_encoding], "gzip");
  EXPECT_EQ(test::gunzip(small.body), "abc");
}

}  // namespace
}  // namespace rapporteur::http
