#include "server/api/openapi_parameters.hpp"

#include "index/article.hpp"
#include "server/api/export_format.hpp"
#include "server/api/export_request.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace rapporteur::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

value number(std::uint32_t low, std::uint32_t high, std::uint32_t usual) {
  return object{{"type", "integer"}, {"minimum", low}, {"maximum", high}, {"default", usual}};
}

value on_or_off(bool usual) {
  return object{{"enum", array{"on", "off"}}, {"default", usual ? "on" : "off"}};
}

constexpr std::string_view k_orders =
    "Articles without a date come last in both orders of date. added: what came into the archive last comes first.";

value order(boost::json::string_view usual) {
  return object{{"enum", array{"relevance", "newest", "oldest", "added"}}, {"default", usual}};
}

/// Values of a filter. One of a sign and blanks alone is empty, and a sign does not count for the length.
value several() {
  const object plain{{"pattern", R"(^([^-\\ ]| +[^ ]))"}, {"maxLength", 1024}};
  const object with_sign{{"pattern", R"(^[-\\] *[^ ])"}, {"maxLength", 1025}};
  return object{{"type", "array"},
                {"items", {{"type", "string"}, {"anyOf", array{plain, with_sign}}}},
                {"minItems", 1},
                {"maxItems", 100}};
}

