#include <algorithm>
#include <map>
#include <random>

#include "agent/records/sale_json.hpp"
#include "shop_world.hpp"

// A receipt's way from the drivers into the books.
namespace aisle::app {
namespace {

std::vector<std::int32_t> revisions(ShopWorld& world) {
    std::vector<std::int32_t> all;
    for (const std::string& body : world.journal("sale"))
        all.push_back(records::sale_from_json(body)->revision);
    return all;
}
using Revisions = std::vector<std::int32_t>;

// All of them share a batch: they wait while something else is looked up.
std::vector<Accepted> sell_together(ShopWorld& world, const std::vector<Sale>& sales) {
    std::vector<Accepted> answers;
    CountReading first{.source = "sensor", .id = "p1", .door = DoorId{"main"}};
    first.from = kit::kNoon - minutes{1};
    first.to = kit::kNoon;
    EXPECT_TRUE(world.readings.accept(reading_of(first), [](const auto&) {}));
    for (const Sale& sale : sales) {
        EXPECT_TRUE(world.readings.accept(reading_of(SaleReading{sale, {}}),
                                          [&](const auto& said) { answers.push_back(*said); }));
    }
    world.settle();
    return answers;
}

TEST(Sales, AreKeptAsRevisionOne) {
    ShopWorld world;
    const auto answer = world.sell(draft(1000));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->revision, 1);
    EXPECT_FALSE(answer->duplicate);
    EXPECT_EQ(revisions(world), Revisions{1});
}

TEST(Sales, AreAnsweredWithTheIdUnderWhichTheyAreKept) {
    ShopWorld world;
    const auto answer = world.sell(draft(1000));
    const auto kept = records::sale_from_json(world.journal("sale").front());
    EXPECT_EQ(answer->id, kept->sale.value);
    EXPECT_EQ(answer->id.size(), 32U);
}

TEST(Sales, AreAnsweredAfterTheCommitOnly) {
    ShopWorld world;
    std::size_t kept_when_answered = 0;
    EXPECT_TRUE(world.readings.accept(reading_of(SaleReading{draft(1000), {}}), [&](const auto&) {
        kept_when_answered = world.journal("sale").size();
    }));
    EXPECT_EQ(kept_when_answered, 0U);
    world.settle();
    EXPECT_EQ(kept_when_answered, 1U);
}

TEST(Sales, ThatComeAgainChangeNothing) {
    ShopWorld world;
    const auto first = world.sell(draft(1000));
    const auto again = world.sell(draft(1000));
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->duplicate);
    EXPECT_EQ(again->id, first->id);
    EXPECT_EQ(again->revision, 1);
    EXPECT_EQ(revisions(world), Revisions{1});
    EXPECT_EQ(world.desk.today().sales, 1);
}

TEST(Sales, ThatComeAgainFromAnotherFileAreTheSame) {
    ShopWorld world;
    Sale again = draft(1000);
    again.lineage.origin = "copy.xml";
    EXPECT_TRUE(world.sell(draft(1000)));
    EXPECT_TRUE(world.sell(again)->duplicate);
}

TEST(Sales, WithAnotherContentAreARevision) {
    ShopWorld world;
    EXPECT_TRUE(world.sell(draft(1000)));
    const auto revised = world.sell(draft(800));
    EXPECT_EQ(revised->revision, 2);
    EXPECT_FALSE(revised->duplicate);
    EXPECT_EQ(revisions(world), (Revisions{1, 2}));
}

TEST(Sales, CountInTheFiguresByTheirLastRevision) {
    ShopWorld world;
    EXPECT_TRUE(world.sell(draft(1000)));
    EXPECT_TRUE(world.sell(draft(800)));
    EXPECT_TRUE(world.sell(draft(900)));
    EXPECT_EQ(world.desk.today().sales, 1);
    EXPECT_EQ(world.desk.today().takings, Money::minor(900));
}

