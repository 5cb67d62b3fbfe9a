// The archive that tests of searching write, search and leave no trace of.
#include "tests/server/search/small_archive.hpp"

#include "server/search/thesaurus.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace rapporteur::search {

small_archive::small_archive(const std::vector<article>& articles) {
  write(articles);
}

void small_archive::write(const std::vector<article>& articles, const std::vector<std::string>& removed,
                          index::writer::mode m) const {
  index::writer w = index::writer::open(folder(), m, {}).value();
  for (const article& a : articles) w.add(a).value();
  for (const std::string& id : removed) w.remove(id).value();
  w.commit().value();
}

searcher small_archive::open(std::string_view rules, const limits& l) const {
  searcher s = searcher::open(folder(), l).value();
  if (!rules.empty()) s.use_thesaurus(thesaurus::parse(rules, "t.txt").value());
  return s;
}

answer answer_to(searcher& s, const request& r) {
  auto a = s.search(r);
  EXPECT_TRUE(a) << a.error().message;
  return a ? std::move(*a) : answer{};
}

std::vector<std::string> ids(const answer& a) {
  std::vector<std::string> out;
  for (const hit& h : a.hits) out.push_back(h.fields.id);
  return out;
}

std::string sorted_ids(const answer& a) {
  std::vector<std::string> found = ids(a);
  std::sort(found.begin(), found.end());
  std::string out;
  for (const std::string& id : found) out += (out.empty() ? "" : " ") + id;
  return out;
}

std::map<std::string, std::multiset<std::string>> marks(const answer& a) {
  std::map<std::string, std::multiset<std::string>> out;
  for (const hit& h : a.hits) {
    auto& of = out[h.fields.id];
    const auto add = [&](const marked_text& t) {
      for (const run& r : t) {
        if (r.match) of.insert(r.text);
      }
    };
    add(h.title);
    for (const marked_text& t : h.snippets) add(t);
  }
  return out;
}

std::set<std::string> marks(const answer& a, const std::string& id) {
  const auto all = marks(a);
  const auto found = all.find(id);
  return found == all.end() ? std::set<std::string>{}
                            : std::set<std::string>(found->second.begin(), found->second.end());
}

}  // namespace rapporteur::search
