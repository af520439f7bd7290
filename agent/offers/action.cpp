#include "agent/offers/action.hpp"

#include <array>

namespace aisle::offers {
namespace {

struct Most {
    std::optional<Money> operator()(const SpendTiers& action) const { return action.max; }
    std::optional<Money> operator()(const FixedOff& action) const { return action.amount; }
    std::optional<Money> operator()(const PointsMultiplier&) const { return Money{}; }
    std::optional<Money> operator()(const ServiceTask&) const { return Money{}; }
    std::optional<Money> operator()(const Message&) const { return Money{}; }
    std::optional<Money> operator()(const auto& action) const {
        if constexpr (requires { action.worth; })
            return action.worth;
        else
            return action.max;
    }
};

}  // namespace

std::string_view to_text(const Action& action) {
    constexpr std::array<std::string_view, kActions> kNames{
        "spend_tiers",  "pct_off",      "gift",         "every_x_save_y", "fixed_off",
        "fixed_price",  "nth_item_pct", "bundle_price", "gift_choice",    "points_multiplier",
        "coupon_issue", "service_task", "message"};
    return kNames.at(action.index());
}

const Scope& scope_of(const Action& action) {
    return std::visit([](const auto& one) -> const Scope& { return one.scope; }, action);
}

std::optional<Money> most(const Action& action) { return std::visit(Most{}, action); }

bool lowers_price(const Action& action) {
    return !std::holds_alternative<Gift>(action) && !std::holds_alternative<GiftChoice>(action) &&
           !std::holds_alternative<PointsMultiplier>(action) &&
           !std::holds_alternative<CouponIssue>(action) &&
           !std::holds_alternative<ServiceTask>(action) && !std::holds_alternative<Message>(action);
}

std::vector<std::string> gifts_of(const Action& action) {
    if (const auto* const gift = std::get_if<Gift>(&action)) return {gift->sku};
    if (const auto* const choice = std::get_if<GiftChoice>(&action)) return choice->skus;
    return {};
}

}  // namespace aisle::offers
