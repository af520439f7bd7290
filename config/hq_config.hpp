#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "agent/core/error.hpp"

namespace aisle::config {

// What aisle-hq is told (config/hq.toml documents each key).
struct HqConfig {
    std::string store_url = "sqlite:/var/lib/aisle-hq/hq.db";
    std::string broker_host = "127.0.0.1";
    std::uint16_t broker_port = 1883;
    std::vector<std::pair<std::string, std::uint16_t>> further_brokers;  // of the same cluster
    std::string broker_username;
    std::string broker_password_file;
    std::string client_id = "aisle-hq";
    std::int64_t reconnect_max_s = 300;
    bool tls = false;
    std::string ca_file;  // empty: what the system trusts
    std::string cert_file;
    std::string key_file;
    bool plaintext_allowed = false;                  // beyond loopback without TLS
    std::int64_t credit_bytes_s = 64 * 1024 * 1024;  // of all stores while HQ is behind; 0: none
    std::string keys_dir;                            // of the downlink; empty: none
    std::string signing_key;
    std::string datasets_dir;
    std::string token_file;
    std::string listen_host = "127.0.0.1";
    std::uint16_t listen_port = 8490;
    std::string zone;  // IANA; empty: that of the machine
    std::string log_level = "info";
};

// On failure the detail holds every fault, one a line, each with file:line:column.
Result<HqConfig> load_hq_config(const std::string& path);
Result<HqConfig> parse_hq_config(std::string_view text, const std::string& name);

}  // namespace aisle::config
