#pragma once

#include <cstdint>
#include <string>

#include "agent/core/error.hpp"
#include "sync/hq/aisle_hq_tools_sign.hpp"

// Asking a running aisle-hq over its HTTP API. Each answers what is printed.
namespace aisle::hq {

struct HqAddress {
    std::string address = "127.0.0.1:8490";
    std::string token_file;  // empty: none
};

struct PlanWords {  // empty: HQ's default
    std::string canaries;
    std::string early_permille;
    std::string soak_s;
    std::string broken_max;
    std::string restarts_max;
    std::string errors_max;
    std::string withheld_rise_permille;
    bool roll_back = false;
};

Result<std::string> roll_out(const HqAddress& hq, const std::string& file, const PlanWords& plan);
Result<std::string> turn_rollout(const HqAddress& hq, std::int64_t version, const char* how);
Result<std::string> send_command(const HqAddress& hq, const CommandToSign& wish);
Result<std::string> set_budget(const HqAddress& hq, const std::string& campaign,
                               std::int64_t total);
Result<std::string> recall_budget(const HqAddress& hq, const std::string& campaign);
// The elements of an array in the answer, one a line.
Result<std::string> list_from(const HqAddress& hq, const std::string& path, const char* array);

}  // namespace aisle::hq
