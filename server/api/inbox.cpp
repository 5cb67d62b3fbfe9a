#include "server/api/inbox.hpp"

#include "index/article.hpp"
#include "server/api/posted_articles.hpp"
#include "server/http/json_string.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace rapporteur::api {
namespace {

namespace asio = http::asio;
namespace bhttp = http::bhttp;

constexpr std::string_view k_inbox_path = "/api/v1/inbox/";
/// How long a request may wait for the worker of the inbox, from when its body was there.
constexpr std::chrono::seconds k_patience{10};
/// When to ask again: the indexer has new files within two seconds.
constexpr std::string_view k_poll_after = "1";
constexpr std::string_view k_accepted_types = "application/json, application/x-ndjson, application/jsonl";

/// Takes the same time whatever is given, as far as its length is the same.
bool is_same_secret(std::string_view given, std::string_view key) noexcept {
  volatile unsigned char differs = given.size() == key.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    differs = static_cast<unsigned char>(differs | static_cast<unsigned char>(given[i] ^ key[i % key.size()]));
  }
  return differs == 0;
}

/// The token of "Bearer TOKEN" (RFC 6750 2.1, RFC 9110 11.4); nothing if it is not of that scheme.
std::optional<std::string_view> bearer_token(std::string_view authorization) noexcept {
  constexpr std::string_view k_scheme = "Bearer ";
  if (authorization.size() < k_scheme.size()) return std::nullopt;
  if (!http::beast::iequals(authorization.substr(0, k_scheme.size()), k_scheme)) return std::nullopt;
  authorization.remove_prefix(k_scheme.size());
  while (authorization.starts_with(' ')) authorization.remove_prefix(1);
  while (authorization.ends_with(' ')) authorization.remove_suffix(1);
  return authorization;
}

/// A Content-Type without its parameters decides; JSON has no charset but UTF-8.
std::optional<post_format> format_of(std::string_view content_type) noexcept {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ') || content_type.ends_with('\t')) content_type.remove_suffix(1);
  if (http::beast::iequals(content_type, "application/json")) return post_format::json;
  for (const std::string_view lines :
       {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonl",
        "application/json-lines", "application/jsonlines", "application/x-jsonlines"}) {
    if (http::beast::iequals(content_type, lines)) return post_format::lines;
  }
  return std::nullopt;
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += out.ends_with('{') ? "" : ",";
  http::append_json_string(out, name);
  out += ':';
  http::append_json_string(out, text);
}

/// The answer that a request is kept.
http::response accepted(const http::request& q, const std::string& ticket, const std::vector<std::string>& ids) {
  const std::string status_url = q.link(k_inbox_path) + ticket;
  std::string json = "{";
  append_member(json, "ticket", ticket);
  append_member(json, "status", "queued");
  append_member(json, "status_url", status_url);
  json += ",\"articles\":[";
  for (const auto& id : ids) {
    json += json.ends_with('[') ? "{" : ",{";
    append_member(json, "id", id);
    json += '}';
  }
  json += "]}";
  auto r = json_response(q, std::move(json), {});
  r.status = 202;
  r.set(bhttp::field::location, status_url);
  r.set(bhttp::field::retry_after, k_poll_after);
  return r;
}

/// On the worker: what the inbox said, for the client and for the log.
http::response refused_by_inbox(const posting& p, const error& e) {
  if (e.code == errc::overloaded) {
    return http::make_problem({.status = 503,
                               .code = "inbox_full",
                               .detail = e.message + " Try again later; if this stays, the indexer does not run.",
                               .retry_after = std::chrono::seconds(10)});
  }
  p.log.write(http::severity::error, "the inbox cannot be used: " + e.message);
  if (e.code == errc::disk_full) return to_problem(e);
  return http::make_problem({.status = 500,
                             .code = to_string(errc::io),
                             .detail = "The server could not use its inbox. Its log says why. Nothing was kept of "
                                       "this request."});
}

template <class F>
asio::awaitable<http::response> on_inbox_worker(const posting& p, const http::request& q, F fn) {
  const auto deadline = std::max(q.deadline, http::clock::now() + k_patience);  // a large body took its own time
  auto work = [fn = std::move(fn)](std::size_t) -> result<http::response> { return fn(); };
  auto r = co_await http::offload(p.workers, deadline, std::move(work));
  if (!r) co_return to_problem(r.error());
  co_return std::move(*r);
}

http::response no_such_ticket() {
  return to_problem({errc::not_found,
                     "There is no request with this ticket, or it was finished so long ago that its receipt is gone."});
}

/// One word for the whole of a receipt.
std::string_view status_of(const index::receipt& r) {
  using index::article_outcome;
  const auto out = std::ranges::count(r.articles, article_outcome::refused, &index::article_receipt::outcome);
  if (static_cast<std::size_t>(out) == r.articles.size()) return "refused";
  if (out > 0) return "partly";
  const bool gone = std::ranges::all_of(r.articles, [](const index::article_receipt& a) {
    return a.outcome == article_outcome::removed || a.outcome == article_outcome::not_found;
  });
  return gone ? "removed" : "searchable";
}

