#include <gtest/gtest.h>

#include "drivers/pos/baskets.hpp"
#include "push_shop.hpp"

// What a till shows beside its lines, and what it asks when goods come back.
namespace aisle::pos {
namespace {

Money fen(std::int64_t amount) { return Money::minor(amount); }

std::string refusal(const std::string& body) {
    const auto ask = return_ask_from_json(body);
    return ask ? std::string{} : ask.error().detail;
}
const std::string kBack = R"({"paid":"b-1","till":9,"lines":[{"line":2,"qty_milli":1500}]})";

TEST(ReturnAsk, NamesTheOrderAndItsLines) {
    const auto ask = return_ask_from_json(kBack);
    ASSERT_TRUE(ask);
    EXPECT_EQ(ask->paid, "b-1");
    EXPECT_EQ(ask->till, TillId{"9"});
    ASSERT_EQ(ask->lines.size(), 1U);
    EXPECT_EQ(ask->lines.front().line, 2);
    EXPECT_EQ(ask->lines.front().qty_milli, 1'500);
}

TEST(ReturnAsk, SaysWhatIsWrong) {
    EXPECT_EQ(refusal(R"({"lines":[{"line":1,"qty_milli":1}]})"), "paid: missing");
    EXPECT_EQ(refusal(R"({"paid":"b"})"), "lines: missing");
    EXPECT_EQ(refusal(R"({"paid":"b","lines":[{"line":1}]})"), "lines: line and qty_milli");
    EXPECT_EQ(refusal(R"({"paid":"b","lines":[{"line":1,"qty_milli":0}]})"),
              "lines[0].qty_milli: out of range");
    EXPECT_EQ(refusal(R"({"paid":"b","lines":[{"line":-1,"qty_milli":1}]})"),
              "lines[0].line: out of range");
}

TEST(ReturnAsk, SurvivesEveryTruncation) {
    for (std::size_t n = 0; n < kBack.size(); ++n)
        EXPECT_FALSE(return_ask_from_json(kBack.substr(0, n))) << n;
}

runtime::HttpResponse post(const std::string& body, const Result<ReturnDecision>& decision) {
    OneRoute routes;
    serve_returns(routes, [&](const ReturnAsk&) { return decision; });
    runtime::HttpResponse response{.status = 0};
    routes.handler({.method = "POST", .body = body},
                   [&](runtime::HttpResponse sent) { response = std::move(sent); });
    return response;
}

TEST(ReturnRoute, AnswersTheRefundByLineAndWhatIsTakenBack) {
    const ReturnDecision decision{.refund = fen(3'600),
                                  .lines = {{.line = 2, .amount = fen(3'600)}},
                                  .offers = {{.offer = OfferId{"o"},
                                              .campaign = CampaignId{"c"},
                                              .taken_back = fen(400),
                                              .points = 4,
                                              .gift_sku = "MUG"}}};
    EXPECT_EQ(post(kBack, decision).body,
              R"({"refund":3600,"lines":[{"line":2,"amount":3600}],"offers":[{"offer":"o",)"
              R"("campaign":"c","taken_back":400,"points":4,"gift_sku":"MUG"}]})");
}

TEST(ReturnRoute, SaysThatItDoesNotKnowTheOrder) {
    EXPECT_EQ(post(kBack, denied("no such order")).status, 403);
    EXPECT_EQ(post("{", ReturnDecision{}).status, 400);
    EXPECT_EQ(post(std::string(kBasketBytesMax + 1, ' '), ReturnDecision{}).status, 413);
}

const std::string kLine = R"("lines":[{"sku":"A","gross":1000}])";

TEST(BasketExtras, AreTheScannedCodesAndTheChosenGifts) {
    const auto ask = basket_ask_from_json(
        R"({"basket":"b","till":"2","coupons":[{"code":"2990000000017"},{"code":2990000000024}],)"
        R"("gifts":[{"campaign":"c","sku":"MUG"}],)" +
        kLine + "}");
    ASSERT_TRUE(ask);
    EXPECT_EQ(ask->basket.codes, (std::vector<std::string>{"2990000000017", "2990000000024"}));
    EXPECT_EQ(ask->basket.gifts.at("c"), "MUG");
}

TEST(BasketExtras, AreBounded) {
    std::string codes;
    for (std::size_t i = 0; i <= kBasketCouponsMax; ++i) codes += R"({"code":"1"},)";
    codes.pop_back();
    EXPECT_FALSE(basket_ask_from_json(R"({"basket":"b","till":"2","coupons":[)" + codes + "]," +
                                      kLine + "}"));
}

TEST(BasketExtras, OfAnAnswerStandOnlyWhereThereIsSomethingToSay) {
    BasketDecision decision{.decision = "d", .offers = {}, .saved = {}};
    decision.offers.push_back({.offer = OfferId{"o"},
                               .campaign = CampaignId{"c"},
                               .action = "coupon_issue",
                               .title = {},
                               .amount = {},
                               .shares = {},
                               .gift_sku = {},
                               .code = "2990000000017",
                               .gift_choices = {"MUG", "CUP"},
                               .points = 50,
                               .code_from = kit::at().wall,
                               .code_until = kit::at(seconds{60}).wall,
                               .presented = "2990000000024"});
    decision.refused.push_back({.code = "1", .reason = "unknown"});
    EXPECT_EQ(basket_decision_json(decision),
              R"({"decision":"d","saved":0,"offers":[{"offer":"o","campaign":"c",)"
              R"("action":"coupon_issue","title":{},"amount":0,"shares":[],"gift_sku":"",)"
              R"("code":"2990000000017","gift_choices":["MUG","CUP"],"points":50,)"
              R"("code_from":"2026-06-12T04:00:00.000Z","code_until":"2026-06-12T04:01:00.000Z",)"
              R"("presented":"2990000000024"}],"points":50,)"
              R"("refused":[{"code":"1","reason":"unknown"}]})");
}

}  // namespace
}  // namespace aisle::pos
