// Feeds: well formed whatever an article holds, the same bytes for the same entries, and free to poll.
#include "server/api/feed.hpp"
#include "tests/server/api/api_under_test.hpp"
#include "tests/server/api/hostile_article.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include <memory>
#include <set>

namespace rapporteur::api {
namespace {

using namespace std::string_literals;
namespace bhttp = http::bhttp;
using test::api_under_test;
using test::code;
using test::hostile_article;
using test::json;
using test::parameter;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// A document that libxml2 has read, without mending anything.
class xml {
 public:
  explicit xml(const std::string& text)
      : document_(xmlReadMemory(text.data(), static_cast<int>(text.size()), "feed", nullptr, XML_PARSE_NONET),
                  xmlFreeDoc) {
    if (!document_) throw std::runtime_error("not well-formed: " + text);
  }
  /// The texts of what an XPath names; a: is Atom's namespace.
  [[nodiscard]] std::vector<std::string> all(const char* path) const {
    const std::unique_ptr<xmlXPathContext, decltype(&xmlXPathFreeContext)> context(xmlXPathNewContext(document_.get()),
                                                                                   xmlXPathFreeContext);
    xmlXPathRegisterNs(context.get(), BAD_CAST "a", BAD_CAST "http://www.w3.org/2005/Atom");
    const std::unique_ptr<xmlXPathObject, decltype(&xmlXPathFreeObject)> found(
        xmlXPathEvalExpression(BAD_CAST path, context.get()), xmlXPathFreeObject);
    std::vector<std::string> out;
    for (int i = 0; found && found->nodesetval != nullptr && i < found->nodesetval->nodeNr; ++i) {
      xmlChar* text = xmlNodeGetContent(found->nodesetval->nodeTab[i]);
      out.emplace_back(reinterpret_cast<const char*>(text));
      xmlFree(text);
    }
    return out;
  }
  [[nodiscard]] std::string one(const char* path) const {
    const auto found = all(path);
    if (found.size() != 1) throw std::runtime_error(std::string("not one ") + path);
    return found[0];
  }

 private:
  std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document_;
};

search::hit hit(std::string id, std::string_view published = {}, std::string_view updated = {}) {
  search::hit h;
  h.fields.id = std::move(id);
  h.fields.title = "Title of " + h.fields.id;
  if (!published.empty()) h.fields.published = partial_date::parse(published).value();
  if (!updated.empty()) h.fields.updated = partial_date::parse(updated).value();
  h.snippets = {{{.text = "… ", .ellipsis = true}, {.text = "about "}, {.text = "camps", .match = true}}};
  return h;
}

/// Answers with these hits, of that revision.
auto answers(const std::vector<search::hit>& hits, const std::uint64_t& revision, int& searches) {
  return [hits, &revision, &searches](const search::request&) -> result<search::answer> {
    ++searches;
    search::answer a;
    a.hits = hits;
    a.index = {.revision = revision, .as_of = "2020-01-02T03:04:05Z", .articles = 9, .thesaurus = 0};
    return a;
  };
}

struct feeds : testing::Test {
  api_under_test api;
  std::uint64_t revision = 1;
  int searches = 0;

