#pragma once

#include <functional>
#include <string>

#include "agent/core/basket.hpp"
#include "agent/core/error.hpp"
#include "agent/runtime/http.hpp"
#include "agent/runtime/metrics.hpp"

// `POST /api/v1/baskets:decide`: a till asks about a basket that is still being rung up.
// In: {basket, till, member?, lines:[{n, sku, qty_milli, gross, discount?}], discounts?:[{line,
// amount}], coupons?:[{code}], gifts?:[{campaign, sku}], cancel?}. A discount of line 0 is split
// over the lines by largest remainder. Out: {decision, saved, offers:[{offer, campaign,
// action, title, amount, shares:[{line, amount}], gift_sku, gift_choices, points, code, code_from,
// code_until, presented}], points, refused:[{code, reason}]}; `gift_choices`, `points`,
// `code_from`, `code_until`, `presented` and `refused` only where there is something to say.
//
// `POST /api/v1/returns:decide`: what is paid out for goods that come back. In: {paid, till,
// lines:[{line, qty_milli}]}; `paid` is the basket, the sale's id or an offer of it. Out: {refund,
// lines:[{line, amount}], offers:[{offer, campaign, taken_back, points, gift_sku}]}. 403 where no
// offer was redeemed in such a sale.
namespace aisle::pos {

inline constexpr std::size_t kBasketBytesMax = 256 * 1024;
inline constexpr std::size_t kBasketLinesMax = 1000;
inline constexpr std::size_t kBasketIdBytesMax = 128;  // basket, till, member, sku: each
inline constexpr std::int64_t kBasketQuantityMaxMilli = 1'000'000'000'000;  // as in a sale

struct BasketAsk {
    Basket basket;           // `member` empty: the asker makes the pseudonym
    std::string member_raw;  // as scanned; RAM only, must not be logged
    bool cancel = false;     // free what is reserved for this basket; the lines may be absent
};

// The composition root answers once, on the loop. An empty decision is an answer too.
using BasketAnswer = std::function<void(Result<BasketDecision>)>;
using BasketDecide = std::function<void(BasketAsk, BasketAnswer)>;

using ReturnDecide = std::function<Result<ReturnDecision>(const ReturnAsk&)>;
void serve_returns(runtime::HttpRoutes& routes, ReturnDecide decide);
Result<ReturnAsk> return_ask_from_json(std::string_view json);
std::string return_decision_json(const ReturnDecision& decision);

inline constexpr std::size_t kBasketCouponsMax = 20;

void serve_baskets(runtime::HttpRoutes& routes, BasketDecide decide, runtime::Metrics& metrics);

// The two halves of it, for tests and for who asks otherwise.
Result<BasketAsk> basket_ask_from_json(std::string_view json);
std::string basket_decision_json(const BasketDecision& decision);

}  // namespace aisle::pos
