#include "drivers/pos/baskets.hpp"

#include <gtest/gtest.h>

#include <random>

#include "push_shop.hpp"

namespace aisle::pos {
namespace {

std::string asked(const std::string& lines, const std::string& more = {}) {
    return R"({"basket":"b-1","till":"2","lines":[)" + lines + "]" + more + "}";
}
const std::string kTea = R"({"n":1,"sku":"A","qty_milli":1000,"gross":1000})";

std::string refusal(const std::string& body) {
    const auto ask = basket_ask_from_json(body);
    return ask ? std::string{} : ask.error().detail;
}

BasketAsk good(const std::string& body) {
    auto ask = basket_ask_from_json(body);
    EXPECT_TRUE(ask) << (ask ? "" : ask.error().detail);
    return ask ? *ask : BasketAsk{};
}

struct BadBasket {
    std::string body;
    const char* why;
};

TEST(BasketFields, AreNeeded) {
    for (const auto& [body, why] :
         {BadBasket{R"({"till":"2","lines":[]})", "basket: missing"},
          BadBasket{R"({"basket":null,"cancel":true})", "basket: missing"},
          BadBasket{R"({"basket":"b","lines":[]})", "till: missing"},
          BadBasket{R"({"basket":"b","till":"2"})", "lines: missing"},
          BadBasket{asked(""), "lines: missing"},
          BadBasket{asked(R"({"gross":1})"), "lines[0].sku: missing"},
          BadBasket{asked(kTea + R"(,{"n":2})"), "lines[1].sku: missing"}}) {
        EXPECT_EQ(refusal(body), why) << body;
    }
}

TEST(BasketFields, AreOfTheirTypes) {
    for (const auto& [body, why] :
         {BadBasket{R"({"basket":1.5})", "basket: neither a text nor digits"},
          BadBasket{R"({"till":true})", "till: neither a text nor digits"},
          BadBasket{R"({"member":[]})", "member: neither a text nor digits"},
          BadBasket{R"({"cancel":1})", "cancel: neither true nor false"},
          BadBasket{R"({"lines":{}})", "lines: not an array"},
          BadBasket{R"({"lines":[1]})", "lines[0]: not an object"},
          BadBasket{R"({"discounts":[{"line":"1"}]})", "discounts[0].line: not a whole number"},
          BadBasket{R"({"discounts":[{"amount":0.1}]})", "discounts[0].amount: not a whole number"},
          BadBasket{asked(R"({"sku":"A","gross":"1"})"), "lines[0].gross: not a whole number"},
          BadBasket{asked(R"({"sku":"A","qty_milli":0.5})"),
                    "lines[0].qty_milli: not a whole number"},
          BadBasket{asked(R"({"sku":"A","discount":null})"),
                    "lines[0].discount: not a whole number"}}) {
        EXPECT_EQ(refusal(body), why) << body;
    }
}

TEST(BasketFields, AreBounded) {
    for (const auto& [body, why] :
         {BadBasket{asked(R"({"n":-1,"sku":"A"})"), "lines[0].n: out of range"},
          BadBasket{asked(R"({"n":1000001,"sku":"A"})"), "lines[0].n: out of range"},
          BadBasket{asked(R"({"sku":"A","gross":10000000000001})"), "lines[0].gross: too large"},
          BadBasket{asked(R"({"sku":"A","gross":-10000000000001})"), "lines[0].gross: too large"},
          BadBasket{asked(R"({"sku":"A","qty_milli":1000000000001})"),
                    "lines[0].qty_milli: too large"},
          BadBasket{asked(R"({"sku":"A","gross":-1})"), "lines[0]: below zero"},
          BadBasket{asked(R"({"sku":"A","qty_milli":-1})"), "lines[0]: below zero"},
          BadBasket{asked(R"({"sku":"A","gross":5,"discount":-1})"),
                    "lines[0].discount: below zero or above gross"},
          BadBasket{asked(R"({"sku":"A","gross":5,"discount":6})"),
                    "lines[0].discount: below zero or above gross"},
          BadBasket{asked(kTea, R"(,"discounts":[{"line":1,"amount":-1}])"),
                    "discounts.amount: below zero"},
          BadBasket{asked(kTea, R"(,"discounts":[{"line":2,"amount":1}])"),
                    "discounts.line: no such line"},
          BadBasket{asked(kTea, R"(,"discounts":[{"line":1,"amount":1001}])"),
                    "discounts.amount: above its line"},
          BadBasket{asked(kTea, R"(,"discounts":[{"line":0,"amount":1001}])"),
                    "discounts.amount: above the basket"}}) {
        EXPECT_EQ(refusal(body), why) << body;
    }
}

TEST(BasketFields, MayReachTheirBounds) {
    const auto ask =
        good(asked(R"({"n":1000000,"sku":"A","gross":10000000000000,"discount":10000000000000,)"
                   R"("qty_milli":1000000000000})"));
    EXPECT_EQ(ask.basket.lines[0].gross, kMoneyMax);
    EXPECT_EQ(ask.basket.lines[0].net(), Money{});
}

TEST(BasketFields, HaveIdsOfABoundedLength) {
    const std::string longest(kBasketIdBytesMax, 'x');
    for (const char* field : {"basket", "till", "member"}) {
        const std::string name = '"' + std::string{field} + "\":\"";
        EXPECT_EQ(refusal("{" + name + longest + "x\"}"), std::string{field} + ": too long");
    }
    EXPECT_EQ(refusal(asked(R"({"sku":")" + longest + "x\"}")), "lines[0].sku: too long");
    EXPECT_EQ(refusal(asked(R"({"sku":")" + longest + "\"}")), "");
}

