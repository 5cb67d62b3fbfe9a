#include "server/pages/article_page.hpp"

#include "server/api/export_format.hpp"
#include "server/api/parameters.hpp"
#include "server/http/uri.hpp"
#include "server/pages/bidi.hpp"
#include "server/pages/facet_lists.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::pages {
namespace {

constexpr std::uint32_t k_listed_marks = 200;  // beyond them one goes from mark to mark in the text

/// A search for all that has this value and nothing else.
std::string same_address(const page_context& c, std::string_view filter, const std::string& value) {
  auto r = what_is_found({}, c.link.defaults);
  r.expand = c.link.defaults.default_expand;
  return c.link.search(choose(std::move(r), filter, value, choice::wanted));
}

page_data::list links_to(const page_context& c, std::string_view filter, const std::vector<std::string>& values) {
  page_data::list out;
  for (const auto& v : values) {
    if (!out.empty()) out.push_back(plain_piece(c.words().text("comma")));
    out.push_back(link_piece(value_name(c, filter, v), same_address(c, filter, v)));
  }
  return out;
}

void put_about(page_data& page, const page_context& c, const article& a) {
  page_data::list rows;
  const auto add = [&rows](std::string name, page_data::list pieces) {
    page_data d;
    d.text("row_name", std::move(name));
    d.object("row_value", rich(std::move(pieces)));
    rows.push_back(std::move(d));
  };
  const auto one = [](page_data d) {
    page_data::list l;
    l.push_back(std::move(d));
    return l;
  };
  const auto& w = c.words();
  if (a.published) add(w.text("published"), one(plain_piece(c.format().date(*a.published))));
  if (a.updated) add(w.text("field_updated"), one(plain_piece(c.format().date(*a.updated))));
  if (!a.source.empty()) add(w.text("facet_source"), links_to(c, "source", {a.source}));
  if (!a.authors.empty()) add(w.text("facet_author"), links_to(c, "author", a.authors));
  if (!a.language.empty()) add(w.text("facet_lang"), links_to(c, "lang", {a.language}));
  if (!a.collection.empty()) add(w.text("facet_collection"), links_to(c, "collection", {a.collection}));
  for (const auto& t : a.tags) {
    const auto filter = "tag." + t.name;
    add(filter_name(c, filter), links_to(c, filter, t.values));
  }
  if (!a.url.empty()) {
    add(w.text("field_url"), one(is_web_address(a.url) ? link_piece(a.url, a.url) : name_piece(a.url)));
  }
  add(w.text("field_id"), one(code_piece(a.id)));
  page.objects("about_rows", std::move(rows));
}

/// As it may stand in a footnote: authors, title, outlet, date, address, as far as they are known.
std::string citation_of(const page_context& c, const article& a, const std::string& title) {
  std::string out;
  const auto add = [&out](const std::string& part, std::string_view between) {
    if (part.empty()) return;
    if (!out.empty()) out += between;
    out += part;
  };
  std::string authors;
  for (const auto& name : a.authors) {
    if (!authors.empty()) authors += c.words().text("comma");
    authors += name;
  }
  add(authors, "");
  add(c.words().text("quoted", {{"text", title}}), ". ");
  add(a.source, ". ");
  if (a.published) add(c.format().date(*a.published), ", ");
  add(a.url, ". ");
  return printed(out);
}

/// The article in the languages of reference managers, as files.
page_data::list references(const page_context& c, const std::string& id) {
  auto address = c.link.to("/api/v1/articles/");
  http::percent_encode(address, id);
  page_data::list out;
  for (const auto* f : api::k_reference_formats) {
    page_data d;
    d.text("document_name", c.words().text("download_as", {{"name", std::string(f->name)}}));
    d.text("document_address", address + "?format=" + std::string(api::format_name(*f)));
    out.push_back(std::move(d));
  }
  return out;
}

}  // namespace

std::string article_page(const page_context& c, const search::request& asked, const search::article_answer& a,
                         const search::related_answer& related) {
  const auto& w = c.words();
  page_data page;
  const auto& f = a.fields;
  auto title = text_of(a.title);
  if (title.find_first_not_of(" \t\r\n") == std::string::npos) title = w.text("untitled");
  put_frame(page, c, page_title(c, title), [&](const linker& l) { return l.article(f.id, asked); });
  put_form(page, c, asked);
  put_article_line(page, c, f, a.title);
  page.text("back_address", c.link.search(asked));
  page.flag("has_search", is_search(asked));
  page.flag("has_query", !asked.q.empty());
  page.text(
      "full_address", c.link.to("/") + "?" + [&] {
        auto r = what_is_found(asked, c.link.defaults);
        auto query = api::format_search(r, c.link.defaults);
        if (!query.empty()) query += '&';
        query += "article=";
        http::percent_encode(query, f.id);
        return query;
      }());

  std::uint32_t mark = 0;
  auto heading = runs_of(a.title, &mark, a.matches);
  if (text_of(a.title).find_first_not_of(" \t\r\n") == std::string::npos) {
    page_data::list untitled;
    untitled.push_back(plain_piece(title));
    heading = rich(std::move(untitled));
  }
  page.object("heading", std::move(heading));
  page_data::list paragraphs;
  paragraphs.reserve(a.paragraphs.size());
  for (const auto& p : a.paragraphs) {
    page_data d;
    d.text("paragraph", std::to_string(paragraphs.size() + 1));
    d.object("paragraph_text", runs_of(p, &mark, a.matches));
    paragraphs.push_back(std::move(d));
  }
  page.objects("paragraphs", std::move(paragraphs));
  page.text("matches", asked.q.empty()  ? std::string()
                       : a.matches == 0 ? w.text("matches_none")
                                        : w.counted("matches", a.matches));
  page_data::list marks;
  for (std::uint32_t i = 1; i <= std::min(a.matches, k_listed_marks); ++i) {
    page_data d;
    d.text("mark_number", std::to_string(i));
    d.text("mark_name", c.format().number(i));
    marks.push_back(std::move(d));
  }
  page.flag("has_marks", !marks.empty());
  page.flag("has_more_marks", a.matches > k_listed_marks);
  page.objects("marks", std::move(marks));

  if (!f.authors.empty()) {
    page.object("byline", sentence(c, "by", {}, [&](auto) { return links_to(c, "author", f.authors); }));
  } else {
    page.flag("byline", false);
  }
  std::string host;
  if (is_web_address(f.url, &host)) {
    page_data d;
    d.object("original_text", sentence(c, "original", {}, [&](auto) {
               page_data::list l;
               l.push_back(name_piece(host));
               return l;
             }));
    d.text("original_address", f.url);
    page.object("original", std::move(d));
  } else {
    page.flag("original", false);
  }
  page.text("citation", citation_of(c, f, title));
  page.objects("references", references(c, f.id));
  put_about(page, c, f);

  page_data::list others;
  for (const auto& h : related.hits) {
    page_data d;
    // What is marked there is what the two articles share, and not what was searched for.
    auto plain_title = h.title;
    for (auto& run : plain_title) run.match = false;
    put_article_line(d, c, h.fields, plain_title);
    d.text("article_address", c.link.article(h.fields.id, asked));
    others.push_back(std::move(d));
  }
  page.flag("has_related", !others.empty());
  page.objects("related_articles", std::move(others));
  return c.in.pages.fill("article", std::move(page));
}

}  // namespace rapporteur::pages
