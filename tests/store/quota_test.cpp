// The outbox over its quota: degraded before it is dropped, and every seq accounted for.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "agent/records/floor_records.hpp"
#include "agent/records/quarter_records.hpp"
#include "agent/store/rollup.hpp"
#include "sim_store.hpp"

namespace aisle::store {
namespace {

namespace json = boost::json;

constexpr WallTime kMidnight{seconds{1'781'222'400}};  // a quarter hour begins

Record minute_record(int n, const std::string& door = "main") {
    const FootfallMinute minute{.door = DoorId{door},
                                .start = kMidnight + minutes{n},
                                .in = 2,
                                .out = 1,
                                .occupancy = n,
                                .clamped = 0,
                                .blind_s = 3};
    return records::footfall_minute_record(minute, kit::at(milliseconds{n}));
}

Record visit_record(int n, const std::string& zone) {
    const ZoneVisit visit{.tag = TagKey{"t" + std::to_string(n)},
                          .zone = ZoneId{zone},
                          .entered = kMidnight + minutes{n},
                          .left = kMidnight + minutes{n} + seconds{30},
                          .open = false};
    return records::zone_visit_record(visit, kit::at(milliseconds{n}));
}

std::vector<OutboxRow> rows_for(const std::vector<Record>& records) {
    std::vector<OutboxRow> rows;
    for (const Record& record : records) {
        const auto seq = static_cast<std::int64_t>(rows.size()) + 1;
        rows.push_back({.seq = seq, .from = seq, .record = record});
    }
    return rows;
}

TEST(RollUp, SumsTheMinutesOfAQuarterAndTakesTheLastOnesPlace) {
    const auto made = roll_up(rows_for({minute_record(1), minute_record(2), minute_record(14)}));
    ASSERT_EQ(made.size(), 1u);
    EXPECT_EQ(made[0].seqs, (std::vector<std::int64_t>{1, 2, 3}));
    const auto quarter = records::footfall_quarter_from_json(made[0].record.body);
    ASSERT_TRUE(quarter);
    EXPECT_EQ(quarter->in, 6);
    EXPECT_EQ(quarter->out, 3);
    EXPECT_EQ(quarter->blind_s, 9);
    EXPECT_EQ(quarter->occupancy, 14);
    EXPECT_EQ(quarter->minutes, 3);
    EXPECT_EQ(quarter->start, kMidnight + minutes{1});
    EXPECT_EQ(quarter->end, kMidnight + minutes{15});
    EXPECT_EQ(made[0].record.at, kit::at(milliseconds{14}));
}

TEST(RollUp, KeepsDoorsAndQuartersApart) {
    const auto made =
        roll_up(rows_for({minute_record(1), minute_record(1, "side"), minute_record(2),
                          minute_record(2, "side"), minute_record(15), minute_record(16)}));
    ASSERT_EQ(made.size(), 3u);
    EXPECT_EQ(made[0].seqs, (std::vector<std::int64_t>{1, 3}));
    EXPECT_EQ(made[1].seqs, (std::vector<std::int64_t>{2, 4}));
    EXPECT_EQ(made[2].seqs, (std::vector<std::int64_t>{5, 6}));
}

TEST(RollUp, CountsAMinuteOnceWhereItWasToldTwice) {
    const auto made = roll_up(rows_for({minute_record(1), minute_record(1), minute_record(2)}));
    ASSERT_EQ(made.size(), 1u);
    EXPECT_EQ(made[0].seqs.size(), 3u);
    EXPECT_EQ(records::footfall_quarter_from_json(made[0].record.body)->in, 4);
}

TEST(RollUp, SumsVisitsByZoneAndBearer) {
    const auto made = roll_up(
        rows_for({visit_record(1, "milk"), visit_record(2, "bread"), visit_record(3, "milk")}));
    ASSERT_EQ(made.size(), 1u);  // one visit alone stays as it is
    const auto quarter = records::zone_quarter_from_json(made[0].record.body);
    EXPECT_EQ(quarter->visits, 2);
    EXPECT_EQ(quarter->dwell_ms, 60'000);
    EXPECT_EQ(quarter->start, kMidnight);
    EXPECT_EQ(quarter->end, kMidnight + minutes{15});
}

TEST(RollUp, LeavesWhatItCannotReadAsItIs) {
    Record broken = minute_record(1);
    broken.body = "{\"door\":";
    EXPECT_TRUE(roll_up(rows_for({broken, minute_record(2)})).empty());
}

// What HQ would make of a stream: every seq once, and counts by what became of it.
struct Account {
    std::int64_t rows = 0;
    std::map<std::string, std::int64_t> gaps;   // seqs by reason
    std::map<std::string, std::int64_t> kinds;  // as gaps tell
    std::int64_t in = 0;                        // people, of minutes and quarters
    std::int64_t next = 1;
};

void take(Account& account, const OutboxRow& row) {
    EXPECT_EQ(row.from, account.next);
    account.next = row.seq + 1;
    const auto body = json::parse(row.record.body).as_object();
    if (row.record.kind == "gap") {
        EXPECT_EQ(body.at("n").as_int64(), row.seq - row.from + 1);
        account.gaps[body.at("reason").as_string().c_str()] += row.seq - row.from + 1;
        std::int64_t sum = 0;
        for (const auto& kind : body.at("kinds").as_object()) {
            account.kinds[std::string{kind.key()}] += kind.value().as_int64();
            sum += kind.value().as_int64();
        }
        EXPECT_EQ(sum, row.seq - row.from + 1);
        return;
    }
    ++account.rows;
    if (row.record.kind.starts_with("footfall_")) account.in += body.at("in").as_int64();
}

Account account_of(Reads& store, Stream stream) {
    Account account;
    for (;;) {
        const auto rows = *store.read(OutboxRead{.stream = stream, .from_seq = account.next});
        if (rows.empty()) return account;
        for (const OutboxRow& row : rows) take(account, row);
    }
}

Record padded(Stream stream, const std::string& kind, int n, std::size_t bytes) {
    Record record = record_of(stream, kind, n);
    record.body = "{\"n\":" + std::to_string(n) + ",\"pad\":\"" + std::string(bytes, 'x') + "\"}";
    return record;
}

void enforce(Store& store, const OutboxQuota& quota) {
    for (int steps = 0; steps < 10'000; ++steps) {
        const auto work = store.enforce_quota(quota, kit::at());
        ASSERT_TRUE(work) << work.error().detail;
        if (!work->more) return;
    }
    FAIL() << "it does not end";
}

TEST(Quota, LeavesAnOutboxBelowItAlone) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(minutes_of(1, 100), kit::kNoon));
    const auto work = store->enforce_quota({}, kit::at());
    EXPECT_EQ(work->dropped + work->rolled_up, 0);
    EXPECT_GT(work->bytes, 100 * kOutboxRowBytes);
    EXPECT_FALSE(work->more);
}

TEST(Quota, CountsBytesTheSameAfterReopening) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(minutes_of(1, 100), kit::kNoon));
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 50));
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 60, 70, "quota"));
    const auto before = store->enforce_quota({}, kit::at())->bytes;
    store.reset();
    EXPECT_EQ(open_store(dir)->enforce_quota({}, kit::at())->bytes, before);
}

