// The search page's files, as the real server serves them.
#include "tests/http/programs.hpp"
#include "tests/server/http/decompress.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace rapporteur::test {
namespace {

namespace fs = std::filesystem;
using http::test::raw_client;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

TEST(page_over_http, every_file_of_web_is_served_as_it_is_in_every_coding) {
  server_program server(sample_index());
  const auto web = fs::path(RAPPORTEUR_SOURCE_DIR) / "web";
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(web)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    const auto content = read_file(entry.path());
    const auto target = "/" + entry.path().lexically_relative(web).generic_string();
    const auto plain = server.get(target);
    EXPECT_EQ(plain.status, 200U) << target;
    EXPECT_EQ(plain.body, content) << target;
    EXPECT_NE(plain.field("content-type"), "application/octet-stream") << target;
    EXPECT_EQ(plain.field("referrer-policy"), "no-referrer");
    EXPECT_EQ(plain.field("x-content-type-options"), "nosniff");
    EXPECT_EQ(plain.field("cross-origin-resource-policy"), "same-origin");
    // Modules and style sheets are parts of a page, and have no policy of their own.
    const bool is_part = target.ends_with(".js") || target.ends_with(".css");
    for (const char* of_documents : {"content-security-policy", "x-frame-options", "cross-origin-opener-policy"}) {
      EXPECT_EQ(plain.field(of_documents).empty(), is_part) << target << " " << of_documents;
    }
    EXPECT_EQ(server.get(target, "If-None-Match: " + plain.field("etag") + "\r\n").status, 304U) << target;
    EXPECT_EQ(server.get(target, "If-None-Match: *\r\n").status, 304U) << target;
    const auto gzip = server.get(target, "Accept-Encoding: gzip\r\n");
    const auto brotli = server.get(target, "Accept-Encoding: br\r\n");
    if (gzip.field("content-encoding") == "gzip") {
      EXPECT_EQ(http::test::gunzip(gzip.body), content) << target;
    }
    if (brotli.field("content-encoding") == "br") {
      EXPECT_EQ(http::test::unbrotli(brotli.body), content) << target;
    }
  }
  EXPECT_GT(files, 3);
  EXPECT_EQ(server.get("/").body, read_file(web / "index.html"));
}

TEST(page_over_http, nothing_else_of_the_machine_is_served) {
  server_program server(sample_index());
  raw_client client(server.port());
  for (const std::string target :
       {"/../CMakeLists.txt", "/..%2fCMakeLists.txt", "/%2e%2e/CMakeLists.txt", "/%2e%2e%2fCMakeLists.txt",
        "/..%5cCMakeLists.txt", "/....//CMakeLists.txt", "//etc/passwd", "/%2fetc%2fpasswd", "/etc/passwd",
        "/index.html/../../CMakeLists.txt", "/index.html%00.js", "/.git/config", "/%c0%ae%c0%ae/CMakeLists.txt",
        "/..;/CMakeLists.txt", "http://test/../CMakeLists.txt"}) {
    const auto a = client.ask("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n");
    ASSERT_TRUE(a) << target;
    EXPECT_EQ(a->status, 404U) << target;
    EXPECT_EQ(a->body.find("cmake_minimum_required"), std::string::npos) << target;
    EXPECT_EQ(a->body.find("root:"), std::string::npos) << target;
  }
}

}  // namespace
}  // namespace rapporteur::test
