#include "server/pages/templates.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace rapporteur::pages {
namespace {

using namespace std::string_literals;

const catalogue& words() {
  static const catalogue c = std::move(catalogue::read("en", R"({"search": "Search <b> & \"more\" {{X}}",
    "page": "Page {page}"})",
                                                       "en.json", nullptr)
                                           .value());
  return c;
}

std::string filled(const std::string& text, page_data data) {
  return templates::make({{"page", text}}, words()).value().fill("page", std::move(data));
}

page_data with(std::string_view name, std::string text) {
  page_data d;
  d.text(name, std::move(text));
  return d;
}

TEST(templates, put_all_text_in_escaped) {
  struct row {
    std::string text, out;
  };
  const row rows[] = {
      {"plain", "plain"},
      {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
      {"\"'&", "&quot;&#39;&amp;"},
      {"{{x}} {{{x}}} {{>page}}", "{{x}} {{{x}}} {{&gt;page}}"},
      {"a\0b\x01\x7F"s, "a\uFFFDb\uFFFD\uFFFD"},
      {"\xFF\xC0\xAF", "\uFFFD\uFFFD\uFFFD"},
      {"\u202E\u2066bidi", "\u202E\u2066bidi"},
      {"&amp;lt;", "&amp;amp;lt;"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(filled("<p title=\"{{x}}\">{{x}}</p>", with("x", row.text)),
              "<p title=\"" + row.out + "\">" + row.out + "</p>");
  }
}

TEST(templates, take_conditions_lists_parts_and_words) {
  page_data d = with("empty", "");
  d.flag("yes", true);
  d.flag("no", false);
  page_data::list two;
  two.push_back(with("name", "a"));
  two.push_back(with("name", "b"));
  d.objects("two", std::move(two));
  d.objects("none", {});
  d.object("one", with("name", "c"));
  const auto made = templates::make(
      {{"page",
        "{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^no}}m{{/no}}{{#empty}}e{{/empty}}{{^empty}}f{{/empty}} "
        "{{#two}}{{> item}}{{/two}}{{^none}}-{{/none}}{{#one}}{{name}}{{/one}}{{! said to nobody }}{{absent}}"},
       {"item", "[{{ name }}]\n"}},
      words());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_TRUE(made->has("page"));
  EXPECT_FALSE(made->has("other"));
  EXPECT_EQ(made->fill("page", std::move(d)), "ymf [a][b]-c");
}

// They are parsed once, so what fills them has to leave them as they are: with several threads at once (under the
// thread sanitizer this is a test of its own) and one time after the other.
TEST(templates, are_filled_by_several_threads_at_once) {
  const auto made =
      templates::make({{"page", "{{#rows}}{{> row}}{{/rows}}{{^rows}}none{{/rows}}"}, {"row", "<{{name}}>\n"}}, words())
          .value();
  std::vector<std::jthread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&made, &wrong, t] {
      for (int i = 0; i < 200; ++i) {
        page_data d;
        page_data::list rows;
        std::string expected = i % 3 == 0 ? "none" : "";
        for (int n = 0; n < i % 3; ++n) {
          rows.push_back(with("name", std::to_string(t) + '-' + std::to_string(i)));
          expected += '<' + std::to_string(t) + '-' + std::to_string(i) + '>';
        }
        d.objects("rows", std::move(rows));
        if (made.fill("page", std::move(d)) != expected) ++wrong;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST(templates, words_are_text_too) {
  EXPECT_EQ(filled("<b>{{t.search}}</b>", {}), "<b>Search &lt;b&gt; &amp; &quot;more&quot; &#123;&#123;X}}</b>");
}

TEST(templates, refuse_what_would_not_be_escaped_and_what_is_not_there) {
  struct row {
    std::string text;
    std::string_view says;
  };
  const row rows[] = {
      {"a\nb {{{x}}}", "page.mustache, line 2: {{{ }}}, {{& }} and {{= }} are not taken"},
      {"{{& x}}", "page.mustache, line 1: {{{ }}}, {{& }} and {{= }} are not taken"},
      {"{{ &x }}", "page.mustache, line 1: {{{ }}}, {{& }} and {{= }} are not taken"},
      {"{{=<% %>=}}", "page.mustache, line 1: {{{ }}}, {{& }} and {{= }} are not taken"},
      {"{{> other}}", "page.mustache, line 1: there is no other.mustache"},
      {"{{> page}}", "page.mustache, line 1: page.mustache contains itself"},
      {"{{t.missing}}", "page.mustache, line 1: there is no word missing"},
      {"{{t.page}}", "page.mustache, line 1: the word page has places in it"},
      {"\n\n{{x", "page.mustache, line 3: Unclosed tag"},
      {"{{ }}", "page.mustache, line 1: {{ }} names nothing"},
      {"a\n{{#a}}\n", "page.mustache, line 2: Unclosed section"},
      {"{{x}}\n{{/b}}", "page.mustache, line 2: Unopened section"},
  };
  for (const auto& row : rows) {
    const auto made = templates::make({{"page", row.text}}, words());
    ASSERT_FALSE(made) << row.text;
    EXPECT_TRUE(made.error().message.starts_with(row.says)) << made.error().message;
  }
}

}  // namespace
}  // namespace rapporteur::pages
