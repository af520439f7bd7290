#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/core/error.hpp"

// Signing with a key file, away from any running program.
namespace aisle::hq {

struct BundleToSign {
    std::string key;  // DIR/ID.secret
    std::int64_t version = 0;
    std::string campaigns;  // a folder; empty: none
    std::string settings;   // a file; empty: none
    std::vector<std::string> stores;
    std::string not_before;
    std::string expires;
    std::string min_agent;
    std::int64_t rollback_to = 0;
    std::string out;
};
// The shop's own reader judges the payload before it is signed.
Result<std::string> sign_bundle(const BundleToSign& wish);

struct CommandToSign {
    std::vector<std::string> stores;
    std::string type;
    std::string args = "{}";
    std::int64_t valid_s = 86'400;
    std::string key;  // empty: HQ signs it
    std::string out;
};
// One sealed message for each store.
Result<std::vector<std::string>> sign_commands(const CommandToSign& wish);

}  // namespace aisle::hq
