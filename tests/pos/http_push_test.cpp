#include "drivers/pos/http_push.hpp"

#include <gtest/gtest.h>

#include "drivers/pos/baskets.hpp"
#include "drivers/pos/sale_request.hpp"
#include "push_shop.hpp"

namespace aisle::pos {
namespace {

TEST(HttpPush, AnswersOnlyAfterTheCommit) {
    PushShop shop;
    EXPECT_EQ(shop.post(posted_sale()).status, 0);
    shop.sink.answer_all(Accepted{.id = "abc", .revision = 1, .duplicate = false});
    EXPECT_EQ(shop.response.status, 200);
    EXPECT_EQ(shop.response.body, R"({"sale":"abc","revision":1,"duplicate":false})");
}

TEST(HttpPush, SaysThatASaleIsKnownAlready) {
    PushShop shop;
    shop.post(posted_sale());
    shop.sink.answer_all(Accepted{.id = "abc", .revision = 1, .duplicate = true});
    EXPECT_NE(shop.response.body.find(R"("duplicate":true)"), std::string::npos);
}

TEST(HttpPush, HandsOverTheRawBytesForTheLineage) {
    PushShop shop;
    shop.post(posted_sale());
    EXPECT_EQ(std::get<SaleReading>(shop.sink.readings.at(0).body).raw, posted_sale());
}

TEST(HttpPush, NamesTheFieldThatIsWrongAndQuarantinesTheBody) {
    PushShop shop;
    std::string body = posted_sale();
    body.replace(body.find("1250}"), 5, "12.5}");
    const auto response = shop.post(body);
    EXPECT_EQ(response.status, 400);
    EXPECT_NE(response.body.find("lines[0].gross: not a whole number"), std::string::npos)
        << response.body;
    ASSERT_EQ(shop.sink.rejects().size(), 1U);
    EXPECT_EQ(shop.sink.rejects()[0].payload, body);
}

TEST(HttpPush, AsksForWhatIsRequired) {
    for (const char* key : {"source", "store", "till", "seq", "business_date", "ended_at",
                            "currency", "lines", "tenders", "total"}) {
        PushShop shop;
        std::string body = posted_sale();
        const std::string field = '"' + std::string{key} + "\":";
        body.replace(body.find(field), field.size(), "\"zzz\":");
        const auto response = shop.post(body);
        EXPECT_EQ(response.status, 400) << key;
        EXPECT_NE(response.body.find(std::string{key} + ": missing"), std::string::npos)
            << response.body;
    }
}

TEST(HttpPush, ToleratesAndCountsWhatItDoesNotKnow) {
    PushShop shop;
    std::string body = posted_sale();
    body.insert(1, R"("weather":{"deep":[1,{"a":2}]},"mood":"good",)");
    shop.post(body);
    EXPECT_EQ(shop.sink.sales().size(), 1U);
    EXPECT_EQ(shop.metrics->counter("aisle_pos_unknown_fields_total", "").value(), 2);
}

TEST(HttpPush, SaysNotNowWhenThereIsNoRoom) {
    PushShop shop;
    shop.sink.room = 0;
    const auto response = shop.post(posted_sale());
    EXPECT_EQ(response.status, 503);
    EXPECT_TRUE(response.headers.contains("Retry-After"));
}

TEST(HttpPush, SaysNotNowWhenItIsStopped) {
    PushShop shop;
    shop.push.stop();
    EXPECT_EQ(shop.post(posted_sale()).status, 503);
    EXPECT_TRUE(shop.sink.readings.empty());
}

TEST(HttpPush, RefusesABodyAboveItsSize) {
    PushShop shop;
    EXPECT_EQ(shop.post(std::string(kPushBytesMax + 1, ' ')).status, 413);
}

TEST(HttpPush, TakesASignedSale) {
    PushShop shop{"secret"};
    shop.post(posted_sale(), shop.sign(posted_sale()));
    EXPECT_EQ(shop.sink.sales().size(), 1U);
}

TEST(HttpPush, RefusesAMissingAWrongAndAForeignSignature) {
    PushShop shop{"secret"};
    EXPECT_EQ(shop.post(posted_sale()).status, 401);
    EXPECT_EQ(shop.post(posted_sale(), "nonsense").status, 403);
    EXPECT_EQ(shop.post(posted_sale("2"), shop.sign(posted_sale("1"))).status, 403);
    EXPECT_TRUE(shop.sink.readings.empty());
}

TEST(HttpPush, JudgesTheTimeOfASignatureOnlyWhereTheClockIsVouchedFor) {
    PushShop shop{"secret"};
    EXPECT_EQ(shop.post(posted_sale(), shop.sign(posted_sale(), seconds{-301})).status, 403);
    EXPECT_EQ(shop.post(posted_sale(), shop.sign(posted_sale(), seconds{301})).status, 403);
    Stamp now = shop.clock.now();
    now.quality = ClockQuality::Rtc;
    shop.clock.set(now);
    shop.post(posted_sale(), shop.sign(posted_sale(), seconds{-301}));
    EXPECT_EQ(shop.sink.sales().size(), 1U);
}

TEST(SaleRequest, TakesIdsAsTextOrAsDigits) {
    std::string body = posted_sale();
    body.insert(1, R"("member":123456789012345678901,)");
    const auto request = sale_request_from_json(body, 2);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->draft.member, "123456789012345678901");
    EXPECT_EQ(request->draft.till.value, "3");
}

TEST(SaleRequest, FillsTheNetAndTheKindFromTheAmounts) {
    std::string body = posted_sale();
    body.replace(body.find("1250}"), 5, "-1250,\"discount\":-50}");
    const auto request = sale_request_from_json(body, 2);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->draft.lines[0].net, fen(-1200));
    EXPECT_EQ(request->draft.lines[0].kind, LineKind::Return);
}

