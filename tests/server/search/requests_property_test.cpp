// Random requests over an archive of some hundred invented articles: filters, dates, orders, pages, facets and
// timelines are what a look at every article says.
#include "index/schema.hpp"
#include "tests/server/search/small_archive.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

namespace rapporteur::search {
namespace {

constexpr std::size_t k_articles = 700;

std::string lower(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return std::tolower(c); });
  return s;
}

class random_choice {
 public:
  explicit random_choice(unsigned seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return random_() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  std::string of(std::initializer_list<const char*> values) { return values.begin()[below(values.size())]; }

 private:
  std::mt19937 random_;
};

std::string random_date(random_choice& any) {
  const std::string year = std::to_string(2016 + any.below(6));
  const auto two = [](std::size_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  switch (any.below(6)) {
    case 0:
      return "";
    case 1:
      return year;
    case 2:
      return year + '-' + two(1 + any.below(12));
    case 3:
      return "2019-06-" + two(12 + any.below(3));  // many of one day
    default:
      return year + '-' + two(1 + any.below(12)) + '-' + two(1 + any.below(28));
  }
}

std::vector<article> random_articles() {
  random_choice any(5);
  std::vector<article> out;
  for (std::size_t i = 0; i < k_articles; ++i) {
    std::string text = "Report.";
    for (const char* word : {"harvest", "prison", "river"}) {
      if (any.one_in(2)) text += std::string(" ") + word;
    }
    if (any.one_in(3)) text += " Harvest";
    article a = make_article("a-" + std::to_string(i), "Number " + std::to_string(i), text,
                             any.of({"en", "en", "en", "fr", "ko"}));
    a.source = any.of({"Daily NK", "daily nk", "Ostmere Wire", "-minus", "", "Sample Courier"});
    a.collection = any.of({"", "Wire", "Archive"});
    for (std::size_t n = any.below(3); n > 0; --n) {
      const std::string name = any.of({"Jane Doe", "Kim Sample", "Tomás Ibarra", "Harsk", "Ann Ostmere"});
      if (std::find(a.authors.begin(), a.authors.end(), name) == a.authors.end()) a.authors.push_back(name);
    }
    tag country{"country", {}};
    for (std::size_t n = any.below(4); n > 0; --n) {
      country.values.push_back(any.of({"Varland", "Ostmere", "Harsk", "Meridia", "North Kolm", "Kolm"}));
    }
    if (!country.values.empty()) a.tags.push_back(country);
    if (any.one_in(2)) a.tags.push_back({"number", {std::to_string(any.below(150))}});
    if (const std::string date = random_date(any); !date.empty()) a.published = partial_date::parse(date).value();
    out.push_back(std::move(a));
  }
  return out;
}

// --- what a look at every article says ------------------------------------------------------------------------------

std::vector<std::string> values_of(const article& a, const std::string& field) {
  const auto one = [](const std::string& v) { return v.empty() ? std::vector<std::string>{} : std::vector{lower(v)}; };
  if (field == "source") return one(a.source);
  if (field == "lang") return one(a.language);
  if (field == "collection") return one(a.collection);
  if (field == "year") return one(a.published ? a.published->to_string().substr(0, 4) : "");
  if (field == "month") {
    return one(a.published && a.published->month != 0 ? a.published->to_string().substr(0, 7) : "");
  }
  std::set<std::string> out;
  if (field == "author") {
    for (const auto& v : a.authors) out.insert(lower(v));
  }
  for (const tag& t : a.tags) {
    if (field != "tag." + t.name) continue;
    for (const auto& v : t.values) out.insert(lower(v));
  }
  return {out.begin(), out.end()};
}

bool has_any(const article& a, const std::string& field, const std::vector<std::string>& values) {
  const auto own = values_of(a, field);
  return std::any_of(values.begin(), values.end(),
                     [&](const std::string& v) { return std::find(own.begin(), own.end(), lower(v)) != own.end(); });
}

std::vector<std::pair<std::string, std::vector<std::string>>> fields_of(const field_values& f) {
  std::vector<std::pair<std::string, std::vector<std::string>>> out = {
      {"source", f.sources}, {"lang", f.languages}, {"collection", f.collections}, {"author", f.authors}};
  for (const tag& t : f.tags) out.emplace_back("tag." + t.name, t.values);
  std::erase_if(out, [](const auto& x) { return x.second.empty(); });
  return out;
}

bool passes(const article& a, const request& r, const std::string& without = "") {
  for (const auto& [field, values] : fields_of(r.wanted)) {
    if (field != without && !has_any(a, field, values)) return false;
  }
  for (const auto& [field, values] : fields_of(r.excluded)) {
    if (has_any(a, field, values)) return false;
  }
  if (r.from && (!a.published || a.published->first_day() < r.from->first_day())) return false;
  return !r.to || (a.published && a.published->last_day() <= r.to->last_day());
}

bool has_words(const article& a, const std::string& q) {
  const auto has = [&](const char* word) { return lower(a.text).find(word) != std::string::npos; };
  if (q == "harvest") return has("harvest");
  if (q == "prison -river") return has("prison") && !has("river");
  if (q == "-prison") return !has("prison");
  if (q == "=\"Harvest\"") return a.text.find("Harvest") != std::string::npos;
  if (q == "harvest OR river") return has("harvest") || has("river");
  return true;
}

class requests : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    articles = random_articles();
    archive = std::make_unique<small_archive>(articles);
    for (const article& a : articles) by_id[a.id] = &a;
  }
  static void TearDownTestSuite() {
    archive.reset();
    by_id.clear();
  }

