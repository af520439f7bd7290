#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/money.hpp"
#include "agent/core/sale.hpp"
#include "agent/core/time.hpp"

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
    std::vector<std::string> codes;            // of coupons that were scanned with it
    std::map<std::string, std::string> gifts;  // SKU that was chosen, by campaign of a gift_choice
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
    std::vector<std::string> gift_choices = {};  // where nothing is chosen yet: one of these
    std::int64_t points = 0;  // beyond the usual ones; booked when the basket is paid
    // When the code of a coupon_issue is good: [from, until). Absent for other actions.
    std::optional<WallTime> code_from = std::nullopt;
    std::optional<WallTime> code_until = std::nullopt;
    std::string presented = {};  // the scanned coupon that brought this one
};

// A scanned code that brings nothing, and why (docs/offers.md).
struct RefusedCode {
    std::string code;
    std::string reason;
};

struct BasketDecision {
    std::string decision;
    std::vector<PricedOffer> offers;
    Money saved;
    std::vector<RefusedCode> refused = {};
};

// Goods of a paid basket that come back, asked about before the money is given out.
struct ReturnedLine {
    int line = 0;                // its number on the receipt
    std::int64_t qty_milli = 0;  // of it, this time
};

struct ReturnAsk {
    std::string paid;  // the basket's key, the sale's id, or an offer of it
    TillId till;
    std::vector<ReturnedLine> lines;
};

struct ReturnedOffer {
    OfferId offer;
    CampaignId campaign;
    Money taken_back;         // of its discount
    std::int64_t points = 0;  // taken back
    std::string gift_sku;     // should come back with the goods; empty: none, or it does
};

struct ReturnDecision {
    Money refund;
    std::vector<LineShare> lines;  // the refund by line: adds up to it
    std::vector<ReturnedOffer> offers;
};

}  // namespace aisle
