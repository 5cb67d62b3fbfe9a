#include "tests/crash/index_state.hpp"

#include "index/analysis.hpp"
#include "index/generation.hpp"
#include "index/reader.hpp"
#include "index/schema.hpp"

#include <gtest/gtest.h>
#include <xapian.h>

#include <algorithm>
#include <set>

namespace rapporteur::crash {
namespace {

namespace fs = std::filesystem;

Xapian::Query query_of(const question& q) {
  using kind = question::kind;
  const auto op = q.what == kind::phrase ? Xapian::Query::OP_PHRASE
                  : q.what == kind::both ? Xapian::Query::OP_AND
                                         : Xapian::Query::OP_OR;
  return q.words.size() == 1 ? Xapian::Query(q.words[0]) : Xapian::Query(op, q.words.begin(), q.words.end());
}

}  // namespace

std::optional<index_state> read_index(const fs::path& index) {
  auto r = index::reader::open(index);
  if (!r) {
    EXPECT_EQ(r.error().code, errc::index_missing) << r.error().message;
    return std::nullopt;
  }
  index_state state;
  std::vector<std::string> problems;
  try {
    state.impacts = r->database().get_metadata(std::string(index::key::impact));
    for (auto p = r->database().postlist_begin(""); p != r->database().postlist_end(""); ++p) {
      auto rec = r->get_record(*p);
      if (!rec) {
        problems.push_back(rec.error().message);
        continue;
      }
      auto text = r->get_text(*rec);
      if (!text) problems.push_back(rec->fields.id + ": " + text.error().message);
      article a = rec->fields;
      if (text) a.text = *text;
      if (!state.articles.emplace(a.id, content_hash(a)).second) problems.push_back(a.id + " is there twice");
    }
  } catch (const Xapian::Error& e) {
    problems.push_back(e.get_description());
  }
  EXPECT_TRUE(problems.empty()) << problems.size() << " problems, for example " << problems.front();
  return state;
}

std::vector<question> questions_of(const fs::path& index) {
  using kind = question::kind;
  auto r = index::reader::open(index);
  if (!r) {
    ADD_FAILURE() << r.error().message;
    return {};
  }
  std::vector<question> all;
  std::set<std::string> words;
  index::analyzer analysis;
  index::token_list found;
  std::size_t number = 0;
  for (auto p = r->database().postlist_begin(""); p != r->database().postlist_end(""); ++p, ++number) {
    const auto rec = r->get_record(*p);
    const auto text = rec ? r->get_text(*rec) : result<std::string>(rec.error());
    if (!text) continue;
    analysis.analyze(*text, found);
    std::vector<std::string> line;
    for (const index::token& t : found.tokens()) {
      if (t.kind == index::token_kind::word && line.size() < 30) line.emplace_back(found.text(t));
    }
    words.insert(line.begin(), line.end());
    if (number % 6 != 0 || line.size() < 12) continue;
    all.push_back({kind::phrase, {line[8], line[9]}});
    all.push_back({kind::both, {line[4], line[11]}});
    all.push_back({kind::either, {line[5], line[10]}});
  }
  const std::size_t step = std::max<std::size_t>(1, words.size() / 150);
  number = 0;
  for (const std::string& w : words) {
    if (number++ % step == 0) all.push_back({kind::word, {w}});
  }
  return all;
}

answers ask(const fs::path& index, const std::vector<question>& questions) {
  auto r = index::reader::open(index);
  if (!r) {
    ADD_FAILURE() << r.error().message;
    return {};
  }
  constexpr std::size_t k_best = 20;
  answers all;
  std::map<Xapian::docid, std::string> ids;
  for (auto p = r->database().postlist_begin(""); p != r->database().postlist_end(""); ++p) {
    if (const auto rec = r->get_record(*p)) ids[*p] = rec->fields.id;
  }
  for (const question& q : questions) {
    Xapian::Enquire enquire(r->database());
    enquire.set_weighting_scheme(Xapian::BM25Weight(1e9, 0, 0, 0, 0.5));  // as the server weighs impacts
    enquire.set_query(query_of(q));
    const Xapian::MSet found = enquire.get_mset(0, r->database().get_doccount());
    std::vector<std::pair<std::string, double>> best;
    for (auto hit = found.begin(); hit != found.end(); ++hit) best.emplace_back(ids[*hit], hit.get_weight());
    std::sort(best.begin(), best.end(), [](const auto& a, const auto& b) {
      return a.second > b.second || (a.second == b.second && a.first < b.first);
    });
    if (best.size() > k_best) best.resize(k_best);
    all.push_back(std::move(best));
  }
  return all;
}

void expect_same_answers(const answers& wanted, const answers& found, const std::vector<question>& questions) {
  ASSERT_EQ(wanted.size(), found.size());
  for (std::size_t q = 0; q < wanted.size(); ++q) {
    const std::string asked = query_of(questions[q]).get_description();
    ASSERT_EQ(wanted[q].size(), found[q].size()) << asked;
    for (std::size_t hit = 0; hit < wanted[q].size(); ++hit) {
      ASSERT_EQ(wanted[q][hit].first, found[q][hit].first) << asked << ", hit " << hit;
      ASSERT_NEAR(wanted[q][hit].second, found[q][hit].second, 1e-9 * (1 + wanted[q][hit].second)) << asked;
    }
  }
}

footprint footprint_of(const fs::path& index) {
  footprint f;
  for (const auto& entry : fs::directory_iterator(index)) f.entries.push_back(entry.path().filename().string());
  std::sort(f.entries.begin(), f.entries.end());
  for (const auto& entry : fs::recursive_directory_iterator(index)) {
    if (!entry.is_regular_file()) continue;
    ++f.files;
    f.bytes += entry.file_size();
  }
  return f;
}

std::string current_generation(const fs::path& index) {
  const auto name = index::read_current(index);
  return name ? *name : std::string();
}

}  // namespace rapporteur::crash
