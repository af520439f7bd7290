#include "agent/records/floor_records.hpp"
#include "shop_world.hpp"

// Crossings, counts, blindness, sightings, positions: what doors and scanners say.
namespace aisle::app {
namespace {

Crossing crossing(std::int32_t n, Direction direction = Direction::In) {
    return {.door = DoorId{"main"},
            .direction = direction,
            .n = n,
            .at = kit::kNoon,
            .mono = kit::at().mono};
}

CountReading count(const std::string& id, std::int32_t in, const std::string& source = "sensor") {
    return {.source = source,
            .id = id,
            .door = DoorId{"main"},
            .from = kit::kNoon - minutes{1},
            .to = kit::kNoon,
            .in = in,
            .out = 0};
}

Sighting heard(const ShopWorld& world, const std::string& raw, const std::string& scanner) {
    return {.at = world.clock.now().mono,
            .wall = world.clock.now().wall,
            .tag = world.tag(raw),
            .scanner = scanner,
            .rssi_dbm = -50};
}

// A tag is heard by one scanner once a second.
void stand(ShopWorld& world, const std::string& raw, const std::string& scanner, int seconds_long) {
    for (int i = 0; i <= seconds_long; ++i) {
        EXPECT_TRUE(world.readings.accept(reading_of(heard(world, raw, scanner)), {}));
        world.loop.advance(seconds{1});
    }
    world.settle();
}

std::vector<SourcePosition> positions(ShopWorld& world) { return *world.store->positions("dir"); }

TEST(Readings, CountCrossingsAtTheDoor) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(crossing(3))));
    EXPECT_TRUE(world.take(reading_of(crossing(1, Direction::Out))));
    EXPECT_EQ(world.desk.today().entries, 3);
    EXPECT_EQ(world.desk.today().inside, 2);
    EXPECT_EQ(world.journal("crossing").size(), 2U);
}

TEST(Readings, LetCrossingsGatherForASecond) {
    ShopWorld world;
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(world.readings.accept(reading_of(crossing(1)), {}));
    world.loop.run_ready();
    EXPECT_TRUE(world.journal("crossing").empty());
    world.settle();
    EXPECT_EQ(world.journal("crossing").size(), 5U);
    EXPECT_EQ(world.metrics->counter("aisle_batches_total", "").value(), 1);
}

TEST(Readings, CountAPackageOfASensorOnce) {
    ShopWorld world;
    EXPECT_FALSE(world.take(reading_of(count("p1", 4)))->duplicate);
    EXPECT_TRUE(world.take(reading_of(count("p1", 4)))->duplicate);
    EXPECT_EQ(world.desk.today().entries, 4);
    EXPECT_EQ(world.journal("count").size(), 1U);
}

TEST(Readings, CountAPackageOnceWithinOneBatchToo) {
    ShopWorld world;
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(world.readings.accept(reading_of(count("p1", 4)), {}));
    world.settle();
    EXPECT_EQ(world.desk.today().entries, 4);
    EXPECT_EQ(world.journal("count").size(), 1U);
}

TEST(Readings, CountAPackageOnceAcrossARestart) {
    const Folder folder;
    {
        EXPECT_TRUE(
            ShopWorld(std::vector<std::string>{}, &folder).take(reading_of(count("p1", 4))));
    }
    ShopWorld world{{}, &folder};
    EXPECT_TRUE(world.take(reading_of(count("p1", 4)))->duplicate);
    EXPECT_EQ(world.desk.today().entries, 4);
}

TEST(Readings, TellPackagesOfTwoSensorsApart) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(count("p1", 4, "one"))));
    EXPECT_FALSE(world.take(reading_of(count("p1", 4, "other")))->duplicate);
    EXPECT_EQ(world.desk.today().entries, 8);
}

TEST(Readings, CountEachSumWithoutIdentity) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(count("", 2))));
    EXPECT_TRUE(world.take(reading_of(count("", 2))));
    EXPECT_EQ(world.desk.today().entries, 4);
}

TEST(Readings, RememberForHowLongADoorWasBlind) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(Blindness{.door = DoorId{"main"},
                                                .from = kit::kNoon - seconds{40},
                                                .to = kit::kNoon,
                                                .reason = "camera_lost"})));
    EXPECT_EQ(world.desk.today().blind_s, 40);
    EXPECT_EQ(world.journal("blindness").size(), 1U);
}

TEST(Readings, MakeAPositionTrueTogetherWithItsReading) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(SaleReading{draft(1000), {}}, "120")));
    ASSERT_EQ(positions(world).size(), 1U);
    EXPECT_EQ(positions(world).front().position, "120");
}

TEST(Readings, MoveThePositionForADuplicateToo) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(SaleReading{draft(1000), {}}, "120")));
    EXPECT_TRUE(world.take(reading_of(SaleReading{draft(1000), {}}, "240"))->duplicate);
    EXPECT_EQ(positions(world).front().position, "240");
}

TEST(Readings, TakeAPositionAlone) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(PositionReading{}, "5")));
    EXPECT_EQ(positions(world).front().position, "5");
    EXPECT_TRUE(world.journal("").empty());
}

TEST(Readings, ForgetAPositionThatIsEmpty) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(PositionReading{}, "5")));
    Reading reading = reading_of(PositionReading{});
    reading.position = SourcePosition{.source = "dir", .item = "file", .position = ""};
    EXPECT_TRUE(world.take(std::move(reading)));
    EXPECT_TRUE(positions(world).empty());
}

