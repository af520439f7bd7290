#include <gtest/gtest.h>

#include "store_kit.hpp"

// Revisions that are there already: a programmer's error for a sale, a sum told again for a day.
namespace aisle::store {
namespace {

Record told(Stream stream, const std::string& kind, const std::string& body) {
    return {.stream = stream,
            .kind = kind,
            .event_id = "2026-06-12",
            .revision = 1,
            .at = kit::at(),
            .body = body};
}

TEST(Revisions, OfASumThatIsToldAgainAreTheNextOnes) {
    TempDir dir;
    auto store = open_store(dir);
    for (const char* body : {R"({"in":1})", R"({"in":2})", R"({"in":3})"})
        ASSERT_TRUE(
            store->append({.records = {told(Stream::Footfall, "footfall_day", body)}}, kit::kNoon));
    const auto last = store->find_last("footfall_day", "2026-06-12");
    ASSERT_TRUE(last && *last);
    EXPECT_EQ((*last)->record.revision, 3);
    EXPECT_EQ((*last)->record.body, R"({"in":3})");
}

TEST(Revisions, OfTheLedgerAreRefusedWhenTheyAreThere) {
    TempDir dir;
    auto store = open_store(dir);
    const Batch one{.records = {told(Stream::Ledger, "sale", "{}")}};
    ASSERT_TRUE(store->append(one, kit::kNoon));
    EXPECT_EQ(store->append(one, kit::kNoon).error().fault, Fault::Denied);
}

}  // namespace
}  // namespace aisle::store
