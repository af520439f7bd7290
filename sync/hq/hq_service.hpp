#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "agent/core/error.hpp"

namespace aisle::hq {

struct HqSettings {
    std::string store_url = "sqlite:hq.db";  // or postgresql://...: several collectors share it
    bool accept_new_database = false;        // StoreOptions::accept_new
    std::string broker_host = "127.0.0.1";
    std::uint16_t broker_port = 1883;
    std::vector<std::pair<std::string, std::uint16_t>> further_brokers;  // tried in turn
    std::string broker_username;
    std::string broker_password_file;
    std::string client_id = "aisle-hq";
    std::int64_t reconnect_max_s = 300;  // the longest wait before the broker is tried again
    bool tls = false;
    std::string ca_file;
    std::string cert_file;
    std::string key_file;
    bool plaintext_allowed = false;
    std::int64_t credit_bytes_s = 64 * 1024 * 1024;  // CollectorSettings
    std::string keys_dir;                            // DownlinkSettings, and the next three
    std::string signing_key;
    std::string datasets_dir;
    std::string token_file;
    std::string listen_host = "127.0.0.1";
    std::uint16_t listen_port = 8490;
    std::string zone;  // IANA, of HQ's day; empty: the machine's
};

// The composition root of HQ: runs until SIGTERM or SIGINT, then stops within three seconds. READY
// does not wait for the broker. A failure says why it could not start.
Status run_hq(const HqSettings& settings);

// Recounts every row of a store, or of all where `store` is empty, beside a running collector, and
// prints one JSON line a stream, then one a store with what became of its audit chain. False:
// something is missing, or a chain does not hold.
Result<bool> print_completeness(const std::string& store_url, const std::string& store);

}  // namespace aisle::hq
