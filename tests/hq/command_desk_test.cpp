#include "sync/hq/command_desk.hpp"

#include <gtest/gtest.h>

#include "rollout_kit.hpp"

namespace aisle::hq {
namespace {

QueuedCommand command(const std::string& id, const std::string& store = "s-1",
                      seconds valid = seconds{3'600}) {
    return {.id = id,
            .store = store,
            .type = "flush",
            .issued = kit::kNoon,
            .expires = kit::kNoon + valid,
            .sealed = "signed " + id};
}

struct DeskStage {
    explicit DeskStage(CommandLimits with = {}) : limits{with}, desk{with, seeded(1)} {}
    Status queue(QueuedCommand one) { return keep(desk.queue(std::move(one), now())); }
    Status keep(Result<DownEffects> effects) {
        if (!effects) return effects.error();
        rows.take(effects->state);
        return {};
    }
    void wait(seconds time) {
        for (seconds s{0}; s < time; s += seconds{1}) {
            passed += seconds{1};
            auto effects = desk.tick(now());
            rows.take(effects.state);
            for (const auto& message : effects.send) ++got[message.payload];
        }
    }
    void answer(const std::string& id, const std::string& status,
                const std::string& store = "s-1") {
        rows.take(desk.answered({store, id, status, "told"}, now()).state);
    }
    void restart() {
        desk = CommandDesk{limits, seeded(2)};
        ASSERT_TRUE(desk.restore(rows.of(CommandDesk::kRoom)));
    }
    [[nodiscard]] CommandState state(const std::string& id) const {
        return desk.commands().at(id).state;
    }
    [[nodiscard]] Stamp now() const { return kit::at(passed); }

    CommandLimits limits;
    CommandDesk desk;
    Rows rows;
    std::map<std::string, int> got;
    milliseconds passed{0};
};

TEST(CommandDesk, RepeatsACommandUntilItsResultComes) {
    DeskStage stage;
    ASSERT_TRUE(stage.queue(command("c1")));
    stage.wait(seconds{120});
    const int said = stage.got.at("signed c1");
    EXPECT_GE(said, 2);
    stage.answer("c1", "done");
    stage.wait(seconds{1'200});
    EXPECT_EQ(stage.got.at("signed c1"), said);
    EXPECT_EQ(stage.state("c1"), CommandState::Done);
    EXPECT_EQ(stage.desk.commands().at("c1").detail, "told");
}

TEST(CommandDesk, GivesUpACommandThatHasExpired) {
    DeskStage stage;
    ASSERT_TRUE(stage.queue(command("c1", "s-1", seconds{60})));
    stage.wait(seconds{61});
    EXPECT_EQ(stage.state("c1"), CommandState::Expired);
    EXPECT_EQ(stage.desk.waiting(), 0U);
}

TEST(CommandDesk, BelievesAResultThatComesAfterTheExpiry) {
    DeskStage stage;
    ASSERT_TRUE(stage.queue(command("c1", "s-1", seconds{60})));
    stage.wait(seconds{61});
    stage.answer("c1", "done");
    EXPECT_EQ(stage.state("c1"), CommandState::Done);
}

TEST(CommandDesk, RepeatsADutyBeyondItsExpiryUntilTheStoreHasAnswered) {
    DeskStage stage;
    auto duty = command("c1", "s-1", seconds{60});
    duty.until_answered = true;
    ASSERT_TRUE(stage.queue(duty));
    stage.wait(seconds{70});
    const int said = stage.got.at("signed c1");
    stage.wait(seconds{3'000});
    EXPECT_GT(stage.got.at("signed c1"), said);
    stage.answer("c1", "expired");
    EXPECT_EQ(stage.state("c1"), CommandState::Expired);
}

TEST(CommandDesk, TakesTheSameCommandAgainWithoutDoingAnything) {
    DeskStage stage;
    ASSERT_TRUE(stage.queue(command("c1")));
    EXPECT_TRUE(stage.queue(command("c1")));
    EXPECT_EQ(stage.desk.waiting(), 1U);
    auto other = command("c1");
    other.sealed = "other bytes";
    EXPECT_EQ(stage.queue(other).error().fault, Fault::Denied);
}

TEST(CommandDesk, RefusesWhatIsOverOrNameless) {
    DeskStage stage;
    EXPECT_EQ(stage.queue(command("c1", "s-1", seconds{0})).error().fault, Fault::Denied);
    EXPECT_EQ(stage.queue(command("")).error().fault, Fault::Malformed);
    EXPECT_EQ(stage.queue(command("c2", "No Store")).error().fault, Fault::Malformed);
}

TEST(CommandDesk, BoundsWhatWaitsForOneStoreAndForAll) {
    DeskStage stage{{.per_store_max = 2, .waiting_max = 3}};
    ASSERT_TRUE(stage.queue(command("c1")));
    ASSERT_TRUE(stage.queue(command("c2")));
    EXPECT_EQ(stage.queue(command("c3")).error().fault, Fault::Full);
    ASSERT_TRUE(stage.queue(command("c4", "s-2")));
    EXPECT_EQ(stage.queue(command("c5", "s-3")).error().fault, Fault::Full);
    stage.answer("c1", "done");
    EXPECT_TRUE(stage.queue(command("c6", "s-3")));
}

TEST(CommandDesk, QueuesAllOrNone) {
    DeskStage stage{{.per_store_max = 1}};
    std::vector<QueuedCommand> many{command("c1", "s-1"), command("c2", "s-1")};
    EXPECT_FALSE(stage.keep(stage.desk.queue(many, stage.now())));
    EXPECT_EQ(stage.desk.waiting(), 0U);
    std::vector<QueuedCommand> twins{command("c3", "s-1"), command("c3", "s-2")};
    EXPECT_FALSE(stage.keep(stage.desk.queue(twins, stage.now())));
    EXPECT_EQ(stage.desk.waiting(), 0U);
}

TEST(CommandDesk, IgnoresAnotherStoresWordAndUnknownWords) {
    DeskStage stage;
    ASSERT_TRUE(stage.queue(command("c1")));
    stage.answer("c1", "done", "s-2");
    stage.answer("c1", "dancing");
    stage.answer("c1", "waiting");
    stage.answer("c9", "done");
    EXPECT_EQ(stage.state("c1"), CommandState::Waiting);
}

TEST(CommandDesk, SaysNothingToAStoreThatIsAwayAndSoonWhenItIsBack) {
    DeskStage stage;
    stage.desk.seen("s-1", false, stage.now());
    ASSERT_TRUE(stage.queue(command("c1")));
    stage.wait(seconds{600});
    EXPECT_TRUE(stage.got.empty());
    stage.desk.seen("s-1", true, stage.now());
    stage.wait(seconds{6});
    EXPECT_EQ(stage.got.size(), 1U);
}

TEST(CommandDesk, ForgetsTheOldestThatAreOver) {
    DeskStage stage{{.ended_max = 2}};
    for (const char* id : {"c1", "c2", "c3"}) {
        ASSERT_TRUE(stage.queue(command(id)));
        stage.wait(seconds{1});
        stage.answer(id, "done");
    }
    EXPECT_FALSE(stage.desk.commands().contains("c1"));
    stage.restart();
    EXPECT_EQ(stage.desk.commands().size(), 2U);
}

TEST(CommandDesk, GoesOnAfterARestart) {
    DeskStage stage;
    ASSERT_TRUE(stage.queue(command("c1")));
    ASSERT_TRUE(stage.queue(command("c2")));
    stage.answer("c2", "refused");
    const auto before = stage.desk.commands();
    stage.restart();
    EXPECT_EQ(stage.desk.commands(), before);
    EXPECT_EQ(stage.desk.waiting(), 1U);
    stage.wait(seconds{10});
    EXPECT_GE(stage.got.at("signed c1"), 1);
    EXPECT_FALSE(stage.got.contains("signed c2"));
}

TEST(CommandDesk, KeepsNoSignedBytesOfWhatIsOver) {
    DeskStage stage;
    ASSERT_TRUE(stage.queue(command("c1")));
    stage.answer("c1", "failed");
    EXPECT_TRUE(stage.desk.commands().at("c1").sealed.empty());
}

TEST(CommandDesk, WithADamagedRowIsNotTakenUp) {
    CommandDesk desk{{}, seeded(1)};
    EXPECT_FALSE(desk.restore({{CommandDesk::kRoom, "c1", "{\"state\":\"dancing\"}"}}));
}

}  // namespace
}  // namespace aisle::hq
