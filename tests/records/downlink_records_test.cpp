#include "agent/records/downlink_records.hpp"

#include <gtest/gtest.h>

#include "agent/records/ledger_records.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::records {
namespace {

TEST(DownlinkRecords, BundleStatesComeBackWhole) {
    const BundleState state{.version = 7,
                            .state = "refused",
                            .reason = "guard",
                            .detail = "discount_bp 9 > 5",
                            .slot = "a",
                            .active = 5,
                            .figures = {{"records", 30}},
                            .at = kit::at()};
    const Record record = bundle_state_record(state);
    EXPECT_EQ(record.stream, Stream::Ledger);
    EXPECT_EQ(record.kind, "bundle_state");
    const auto read = bundle_state_from_json(record.body);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->reason, "guard");
    EXPECT_EQ(read->figures.at("records"), 30);
    EXPECT_EQ(read->active, 5);
    EXPECT_EQ(read->at, kit::at());
}

TEST(DownlinkRecords, AnAnswerIsARevisionOfItsCommand) {
    CommandResult result{.id = "c-1", .type = "flush", .status = "done", .at = kit::at()};
    const Record first = command_result_record(result);
    result.answer = 2;
    const Record second = command_result_record(result);
    EXPECT_EQ(first.event_id, "c-1");
    EXPECT_EQ(first.revision, 1);
    EXPECT_EQ(second.revision, 2);
    EXPECT_EQ(command_result_from_json(first.body)->answer, 1);
    EXPECT_EQ(command_result_from_json(second.body)->answer, 2);
}

TEST(DownlinkRecords, ErasuresNameWhomAndHowMuch) {
    const Record record = erasure_record({.command = "c-1",
                                          .members = {MemberKey{"a"}, MemberKey{"b"}},
                                          .journal_rows = 5,
                                          .outbox_rows = 2,
                                          .at = kit::at()});
    const auto read = erasure_from_json(record.body);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->members.size(), 2U);
    EXPECT_EQ(read->journal_rows, 5);
    EXPECT_EQ(record.event_id, "c-1");
}

TEST(DownlinkRecords, DataStatesComeBackWhole) {
    const auto read = data_state_from_json(data_state_record({.name = "stock",
                                                              .version = 9,
                                                              .state = "refused",
                                                              .reason = "base",
                                                              .held = 7,
                                                              .rows = 100,
                                                              .at = kit::at()})
                                               .body);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->held, 7);
    EXPECT_EQ(read->reason, "base");
}

TEST(DownlinkRecords, ALeaseIsABudgetRecordThatIsNoMove) {
    const Record record = lease_record({.what = "lease_granted",
                                        .campaign = CampaignId{"c"},
                                        .lease = "l-1",
                                        .amount = Money::minor(5),
                                        .granted = Money::minor(15),
                                        .at = kit::at()});
    EXPECT_EQ(record.kind, "budget");
    EXPECT_EQ(lease_from_json(record.body)->granted, Money::minor(15));
    EXPECT_FALSE(budget_from_json(record.body));
    const Record move = budget_record({.campaign = CampaignId{"c"}, .move = "redeem"});
    EXPECT_FALSE(lease_from_json(move.body));
}

TEST(DownlinkRecords, RefuseWhatIsNoneOfThem) {
    for (const char* bad : {"", "[]", "{}", R"({"version":"7","state":"x","active":0})"}) {
        EXPECT_FALSE(bundle_state_from_json(bad)) << bad;
        EXPECT_FALSE(command_result_from_json(bad)) << bad;
        EXPECT_FALSE(erasure_from_json(bad)) << bad;
        EXPECT_FALSE(data_state_from_json(bad)) << bad;
        EXPECT_FALSE(lease_from_json(bad)) << bad;
    }
}

}  // namespace
}  // namespace aisle::records
