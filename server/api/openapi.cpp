#include "server/api/openapi.hpp"

#include "server/api/openapi_parameters.hpp"
#include "server/api/openapi_schemas.hpp"
#include "server/api/problem.hpp"
#include "server/api/routes.hpp"
#include "server/http/compression.hpp"
#include "server/http/etag.hpp"
#include "version.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace rapporteur::api {
namespace {

namespace bhttp = http::bhttp;
using boost::json::array;
using boost::json::object;
using boost::json::value;

/// What every request can meet, whatever its route.
constexpr std::string_view k_common_codes =
    "malformed not_acceptable request_timeout target_too_long expectation_failed header_too_large internal";

constexpr problem_code k_own_codes[] = {
    {"unauthorized", 401, "posting, deleting or a status without the key"},
    {"inbox_off", 403, "the same where the server has no key"},
    {"unsupported_media_type", 415,
     "what is asked by POST and is not a form; articles that are neither JSON nor JSON Lines"},
    {"inbox_full", 503, "more waits for the indexer than inbox.max_queued or inbox.max_queued_size; try again"},
};

boost::json::string_view js(std::string_view s) noexcept {
  return {s.data(), s.size()};
}

std::vector<std::string_view> words(std::string_view list) {
  std::vector<std::string_view> all;
  while (!list.empty()) {
    const auto end = std::min(list.find(' '), list.size());
    if (end > 0) all.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return all;
}

object reference(std::string_view schema) {
  return {{"$ref", js(std::string("#/components/schemas/") + std::string(schema))}};
}

array parameters_of(const operation& o, const settings& s) {
  array all;
  for (const auto name : words(o.path_parameters)) all.push_back(parameter_object(name, s));
  for (auto name : words(o.body == request_body::form ? std::string_view() : o.parameters)) {
    const bool needed = name.starts_with('!');
    if (needed) name.remove_prefix(1);
    auto p = parameter_object(name, s);
    if (needed) {
      p["required"] = true;
      p["schema"].as_object().erase("default");
    }
    all.push_back(std::move(p));
  }
  return all;
}

/// The parameters of an operation as a form.
object form_of(const operation& o, const settings& s) {
  array required;
  object properties;
  object encoding;
  object patterns;
  for (auto name : words(o.parameters)) {
    const bool needed = name.starts_with('!');
    if (needed) name.remove_prefix(1);
    auto p = parameter_object(name, s);
    if (name == "tags") {
      patterns = p.at("schema").at("patternProperties").as_object();
      continue;
    }
    if (needed) {
      required.push_back(p.at("name"));
      p["schema"].as_object().erase("default");
    }
    properties[p.at("name").as_string()] = p.at("schema");
    if (const auto* explode = p.if_contains("explode")) {
      encoding[p.at("name").as_string()] = object{{"style", "form"}, {"explode", *explode}};
    }
  }
  object schema{{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
  if (!patterns.empty()) schema["patternProperties"] = patterns;
  if (!required.empty()) schema["required"] = required;
  return {{"required", true},
          {"content", {{"application/x-www-form-urlencoded", {{"schema", schema}, {"encoding", encoding}}}}}};
}

object articles_body() {
  const object lines{{"schema", {{"type", "string"}, {"description", "One JSON object per line."}}}};
  return {{"required", true},
          {"content",
           {{"application/json", {{"schema", reference("Articles")}}},
            {"application/x-ndjson", lines},
            {"application/jsonl", lines}}}};
}

object text_header(std::string_view description) {
  return {{"description", js(description)}, {"schema", {{"type", "string"}}}};
}

object responses_of(const operation& o) {
  object all;
  object success{{"description", js(o.answer.meaning)}};
  object headers{{"X-Request-Id", text_header("The request's number, for the server's log.")}};
  if (o.has_etag) headers["ETag"] = text_header("For If-None-Match.");
  if (o.answer.status == 202) headers["Location"] = text_header("Where the status is.");
  success["headers"] = headers;
  object content;
  const auto add = [&content](std::string_view type, std::string_view schema) {
    if (type.empty()) return;
    content[js(type)] = object{{"schema", schema.empty() ? object{{"type", "string"}} : reference(schema)}};
  };
  add(o.answer.media_type, o.answer.schema);
  for (const auto& other : o.answer.others) add(other.media_type, other.schema);
  if (!content.empty()) success["content"] = content;
  all[std::to_string(o.answer.status)] = success;
  if (o.has_etag) all["304"] = object{{"description", "The client holds it already."}};

  std::map<unsigned, std::set<std::string_view>> by_status;
  auto codes = words(o.codes);
  for (const auto code : words(k_common_codes)) codes.push_back(code);
  const auto known = all_problem_codes();
  for (const auto code : codes) {
    const auto found = std::ranges::find(known, code, &problem_code::code);
    if (found != known.end()) by_status[found->status].insert(code);
  }
  for (const auto& [status, names] : by_status) {
    array list;
    for (const auto name : names) list.push_back(value(js(name)));
    const object narrowed{{"properties", {{"status", {{"const", status}}}, {"code", {{"enum", list}}}}}};
    const object problem{{"schema", {{"allOf", array{reference("Problem"), narrowed}}}}};
    const auto phrase = bhttp::obsolete_reason(bhttp::int_to_status(status));
    all[std::to_string(status)] = object{{"description", js({phrase.data(), phrase.size()})},
                                         {"content", {{"application/problem+json", problem}}}};
  }
  return all;
}

object operation_object(const operation& o, const settings& s) {
  object all{{"operationId", js(o.id)}, {"summary", js(o.summary)}};
  if (auto parameters = parameters_of(o, s); !parameters.empty()) all["parameters"] = std::move(parameters);
  if (o.body == request_body::form) all["requestBody"] = form_of(o, s);
  if (o.body == request_body::articles) all["requestBody"] = articles_body();
  all["responses"] = responses_of(o);
  if (o.needs_key) all["security"] = array{object{{"key", array{}}}};
  return all;
}

object paths(const settings& s) {
  object all;
  for (const auto& row : all_routes()) {
    const auto verb = bhttp::to_string(row.method);
    std::string method(verb.data(), verb.size());
    std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    auto& path = all[js(row.pattern)];
    if (path.is_null()) path = object{};
    path.as_object()[method] = operation_object(*row.about, s);
  }
  return all;
}

object components() {
  auto schemas = boost::json::parse(js(component_schemas())).as_object();
  array codes;
  array rows;
  for (const auto& c : all_problem_codes()) {
    codes.push_back(value(js(c.code)));
    object row{{"code", js(c.code)}, {"status", c.status}};
    if (!c.meaning.empty()) row["meaning"] = js(c.meaning);
    rows.push_back(std::move(row));
  }
  auto& problem = schemas["Problem"].as_object();
  problem["properties"].as_object()["code"] = object{{"enum", codes}};
  problem["x-codes"] = rows;
  return {{"schemas", schemas},
          {"securitySchemes",
           {{"key", {{"type", "http"}, {"scheme", "bearer"}, {"description", "The server's inbox.key."}}}}}};
}

}  // namespace

std::vector<problem_code> all_problem_codes() {
  std::vector<problem_code> all;
  for (const auto code : k_all_errc) {
    const auto& row = row_of(code);
    all.push_back({to_string(code), row.status, row.detail});
  }
  for (const auto& row : k_own_codes) all.push_back(row);
  for (const auto& row : http::transport_problems()) {
    const bool is_known = std::ranges::any_of(all, [&row](const problem_code& c) { return c.code == row.code; });
    if (!is_known) all.push_back({row.code, row.status, row.meaning});
  }
  std::ranges::sort(all, {}, &problem_code::code);
  return all;
}

std::string openapi_document(const settings& s, std::string_view prefix) {
  const object document{
      {"openapi", "3.1.0"},
      {"jsonSchemaDialect", "https://json-schema.org/draft/2020-12/schema"},
      {"info",
       {{"title", "Rapporteur"},
        {"version", k_version},
        {"summary", "Full-text search over human-rights reporting."},
        {"description",
         "HEAD answers as GET does, without the body; OPTIONS names a path's methods in Allow. Every error is a "
         "problem of RFC 9457. docs/api.md tells the same at length."},
        {"license", {{"name", "GPL-3.0-or-later"}, {"identifier", "GPL-3.0-or-later"}}}}},
      {"servers", array{object{{"url", prefix.empty() ? boost::json::string_view("/") : js(prefix)}}}},
      {"paths", paths(s)},
      {"components", components()},
  };
  return boost::json::serialize(document);
}

http::handler serve_openapi(const service& s) {
  return [&s](const http::request& q) -> http::asio::awaitable<http::response> {
    if (const auto bad = parse_nothing(q.query)) co_return refuse(*bad);
    // Milliseconds to make and to compress: on a worker, and seldom enough to be made each time.
    auto work = [&s, &q](std::size_t) -> result<http::response> {
      auto json = openapi_document(s.options, q.from.prefix);
      const auto etag = "W/\"" + http::fingerprint().add(json).hex() + '"';
      return json_response(q, std::move(json), etag);
    };
    auto r = co_await http::offload(s.workers, q.deadline, work);
    if (!r) co_return to_problem(r.error());
    co_return std::move(*r);
  };
}

}  // namespace rapporteur::api
