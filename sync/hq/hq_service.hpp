#pragma once

#include <cstdint>
#include <string>

#include "agent/core/error.hpp"

namespace aisle::hq {

struct HqSettings {
    std::string store_url = "sqlite:hq.db";
    std::string broker_host = "127.0.0.1";
    std::uint16_t broker_port = 1883;
    std::string broker_username;
    std::string broker_password_file;
    std::string client_id = "aisle-hq";
    std::int64_t reconnect_max_s = 300;  // the longest wait before the broker is tried again
    std::string listen_host = "127.0.0.1";
    std::uint16_t listen_port = 8490;
    std::string zone;  // IANA, of HQ's day; empty: the machine's
};

// The composition root of HQ: runs until SIGTERM or SIGINT, then stops within two seconds. READY
// does not wait for the broker. A failure says why it could not start.
Status run_hq(const HqSettings& settings);

}  // namespace aisle::hq
