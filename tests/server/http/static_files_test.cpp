#include "server/http/static_files.hpp"

#include "server/http/compression.hpp"
#include "tests/server/http/decompress.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace rapporteur::http {
namespace {

namespace fs = std::filesystem;

class static_files_test : public testing::Test {
 protected:
  void SetUp() override {
    const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
    root_ = fs::temp_directory_path() / ("rapporteur_static_" + test + "_" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_ / "web" / "views");
    put("secret.txt", "outside");
    put("web/index.html", page_);
    put("web/app.js", std::string(3000, 'j'));
    put("web/views/index.html", "views");
    put("web/views/a b.svg", "<svg/>");
    put("web/icon.png", std::string(3000, 'p'));
    put("web/empty.css", "");
    put("web/.hidden", "hidden");
    fs::create_directories(root_ / "web" / ".git");
    put("web/.git/config", "hidden");
    fs::create_symlink("../secret.txt", root_ / "web" / "leak.txt");
    fs::create_symlink("app.js", root_ / "web" / "alias.js");
    auto loaded = static_files::load(root_ / "web");
    ASSERT_TRUE(loaded) << loaded.error().message;
    files_ = std::move(*loaded);
  }
  void TearDown() override { fs::remove_all(root_); }

  void put(const std::string& name, std::string_view bytes) const {
    std::ofstream(root_ / name, std::ios::binary) << bytes;
  }

  /// As the session would make it of a GET for path.
  [[nodiscard]] response get(std::string_view path, std::string_view accept_encoding = "") const {
    request q;
    auto segments = split_path(path);
    if (!segments) throw std::runtime_error("bad path");
    q.segments = std::move(*segments);
    if (!accept_encoding.empty()) q.fields.set(bhttp::field::accept_encoding, accept_encoding);
    return files_.serve(q);
  }

