#include "server/pages/links.hpp"

#include "server/api/parameters.hpp"
#include "server/http/uri.hpp"

#include <algorithm>
#include <utility>

namespace rapporteur::pages {
namespace {

constexpr std::string_view k_tag = "tag.";

/// The values of a filter, made if there is no such tag yet.
std::vector<std::string>& values_to_change(search::field_values& f, std::string_view filter) {
  if (filter == "source") return f.sources;
  if (filter == "lang") return f.languages;
  if (filter == "author") return f.authors;
  if (filter == "collection") return f.collections;
  const auto name = filter.substr(k_tag.size());
  auto found = std::ranges::find(f.tags, name, &tag::name);
  if (found == f.tags.end()) found = f.tags.insert(f.tags.end(), tag{std::string(name), {}});
  return found->values;
}

}  // namespace

std::string linker::with_query(std::string path, std::string query) const {
  if (!language.empty()) {
    if (!query.empty()) query += '&';
    query += "ui=";
    http::percent_encode(query, language);
  }
  return query.empty() ? std::move(path) : std::move(path) + '?' + query;
}

std::string linker::search(const search::request& r) const {
  return with_query(to(k_search_path), api::format_search(r, defaults));
}

std::string linker::article(std::string_view id, const search::request& r) const {
  std::string path = to(k_article_path.substr(0, k_article_path.find('{')));
  http::percent_encode(path, id);
  return with_query(std::move(path), api::format_search(r, defaults));
}

std::string linker::help() const {
  return with_query(to(k_help_path), {});
}

search::request from_start(search::request r) {
  r.offset = 0;
  r.after.reset();
  return r;
}

const std::vector<std::string>* values_of(const search::field_values& f, std::string_view filter) {
  if (filter == "source") return &f.sources;
  if (filter == "lang") return &f.languages;
  if (filter == "author") return &f.authors;
  if (filter == "collection") return &f.collections;
  const auto found = std::ranges::find(f.tags, filter.substr(k_tag.size()), &tag::name);
  return found == f.tags.end() ? nullptr : &found->values;
}

search::request choose(search::request r, std::string_view filter, const std::string& value, choice c) {
  r = from_start(std::move(r));
  std::erase(values_to_change(r.wanted, filter), value);
  std::erase(values_to_change(r.excluded, filter), value);
  if (c == choice::wanted) values_to_change(r.wanted, filter).push_back(value);
  if (c == choice::excluded) values_to_change(r.excluded, filter).push_back(value);
  return r;
}

search::request what_is_found(const search::request& r, const api::settings& defaults) {
  search::request out = api::default_request(defaults);
  out.q = r.q;
  out.sort = r.sort;
  out.from = r.from;
  out.to = r.to;
  out.wanted = r.wanted;
  out.excluded = r.excluded;
  out.expand = r.expand;
  return out;
}

bool is_filtered(const search::request& r) {
  const search::field_values none;
  return r.from || r.to || r.wanted != none || r.excluded != none;
}

bool is_search(const search::request& r) {
  return !r.q.empty() || r.sort != search::sort_order::relevance || r.offset != 0 || r.after || is_filtered(r);
}

}  // namespace rapporteur::pages