TEST(Sales, OfAnEarlierRevisionThatComeLateChangeNothing) {
    ShopWorld world;
    EXPECT_TRUE(world.sell(draft(1000)));
    EXPECT_TRUE(world.sell(draft(800)));
    const auto late = world.sell(draft(1000));
    EXPECT_TRUE(late->duplicate);
    EXPECT_EQ(late->revision, 2) << "what holds now";
    EXPECT_EQ(world.desk.today().takings, Money::minor(800));
    EXPECT_EQ(revisions(world), (Revisions{1, 2}));
}

TEST(Sales, KeepTheirRevisionsAcrossARestart) {
    const Folder folder;
    {
        ShopWorld world{{}, &folder};
        EXPECT_TRUE(world.sell(draft(1000)));
        EXPECT_TRUE(world.sell(draft(800)));
    }
    ShopWorld world{{}, &folder};
    EXPECT_TRUE(world.sell(draft(1000))->duplicate);
    EXPECT_TRUE(world.sell(draft(800))->duplicate);
    EXPECT_EQ(world.sell(draft(700))->revision, 3);
    EXPECT_EQ(world.desk.today().takings, Money::minor(700));
    EXPECT_EQ(world.desk.today().sales, 1);
}

struct Together {
    const char* what;
    std::vector<std::int64_t> totals;     // of one receipt, in the order in which they come
    std::vector<std::int32_t> revisions;  // answered
    std::vector<bool> duplicates;
    std::int64_t takings;
};

TEST(Sales, SharingABatchAreToldApartLikeAnyOthers) {
    const Together cases[] = {
        {"twice", {1000, 1000}, {1, 1}, {false, true}, 1000},
        {"revised", {1000, 800}, {1, 2}, {false, false}, 800},
        {"revised twice", {1000, 800, 700}, {1, 2, 3}, {false, false, false}, 700},
        {"the first again", {1000, 800, 1000}, {1, 2, 2}, {false, false, true}, 800},
        {"the second again", {1000, 800, 800}, {1, 2, 2}, {false, false, true}, 800},
    };
    for (const Together& test : cases) {
        ShopWorld world;
        std::vector<Sale> sales;
        for (const std::int64_t total : test.totals) sales.push_back(draft(total));
        const auto answers = sell_together(world, sales);
        ASSERT_EQ(answers.size(), test.totals.size()) << test.what;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            EXPECT_EQ(answers[i].revision, test.revisions[i]) << test.what << " " << i;
            EXPECT_EQ(answers[i].duplicate, test.duplicates[i]) << test.what << " " << i;
        }
        EXPECT_EQ(world.desk.today().takings, Money::minor(test.takings)) << test.what;
        EXPECT_TRUE(world.broken.empty()) << test.what << ": " << world.broken;
    }
}

TEST(Sales, AfterARestartShareABatchAsBefore) {
    const Folder folder;
    { EXPECT_TRUE(ShopWorld(std::vector<std::string>{}, &folder).sell(draft(1000))); }
    ShopWorld world{{}, &folder};
    const auto answers = sell_together(world, {draft(800), draft(1000), draft(800), draft(600)});
    ASSERT_EQ(answers.size(), 4U);
    EXPECT_EQ(answers[0].revision, 2);
    EXPECT_TRUE(answers[1].duplicate);
    EXPECT_TRUE(answers[2].duplicate);
    EXPECT_EQ(answers[3].revision, 3);
    EXPECT_EQ(revisions(world), (Revisions{1, 2, 3}));
}

// Whatever a till repeats, revises and mixes up, the last new content holds.
TEST(Sales, EndWithTheLastNewContentWhateverTheOrder) {
    for (std::uint32_t seed = 1; seed <= 12; ++seed) {
        std::mt19937 random{seed};
        ShopWorld world;
        std::map<std::int64_t, std::vector<std::int64_t>> contents;  // by receipt, first seen first
        for (int i = 0; i < 40; ++i) {
            const auto seq = static_cast<std::int64_t>(1 + random() % 3);
            const auto total = static_cast<std::int64_t>(100 * (1 + random() % 4));
            EXPECT_TRUE(world.readings.accept(reading_of(SaleReading{draft(total, seq), {}}), {}));
            auto& known = contents[seq];
            if (std::ranges::find(known, total) == known.end()) known.push_back(total);
            if (random() % 3 == 0) world.loop.run_ready(random() % 4);
        }
        world.settle();
        std::int64_t takings = 0;
        std::size_t rows = 0;
        for (const auto& [seq, known] : contents) takings += known.back(), rows += known.size();
        EXPECT_EQ(world.desk.today().takings, Money::minor(takings)) << "seed " << seed;
        EXPECT_EQ(world.journal("sale").size(), rows) << "seed " << seed;
        EXPECT_TRUE(world.broken.empty()) << world.broken;
    }
}

