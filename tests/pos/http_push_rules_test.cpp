#include <gtest/gtest.h>

#include "push_shop.hpp"

namespace aisle::pos {
namespace {

double counted(PushShop& shop, const char* name) { return shop.metrics->counter(name, "").value(); }

std::string signature(std::int64_t at_s, const std::string& body,
                      const std::string& secret = "secret") {
    const std::string at = std::to_string(at_s);
    return "t=" + at + ",sha256=" + runtime::hmac_sha256_hex({secret, at + '.' + body});
}

struct FailureCase {
    Error error;
    int status;
};

TEST(HttpPushAnswers, SayWhyTheCommitFailed) {
    for (const auto& [error, status] :
         {FailureCase{malformed("currency: not the store's"), 400},
          FailureCase{unavailable("disk"), 503}, FailureCase{full("queue"), 503},
          FailureCase{denied("stale revision"), 403}}) {
        PushShop shop;
        shop.post(posted_sale());
        shop.sink.fail_all(error);
        EXPECT_EQ(shop.response.status, status) << error.detail;
        EXPECT_EQ(shop.response.headers.contains("Retry-After"), status == 503) << error.detail;
    }
}

TEST(HttpPushAnswers, ComeBeforeTheQuarantineHasRoom) {
    PushShop shop;
    shop.sink.room = 0;
    EXPECT_EQ(shop.post("{}").status, 400);
    EXPECT_EQ(counted(shop, "aisle_pos_quarantine_lost_total"), 1);
    EXPECT_EQ(counted(shop, "aisle_pos_push_malformed_total"), 1);
}

TEST(HttpPushAnswers, AreProblemsByTheirName) {
    PushShop shop;
    const auto response = shop.post("{}");
    EXPECT_NE(response.body.find(R"("title":"Bad Request")"), std::string::npos);
    EXPECT_NE(response.body.find("source: missing"), std::string::npos);
}

TEST(HttpPushQuarantine, TellsWhoseAndWhat) {
    PushShop shop;
    shop.post("{}");
    ASSERT_EQ(shop.sink.rejects().size(), 1U);
    const auto item = shop.sink.rejects()[0];
    EXPECT_EQ(item.source, "http");
    EXPECT_EQ(item.reason, "schema");
    EXPECT_EQ(item.detail, "source: missing");
    EXPECT_EQ(item.origin, "POST /api/v1/sales");
    EXPECT_EQ(item.byte_to, 2);
    EXPECT_EQ(item.at, shop.clock.now());
}

TEST(HttpPushQuarantine, KeepsNothingOfWhoeverIsNotProven) {
    PushShop shop{"secret"};
    shop.post("{}");
    shop.post("{}", "t=1,sha256=00");
    EXPECT_TRUE(shop.sink.readings.empty());
    EXPECT_EQ(counted(shop, "aisle_pos_push_unsigned_total"), 2);
}

TEST(HttpPushLineage, NamesTheDriverAndTheRoute) {
    PushShop shop;
    shop.post(posted_sale());
    const Lineage lineage = shop.sink.sales().at(0).lineage;
    EXPECT_EQ(lineage.driver, "http_push/1");
    EXPECT_EQ(lineage.source, "till");
    EXPECT_EQ(lineage.origin, "POST /api/v1/sales");
    EXPECT_EQ(lineage.byte_to, static_cast<std::int64_t>(posted_sale().size()));
    EXPECT_FALSE(shop.sink.readings.at(0).position);
}

TEST(HttpPushSizes, TakeABodyOfTheGreatestSize) {
    PushShop shop;
    std::string body = posted_sale();
    body.append(kPushBytesMax - body.size(), ' ');
    EXPECT_EQ(shop.post(body).status, 0);
    EXPECT_EQ(shop.sink.sales().size(), 1U);
    EXPECT_EQ(shop.post(body + ' ').status, 413);
    EXPECT_EQ(shop.sink.readings.size(), 1U);
}

TEST(HttpPushState, IsOffBeforeTheStartAndOnAfterARestart) {
    PushShop shop;
    OneRoute routes;
    HttpPush push{{}, {shop.sink, shop.executor, *shop.metrics}, routes};
    int status = 0;
    const auto post = [&] {
        routes.handler({.method = "POST", .body = posted_sale()},
                       [&](const runtime::HttpResponse& sent) { status = sent.status; });
    };
    post();
    EXPECT_EQ(status, 503);
    push.start();
    status = 0;
    post();
    EXPECT_EQ(status, 0) << "it waits for the commit";
    push.stop();
    post();
    EXPECT_EQ(status, 503);
    push.start();
    status = 0;
    post();
    EXPECT_EQ(status, 0);
    EXPECT_EQ(shop.sink.sales().size(), 2U);
}

TEST(HttpPushSignature, MayBeAsOldAndAsNewAsTheWindow) {
    for (const int skew_s : {-300, -1, 0, 1, 300}) {
        PushShop shop{"secret"};
        shop.post(posted_sale(), shop.sign(posted_sale(), seconds{skew_s}));
        EXPECT_EQ(shop.sink.sales().size(), 1U) << skew_s;
    }
    for (const int skew_s : {-86'400, -301, 301, 86'400}) {
        PushShop shop{"secret"};
        const auto response = shop.post(posted_sale(), shop.sign(posted_sale(), seconds{skew_s}));
        EXPECT_EQ(response.status, 403) << skew_s;
        EXPECT_NE(response.body.find("too old or too new"), std::string::npos) << skew_s;
    }
}

TEST(HttpPushSignature, OfAnyFarTimeIsRefusedWithoutRunningOver) {
    for (const std::int64_t at_s : {std::int64_t{0}, std::int64_t{999'999'999'999'999'999}}) {
        PushShop shop{"secret"};
        EXPECT_EQ(shop.post(posted_sale(), signature(at_s, posted_sale())).status, 403) << at_s;
    }
}

struct ClockCase {
    ClockQuality quality;
    bool judged;
};

TEST(HttpPushSignature, IsDatedByVouchedClocksOnly) {
    for (const auto& [quality, judged] :
         {ClockCase{ClockQuality::None, false}, ClockCase{ClockQuality::Rtc, false},
          ClockCase{ClockQuality::Ntp, true}, ClockCase{ClockQuality::Hq, true}}) {
        PushShop shop{"secret"};
        Stamp now = shop.clock.now();
        now.quality = quality;
        shop.clock.set(now);
        shop.post(posted_sale(), signature(1, posted_sale()));
        EXPECT_EQ(shop.sink.sales().size(), judged ? 0U : 1U) << to_text(quality);
    }
}

TEST(HttpPushSignature, MustBeWrittenAsAgreed) {
    PushShop shop{"secret"};
    const std::string good = shop.sign(posted_sale());
    const std::string hex = good.substr(good.find("sha256=") + 7);
    const std::string at = good.substr(0, good.find(','));
    for (const auto& bad :
         {hex, "sha256=" + hex, at, at + "," + hex, at + ";sha256=" + hex, at + ",sha1=" + hex,
          "T" + good.substr(1), "t=,sha256=" + hex, "t=1x,sha256=" + hex, "t=-1,sha256=" + hex,
          at + ",sha256=", at + ",sha256=" + hex.substr(1), at + ",sha256=" + hex + "0",
          at + ",  sha256=" + hex}) {
        EXPECT_EQ(shop.post(posted_sale(), bad).status, 403) << bad;
    }
    EXPECT_TRUE(shop.sink.readings.empty());
    shop.post(posted_sale(), at + ", sha256=" + hex);
    EXPECT_EQ(shop.sink.sales().size(), 1U) << "one blank behind the comma is as good";
}

TEST(HttpPushSignature, CoversEveryByteOfTheBodyAndTheTime) {
    PushShop shop{"secret"};
    const std::string good = shop.sign(posted_sale());
    EXPECT_EQ(shop.post(posted_sale() + " ", good).status, 403);
    std::string earlier = good;
    earlier[2] = static_cast<char>(earlier[2] == '0' ? '1' : '0');
    EXPECT_EQ(shop.post(posted_sale(), earlier).status, 403);
    const auto at_s = std::chrono::floor<seconds>(shop.clock.now().wall).time_since_epoch().count();
    EXPECT_EQ(shop.post(posted_sale(), signature(at_s, posted_sale(), "Secret")).status, 403);
}

TEST(HttpPushSignature, IsNotAskedForWithoutASecret) {
    PushShop shop;
    shop.post(posted_sale(), "t=1,sha256=nonsense");
    EXPECT_EQ(shop.sink.sales().size(), 1U);
}

TEST(HttpPushSignature, IsCheckedBeforeTheContent) {
    PushShop shop{"secret"};
    EXPECT_EQ(shop.post("{}").status, 401);
    EXPECT_EQ(shop.post("{}", shop.sign("{}")).status, 400);
}

}  // namespace
}  // namespace aisle::pos
