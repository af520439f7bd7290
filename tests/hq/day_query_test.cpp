#include <gtest/gtest.h>

#include "batches.hpp"
#include "hq_world.hpp"

// What counts into a store's day and what does not.
namespace aisle::hq {
namespace {

const WallTime kMidnight{seconds{1'781'193'600}};  // 2026-06-11T16:00Z, in Shanghai
const Today kDay{
    .date = std::chrono::year{2026} / 6 / 12, .from = kMidnight, .to = kMidnight + minutes{1'440}};

struct SaleFields {
    std::string type = "sale";
    std::string status = "completed";
    std::string date = "2026-06-12";
    std::string total = "100";
    int revision = 1;
};

std::string body_of(const SaleFields& sale) {
    return "{\"revision\":" + std::to_string(sale.revision) + ",\"type\":\"" + sale.type +
           "\",\"status\":\"" + sale.status + "\",\"business_date\":\"" + sale.date +
           "\",\"currency\":\"CNY\",\"total\":" + sale.total + "}";
}

std::string minute_of(const std::string& door, const std::string& start, int in, int out) {
    return "{\"door\":\"" + door + "\",\"start\":\"" + start + "\",\"in\":" + std::to_string(in) +
           ",\"out\":" + std::to_string(out) + ",\"counts\":true}";
}

// A store's figures after HQ was given these records, all received at `received`.
struct Day {
    explicit Day(WallTime at = kit::kNoon) : received{at} {}
    void sale(const std::string& id, const SaleFields& fields, const std::string& shop = "s-0001") {
        put(shop, Stream::Ledger, body_of(fields), "sale", id);
    }
    void minute(const std::string& body, const std::string& shop = "s-0001") {
        put(shop, Stream::Footfall, body, "footfall_minute", {});
    }
    void put(const std::string& store_id, Stream stream, const std::string& body,
             const std::string& kind, const std::string& id) {
        const std::int64_t seq = ++last[store_id + std::string{to_text(stream)}];
        auto header = header_for(seq, seq, stream);
        header.store = StoreId{store_id};
        Inbound one = inbound(header, {line_for(seq, body, kind, id)});
        one.received = received;
        const std::vector<Inbound> batches{one};
        const auto applied = store->apply(batches, clock);
        ASSERT_TRUE(applied);
        ASSERT_EQ(applied->rows, 1);
    }
    [[nodiscard]] StoreDay figures(const Today& today = kDay, const std::string& of = "s-0001") {
        const auto days = *store->day(today);
        for (const auto& day : days)
            if (day.store == of) return day;
        return {};
    }

    TempFolder folder;
    runtime::ManualClock clock;
    WallTime received;
    std::unique_ptr<EventStore> store =
        std::move(*open_event_store("sqlite:" + folder.file("hq.db")));
    std::map<std::string, std::int64_t> last;
};

struct Kind {
    const char* type;
    const char* status;
    std::int64_t counted;
};

class SaleKinds : public testing::TestWithParam<Kind> {};

TEST_P(SaleKinds, CountOrDoNot) {
    Day day;
    day.sale("a", {.type = GetParam().type, .status = GetParam().status});
    EXPECT_EQ(day.figures().sales, GetParam().counted);
    EXPECT_EQ(day.figures().total_minor, GetParam().counted * 100);
}

INSTANTIATE_TEST_SUITE_P(
    All, SaleKinds,
    testing::Values(Kind{"sale", "completed", 1}, Kind{"return", "completed", 1},
                    Kind{"exchange", "completed", 1}, Kind{"void", "completed", 0},
                    Kind{"no_sale", "completed", 0}, Kind{"control", "completed", 0},
                    Kind{"sale", "suspended", 0}, Kind{"sale", "cancelled", 0},
                    Kind{"sale", "post_voided", 0}, Kind{"sale", "training", 0}));

TEST(DayOfSales, TakesReturnsOffTheTakings) {
    Day day;
    day.sale("a", {.total = "500"});
    day.sale("b", {.type = "return", .total = "-120"});
    EXPECT_EQ(day.figures().total_minor, 380);
    EXPECT_EQ(day.figures().sales, 2);
}

TEST(DayOfSales, ForgetsASaleThatALaterRevisionVoids) {
    Day day;
    day.sale("a", {});
    day.sale("a", {.status = "post_voided", .revision = 2});
    EXPECT_EQ(day.figures().sales, 0);
}

TEST(DayOfSales, BelievesTheHighestRevisionThoughItCameFirst) {
    Day day;
    day.sale("a", {.total = "90", .revision = 2});
    day.sale("a", {.total = "70", .revision = 1});
    EXPECT_EQ(day.figures().total_minor, 90);
}

TEST(DayOfSales, MovesASaleWhoseRevisionHasAnotherDate) {
    Day day;
    day.sale("a", {});
    day.sale("a", {.date = "2026-06-11", .revision = 2});
    EXPECT_EQ(day.figures().sales, 0);
}

TEST(DayOfSales, KeepsStoresWithTheSameSaleIdsApart) {
    Day day;
    day.sale("a", {.total = "10"}, "s-0001");
    day.sale("a", {.total = "20"}, "s-0002");
    EXPECT_EQ(day.figures(kDay, "s-0001").total_minor, 10);
    EXPECT_EQ(day.figures(kDay, "s-0002").total_minor, 20);
}

TEST(DayOfSales, CountsASaleThatComesALongTimeAfterItsDay) {
    Day day{kMidnight + minutes{1'440 * 30}};
    day.sale("late", {});
    EXPECT_EQ(day.figures().sales, 1);
}

TEST(DayOfSales, AddsUpLargeTakings) {
    Day day;
    day.sale("a", {.total = "9000000000000"});
    day.sale("b", {.total = "9000000000000"});
    EXPECT_EQ(day.figures().total_minor, 18'000'000'000'000);
}

TEST(DayOfSales, SurvivesABodyThatIsNoSale) {
    Day day;
    day.put("s-0001", Stream::Ledger, "[]", "sale", "x");
    day.put("s-0001", Stream::Ledger, "7", "sale", "y");
    day.sale("a", {});
    EXPECT_EQ(day.figures().sales, 1);
}

TEST(DayOfPeople, BeginsWithItsFirstMinuteAndEndsBeforeTheNextDays) {
    Day day;
    day.minute(minute_of("d", "2026-06-11T15:59:00.000Z", 1, 0));
    day.minute(minute_of("d", "2026-06-11T16:00:00.000Z", 10, 1));
    day.minute(minute_of("d", "2026-06-12T15:59:00.000Z", 100, 2));
    day.minute(minute_of("d", "2026-06-12T16:00:00.000Z", 1'000, 4));
    EXPECT_EQ(day.figures().entered, 110);
    EXPECT_EQ(day.figures().left, 3);
}

TEST(DayOfPeople, CountsAMinuteOfADoorOnceByItsLastWord) {
    Day day;
    for (const int entered : {1, 5, 2})
        day.minute(minute_of("d", "2026-06-12T04:00:00.000Z", entered, 0));
    EXPECT_EQ(day.figures().entered, 2);
}

TEST(DayOfPeople, LeavesOutTheSumOverTheShop) {
    Day day;
    day.minute(minute_of("", "2026-06-12T04:00:00.000Z", 50, 50));
    EXPECT_EQ(day.figures().entered, 0);
}

TEST(DayOfPeople, KeepsStoresWithTheSameDoorsApart) {
    Day day;
    day.minute(minute_of("d", "2026-06-12T04:00:00.000Z", 3, 0), "s-0001");
    day.minute(minute_of("d", "2026-06-12T04:00:00.000Z", 4, 0), "s-0002");
    EXPECT_EQ(day.figures(kDay, "s-0001").entered, 3);
    EXPECT_EQ(day.figures(kDay, "s-0002").entered, 4);
}

TEST(DayOfPeople, IsNothingForAStoreThatOnlySells) {
    Day day;
    day.sale("a", {});
    EXPECT_EQ(day.figures().entered, 0);
    EXPECT_EQ(day.figures().left, 0);
}

TEST(ADayWithoutRecords, HasNoStores) {
    Day day;
    EXPECT_TRUE(day.store->day(kDay)->empty());
}

}  // namespace
}  // namespace aisle::hq
