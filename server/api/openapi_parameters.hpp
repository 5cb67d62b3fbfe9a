// Parameters as /openapi.json tells them; what the server does with one is in server/api/parameters.
#pragma once

#include "server/api/settings.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace rapporteur::api {

/// The Parameter Object of one: name, place, schema with bounds and default. `name` is that in server/api/operations;
/// it differs from the parameter's own where routes have different bounds for it. Empty if there is none of that name.
boost::json::object parameter_object(std::string_view name, const settings& s);

}  // namespace rapporteur::api