  static std::vector<const article*> found(const request& r, const std::string& without = "") {
    std::vector<const article*> out;
    for (const article& a : articles) {
      if (has_words(a, r.q) && passes(a, r, without)) out.push_back(&a);
    }
    const auto key = [&](const article* a) {
      const std::int64_t packed = a->published ? a->published->packed() : 0;
      const std::int64_t date = r.sort == sort_order::oldest ? packed : -packed;
      return std::tuple(!a->published, date, index::content_value(content_hash(*a)));
    };
    std::sort(out.begin(), out.end(), [&](const article* a, const article* b) { return key(a) < key(b); });
    return out;
  }

  static inline std::vector<article> articles;
  static inline std::unique_ptr<small_archive> archive;
  static inline std::map<std::string, const article*> by_id;
};

request random_request(random_choice& any) {
  request r;
  r.snippets = 0;
  r.q = any.of({"", "harvest", "prison -river", "-prison", "=\"Harvest\"", "harvest OR river", "*"});
  r.sort = any.one_in(2) ? sort_order::newest : sort_order::oldest;
  r.limit = static_cast<std::uint32_t>(any.one_in(5) ? any.below(101) : 1 + any.below(20));
  const auto some = [&](field_values& f) {
    if (any.one_in(4)) f.sources.push_back(any.of({"Daily NK", "DAILY NK", "Ostmere Wire", "-minus", "Nobody"}));
    if (any.one_in(8)) f.sources.push_back("Sample Courier");
    if (any.one_in(5)) f.languages.push_back(any.of({"en", "fr"}));
    if (any.one_in(6)) f.collections.push_back(any.of({"wire", "Archive"}));
    if (any.one_in(6)) f.authors.push_back(any.of({"Jane Doe", "Tomas Ibarra", "Kim Sample", "Harsk"}));
    if (any.one_in(4)) f.tags.push_back({"country", {any.of({"Varland", "kolm", "Nowhere"}), "Meridia"}});
    if (any.one_in(12)) f.tags.push_back({"number", {std::to_string(any.below(150))}});
  };
  if (any.one_in(2)) some(r.wanted);
  if (any.one_in(2)) some(r.excluded);
  if (any.one_in(4)) r.from = partial_date::parse(any.of({"2017", "2018-03", "2019-06-13"})).value();
  if (any.one_in(4)) r.to = partial_date::parse(any.of({"2019", "2019-06-13", "2020-02"})).value();
  return r;
}

std::string to_text(const request& r) {
  std::ostringstream out;
  out << "q=" << r.q << " limit=" << r.limit << " sort=" << static_cast<int>(r.sort);
  for (const auto* f : {&r.wanted, &r.excluded}) {
    for (const auto& [field, values] : fields_of(*f)) {
      for (const auto& v : values) out << ' ' << field << (f == &r.wanted ? "=" : "=-") << v;
    }
  }
  if (r.from) out << " from=" << r.from->to_string();
  if (r.to) out << " to=" << r.to->to_string();
  return out.str();
}

std::vector<std::string> ids(const std::vector<const article*>& all) {
  std::vector<std::string> out;
  for (const article* a : all) out.push_back(a->id);
  return out;
}

// The author's accents are folded in filters; those of the test's tables are written with them once.
std::vector<std::string> folded_authors(std::vector<std::string> authors) {
  for (auto& a : authors) {
    if (a == "Tomas Ibarra") a = "Tomás Ibarra";
  }
  return authors;
}

