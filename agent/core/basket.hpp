#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/money.hpp"
#include "agent/core/sale.hpp"

// A basket that is still being rung up, asked about by its till, and the answer.
namespace aisle {

struct BasketLine {
    int n = 0;
    std::string sku;
    std::string category;  // from the products, filled by the agent; empty: unknown
    std::string brand;
    std::int64_t qty_milli = 0;
    Money gross;
    Money discount;  // the till's own, already taken off

    [[nodiscard]] Money net() const { return gross - discount; }
};

struct Basket {
    std::string key;  // the till's own id of this basket: keys the reservation
    TillId till;
    MemberKey member;
    std::vector<BasketLine> lines;
};

struct LineShare {
    int line = 0;
    Money amount;
};

struct PricedOffer {
    OfferId offer;
    CampaignId campaign;
    std::string action;
    std::map<std::string, std::string> title;
    Money amount;                   // off the basket; zero for a gift
    std::vector<LineShare> shares;  // adds up to `amount`
    std::string gift_sku;
    std::string code;
};

struct BasketDecision {
    std::string decision;
    std::vector<PricedOffer> offers;
    Money saved;
};

}  // namespace aisle
