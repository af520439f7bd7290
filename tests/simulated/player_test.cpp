#include "drivers/simulated/player.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "stage.hpp"

namespace aisle::simulated {
namespace {

TEST(Player, WritesTheSameFilesAtOnceAndInTime) {
    Stage fast;
    ASSERT_TRUE(
        (Player{make_plan(two_minutes()), fast.settings(), fast.loop, nullptr}.write_all()));

    Stage slow;
    bool done = false;
    Player player{make_plan(two_minutes()), slow.settings(), slow.loop, nullptr};
    ASSERT_TRUE(player.start([&] { done = true; }));
    slow.loop.advance(seconds{121});
    EXPECT_TRUE(done);
    EXPECT_EQ(files_in(slow.folder / "tills"), files_in(fast.folder / "tills"));
    EXPECT_GT(files_in(slow.folder / "tills").size(), 20U);
    EXPECT_EQ(files_in(slow.folder / "reference").size(), 4U);
}

TEST(Player, GoesOnWhereOneThatWasKilledLeftOff) {
    Stage whole;
    ASSERT_TRUE(
        (Player{make_plan(two_minutes()), whole.settings(), whole.loop, nullptr}.write_all()));

    Stage torn;
    for (const int lived_s : {3, 10, 1, 30, 90}) {
        Player player{make_plan(two_minutes()), torn.settings(), torn.loop, nullptr};
        ASSERT_TRUE(player.start([] {}));
        torn.loop.advance(seconds{lived_s});  // and then it is gone
    }
    EXPECT_EQ(files_in(torn.folder / "tills"), files_in(whole.folder / "tills"));
}

TEST(Player, ShowsASlowTillsReceiptHalfFirst) {
    Stage stage;
    const Plan plan = make_plan(two_minutes());
    const auto slow = std::ranges::find(plan.receipts, Drop::HalfFirst, &Receipt::drop);
    ASSERT_NE(slow, plan.receipts.end());
    Player player{make_plan(two_minutes()), stage.settings(), stage.loop, nullptr};
    ASSERT_TRUE(player.start([] {}));
    const auto unclosed = [&] {
        int n = 0;
        for (const auto& [name, text] : files_in(stage.folder / "tills")) {
            n += text.ends_with("</POSLog>\n") ? 0 : 1;
        }
        return n;
    };
    stage.loop.advance(slow->dropped - milliseconds{300});
    EXPECT_GE(unclosed(), 1);
    stage.loop.advance(seconds{130});
    EXPECT_EQ(unclosed(), 0);
}

TEST(Player, PublishesDoorTotalsAndAdvertsWithinItsWindow) {
    Stage stage;
    OpenBroker broker;
    Player player{make_plan(two_minutes()), stage.settings(), stage.loop, &broker};
    ASSERT_TRUE(player.start([] {}));
    for (int i = 0; i < 60; ++i) {
        stage.loop.advance(seconds{1});
        EXPECT_LE(broker.answers.size(), 8U);
        broker.acknowledge_all();
    }
    EXPECT_GE(broker.topics["shop"], 59);
    EXPECT_GT(broker.topics["home"], 200);
}

}  // namespace
}  // namespace aisle::simulated
