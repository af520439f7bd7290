#include "agent/records/trial_record.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::records {
namespace {

TrialFigures figures() {
    TrialFigures trial{.id = "00000000000000000000000000000abc",
                       .revision = 3,
                       .campaign = CampaignId{"c"},
                       .experiment = "e",
                       .plan = "0123456789abcdef",
                       .since = kit::kNoon,
                       .at = kit::at()};
    trial.groups["A"] = {.expected = 0.5,
                         .exposed = 7,
                         .returned = 1,
                         .spend = {.n = 2, .sums = {1, 2, 3, 4, 5}},
                         .margin = {}};
    return trial;
}

TEST(TrialBytes, AreThoseOfTheWireFormat) {
    EXPECT_EQ(trial_record(figures()).body,
              R"({"campaign":"c","experiment":"e","plan":"0123456789abcdef","unit":"person",)"
              R"("since":"2026-06-12T04:00:00.000Z","groups":{"A":{"expected":5E-1,"exposed":7,)"
              R"("returned":1,"spend":{"n":2,"y":1E0,"yy":2E0,"x":3E0,"xx":4E0,"xy":5E0},)"
              R"("margin":{"n":0,"y":0E0,"yy":0E0,"x":0E0,"xx":0E0,"xy":0E0}}},"unobserved":0})");
}

TEST(TrialRecord, IsARevisionOfItsTrial) {
    const Record record = trial_record(figures());
    EXPECT_EQ(record.kind, "experiment_sums");
    EXPECT_EQ(record.stream, Stream::Offers);
    EXPECT_EQ(record.event_id, "00000000000000000000000000000abc");
    EXPECT_EQ(record.revision, 3);
    TrialFigures later = figures();
    later.groups["A"].exposed = 8;
    EXPECT_NE(trial_record(later).digest, record.digest);
}

TEST(TrialRecord, TellsOfTheRatioAlarm) {
    TrialFigures trial = figures();
    trial.mismatch_after = 500;
    trial.mismatch_p = 0.0005;
    EXPECT_NE(trial_record(trial).body.find(R"("mismatch":{"exposures":500,"p":5E-4})"),
              std::string::npos);
}

TEST(TrialRecord, ReadsWhatItWrote) {
    TrialFigures trial = figures();
    trial.mismatch_after = 500;
    trial.mismatch_p = 0.0005;
    const auto read = trial_from_json(trial_record(trial).body);
    ASSERT_TRUE(read) << read.error().detail;
    TrialFigures again = *read;
    again.id = trial.id;
    again.revision = trial.revision;
    again.at = trial.at;
    EXPECT_EQ(trial_record(again).body, trial_record(trial).body);
}

TEST(TrialRecord, NamesTheFieldThatIsWrong) {
    std::string body = trial_record(figures()).body;
    body.replace(body.find("\"n\":2"), 5, "\"n\":-2");
    const auto read = trial_from_json(body);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().detail.find("groups.A.spend.n"), std::string::npos)
        << read.error().detail;
}

}  // namespace
}  // namespace aisle::records