  feeds() {
    api.from.origin = "http://news.example:8080";
    api.scripted.state = [this]() -> result<search::index_state> {
      return search::index_state{.revision = revision, .as_of = "2020-01-02T03:04:05Z", .articles = 9, .thesaurus = 0};
    };
  }
  void script(const std::vector<search::hit>& hits) { api.scripted.search = answers(hits, revision, searches); }
  http::response get(std::string_view target, bhttp::field name = bhttp::field::unknown, std::string_view value = {}) {
    bhttp::fields fields;
    if (name != bhttp::field::unknown) fields.set(name, value);
    return api.get(target, fields);
  }
};

TEST_F(feeds, atom_says_what_an_entry_is) {
  auto h = hit("a/1", "2019-06-13", "2019-07-01");
  h.fields.url = "https://courier.example/1";
  h.fields.authors = {"Jane Doe"};
  h.fields.source = "The Courier";
  h.fields.language = "en";
  h.fields.tags = {{"country", {"PRK"}}};
  script({h, hit("b", "2018-05"), hit("c")});
  const auto r = get("/api/v1/search.atom?q=camps&source=The+Courier");
  EXPECT_EQ(r.status, 200U);
  EXPECT_EQ(r.fields[bhttp::field::content_type], "application/atom+xml; charset=utf-8");
  const xml x(r.body);
  EXPECT_EQ(x.one("/a:feed/a:title"), "Rapporteur: camps");
  EXPECT_EQ(x.one("/a:feed/a:updated"), "2019-07-01T00:00:00Z");
  EXPECT_EQ(x.one("/a:feed/a:author/a:name"), "Rapporteur");
  EXPECT_EQ(x.one("/a:feed/a:link[@rel='self']/@href"),
            "http://news.example:8080/api/v1/search.atom?q=camps&source=The%20Courier&sort=added&snippets=1&limit=50");
  EXPECT_EQ(x.one("/a:feed/a:link[@rel='alternate']/@href"),
            "http://news.example:8080/?q=camps&source=The%20Courier&sort=added");
  EXPECT_THAT(x.all("//a:entry/a:id"),
              ElementsAre("urn:rapporteur:article:a%2F1", "urn:rapporteur:article:b", "urn:rapporteur:article:c"));
  EXPECT_THAT(x.all("//a:entry/a:updated"),
              ElementsAre("2019-07-01T00:00:00Z", "2018-05-01T00:00:00Z", "1970-01-01T00:00:00Z"));
  EXPECT_THAT(x.all("//a:entry/a:published"), ElementsAre("2019-06-13T00:00:00Z")) << "no day is invented";
  EXPECT_THAT(x.all("//a:entry/a:link/@href"),
              ElementsAre("https://courier.example/1", "http://news.example:8080/?article=b",
                          "http://news.example:8080/?article=c"));
  EXPECT_THAT(x.all("//a:entry/a:author/a:name"), ElementsAre("Jane Doe"));
  EXPECT_EQ(x.one("//a:entry/a:category/@term"), "PRK");
  EXPECT_EQ(x.one("//a:entry/@xml:lang"), "en");
  EXPECT_EQ(x.all("//a:entry/a:summary").at(0), "<p>… about <b>camps</b></p>");
  EXPECT_EQ(x.all("//a:entry/a:summary/@type").at(0), "html");
}

TEST_F(feeds, json_feed_says_the_same) {
  auto h = hit("a/1", "2019-06-13", "2019");
  h.fields.url = "https://courier.example/1";
  h.fields.source = "The Courier";
  h.fields.tags = {{"country", {"PRK", "KOR"}}};
  auto empty = hit("b");
  empty.snippets.clear();
  script({h, empty});
  const auto r = get("/api/v1/search.feed.json?q=camps");
  EXPECT_EQ(r.fields[bhttp::field::content_type], "application/feed+json");
  const auto f = json(r);
  EXPECT_EQ(f.at("version"), "https://jsonfeed.org/version/1.1");
  EXPECT_EQ(f.at("title"), "Rapporteur: camps");
  EXPECT_THAT(std::string(f.at("feed_url").as_string()),
              HasSubstr("http://news.example:8080/api/v1/search.feed.json?q=camps"));
  EXPECT_EQ(f.at("items"), boost::json::parse(R"([
    {"id":"urn:rapporteur:article:a%2F1","url":"https://courier.example/1","title":"Title of a/1",
     "content_html":"<p>… about <b>camps</b></p>","summary":"… about camps","date_published":"2019-06-13T00:00:00Z",
     "authors":[{"name":"The Courier"}],"tags":["PRK","KOR"]},
    {"id":"urn:rapporteur:article:b","url":"http://news.example:8080/?article=b","title":"Title of b",
     "content_text":"Title of b"}])"));
}

TEST_F(feeds, are_well_formed_whatever_an_article_holds) {
  search::hit h;
  h.fields = hostile_article();
  h.fields.language = "\"><x";
  h.fields.title += "\xFF";
  h.snippets = {{{.text = "<script>alert(1)</script>\0&amp;]]>"s}, {.text = "<b>", .match = true}}};
  script({h});
  const auto target = "/api/v1/search.atom?q=%3Cscript%3E%00%22%26%01";
  const xml x(get(target).body);
  EXPECT_EQ(x.all("//a:entry").size(), 1U);
  EXPECT_EQ(x.all("//*[local-name()='script' or local-name()='x' or local-name()='b']").size(), 0U);
  EXPECT_THAT(x.one("//a:entry/a:title"), HasSubstr("</title><script>alert(1)</script>"));
  EXPECT_THAT(x.one("//a:entry/a:title"), HasSubstr("\u202Ebidi"));
  EXPECT_EQ(x.one("//a:summary"), "<p>&lt;script&gt;alert(1)&lt;/script&gt;�&amp;amp;]]&gt;<b>&lt;b&gt;</b></p>");
  EXPECT_EQ(x.one("//a:entry/a:link/@href"), "https://example.org/a?b=c&d=%22%3E%3Cscript%3E%7Bx%7D%5C%20y");
  EXPECT_EQ(x.one("/a:feed/a:title"), "Rapporteur: <script>�\"&�");
  const auto f = json(get("/api/v1/search.feed.json?q=x"));
  EXPECT_EQ(f.at("items").at(0).at("content_html"),
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;�&amp;amp;]]&gt;<b>&lt;b&gt;</b></p>");
}

TEST_F(feeds, lead_nowhere_but_to_the_web) {
  for (const auto* url : {"javascript:alert(1)", "data:text/html,x", "//example.org", "ftp://example.org/", ""}) {
    auto h = hit("a");
    h.fields.url = url;
    script({h});
    EXPECT_EQ(xml(get("/api/v1/search.atom").body).one("//a:entry/a:link/@href"), "http://news.example:8080/?article=a")
        << url;
  }
}

// What is no IRI makes an Atom document invalid, for all of its entries.
TEST_F(feeds, have_addresses_that_may_stand_in_one) {
  constexpr std::pair<const char*, const char*> k_rows[] = {
      {"https://e.org/100%", "https://e.org/100%25"},
      {"https://e.org/%zz%4", "https://e.org/%25zz%254"},
      {"https://e.org/%41%c3%A9", "https://e.org/%41%c3%A9"},
      {"https://e.org/a?b[]=1&c={d}", "https://e.org/a?b%5B%5D=1&c=%7Bd%7D"},
      {"http://[2001:db8::1]:80/a#b#c", "http://[2001:db8::1]:80/a#b%23c"},
      {"https://e.org/北?q=é", "https://e.org/北?q=é"},
  };
  for (const auto& [url, href] : k_rows) {
    auto h = hit("a");
    h.fields.url = url;
    script({h});
    EXPECT_EQ(xml(get("/api/v1/search.atom").body).one("//a:entry/a:link/@href"), href);
    EXPECT_EQ(json(get("/api/v1/search.feed.json")).at("items").at(0).at("url"), href);
  }
}

TEST_F(feeds, have_the_addresses_by_which_the_client_knows_the_server) {
  script({hit("b")});
  const std::string etag(get("/api/v1/search.atom?q=x").fields[bhttp::field::etag]);
  api.from.origin = "https://archive.example";
  api.from.prefix = "/news";
  const auto r = get("/api/v1/search.atom?q=x", bhttp::field::if_none_match, etag);
  ASSERT_EQ(r.status, 200U) << "a reader holds other addresses";
  const xml x(r.body);
  EXPECT_THAT(x.one("/a:feed/a:link[@rel='self']/@href"),
              StartsWith("https://archive.example/news/api/v1/search.atom?q=x&"));
  EXPECT_EQ(x.one("/a:feed/a:link[@rel='alternate']/@href"), "https://archive.example/news/?q=x&sort=added");
  EXPECT_EQ(x.one("//a:entry/a:link/@href"), "https://archive.example/news/?article=b");
  const auto f = json(get("/api/v1/search.feed.json?q=x"));
  EXPECT_THAT(std::string(f.at("feed_url").as_string()),
              StartsWith("https://archive.example/news/api/v1/search.feed.json?q=x&"));
  EXPECT_EQ(f.at("items").at(0).at("url"), "https://archive.example/news/?article=b");
}

TEST_F(feeds, take_what_a_search_takes_and_no_page) {
  search::request seen;
  api.scripted.search = [&seen](const search::request& r) -> result<search::answer> {
    seen = r;
    return search::answer{};
  };
  EXPECT_EQ(get("/api/v1/search.atom?q=x").status, 200U);
  EXPECT_EQ(seen.sort, search::sort_order::added);
  EXPECT_EQ(seen.limit, 50U);
  EXPECT_EQ(seen.snippets, 1U);
  const auto r = get("/api/v1/search.atom?q=x&sort=relevance&limit=7&snippets=2&snippet_chars=99&lang=en");
  EXPECT_EQ(seen.sort, search::sort_order::relevance);
  EXPECT_EQ(seen.limit, 7U);
  EXPECT_EQ(seen.snippets, 2U);
  EXPECT_EQ(seen.snippet_chars, 99U);
  // A feed's own address is the same feed.
  const auto self = xml(r.body).one("/a:feed/a:link[@rel='self']/@href");
  EXPECT_EQ(get(self.substr(self.find("/api"))).body, r.body);
  for (const auto* name : {"offset", "cursor", "facets", "timeline", "text", "x"}) {
    const auto refused = get("/api/v1/search.atom?"s + name + "=1");
    EXPECT_EQ(refused.status, 400U) << name;
    EXPECT_EQ(parameter(refused), name);
  }
  EXPECT_EQ(get("/api/v1/search.atom?limit=101").status, 400U);
  EXPECT_EQ(get("/api/v1/search.atom?snippets=21").status, 400U);
  EXPECT_EQ(api.post_form("/api/v1/search.atom", "q=x").status, 405U);
}

TEST_F(feeds, are_not_searched_for_again_while_the_index_is_the_same) {
  script({hit("a", "2019")});
  const std::string etag(get("/api/v1/search.atom?q=x").fields[bhttp::field::etag]);
  EXPECT_EQ(etag.substr(0, 3), "W/\"");
  searches = 0;
  const auto r = get("/api/v1/search.atom?q=x", bhttp::field::if_none_match, etag);
  EXPECT_EQ(r.status, 304U);
  EXPECT_EQ(r.fields[bhttp::field::etag], etag);
  EXPECT_EQ(searches, 0);
  EXPECT_EQ(get("/api/v1/search.atom?q=y", bhttp::field::if_none_match, etag).status, 200U);
  EXPECT_EQ(get("/api/v1/search.feed.json?q=x", bhttp::field::if_none_match, etag).status, 200U);
}

TEST_F(feeds, are_not_sent_again_while_their_entries_are_the_same) {
  script({hit("a", "2019")});
  const std::string etag(get("/api/v1/search.atom?q=x").fields[bhttp::field::etag]);
  revision = 2;
  searches = 0;
  const auto r = get("/api/v1/search.atom?q=x", bhttp::field::if_none_match, "\"other\", " + etag);
  EXPECT_EQ(r.status, 304U);
  EXPECT_EQ(searches, 1);
  // With the new tag not even a search is needed.
  const std::string now(r.fields[bhttp::field::etag]);
  EXPECT_NE(now, etag);
  EXPECT_EQ(get("/api/v1/search.atom?q=x", bhttp::field::if_none_match, now).status, 304U);
  EXPECT_EQ(searches, 1);
  script({hit("b", "2020"), hit("a", "2019")});
  revision = 3;
  EXPECT_EQ(get("/api/v1/search.atom?q=x", bhttp::field::if_none_match, now).status, 200U);
}

TEST_F(feeds, can_be_asked_for_by_date) {
  script({hit("a", "2019")});
  const std::string date(get("/api/v1/search.atom").fields[bhttp::field::last_modified]);
  EXPECT_EQ(date, "Thu, 02 Jan 2020 03:04:05 GMT");
  EXPECT_EQ(get("/api/v1/search.atom", bhttp::field::if_modified_since, date).status, 304U);
  EXPECT_EQ(get("/api/v1/search.atom", bhttp::field::if_modified_since, "Thu, 02 Jan 2020 03:04:06 GMT").status, 200U)
      << "an index may be put back";
  api.scripted.state = []() -> result<search::index_state> {
    return search::index_state{.revision = 1, .as_of = "9026-01-02T03:04:05Z", .articles = 9, .thesaurus = 0};
  };
  EXPECT_EQ(get("/api/v1/search.atom", bhttp::field::if_modified_since, date).status, 200U);
}

TEST_F(feeds, tell_errors_as_problems) {
  api.scripted.state = []() -> result<search::index_state> { return error{errc::index_missing, "none"}; };
  const auto r = get("/api/v1/search.atom");
  EXPECT_EQ(r.status, 503U);
  EXPECT_EQ(code(r), "index_missing");
}

}  // namespace
}  // namespace rapporteur::api