TEST(Sales, OfTwoReceiptsAreTwo) {
    ShopWorld world;
    EXPECT_TRUE(world.sell(draft(1000, 1)));
    EXPECT_FALSE(world.sell(draft(1000, 2))->duplicate);
    EXPECT_EQ(world.desk.today().sales, 2);
}

TEST(Sales, ReachTheCustomersProfile) {
    ShopWorld world;
    EXPECT_TRUE(world.sell(draft(1000, 1, "M-4711")));
    EXPECT_TRUE(world.sell(draft(500, 2, "m 4711")));
    const CustomerCard card =
        world.engines->customers.card(world.member("M-4711"), world.clock.now());
    EXPECT_EQ(card.purchases, 2);
    EXPECT_EQ(card.spent, Money::minor(1500));
}

TEST(Sales, WakeTheLedgerOnce) {
    ShopWorld world;
    EXPECT_TRUE(world.sell(draft(1000)));
    EXPECT_TRUE(world.sell(draft(1000)));
    EXPECT_EQ(world.woken[Stream::Ledger], 1U);
}

TEST(Sales, ThatCannotBeUsedArePutAsideAndRefused) {
    ShopWorld world;
    Sale foreign = draft(1000);
    foreign.store = StoreId{"s-0002"};
    const auto answer = world.take(reading_of(SaleReading{foreign, "<raw/>"}, "7"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, Fault::Malformed);
    EXPECT_TRUE(answer.error().detail.starts_with("unknown_store")) << answer.error().detail;
    EXPECT_EQ(world.store->quarantined({})->size(), 1U);
    EXPECT_EQ(world.store->positions("dir")->size(), 1U);
    EXPECT_TRUE(world.journal("sale").empty());
}

TEST(Sales, AreRefusedOnlyOnceTheyAreSafelyPutAside) {
    ShopWorld world;
    Sale foreign = draft(1000);
    foreign.currency = "EUR";
    std::size_t aside_when_answered = 0;
    EXPECT_TRUE(world.readings.accept(reading_of(SaleReading{foreign, {}}), [&](const auto&) {
        aside_when_answered = world.store->quarantined({})->size();
    }));
    world.settle();
    EXPECT_EQ(aside_when_answered, 1U);
}

TEST(Sales, AreNotTakenWhileTheStorageThreadIsFull) {
    ShopWorld world;
    world.room = 0;
    std::optional<Error> error;
    EXPECT_TRUE(world.readings.accept(reading_of(SaleReading{draft(1000), {}}),
                                      [&](const auto& said) { error = said.error(); }));
    world.loop.run_ready();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->fault, Fault::Full);
    world.room = 1000;
    EXPECT_FALSE(world.sell(draft(1000))->duplicate) << "nothing was applied before";
    EXPECT_EQ(world.desk.today().sales, 1);
}

TEST(Sales, AreFullWhenTooManyWait) {
    ShopWorld world;
    EXPECT_TRUE(world.readings.accept(reading_of(SaleReading{draft(1), {}}), {}));
    Status last;
    std::int64_t taken = 0;
    for (std::int64_t seq = 2; seq < 6000 && last; ++seq) {
        last = world.readings.accept(reading_of(SaleReading{draft(1, seq), {}}), {});
        if (last) ++taken;
    }
    ASSERT_FALSE(last);
    EXPECT_EQ(last.error().fault, Fault::Full);
    EXPECT_EQ(taken, 4096);
}

}  // namespace
}  // namespace aisle::app
