#include "sync/hq/event_store.hpp"

#include <gtest/gtest.h>

#include "batches.hpp"
#include "hq_world.hpp"

namespace aisle::hq {
namespace {

struct Shelf {
    Shelf() { open(); }
    void open(const ApplyLimits& limits = {}) {
        store.reset();
        store = std::move(*open_event_store(url(), {.limits = limits}));
    }
    [[nodiscard]] std::string url() const { return "sqlite:" + folder.file("hq.db"); }
    Applied apply(const std::vector<Inbound>& batches) { return *store->apply(batches, clock); }
    std::string text(const std::string& sql) {
        auto database = sqlite::Database::open(folder.file("hq.db"), {.read_only = true});
        return *database->text(sql);
    }
    std::int64_t integer(const std::string& sql) {
        auto database = sqlite::Database::open(folder.file("hq.db"), {.read_only = true});
        return *database->integer(sql);
    }

    TempFolder folder;
    runtime::ManualClock clock;
    std::unique_ptr<EventStore> store;
};

TEST(EventStore, AcknowledgesWhatItHasCommitted) {
    Shelf shelf;
    const auto applied = shelf.apply({inbound(1, 3)});
    ASSERT_EQ(applied.answers.size(), 1U);
    EXPECT_EQ(applied.answers[0].store, StoreId{"s-0001"});
    EXPECT_EQ(applied.answers[0].ack.kind, wire::AckKind::Ack);
    EXPECT_EQ(applied.answers[0].ack.next, 4);
    EXPECT_EQ(applied.answers[0].ack.check, wire::check_of(line_for(3)));
    EXPECT_EQ(shelf.integer("SELECT count(*) FROM events"), 3);
}

TEST(EventStore, OffersTheContractsRelation) {
    Shelf shelf;
    const std::string body = R"({"revision":2,"total":100})";
    shelf.apply({inbound(header_for(1, 1), {line_for(1, body, "sale", "00ff")})});
    const auto row = shelf.text(
        "SELECT store || '|' || epoch || '|' || stream || '|' || seq || '|' || from_seq || '|' || "
        "kind || '|' || "
        "event_id || '|' || revision || '|' || at || '|' || boot || '|' || mono || '|' || "
        "received_at || '|' || body "
        "FROM events");
    const std::string mono = std::to_string(kit::at().mono.time_since_epoch().count());
    EXPECT_EQ(row, "s-0001|0123456789abcdef|ledger|1|1|sale|00ff|2|2026-06-12T04:00:00.000Z|1|" +
                       mono + "|2026-06-12T04:00:00.000Z|" + body);
}

TEST(EventStore, RaisesAnAlarmWhereAShopSaysThatItsAuditChainIsBroken) {
    Shelf shelf;
    const auto entry = [](const std::string& action) {
        return line_for(1, R"({"n":7,"actor":"agent","action":")" + action + R"("})", "audit", "");
    };
    const auto applied = shelf.apply({inbound(header_for(1, 1), {entry("audit.broken")})});
    ASSERT_EQ(applied.alarms.size(), 1U);
    EXPECT_EQ(applied.alarms[0].kind, "audit_broken");
    EXPECT_EQ(applied.alarms[0].store, "s-0001");
    Shelf other;
    EXPECT_TRUE(other.apply({inbound(header_for(1, 1), {entry("rights.export")})}).alarms.empty());
}

// Alarms are kept beside the events, where no erasure looks: the person is in the record alone.
TEST(EventStore, RaisesAnAlarmWhereAShopFlagsAbuseAndNamesNobodyInIt) {
    Shelf shelf;
    const auto applied = shelf.apply(
        {inbound(header_for(1, 1),
                 {line_for(1, R"({"abuse":"own_card","member":"00ada"})", "abuse_flag", "")})});
    ASSERT_EQ(applied.alarms.size(), 1U);
    EXPECT_EQ(applied.alarms[0].kind, "abuse_flag");
    EXPECT_EQ(applied.alarms[0].detail, "0123456789abcdef/ledger 1..1");
}

TEST(EventStore, MendsTheTimesOfABootWhoseClockWasWrong) {
    Shelf shelf;
    OutboxRow row{.seq = 1, .from = 1};
    row.record = {.kind = "test", .at = kit::at(), .body = "{}"};
    row.record.at.quality = ClockQuality::Rtc;
    shelf.apply({inbound(header_for(1, 1), {wire::line_of(row)})});
    shelf.store.reset();
    {
        auto database = sqlite::Database::open(shelf.folder.file("hq.db"));
        ASSERT_TRUE(database->exec(
            "INSERT INTO boots VALUES('s-0001','0123456789abcdef',1,-3600000,0,'')"));
    }
    EXPECT_EQ(shelf.text("SELECT at FROM events"), "2026-06-12T03:00:00.000Z");
}

TEST(EventStore, CoalescesAnswersOfOneStream) {
    Shelf shelf;
    const auto applied = shelf.apply({inbound(1, 2), inbound(3, 4), inbound(5, 6)});
    ASSERT_EQ(applied.answers.size(), 1U);
    EXPECT_EQ(applied.answers[0].ack.next, 7);
    EXPECT_EQ(applied.rows, 6);
}

TEST(EventStore, KeepsStreamsAndEpochsApart) {
    Shelf shelf;
    auto other_epoch = header_for(1, 1);
    other_epoch.epoch = "ffffffffffffffff";
    shelf.apply({inbound(1, 1), inbound(header_for(1, 1, Stream::Offers), lines_for(1, 1)),
                 inbound(other_epoch, lines_for(1, 1))});
    EXPECT_EQ(shelf.integer("SELECT count(*) FROM events"), 3);
    EXPECT_EQ(shelf.store->streams()->size(), 3U);
}

TEST(EventStore, SaysFromWhereToSendWhenSomethingIsMissing) {
    Shelf shelf;
    shelf.apply({inbound(1, 2)});
    const auto applied = shelf.apply({inbound(5, 6)});
    ASSERT_EQ(applied.answers.size(), 1U);
    EXPECT_EQ(applied.answers[0].ack.kind, wire::AckKind::Nack);
    EXPECT_EQ(applied.answers[0].ack.next, 3);
    EXPECT_EQ(shelf.integer("SELECT count(*) FROM events"), 2);
}

TEST(EventStore, TakesBackANackWhenWhatWasMissingComesAfterAll) {
    Shelf shelf;
    const auto applied = shelf.apply({inbound(3, 4), inbound(1, 4)});
    EXPECT_EQ(applied.answers[0].ack.kind, wire::AckKind::Ack);
    EXPECT_EQ(applied.answers[0].ack.next, 5);
}

TEST(EventStore, CallsAContradictionAFork) {
    Shelf shelf;
    shelf.apply({inbound(1, 2)});
    const auto applied =
        shelf.apply({inbound(header_for(2, 3), {line_for(2, R"({"other":1})"), line_for(3)})});
    EXPECT_EQ(applied.answers[0].ack.kind, wire::AckKind::Fork);
    EXPECT_EQ(applied.forks, 1);
    EXPECT_EQ(shelf.integer("SELECT count(*) FROM events"), 2);
}

TEST(EventStore, RemembersWhereItStandsAfterARestart) {
    Shelf shelf;
    shelf.apply({inbound(1, 5)});
    shelf.open();
    const auto applied = shelf.apply({inbound(1, 5), inbound(6, 7)});
    EXPECT_EQ(applied.repeated, 1);
    EXPECT_EQ(applied.rows, 2);
    EXPECT_EQ(applied.answers[0].ack.next, 8);
}

TEST(EventStore, CommitsAtMostSoManyBatchesAtOnce) {
    Shelf shelf;
    shelf.open({.batches_max = 2});
    const auto applied = shelf.apply({inbound(1, 1), inbound(2, 2), inbound(3, 3)});
    EXPECT_EQ(applied.consumed, 2U);
    EXPECT_EQ(applied.answers[0].ack.next, 3);
}

TEST(EventStore, SetsAsideWhatItCannotReadAndCountsRepeats) {
    Shelf shelf;
    Inbound noise{.topic = inbound(1, 1).topic, .payload = "noise", .received = kit::kNoon};
    const auto applied = shelf.apply({noise, noise, inbound(1, 1)});
    EXPECT_EQ(applied.quarantined, 2);
    EXPECT_EQ(applied.rows, 1);
    EXPECT_EQ(shelf.integer("SELECT count(*) FROM quarantine"), 1);
    EXPECT_EQ(shelf.integer("SELECT times FROM quarantine"), 2);
    EXPECT_NE(shelf.text("SELECT reason FROM quarantine"), "");
}

TEST(EventStore, AnswersABatchThatCannotBeReadWithWhereItStands) {
    Shelf shelf;
    shelf.apply({inbound(1, 1)});
    const auto applied = shelf.apply({inbound(header_for(2, 3), {"not json", "nor this"})});
    ASSERT_EQ(applied.answers.size(), 1U);
    EXPECT_EQ(applied.answers[0].ack.kind, wire::AckKind::Nack);
    EXPECT_EQ(applied.answers[0].ack.next, 2);
    EXPECT_EQ(shelf.integer("SELECT count(*) FROM events"), 1);
}

TEST(EventStore, RefusesABatchUnderAnotherStoresTopic) {
    Shelf shelf;
    auto foreign = inbound(1, 1);
    foreign.topic = wire::to_text({StoreId{"s-0002"}, wire::Channel::Up, Stream::Ledger});
    const auto applied = shelf.apply({foreign});
    EXPECT_EQ(applied.quarantined, 1);
    EXPECT_TRUE(applied.answers.empty());
}

TEST(EventStore, IsHeldByOneCollector) {
    Shelf shelf;
    const auto second = open_event_store(shelf.url());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().fault, Fault::Unavailable);
    shelf.store.reset();
    EXPECT_TRUE(open_event_store(shelf.url()));
}

TEST(EventStore, RefusesADatabaseThatIsNotItsOwn) {
    const TempFolder folder;
    {
        auto database = sqlite::Database::open(folder.file("x.db"));
        ASSERT_TRUE(database->exec("CREATE TABLE t(a)"));
    }
    const auto opened = open_event_store("sqlite:" + folder.file("x.db"));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().fault, Fault::Malformed);
    EXPECT_FALSE(open_event_store("mysql://x"));
    EXPECT_FALSE(open_event_store("sqlite:"));
}