TEST(Quota, DropsHealthBeforeItDegradesAnything) {
    TempDir dir;
    auto store = open_store(dir);
    Batch batch;
    for (int n = 0; n < 100; ++n) {
        batch.records.push_back(minute_record(n));
        batch.records.push_back(padded(Stream::Health, "health", n, 300));
    }
    ASSERT_TRUE(store->append(batch, kit::kNoon));
    enforce(*store, {.bytes_max = 40'000});
    EXPECT_GT(account_of(*store, Stream::Health).gaps["quota"], 0);
    EXPECT_EQ(account_of(*store, Stream::Footfall).rows, 100);
}

TEST(Quota, RollsFootfallUpBeforeItDropsAny) {
    TempDir dir;
    auto store = open_store(dir);
    Batch batch;
    for (int n = 0; n < 240; ++n) batch.records.push_back(minute_record(n));
    ASSERT_TRUE(store->append(batch, kit::kNoon));
    enforce(*store, {.bytes_max = 20'000});
    const Account account = account_of(*store, Stream::Footfall);
    EXPECT_EQ(account.gaps.size(), 1u);
    EXPECT_GT(account.gaps.at("rolled_up"), 0);
    EXPECT_EQ(account.in, 240 * 2);  // nobody is lost and nobody is counted twice
}

TEST(Quota, NeverTouchesRowsThatMayHaveBeenSent) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(minutes_of(1, 200), kit::kNoon));
    ASSERT_TRUE(store->freeze(Stream::Footfall, 100));
    enforce(*store, {.bytes_max = 100});
    const auto rows = rows_of(*store, Stream::Footfall);
    ASSERT_EQ(rows.size(), 101u);
    EXPECT_EQ(rows.at(99).seq, 100);
    EXPECT_EQ(rows.at(100).from, 101);
    EXPECT_EQ(rows.at(100).seq, 200);
}

TEST(Quota, TakesTheGapsOfASumWithTheSum) {
    TempDir dir;
    auto store = open_store(dir);
    Batch batch;
    for (int n = 0; n < 150; ++n) batch.records.push_back(minute_record(n));
    ASSERT_TRUE(store->append(batch, kit::kNoon));
    enforce(*store, {.bytes_max = 5'000});
    enforce(*store, {.bytes_max = 10});
    const auto rows = rows_of(*store, Stream::Footfall);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(
        rows[0].record.body,
        R"({"reason":"quota","n":150,"kinds":{"footfall_minute":140,"footfall_quarter":10}})");
}

// The mark is stored in steps, so it may lie within a gap: that one stays, and the rest goes.
TEST(Quota, PassesOverAGapOfWhichAPartMayHaveBeenSent) {
    TempDir dir;
    auto store = open_store(dir);
    Batch batch;
    for (int n = 0; n < 150; ++n) batch.records.push_back(minute_record(n));
    ASSERT_TRUE(store->append(batch, kit::kNoon));
    enforce(*store, {.bytes_max = 5'000});
    ASSERT_TRUE(store->freeze(Stream::Footfall, 5));
    enforce(*store, {.bytes_max = 10});
    const auto rows = rows_of(*store, Stream::Footfall);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].record.body,
              R"({"reason":"rolled_up","n":14,"kinds":{"footfall_minute":14}})");
    EXPECT_EQ(rows[1].from, 15);
    EXPECT_EQ(rows[1].seq, 150);
}

TEST(Quota, DropsOffersLast) {
    TempDir dir;
    auto store = open_store(dir);
    Batch batch;
    for (int n = 0; n < 100; ++n) {
        batch.records.push_back(padded(Stream::Offers, "exposure", n, 100));
        batch.records.push_back(padded(Stream::Footfall, "zone_note", n, 100));
    }
    ASSERT_TRUE(store->append(batch, kit::kNoon));
    enforce(*store, {.bytes_max = 25'000});
    EXPECT_EQ(account_of(*store, Stream::Offers).rows, 100);
    EXPECT_GT(account_of(*store, Stream::Footfall).gaps["quota"], 0);
    enforce(*store, {.bytes_max = 5'000});
    EXPECT_EQ(account_of(*store, Stream::Footfall).rows, 0);
    EXPECT_GT(account_of(*store, Stream::Offers).gaps["quota"], 0);
}

TEST(Quota, DoesNotSumRowsThatHeadquartersMayHaveFromAnEarlierEpoch) {
    TempDir dir;
    auto store = open_store(dir);
    Batch batch;
    for (int n = 0; n < 30; ++n) batch.records.push_back(minute_record(n));
    ASSERT_TRUE(store->append(batch, kit::kNoon));
    ASSERT_TRUE(store->new_epoch("00000000000000bb"));
    const auto work = store->enforce_quota({.bytes_max = 4'000}, kit::at());
    EXPECT_EQ(work->rolled_up, 0);
    EXPECT_GT(work->dropped, 0);
}

// Ten times the quota, from all streams, enforced as it comes, with restarts and sent rows between.
TEST(Quota, OverflownTenTimesKeepsTheLedgerAndAccountsForEverySeq) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    const OutboxQuota quota{.bytes_max = 200'000};
    constexpr int kBatches = 120;
    for (int b = 0; b < kBatches; ++b) {
        Batch batch;
        for (int n = b * 40; n < (b + 1) * 40; ++n) {
            batch.records.push_back(minute_record(n));
            batch.records.push_back(minute_record(n, "side"));
            if (n % 2 == 0) batch.records.push_back(visit_record(n, "milk"));
            if (n % 4 == 0) batch.records.push_back(padded(Stream::Offers, "exposure", n, 200));
            if (n % 10 == 0) batch.records.push_back(padded(Stream::Health, "health", n, 400));
            if (n % 40 == 0) batch.records.push_back(padded(Stream::Ledger, "audit", n, 300));
        }
        ASSERT_TRUE(store->append(batch, kit::kNoon));
        enforce(*store, quota);
        if (b == 20) {
            ASSERT_TRUE(store->freeze(Stream::Offers, 30));
        }
        if (b % 30 == 29) store.reset(), store = open_on(disk);
    }
    EXPECT_LE(store->enforce_quota(quota, kit::at())->bytes, quota.bytes_max);
    const Account ledger = account_of(*store, Stream::Ledger);
    EXPECT_EQ(ledger.rows, kBatches);
    EXPECT_TRUE(ledger.gaps.empty());
    Account footfall = account_of(*store, Stream::Footfall);
    EXPECT_EQ(footfall.next - 1, kBatches * 100);
    EXPECT_EQ(footfall.rows + footfall.gaps["quota"] + footfall.gaps["rolled_up"], kBatches * 100);
    EXPECT_EQ(account_of(*store, Stream::Offers).next - 1, kBatches * 10);
    EXPECT_EQ(account_of(*store, Stream::Health).next - 1, kBatches * 4);
}

TEST(Quota, LetsTheJournalRowsOfWhatItDroppedBePruned) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(minutes_of(1, 200), kit::kNoon));
    enforce(*store, {.bytes_max = 100});
    Stamp later = kit::at();
    later.wall += days{100};
    ASSERT_TRUE(store->prune(later, default_retention()));
    EXPECT_LT(records_of(*store, "footfall_minute").size(), 5u);
    EXPECT_EQ(rows_of(*store, Stream::Footfall).at(0).seq, 200);
}

}  // namespace
}  // namespace aisle::store
