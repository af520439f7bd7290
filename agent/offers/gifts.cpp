#include <algorithm>

#include "agent/offers/state.hpp"

// Gifts and their stock. A live offer holds one piece of what it promises; while the customer has
// not chosen, one of each, so that whatever he chooses is there.
namespace aisle::offers {

std::int64_t Engine::State::promised(const std::string& sku) const {
    const auto held = promised_gifts.find(sku);
    const auto given = gifts.find(sku);
    return (held == promised_gifts.end() ? 0 : held->second) +
           (given == gifts.end() ? 0 : given->second.given);
}

void Engine::State::promise(const Offer& offer, std::int64_t pieces) {
    if (offer.ghost) return;
    const auto count = [&](const std::string& sku) {
        std::int64_t& held = promised_gifts[sku];
        held += pieces;
        if (held == 0) promised_gifts.erase(sku);
    };
    if (!offer.gift_sku.empty()) return count(offer.gift_sku);
    for (const std::string& sku : offer.gift_choices) count(sku);
}

// False where that was not on offer.
bool Engine::State::choose(Offer& offer, const std::string& sku) {
    if (std::ranges::find(offer.gift_choices, sku) == offer.gift_choices.end())
        return offer.gift_sku == sku;
    promise(offer, -1);
    offer.gift_sku = sku;
    promise(offer, 1);
    mark("offer/" + offer.id.value);
    return true;
}

void Engine::State::give(const std::string& sku, Turn& turn) {
    const conditions::Facts& context = around.context(turn.now);
    const auto* const told = context.find("stock." + sku, turn.now.wall);
    const auto* const pieces = told ? std::get_if<std::int64_t>(told) : nullptr;
    if (!pieces) return;  // nobody counts it
    settle_gifts(context, turn.now);
    GiftStock& stock = gifts[sku];
    stock.told = *pieces;
    ++stock.given;
    mark("gift/" + sku);
}

// The fact has moved on. What it has fallen by may be ours, and is told no longer; if it has risen
// somebody has counted anew.
void Engine::State::settle_gifts(const conditions::Facts& context, const Stamp& now) {
    for (auto at = gifts.begin(); at != gifts.end();) {
        GiftStock& stock = at->second;
        const auto* const told = context.find("stock." + at->first, now.wall);
        const auto* const pieces = told ? std::get_if<std::int64_t>(told) : nullptr;
        if (!pieces || *pieces == stock.told) {
            ++at;
            continue;
        }
        const std::int64_t fallen = stock.told - *pieces;
        stock.given = fallen > 0 ? std::max<std::int64_t>(0, stock.given - fallen) : 0;
        stock.told = *pieces;
        mark("gift/" + at->first);
        at = stock.given == 0 ? gifts.erase(at) : std::next(at);
    }
}

}  // namespace aisle::offers
