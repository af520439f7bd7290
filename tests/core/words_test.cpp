// The closed lists of core, and the small types that every room shares.
#include <gtest/gtest.h>

#include <set>
#include <unordered_set>

#include "agent/core/basket.hpp"
#include "agent/core/customer.hpp"
#include "agent/core/error.hpp"
#include "agent/core/ids.hpp"
#include "agent/core/journal.hpp"
#include "agent/core/record.hpp"
#include "agent/core/sale.hpp"

namespace aisle {
namespace {

TEST(Streams, HaveTheNamesOfTheProtocol) {
    EXPECT_EQ(to_text(Stream::Ledger), "ledger");
    EXPECT_EQ(to_text(Stream::Offers), "offers");
    EXPECT_EQ(to_text(Stream::Footfall), "footfall");
    EXPECT_EQ(to_text(Stream::Health), "health");
    EXPECT_EQ(to_text(Stream::Local), "local");
}

TEST(Streams, AreReadBackFromTheirNames) {
    for (const Stream stream :
         {Stream::Ledger, Stream::Offers, Stream::Footfall, Stream::Health, Stream::Local}) {
        EXPECT_EQ(stream_from(to_text(stream)), stream);
    }
}

TEST(Streams, HaveNoOtherNames) {
    for (const char* text : {"", "Ledger", "ledger ", "sales", "up"}) {
        EXPECT_FALSE(stream_from(text)) << text;
    }
}

TEST(Streams, GoUpAllButTheLocalOne) {
    const std::set<Stream> up{kUpStreams.begin(), kUpStreams.end()};
    EXPECT_EQ(up.size(), 4U);
    EXPECT_FALSE(up.contains(Stream::Local));
}

TEST(Streams, GoUpTheHeaviestFirst) {
    EXPECT_EQ(kUpStreams.front(), Stream::Ledger);
    EXPECT_EQ(kUpStreams.back(), Stream::Health);
}

TEST(LifecycleStages, HaveTheNamesOfTheCards) {
    using enum LifecycleStage;
    const std::vector<std::pair<LifecycleStage, std::string_view>> names{
        {New, "new"},         {Active, "active"}, {AtRisk, "at_risk"},
        {Dormant, "dormant"}, {Lost, "lost"},     {WonBack, "won_back"}};
    for (const auto& [stage, name] : names) EXPECT_EQ(to_text(stage), name);
}

TEST(Errors, SayWhichFaultTheyAre) {
    EXPECT_EQ(malformed("x"), (Error{Fault::Malformed, "x"}));
    EXPECT_EQ(unavailable("x"), (Error{Fault::Unavailable, "x"}));
    EXPECT_EQ(full("x"), (Error{Fault::Full, "x"}));
    EXPECT_EQ(denied("x"), (Error{Fault::Denied, "x"}));
}

TEST(Errors, DifferByFaultAndByDetail) {
    EXPECT_NE(malformed("x"), denied("x"));
    EXPECT_NE(malformed("x"), malformed("y"));
}

TEST(Results, HoldAValueOrAnError) {
    const Result<int> good{7};
    const Result<int> bad{full("no room")};
    EXPECT_TRUE(good);
    EXPECT_EQ(*good, 7);
    EXPECT_FALSE(bad);
    EXPECT_EQ(bad.error().detail, "no room");
}

TEST(Results, AreGoodWithoutAValue) { EXPECT_TRUE(Status{}); }

TEST(Results, TellThePlaceWhereAFailedOneWasRead) {
    const Result<int> bad{denied("wrong key")};
    try {
        (void)bad.value();
        FAIL() << "read a value that is not there";
    } catch (const std::logic_error& error) {
        const std::string what = error.what();
        EXPECT_NE(what.find("wrong key"), std::string::npos) << what;
        EXPECT_NE(what.find("words_test.cpp:"), std::string::npos) << what;
    }
}

TEST(Ids, AreEmptyUntilTheyAreNamed) {
    EXPECT_TRUE(DoorId{}.empty());
    EXPECT_FALSE(DoorId{"main"}.empty());
}

TEST(Ids, AreComparedAndHashedByTheirText) {
    EXPECT_EQ(ZoneId{"shoes"}, ZoneId{"shoes"});
    EXPECT_LT(ZoneId{"a"}, ZoneId{"b"});
    const std::unordered_set<ZoneId> zones{ZoneId{"a"}, ZoneId{"b"}, ZoneId{"a"}};
    EXPECT_EQ(zones.size(), 2U);
    EXPECT_TRUE(zones.contains(ZoneId{"b"}));
}

TEST(Ids, OfTwoSortsNeverMix) {
    EXPECT_FALSE((std::is_convertible_v<DoorId, ZoneId>));
    EXPECT_FALSE((std::is_convertible_v<std::string, DoorId>));
    EXPECT_FALSE((std::is_convertible_v<MemberKey, std::string>));
}

struct Counted {
    SaleType type;
    SaleStatus status;
    bool counts;
};

TEST(Sales, CountWhenTheyAreCompletedAndMovedGoods) {
    for (const auto& [type, status, expected] :
         {Counted{SaleType::Sale, SaleStatus::Completed, true},
          Counted{SaleType::Return, SaleStatus::Completed, true},
          Counted{SaleType::Exchange, SaleStatus::Completed, true},
          Counted{SaleType::Void, SaleStatus::Completed, false},
          Counted{SaleType::NoSale, SaleStatus::Completed, false},
          Counted{SaleType::Control, SaleStatus::Completed, false},
          Counted{SaleType::Sale, SaleStatus::Suspended, false},
          Counted{SaleType::Sale, SaleStatus::Cancelled, false},
          Counted{SaleType::Sale, SaleStatus::PostVoided, false},
          Counted{SaleType::Sale, SaleStatus::Training, false},
          Counted{SaleType::Return, SaleStatus::Training, false}}) {
        Sale sale;
        sale.type = type;
        sale.status = status;
        EXPECT_EQ(counts(sale), expected) << static_cast<int>(type) << static_cast<int>(status);
    }
}

TEST(Baskets, NetALineByTheTillsOwnDiscount) {
    EXPECT_EQ((BasketLine{.gross = Money::minor(500), .discount = Money::minor(120)}).net(),
              Money::minor(380));
}

TEST(Batches, AreEmptyUntilAnythingIsInThem) {
    EXPECT_TRUE(Batch{}.empty());
    EXPECT_TRUE((Batch{.order = 9}).empty());
    EXPECT_FALSE((Batch{.records = {Record{}}}).empty());
    EXPECT_FALSE((Batch{.quarantine = {Quarantined{}}}).empty());
    EXPECT_FALSE((Batch{.state = {StateChange{}}}).empty());
    EXPECT_FALSE((Batch{.positions = {SourcePosition{}}}).empty());
}

TEST(RecordKeys, DifferByKindByIdAndByDigest) {
    const RecordKey key{.kind = "sale", .event_id = "1", .digest = "d"};
    EXPECT_NE(key, (RecordKey{.kind = "offer", .event_id = "1", .digest = "d"}));
    EXPECT_NE(key, (RecordKey{.kind = "sale", .event_id = "2", .digest = "d"}));
    EXPECT_NE(key, (RecordKey{.kind = "sale", .event_id = "1", .digest = "e"}));
}

}  // namespace
}  // namespace aisle
