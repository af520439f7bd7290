#include "drivers/pos/baskets.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <boost/json.hpp>

#include "drivers/pos/json_fields.hpp"

namespace aisle::pos {
namespace {

namespace json = boost::json;

bool too_much(Money amount) { return amount > kMoneyMax || amount < -kMoneyMax; }

class Ask {
public:
    Result<BasketAsk> read_from(std::string_view text) {
        const auto status = read_json_object(
            text, [this](std::string_view key, JsonValue value) { header(key, value); });
        if (!status) return status.error();
        if (ask_.basket.key.empty()) return malformed("basket: missing");
        if (ask_.cancel) return std::move(ask_);
        if (ask_.basket.till.empty()) return malformed("till: missing");
        if (ask_.basket.lines.empty()) return malformed("lines: missing");
        for (const auto& [campaign, sku] : gifts_) ask_.basket.gifts[campaign] = sku;
        if (const auto good = check_lines(); !good) return good.error();
        if (const auto good = apply_discounts(); !good) return good.error();
        return std::move(ask_);
    }

private:
    void header(std::string_view key, JsonValue& value) {
        Basket& basket = ask_.basket;
        if (key == "basket") return id(value, basket.key);
        if (key == "till") return id(value, basket.till.value);
        if (key == "member") return id(value, ask_.member_raw);
        if (key == "cancel") return void(value.flag(ask_.cancel));
        if (key == "coupons") {
            value.objects(
                [this](std::string_view k, JsonValue v) { coupon(k, v); },
                [&](std::size_t i) { return basket.codes.emplace_back(), i < kBasketCouponsMax; });
        } else if (key == "gifts") {
            value.objects(
                [this](std::string_view k, JsonValue v) { gift(k, v); },
                [&](std::size_t i) { return gifts_.emplace_back(), i < kBasketCouponsMax; });
        } else if (key == "lines") {
            value.objects(
                [this](std::string_view k, JsonValue v) { line(k, v); },
                [&](std::size_t i) { return basket.lines.emplace_back(), i < kBasketLinesMax; });
        } else if (key == "discounts") {
            value.objects(
                [this](std::string_view k, JsonValue v) { discount(k, v); },
                [this](std::size_t i) { return discounts_.emplace_back(), i < kBasketLinesMax; });
        }
    }

    static void id(JsonValue& value, std::string& out) {
        if (value.text_or_digits(out) && out.size() > kBasketIdBytesMax) value.fail("too long");
    }

    static void quantity(JsonValue& value, std::int64_t& out) {
        if (value.integer(out) && out > kBasketQuantityMaxMilli) value.fail("too large");
    }

    static void money(JsonValue& value, Money& out) {
        std::int64_t units = 0;
        if (!value.integer(units)) return;
        out = Money::minor(units);
        if (too_much(out)) value.fail("too large");
    }

    static void number(JsonValue& value, int& out) {
        std::int64_t n = 0;
        if (!value.integer(n)) return;
        if (n < 0 || n > 1'000'000) return value.fail("out of range");
        out = static_cast<int>(n);
    }

    void line(std::string_view key, JsonValue& value) {
        BasketLine& line = ask_.basket.lines.back();
        if (key == "n") return number(value, line.n);
        if (key == "sku") return id(value, line.sku);
        if (key == "qty_milli") return quantity(value, line.qty_milli);
        if (key == "gross") return money(value, line.gross);
        if (key == "discount") return money(value, line.discount);
    }

    void coupon(std::string_view key, JsonValue& value) {
        if (key == "code") return id(value, ask_.basket.codes.back());
    }

    void gift(std::string_view key, JsonValue& value) {
        if (key == "campaign") return id(value, gifts_.back().first);
        if (key == "sku") return id(value, gifts_.back().second);
    }

    void discount(std::string_view key, JsonValue& value) {
        SaleDiscount& discount = discounts_.back();
        if (key == "line") return number(value, discount.line);
        if (key == "amount") return money(value, discount.amount);
    }

    Status check_lines() {
        int n = 0;
        std::set<int> numbers;
        for (auto& line : ask_.basket.lines) {
            ++n;
            if (line.n == 0) line.n = n;
            const std::string name = "lines[" + std::to_string(n - 1) + ']';
            // Shares are told by line: two lines of one number could not be told apart.
            if (!numbers.insert(line.n).second) return malformed(name + ".n: told twice");
            if (line.sku.empty()) return malformed(name + ".sku: missing");
            if (line.gross < Money{} || line.qty_milli < 0) return malformed(name + ": below zero");
            if (line.discount < Money{} || line.discount > line.gross) {
                return malformed(name + ".discount: below zero or above gross");
            }
        }
        return {};
    }