// ---- the day's figures

const Today kDay{
    .date = std::chrono::year{2026} / 6 / 12,
    .from = WallTime{seconds{1'781'193'600}},  // 2026-06-11T16:00Z, midnight in Shanghai
    .to = WallTime{seconds{1'781'280'000}}};

std::string sale_body(const std::string& total, const std::string& status = "completed",
                      int revision = 1) {
    return "{\"revision\":" + std::to_string(revision) + ",\"type\":\"sale\",\"status\":\"" +
           status + "\",\"business_date\":\"2026-06-12\",\"currency\":\"CNY\",\"total\":" + total +
           "}";
}

TEST(EventStoreDay, CountsEachSaleByItsHighestRevision) {
    Shelf shelf;
    shelf.apply(
        {inbound(header_for(1, 4), {line_for(1, sale_body("100"), "sale", "a"),
                                    line_for(2, sale_body("250"), "sale", "b"),
                                    line_for(3, sale_body("90", "completed", 2), "sale", "a"),
                                    line_for(4, sale_body("70", "suspended"), "sale", "c")})});
    const auto days = *shelf.store->day(kDay);
    ASSERT_EQ(days.size(), 1U);
    EXPECT_EQ(days[0].sales, 2);
    EXPECT_EQ(days[0].total_minor, 340);
    EXPECT_EQ(days[0].currency, "CNY");
}

TEST(EventStoreDay, LeavesOutSalesOfAnotherBusinessDay) {
    Shelf shelf;
    shelf.apply({inbound(header_for(1, 1), {line_for(1, sale_body("100"), "sale", "a")})});
    auto tomorrow = kDay;
    tomorrow.date = std::chrono::year{2026} / 6 / 13;
    EXPECT_TRUE(shelf.store->day(tomorrow)->empty());
}

TEST(EventStoreDay, AddsPeopleOverTheDoorsThatCount) {
    Shelf shelf;
    const auto minute = [](const std::string& door, const std::string& rest) {
        return "{\"door\":\"" + door + "\",\"start\":\"2026-06-12T04:00:00.000Z\"," + rest + "}";
    };
    shelf.apply({inbound(
        header_for(1, 5, Stream::Footfall),
        {line_for(1, minute("north", R"("in":2,"out":1,"counts":true)"), "footfall_minute"),
         line_for(2, minute("south", R"("in":5,"out":0,"counts":true)"), "footfall_minute"),
         line_for(3, minute("video", R"("in":9,"out":9,"counts":false)"), "footfall_minute"),
         line_for(4, minute("", R"("in":7,"out":1,"counts":true)"), "footfall_minute"),
         line_for(5, minute("north", R"("in":3,"out":1,"counts":true)"), "footfall_minute")})});
    const auto days = *shelf.store->day(kDay);
    ASSERT_EQ(days.size(), 1U);
    EXPECT_EQ(days[0].entered, 8);  // the last word on north's minute is 3
    EXPECT_EQ(days[0].left, 1);
}

}  // namespace
}  // namespace aisle::hq
