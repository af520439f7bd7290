#include "shop.hpp"

// First order, birthday, member day, win-back: no words of their own, but conditions over what is
// known of the customer and what the shop's clock shows.
namespace aisle::offers {
namespace {

using kit::at;

const kit::FixedZone kHonolulu{minutes{-600}};

// A shop whose campaign asks Ada at her check-in.
struct Asked : Shop {
    explicit Asked(const std::string& when, const std::string& parts = "")
        : Shop{{campaign("c", kSeen, kTenOffHundred,
                         R"("when": )" + when + (parts.empty() ? "" : ", " + parts))}} {}

    Asked& knowing(const std::string& key, conditions::Value value) {
        around.members[kAda].set(key, std::move(value));
        return *this;
    }
    std::string on(const std::string& utc) {
        const WallTime wall = *parse_rfc3339(utc);
        return reason_of(see({.boot = 1,
                              .mono = MonoTime{wall.time_since_epoch()},
                              .wall = wall,
                              .quality = ClockQuality::Ntp},
                             true));
    }
};

TEST(FirstOrder, IsForThoseWhoHaveBoughtNothing) {
    const std::string when = R"({"cust.first_order": true})";
    EXPECT_EQ(Asked{when}.knowing("cust.first_order", true).on("2026-06-12T04:00:00Z"), "offered");
    EXPECT_EQ(Asked{when}.knowing("cust.first_order", false).on("2026-06-12T04:00:00Z"),
              "condition_false");
    EXPECT_EQ(Asked{when}.on("2026-06-12T04:00:00Z"), "condition_unknown");
}

TEST(Birthday, IsTheDayByTheShopsClock) {
    const std::string when = R"({"cust.is_birthday": true})";
    EXPECT_EQ(Asked{when}.knowing("cust.is_birthday", true).on("2026-06-12T04:00:00Z"), "offered");
    EXPECT_EQ(Asked{when}.on("2026-06-12T04:00:00Z"), "condition_unknown");
}

TEST(MonthDay, BeginsAndEndsAtTheShopsMidnight) {
    const std::string when = R"({"ctx.month_day": "06-18"})";
    Asked shop{when, R"("limits": {"per_customer": [{"n": 9, "per": "P1D"}]},
                        "delivery": {"ttl_s": 1})"};
    EXPECT_EQ(shop.on("2026-06-17T15:59:59Z"), "condition_false");
    EXPECT_EQ(shop.on("2026-06-17T16:00:00Z"), "offered");
    shop.tick(at(std::chrono::hours{24 * 6}));
    EXPECT_EQ(shop.on("2026-06-18T16:00:00Z"), "condition_false");
}

TEST(MonthDay, OfALeapDayComesInLeapYearsOnly) {
    const std::string when = R"({"ctx.month_day": "02-29"})";
    EXPECT_EQ(Asked{when}.on("2028-02-29T04:00:00Z"), "offered");
    EXPECT_EQ(Asked{when}.on("2027-03-01T04:00:00Z"), "condition_false");
}

TEST(MemberDay, MayBeADayOfTheMonthOrOfTheWeek) {
    const std::string eighth = R"({"ctx.day": {"$in": [8, 18, 28]}})";
    EXPECT_EQ(Asked{eighth}.on("2026-06-18T04:00:00Z"), "offered");
    EXPECT_EQ(Asked{eighth}.on("2026-06-19T04:00:00Z"), "condition_false");
    const std::string tuesdays = R"({"ctx.weekday": 2, "cust.tier": "gold"})";
    EXPECT_EQ(Asked{tuesdays}.on("2026-06-16T04:00:00Z"), "offered");
    EXPECT_EQ(Asked{tuesdays}.on("2026-06-17T04:00:00Z"), "condition_false");
}

TEST(WinBack, IsForThoseWhoHaveNotComeForLong) {
    const std::string when = R"({"cust.lifecycle": {"$in": ["dormant", "lost"]}})";
    EXPECT_EQ(
        Asked{when}.knowing("cust.lifecycle", std::string{"dormant"}).on("2026-06-12T04:00:00Z"),
        "offered");
    EXPECT_EQ(
        Asked{when}.knowing("cust.lifecycle", std::string{"active"}).on("2026-06-12T04:00:00Z"),
        "condition_false");
}

TEST(Clock, ShowsHoursAndMinutesOfTheShop) {
    EXPECT_EQ(Asked{R"({"ctx.hour": 12, "ctx.minute_of_day": 725})"}.on("2026-06-12T04:05:59Z"),
              "offered");
    EXPECT_EQ(Asked{R"({"ctx.date": {"$gte": "2026-06-12", "$lt": "2026-06-13"}})"}.on(
                  "2026-06-12T15:59:00Z"),
              "offered");
}

// The window goes by the campaign's zone, ctx.* by the shop's: the people are in the shop.
TEST(Clock, IsTheShopsAlsoWhereACampaignNamesAZoneForItsWindow) {
    const auto loaded = CampaignSet::load(
        files_of({campaign("c", kBasket, kTenPercent,
                           R"("tz": "Pacific/Honolulu", "when": {"ctx.date": "2026-06-12"},
                              "window": {"from": "2026-06-11", "to": "2026-06-11"})")}),
        {.store = &kShanghai, .zone = [](const std::string&) { return &kHonolulu; }});
    ASSERT_TRUE(loaded);
    Shop shop{{}};
    shop.engine->load(std::make_shared<const CampaignSet>(std::move(*loaded)));
    EXPECT_EQ(shop.ask(basket_of({10'000}), at()).answer.offers.size(), 1U);
}

TEST(Clock, IsOverruledByAContextThatIsTriedOnFiles) {
    Asked shop{R"({"ctx.weekday": 7})"};
    shop.around.shop.set("ctx.weekday", std::int64_t{7});
    EXPECT_EQ(shop.on("2026-06-12T04:00:00Z"), "offered");
}

}  // namespace
}  // namespace aisle::offers
