#include "pipeline_kit.hpp"

namespace aisle::app {
namespace {

TEST(Pipeline, CommitsAtOnceWhatSomebodyWaitsFor) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    EXPECT_EQ(world.journal.calls, Names{"append 1"});
}

TEST(Pipeline, GathersForASecondWhatNobodyWaitsFor) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a", false)));
    world.loop.advance(milliseconds{600});
    EXPECT_TRUE(world.pipeline.submit(world.work("b", false)));
    world.loop.advance(milliseconds{399});
    EXPECT_TRUE(world.journal.calls.empty());
    world.loop.advance(milliseconds{1});
    ASSERT_EQ(world.journal.appends.size(), 1U);
    EXPECT_EQ(world.journal.appends.front().batch.records.size(), 2U);
}

TEST(Pipeline, TakesWhatHasGatheredAlongWithWhatSomebodyWaitsFor) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a", false)));
    EXPECT_TRUE(world.pipeline.submit(world.work("b", true)));
    EXPECT_EQ(world.applied, (Names{"a", "b"}));
    EXPECT_EQ(world.journal.calls, Names{"append 1"});
}

TEST(Pipeline, GathersNoLongerThanABatchIsLarge) {
    PipelineWorld world;
    for (std::size_t i = 0; i < kBatchRecordsMax; ++i) {
        Work work = world.work("a", false);
        work.records_max = 1;
        EXPECT_TRUE(world.pipeline.submit(std::move(work)));
    }
    ASSERT_EQ(world.journal.appends.size(), 1U);
    EXPECT_EQ(world.journal.appends.front().batch.records.size(), kBatchRecordsMax);
}

TEST(Pipeline, StartsGatheringAnewAfterABatch) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a", false)));
    world.loop.advance(seconds{1});
    EXPECT_TRUE(world.pipeline.submit(world.work("b", false)));
    EXPECT_EQ(world.journal.calls, Names{"append 1"});
    world.loop.advance(seconds{1});
    EXPECT_EQ(world.journal.calls, (Names{"append 1", "append 2"}));
}

TEST(Pipeline, SaysNothingBeforeTheCommit) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    EXPECT_TRUE(world.said.empty());
    world.journal.appended();
    EXPECT_EQ(world.said, Names{"a"});
}

TEST(Pipeline, WakesTheUplinkOnlyAfterTheCommit) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    EXPECT_TRUE(world.woken.empty());
    world.journal.appended();
    EXPECT_EQ(world.woken, (std::map<Stream, std::size_t>{{Stream::Ledger, 1}}));
}

TEST(Pipeline, WakesNobodyForLocalRecords) {
    PipelineWorld world;
    Work work{.apply = [](Turn& turn, std::span<const Found>) {
        turn.add(Record{.stream = Stream::Local, .kind = "crossing"});
    }};
    work.waits = true;
    EXPECT_TRUE(world.pipeline.submit(std::move(work)));
    world.journal.appended();
    EXPECT_TRUE(world.woken.empty());
}

TEST(Pipeline, HasAtMostTwoBatchesInFlight) {
    PipelineWorld world;
    for (const char* name : {"a", "b", "c"}) EXPECT_TRUE(world.pipeline.submit(world.work(name)));
    EXPECT_EQ(world.journal.calls, (Names{"append 1", "append 2"}));
    world.journal.appended();
    EXPECT_EQ(world.journal.calls, (Names{"append 1", "append 2", "append 3"}));
}

TEST(Pipeline, AnswersInTheOrderOfSubmission) {
    PipelineWorld world;
    for (const char* name : {"a", "b", "c", "d"})
        EXPECT_TRUE(world.pipeline.submit(world.work(name)));
    while (!world.journal.appends.empty()) world.journal.appended();
    EXPECT_EQ(world.said, (Names{"a", "b", "c", "d"}));
}

TEST(Pipeline, LooksUpOneBatchAtATime) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a", true, true)));
    EXPECT_TRUE(world.pipeline.submit(world.work("b", true, true)));
    EXPECT_EQ(world.journal.calls, Names{"find a"});
}

TEST(Pipeline, HandsALookupOverAfterTheBatchBeforeIt) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a", true, true)));
    EXPECT_TRUE(world.pipeline.submit(world.work("b", true, true)));
    world.journal.found();
    EXPECT_EQ(world.journal.calls, (Names{"find a", "append 1", "find b"}));
}

