#include "server/pages/facet_lists.hpp"

#include "server/pages/bidi.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::pages {
namespace {

constexpr std::size_t k_first_shown = 8;
constexpr std::string_view k_tag = "tag.";

bool is_filter(std::string_view facet) {
  return facet == "source" || facet == "lang" || facet == "author" || facet == "collection" || facet.starts_with(k_tag);
}

page_data value_of(const page_context& c, const search::request& asked, const search::facet& f,
                   const search::facet_value& v) {
  page_data d;
  const auto name = value_name(c, f.name, v.value);
  const bool on = v.selected || v.excluded;
  d.text("value", closed(name));
  d.flag("is_wanted", v.selected);
  d.flag("is_excluded", v.excluded);
  d.flag("is_on", on);
  const auto address = [&](choice how) { return c.link.search(choose(asked, f.name, v.value, how)); };
  d.text("toggle", address(on ? choice::neither : choice::wanted));
  d.text("without", on ? std::string() : address(choice::excluded));
  d.text("without_label", c.words().text("plain_without", {{"value", printed(name)}}));
  d.text("tally",
         f.exact ? c.format().number(v.count) : c.words().text("about_count", {{"n", c.format().number(v.count)}}));
  return d;
}

}  // namespace

std::string filter_name(const page_context& c, std::string_view filter) {
  if (filter.starts_with(k_tag)) {
    std::string name(filter.substr(k_tag.size()));
    std::ranges::replace(name, '_', ' ');
    return name;
  }
  return c.words().text("facet_" + std::string(filter));
}

std::string value_name(const page_context& c, std::string_view filter, const std::string& value) {
  return filter == "lang" ? c.format().language_name(value) : value;
}

void put_facets(page_data& page, const page_context& c, const search::request& asked, const search::answer& a) {
  page_data::list facets;
  // In the order in which they are most asked for; those that the reader named come last.
  std::vector<const search::facet*> order;
  for (const std::string_view name : {"source", "lang", "collection", "author"}) {
    const auto found = std::ranges::find(a.facets, name, &search::facet::name);
    if (found != a.facets.end()) order.push_back(&*found);
  }
  for (const auto& f : a.facets) {
    if (f.name.starts_with(k_tag)) order.push_back(&f);
  }
  for (const auto* f : order) {
    const bool any_on = std::ranges::any_of(f->values, [](const auto& v) { return v.selected || v.excluded; });
    if (!is_filter(f->name) || (f->values.size() < 2 && !any_on)) continue;
    page_data d;
    page_data::list shown;
    page_data::list more;
    for (const auto& v : f->values) {
      if (v.value.empty()) continue;  // no address could ask for it
      const bool first = shown.size() < k_first_shown || f->values.size() <= k_first_shown + 2;
      (first || v.selected || v.excluded ? shown : more).push_back(value_of(c, asked, *f, v));
    }
    d.text("facet_name", filter_name(c, f->name));
    d.flag("has_more", !more.empty());
    const auto all = c.format().number(f->values.size());
    const bool whole = f->values.size() < asked.facet_values;
    d.text("more_name", c.words().text(whole ? "show_all" : "show_most", {{"n", all}}));
    d.objects("shown", std::move(shown));
    d.objects("more", std::move(more));
    facets.push_back(std::move(d));
  }
  page.flag("has_facets", !facets.empty());
  page.objects("facets", std::move(facets));
}

void put_chips(page_data& page, const page_context& c, const search::request& asked) {
  page_data::list chips;
  const auto add = [&](std::string name, const std::string& value, bool excluded, std::string address) {
    page_data d;
    const auto what = excluded ? name + ' ' + c.words().text("plain_not") : name;
    d.text("chip_label", c.words().text("remove_filter", {{"name", what}, {"value", printed(value)}}));
    d.text("chip_name", std::move(name));
    d.text("chip_value", closed(value));
    d.flag("is_not", excluded);
    d.text("chip_address", std::move(address));
    chips.push_back(std::move(d));
  };
  std::vector<std::string> filters{"source", "lang", "author", "collection"};
  for (const auto* values : {&asked.wanted, &asked.excluded}) {
    for (const auto& t : values->tags) filters.push_back(std::string(k_tag) + t.name);
  }
  std::sort(filters.begin() + 4, filters.end());
  filters.erase(std::unique(filters.begin() + 4, filters.end()), filters.end());
  for (const auto& filter : filters) {
    for (const bool excluded : {false, true}) {
      const auto* values = values_of(excluded ? asked.excluded : asked.wanted, filter);
      if (values == nullptr) continue;
      for (const auto& v : *values) {
        add(filter_name(c, filter), value_name(c, filter, v), excluded,
            c.link.search(choose(asked, filter, v, choice::neither)));
      }
    }
  }
  const auto without = [&](auto change) {
    auto r = from_start(asked);
    change(r);
    return c.link.search(r);
  };
  if (asked.from) {
    add(c.words().text("facet_from"), c.format().date(*asked.from), false, without([](auto& r) { r.from.reset(); }));
  }
  if (asked.to) {
    add(c.words().text("facet_to"), c.format().date(*asked.to), false, without([](auto& r) { r.to.reset(); }));
  }
  if (!asked.expand) {
    add(c.words().text("no_synonyms"), {}, false, without([](auto& r) { r.expand = true; }));
  }
  page.text("clear_address", chips.size() < 2 ? std::string() : without([](auto& r) {
              r.wanted = {};
              r.excluded = {};
              r.from.reset();
              r.to.reset();
              r.expand = true;
            }));
  page.flag("has_chips", !chips.empty());
  page.objects("chips", std::move(chips));
}

}  // namespace rapporteur::pages