    Status apply_discounts() {
        Money whole;
        for (const auto& discount : discounts_) {
            if (discount.amount < Money{}) return malformed("discounts.amount: below zero");
            if (discount.line == 0) {
                whole += discount.amount;
                continue;
            }
            auto& lines = ask_.basket.lines;
            const auto line = std::ranges::find(lines, discount.line, &BasketLine::n);
            if (line == lines.end()) return malformed("discounts.line: no such line");
            line->discount += discount.amount;
            if (line->discount > line->gross) return malformed("discounts.amount: above its line");
        }
        return split_whole(whole);
    }

    Status split_whole(Money whole) {
        if (whole == Money{}) return {};
        std::vector<Money> weights;
        Money room;
        for (const auto& line : ask_.basket.lines) {
            weights.push_back(line.net());
            room += line.net();
        }
        if (whole > room) return malformed("discounts.amount: above the basket");
        const auto shares = split_by_weight(whole, weights);
        for (std::size_t i = 0; i < shares.size(); ++i) ask_.basket.lines[i].discount += shares[i];
        return {};
    }

    BasketAsk ask_;
    std::vector<SaleDiscount> discounts_;
    std::vector<std::pair<std::string, std::string>> gifts_;  // campaign, SKU
};

json::array shares_array(const std::vector<LineShare>& all) {
    json::array shares;
    for (const auto& share : all) {
        json::object one;
        one.emplace("line", share.line);
        one.emplace("amount", share.amount.minor());
        shares.push_back(json::value(std::move(one)));
    }
    return shares;
}

// What only some actions have.
void add_rest(const PricedOffer& offer, json::object& out) {
    if (!offer.gift_choices.empty()) {
        json::array choices;
        for (const auto& sku : offer.gift_choices) choices.push_back(json::value(sku));
        out.emplace("gift_choices", json::value(std::move(choices)));
    }
    if (offer.points > 0) out.emplace("points", offer.points);
    if (offer.code_from) out.emplace("code_from", to_rfc3339(*offer.code_from));
    if (offer.code_until) out.emplace("code_until", to_rfc3339(*offer.code_until));
    if (!offer.presented.empty()) out.emplace("presented", offer.presented);
}

json::object offer_object(const PricedOffer& offer) {
    json::object title;
    for (const auto& [language, text] : offer.title) title.emplace(language, text);
    json::object out;
    out.emplace("offer", offer.offer.value);
    out.emplace("campaign", offer.campaign.value);
    out.emplace("action", offer.action);
    out.emplace("title", json::value(std::move(title)));
    out.emplace("amount", offer.amount.minor());
    out.emplace("shares", json::value(shares_array(offer.shares)));
    out.emplace("gift_sku", offer.gift_sku);
    out.emplace("code", offer.code);
    add_rest(offer, out);
    return out;
}

}  // namespace

Result<BasketAsk> basket_ask_from_json(std::string_view text) { return Ask{}.read_from(text); }

std::string basket_decision_json(const BasketDecision& decision) {
    json::array offers;
    for (const auto& offer : decision.offers) offers.push_back(json::value(offer_object(offer)));
    std::int64_t points = 0;
    for (const auto& offer : decision.offers) points += offer.points;
    json::array refused;
    for (const auto& [code, reason] : decision.refused) {
        json::object one;
        one.emplace("code", code);
        one.emplace("reason", reason);
        refused.push_back(json::value(std::move(one)));
    }
    json::object out;
    out.emplace("decision", decision.decision);
    out.emplace("saved", decision.saved.minor());
    out.emplace("offers", json::value(std::move(offers)));
    if (points > 0) out.emplace("points", points);
    if (!refused.empty()) out.emplace("refused", json::value(std::move(refused)));
    return json::serialize(out);
}

void serve_baskets(runtime::HttpRoutes& routes, BasketDecide decide, runtime::Metrics& metrics) {
    auto& asked = metrics.counter("aisle_pos_baskets_total", "Baskets that tills asked about");
    routes.on("POST", "/api/v1/baskets:decide",
              [decide = std::move(decide), &asked](const runtime::HttpRequest& request,
                                                   const runtime::HttpReply& reply) {
                  if (request.body.size() > kBasketBytesMax) {
                      return reply(runtime::problem(413, "Payload Too Large",
                                                    "a basket has at most 256 KiB"));
                  }
                  auto ask = basket_ask_from_json(request.body);
                  if (!ask) return reply(runtime::problem(ask.error()));
                  asked.add();
                  decide(std::move(*ask), [reply](const Result<BasketDecision>& decision) {
                      if (!decision) return reply(runtime::problem(decision.error()));
                      reply({.status = 200, .body = basket_decision_json(*decision)});
                  });
              });
}

}  // namespace aisle::pos