TEST(SaleRequest, RefusesNumbersThatAreNotWhole) {
    for (const char* number :
         {"1e400", "12345678901234567890123", "1.0", "1e2", "\"5\"", "NaN", "-"}) {
        std::string body = posted_sale();
        body.replace(body.rfind("1250"), 4, number);
        EXPECT_FALSE(sale_request_from_json(body, 2)) << number;
    }
}

TEST(SaleRequest, RefusesSomethingBehindTheObject) {
    EXPECT_FALSE(sale_request_from_json(posted_sale() + "{}", 2));
    EXPECT_FALSE(sale_request_from_json(posted_sale() + " x", 2));
    EXPECT_TRUE(sale_request_from_json("\xef\xbb\xbf" + posted_sale() + " \n", 2));
}

TEST(SaleRequest, SurvivesEveryTruncation) {
    const std::string body = posted_sale();
    for (std::size_t n = 0; n < body.size(); ++n)
        EXPECT_FALSE(sale_request_from_json(body.substr(0, n), 2)) << n;
}

constexpr const char* kBasket =
    R"({"basket":"b-1","till":"2","member":"77","lines":[{"n":1,"sku":"A","qty_milli":1000,"gross":1000},)"
    R"({"n":2,"sku":"B","qty_milli":2000,"gross":2000,"discount":500}],"discounts":[{"line":0,"amount":100}]})";

TEST(Baskets, SplitADiscountOfTheWholeOverTheLines) {
    const auto ask = basket_ask_from_json(kBasket);
    ASSERT_TRUE(ask) << ask.error().detail;
    EXPECT_EQ(ask->basket.lines[0].discount, fen(40));
    EXPECT_EQ(ask->basket.lines[1].discount, fen(560));
    EXPECT_EQ(ask->member_raw, "77");
    EXPECT_TRUE(ask->basket.member.empty());
}

TEST(Baskets, NeedNoLinesToBeCancelled) {
    const auto ask = basket_ask_from_json(R"({"basket":"b-1","cancel":true})");
    ASSERT_TRUE(ask);
    EXPECT_TRUE(ask->cancel);
    EXPECT_FALSE(basket_ask_from_json(R"({"basket":"b-1","till":"2"})"));
}

TEST(Baskets, RefuseDiscountsThatNothingCanBear) {
    std::string body = kBasket;
    body.replace(body.rfind("100}"), 4, "2501}");
    EXPECT_EQ(basket_ask_from_json(body).error().detail, "discounts.amount: above the basket");
}

TEST(Baskets, AnswerWithTheDecisionOfTheAgent) {
    OneRoute routes;
    const auto metrics = runtime::make_metrics();
    serve_baskets(
        routes,
        [](BasketAsk ask, const BasketAnswer& answer) {
            BasketDecision decision{.decision = "d-1", .saved = fen(100)};
            decision.offers.push_back({.offer = OfferId{"o"},
                                       .campaign = CampaignId{"c"},
                                       .action = "pct_off",
                                       .title = {{"en", "10 %"}},
                                       .amount = fen(100),
                                       .shares = {{1, fen(100)}},
                                       .code = "290"});
            EXPECT_EQ(ask.basket.key, "b-1");
            answer(decision);
        },
        *metrics);
    runtime::HttpResponse response;
    routes.handler({.method = "POST", .body = kBasket},
                   [&](runtime::HttpResponse sent) { response = std::move(sent); });
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(
        response.body,
        R"({"decision":"d-1","saved":100,"offers":[{"offer":"o","campaign":"c","action":"pct_off","title":{"en":"10 %"},)"
        R"("amount":100,"shares":[{"line":1,"amount":100}],"gift_sku":"","code":"290"}]})");
}

TEST(Baskets, AnswerABadBasketWithTheFieldsName) {
    OneRoute routes;
    const auto metrics = runtime::make_metrics();
    serve_baskets(
        routes, [](BasketAsk, const BasketAnswer&) { FAIL(); }, *metrics);
    runtime::HttpResponse response;
    routes.handler({.method = "POST", .body = R"({"basket":"b","lines":[{"n":"x"}]})"},
                   [&](runtime::HttpResponse sent) { response = std::move(sent); });
    EXPECT_EQ(response.status, 400);
    EXPECT_NE(response.body.find("lines[0].n: not a whole number"), std::string::npos);
}

}  // namespace
}  // namespace aisle::pos
