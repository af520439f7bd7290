#include <gtest/gtest.h>

#include "batches.hpp"
#include "hq_world.hpp"

// HQ's tables over restarts, at their bounds, and what is quarantined.
namespace aisle::hq {
namespace {

struct Archive {
    Archive() { open(); }
    void open(const ApplyLimits& limits = {}) {
        store.reset();
        store = std::move(*open_event_store("sqlite:" + folder.file("hq.db"), {.limits = limits}));
    }
    Applied apply(const std::vector<Inbound>& batches) { return *store->apply(batches, clock); }
    std::int64_t integer(const std::string& sql) {
        auto database = sqlite::Database::open(folder.file("hq.db"), {.read_only = true});
        return *database->integer(sql);
    }
    std::string text(const std::string& sql) {
        auto database = sqlite::Database::open(folder.file("hq.db"), {.read_only = true});
        return *database->text(sql);
    }

    TempFolder folder;
    runtime::ManualClock clock;
    std::unique_ptr<EventStore> store;
};

Inbound noise(const std::string& payload) {
    return {.topic = inbound(1, 1).topic, .payload = payload, .received = kit::kNoon};
}

TEST(EventStoreRestart, AnswersAgainWhatItHadCommitted) {
    Archive archive;
    archive.apply({inbound(1, 5)});
    archive.open();
    const auto applied = archive.apply({inbound(1, 5)});
    ASSERT_EQ(applied.answers.size(), 1U);
    EXPECT_EQ(applied.answers[0].ack.next, 6);
    EXPECT_EQ(applied.answers[0].ack.check, wire::check_of(line_for(5)));
    EXPECT_EQ(applied.rows, 0);
    EXPECT_EQ(applied.repeated, 1);
}

TEST(EventStoreRestart, FindsAForkAgainstWhatWasCommittedBefore) {
    Archive archive;
    archive.apply({inbound(1, 5)});
    archive.open();
    auto header = header_for(6, 6);
    header.prev = "ffffffffffffffff";
    const auto applied = archive.apply({inbound(header, lines_for(6, 6))});
    EXPECT_EQ(applied.answers[0].ack.kind, wire::AckKind::Fork);
    EXPECT_EQ(archive.integer("SELECT count(*) FROM events"), 5);
}

TEST(EventStoreRestart, GoesOnUnderTheSameKeyOfEachStream) {
    Archive archive;
    archive.apply({inbound(1, 1), inbound(header_for(1, 1, Stream::Health), lines_for(1, 1))});
    archive.open();
    archive.apply({inbound(2, 2), inbound(header_for(2, 2, Stream::Health), lines_for(2, 2))});
    EXPECT_EQ(archive.integer("SELECT count(*) FROM streams"), 2);
    EXPECT_EQ(archive.integer("SELECT count(*) FROM events WHERE stream = 'health'"), 2);
}

TEST(EventStoreRestart, RefusesADatabaseOfALaterVersion) {
    Archive archive;
    archive.store.reset();
    {
        auto database = sqlite::Database::open(archive.folder.file("hq.db"));
        ASSERT_TRUE(database->exec("PRAGMA user_version = 4"));
    }
    const auto refused = open_event_store("sqlite:" + archive.folder.file("hq.db"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Malformed);
    EXPECT_NE(refused.error().detail.find("version 4"), std::string::npos);
}

TEST(EventStoreRestart, BringsADatabaseOfTheVersionBeforeUpToDate) {
    Archive archive;
    archive.apply({inbound(1, 2)});
    archive.store.reset();
    {
        auto database = sqlite::Database::open(archive.folder.file("hq.db"));
        ASSERT_TRUE(database->exec("DROP TABLE rivals; PRAGMA user_version = 2"));
    }
    archive.open();
    archive.apply({inbound(3, 3)});
    EXPECT_EQ(archive.integer("SELECT count(*) FROM events"), 3);
    EXPECT_EQ(archive.integer("SELECT count(*) FROM rivals"), 0);
    EXPECT_EQ(archive.integer("PRAGMA user_version"), 3);
}

TEST(EventStoreRestart, IsUnavailableWithoutItsFolder) {
    const auto refused = open_event_store("sqlite:/nowhere/at/all/hq.db");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Unavailable);
}

TEST(EventStoreAnswers, AForkIsNotTakenBackByWhatFollows) {
    Archive archive;
    archive.apply({inbound(1, 2)});
    auto forked = header_for(3, 3);
    forked.prev = "ffffffffffffffff";
    const auto applied = archive.apply({inbound(forked, lines_for(3, 3)), inbound(3, 4)});
    ASSERT_EQ(applied.answers.size(), 1U);
    EXPECT_EQ(applied.answers[0].ack.kind, wire::AckKind::Fork);
}

TEST(EventStoreAnswers, ARepeatedBatchDoesNotHideThatSomethingIsMissing) {
    Archive archive;
    const auto applied = archive.apply({inbound(1, 2), inbound(5, 6), inbound(1, 2)});
    EXPECT_EQ(applied.answers[0].ack.kind, wire::AckKind::Nack);
    EXPECT_EQ(applied.answers[0].ack.next, 3);
}

TEST(EventStoreAnswers, TellEachStreamOfEachStoreApart) {
    Archive archive;
    auto other = header_for(1, 1);
    other.store = StoreId{"s-0002"};
    const auto applied =
        archive.apply({inbound(1, 3), inbound(other, lines_for(1, 1)),
                       inbound(header_for(1, 2, Stream::Offers), lines_for(1, 2))});
    ASSERT_EQ(applied.answers.size(), 3U);
    std::map<std::string, std::int64_t> next;
    for (const auto& answer : applied.answers)
        next[answer.store.value + " " + std::string{to_text(answer.ack.stream)}] = answer.ack.next;
    EXPECT_EQ(next["s-0001 ledger"], 4);
    EXPECT_EQ(next["s-0001 offers"], 3);
    EXPECT_EQ(next["s-0002 ledger"], 2);
}

TEST(EventStoreAnswers, SayHqsOwnTime) {
    Archive archive;
    archive.clock.advance(seconds{77});
    const auto applied = archive.apply({inbound(1, 1)});
    EXPECT_EQ(applied.answers[0].ack.now, archive.clock.now().wall);
}

TEST(EventStoreAnswers, AStreamThatBeginsWithAHoleIsAskedForItsFirst) {
    Archive archive;
    const auto applied = archive.apply({inbound(7, 9)});
    EXPECT_EQ(applied.answers[0].ack.kind, wire::AckKind::Nack);
    EXPECT_EQ(applied.answers[0].ack.next, 1);
    EXPECT_EQ(applied.answers[0].ack.check, "");
}

TEST(EventStoreLimits, NothingIsDoneForNothing) {
    Archive archive;
    const auto applied = archive.apply({});
    EXPECT_EQ(applied.consumed, 0U);
    EXPECT_TRUE(applied.answers.empty());
}

// Time goes by with each look at it.
class RunningClock final : public Clock {
public:
    [[nodiscard]] Stamp now() const override {
        now_ += milliseconds{15};
        return {.boot = 1, .mono = MonoTime{now_}, .wall = kit::kNoon + now_};
    }

private:
    mutable milliseconds now_{0};
};

TEST(EventStoreLimits, ATransactionEndsWhenItsTimeIsUpButTakesOneBatch) {
    Archive archive;
    const RunningClock clock;
    const std::vector<Inbound> batches{inbound(1, 1), inbound(2, 2), inbound(3, 3), inbound(4, 4)};
    const auto applied = *archive.store->apply(batches, clock);
    EXPECT_EQ(applied.consumed, 2U);
    EXPECT_EQ(archive.integer("SELECT count(*) FROM events"), 2);
}

TEST(EventStoreLimits, ASeqBeyondItsBitsIsSetAside) {
    Archive archive;
    const std::int64_t beyond = std::int64_t{1} << 40;
    const auto applied = archive.apply({inbound(header_for(beyond, beyond), {line_for(beyond)})});
    EXPECT_EQ(applied.quarantined, 1);
    EXPECT_EQ(archive.text("SELECT reason FROM quarantine"), "seq out of range");
}

TEST(EventStoreQuarantine, KeepsWhatCameAsItCameUpToItsBound) {
    Archive archive;
    archive.apply({noise(std::string("\0\xff no batch", 11)), noise(std::string(200'000, 'x'))});
    EXPECT_EQ(archive.integer("SELECT max(length(payload)) FROM quarantine"), 131'072);
    EXPECT_EQ(archive.text("SELECT hex(payload) FROM quarantine WHERE length(payload) < 100"),
              "00FF206E6F206261746368");
}

TEST(EventStoreQuarantine, AnswersNobodyWhereTheHeaderCannotBeRead) {
    Archive archive;
    EXPECT_TRUE(archive.apply({noise("x")}).answers.empty());
}

TEST(EventStoreQuarantine, SetsAsideWhatComesUnderNoTopicOfOurs) {
    Archive archive;
    auto strange = inbound(1, 1);
    strange.topic = "aisle/v1/26/s-0001/ack";
    EXPECT_EQ(archive.apply({strange}).quarantined, 1);
    EXPECT_EQ(archive.text("SELECT reason FROM quarantine"), "topic");
}

TEST(EventStoreQuarantine, SetsAsideABatchOfAnotherStreamThanItsTopic) {
    Archive archive;
    auto strange = inbound(1, 1);
    strange.topic = wire::to_text({StoreId{"s-0001"}, wire::Channel::Up, Stream::Health});
    EXPECT_EQ(archive.apply({strange}).quarantined, 1);
    EXPECT_EQ(archive.integer("SELECT count(*) FROM streams"), 0);
}

TEST(EventStoreQuarantine, KeepsNoMoreThanItsRowsAndStillCountsRepeats) {
    Archive archive;
    archive.open({.batches_max = 20'000, .time_max = minutes{10}});
    std::vector<Inbound> all;
    for (int i = 0; i < 10'050; ++i) all.push_back(noise("noise " + std::to_string(i)));
    archive.apply(all);
    EXPECT_EQ(archive.integer("SELECT count(*) FROM quarantine"), 10'000);
    archive.apply({all.front(), all.back()});
    EXPECT_EQ(archive.integer("SELECT count(*) FROM quarantine"), 10'000);
    EXPECT_EQ(archive.integer("SELECT max(times) FROM quarantine"), 2);
}

TEST(EventStoreContract, CoversAllSeqsWhenGapsAreCounted) {
    Archive archive;
    const std::string gap = R"({"seq":9,"from":4,"kind":"gap","body":{"reason":"quota","n":6}})";
    auto lines = lines_for(1, 3);
    lines.push_back(gap);
    lines.push_back(line_for(10));
    archive.apply({inbound(header_for(1, 10), lines)});
    EXPECT_EQ(archive.integer("SELECT sum(seq - from_seq + 1) FROM events"), 10);
    EXPECT_EQ(archive.integer("SELECT next - 1 FROM streams"), 10);
}

TEST(EventStoreContract, AGapHasTheTimeOfItsArrival) {
    Archive archive;
    archive.apply({inbound(header_for(1, 2), {R"({"seq":2,"from":1,"kind":"gap","body":{}})"})});
    EXPECT_EQ(archive.text("SELECT at FROM events"),
              archive.text("SELECT received_at FROM events"));
}

}  // namespace
}  // namespace aisle::hq
