#include "agent/records/abuse_record.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::records {
namespace {

const AbuseFlagged kFlag{.abuse = "own_card",
                         .till = TillId{"2"},
                         .member = MemberKey{"00000000000000000000000000000ada"},
                         .count = 8,
                         .detail = "one card on 8 receipts",
                         .at = kit::at()};

TEST(AbuseRecord, IsNeverDropped) {
    const Record record = abuse_record(kFlag);
    EXPECT_EQ(record.stream, Stream::Ledger);
    EXPECT_EQ(record.kind, "abuse_flag");
    EXPECT_TRUE(record.event_id.empty());
}

TEST(AbuseRecord, SaysWhatWasSeenAndWhere) {
    EXPECT_TRUE(abuse_record(kFlag).body.starts_with(
        R"({"abuse":"own_card","campaign":"","till":"2","staff":"",)"
        R"("member":"00000000000000000000000000000ada","count":8,)"
        R"("detail":"one card on 8 receipts","at":{)"))
        << abuse_record(kFlag).body;
}

TEST(AbuseRecord, HasItsStatisticsOnlyWhereThereAreSome) {
    AbuseFlagged judged = kFlag;
    judged.expected = 2.5, judged.p = 1e-6;
    EXPECT_NE(abuse_record(judged).body.find(R"("expected":2.5E0,"p":1E-6)"), std::string::npos)
        << abuse_record(judged).body;
    EXPECT_EQ(abuse_record(kFlag).body.find("expected"), std::string::npos);
}

}  // namespace
}  // namespace aisle::records
