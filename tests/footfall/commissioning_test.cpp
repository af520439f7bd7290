#include "agent/footfall/commissioning.hpp"

#include <gtest/gtest.h>

#include "shop.hpp"

namespace aisle::footfall {
namespace {

// Somebody at the door "main" with a clock of his own.
struct AtTheDoor {
    AtTheDoor() { id = engine.begin(kMain, "A3", now())->id; }

    [[nodiscard]] WallTime now() const { return kit::kNoon + passed; }
    void wait(milliseconds time) { passed += time; }
    TapVerdict tap(TapKind kind, milliseconds ago = {}) {
        return engine.tap(id, {.n = ++told, .kind = kind, .ago = ago}, now());
    }
    void cross(Direction direction) {
        engine.crossing({.door = kMain, .direction = direction, .at = now()});
    }
    // A person who is tapped and, if `seen`, counted; ten seconds after the one before.
    void person(bool seen = true) {
        wait(seconds{10});
        if (seen) cross(Direction::In);
        tap(TapKind::In);
    }
    std::vector<Measurement> finish() {
        wait(seconds{10});
        engine.end(id, now());
        wait(kReach);
        return tick();
    }
    // Everything commits at once.
    std::vector<Measurement> tick() {
        std::vector<Measurement> all;
        for (const auto& judged : engine.tick(now())) {
            all.push_back(judged.found);
            engine.committed(judged.session);
        }
        return all;
    }