TEST_F(requests, are_answered_as_a_look_at_every_article_says) {
  random_choice any(11);
  searcher s = archive->open();
  for (int round = 0; round < 300; ++round) {
    request r = random_request(any);
    request spelt = r;
    spelt.wanted.authors = folded_authors(r.wanted.authors);
    spelt.excluded.authors = folded_authors(r.excluded.authors);
    const auto all = ids(found(spelt));
    r.offset = static_cast<std::uint32_t>(any.one_in(2) ? 0 : any.below(all.size() + 2));
    const answer a = answer_to(s, r);
    const std::size_t from = std::min<std::size_t>(r.offset, all.size());
    const std::size_t to = std::min<std::size_t>(from + r.limit, all.size());
    ASSERT_EQ(ids(a), std::vector<std::string>(all.begin() + static_cast<std::ptrdiff_t>(from),
                                               all.begin() + static_cast<std::ptrdiff_t>(to)))
        << to_text(r) << " offset=" << r.offset;
    EXPECT_EQ(a.total, all.size()) << to_text(r);
    EXPECT_TRUE(a.total_exact) << to_text(r);
    EXPECT_EQ(a.next.has_value(), r.limit > 0 && to < all.size() && from < all.size()) << to_text(r);
  }
}

TEST_F(requests, cursors_lead_through_the_whole_list) {
  random_choice any(12);
  searcher s = archive->open();
  for (int round = 0; round < 30; ++round) {
    request r = random_request(any);
    r.limit = static_cast<std::uint32_t>(1 + any.below(60));
    request spelt = r;
    spelt.wanted.authors = folded_authors(r.wanted.authors);
    spelt.excluded.authors = folded_authors(r.excluded.authors);
    const auto all = ids(found(spelt));
    std::vector<std::string> walked;
    while (true) {
      const answer a = answer_to(s, r);
      EXPECT_EQ(a.total, all.size()) << to_text(r);
      const auto page = ids(a);
      walked.insert(walked.end(), page.begin(), page.end());
      if (!a.next || walked.size() > all.size()) break;
      EXPECT_EQ(page.size(), r.limit) << to_text(r);
      r.after = a.next;
    }
    ASSERT_EQ(walked, all) << to_text(r);
  }
}

TEST_F(requests, by_relevance_a_cursor_goes_on_where_an_offset_would) {
  searcher s = archive->open();
  for (const char* q : {"harvest", "harvest river", "prison river harvest", "=\"Harvest\""}) {
    request r;
    r.q = q;
    r.limit = 37;
    r.snippets = 0;
    while (true) {
      const answer by_offset = answer_to(s, r);
      if (!by_offset.next) break;
      request next = r;
      next.offset = 0;
      next.after = by_offset.next;
      const answer by_cursor = answer_to(s, next);
      r.offset += r.limit;
      const answer expected = answer_to(s, r);
      ASSERT_EQ(ids(by_cursor), ids(expected)) << q << r.offset;
      EXPECT_EQ(by_cursor.total, expected.total) << q;
      EXPECT_EQ(by_cursor.next.has_value(), expected.next.has_value()) << q;
    }
    EXPECT_GT(r.offset, 100U) << q;
  }
}

TEST_F(requests, facets_count_what_a_look_at_every_article_counts) {
  random_choice any(13);
  searcher s = archive->open();
  std::size_t few = 0;
  for (int round = 0; round < 120; ++round) {
    request r = random_request(any);
    r.limit = 0;
    r.facets = {"author", "collection", "lang", "month", "source", "tag.country", "tag.nothing", "tag.number", "year"};
    r.facet_values = static_cast<std::uint32_t>(any.one_in(3) ? 1000 : 1 + any.below(8));
    request spelt = r;
    spelt.wanted.authors = folded_authors(r.wanted.authors);
    spelt.excluded.authors = folded_authors(r.excluded.authors);
    const answer a = answer_to(s, r);
    few += a.total <= 200 ? 1 : 0;
    ASSERT_EQ(a.facets.size(), r.facets.size());
    for (std::size_t i = 0; i < r.facets.size(); ++i) {
      const std::string& field = r.facets[i];
      const facet& got = a.facets[i];
      ASSERT_EQ(got.name, field);
      EXPECT_TRUE(got.exact) << field << to_text(r);
      std::map<std::string, std::uint64_t> counts;
      for (const article* x : found(spelt, field)) {
        for (const auto& v : values_of(*x, field)) ++counts[v];
      }
      std::set<std::string> named;
      for (const auto* f : {&spelt.wanted, &spelt.excluded}) {
        for (const auto& [name, values] : fields_of(*f)) {
          if (name != field) continue;
          for (const auto& v : values) named.insert(lower(v));
        }
      }
      std::vector<std::pair<std::string, std::uint64_t>> top;
      for (const auto& [value, count] : counts) top.emplace_back(value, count);
      std::stable_sort(top.begin(), top.end(), [](const auto& x, const auto& y) { return x.second > y.second; });
      const std::size_t listed = std::min<std::size_t>(top.size(), r.facet_values);
      std::set<std::string> seen;
      for (std::size_t n = 0; n < got.values.size(); ++n) {
        const facet_value& v = got.values[n];
        const std::string value = lower(v.value);
        EXPECT_TRUE(seen.insert(value).second) << field << ' ' << value;
        EXPECT_EQ(v.count, counts.count(value) ? counts[value] : 0) << field << ' ' << value << ' ' << to_text(r);
        if (n < listed) {
          EXPECT_EQ(v.count, top[n].second) << field << ' ' << n << ' ' << to_text(r);
        }
        EXPECT_EQ(v.selected || v.excluded, named.count(value) > 0) << field << ' ' << value << ' ' << to_text(r);
        if (n >= listed) {
          EXPECT_TRUE(v.selected || v.excluded);
        }
      }
      for (const auto& value : named) EXPECT_TRUE(seen.count(value)) << field << ' ' << value << ' ' << to_text(r);
      EXPECT_GE(got.values.size(), listed);
    }
  }
  EXPECT_GT(few, 20U);
  EXPECT_LT(few, 100U);
}

