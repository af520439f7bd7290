#include "made.hpp"
#include "shop.hpp"
#include "tests/kit/jumping_zone.hpp"

// What happens to the whole shop, and is told once.
namespace aisle::offers {
namespace {

using kit::at;

const kit::JumpingZone kBerlin = kit::berlin_2026();

std::string occupancy(int level, const std::string& more = "") {
    return R"({"type": "occupancy", "level": )" + std::to_string(level) + more + "}";
}
const std::string kRain = R"({"type": "weather", "is": "rain"})";
const std::string kLowStock = R"({"type": "stock", "sku": "SKU9", "level": 5, "zone": "Z3"})";

// A shop whose first tick has found everything as it stands.
struct Watched : Shop {
    explicit Watched(const std::vector<std::string>& texts) : Shop{texts} {}

    void know(const std::string& key, const conditions::Value& value) {
        around.shop.set(key, value);
    }
    void people(std::int64_t n) { know("ctx.occupancy", n); }
    // What this value brings about, `after` the beginning.
    Effects with(const std::string& key, const conditions::Value& value, milliseconds after) {
        know(key, value);
        return tick(at(after));
    }
    int offers_with(const std::string& key, const std::vector<std::int64_t>& values) {
        int n = 0;
        for (const std::int64_t value : values) n += made(with(key, value, seconds{++second_}));
        return n;
    }
    void kill() { engine = restored(); }

private:
    int second_ = 0;
};

TEST(Occupancy, PromptsStaffWhenTheLevelIsReached) {
    Watched shop{{campaign("c", occupancy(50), kTenPercent)}};
    shop.people(49);
    EXPECT_EQ(made(shop.tick(at())), 0);
    const Effects effects = shop.with("ctx.occupancy", std::int64_t{50}, seconds{1});
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_EQ(effects.offers.front().trigger, TriggerKind::Occupancy);
    EXPECT_EQ(effects.offers.front().reasons.front().key, "occupancy");
    EXPECT_EQ(effects.offers.front().reasons.front().value, "50");
    EXPECT_EQ(effects.offers.front().eyes, "shop");
    EXPECT_TRUE(effects.offers.front().member.empty());
}

TEST(Occupancy, ThatTremblesOnTheLevelFiresOnce) {
    Watched shop{{campaign("c", occupancy(50, R"(, "hysteresis": 5)"), kTenPercent,
                           R"("delivery": {"ttl_s": 1})")}};
    EXPECT_EQ(shop.offers_with("ctx.occupancy", {40, 50, 49, 51, 46, 50, 45, 50}), 1);
}

TEST(Occupancy, FiresAgainAfterItHasComeBackFarEnough) {
    Watched shop{{campaign("c", occupancy(50, R"(, "hysteresis": 5)"), kTenPercent,
                           R"("delivery": {"ttl_s": 1})")}};
    EXPECT_EQ(shop.offers_with("ctx.occupancy", {40, 50, 44, 44, 50}), 2);
}

TEST(Occupancy, HasAHysteresisOfATenthWhereNothingIsSaid) {
    const auto set = set_of({campaign("c", occupancy(50), kTenPercent)});
    EXPECT_EQ(set->all().front().trigger.level->back, 5);
}

TEST(Occupancy, MayBeWaitedForFromAbove) {
    Watched shop{{campaign("c", occupancy(5, R"(, "direction": "below")"), kTenPercent)}};
    EXPECT_EQ(shop.offers_with("ctx.occupancy", {20, 6, 5, 4}), 1);
}

TEST(Occupancy, WhereItIsFoundTellsNothing) {
    Watched shop{{campaign("c", occupancy(50), kTenPercent)}};
    EXPECT_EQ(shop.offers_with("ctx.occupancy", {80, 81, 79}), 0);
}

TEST(Occupancy, OfAZoneIsThatOfItsScene) {
    Watched shop{{campaign("c", occupancy(4, R"(, "zone": "tills")"), kTenPercent)}};
    shop.know("ctx.people.tills", 1.5);
    shop.tick(at());
    const Effects effects = shop.with("ctx.people.tills", 4.2, seconds{1});
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_EQ(effects.offers.front().zone, ZoneId{"tills"});
    EXPECT_EQ(effects.offers.front().eyes, "zone tills");
}

TEST(Occupancy, LeavesATagsRearmingToTheCampaign) {
    Watched shop{{campaign("c", occupancy(50, R"(, "rearm_s": 600)"), kTenPercent,
                           R"("delivery": {"ttl_s": 1})")}};
    EXPECT_EQ(shop.offers_with("ctx.occupancy", {40, 50, 40}), 1);
    EXPECT_EQ(reason_of(shop.with("ctx.occupancy", std::int64_t{50}, seconds{9})), "rearm");
}

TEST(Edges, AreNotToldAgainAfterAKill) {
    Watched shop{{campaign("c", occupancy(50), kTenPercent), campaign("w", kRain, kTenPercent),
                  campaign("s", kLowStock, kTenPercent)}};
    shop.people(40), shop.know("ctx.weather", std::string{"sun"});
    shop.know("stock.SKU9", std::int64_t{9});
    shop.tick(at());
    shop.people(60), shop.know("ctx.weather", std::string{"rain"});
    shop.know("stock.SKU9", std::int64_t{2});
    EXPECT_EQ(made(shop.tick(at(seconds{1}))), 3);
    shop.kill();
    EXPECT_EQ(made(shop.tick(at(seconds{2}))), 0);
}

TEST(Edges, ThatWereCrossedBeforeTheKillButNotCommittedAreToldAfterIt) {
    Watched shop{{campaign("c", occupancy(50), kTenPercent)}};
    shop.people(40);
    shop.tick(at());
    shop.people(60);
    EXPECT_EQ(made(shop.engine->tick(at(seconds{1}))), 1);
    shop.kill();
    EXPECT_EQ(made(shop.tick(at(seconds{2}))), 1);
}

TEST(Edges, AreNotToldAgainWhenTheFactsComeLateAfterAKill) {
    Watched shop{{campaign("w", kRain, kTenPercent)}};
    shop.know("ctx.weather", std::string{"sun"});
    shop.tick(at());
    EXPECT_EQ(made(shop.with("ctx.weather", std::string{"rain"}, seconds{1})), 1);
    shop.kill();
    shop.around.shop.erase("ctx.weather");
    shop.tick(at(seconds{60}));
    EXPECT_EQ(made(shop.with("ctx.weather", std::string{"rain"}, seconds{120})), 0);
}

TEST(Edges, OfOneKindAndOneLevelAreAskedTogether) {
    Watched shop{{campaign("a", occupancy(50), kTenPercent, R"("stack": {"priority": 1})"),
                  campaign("b", occupancy(50), kTenPercent, R"("stack": {"priority": 2})"),
                  campaign("far", occupancy(90), kTenPercent)}};
    shop.people(10);
    shop.tick(at());
    const Effects effects = shop.with("ctx.occupancy", std::int64_t{50}, seconds{1});
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_EQ(effects.offers.front().campaign, CampaignId{"b"});
    const std::map<std::string, std::int32_t> counts{{"chosen", 1}, {"lower_priority", 1}};
    EXPECT_EQ(effects.offers.front().decision.counts, counts);
}

TEST(Edges, AreForgottenWithTheirCampaigns) {
    Watched shop{{campaign("c", occupancy(50), kTenPercent)}};
    shop.people(10);
    shop.tick(at());
    EXPECT_TRUE(shop.disk.contains("edge/occupancy|ctx.occupancy>=5E1~5E0"));
    shop.engine->load(set_of({campaign("c", kBasket, kTenPercent)}));
    shop.tick(at(seconds{1}));
    EXPECT_FALSE(shop.disk.contains("edge/occupancy|ctx.occupancy>=5E1~5E0"));
}

TEST(Edges, OfACampaignThatCameWhileTheLevelWasPassedWaitForTheNextTime) {
    Watched shop{{campaign("c", kBasket, kTenPercent)}};
    shop.people(60);
    shop.tick(at());
    shop.engine->load(set_of({campaign("c", occupancy(50), kTenPercent)}));
    EXPECT_EQ(shop.offers_with("ctx.occupancy", {60, 30, 55}), 1);
}

TEST(Footfall, CountsWhoCameInDuringTheWindow) {
    Watched shop{
        {campaign("c", R"({"type": "footfall", "level": 30, "window_min": 5})", kTenPercent)}};
    shop.around.came_in[at(minutes{-10}).wall] = 100;  // too long ago
    shop.tick(at());
    shop.around.came_in[at().wall] = 29;
    EXPECT_EQ(made(shop.tick(at(seconds{61}))), 0);
    shop.around.came_in[at(seconds{120}).wall] = 1;
    const Effects effects = shop.tick(at(seconds{121}));
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_NE(effects.offers.front().decision.context.find(R"("trigger.value":30)"),
              std::string::npos);
    EXPECT_EQ(made(shop.tick(at(seconds{122}))), 0);
}

TEST(Weather, FiresWhenItBeginsAndNotWhileItLasts) {
    Watched shop{{campaign("c", kRain, kTenPercent, R"("delivery": {"ttl_s": 1})")}};
    int offers = 0, second = 0;
    for (const char* const sky : {"sun", "rain", "rain", "cloud", "rain"})
        offers += made(shop.with("ctx.weather", std::string{sky}, seconds{10 * ++second}));
    EXPECT_EQ(offers, 2);
}

TEST(Weather, FiresAgainAfterALongSilence) {
    Watched shop{{campaign("c", kRain, kTenPercent, R"("delivery": {"ttl_s": 1})")}};
    shop.know("ctx.weather", std::string{"rain"});
    shop.tick(at());
    shop.around.shop.erase("ctx.weather");
    shop.tick(at(minutes{1}));
    shop.tick(at(minutes{11}));
    EXPECT_EQ(made(shop.with("ctx.weather", std::string{"rain"}, minutes{12})), 1);
}

TEST(Weather, WithoutAValueFiresAtEachChange) {
    Watched shop{
        {campaign("c", R"({"type": "weather"})", kTenPercent, R"("delivery": {"ttl_s": 1})")}};
    int offers = 0, second = 0;
    for (const char* const sky : {"sun", "sun", "rain", "rain", "snow"})
        offers += made(shop.with("ctx.weather", std::string{sky}, seconds{10 * ++second}));
    EXPECT_EQ(offers, 2);
}

TEST(Weather, MayBeAFigureThatPassesALevel) {
    Watched shop{{campaign(
        "c", R"({"type": "weather", "fact": "ctx.temp_c", "level": -5.5, "direction": "below"})",
        kTenPercent)}};
    shop.know("ctx.temp_c", 3.0);
    shop.tick(at());
    EXPECT_EQ(made(shop.with("ctx.temp_c", -5.4, seconds{1})), 0);
    EXPECT_EQ(made(shop.with("ctx.temp_c", -5.5, seconds{2})), 1);
}

TEST(Weather, TellsItsFactsToConditions) {
    Watched shop{{campaign("c", R"({"type": "weather", "is": ["rain", "snow"]})", kTenPercent,
                           R"("when": {"trigger.value": "snow", "trigger.fact": "ctx.weather"})")}};
    shop.know("ctx.weather", std::string{"sun"});
    shop.tick(at());
    EXPECT_EQ(reason_of(shop.with("ctx.weather", std::string{"rain"}, seconds{1})),
              "condition_false");
    shop.with("ctx.weather", std::string{"sun"}, seconds{2});
    EXPECT_EQ(made(shop.with("ctx.weather", std::string{"snow"}, seconds{3})), 1);
}

TEST(Stock, PromptsAtTheShelfWhenItFallsToTheThreshold) {
    Watched shop{{campaign("c", kLowStock, kTenPercent)}};
    shop.know("stock.SKU9", std::int64_t{6});
    shop.tick(at());
    const Effects effects = shop.with("stock.SKU9", std::int64_t{5}, seconds{1});
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_EQ(effects.offers.front().zone, ZoneId{"Z3"});
}

TEST(Stock, MayBeWaitedForToComeBack) {
    Watched shop{
        {campaign("c", R"({"type": "stock", "sku": "SKU9", "level": 10, "direction": "above"})",
                  kTenPercent)}};
    EXPECT_EQ(shop.offers_with("stock.SKU9", {0, 4, 10, 12}), 1);
}

TEST(Stock, OfAnotherSkuIsNoneOfItsBusiness) {
    Watched shop{{campaign("c", kLowStock, kTenPercent)}};
    shop.know("stock.SKU9", std::int64_t{50});
    EXPECT_EQ(shop.offers_with("stock.SKU8", {9, 1}), 0);
}

// Times in a zone with daylight saving.
struct Clockwork : Shop {
    Clockwork(const std::string& trigger, const std::string& parts = "") : Shop{{}} {
        auto loaded = CampaignSet::load(
            files_of(
                {campaign("c", trigger, kTenPercent,
                          R"("delivery": {"ttl_s": 1})" + (parts.empty() ? "" : ", " + parts))}),
            {.store = &kBerlin});
        EXPECT_TRUE(loaded);
        set = std::make_shared<const CampaignSet>(std::move(*loaded));
        engine->load(set);
    }
    static Stamp stamp(const std::string& utc) {
        const WallTime wall = *parse_rfc3339(utc);
        return {.boot = 1,
                .mono = MonoTime{wall.time_since_epoch()},
                .wall = wall,
                .quality = ClockQuality::Ntp};
    }
    // When it fired, by the minute, ticking each 20 seconds over [from, to].
    std::vector<std::string> fired(const std::string& from, const std::string& to) {
        std::vector<std::string> times;
        const Stamp end = stamp(to);
        for (Stamp now = stamp(from); now.wall <= end.wall;
             now.wall += seconds{20}, now.mono += seconds{20})
            if (made(tick(now)) > 0) times.push_back(to_rfc3339(now.wall).substr(0, 16));
        return times;
    }
    std::shared_ptr<const CampaignSet> set;
};
using Times = std::vector<std::string>;

TEST(Time, ComesOnceADayByTheWallClock) {
    Clockwork shop{R"({"type": "time", "at": ["09:00"]})"};
    EXPECT_EQ(shop.fired("2026-01-14T20:00:00Z", "2026-01-16T20:00:00Z"),
              (Times{"2026-01-15T08:00", "2026-01-16T08:00"}));
}

TEST(Time, ComesAtMidnightToo) {
    Clockwork shop{R"({"type": "time", "at": ["00:00", "23:59"]})"};
    EXPECT_EQ(shop.fired("2026-01-15T12:00:00Z", "2026-01-15T23:30:00Z"),
              (Times{"2026-01-15T22:59", "2026-01-15T23:00"}));
}

TEST(Time, ThatIsSkippedComesOnceAfterTheGap) {
    Clockwork shop{R"({"type": "time", "at": ["02:30"]})"};
    EXPECT_EQ(shop.fired("2026-03-28T20:00:00Z", "2026-03-29T20:00:00Z"),
              Times{"2026-03-29T01:00"});
}

TEST(Time, ThatComesTwiceIsToldOnce) {
    Clockwork shop{R"({"type": "time", "at": ["02:30"]})"};
    EXPECT_EQ(shop.fired("2026-10-24T20:00:00Z", "2026-10-25T20:00:00Z"),
              Times{"2026-10-25T00:30"});
}

TEST(Time, OfEverySoManyMinutesGoesByTheWallClock) {
    Clockwork shop{R"({"type": "time", "every_min": 40})"};
    EXPECT_EQ(shop.fired("2026-01-15T11:05:00Z", "2026-01-15T13:00:00Z"),
              (Times{"2026-01-15T11:40", "2026-01-15T12:20", "2026-01-15T13:00"}));
}

TEST(Time, OfEveryHalfHourComesOnceForAGapAndOnceForAnHourThatIsDoubled) {
    Clockwork spring{R"({"type": "time", "every_min": 30})"};
    EXPECT_EQ(spring.fired("2026-03-29T00:10:00Z", "2026-03-29T01:40:00Z"),
              (Times{"2026-03-29T00:30", "2026-03-29T01:00", "2026-03-29T01:30"}));
    Clockwork autumn{R"({"type": "time", "every_min": 30})"};
    EXPECT_EQ(autumn.fired("2026-10-24T23:40:00Z", "2026-10-25T02:10:00Z"),
              (Times{"2026-10-25T00:00", "2026-10-25T00:30", "2026-10-25T02:00"}));
}

TEST(Time, ComesOnlyWithinTheWindow) {
    Clockwork shop{R"({"type": "time", "every_min": 60})",
                   R"("window": {"hours": [["22:00", "01:00"]], "days": [4]})"};
    EXPECT_EQ(shop.fired("2026-01-14T12:00:00Z", "2026-01-16T12:00:00Z"),
              (Times{"2026-01-15T21:00", "2026-01-15T22:00", "2026-01-15T23:00"}));
    EXPECT_TRUE(shop.tick(Clockwork::stamp("2026-01-17T12:00:30Z")).withheld.empty());
}

TEST(Time, ThatCameDuringAShortOutageIsToldOnceAfterIt) {
    Clockwork shop{R"({"type": "time", "at": ["09:00"]})"};
    shop.tick(Clockwork::stamp("2026-01-15T07:59:00Z"));
    shop.engine = shop.restored();
    shop.engine->load(shop.set);
    EXPECT_EQ(made(shop.tick(Clockwork::stamp("2026-01-15T08:20:00Z"))), 1);
    shop.engine = shop.restored();
    shop.engine->load(shop.set);
    EXPECT_EQ(made(shop.tick(Clockwork::stamp("2026-01-15T08:21:00Z"))), 0);
}

TEST(Time, ThatCameLongAgoIsNotToldAnyMore) {
    Clockwork shop{R"({"type": "time", "at": ["09:00"]})"};
    shop.tick(Clockwork::stamp("2026-01-15T07:59:00Z"));
    EXPECT_EQ(made(shop.tick(Clockwork::stamp("2026-01-15T09:30:00Z"))), 0);
}

TEST(Time, IsNotToldAgainWhenTheClockIsPutBack) {
    Clockwork shop{R"({"type": "time", "at": ["09:00"]})"};
    EXPECT_EQ(shop.fired("2026-01-15T07:59:00Z", "2026-01-15T08:10:00Z").size(), 1U);
    EXPECT_TRUE(shop.fired("2026-01-15T07:50:00Z", "2026-01-15T08:30:00Z").empty());
}

TEST(Time, BeginsAnewWhenTheClockWasFarInTheFuture) {
    Clockwork shop{R"({"type": "time", "at": ["09:00"]})"};
    EXPECT_EQ(shop.fired("2031-01-15T07:59:00Z", "2031-01-15T08:10:00Z").size(), 1U);
    EXPECT_EQ(shop.fired("2026-01-15T07:50:00Z", "2026-01-15T08:30:00Z"),
              Times{"2026-01-15T08:00"});
}

TEST(Time, DoesNotComeForWhatWasBeforeTheCampaign) {
    Clockwork shop{R"({"type": "time", "at": ["09:00"]})"};
    EXPECT_TRUE(shop.fired("2026-01-15T08:10:00Z", "2026-01-15T20:00:00Z").empty());
}

}  // namespace
}  // namespace aisle::offers