std::string receipt_json(std::string_view ticket, const index::receipt& r) {
  std::string json = "{";
  append_member(json, "ticket", ticket);
  append_member(json, "status", status_of(r));
  if (r.revision != 0) json += ",\"revision\":" + std::to_string(r.revision);
  json += ",\"articles\":[";
  for (const auto& a : r.articles) {
    json += json.ends_with('[') ? "{" : ",{";
    if (!a.id.empty()) append_member(json, "id", a.id);
    append_member(json, "outcome", index::to_string(a.outcome));
    if (a.outcome == index::article_outcome::refused) {
      append_member(json, "code", to_string(a.reason.code));
      append_member(json, "reason", a.reason.message);
    }
    if (a.line != 0) json += ",\"article\":" + std::to_string(a.line);
    json += '}';
  }
  return json + "]}";
}

}  // namespace

std::optional<http::response> admit_poster(const service& s, const bhttp::fields& fields) {
  if (s.inbox == nullptr) {
    return http::make_problem({.status = 403,
                               .code = "inbox_off",
                               .detail = "Articles cannot be posted to this server: it has no inbox.key."});
  }
  const auto lines = fields.count(bhttp::field::authorization);
  const auto token = bearer_token(fields[bhttp::field::authorization]);
  if (lines == 1 && token && is_same_secret(*token, s.inbox->key)) return std::nullopt;
  auto r = http::make_problem({.status = 401,
                               .code = "unauthorized",
                               .detail = lines == 0 ? "This needs the key: send Authorization: Bearer KEY."
                                                    : "This is not the key. Send Authorization: Bearer KEY."});
  r.set(bhttp::field::www_authenticate,
        lines == 0 ? R"(Bearer realm="rapporteur")" : R"(Bearer realm="rapporteur", error="invalid_token")");
  return r;
}

std::optional<http::response> admit_articles(const service& s, const bhttp::fields& fields) {
  if (auto refusal = admit_poster(s, fields)) return refusal;
  if (format_of(fields[bhttp::field::content_type])) return std::nullopt;
  auto r = http::make_problem({.status = 415,
                               .code = "unsupported_media_type",
                               .detail = "The body must be JSON (Content-Type application/json) or JSON Lines "
                                         "(application/x-ndjson)."});
  r.set(bhttp::field::accept_post, k_accepted_types);
  return r;
}

asio::awaitable<http::response> post_articles(const service& s, const http::request& q) {
  if (const auto bad = parse_nothing(q.query)) co_return refuse(*bad);
  const posting& p = *s.inbox;
  const auto format = format_of(q.fields[bhttp::field::content_type]).value_or(post_format::json);
  co_return co_await on_inbox_worker(p, q, [&p, &q, format]() -> http::response {
    auto read = read_posted(q.body, format, p.max_articles);
    if (const auto* bad = std::get_if<post_problem>(&read)) {
      return http::make_problem({.status = row_of(bad->what.code).status,
                                 .code = to_string(bad->what.code),
                                 .detail = bad->what.message,
                                 .article = bad->article,
                                 .line = bad->line});
    }
    const auto& articles = std::get<posted_articles>(read);
    const auto ticket = p.folder.deposit(index::request_kind::articles, articles.lines);
    if (!ticket) return refused_by_inbox(p, ticket.error());
    return accepted(q, *ticket, articles.ids);
  });
}

asio::awaitable<http::response> delete_article(const service& s, const http::request& q) {
  if (const auto bad = parse_nothing(q.query)) co_return refuse(*bad);
  const posting& p = *s.inbox;
  const auto& id = q.parameters.at(0);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (id.empty() || id.size() > k_max_article_id_bytes || !http::is_utf8(id) || std::ranges::any_of(id, is_control)) {
    co_return to_problem({errc::not_found, "There is no article with this id."});
  }
  co_return co_await on_inbox_worker(p, q, [&p, &q, &id]() -> http::response {
    const auto ticket = p.folder.deposit(index::request_kind::removal, index::join_ids({id}));
    if (!ticket) return refused_by_inbox(p, ticket.error());
    return accepted(q, *ticket, {id});
  });
}

asio::awaitable<http::response> get_receipt(const service& s, const http::request& q) {
  if (const auto bad = parse_nothing(q.query)) co_return refuse(*bad);
  const posting& p = *s.inbox;
  const auto& ticket = q.parameters.at(0);
  if (!index::is_ticket(ticket)) co_return no_such_ticket();
  co_return co_await on_inbox_worker(p, q, [&p, &q, &ticket]() -> http::response {
    const auto status = p.folder.status(ticket);
    if (!status) {
      p.log.write(http::severity::error, "a receipt cannot be read: " + status.error().message);
      return http::make_problem({.status = 500,
                                 .code = to_string(errc::io),
                                 .detail = "The receipt of this request cannot be read. The server's log says why."});
    }
    if (status->state == index::request_state::unknown) return no_such_ticket();
    if (status->state == index::request_state::finished) {
      return json_response(q, receipt_json(ticket, status->outcome), {});
    }
    std::string json = "{";
    append_member(json, "ticket", ticket);
    append_member(json, "status", "queued");
    auto r = json_response(q, json + '}', {});
    r.set(bhttp::field::retry_after, k_poll_after);
    return r;
  });
}

}  // namespace rapporteur::api