TEST(BasketLines, AreNumberedByTheirPlaceWhereTheyHaveNoNumber) {
    const auto ask = good(asked(R"({"sku":"A","gross":1},{"sku":"B","gross":1})"));
    EXPECT_EQ(ask.basket.lines[0].n, 1);
    EXPECT_EQ(ask.basket.lines[1].n, 2);
}

TEST(BasketLines, OfOneNumberCannotBeToldApart) {
    EXPECT_EQ(refusal(asked(kTea + "," + kTea)), "lines[1].n: told twice");
    EXPECT_EQ(refusal(asked(R"({"n":2,"sku":"A"},{"sku":"B"})")), "lines[1].n: told twice");
}

TEST(BasketLines, AreAThousandAtMost) {
    const auto many = [](int n) {
        std::string lines;
        for (int i = 1; i <= n; ++i)
            lines += (i > 1 ? R"(,{"sku":"A","gross":1})" : R"({"sku":"A","gross":1})");
        return asked(lines);
    };
    EXPECT_EQ(good(many(1000)).basket.lines.size(), kBasketLinesMax);
    EXPECT_EQ(refusal(many(1001)), "lines[1000]: too many");
}

TEST(BasketDiscounts, OfALineComeOnTopOfItsOwn) {
    const auto ask = good(asked(R"({"n":1,"sku":"A","gross":1000,"discount":100})",
                                R"(,"discounts":[{"line":1,"amount":50},{"line":1,"amount":25}])"));
    EXPECT_EQ(ask.basket.lines[0].discount, fen(175));
}

TEST(BasketDiscounts, OfTheWholeAreSplitOverWhatIsStillToPay) {
    const auto ask = good(
        asked(R"({"n":1,"sku":"A","gross":1000},{"n":2,"sku":"B","gross":1000,"discount":1000})",
              R"(,"discounts":[{"line":0,"amount":400},{"amount":100}])"));
    EXPECT_EQ(ask.basket.lines[0].discount, fen(500));
    EXPECT_EQ(ask.basket.lines[1].discount, fen(1000));
}