    milliseconds passed{};
    std::int64_t told = 0;
    Commissioning engine;
    std::string id;
};

TEST(Commissioning, MeasuresADoorByThePeopleAtIt) {
    AtTheDoor world;
    for (int i = 0; i < 20; ++i) world.person(i % 10 != 0);
    const auto done = world.finish();
    ASSERT_EQ(done.size(), 1U);
    EXPECT_EQ(done[0].tries().of, 20);
    EXPECT_EQ(permille_of(done[0].tries()), 900);
    EXPECT_EQ(done[0].by, "A3");
    EXPECT_EQ(world.engine.measured().at(kMain).in.missed, 2);
    EXPECT_TRUE(world.engine.sessions().empty());
}

TEST(Commissioning, KeepsNoResultOfTooFewPeople) {
    AtTheDoor world;
    for (int i = 0; i < 9; ++i) world.person();
    const auto done = world.finish();
    ASSERT_EQ(done.size(), 1U);
    EXPECT_FALSE(done[0].enough());
    EXPECT_TRUE(world.engine.measured().empty());
    ASSERT_NE(world.engine.last(world.id), nullptr);
    EXPECT_EQ(world.engine.last(world.id)->in.right, 9);
}

TEST(Commissioning, TellsNoResultBeforeItIsCommitted) {
    AtTheDoor world;
    for (int i = 0; i < 10; ++i) world.person();
    world.engine.end(world.id, world.now());
    world.wait(kReach);
    ASSERT_EQ(world.engine.tick(world.now()).size(), 1U);
    EXPECT_TRUE(world.engine.tick(world.now()).empty()) << "judged once";
    EXPECT_EQ(world.engine.last(world.id), nullptr);
    EXPECT_EQ(world.engine.session(world.id)->state, SessionState::Settling);
    world.engine.committed(world.id);
    EXPECT_NE(world.engine.last(world.id), nullptr);
    EXPECT_FALSE(world.engine.session(world.id));
}

TEST(Commissioning, WaitsForWhatTheDoorStillHasToTell) {
    AtTheDoor world;
    world.wait(seconds{10});
    world.tap(TapKind::In);
    world.engine.end(world.id, world.now());
    EXPECT_TRUE(world.tick().empty());
    const WallTime passed_at = world.now();
    world.wait(seconds{4});
    world.engine.crossing({.door = kMain, .direction = Direction::In, .at = passed_at});
    world.wait(seconds{1});
    EXPECT_EQ(world.tick().at(0).in.right, 1);
}

TEST(Commissioning, TakesATapThatIsToldTwiceForOne) {
    AtTheDoor world;
    EXPECT_EQ(world.engine.tap(world.id, {.n = 1}, world.now()), TapVerdict::Done);
    EXPECT_EQ(world.engine.tap(world.id, {.n = 1}, world.now()), TapVerdict::Same);
    EXPECT_EQ(world.engine.session(world.id)->in, 1);
}

TEST(Commissioning, AsksForATapThatIsMissing) {
    AtTheDoor world;
    EXPECT_EQ(world.engine.tap(world.id, {.n = 3}, world.now()), TapVerdict::Gap);
    EXPECT_EQ(world.engine.session(world.id)->taps_told, 0);
}

TEST(Commissioning, TakesTheLastTapBack) {
    AtTheDoor world;
    world.tap(TapKind::In);
    world.tap(TapKind::Out);
    world.tap(TapKind::Undo);
    EXPECT_EQ(world.engine.session(world.id)->in, 1);
    EXPECT_EQ(world.engine.session(world.id)->out, 0);
    world.tap(TapKind::Undo);
    world.tap(TapKind::Undo);
    EXPECT_EQ(world.engine.session(world.id)->in, 0);
}

TEST(Commissioning, PlacesATapThatCameLateWhereItWasMade) {
    AtTheDoor world;
    world.wait(seconds{10});
    world.cross(Direction::In);
    world.wait(seconds{40});
    world.tap(TapKind::In, seconds{39});
    EXPECT_EQ(world.finish().at(0).in.right, 1);
}

TEST(Commissioning, HasOnePersonADoor) {
    AtTheDoor world;
    const auto other = world.engine.begin(kMain, "B7", world.now());
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().fault, Fault::Denied);
    EXPECT_EQ(world.engine.begin(kMain, "A3", world.now())->id, world.id);
    EXPECT_TRUE(world.engine.begin(kStreet, "B7", world.now()));
}

TEST(Commissioning, BoundsItsSessions) {
    Commissioning engine;
    for (std::size_t i = 0; i < kSessionsMax; ++i)
        EXPECT_TRUE(engine.begin(DoorId{std::to_string(i)}, "A3", kit::kNoon));
    const auto one_more = engine.begin(DoorId{"x"}, "A3", kit::kNoon);
    ASSERT_FALSE(one_more);
    EXPECT_EQ(one_more.error().fault, Fault::Full);
}

TEST(Commissioning, BoundsItsTaps) {
    AtTheDoor world;
    for (std::size_t i = 0; i < kTapsMax; ++i) ASSERT_EQ(world.tap(TapKind::In), TapVerdict::Done);
    EXPECT_EQ(world.tap(TapKind::In), TapVerdict::Full);
}

TEST(Commissioning, ForgetsASessionThatIsCancelled) {
    AtTheDoor world;
    EXPECT_TRUE(world.engine.cancel(world.id));
    EXPECT_EQ(world.tap(TapKind::In), TapVerdict::Unknown);
    EXPECT_TRUE(world.finish().empty());
}

TEST(Commissioning, EndsBySelfWhatNobodyEnds) {
    AtTheDoor world;
    world.wait(kSessionMax);
    EXPECT_TRUE(world.tick().empty());
    world.wait(kReach);
    EXPECT_EQ(world.tick().size(), 1U);
}

TEST(Commissioning, CountsBothCrossingsOfWhoTurnsBack) {
    AtTheDoor world;
    world.wait(seconds{10});
    world.cross(Direction::In);
    const WallTime first = world.now();
    world.tap(TapKind::In);
    world.wait(seconds{3});
    world.tap(TapKind::Out);
    world.engine.u_turn({.door = kMain, .first_at = first, .at = world.now()});
    const auto done = world.finish();
    EXPECT_EQ(done.at(0).tries().right, 2);
    EXPECT_EQ(done.at(0).tries().of, 2);
}

TEST(Commissioning, RemembersWhoPassedJustBeforeItBegan) {
    Commissioning engine;
    engine.crossing({.door = kMain, .direction = Direction::In, .at = kit::kNoon});
    const std::string id = engine.begin(kMain, "A3", kit::kNoon + seconds{2})->id;
    engine.tap(id, {.n = 1}, kit::kNoon + seconds{3});
    engine.end(id, kit::kNoon + seconds{60});
    EXPECT_EQ(engine.tick(kit::kNoon + seconds{65}).at(0).found.in.right, 1);
}

TEST(Commissioning, WaitsForACountersSumsAndTakesTheirShare) {
    AtTheDoor world;
    const auto sum = [&](int from_s, std::int32_t in) {
        const WallTime from = kit::kNoon + seconds{from_s};
        world.engine.count({.door = kMain, .from = from, .to = from + minutes{1}, .in = in});
    };
    sum(-60, 7);
    for (int i = 0; i < 12; ++i) {
        world.wait(seconds{10});
        world.tap(TapKind::In);
    }
    sum(0, 6);
    sum(60, 6);
    EXPECT_TRUE(world.finish().empty()) << "ten seconds of the session are not told yet";
    sum(120, 6);
    const auto done = world.tick();
    ASSERT_EQ(done.size(), 1U);
    EXPECT_TRUE(done[0].sums);
    EXPECT_EQ(done[0].in, (DirectionScore{.tapped = 12, .right = 12, .phantom = 1}));
}

TEST(Commissioning, PairsWhatACounterTellsPersonByPerson) {
    AtTheDoor world;
    world.wait(seconds{10});
    const WallTime at = world.now();
    world.engine.count({.door = kMain, .from = at, .to = at + milliseconds{1}, .out = 1});
    world.wait(seconds{2});
    world.tap(TapKind::Out);
    const auto done = world.finish();
    ASSERT_EQ(done.size(), 1U);
    EXPECT_FALSE(done[0].sums);
    EXPECT_EQ(done[0].out.right, 1);
}

TEST(Commissioning, TakesNoNonsenseFromACounter) {
    AtTheDoor world;
    world.engine.count(
        {.door = kMain, .from = world.now(), .to = world.now() - minutes{1}, .in = 3});
    world.engine.count(
        {.door = kMain, .from = world.now(), .to = world.now() + minutes{1}, .in = -3});
    const auto done = world.finish();
    ASSERT_EQ(done.size(), 1U);
    EXPECT_FALSE(done[0].sums);
    EXPECT_EQ(done[0].in, DirectionScore{});
}

TEST(Commissioning, DoesNotWaitForEverForACounterThatWentSilent) {
    AtTheDoor world;
    world.engine.count({.door = kMain, .from = kit::kNoon - minutes{1}, .to = kit::kNoon});
    EXPECT_TRUE(world.finish().empty());
    world.wait(minutes{4});
    EXPECT_EQ(world.tick().size(), 1U);
}

TEST(Commissioning, IsAsItWasAfterARestart) {
    AtTheDoor world;
    for (int i = 0; i < 20; ++i) world.person(i % 10 != 0);
    const auto done = world.finish();
    Commissioning after;
    EXPECT_TRUE(after.restore(std::vector<StateChange>{row_of(done.at(0))}));
    EXPECT_EQ(permille_of(after.measured().at(kMain).tries()), 900);
}

TEST(Commissioning, SaysThatAMovedLineWasMeasuredBefore) {
    AtTheDoor world;
    for (int i = 0; i < 10; ++i) world.person();
    world.finish();
    const auto row = world.engine.moved(kMain);
    ASSERT_TRUE(row);
    EXPECT_TRUE(measurement_from(*row)->stale);
    EXPECT_FALSE(world.engine.moved(kMain)) << "known already";
    EXPECT_FALSE(world.engine.moved(kStreet)) << "never measured";
}

}  // namespace
}  // namespace aisle::footfall