  fs::path root_;
  std::string page_ = "<!doctype html>" + std::string(4000, ' ') + "<p>page";
  static_files files_;
};

TEST_F(static_files_test, serves_files_with_type_etag_and_revalidation) {
  const auto r = get("/app.js");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(r.bytes(), std::string(3000, 'j'));
  EXPECT_EQ(r.fields[bhttp::field::content_type], "text/javascript; charset=utf-8");
  EXPECT_EQ(r.fields[bhttp::field::cache_control], "no-cache");
  EXPECT_EQ(r.fields[bhttp::field::vary], "Accept-Encoding");
  const std::string etag(r.fields[bhttp::field::etag]);
  EXPECT_TRUE(etag.starts_with('"') && etag.ends_with('"')) << etag;
  EXPECT_EQ(get("/alias.js").fields[bhttp::field::etag], etag) << "a link inside the folder is followed";
}

TEST_F(static_files_test, serves_index_html_for_folders) {
  EXPECT_EQ(get("/").bytes(), page_);
  EXPECT_EQ(get("/index.html").bytes(), page_);
  EXPECT_EQ(get("/views/").bytes(), "views");
  EXPECT_EQ(get("/views").status, 404U);
  EXPECT_EQ(get("/views/a%20b.svg").fields[bhttp::field::content_type], "image/svg+xml");
  EXPECT_EQ(get("/empty.css").status, 200U);
  EXPECT_EQ(get("/empty.css").bytes(), "");
}

TEST_F(static_files_test, sends_the_coding_that_the_client_prefers_with_an_etag_of_its_own) {
  const auto plain = get("/");
  const auto gzip = get("/", "gzip");
  const auto brotli = get("/", "gzip, br");
  EXPECT_EQ(gzip.fields[bhttp::field::content_encoding], "gzip");
  EXPECT_EQ(brotli.fields[bhttp::field::content_encoding], "br");
  EXPECT_EQ(test::gunzip(gzip.bytes()), page_);
  EXPECT_EQ(test::unbrotli(brotli.bytes()), page_);
  EXPECT_EQ(get("/", "br;q=0.1, gzip").fields[bhttp::field::content_encoding], "gzip");
  const std::set<std::string> etags{std::string(plain.fields[bhttp::field::etag]),
                                    std::string(gzip.fields[bhttp::field::etag]),
                                    std::string(brotli.fields[bhttp::field::etag])};
  EXPECT_EQ(etags.size(), 3U);
}

TEST_F(static_files_test, does_not_compress_what_is_compressed_or_small) {
  for (const std::string_view path : {"/icon.png", "/empty.css", "/views/"}) {
    const auto r = get(path, "gzip, br");
    EXPECT_EQ(r.fields.count(bhttp::field::content_encoding), 0U) << path;
    EXPECT_EQ(r.fields.count(bhttp::field::vary), 0U) << path;
  }
}

TEST_F(static_files_test, has_nothing_outside_the_folder_and_nothing_hidden) {
  for (const std::string_view path :
       {"/../secret.txt", "/..%2Fsecret.txt", "/%2e%2e/secret.txt", "/views/../../secret.txt", "/leak.txt", "/.hidden",
        "/.git/config", "//app.js", "//", "/app.js/", "/views%2Findex.html", "/./app.js", "/app.js%00", "/APP.JS",
        "/web/app.js", "/etc/passwd", "//etc/passwd", "/%2Fetc%2Fpasswd", "/..\\secret.txt"}) {
    const auto r = get(path);
    EXPECT_EQ(r.status, 404U) << path;
    EXPECT_EQ(r.fields[bhttp::field::content_type], "application/problem+json") << path;
  }
}

TEST_F(static_files_test, an_etag_changes_with_the_content_only) {
  const std::string before(get("/app.js").fields[bhttp::field::etag]);
  put("web/views/index.html", "changed");
  auto again = static_files::load(root_ / "web");
  ASSERT_TRUE(again);
  files_ = std::move(*again);
  EXPECT_EQ(get("/app.js").fields[bhttp::field::etag], before);
  put("web/app.js", std::string(3000, 'k'));
  again = static_files::load(root_ / "web");
  ASSERT_TRUE(again);
  files_ = std::move(*again);
  EXPECT_NE(get("/app.js").fields[bhttp::field::etag], before);
}

TEST_F(static_files_test, a_missing_folder_is_an_error) {
  const auto r = static_files::load(root_ / "nowhere");
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, errc::not_found);
  const auto file = static_files::load(root_ / "secret.txt");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, errc::not_found);
}

TEST(apply_conditions, makes_304_of_what_the_client_has) {
  request q;
  q.fields.set(bhttp::field::if_none_match, R"("x", W/"abc")");
  response r;
  r.body = "body";
  r.set(bhttp::field::etag, R"("abc")");
  r.set(bhttp::field::content_type, "text/plain");
  r.set(bhttp::field::cache_control, "no-cache");
  r.set(bhttp::field::vary, "Accept-Encoding");
  auto not_modified = r;
  apply_conditions(q, not_modified);
  EXPECT_EQ(not_modified.status, 304U);
  EXPECT_EQ(not_modified.bytes(), "");
  EXPECT_EQ(not_modified.fields[bhttp::field::etag], R"("abc")");
  EXPECT_EQ(not_modified.fields[bhttp::field::cache_control], "no-cache");
  EXPECT_EQ(not_modified.fields[bhttp::field::vary], "Accept-Encoding");
  EXPECT_EQ(not_modified.fields.count(bhttp::field::content_type), 0U);

  auto posted = r;
  q.method = bhttp::verb::post;
  apply_conditions(q, posted);
  EXPECT_EQ(posted.status, 200U);
  auto failed = r;
  failed.status = 404;
  q.method = bhttp::verb::get;
  apply_conditions(q, failed);
  EXPECT_EQ(failed.status, 404U);
}

}  // namespace
}  // namespace rapporteur::http
