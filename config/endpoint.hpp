#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/toml_reader.hpp"

namespace aisle::config {

// "host:port", "[::1]:port".
struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
};
Endpoint endpoint(Table& table, std::string_view key, std::string_view fallback);

// A list of them; absent: none.
std::vector<Endpoint> further_endpoints(Table& table, std::string_view key);

// As `endpoint`, but only on this machine: an address beyond loopback is a fault that says how to
// open it.
Endpoint loopback_endpoint(Table& table, std::string_view key, std::string_view fallback);

// The faults as one Error, or nothing wrong.
Status verdict(TomlFile& file);

}  // namespace aisle::config