std::string bucket_of(const partial_date& d, timeline_unit unit) {
  const std::string text = d.to_string();
  if (unit == timeline_unit::year) return text.substr(0, 4);
  if (unit == timeline_unit::month) return text.size() >= 7 ? text.substr(0, 7) : "";
  if (text.size() < 10) return "";
  if (unit == timeline_unit::day) return text;
  namespace chrono = std::chrono;
  chrono::sys_days day = chrono::year(d.year) / d.month / d.day;
  while (chrono::weekday(day) != chrono::Monday) day -= chrono::days(1);
  const chrono::year_month_day m(day);
  return partial_date{static_cast<std::int16_t>(static_cast<int>(m.year())),
                      static_cast<std::uint8_t>(static_cast<unsigned>(m.month())),
                      static_cast<std::uint8_t>(static_cast<unsigned>(m.day())), date_precision::day}
      .to_string();
}

TEST_F(requests, timelines_count_what_a_look_at_every_article_counts) {
  random_choice any(14);
  limits l;
  l.max_buckets = 5000;
  searcher s = archive->open({}, l);
  for (int round = 0; round < 120; ++round) {
    request r = random_request(any);
    r.limit = 0;
    constexpr timeline_unit k_units[] = {timeline_unit::automatic, timeline_unit::day, timeline_unit::week,
                                         timeline_unit::month, timeline_unit::year};
    r.timeline = k_units[any.below(std::size(k_units))];
    request spelt = r;
    spelt.wanted.authors = folded_authors(r.wanted.authors);
    spelt.excluded.authors = folded_authors(r.excluded.authors);
    const answer a = answer_to(s, r);
    ASSERT_TRUE(a.timeline);
    const timeline& t = *a.timeline;
    EXPECT_TRUE(t.exact);
    if (*r.timeline != timeline_unit::automatic) {
      EXPECT_EQ(t.unit, *r.timeline);
    }
    std::map<std::string, std::uint64_t> counts;
    std::map<std::string, std::uint64_t> of;
    std::uint64_t undated = 0;
    std::uint64_t less_precise = 0;
    for (const article* x : found(spelt)) {
      const std::string bucket = x->published ? bucket_of(*x->published, t.unit) : "";
      undated += x->published ? 0 : 1;
      less_precise += x->published && bucket.empty() ? 1 : 0;
      if (!bucket.empty()) ++counts[bucket];
    }
    request outlets;
    outlets.wanted.sources = r.wanted.sources;
    outlets.excluded.sources = r.excluded.sources;
    outlets.from = r.from;
    outlets.to = r.to;
    for (const article& x : articles) {
      if (x.published && passes(x, outlets)) ++of[bucket_of(*x.published, t.unit)];
    }
    EXPECT_EQ(t.undated, undated) << to_text(r);
    EXPECT_EQ(t.less_precise, less_precise) << to_text(r);
    std::string before;
    std::set<std::string> seen;
    for (const timeline::bucket& b : t.buckets) {
      EXPECT_LT(before, b.date);
      before = b.date;
      seen.insert(b.date);
      EXPECT_EQ(b.count, counts.count(b.date) ? counts[b.date] : 0) << b.date << ' ' << to_text(r);
      EXPECT_EQ(b.of, of.count(b.date) ? of[b.date] : 0) << b.date << ' ' << to_text(r);
      EXPECT_EQ(bucket_of(partial_date::parse(b.date).value(), t.unit), b.date) << b.date;
    }
    for (const auto& [bucket, n] : counts) EXPECT_TRUE(seen.count(bucket)) << bucket << ' ' << to_text(r);
    if (r.from && r.to) {
      partial_date first = partial_date::parse(r.from->to_string()).value();
      first = {first.year, std::max<std::uint8_t>(first.month, 1), std::max<std::uint8_t>(first.day, 1),
               date_precision::day};
      ASSERT_FALSE(t.buckets.empty());
      EXPECT_EQ(t.buckets.front().date, bucket_of(first, t.unit)) << to_text(r);
    }
  }
}

}  // namespace
}  // namespace rapporteur::search
