#pragma once

#include <boost/json.hpp>

#include "agent/core/error.hpp"
#include "drivers/tracking/scene_warnings.hpp"

// A scene as the editor of the staff page has it: the words of the scene file in JSON
// (agent/staff/page/openapi.json). What JSON cannot say is left to the file's own reader.
namespace aisle::app {

boost::json::object scene_json(const tracking::Scene& scene);
// Malformed names the member. Only the form is checked here: whoever writes the scene has its text
// read again as a camera reads it.
Result<tracking::Scene> scene_from_json(const boost::json::object& json);

boost::json::array warnings_json(const std::vector<tracking::SceneWarning>& warnings);

}  // namespace aisle::app