TEST(Pipeline, GivesEachWorkWhatWasFoundOfItsOwnKeys) {
    PipelineWorld world;
    std::vector<std::size_t> sizes;
    const auto counting = [&](std::size_t keys) {
        Work work{
            .apply = [&](Turn&, std::span<const Found> found) { sizes.push_back(found.size()); }};
        for (std::size_t i = 0; i < keys; ++i) work.keys.push_back({.kind = "k", .event_id = "e"});
        return work;
    };
    for (const std::size_t keys : {2U, 0U, 3U}) {
        EXPECT_TRUE(world.pipeline.submit(counting(keys)));
    }
    world.loop.advance(seconds{1});
    world.journal.found(Known::Same);
    EXPECT_EQ(sizes, (std::vector<std::size_t>{2, 0, 3}));
}

TEST(Pipeline, AppliesNothingWhenTheLookupFails) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a", true, true)));
    world.journal.not_found(unavailable("disk"));
    EXPECT_EQ(world.failed, Names{"a: disk"});
    EXPECT_TRUE(world.applied.empty());
    EXPECT_TRUE(world.pipeline.idle());
}

TEST(Pipeline, GoesOnAfterALookupThatFailed) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a", true, true)));
    EXPECT_TRUE(world.pipeline.submit(world.work("b", true, true)));
    world.journal.not_found(unavailable("disk"));
    world.journal.found();
    EXPECT_EQ(world.applied, Names{"b"});
}

TEST(Pipeline, IsFullBeyondItsBoundAndCountsIt) {
    PipelineWorld world{{.waiting_max = 2}};
    EXPECT_TRUE(world.pipeline.submit(world.work("a", false)));
    EXPECT_TRUE(world.pipeline.submit(world.work("b", false)));
    const Status third = world.pipeline.submit(world.work("c", false));
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().fault, Fault::Full);
    EXPECT_EQ(world.metric("aisle_readings_refused_total"), 1);
}

TEST(Pipeline, HasRoomAgainOnceABatchHasBeenTaken) {
    PipelineWorld world{{.waiting_max = 1}};
    EXPECT_TRUE(world.pipeline.submit(world.work("a", false)));
    world.loop.advance(seconds{1});
    EXPECT_TRUE(world.pipeline.submit(world.work("b", false)));
}

TEST(Pipeline, TakesInnerWorkBeyondItsBound) {
    PipelineWorld world{{.waiting_max = 1}};
    EXPECT_TRUE(world.pipeline.submit(world.work("a", false)));
    world.pipeline.submit_inner(world.work("b", false));
    world.loop.advance(seconds{1});
    EXPECT_EQ(world.applied, (Names{"a", "b"}));
}

TEST(Pipeline, ShowsHowManyWait) {
    PipelineWorld world;
    const runtime::Gauge& gauge = world.metrics->gauge("aisle_readings_waiting", "");
    EXPECT_TRUE(world.pipeline.submit(world.work("a", false)));
    EXPECT_TRUE(world.pipeline.submit(world.work("b", false)));
    EXPECT_EQ(gauge.value(), 2);
    world.loop.advance(seconds{1});
    EXPECT_EQ(gauge.value(), 0);
}

TEST(Pipeline, CountsBatchesAndRecordsThatHaveCommitted) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a", false)));
    EXPECT_TRUE(world.pipeline.submit(world.work("b")));
    EXPECT_EQ(world.metric("aisle_records_total"), 0);
    world.journal.appended();
    EXPECT_EQ(world.metric("aisle_records_total"), 2);
    EXPECT_EQ(world.metric("aisle_batches_total"), 1);
}

TEST(Pipeline, LeavesWorksThatMayBringTooMuchForTheNextBatch) {
    PipelineWorld world;
    for (const char* name : {"a", "b"}) {
        Work work = world.work(name, false);
        work.records_max = 200;
        EXPECT_TRUE(world.pipeline.submit(std::move(work)));
    }
    world.loop.advance(seconds{1});
    EXPECT_EQ(world.applied, Names{"a"});
    world.journal.appended();
    world.loop.advance(seconds{1});
    EXPECT_EQ(world.applied, (Names{"a", "b"}));
}

TEST(Pipeline, TakesAWorkThatAloneMayBringMoreThanABatch) {
    PipelineWorld world;
    Work work = world.work("a");
    work.records_max = 10 * kBatchRecordsMax;
    EXPECT_TRUE(world.pipeline.submit(std::move(work)));
    EXPECT_EQ(world.applied, Names{"a"});
}

// What a turn has brought beyond a transaction's bound.
Work bringing(std::size_t records, std::vector<std::string>& said) {
    Work work{.apply = [records, &said](Turn& turn, std::span<const Found>) {
        for (std::size_t i = 0; i < records; ++i) {
            turn.add(Record{.stream = Stream::Ledger, .kind = std::to_string(i)});
        }
        turn.add(std::vector<StateChange>{{"room", "key", "bytes"}});
        turn.batch.positions.push_back({"source", "item", "here"});
        turn.after.push_back([&said] { said.emplace_back("done"); });
    }};
    work.waits = true;
    return work;
}

