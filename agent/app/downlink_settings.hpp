#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "agent/store/quota.hpp"
#include "config/agent_config.hpp"
#include "sync/uplink/uplink.hpp"

namespace aisle::app {

// What a bundle sets (wire::setting_rules()); whatever it does not name is the shop's own again.
using HqSettings = std::map<std::string, std::int64_t>;

config::RetentionConfig with_settings(config::RetentionConfig own, const HqSettings& settings);
// How much may wait for HQ.
store::OutboxQuota quota_of(const config::StoreConfig& own, const HqSettings& settings);
uplink::Lingers lingers_of(const HqSettings& settings);

}  // namespace aisle::app
