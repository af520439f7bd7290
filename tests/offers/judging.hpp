#pragma once

#include <map>
#include <string>
#include <vector>

#include "shop.hpp"

// One decision without an engine around it.
namespace aisle::offers {

class NothingGranted final : public Ledger {
public:
    [[nodiscard]] std::optional<Reason> refuses(const Campaign&, const Ask&) const override {
        return {};
    }
    [[nodiscard]] std::optional<Money> left(const Campaign& campaign) const override {
        return campaign.limits.budget;
    }
};

inline Decided decide_basket(const std::vector<std::string>& campaigns, const Basket& basket,
                             const conditions::Facts& customer = {}) {
    const auto set = set_of(campaigns);
    const Ask ask{.trigger = TriggerKind::Basket,
                  .at = kit::at(),
                  .member = basket.member,
                  .subject = "basket:b1",
                  .unit = "basket:b1",
                  .asked = true,
                  .basket = &basket,
                  .customer = &customer};
    return decide(*set, ask, NothingGranted{});
}

using Reasons = std::vector<std::string>;

// The reasons in order of id of the campaigns.
inline Reasons reasons(const Decided& decided) {
    std::map<std::uint32_t, std::string> by_id;
    for (const Considered& one : decided.considered) by_id[one.campaign] = to_text(one.reason);
    Reasons all;
    for (const auto& [id, reason] : by_id) all.push_back(reason);
    return all;
}

inline Money saved(const Decided& decided) {
    Money sum;
    for (const Win& win : decided.wins) sum += win.price.off;
    return sum;
}

inline Money price_of(const std::string& action, const Basket& basket) {
    return saved(decide_basket({campaign("c", kBasket, action)}, basket));
}

}  // namespace aisle::offers