TEST(Pipeline, CutsWhatIsTooLargeForOneTransaction) {
    const struct {
        std::size_t records;
        std::vector<std::size_t> parts;
    } cases[] = {
        {255, {255}}, {256, {256}}, {257, {256, 1}}, {512, {256, 256}}, {700, {256, 256, 188}}};
    for (const auto& [records, parts] : cases) {
        PipelineWorld world;
        EXPECT_TRUE(world.pipeline.submit(bringing(records, world.said)));
        std::vector<std::size_t> sizes;
        for (const auto& each : world.journal.appends) sizes.push_back(each.batch.records.size());
        EXPECT_EQ(sizes, parts) << records;
    }
}

TEST(Pipeline, CommitsStatePositionsAndAnswersWithTheLastPart) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(bringing(300, world.said)));
    ASSERT_EQ(world.journal.appends.size(), 2U);
    const Batch& first = world.journal.appends.front().batch;
    const Batch& last = world.journal.appends.back().batch;
    EXPECT_TRUE(first.state.empty() && first.positions.empty());
    EXPECT_TRUE(last.state.size() == 1 && last.positions.size() == 1);
    world.journal.appended();
    EXPECT_TRUE(world.said.empty());
    world.journal.appended();
    EXPECT_EQ(world.said, Names{"done"});
}

TEST(Pipeline, KeepsTheOrderOfRecordsAcrossACut) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(bringing(600, world.said)));
    while (!world.journal.appends.empty()) world.journal.appended();
    std::size_t n = 0;
    for (const Batch& batch : world.journal.committed) {
        for (const Record& record : batch.records) EXPECT_EQ(record.kind, std::to_string(n++));
    }
    EXPECT_EQ(n, 600U);
}

TEST(Pipeline, CommitsNothingForAnEmptyTurn) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.silent()));
    EXPECT_TRUE(world.journal.calls.empty());
    EXPECT_EQ(world.said, Names{"silent"});
}

// Its duplicate's answer would otherwise overtake the commit of the first.
TEST(Pipeline, LetsAnEmptyTurnWaitForTheBatchBefore) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    EXPECT_TRUE(world.pipeline.submit(world.silent()));
    EXPECT_TRUE(world.said.empty());
    world.journal.appended();
    world.journal.appended();
    EXPECT_EQ(world.said, (Names{"a", "silent"}));
}

TEST(Pipeline, IsIdleAtOnceWhereNothingWasSubmitted) {
    PipelineWorld world;
    int idle = 0;
    world.pipeline.when_idle([&] { ++idle; });
    EXPECT_EQ(idle, 1);
}

TEST(Pipeline, SaysOnceThatAllHasCommitted) {
    PipelineWorld world;
    int idle = 0;
    EXPECT_TRUE(world.pipeline.submit(world.work("a")));
    EXPECT_TRUE(world.pipeline.submit(world.work("b")));
    world.pipeline.when_idle([&] { ++idle; });
    world.journal.appended();
    EXPECT_EQ(idle, 0);
    world.journal.appended();
    EXPECT_EQ(idle, 1);
    EXPECT_TRUE(world.pipeline.submit(world.work("c")));
    world.journal.appended();
    EXPECT_EQ(idle, 1);
}

TEST(Pipeline, GathersNoLongerOnceItIsToldToEnd) {
    PipelineWorld world;
    EXPECT_TRUE(world.pipeline.submit(world.work("a", false)));
    world.pipeline.when_idle([] {});
    EXPECT_EQ(world.journal.calls, Names{"append 1"});
}

TEST(Pipeline, SaysThatAllIsDoneAfterALookupThatBringsNothing) {
    PipelineWorld world;
    int idle = 0;
    EXPECT_TRUE(world.pipeline.submit(world.silent(true, true)));
    world.pipeline.when_idle([&] { ++idle; });
    EXPECT_EQ(idle, 0);
    world.journal.found(Known::Same);
    EXPECT_EQ(idle, 1);
}

TEST(Pipeline, SaysThatAllIsDoneAfterALookupThatFailed) {
    PipelineWorld world;
    int idle = 0;
    EXPECT_TRUE(world.pipeline.submit(world.work("a", true, true)));
    world.pipeline.when_idle([&] { ++idle; });
    world.journal.not_found(unavailable("disk"));
    EXPECT_EQ(idle, 1);
}

}  // namespace
}  // namespace aisle::app
