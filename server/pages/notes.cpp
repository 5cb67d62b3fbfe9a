#include "server/pages/notes.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace rapporteur::pages {
namespace {

page_data::list one(page_data d) {
  page_data::list l;
  l.push_back(std::move(d));
  return l;
}

/// Words with commas between them.
page_data::list listed(const page_context& c, const std::vector<std::string>& words) {
  page_data::list out;
  for (const auto& w : words) {
    if (!out.empty()) out.push_back(plain_piece(c.words().text("comma")));
    out.push_back(name_piece(w));
  }
  return out;
}

page_data note(page_data text, bool is_quiet, const std::string& change = {}, const std::string& address = {}) {
  page_data d;
  d.object("says", std::move(text));
  d.flag("is_quiet", is_quiet);
  d.text("change", change);
  d.text("change_address", address);
  return d;
}

/// Whether the query as it was run says more than the query as it was typed.
bool is_telling(const std::string& understood, const std::string& q) {
  if (understood.empty() || understood == q) return false;
  return understood.find_first_of("()\"") != std::string::npos || understood.find(" OR ") != std::string::npos ||
         understood.find("NOT ") != std::string::npos || understood.find(" NEAR") != std::string::npos;
}

}  // namespace

void put_notes(page_data& page, const page_context& c, const search::request& asked, const search::answer& a) {
  const auto& w = c.words();
  const auto changed = [&](auto change) {
    auto r = from_start(asked);
    change(r);
    return c.link.search(r);
  };
  page_data::list notes;
  const auto plain = [&](std::string_view key) { return sentence(c, key, {}, [](auto) { return page_data::list(); }); };
  if (a.did_you_mean) {
    const auto address = changed([&](auto& r) { r.q = *a.did_you_mean; });
    notes.push_back(
        note(sentence(c, "did_you_mean", {}, [&](auto) { return one(link_piece(*a.did_you_mean, address)); }), false));
  }
  if (a.widened) {
    // By date a search does not widen.
    notes.push_back(note(plain("widened"), false, w.text("plain_only_full"),
                         changed([](auto& r) { r.sort = search::sort_order::newest; })));
  }
  for (const auto& warning : a.warnings) {
    const auto key = "warning_" + warning.code;
    auto pieces = one(plain_piece(w.text("warning_at", {{"column", c.format().number(warning.column)}}) + ' '));
    auto says = w.has(key) ? told(c, key, warning.values) : one(foreign_piece(warning.message));
    std::ranges::move(says, std::back_inserter(pieces));
    notes.push_back(note(rich(std::move(pieces)), false));
  }
  if (!a.expanded.empty()) {
    notes.push_back(note(sentence(c, "expanded", {}, [&](auto) { return listed(c, a.expanded); }), true,
                         w.text("expand_off"), changed([](auto& r) { r.expand = false; })));
  }
  if (!a.ignored.empty()) {
    // Quoted words are required.
    const auto address = changed([&](auto& r) {
      for (const auto& word : a.ignored) r.q += " \"" + word + '"';
    });
    notes.push_back(note(sentence(c, "ignored", {}, [&](auto) { return listed(c, a.ignored); }), true,
                         w.text("plain_require"), address));
  }
  if (is_telling(a.understood, asked.q)) {
    notes.push_back(note(sentence(c, "understood", {}, [&](auto) { return one(code_piece(a.understood)); }), true));
  }
  page.objects("notes", std::move(notes));
}

void put_nothing(page_data& page, const page_context& c, const search::request& asked, const search::answer& a) {
  const bool beyond = a.hits.empty() && a.total > 0 && asked.limit > 0;
  page.flag("is_none", a.total == 0);
  page.flag("is_beyond", beyond);
  if (beyond) {
    page.text("beyond", c.words().text("page_empty", {{"page", c.format().number(asked.offset / asked.limit + 1)}}));
    page.text("first_page_address", c.link.search(from_start(asked)));
  }
  page.text("unfiltered_address", is_filtered(asked) ? [&] {
    auto r = from_start(asked);
    r.wanted = {};
    r.excluded = {};
    r.from.reset();
    r.to.reset();
    return c.link.search(r);
  }()
                                                     : std::string());
  page.flag("has_query", !asked.q.empty());
}

}  // namespace rapporteur::pages
