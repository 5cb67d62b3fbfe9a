#include "server/pages/results_page.hpp"

#include "server/api/export_format.hpp"
#include "server/api/parameters.hpp"
#include "server/pages/facet_lists.hpp"
#include "server/pages/notes.hpp"
#include "server/pages/time_list.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace rapporteur::pages {
namespace {

struct document_format {
  std::string_view ending;
  std::string_view name;
};
std::vector<document_format> exports() {
  std::vector<document_format> out;
  out.reserve(std::size(api::k_export_formats));
  for (const auto* f : api::k_export_formats) out.push_back({api::format_name(*f), f->name});
  return out;
}
constexpr document_format k_feeds[] = {{"atom", "Atom"}, {"feed.json", "JSON Feed"}};

page_data::list documents(const page_context& c, const std::string& query, std::span<const document_format> formats) {
  page_data::list out;
  for (const auto& f : formats) {
    page_data d;
    d.text("document_name", std::string(f.name));
    d.text("document_address",
           c.link.to("/api/v1/search.") + std::string(f.ending) + (query.empty() ? "" : "?") + query);
    out.push_back(std::move(d));
  }
  return out;
}

void put_documents(page_data& page, const page_context& c, const search::request& asked) {
  auto found = what_is_found(asked, c.link.defaults);
  page.objects("exports", documents(c, api::format_search(found, c.link.defaults), exports()));
  // A feed has an order of its own.
  found.sort = search::sort_order::relevance;
  const auto query = api::format_search(found, c.link.defaults);
  page.objects("feeds", documents(c, query, k_feeds));
  page.text("feed_address", c.link.to("/api/v1/search.atom") + (query.empty() ? "" : "?") + query);
}

void put_count(page_data& page, const page_context& c, const search::request& asked, const search::answer& a) {
  const auto& w = c.words();
  const std::string q = asked.q;
  const bool quoted = q.find('"') != std::string::npos || q.find("“") != std::string::npos ||
                      q.find("”") != std::string::npos || q.find("«") != std::string::npos;
  const auto fill = [&](std::string_view) {
    page_data::list out;
    if (quoted) {
      out.push_back(name_piece(q));
      return out;
    }
    for (auto& p : w.pieces("quoted")) out.push_back(p.place.empty() ? plain_piece(std::move(p.text)) : name_piece(q));
    return out;
  };
  std::string key = a.total == 0 ? "none" : q.empty() ? "articles" : "results";
  if (!q.empty()) key += "_for";
  if (a.total > 0 && !a.total_exact) key += "_about";
  page.object("count", sentence(c, key, a.total, fill));
  if (a.total > asked.limit && asked.limit > 0 && !asked.after) {
    const auto pages = (a.total + asked.limit - 1) / asked.limit;
    const auto at = std::uint64_t{asked.offset} / asked.limit + 1;
    page.text("page_of", w.text(a.total_exact ? "page_of" : "page_of_about",
                                {{"page", c.format().number(at)}, {"pages", c.format().number(std::max(at, pages))}}));
  }
}

void put_pages(page_data& page, const page_context& c, const search::request& asked, const search::answer& a) {
  std::string before;
  std::string behind;
  std::string first;
  if (asked.after) {
    first = c.link.search(from_start(asked));
  } else if (asked.offset > 0) {
    auto r = asked;
    r.offset = asked.offset > asked.limit ? asked.offset - asked.limit : 0;
    before = c.link.search(r);
  }
  if (a.next && asked.limit > 0) {
    auto r = asked;
    if (api::goes_on_by_offset(asked, a, c.link.defaults)) {
      r.offset += asked.limit;  // there is a way back from it
    } else {
      r.offset = 0;
      r.after = a.next;
    }
    behind = c.link.search(r);
  }
  page.flag("has_pages", !before.empty() || !behind.empty() || !first.empty());
  page.text("before_address", std::move(before));
  page.text("behind_address", std::move(behind));
  page.text("to_first_address", std::move(first));
}

page_data hit_of(const page_context& c, const search::request& asked, const search::hit& h) {
  page_data d;
  put_article_line(d, c, h.fields, h.title);
  d.text("article_address", c.link.article(h.fields.id, asked));
  page_data::list passages;
  passages.reserve(h.snippets.size());
  for (const auto& s : h.snippets) passages.push_back(runs_of(s));
  d.objects("passages", std::move(passages));
  return d;
}

}  // namespace

std::string results_page(const page_context& c, const search::request& asked, const search::answer& a) {
  page_data page;
  const bool start = !is_search(asked);
  put_frame(page, c, asked.q.empty() ? std::string("Rapporteur") : page_title(c, asked.q),
            [&asked](const linker& l) { return l.search(asked); });
  put_form(page, c, asked);
  page.flag("is_start", start);
  page.flag("is_list", !start);
  // The same search where scripts run.
  const auto same = api::format_search(what_is_found(asked, c.link.defaults), c.link.defaults);
  page.text("full_address", c.link.to("/") + (same.empty() ? "" : "?") + same);
  page.text("archive", c.words().counted("archive", a.index.articles, {{"when", c.format().moment(a.index.as_of)}}));
  put_facets(page, c, asked, a);
  put_times(page, c, asked, a);
  put_documents(page, c, asked);
  if (start) {
    auto newest = asked;
    newest.sort = search::sort_order::newest;
    page.text("newest_address", c.link.search(newest));
  } else {
    put_count(page, c, asked, a);
    put_notes(page, c, asked, a);
    put_chips(page, c, asked);
    put_nothing(page, c, asked, a);
    put_pages(page, c, asked, a);
    page_data::list hits;
    hits.reserve(a.hits.size());
    for (const auto& h : a.hits) hits.push_back(hit_of(c, asked, h));
    page.flag("has_hits", !hits.empty());
    page.text("first_number", std::to_string(asked.offset + 1));
    page.objects("hits", std::move(hits));
  }
  return c.in.pages.fill("results", std::move(page));
}

}  // namespace rapporteur::pages
