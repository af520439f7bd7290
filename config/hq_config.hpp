#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/core/error.hpp"

namespace aisle::config {

// What aisle-hq is told (config/hq.toml documents each key).
struct HqConfig {
    std::string store_url = "sqlite:/var/lib/aisle-hq/hq.db";
    std::string broker_host = "127.0.0.1";
    std::uint16_t broker_port = 1883;
    std::string broker_username;
    std::string broker_password_file;
    std::string client_id = "aisle-hq";
    std::int64_t reconnect_max_s = 300;
    std::string listen_host = "127.0.0.1";
    std::uint16_t listen_port = 8490;
    std::string zone;  // IANA; empty: that of the machine
    std::string log_level = "info";
};

// On failure the detail holds every fault, one a line, each with file:line:column.
Result<HqConfig> load_hq_config(const std::string& path);
Result<HqConfig> parse_hq_config(std::string_view text, const std::string& name);

}  // namespace aisle::config
