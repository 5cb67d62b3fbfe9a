#include "server/api/why.hpp"

#include "server/api/json_writer.hpp"
#include "server/api/of_article.hpp"

#include <string>
#include <utility>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;

constexpr int k_weight_decimals = 4;

void put_places(json_writer& w, std::uint32_t in_title, std::uint32_t in_text) {
  w.key("in_title").number(std::uint64_t{in_title});
  w.key("in_text").number(std::uint64_t{in_text});
}

void put_part(json_writer& w, const search::why_answer::part& p) {
  w.open('{');
  w.key("text").text(p.text);
  w.key("kind").text(p.kind);
  put_text(w, "field", p.field);
  w.key("column").number(std::uint64_t{p.column});
  w.key("excluded").boolean(p.excluded);
  w.key("matched").boolean(p.matched);
  put_places(w, p.in_title, p.in_text);
  w.key("weight").number(p.excluded ? 0 : p.weight, k_weight_decimals);
  if (!p.synonyms.empty()) {
    put_array(w.key("synonyms"), p.synonyms, [&w](const search::why_answer::synonym& s) {
      w.open('{');
      w.key("text").text(s.text);
      w.key("matched").boolean(s.matched);
      put_places(w, s.in_title, s.in_text);
      w.close('}');
    });
  }
  w.key("says").text(p.says);
  w.close('}');
}

}  // namespace

std::string to_json(const search::why_answer& a, std::chrono::nanoseconds took) {
  json_writer w;
  w.open('{');
  w.key("id").text(a.id);
  put_runs(w.key("title"), a.title);
  w.key("understood").text(a.understood);
  put_texts(w.key("ignored"), a.ignored);
  put_warnings(w.key("warnings"), a.warnings);
  w.key("found").boolean(a.found);
  w.key("matches").text(a.all ? "all" : a.found ? "some" : "not");
  w.key("widened").boolean(a.widened);
  if (a.rank > 0) w.key("rank").number(std::uint64_t{a.rank});
  w.key("score").number(a.score, k_weight_decimals);
  w.key("near").number(a.near, k_weight_decimals);
  w.key("alike").number(a.alike, k_weight_decimals);
  put_array(w.key("parts"), a.parts, [&w](const search::why_answer::part& p) { put_part(w, p); });
  w.key("says").text(a.says);
  put_index(w, a.index);
  put_took(w, took);
  w.close('}');
  return w.take();
}

asio::awaitable<http::response> get_why(const service& s, const http::request& q) {
  const auto parsed = parse_why(q.query, s.options);
  if (const auto* bad = std::get_if<parameter_error>(&parsed)) co_return refuse(*bad);
  const auto& id = q.parameters.at(0);
  if (is_impossible(id)) co_return no_such_article();
  const auto& r = std::get<article_request>(parsed);
  std::string canonical = spell(id, r.q, spell_switch(r.expand));
  // A name, and nothing but references in it: g++ 12 destroys captures of a temporary twice where a coroutine waits.
  const auto fetch = [&id, &r](search_backend& backend) { return backend.why(id, r.q, r.expand); };
  co_return co_await answer_of_article(s, q, "why", std::move(canonical), fetch);
}

}  // namespace rapporteur::api
