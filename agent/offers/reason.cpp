#include "agent/offers/reason.hpp"

#include <algorithm>

namespace aisle::offers {
namespace {

constexpr std::array<std::string_view, kReasons> kTexts{"dwell_too_short", "outside_window",
                                                        "quiet_hours",     "no_member",
                                                        "not_in_audience", "no_consent",
                                                        "condition_false", "condition_unknown",
                                                        "scope_empty",     "below_first_tier",
                                                        "stopped_here",    "guardrail",
                                                        "queue",           "zone_load",
                                                        "staff_load",      "rearm",
                                                        "duplicate_live",  "customer_cap",
                                                        "cooldown",        "told_elsewhere",
                                                        "redemptions",     "no_lease",
                                                        "budget",          "out_of_stock",
                                                        "nothing_left",    "full",
                                                        "lower_priority",  "exclusive",
                                                        "order_limit",     "control",
                                                        "holdout",         "holdout_entitled",
                                                        "chosen"};

}  // namespace

std::string_view to_text(Reason reason) { return kTexts[static_cast<std::size_t>(reason)]; }

std::optional<Reason> reason_from(std::string_view text) {
    const auto at = std::ranges::find(kTexts, text);
    if (at == kTexts.end()) return std::nullopt;
    return static_cast<Reason>(at - kTexts.begin());
}

}  // namespace aisle::offers
