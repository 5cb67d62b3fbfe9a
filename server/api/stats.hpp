// GET /api/v1/stats: what the archive consists of.
#pragma once

#include "server/api/service.hpp"

namespace rapporteur::api {

/// Counts once for each state of the index, and answers from that.
http::handler serve_stats(const service& s);

}  // namespace rapporteur::api
