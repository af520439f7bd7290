#include "shop_world.hpp"

// What the running agent fires of itself: from its doors, its tags, its facts and its clock, and
// once, also over a kill.
namespace aisle::app {
namespace {

const std::string kFull = R"({"type": "occupancy", "level": 10})";
const std::string kBusy = R"({"type": "footfall", "level": 10, "window_min": 5})";
const std::string kRain = R"({"type": "weather", "is": "rain"})";
const std::string kLow = R"({"type": "stock", "sku": "SKU9", "level": 5, "zone": "shoes"})";
const std::string kHourly = R"({"type": "time", "every_min": 60})";

// A shop that ticks as the heartbeat makes it.
struct Ticking : ShopWorld {
    using ShopWorld::ShopWorld;

    // How many cards staff were shown in so many seconds.
    std::size_t pass(int seconds_long) {
        const std::size_t before = announced.size();
        for (int i = 0; i < seconds_long; ++i) {
            readings.tick();
            pipeline.submit_inner(
                {.apply = [&](Turn& turn, std::span<const Found>) { floor.tick(turn); }});
            loop.advance(seconds{1});
        }
        settle();
        return announced.size() - before;
    }
    void come_in(int people, Direction direction = Direction::In) {
        EXPECT_TRUE(take(reading_of(Crossing{.door = DoorId{"main"},
                                             .direction = direction,
                                             .n = people,
                                             .at = clock.now().wall,
                                             .mono = clock.now().mono})));
    }
    void fact(const std::string& key, FactValue value) {
        tell("facts.jsonl", {FactRow{.key = key, .value = std::move(value)}});
    }
};

TEST(Triggers, FireOnOccupancyFromTheDoors) {
    Ticking world{{campaign("c", kFull)}};
    EXPECT_EQ(world.pass(2), 0U);
    world.come_in(9);
    EXPECT_EQ(world.pass(2), 0U);
    world.come_in(1);
    EXPECT_EQ(world.pass(2), 1U);
    EXPECT_EQ(world.announced.front().trigger, TriggerKind::Occupancy);
    world.come_in(1, Direction::Out);
    world.come_in(1);
    EXPECT_EQ(world.pass(2), 0U);
}

TEST(Triggers, FireOnFootfallFromTheDoorsMinutes) {
    Ticking world{{campaign("c", kBusy)}};
    world.pass(2);
    world.come_in(6);
    world.come_in(6, Direction::Out);
    EXPECT_EQ(world.pass(2), 0U);
    world.come_in(4);
    EXPECT_EQ(world.pass(2), 1U);
}

TEST(Triggers, FireOnWeatherFromTheFacts) {
    Ticking world{{campaign("c", kRain)}};
    world.fact("ctx.weather", std::string{"sun"});
    EXPECT_EQ(world.pass(2), 0U);
    world.fact("ctx.weather", std::string{"rain"});
    EXPECT_EQ(world.pass(2), 1U);
}

TEST(Triggers, FireAtTheMomentAtWhichAFactBegins) {
    Ticking world{{campaign("c", kRain)}};
    const WallTime begins = world.clock.now().wall + seconds{30};
    world.tell("facts.jsonl",
               {FactRow{.key = "ctx.weather", .value = std::string{"sun"}, .valid_to = begins},
                FactRow{.key = "ctx.weather", .value = std::string{"rain"}, .valid_from = begins}});
    EXPECT_EQ(world.pass(20), 0U);
    EXPECT_EQ(world.pass(20), 1U);
}

TEST(Triggers, FireOnStockAndNameTheShelf) {
    Ticking world{{campaign("c", kLow)}};
    world.fact("stock.SKU9", std::int64_t{9});
    EXPECT_EQ(world.pass(2), 0U);
    world.fact("stock.SKU9", std::int64_t{4});
    EXPECT_EQ(world.pass(2), 1U);
    EXPECT_EQ(world.announced.front().zone, ZoneId{"shoes"});
}

TEST(Triggers, FireOnStockOfTheChainsDataset) {
    Ticking world{{campaign("c", kLow)}};
    const auto tell = [&](std::int64_t n) {
        world.engines->chain.set(wire::Dataset::Stock, {.key = "stock.SKU9", .value = n});
        world.engines->context_changed();
    };
    tell(9);
    EXPECT_EQ(world.pass(2), 0U);
    tell(5);
    EXPECT_EQ(world.pass(2), 1U);
}

TEST(Triggers, FireByTheClock) {
    Ticking world{{campaign("c", kHourly)}};
    EXPECT_EQ(world.pass(2), 0U);  // it is noon: the table begins now
    world.loop.advance(minutes{60});
    EXPECT_EQ(world.pass(2), 1U);
}

TEST(Triggers, FireWhenATagComesIntoAZone) {
    Ticking world{{campaign("c", R"({"type": "zone_enter", "zone": "shoes"})")}};
    world.tell(
        "tags.jsonl",
        {TagRow{.tag = "t14", .bearer = TagBearer::Trolley, .label = "trolley 14", .member = {}}});
    for (int i = 0; i < 8; ++i) {
        EXPECT_TRUE(world.readings.accept(reading_of(Sighting{.at = world.clock.now().mono,
                                                              .wall = world.clock.now().wall,
                                                              .tag = world.tag("t14"),
                                                              .scanner = "gw-shoes",
                                                              .rssi_dbm = -50}),
                                          {}));
        world.pass(1);
    }
    ASSERT_EQ(world.announced.size(), 1U);
    EXPECT_EQ(world.announced.front().eyes, "trolley 14");
    EXPECT_EQ(world.announced.front().trigger, TriggerKind::ZoneEnter);
}

TEST(Triggers, AreNotFiredAgainByTheNextLife) {
    const Folder folder;
    const std::vector<std::string> all{campaign("a", kFull), campaign("b", kBusy),
                                       campaign("c", kRain), campaign("d", kLow)};
    const auto facts = [](ShopWorld& world, const char* sky, std::int64_t stock) {
        world.tell("facts.jsonl", {FactRow{.key = "ctx.weather", .value = std::string{sky}},
                                   FactRow{.key = "stock.SKU9", .value = stock}});
    };
    {
        Ticking world{all, &folder};
        facts(world, "sun", 9);
        world.pass(2);
        world.come_in(12);
        facts(world, "rain", 2);
        EXPECT_EQ(world.pass(2), 4U);
    }
    Ticking world{all, &folder, kit::at(minutes{2})};
    EXPECT_EQ(world.pass(2), 0U);  // the facts have not been read yet
    facts(world, "rain", 2);
    EXPECT_EQ(world.pass(2), 0U);
    EXPECT_EQ(world.engines->offers->live().size(), 4U);
}

TEST(Context, IsMadeAnewWhenSomethingIsTold) {
    Ticking world{{campaign(
        "c", kOnSeen, R"("when": {"ctx.occupancy": {"$gte": 3}}, "experiment": {"holdout": 0})")}};
    world.tell("members.jsonl", {MemberRow{.member = "m1",
                                           .consent = {{std::string{kConsentMarketing},
                                                        {.at = kit::kNoon, .version = "1"}}}}});
    EXPECT_TRUE(world.check_in("m1").offers.empty());
    world.come_in(3);
    EXPECT_EQ(world.check_in("m1").offers.size(), 1U);
}

}  // namespace
}  // namespace aisle::app
