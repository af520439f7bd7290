#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "config/agent_config.hpp"

namespace aisle::app {

// The shop's own retention, but for what a bundle sets (wire::setting_rules()).
config::RetentionConfig with_settings(config::RetentionConfig own,
                                      const std::map<std::string, std::int64_t>& settings);

}  // namespace aisle::app
