#include "sync/uplink/command_engine.hpp"

#include <gtest/gtest.h>

#include "sealed_kit.hpp"

namespace aisle::uplink {
namespace {

using wire::Refused;

wire::Command command_of(wire::CommandArgs args = wire::FlushArgs{}, std::string id = "c-1") {
    return {.id = std::move(id),
            .store = StoreId{"s-0001"},
            .issued = kit::kNoon,
            .expires = kit::kNoon + std::chrono::hours{1},
            .args = std::move(args)};
}

wire::CommandArgs erase_args() { return wire::EraseArgs{{MemberKey{std::string(32, 'a')}}}; }

std::string sealed(const wire::Command& command, const wire::SigningKey& key = hq_key()) {
    return wire::seal(wire::Purpose::Command, key, wire::to_json(command));
}

class Agent {
public:
    Agent() { start(); }
    void start() {
        engine_.emplace(StoreId{"s-0001"});
        EXPECT_TRUE(engine_->restore(rows_.all()));
    }
    CommandEffects send(const wire::Command& command, std::int64_t s = 0,
                        ClockQuality quality = ClockQuality::Ntp) {
        return keep(engine_->received(sealed(command), ring_of(), at_s(s, quality)));
    }
    CommandEffects finish(const wire::Command& command, std::int64_t s = 0) {
        return keep(engine_->finished(command, "done", "well", at_s(s)));
    }
    CommandEffects keep(CommandEffects effects) {
        rows_.apply(effects.state);
        return effects;
    }
    CommandEngine& engine() { return *engine_; }
    Rows& rows() { return rows_; }

private:
    Rows rows_;
    std::optional<CommandEngine> engine_;
};

TEST(CommandEngine, RunsACommandOnceAndTellsItsResult) {
    Agent agent;
    const CommandEffects begun = agent.send(command_of());
    ASSERT_TRUE(begun.run);
    EXPECT_EQ(*begun.run, command_of());
    EXPECT_FALSE(agent.send(command_of()).run);
    const CommandEffects done = agent.finish(command_of());
    ASSERT_EQ(done.notes.size(), 1U);
    EXPECT_EQ(done.notes[0].status, "done");
    EXPECT_EQ(done.notes[0].detail, "well");
}

TEST(CommandEngine, AnswersTheSameCommandAgainWithTheSameResult) {
    Agent agent;
    agent.send(command_of());
    agent.finish(command_of());
    agent.start();
    const CommandEffects again = agent.send(command_of(), 120);
    EXPECT_FALSE(again.run);
    ASSERT_EQ(again.notes.size(), 1U);
    EXPECT_EQ(again.notes[0].status, "done");
    EXPECT_EQ(again.notes[0].detail, "well");
    EXPECT_EQ(again.notes[0].answer, 2);
    EXPECT_TRUE(agent.send(command_of(), 121).notes.empty());
    EXPECT_EQ(agent.send(command_of(), 181).notes.size(), 1U);
}

TEST(CommandEngine, ACrashBeforeTheResultLeavesItToBeDoneAgain) {
    Agent agent;
    ASSERT_TRUE(agent.send(command_of()).run);
    agent.start();
    EXPECT_TRUE(agent.send(command_of()).run);
}

TEST(CommandEngine, AnErasureThatHasBegunIsFinishedWithoutHq) {
    Agent agent;
    const wire::Command erase = command_of(erase_args());
    const CommandEffects begun = agent.send(erase);
    EXPECT_FALSE(begun.state.empty());
    agent.start();
    ASSERT_EQ(agent.engine().unfinished().size(), 1U);
    EXPECT_EQ(agent.engine().unfinished()[0], erase);
    EXPECT_TRUE(agent.send(erase).empty());
    agent.finish(erase);
    agent.start();
    EXPECT_TRUE(agent.engine().unfinished().empty());
}

TEST(CommandEngine, RefusesWhatHasExpiredAndRemembersIt) {
    Agent agent;
    const CommandEffects late = agent.send(command_of(), 3'600);
    EXPECT_FALSE(late.run);
    ASSERT_EQ(late.notes.size(), 1U);
    EXPECT_EQ(late.notes[0].status, "expired");
    agent.start();
    EXPECT_FALSE(agent.send(command_of(), 0).run);  // nor when the clock goes back
}

TEST(CommandEngine, AWrongClockMakesACommandWait) {
    Agent agent;
    const CommandEffects early = agent.send(command_of(), 0, ClockQuality::None);
    EXPECT_TRUE(early.empty());
    EXPECT_EQ(early.refused->why, Refused::ClockWrong);
    EXPECT_TRUE(agent.send(command_of(), 1, ClockQuality::Hq).run);
}

TEST(CommandEngine, ErasesWhateverTheClockSays) {
    Agent agent;
    EXPECT_TRUE(agent.send(command_of(erase_args()), 0, ClockQuality::None).run);
    EXPECT_TRUE(agent.send(command_of(erase_args(), "c-2"), 1'000'000).run);
}

TEST(CommandEngine, AnswersNobodyWhoCannotSign) {
    Agent agent;
    const auto effects =
        agent.engine().received(sealed(command_of(), hq_key(9)), ring_of(), at_s(0));
    EXPECT_TRUE(effects.empty());
    EXPECT_EQ(effects.refused->why, Refused::Tampered);
}

TEST(CommandEngine, LeavesOtherStoresCommandsAlone) {
    Agent agent;
    wire::Command other = command_of();
    other.store = StoreId{"s-0002"};
    const auto effects = agent.send(other);
    EXPECT_TRUE(effects.empty());
    EXPECT_EQ(effects.refused->why, Refused::WrongStore);
}

TEST(CommandEngine, TellsHqOfACommandThatItDoesNotKnow) {
    Agent agent;
    std::string json = wire::to_json(command_of());
    json.replace(json.find("\"flush\""), 7, "\"dance\"");
    const auto message = wire::seal(wire::Purpose::Command, hq_key(), json);
    const auto effects = agent.engine().received(message, ring_of(), at_s(0));
    ASSERT_EQ(effects.notes.size(), 1U);
    EXPECT_EQ(effects.notes[0].id, "c-1");
    EXPECT_EQ(effects.notes[0].status, "refused");
    EXPECT_TRUE(agent.engine().received(message, ring_of(), at_s(59)).notes.empty());
}

TEST(CommandEngine, RemembersResultsForNinetyDays) {
    Agent agent;
    agent.send(command_of());
    agent.finish(command_of());
    const std::int64_t day = 86'400;
    agent.keep(agent.engine().tick(at_s(90 * day)));
    EXPECT_EQ(agent.engine().size(), 1U);
    agent.keep(agent.engine().tick(at_s(91 * day, ClockQuality::None)));
    EXPECT_EQ(agent.engine().size(), 1U);
    agent.keep(agent.engine().tick(at_s(91 * day)));
    EXPECT_EQ(agent.engine().size(), 0U);
    EXPECT_TRUE(agent.rows().all().empty());
}

TEST(CommandEngine, IsFullRatherThanForgetful) {
    Agent agent;
    for (std::size_t i = 0; i < kCommandsMax; ++i)
        (void)agent.engine().finished(command_of(wire::FlushArgs{}, "c" + std::to_string(i)),
                                      "done", "", at_s(0));
    const auto effects = agent.send(command_of(wire::FlushArgs{}, "one-more"));
    EXPECT_FALSE(effects.run);
    EXPECT_EQ(effects.refused->why, Refused::Full);
}

}  // namespace
}  // namespace aisle::uplink
