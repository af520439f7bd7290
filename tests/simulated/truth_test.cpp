// Truth and sensors of a small shop that is written down here, shopper by shopper.
#include "drivers/simulated/truth.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "drivers/simulated/signals.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::simulated {
namespace {

const DueRule kRule{.zone = "snacks", .dwell = seconds{8}};

// One shopper with a trolley from second 1 to 20: entrance 1-6, snacks 7-15, tills 16-20.
Plan small_shop(seconds snacks = seconds{8}) {
    Plan plan;
    plan.settings.start = kit::kNoon;
    plan.settings.length = seconds{60};
    plan.chain = make_chain(1);
    Shopper shopper{.number = 1, .enters = seconds{1}, .leaves = seconds{20}};
    shopper.tag = &plan.chain.trolleys[0];
    shopper.stays = {{"entrance", seconds{1}, seconds{6}},
                     {"snacks", seconds{7}, seconds{7} + snacks},
                     {"tills", seconds{16}, seconds{20}}};
    plan.shoppers.push_back(shopper);
    return plan;
}

Receipt receipt_at(seconds dropped) {
    Receipt receipt{.rung = dropped, .dropped = dropped, .sale = kit::sale_of(1234)};
    return receipt;
}

// Kind and second of each line.
std::vector<std::string> told(const Plan& plan, milliseconds at, const DueRule& rule = kRule) {
    std::vector<std::string> all;
    for (const std::string& line : truth_lines(plan, rule, at)) {
        const auto kind = line.substr(9, line.find('"', 9) - 9);
        all.push_back(kind + " " + line.substr(line.find("\"at\":\"") + 6 + 17, 6));
    }
    return all;
}

using Lines = std::vector<std::string>;

TEST(Truth, TellsAVisitorsWayInTheOrderOfTime) {
    EXPECT_EQ(told(small_shop(), seconds{60}),
              (Lines{"entry 01.000", "zone_visit 06.000", "zone_visit 15.000", "offer_due 15.000",
                     "exit 20.000", "zone_visit 20.000"}));
}

TEST(Truth, IsTrueUpToAndWithItsInstant) {
    EXPECT_EQ(told(small_shop(), milliseconds{999}), Lines{});
    EXPECT_EQ(told(small_shop(), seconds{1}), Lines{"entry 01.000"});
    EXPECT_EQ(told(small_shop(), milliseconds{19'999}).size(), 4U);
    EXPECT_EQ(told(small_shop(), seconds{20}).size(), 6U);
}

TEST(Truth, OnlyGrowsAsTimeGoesOn) {
    const Plan plan = make_plan(
        {.seed = 5, .business_date = *parse_date("2026-06-12"), .start = kit::kNoon, .dirt = true});
    Lines before;
    for (int s = 0; s <= 120; s += 5) {
        const Lines now = truth_lines(plan, kRule, seconds{s});
        ASSERT_GE(now.size(), before.size());
        EXPECT_TRUE(std::equal(before.begin(), before.end(), now.begin())) << s;
        before = now;
    }
    EXPECT_GT(before.size(), 100U);
}

TEST(Truth, MixesSalesInByTheTimeOfTheirFile) {
    Plan plan = small_shop();
    plan.receipts.push_back(receipt_at(seconds{10}));
    const Lines lines = told(plan, seconds{60});
    EXPECT_EQ(lines[2], "sale 10.000");
    EXPECT_EQ(lines.size(), 7U);
}

TEST(Truth, WritesASaleOut) {
    Plan plan = small_shop();
    plan.shoppers.clear();
    plan.receipts.push_back(receipt_at(seconds{3}));
    EXPECT_EQ(truth_lines(plan, kRule, seconds{3}),
              Lines{"{\"kind\":\"sale\",\"at\":\"2026-06-12T04:00:03.000Z\",\"sale\":"
                    "\"00000000000000000000000000000001\",\"revision\":1,\"type\":\"sale\","
                    "\"status\":\"completed\",\"total\":1234}"});
}

TEST(Truth, NamesEveryTypeAndStatusOfASale) {
    Plan plan = small_shop();
    plan.shoppers.clear();
    const Lines types{"sale", "return", "exchange", "void", "no_sale", "control"};
    const Lines statuses{"completed", "suspended", "cancelled", "post_voided", "training"};
    for (std::size_t i = 0; i < types.size(); ++i) {
        plan.receipts.push_back(receipt_at(seconds{static_cast<std::int64_t>(i)}));
        plan.receipts.back().sale.type = static_cast<SaleType>(i);
        plan.receipts.back().sale.status = static_cast<SaleStatus>(i % statuses.size());
    }
    const Lines lines = truth_lines(plan, kRule, seconds{60});
    for (std::size_t i = 0; i < types.size(); ++i) {
        EXPECT_NE(lines[i].find("\"type\":\"" + types[i] + "\",\"status\":\"" +
                                statuses[i % statuses.size()] + "\""),
                  std::string::npos)
            << lines[i];
    }
}

TEST(Truth, OwesAnOfferFromTheLastMomentOfTheDwell) {
    const auto owes = [](const Plan& plan, const DueRule& rule) {
        return std::ranges::count_if(told(plan, seconds{60}, rule), [](const std::string& line) {
            return line.starts_with("offer_due");
        });
    };
    EXPECT_EQ(owes(small_shop(), kRule), 1);
    EXPECT_EQ(owes(small_shop(seconds{7}), kRule), 0);
    EXPECT_EQ(owes(small_shop(), {.zone = "fruit", .dwell = seconds{1}}), 0);
    EXPECT_EQ(owes(small_shop(), {.zone = "tills", .dwell = seconds{4}}), 1);
}

TEST(Truth, KnowsNoVisitsOfSomebodyWhoIsNotHeard) {
    Plan plan = small_shop();
    plan.shoppers[0].tag = nullptr;
    EXPECT_EQ(told(plan, seconds{60}), (Lines{"entry 01.000", "exit 20.000"}));
}

TEST(Truth, SaysHowLongAVisitWasAndWhoseItWas) {
    const Lines lines = truth_lines(small_shop(), kRule, seconds{6});
    EXPECT_EQ(lines.back(),
              "{\"kind\":\"zone_visit\",\"at\":\"2026-06-12T04:00:06.000Z\",\"shopper\":1,"
              "\"zone\":\"entrance\",\"dwell_ms\":5000,\"label\":\"trolley 1\"}");
}

// Messages about the small shop's trolley.
std::vector<Published> of_trolley(const Plan& plan, milliseconds at) {
    auto messages = gateway_messages(plan, at);
    std::erase_if(messages, [&](const Published& message) {
        return message.payload.find(plan.chain.trolleys[0].mac) == std::string::npos;
    });
    return messages;
}

TEST(Signals, HearATagFromItsEntryUntilItHasLeft) {
    const Plan plan = small_shop();
    EXPECT_TRUE(of_trolley(plan, milliseconds{999}).empty());
    EXPECT_FALSE(of_trolley(plan, seconds{1}).empty());
    EXPECT_FALSE(of_trolley(plan, milliseconds{19'999}).empty());
    EXPECT_TRUE(of_trolley(plan, seconds{20}).empty());
}

TEST(Signals, HearSomebodyBetweenTwoZonesWhereTheyAreGoing) {
    const Plan plan = small_shop();
    const auto messages = of_trolley(plan, milliseconds{6'500});
    const auto in_snacks = std::ranges::find_if(messages, [](const Published& message) {
        return message.topic.starts_with("home/gw-snacks/BTtoMQTT/");
    });
    ASSERT_NE(in_snacks, messages.end());
    const auto at = in_snacks->payload.find("\"rssi\":");
    EXPECT_GE(std::stoi(in_snacks->payload.substr(at + 7)), -58);
}

TEST(Signals, PublishOnTheTopicOfGatewayAndAddress) {
    const Plan plan = small_shop();
    for (const Published& message : of_trolley(plan, seconds{3})) {
        EXPECT_TRUE(message.topic.starts_with("home/gw-")) << message.topic;
        EXPECT_TRUE(message.topic.ends_with("/BTtoMQTT/C0DE00000101")) << message.topic;
    }
}

TEST(Signals, NeverHearWeakerThanAReceiverCan) {
    const Plan plan = small_shop();
    for (int s = 1; s < 20; ++s) {
        for (const Published& message : of_trolley(plan, seconds{s})) {
            const int rssi = std::stoi(message.payload.substr(message.payload.find("rssi") + 6));
            EXPECT_GE(rssi, -88);
            EXPECT_LE(rssi, -40);
        }
    }
}

TEST(Signals, TellAnIBeaconInTheengsWords) {
    const Plan plan = small_shop();
    const std::string payload = of_trolley(plan, seconds{3}).front().payload;
    for (const std::string part :
         {"\"id\":\"C0:DE:00:00:01:01\"", "\"mac_type\":1", "\"model_id\":\"IBEACON\"",
          "\"mfid\":\"4c00\"", "\"major\":1", "\"minor\":1", "\"txpower\":-59"}) {
        EXPECT_NE(payload.find(part), std::string::npos) << part << " in " << payload;
    }
    EXPECT_NE(payload.find(std::string{"\"uuid\":\""} + kTagUuid + "\""), std::string::npos);
}

TEST(Signals, HearAStrangerInEverySecondEvenInAnEmptyShop) {
    Plan plan = small_shop();
    plan.shoppers.clear();
    std::set<std::string> addresses;
    for (int s = 0; s < 50; ++s) {
        const auto messages = gateway_messages(plan, seconds{s});
        ASSERT_EQ(messages.size(), 1U);
        const auto at = messages[0].payload.find("\"id\":\"") + 6;
        const std::string address = messages[0].payload.substr(at, 17);
        addresses.insert(address);
        // The two highest bits of a resolvable private address are 01.
        EXPECT_EQ(std::stoi(address.substr(0, 2), nullptr, 16) >> 6, 1) << address;
    }
    EXPECT_GT(addresses.size(), 45U);
}

TEST(Signals, AreTheSameWithinOneSecond) {
    const Plan plan = small_shop();
    const auto payloads = [&](milliseconds at) {
        std::string all;
        for (const Published& message : gateway_messages(plan, at)) all += message.payload;
        return all;
    };
    EXPECT_EQ(payloads(milliseconds{3'000}), payloads(milliseconds{3'999}));
    EXPECT_NE(payloads(milliseconds{3'000}), payloads(milliseconds{4'000}));
}

TEST(Doors, CountEachPersonOnceInAndOnceOut) {
    const Plan plan = small_shop();
    for (const auto& [second, in, out] :
         {std::tuple{0, 0, 0}, {1, 1, 0}, {19, 1, 0}, {20, 1, 1}, {60, 1, 1}, {9999, 1, 1}}) {
        const Plan::Doors doors = plan.doors_at(seconds{second});
        EXPECT_EQ(doors.in, in) << second;
        EXPECT_EQ(doors.out, out) << second;
    }
}

TEST(Doors, CountNobodyWhoLeavesAfterTheEnd) {
    Plan plan = small_shop();
    plan.settings.length = seconds{10};
    EXPECT_EQ(plan.doors_at(seconds{9999}).in, 1);
    EXPECT_EQ(plan.doors_at(seconds{9999}).out, 0);
}

TEST(Doors, AreToldAsTotalsWithAnIdOfTheirSecond) {
    const Published message = door_message(small_shop(), milliseconds{20'500});
    EXPECT_EQ(message.topic, "shop/doors/main");
    EXPECT_EQ(message.payload,
              "{\"id\":\"main-20\",\"at\":\"2026-06-12T04:00:20.500Z\",\"in\":1,\"out\":1}");
}

}  // namespace
}  // namespace aisle::simulated
