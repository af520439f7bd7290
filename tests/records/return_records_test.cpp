#include <gtest/gtest.h>

#include "agent/records/ledger_records.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::records {
namespace {

PointsEntry entry() {
    return {.offer = OfferId{"o"},
            .campaign = CampaignId{"c"},
            .member = MemberKey{"m"},
            .sale = SaleId{"s"},
            .points = 50,
            .at = kit::at()};
}

TEST(PointsRecord, IsTheSameWheneverItIsSent) {
    EXPECT_EQ(points_record(entry()).event_id, "o");
    EXPECT_EQ(points_record(entry()).digest, points_record(entry()).digest);
    EXPECT_EQ(points_record(entry()).stream, Stream::Ledger);
    EXPECT_TRUE(points_record(entry()).body.starts_with(
        R"({"offer":"o","campaign":"c","member":"m","sale":"s","points":50,)"));
}

TEST(PointsRecord, OfAReturnIsARevisionOfIt) {
    PointsEntry later = entry();
    later.points = 20;
    later.revision = 2;
    EXPECT_EQ(points_record(later).event_id, points_record(entry()).event_id);
    EXPECT_EQ(points_record(later).revision, 2);
    EXPECT_NE(points_record(later).digest, points_record(entry()).digest);
}

TEST(RedemptionReturnRecord, SaysWhatIsLeftAndWhetherTheGiftWasKept) {
    const Record record = redemption_return_record({.offer = OfferId{"o"},
                                                    .campaign = CampaignId{"c"},
                                                    .sale = SaleId{"s"},
                                                    .returned_by = SaleId{"r"},
                                                    .till = TillId{"9"},
                                                    .member = MemberKey{"m"},
                                                    .amount = Money::minor(400),
                                                    .left = Money::minor(600),
                                                    .points = 4,
                                                    .gift_sku = "MUG",
                                                    .gift_kept = true,
                                                    .after = minutes{1},
                                                    .at = kit::at()});
    EXPECT_EQ(record.kind, "redemption_return");
    EXPECT_EQ(record.event_id, "o|r");
    EXPECT_TRUE(record.body.starts_with(
        R"({"offer":"o","campaign":"c","sale":"s","returned_by":"r","till":"9","member":"m",)"
        R"("amount":400,"left":600,"points":4,"gift_sku":"MUG","gift_kept":true,"whole":false,)"
        R"("after_ms":60000,)"))
        << record.body;
}

}  // namespace
}  // namespace aisle::records
