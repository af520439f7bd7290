#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agent/core/basket.hpp"
#include "agent/core/error.hpp"
#include "agent/core/time.hpp"
#include "agent/offers/campaign.hpp"

// What goods that come back are worth, and what they take with them of the discounts that they were
// sold with. Pure. Whatever the steps in which the goods of an order come back: no step gives out
// less than nothing or more than what is left of the payment, and all of them together give out
// exactly what was paid.
namespace aisle::offers {

struct PaidLine {
    int n = 0;
    std::string sku;
    std::string category;
    std::string brand;
    std::int64_t qty_milli = 0;
    Money net;  // paid, after every discount
    std::int64_t returned_milli = 0;
};

// A redeemed offer of a paid order, and what returns have taken of it so far.
struct PaidOffer {
    OfferId offer;
    CampaignId campaign;
    std::int32_t version = 0;
    std::string arm;
    MemberKey member;
    std::vector<Money> shares;  // of each line of the order
    Money booked;               // on the campaign's budget
    std::int64_t points = 0;
    std::string gift_sku;
    Money taken;
    Money unbooked;
    std::int64_t points_taken = 0;
    std::int32_t points_revision = 1;
    bool kept_gift = false;  // has been told
    bool over = false;       // nothing of it is left

    [[nodiscard]] Money off() const;
};

struct PaidOrder {
    SaleId sale;
    std::string basket;  // its key; empty: the till did not ask
    Stamp at;
    std::uint64_t order = 0;  // the greater came later
    std::vector<PaidLine> lines;
    std::vector<PaidOffer> offers;  // in the order in which they were taken off
    Money refunded;

    [[nodiscard]] Money paid() const;
};

// How an offer of the order is judged: by what its campaign says now. A campaign that is gone gives
// back shares.
struct ReturnRule {
    const Action* action = nullptr;
    ReturnPolicy policy = ReturnPolicy::Share;
};

struct TakenBack {
    Money amount;
    std::int64_t points = 0;
    bool gift_due = false;  // what is kept does not earn the gift: it should come back
    bool gift_back = false;
    bool whole = false;
};

struct Refund {
    Money total;
    std::vector<LineShare> lines;   // adds up to it, by number of line
    std::vector<TakenBack> offers;  // this time, in the order's order
};

// `rules` has one for each offer of the order. Malformed: a line that the order has not, or more of
// it than is left.
Result<Refund> refund_of(const PaidOrder& order, std::span<const ReturnedLine> back,
                         std::span<const ReturnRule> rules);

// Keeps in the order what `refund` says.
void settle(PaidOrder& order, std::span<const ReturnedLine> back, const Refund& refund);

}  // namespace aisle::offers
