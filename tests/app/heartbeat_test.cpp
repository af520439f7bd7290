#include "agent/records/floor_records.hpp"
#include "shop_world.hpp"

namespace aisle::app {
namespace {

TEST(Heartbeat, TicksAtItsStartAndEachSecond) {
    ShopWorld world;
    // Ticks that have nothing to make true leave no batch: the tag that falls silent shows them.
    world.tell("tags.jsonl", {TagRow{.tag = "t1", .bearer = TagBearer::Trolley, .label = "1"}});
    EXPECT_TRUE(world.readings.accept(reading_of(Sighting{.at = world.clock.now().mono,
                                                          .wall = world.clock.now().wall,
                                                          .tag = world.tag("t1"),
                                                          .scanner = "gw-shoes",
                                                          .rssi_dbm = -50}),
                                      {}));
    world.heartbeat.start();
    world.loop.advance(seconds{9});
    EXPECT_EQ(world.engines->presence.tags_tracked(), 1U);
    world.loop.advance(seconds{2});
    EXPECT_EQ(world.engines->presence.tags_tracked(), 0U);
}

TEST(Heartbeat, TicksAtItsStartForWhatFellDueBefore) {
    ShopWorld world{{campaign("c", kOnSeen)}};
    world.check_in("M1");
    world.clock.advance(std::chrono::hours{1});
    world.heartbeat.start();
    world.settle();
    EXPECT_EQ(world.journal("outcome").size(), 1U);
}

TEST(Heartbeat, LetsOneTickWaitAtATime) {
    ShopWorld world;
    world.room = 0;  // a disk that takes nothing: nothing more is worked out
    EXPECT_TRUE(world.readings.accept(reading_of(PositionReading{}, "1"), {}));
    world.loop.advance(seconds{1});
    world.heartbeat.start();
    world.loop.advance(seconds{30});
    EXPECT_EQ(world.metrics->gauge("aisle_readings_waiting", "").value(), 1);
}

TEST(Heartbeat, WritesAHealthRecordEachMinute) {
    ShopWorld world;
    world.outbox_rows = 5;
    world.heartbeat.start();
    world.loop.advance(seconds{59});
    world.settle();
    EXPECT_TRUE(world.journal("health").empty());
    world.loop.advance(seconds{121});
    world.settle();
    ASSERT_EQ(world.journal("health").size(), 3U);
    const auto numbers = records::health_from_json(world.journal("health").front());
    EXPECT_EQ(numbers->at("aisle_outbox_rows"), 5);
    EXPECT_EQ(numbers->at("aisle_resident_bytes"), 4096);
    EXPECT_EQ(numbers->size(), 5U);
}

TEST(Heartbeat, KnowsTheSizesOfTheStore) {
    ShopWorld world;
    EXPECT_TRUE(world.sell(draft(1000)));
    world.heartbeat.start();
    world.loop.run_ready();
    EXPECT_EQ(world.heartbeat.sizes().journal_rows, 1);
    EXPECT_GT(world.metrics->gauge("aisle_database_bytes", "").value(), 0);
    EXPECT_TRUE(world.sell(draft(1000, 2)));
    world.loop.advance(seconds{10});
    EXPECT_EQ(world.heartbeat.sizes().journal_rows, 2);
}

TEST(Heartbeat, KeepsTheLastSizesWhileTheReaderIsFull) {
    ShopWorld world;
    EXPECT_TRUE(world.sell(draft(1000)));
    world.heartbeat.start();
    world.loop.run_ready();
    world.room = 0;
    world.loop.advance(seconds{20});
    EXPECT_EQ(world.heartbeat.sizes().journal_rows, 1);
}

TEST(Heartbeat, DoesNothingOnceItHasStopped) {
    ShopWorld world;
    world.heartbeat.start();
    world.settle();
    world.heartbeat.stop();
    world.loop.advance(std::chrono::hours{1});
    world.settle();
    EXPECT_TRUE(world.journal("health").empty());
}

TEST(Heartbeat, PrunesEachQuarterOfAnHour) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(Crossing{.door = DoorId{"main"},
                                               .direction = Direction::In,
                                               .n = 1,
                                               .at = kit::kNoon,
                                               .mono = kit::at().mono})));
    world.clock.advance(std::chrono::hours{24 * 3});
    world.heartbeat.start();
    world.loop.advance(minutes{14});
    EXPECT_EQ(world.journal("crossing").size(), 1U);
    world.loop.advance(minutes{2});
    EXPECT_TRUE(world.journal("crossing").empty());
}

TEST(Heartbeat, PrunesUntilNothingIsLeftToPrune) {
    ShopWorld world;
    for (int batch = 0; batch < 10; ++batch) {
        Batch old;
        for (int i = 0; i < 250; ++i)
            old.records.push_back(
                {.stream = Stream::Local, .kind = "crossing", .at = kit::at(), .body = "{}"});
        EXPECT_TRUE(world.store->append(old, kit::kNoon));
    }
    world.clock.advance(std::chrono::hours{24 * 3});
    world.heartbeat.prune();
    world.loop.run_ready();
    // More rows than one call deletes; the newest stays, so that no id is ever used twice.
    EXPECT_EQ(world.journal("crossing").size(), 1U);
}

TEST(Heartbeat, FollowsRetentionThatIsReloaded) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(Crossing{.door = DoorId{"main"},
                                               .direction = Direction::In,
                                               .n = 1,
                                               .at = kit::kNoon,
                                               .mono = kit::at().mono})));
    world.clock.advance(std::chrono::hours{24 * 3});
    config::RetentionConfig longer;
    longer.local_days = 10;
    world.heartbeat.set_retention(retention_of(longer));
    world.heartbeat.prune();
    world.loop.run_ready();
    EXPECT_EQ(world.journal("crossing").size(), 1U);
}

TEST(Retention, GivesEveryKindTheDaysOfItsClass) {
    const config::RetentionConfig config{.ledger_days = 1,
                                         .offers_days = 2,
                                         .footfall_days = 3,
                                         .health_days = 4,
                                         .local_days = 5,
                                         .quarantine_days = 6};
    const store::RetentionSettings settings = retention_of(config);
    const auto days_of = [&](const std::string& kind) {
        for (const store::RetentionClass& group : settings.classes) {
            for (const std::string& each : group.kinds)
                if (each == kind) return group.keep.count();
        }
        return settings.keep_others.count();
    };
    const std::map<std::string, int> expected{{"sale", 1},
                                              {"redemption", 1},
                                              {"budget", 1},
                                              {"consent", 1},
                                              {"audit", 1},
                                              {"offer", 2},
                                              {"withheld", 2},
                                              {"exposure", 2},
                                              {"outcome", 2},
                                              {"transition", 2},
                                              {"experiment", 2},
                                              {"footfall_minute", 3},
                                              {"health", 4},
                                              {"zone_visit", 3},
                                              {"crossing", 5},
                                              {"count", 5},
                                              {"member", 5},
                                              {"product", 5},
                                              {"tag", 5},
                                              {"fact", 5},
                                              {"blindness", 5},
                                              {"u_turn", 5},
                                              {"zone_stay", 5},
                                              {"scene_minute", 5},
                                              {"floor_hour", 3},
                                              {"footfall_day", 3},
                                              {"line_accuracy", 3},
                                              {"experiment_sums", 2},
                                              {"a kind of tomorrow", 1}};
    for (const auto& [kind, days] : expected) EXPECT_EQ(days_of(kind), days) << kind;
    EXPECT_EQ(settings.keep_quarantine.count(), 6);
}

}  // namespace
}  // namespace aisle::app
