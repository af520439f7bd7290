#pragma once

#include <filesystem>
#include <string>

#include "kill_stage.hpp"

namespace aisle::e2e {

// Starts the broker (mosquitto, nats) and the table (sqlite, postgresql) on loopback. Unavailable:
// a program is missing here.
Result<Chain> make_chain(const std::string& broker, const std::string& table,
                         const std::filesystem::path& folder);

}  // namespace aisle::e2e
