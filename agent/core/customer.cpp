#include "agent/core/customer.hpp"

#include <array>

namespace aisle {

std::string_view to_text(LifecycleStage stage) {
    static constexpr std::array<std::string_view, 6> kStages{"new",     "active", "at_risk",
                                                             "dormant", "lost",   "won_back"};
    return kStages.at(static_cast<std::size_t>(stage));
}

bool is_month_day(std::string_view text) {
    if (text.size() != 5) return false;
    const auto date = parse_date("2000-" + std::string{text});
    return date && date->ok();
}

}  // namespace aisle
