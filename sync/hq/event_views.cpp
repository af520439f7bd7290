#include "sync/hq/event_views.hpp"

#include <algorithm>
#include <array>

namespace aisle::hq {
namespace {

constexpr std::array<std::string_view, 12> kNoticed{
    "health",         "budget", "redemption", "consent",      "erasure",    "transition",
    "command_result", "audit",  "clock",      "bundle_state", "data_state", "experiment_sums"};

}  // namespace

bool is_noticed(std::string_view kind) {
    return std::ranges::find(kNoticed, kind) != kNoticed.end();
}

}  // namespace aisle::hq