TEST(BasketDiscounts, AddUpToTheUnitAndNeverExceedALine) {
    std::mt19937_64 random{20261121};
    for (int round = 0; round < 300; ++round) {
        std::string lines;
        std::int64_t sum = 0;
        const auto count = 1 + random() % 12;
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto gross = static_cast<std::int64_t>(random() % 5000);
            sum += gross;
            lines += std::string{i > 0 ? "," : ""} + R"({"sku":"A","gross":)" +
                     std::to_string(gross) + "}";
        }
        const auto off = static_cast<std::int64_t>(random()) & 0x7fffffff;
        const std::int64_t whole = off % (sum + 1);
        const auto ask = good(
            asked(lines, R"(,"discounts":[{"line":0,"amount":)" + std::to_string(whole) + "}]"));
        Money taken;
        for (const auto& line : ask.basket.lines) {
            taken += line.discount;
            EXPECT_LE(line.discount, line.gross);
            EXPECT_GE(line.discount, Money{});
        }
        EXPECT_EQ(taken, fen(whole)) << round;
    }
}

TEST(BasketCancel, NeedsTheBasketOnly) {
    EXPECT_TRUE(good(R"({"basket":77,"cancel":true})").cancel);
    EXPECT_EQ(good(R"({"basket":77,"cancel":true})").basket.key, "77");
    EXPECT_EQ(refusal(R"({"cancel":true})"), "basket: missing");
}

TEST(BasketAsk, PassesOverWhatItDoesNotKnow) {
    EXPECT_EQ(refusal(asked(kTea, R"(,"mood":{"a":[1,2]},"x":null)")), "");
}

TEST(BasketAsk, SurvivesEveryTruncation) {
    const std::string body = asked(kTea, R"(,"discounts":[{"line":0,"amount":1}])");
    for (std::size_t n = 0; n < body.size(); ++n)
        EXPECT_FALSE(basket_ask_from_json(body.substr(0, n))) << n;
}

// A server with the one route, and an agent that answers `decision`.
struct BasketShop {
    explicit BasketShop(Result<BasketDecision> decision) {
        serve_baskets(
            routes,
            [this, decision](const BasketAsk&, const BasketAnswer& answer) {
                ++decided;
                answer(decision);
            },
            *metrics);
    }
    runtime::HttpResponse post(const std::string& body) {
        runtime::HttpResponse response{.status = 0};
        routes.handler({.method = "POST", .body = body},
                       [&](runtime::HttpResponse sent) { response = std::move(sent); });
        return response;
    }
    OneRoute routes;
    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    int decided = 0;
};

TEST(BasketRoute, AnswersAnEmptyDecisionToo) {
    BasketShop shop{BasketDecision{}};
    const auto response = shop.post(asked(kTea));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, R"({"decision":"","saved":0,"offers":[]})");
    EXPECT_EQ(shop.metrics->counter("aisle_pos_baskets_total", "").value(), 1);
}

TEST(BasketRoute, PassesTheAgentsErrorsOn) {
    EXPECT_EQ(BasketShop{unavailable("loading")}.post(asked(kTea)).status, 503);
    EXPECT_EQ(BasketShop{full("too many")}.post(asked(kTea)).status, 503);
    EXPECT_EQ(BasketShop{denied("no")}.post(asked(kTea)).status, 403);
    EXPECT_EQ(BasketShop{malformed("bad")}.post(asked(kTea)).status, 400);
}

TEST(BasketRoute, RefusesABodyAboveItsSizeUnread) {
    BasketShop shop{BasketDecision{}};
    std::string body = asked(kTea);
    body.append(kBasketBytesMax - body.size(), ' ');
    EXPECT_EQ(shop.post(body).status, 200);
    EXPECT_EQ(shop.post(body + ' ').status, 413);
    EXPECT_EQ(shop.decided, 1);
}

TEST(BasketRoute, AsksTheAgentNothingAboutABadBasket) {
    BasketShop shop{BasketDecision{}};
    EXPECT_EQ(shop.post(asked("")).status, 400);
    EXPECT_EQ(shop.decided, 0);
    EXPECT_EQ(shop.metrics->counter("aisle_pos_baskets_total", "").value(), 0);
}

}  // namespace
}  // namespace aisle::pos
