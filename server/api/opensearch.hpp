// GET /opensearch.xml: how a browser adds this archive to its search box.
#pragma once

#include "server/api/service.hpp"

namespace rapporteur::api {

/// OpenSearch 1.1 (draft 6), as Firefox and Chromium read it: the page, the API, and suggestions if there is a route.
/// Its addresses are absolute, as the format wants, and are those by which this request came.
http::asio::awaitable<http::response> get_opensearch(const service& s, const http::request& q);

}  // namespace rapporteur::api