value date() {
  return object{{"type", "string"}, {"pattern", "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}};
}

struct row {
  std::string_view key, name, description;
  value (*schema)(const settings&);
  bool in_path = false;
};

constexpr row k_rows[] = {
    {"id", "id", "An article's id.",
     [](const settings&) -> value {
       return object{{"type", "string"}, {"minLength", 1}, {"maxLength", k_max_article_id_bytes}};
     },
     true},
    {"ticket", "ticket", "The ticket that was given for a request.",
     [](const settings&) -> value {
       return object{{"type", "string"}};
     },
     true},
    {"q", "q", "The query, in the query language; nothing in it is an error. The bound is in bytes.",
     [](const settings& s) -> value {
       return object{{"type", "string"}, {"maxLength", s.limits.max_query_bytes}, {"default", ""}};
     }},
    {"limit", "limit", "Hits in the answer; 0 counts only.",
     [](const settings& s) { return number(0, s.limits.max_limit, s.default_limit); }},
    {"offset", "offset", "Hits to pass over; with limit it reaches no further than its own maximum. Not beside cursor.",
     [](const settings& s) { return number(0, s.limits.max_depth, 0); }},
    {"cursor", "cursor",
     "A next_cursor: what comes behind the page that it was given with. The other parameters have to be as they were, "
     "but for limit, facets, facet_values, timeline, snippets and snippet_chars.",
     [](const settings&) -> value {
       return object{{"type", "string"}, {"pattern", "^[A-Za-z0-9_-]+$"}};
     }},
    {"sort", "sort", k_orders, [](const settings&) { return order("relevance"); }},
    {"newest", "sort", k_orders, [](const settings&) { return order("newest"); }},
    {"added", "sort", k_orders, [](const settings&) { return order("added"); }},
    {"from", "from", "Articles whose whole date lies at or after it.", [](const settings&) { return date(); }},
    {"to", "to", "Articles whose whole date lies at or before it.", [](const settings&) { return date(); }},
    {"source", "source",
     "An outlet; several: any of them. With a minus before it: articles that do not have it. A backslash before it "
     "takes what follows as it stands, so that a value may begin with a minus.",
     [](const settings&) { return several(); }},
    {"lang", "lang", "A language code; several, minus and backslash as in source.",
     [](const settings&) { return several(); }},
    {"author", "author", "A name, as printed; several, minus and backslash as in source.",
     [](const settings&) { return several(); }},
    {"collection", "collection", "A collection; several, minus and backslash as in source.",
     [](const settings&) { return several(); }},
    {"tags", "tags",
     "Parameters tag.NAME; several of one name: any of them; several names: all of them. Minus and backslash as in "
     "source.",
     [](const settings&) -> value {
       return object{{"type", "object"},
                     {"patternProperties", {{"^tag\\.[a-z0-9_]{1,64}$", several()}}},
                     {"additionalProperties", false}};
     }},
    {"facets", "facets", "Fields whose values are to be counted among all that was found.",
     [](const settings&) -> value {
       const object field{{"enum", array{"source", "lang", "author", "collection", "year", "month"}}};
       const object tag{{"type", "string"}, {"pattern", "^tag\\.[a-z0-9_]{1,64}$"}};
       return object{{"type", "array"}, {"items", {{"anyOf", array{field, tag}}}}, {"minItems", 1}, {"maxItems", 20}};
     }},
    {"facet_values", "facet_values", "The most frequent values of each facet, so many.",
     [](const settings& s) { return number(1, s.limits.max_facet_values, s.default_facet_values); }},
    {"timeline", "timeline", "How long a stretch of time each count of all that was found is of; auto: as fits.",
     [](const settings&) -> value {
       return object{{"enum", array{"auto", "day", "week", "month", "year"}}};
     }},
    {"related", "limit", "Articles in the answer.",
     [](const settings& s) { return number(1, s.limits.max_limit, std::min(s.default_limit, s.limits.max_limit)); }},
    {"shared_snippets", "snippets", "Passages for each hit that show what it shares with the article.",
     [](const settings& s) { return number(0, s.limits.max_snippets, 0); }},
    {"typed", "q", "What has been typed so far. The bound is in bytes.",
     [](const settings&) -> value {
       return object{{"type", "string"}, {"maxLength", k_max_typed_bytes}};
     }},
    {"suggestions", "limit", "Suggestions in the answer.",
     [](const settings&) { return number(1, k_max_suggestions, k_default_suggestions); }},
    {"format", "format", "The second is OpenSearch Suggestions 1.1, for browsers' search boxes.",
     [](const settings&) -> value {
       return object{{"enum", array{"json", "opensearch"}}, {"default", "json"}};
     }},
    {"reference", "format",
     "The others than json are a reference to the article, as exports have it; q marks nothing there.",
     [](const settings&) -> value {
       array names{"json"};
       for (const auto* f : k_reference_formats) names.emplace_back(boost::json::string(format_name(*f)));
       return object{{"enum", std::move(names)}, {"default", "json"}};
     }},
    {"pad", "pad", "Ignored: lets a client make all its requests of one length. The bound is in bytes.",
     [](const settings&) -> value {
       return object{{"type", "string"}, {"maxLength", k_max_pad_bytes}};
     }},
    {"snippets", "snippets", "Passages for each hit.",
     [](const settings& s) { return number(0, s.limits.max_snippets, s.default_snippets); }},
    {"passages", "snippets", "Passages of the article.",
     [](const settings& s) { return number(1, s.limits.max_snippets, std::max(s.default_snippets, 1U)); }},
    {"snippet_chars", "snippet_chars", "The length that a passage aims at, in characters.",
     [](const settings& s) { return number(20, s.limits.max_snippet_chars, s.default_snippet_chars); }},
    {"expand", "expand", "Synonyms from the thesaurus.", [](const settings& s) { return on_or_off(s.default_expand); }},
    {"articles", "limit", "Articles at most; absent: all.",
     [](const settings&) -> value {
       return object{{"type", "integer"}, {"minimum", 1}, {"maximum", std::numeric_limits<std::uint32_t>::max()}};
     }},
    {"text", "text", "Whether the articles' text is in it.", [](const settings&) { return on_or_off(false); }},
    {"bom", "bom", "Whether a byte order mark begins it, for spreadsheets that want one.",
     [](const settings&) { return on_or_off(false); }},
    {"entries", "limit", "Entries of the feed.",
     [](const settings& s) { return number(1, s.limits.max_limit, std::min(k_feed_entries, s.limits.max_limit)); }},
    {"entry_snippets", "snippets", "Passages for each entry.",
     [](const settings& s) { return number(0, s.limits.max_snippets, std::min(1U, s.limits.max_snippets)); }},
};

}  // namespace

object parameter_object(std::string_view name, const settings& s) {
  for (const auto& r : k_rows) {
    if (r.key != name) continue;
    object o{{"name", boost::json::string_view(r.name.data(), r.name.size())},
             {"in", r.in_path ? "path" : "query"},
             {"description", boost::json::string_view(r.description.data(), r.description.size())},
             {"schema", r.schema(s)}};
    if (r.in_path) o["required"] = true;
    // Lists repeat their parameter, but for facets, which has commas; of tags, each property is a parameter.
    if (r.key == "facets") {
      o["style"] = "form";
      o["explode"] = false;
    } else if (r.schema(s).as_object().if_contains("type") != nullptr &&
               (r.schema(s).at("type") == "array" || r.schema(s).at("type") == "object")) {
      o["style"] = "form";
      o["explode"] = true;
    }
    return o;
  }
  return {};
}

}  // namespace rapporteur::api
