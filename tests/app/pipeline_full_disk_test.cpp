#include "pipeline_kit.hpp"

// What happens on a full disk, and on one that is broken.
namespace aisle::app {
namespace {

const Status kNoRoom{full("no room")};

TEST(FullDisk, AnswersNothingAndTriesAgainAfterASecond) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    world.journal.appended(kNoRoom);
    EXPECT_TRUE(world.said.empty());
    world.loop.advance(milliseconds{999});
    EXPECT_EQ(world.journal.calls, Names{"append 1"});
    world.loop.advance(milliseconds{1});
    EXPECT_EQ(world.journal.calls, (Names{"append 1", "append 1"}));
    world.journal.appended();
    EXPECT_EQ(world.said, Names{"a"});
}

TEST(FullDisk, AsksForRoomAtOnceAndThenEveryHalfMinute) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    for (int tries = 0; tries <= 30; ++tries) {
        world.journal.appended(kNoRoom);
        EXPECT_EQ(world.rooms_made, tries < 30 ? 1 : 2);
        world.loop.advance(seconds{1});
    }
}

TEST(FullDisk, AsksForRoomAtOnceWhenItIsFullAnotherTime) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    world.journal.appended(kNoRoom);
    world.loop.advance(seconds{1});
    world.journal.appended();
    EXPECT_TRUE(world.pipeline.submit(world.work("b")));
    world.journal.appended(kNoRoom);
    EXPECT_EQ(world.rooms_made, 2);
}

TEST(FullDisk, RefusesNewReadingsUntilThereIsRoom) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    world.journal.appended(kNoRoom);
    const Status refused = world.pipeline.submit(world.work("b"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), full("the disk is full"));
    world.loop.advance(seconds{1});
    EXPECT_FALSE(world.pipeline.submit(world.work("b"))) << "the retry has not been answered yet";
    world.journal.appended();
    EXPECT_TRUE(world.pipeline.submit(world.work("b")));
    EXPECT_EQ(world.metric("aisle_readings_refused_total"), 2);
}

TEST(FullDisk, KeepsTheVeryBatchForTheNextTry) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    world.journal.appended(kNoRoom);
    world.loop.advance(seconds{1});
    world.journal.appended();
    ASSERT_EQ(world.journal.committed.size(), 1U);
    ASSERT_EQ(world.journal.committed.front().records.size(), 1U);
    EXPECT_EQ(world.journal.committed.front().records.front().kind, "a");
    EXPECT_EQ(world.applied, Names{"a"}) << "nothing is worked out twice";
}

TEST(FullDisk, LosesNothingAndKeepsTheOrderAcrossTwoBatchesInFlight) {
    PipelineWorld world;
    for (const char* name : {"a", "b", "c"}) EXPECT_TRUE(world.pipeline.submit(world.work(name)));
    world.journal.appended(kNoRoom);
    world.journal.appended(kNoRoom);
    world.loop.advance(seconds{1});
    for (int i = 0; i < 3; ++i) world.journal.appended();
    EXPECT_EQ(world.said, (Names{"a", "b", "c"}));
}

TEST(FullDisk, LooksNothingUpWhileABatchStillWaitsForRoom) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    EXPECT_TRUE(world.pipeline.submit(world.work("b")));
    EXPECT_TRUE(world.pipeline.submit(world.work("c", true, true)));
    world.journal.appended(kNoRoom);
    world.loop.advance(milliseconds{500});
    world.journal.appended(kNoRoom);  // its retry comes half a second after the other's
    world.loop.advance(milliseconds{500});
    world.journal.appended();
    EXPECT_EQ(world.said, Names{"a"});
    EXPECT_TRUE(world.journal.finds.empty()) << "what it asks for may be in the batch that waits";
    world.loop.advance(milliseconds{500});
    world.journal.appended();
    EXPECT_EQ(world.journal.calls.back(), "find c");
}

TEST(FullDisk, AsksAgainForWhatWasFoundBeforeTheBatchCommitted) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a", true, true)));
    world.journal.found();
    EXPECT_TRUE(world.pipeline.submit(world.work("b", true, true)));
    world.journal.appended(kNoRoom);
    world.journal.found(Known::Absent);
    EXPECT_EQ(world.applied, Names{"a"});
    world.loop.advance(seconds{1});
    world.journal.appended();
    world.journal.found(Known::Same);
    EXPECT_EQ(world.applied, (Names{"a", "b"}));
    EXPECT_EQ(world.known, (std::vector<Known>{Known::Absent, Known::Same}));
}

TEST(FullDisk, PutsWhatItAsksAgainBeforeWhatCameLater) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a", true, true)));
    world.journal.found();
    EXPECT_TRUE(world.pipeline.submit(world.work("b", true, true)));
    world.pipeline.submit_inner(world.work("c", false, true));
    world.journal.appended(kNoRoom);
    world.journal.found();
    world.loop.advance(seconds{1});
    world.journal.appended();
    EXPECT_EQ(world.journal.calls.back(), "find b c");
}

TEST(FullDisk, TakesInnerWorkAndAppliesItLater) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    world.journal.appended(kNoRoom);
    world.pipeline.submit_inner(world.work("tick"));
    EXPECT_EQ(world.applied, Names{"a"});
    world.loop.advance(seconds{1});
    world.journal.appended();
    EXPECT_EQ(world.applied, (Names{"a", "tick"}));
}

TEST(FullDisk, IsNotIdle) {
    PipelineWorld world;
    int idle = 0;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    world.pipeline.when_idle([&] { ++idle; });
    world.journal.appended(kNoRoom);
    EXPECT_FALSE(world.pipeline.idle());
    world.loop.advance(seconds{1});
    world.journal.appended();
    EXPECT_EQ(idle, 1);
}

TEST(BrokenStore, EndsTheProgramForAnyFaultButFull) {
    const Error cases[] = {unavailable("u"), malformed("m"), denied("d")};
    for (const Error& error : cases) {
        PipelineWorld world;
        EXPECT_TRUE(world.pipeline.submit(world.work("a")));
        world.journal.appended(Status{error});
        EXPECT_EQ(world.broken, error.detail);
    }
}

TEST(BrokenStore, TellsNobodyThatItWasDone) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    world.journal.appended(Status{unavailable("io")});
    world.loop.advance(seconds{10});
    EXPECT_TRUE(world.said.empty());
    EXPECT_TRUE(world.woken.empty());
    EXPECT_EQ(world.journal.calls, Names{"append 1"}) << "nothing is tried again";
}

}  // namespace
}  // namespace aisle::app
