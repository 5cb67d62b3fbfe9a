// GET and POST /api/v1/search.{csv,jsonl,ris,bib,csl.json}: all that a search finds, as one document.
#pragma once

#include "server/api/export_format.hpp"
#include "server/api/service.hpp"

namespace rapporteur::api {

http::asio::awaitable<http::response> export_search(const service& s, const http::request& q, const export_format& f);

template <const export_format& F>
http::asio::awaitable<http::response> get_export(const service& s, const http::request& q) {
  return export_search(s, q, F);
}

}  // namespace rapporteur::api
