#include "tests/load/readers.hpp"

#include "tests/http/programs.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <exception>
#include <set>
#include <string_view>

namespace rapporteur::test {
namespace {

namespace json = boost::json;
using http::test::raw_client;

constexpr std::uint64_t k_most_complaints = 10;

/// The revisions that a text is of, in order.
void read_marks(std::string_view text, std::vector<std::uint64_t>& to) {
  constexpr std::string_view k_mark = "rev";
  for (auto at = text.find(k_mark); at != std::string_view::npos; at = text.find(k_mark, at + 1)) {
    std::uint64_t n = 0;
    const char* begin = text.data() + at + k_mark.size();
    const auto [end, failure] = std::from_chars(begin, text.data() + text.size(), n);
    if (failure == std::errc() && end != begin) to.push_back(n);
  }
}

/// Of one article in an answer: its title and whatever is quoted of it.
std::vector<std::uint64_t> marks_of(const json::object& article, const char* quoted) {
  std::vector<std::uint64_t> marks;
  read_marks(text_of(article.at("title")), marks);
  if (const auto* parts = article.if_contains(quoted)) {
    for (const auto& p : parts->as_array()) read_marks(text_of(p), marks);
  }
  return marks;
}

std::uint64_t number(const json::value& v) {
  return v.to_number<std::uint64_t>();
}

/// What a search must answer.
struct wanted {
  unsigned base = 0;   ///< articles that never change, of all that match
  bool pair = false;   ///< both of the pair match
  bool ring = false;   ///< all of the ring match
  int slot = -1;       ///< that article of the ring matches, if it is there
  bool quotes = true;  ///< every article of pair and ring is quoted with its revision
  bool widened = false;
};

struct question {
  std::string target;
  enum { search, article, snippets } kind = search;
  wanted answer;
};

std::vector<question> questions(unsigned base) {
  const std::string s = "/api/v1/search?q=";
  return {
      {s + "pairword", question::search, {.pair = true}},
      {s + "ringword&limit=50&facets=source,year", question::search, {.ring = true}},
      {s + encode("standing pairword"), question::search, {.pair = true}},
      {s + encode("\"standing pair of officials\"") + "&snippets=3", question::search, {.pair = true}},
      {"/api/v1/articles/pair-b?q=pairword", question::article, {}},
      {s + "harbour&limit=5&facets=source,lang", question::search, {.base = base, .pair = true}},
      {s + encode("ringword OR pairword") + "&limit=50&snippets=2", question::search, {.pair = true, .ring = true}},
      {"/api/v1/articles/pair-a", question::article, {}},
      {s + encode("pairword NEAR/4 officials"), question::search, {.pair = true}},
      {"/api/v1/articles/pair-b/snippets?q=" + encode("standing officials") + "&snippets=3", question::snippets, {}},
      {s + "slotted7&snippets=1", question::search, {.slot = 7}},
      {s + encode("harb* -pairword") + "&sort=newest&limit=3", question::search, {.base = base}},
      {s + encode("harbour officials side pairword standing again") + "&snippets=3",
       question::search,
       {.base = base, .pair = true, .widened = true}},
      {s + "pairwrod", question::search, {}},
      {"/api/v1/articles/pair-a/snippets?q=pairword", question::snippets, {}},
      {s + encode("=\"pairword standing\""), question::search, {.pair = true}},
      {s + encode("ringword -slotted7") + "&limit=0&facets=source", question::search, {.ring = true, .slot = -2}},
  };
}

std::string all_of(std::uint64_t revision, const std::vector<std::uint64_t>& marks) {
  if (marks.empty()) return "quotes nothing of its revision";
  for (const auto m : marks) {
    if (m != revision) return "quotes revision " + std::to_string(m);
  }
  return {};
}

std::string check_article(const json::object& a, std::uint64_t revision, bool whole) {
  const auto marks = marks_of(a, whole ? "paragraphs" : "snippets");
  if (whole && marks.size() != k_numbers_in_pair[a.at("id") == "pair-a" ? 0 : 1]) {
    return "has " + std::to_string(marks.size()) + " marks: it is not whole";
  }
  if (marks.size() < 2) return "quotes no text";
  return all_of(revision, marks);
}

std::string check_search(const json::object& a, const ring& r, std::uint64_t revision, const wanted& w) {
  std::uint64_t total = w.base + (w.pair ? 2U : 0U) + (w.ring ? r.size() : 0U);
  if (w.slot >= 0) total += r.count(static_cast<unsigned>(w.slot));
  if (w.slot == -2) total -= r.count(7);
  if (number(a.at("total").at("value")) != total) return "total is not " + std::to_string(total);
  if (a.at("query").at("widened").as_bool() != w.widened) return "is widened, or is not";
  std::set<std::string> ids;
  for (const auto& h : a.at("hits").as_array()) {
    const auto& hit = h.as_object();
    const std::string id(hit.at("id").as_string());
    if (!ids.insert(id).second) return id + " is there twice";
    const auto marks = marks_of(hit, "snippets");
    if (id.starts_with("pair-")) {
      if (w.quotes && marks.size() < 2) return id + " quotes no text";
      if (auto wrong = all_of(revision, marks); !wrong.empty()) return id + ' ' + wrong;
    } else if (id.starts_with("ring-")) {
      const auto slot = r.find(static_cast<unsigned>(std::stoul(id.substr(5))));
      if (slot == r.end()) return id + " is not in that revision";
      if (w.quotes && marks.size() < 2) return id + " quotes no text";
      if (auto wrong = all_of(slot->second, marks); !wrong.empty()) return id + ' ' + wrong;
    } else if (w.base == 0) {
      return id + " does not match";
    }
  }
  if (w.base == 0 && w.slot != -2 && ids.size() != total) return "has " + std::to_string(ids.size()) + " hits";
  if (w.widened && ids.count("pair-a") + ids.count("pair-b") != 2) return "lacks what has all words";
  if (w.base > 0 && ids.empty()) return "has no hits";
  for (const auto& f : a.at("facets").as_object()) {
    std::uint64_t counted = 0;
    for (const auto& v : f.value().as_array()) counted += number(v.at("count"));
    if (counted != total) return "facet " + std::string(f.key()) + " counts " + std::to_string(counted);
  }
  return {};
}

std::string check(const question& q, const json::object& answer, const ring& r, std::uint64_t revision) {
  if (r.empty()) return "no such revision was made";
  switch (q.kind) {
    case question::search:
      return check_search(answer, r, revision, q.answer);
    case question::article:
      return check_article(answer, revision, true);
    case question::snippets:
      return check_article(answer, revision, false);
  }
  return {};
}

}  // namespace

readers::readers(std::uint16_t port, const changing_archive& archive, unsigned threads) : archive_(archive) {
  for (unsigned n = 0; n < threads; ++n) threads_.emplace_back([this, port, n] { read(port, n); });
}

readers::~readers() {
  stop();
}

void readers::stop() {
  stopping_ = true;
  for (auto& t : threads_) {
    if (t.joinable()) t.join();
  }
}

std::string readers::complaints() const {
  const std::lock_guard lock(mutex_);
  return complaints_;
}

void readers::complain(const std::string& target, const std::string& what) {
  if (++wrong_ > k_most_complaints) return;
  const std::lock_guard lock(mutex_);
  complaints_ += target + ": " + what + '\n';
}

void readers::read(std::uint16_t port, unsigned number_of_reader) {
  using clock = std::chrono::steady_clock;
  const auto all = questions(archive_.base());
  std::uint64_t last = 0;
  try {
    raw_client connection(port);
    for (std::size_t n = number_of_reader * 3; !stopping_; ++n) {
      const question& q = all[n % all.size()];
      const auto began = clock::now();
      const auto a = connection.ask("GET " + q.target + " HTTP/1.1\r\nHost: test\r\n\r\n");
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - began).count();
      for (auto seen = slowest_.load(); std::cmp_less(seen, took);) {
        if (slowest_.compare_exchange_weak(seen, static_cast<std::uint64_t>(took))) break;
      }
      ++asked_;
      if (!a) {
        complain(q.target, "no answer");
        return;
      }
      if (a->status != 200) {
        complain(q.target, a->body);
        continue;
      }
      const auto answer = json::parse(a->body);
      const auto revision = number(answer.at("index").at("revision"));
      if (revision < last)
        complain(q.target, "revision " + std::to_string(revision) + " after " + std::to_string(last));
      if (revision > last) ++revisions_seen_;
      last = std::max(last, revision);
      if (auto wrong = check(q, answer.as_object(), archive_.states().at(revision), revision); !wrong.empty()) {
        complain(q.target, "revision " + std::to_string(revision) + ": " + wrong + "\n  " + a->body.substr(0, 600));
      }
    }
  } catch (const std::exception& e) {
    complain("a reader", e.what());
  }
}

}  // namespace rapporteur::test
