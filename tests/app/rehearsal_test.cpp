#include "agent/app/rehearsal.hpp"

#include "agent/app/campaign_report.hpp"
#include "agent/app/replay_run.hpp"
#include "rehearsed_week.hpp"
#include "shop_world.hpp"

// A day of the simulated shop, played and made again.
namespace aisle::app {
namespace {

struct Day {
    explicit Day(std::uint64_t seed, int restarts = 0) {
        const auto set = week_set(week_campaigns(), zone);
        if (!set) ADD_FAILURE() << set.error().detail;
        auto made = Rehearsal::make({.seed = seed,
                                     .days = 1,
                                     .data_dir = folder.path(),
                                     .between_shoppers = seconds{500},
                                     .restarts_per_day = restarts},
                                    zone, [set = *set](int) { return set; });
        if (!made) ADD_FAILURE() << made.error().detail;
        rehearsal = std::move(*made);
        EXPECT_TRUE(rehearsal->run());
    }
    [[nodiscard]] std::string journal() const {
        std::string all;
        EXPECT_TRUE(each_row(rehearsal->store(), "", [&](const JournalRow& row) {
            all += row.record.kind + " " + row.record.body + "\n";
        }));
        return all;
    }

    kit::FixedZone zone;
    Folder folder;
    std::unique_ptr<Rehearsal> rehearsal;
};

TEST(Rehearsal, PlaysTheSameDayUnderTheSameSeed) {
    const Day one{7}, again{7}, other{8};
    EXPECT_GT(one.rehearsal->played().sales, 20);
    EXPECT_EQ(one.journal(), again.journal());
    EXPECT_NE(one.journal(), other.journal());
}

TEST(Rehearsal, IsMadeAgainOverRestarts) {
    const Day day{7, 2};
    EXPECT_EQ(day.rehearsal->played().restarts, 2);
    SetLibrary sets{day.zone};
    ASSERT_TRUE(sets.add_shelf(day.rehearsal->store()));
    ReplayRun run{sets, [](const boost::json::object& line) {
                      ADD_FAILURE() << boost::json::serialize(line);
                  }};
    CampaignReport report;
    run.each_decision([&](const DecisionRecord&, const offers::CampaignSet& set,
                          const offers::Decided& again) { report.decided(set, again); });
    const auto gaps = each_decision(day.rehearsal->store(), {}, [&](const DecisionRecord& one) {
        run.take(one);
        report.told(one);
    });
    ASSERT_TRUE(gaps);
    EXPECT_TRUE(run.whole());
    EXPECT_EQ(run.different(), 0);
    EXPECT_GT(run.summary(*gaps).at("decisions").to_number<int>(), 50);
    std::int64_t offered = 0, accepted = 0;
    for (const auto& line : report.lines()) {
        const auto triggered = line.at("triggered").as_int64();
        EXPECT_LE(line.at("eligible").as_int64(), triggered);
        EXPECT_LE(line.at("offered").as_int64(), line.at("eligible").as_int64());
        offered += line.at("offered").as_int64();
        accepted += line.at("accepted").as_int64();
    }
    EXPECT_GT(offered, 10);
    EXPECT_GT(accepted, 2);
    EXPECT_LT(accepted, offered);
}

}  // namespace
}  // namespace aisle::app