TEST(Readings, KeepTheLastOfManyPositionsInABatch) {
    ShopWorld world;
    for (const char* at : {"1", "2", "3"})
        EXPECT_TRUE(world.readings.accept(reading_of(crossing(1), at), {}));
    world.settle();
    ASSERT_EQ(positions(world).size(), 1U);
    EXPECT_EQ(positions(world).front().position, "3");
}

TEST(Readings, PutAsideWhatADriverCouldNotRead) {
    ShopWorld world;
    const auto answer = world.take(reading_of(RejectedReading{{.source = "till",
                                                               .reason = "schema",
                                                               .detail = "no total",
                                                               .origin = "a.xml",
                                                               .payload = "<Sale/>"}},
                                              "9"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error(), malformed("schema: no total"));
    const auto rows = world.store->quarantined({.payloads = true});
    ASSERT_EQ(rows->size(), 1U);
    EXPECT_EQ(rows->front().item.reason, "schema");
    EXPECT_EQ(rows->front().item.payload, "<Sale/>");
    EXPECT_EQ(rows->front().item.at, world.clock.now());
    EXPECT_EQ(positions(world).front().position, "9");
}

TEST(Readings, OfATrolleyBecomeAVisit) {
    ShopWorld world;
    world.tell("tags.jsonl", {TagRow{.tag = "t14", .bearer = TagBearer::Trolley, .label = "14"}});
    stand(world, "t14", "gw-shoes", 5);
    ASSERT_EQ(world.engines->presence.open_visits().size(), 1U);
    world.loop.advance(seconds{15});
    world.readings.tick();
    world.settle();
    const auto visits = world.journal("zone_visit");
    ASSERT_EQ(visits.size(), 1U);
    const auto visit = records::zone_visit_from_json(visits.front());
    EXPECT_EQ(visit->zone, ZoneId{"shoes"});
    EXPECT_EQ(visit->label, "14");
    EXPECT_EQ(visit->left - visit->entered, seconds{5});
}

TEST(Readings, OfStaffStayOutOfDwellFigures) {
    for (const TagBearer bearer : {TagBearer::Staff, TagBearer::Trolley}) {
        ShopWorld world;
        world.tell("tags.jsonl", {TagRow{.tag = "t1", .bearer = bearer, .label = "x"}});
        stand(world, "t1", "gw-shoes", 5);
        stand(world, "t1", "gw-bags", 20);
        const auto today = world.engines->footfall.today(world.clock.now().wall);
        EXPECT_EQ(today.zones.empty(), bearer == TagBearer::Staff);
        EXPECT_EQ(world.journal("zone_visit").size(), 1U);
    }
}

TEST(Readings, OfStrangersTagsAreDropped) {
    ShopWorld world;
    stand(world, "stranger", "gw-shoes", 5);
    EXPECT_TRUE(world.engines->presence.open_visits().empty());
    EXPECT_TRUE(world.journal("").empty());
}

TEST(Readings, OfSightingsNeedNoRoomInTheQueue) {
    ShopWorld world;
    world.tell("tags.jsonl", {TagRow{.tag = "t14", .bearer = TagBearer::Trolley, .label = "14"}});
    for (int i = 0; i < 5000; ++i)
        EXPECT_TRUE(world.readings.accept(reading_of(heard(world, "t14", "gw-shoes")), {}));
}

TEST(Readings, AreCountedBySource) {
    ShopWorld world;
    EXPECT_TRUE(world.sell(draft(1000)));
    EXPECT_TRUE(world.take(reading_of(count("p1", 1, "sensor"))));
    EXPECT_TRUE(world.take(reading_of(count("p1", 1, "sensor"))));
    EXPECT_TRUE(world.take(reading_of(crossing(1))));
    EXPECT_TRUE(world.take(reading_of(PositionReading{}, "5")));
    EXPECT_TRUE(world.readings.accept(reading_of(heard(world, "t", "gw-shoes")), {}));
    std::map<std::string, std::int64_t> counts;
    for (const auto& [source, activity] : world.readings.activity())
        counts[source] = activity.readings;
    EXPECT_EQ(counts, (std::map<std::string, std::int64_t>{
                          {"dir", 1}, {"gw-shoes", 1}, {"main", 1}, {"sensor", 2}, {"till", 1}}));
}

TEST(Readings, TellWhenASourceWasLastHeard) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(count("p1", 1))));
    world.loop.advance(seconds{30});
    const WallTime later = world.clock.now().wall;
    EXPECT_TRUE(world.take(reading_of(count("p2", 1))));
    EXPECT_EQ(world.readings.activity().at("sensor").last, later);
}

TEST(Readings, FollowNoMoreThanSoManySources) {
    ShopWorld world;
    for (std::size_t i = 0; i < kSourcesMax + 10; ++i) {
        EXPECT_TRUE(
            world.readings.accept(reading_of(heard(world, "t", "gw-" + std::to_string(i))), {}));
    }
    EXPECT_EQ(world.readings.activity().size(), kSourcesMax);
    const std::string known = world.readings.activity().begin()->first;
    EXPECT_TRUE(world.readings.accept(reading_of(heard(world, "t", known)), {}));
    EXPECT_EQ(world.readings.activity().at(known).readings, 2) << "known ones go on counting";
}

}  // namespace
}  // namespace aisle::app
