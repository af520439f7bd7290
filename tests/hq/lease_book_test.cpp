#include "sync/hq/lease_book.hpp"

#include <gtest/gtest.h>

#include "rollout_kit.hpp"
#include "sync/hq/exposure.hpp"

namespace aisle::hq {
namespace {

const AccountName kShop{"s-1", "00000000000000aa"};
const AccountName kShopLater{"s-1", "00000000000000bb"};

Money fen(std::int64_t units) { return Money::minor(units); }

records::LeaseMove move(const std::string& what, Money amount = {}) {
    return {.what = what, .campaign = CampaignId{"c"}, .amount = amount};
}

struct Book {
    explicit Book(Money total, LeaseLimits with = {.share_permille = 500}) : limits{with} {
        take(*book.set("c", total));
    }
    std::vector<LeaseOrder> take(LeaseTurn turn) {
        rows.take(turn.state);
        return std::move(turn.orders);
    }
    std::vector<LeaseOrder> ask(Money amount, const AccountName& who = kShop) {
        return say(move("lease_request", amount), who);
    }
    std::vector<LeaseOrder> say(const records::LeaseMove& words, const AccountName& who = kShop) {
        return take(book.moved(who, words, kit::at()));
    }
    [[nodiscard]] const Budget& budget() const { return book.budgets().at("c"); }
    void restart() {
        book = BudgetBook{limits};
        ASSERT_TRUE(book.restore(rows.of(BudgetBook::kRoom)));
    }

    LeaseLimits limits;
    BudgetBook book{limits};
    Rows rows;
};

TEST(BudgetBook, GrantsAShareOfWhatIsFree) {
    Book book{fen(1'000)};
    const auto orders = book.ask(fen(800));
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_EQ(orders[0].grant.amount, fen(500));
    EXPECT_EQ(orders[0].grant.epoch, kShop.epoch);
    EXPECT_EQ(book.budget().free(), fen(500));
}

TEST(BudgetBook, GrantsWhatIsAskedForIfThatIsLess) {
    Book book{fen(1'000)};
    EXPECT_EQ(book.ask(fen(30))[0].grant.amount, fen(30));
}

TEST(BudgetBook, BooksAGrantAsGoneBeforeItIsSaid) {
    Book book{fen(1'000)};
    book.ask(fen(400));
    EXPECT_EQ(book.budget().exposure(), fen(400));
    EXPECT_EQ(book.budget().accounts.at(kShop).taken, Money{});
}

TEST(BudgetBook, GivesNoLeaseANameTwice) {
    Book book{fen(1'000)};
    const auto first = book.ask(fen(10))[0];
    book.say({.what = "lease_granted",
              .campaign = CampaignId{"c"},
              .lease = first.grant.lease,
              .granted = fen(10)});
    const auto second = book.ask(fen(10))[0];
    EXPECT_NE(first.grant.lease, second.grant.lease);
    EXPECT_NE(first.command, second.command);
}

TEST(BudgetBook, GrantsOnlyWhatIsMissingWhileAGrantIsOnTheWay) {
    Book book{fen(1'000)};
    book.ask(fen(100));
    EXPECT_TRUE(book.ask(fen(100)).empty());
    EXPECT_EQ(book.ask(fen(130))[0].grant.amount, fen(30));
}

TEST(BudgetBook, FreesWhatTheStoreRefused) {
    Book book{fen(1'000)};
    const auto order = book.ask(fen(400))[0];
    book.take(book.book.answered({order.command, order.grant.epoch, false}));
    EXPECT_EQ(book.budget().exposure(), Money{});
    EXPECT_EQ(book.budget().free(), fen(1'000));
}

TEST(BudgetBook, FreesNothingTwiceForOneAnswer) {
    Book book{fen(1'000)};
    const auto order = book.ask(fen(400))[0];
    book.take(book.book.answered({order.command, order.grant.epoch, false}));
    book.take(book.book.answered({order.command, order.grant.epoch, false}));
    EXPECT_EQ(book.budget().free(), fen(1'000));
}

TEST(BudgetBook, FreesNothingByTheWordOfALaterEpoch) {
    Book book{fen(1'000)};
    const auto order = book.ask(fen(400))[0];
    book.take(book.book.answered({order.command, kShopLater.epoch, false}));
    EXPECT_EQ(book.budget().exposure(), fen(400));
}

TEST(BudgetBook, KeepsTheExposureWhenTheGrantWasTaken) {
    Book book{fen(1'000)};
    const auto order = book.ask(fen(400))[0];
    book.take(book.book.answered({order.command, order.grant.epoch, true}));
    EXPECT_EQ(book.budget().exposure(), fen(400));
}

TEST(BudgetBook, MovesWhatWasSpentFromTheExposure) {
    Book book{fen(1'000)};
    book.ask(fen(400));
    book.say({.what = "lease_granted",
              .campaign = CampaignId{"c"},
              .granted = fen(400),
              .spent = fen(150)});
    EXPECT_EQ(book.budget().spent(), fen(150));
    EXPECT_EQ(book.budget().exposure(), fen(250));
    EXPECT_EQ(book.budget().free(), fen(600));
}

TEST(BudgetBook, FreesWhatComesBack) {
    Book book{fen(1'000)};
    book.ask(fen(400));
    book.say({.what = "lease_returned",
              .campaign = CampaignId{"c"},
              .amount = fen(300),
              .granted = fen(400),
              .returned = fen(300),
              .spent = fen(100)});
    EXPECT_EQ(book.budget().exposure(), Money{});
    EXPECT_EQ(book.budget().free(), fen(900));
}

TEST(BudgetBook, TakesAnOlderWordAfterANewerOneForNothing) {
    Book book{fen(1'000)};
    book.ask(fen(400));
    book.say({.what = "lease_returned",
              .campaign = CampaignId{"c"},
              .granted = fen(400),
              .returned = fen(200),
              .spent = fen(50)});
    book.say({.what = "lease_granted", .campaign = CampaignId{"c"}, .granted = fen(400)});
    EXPECT_EQ(book.budget().accounts.at(kShop).returned, fen(200));
    EXPECT_EQ(book.budget().spent(), fen(50));
}

TEST(BudgetBook, NeverFreesMoreThanWasGranted) {
    Book book{fen(1'000)};
    book.ask(fen(400));
    book.say({.what = "lease_returned",
              .campaign = CampaignId{"c"},
              .granted = fen(400),
              .returned = fen(900),
              .spent = fen(100)});
    EXPECT_EQ(book.budget().free(), fen(900));
}

TEST(BudgetBook, BooksTheLeaseOfAnEarlierEpochUntilSomebodyReconcilesIt) {
    Book book{fen(1'000)};
    book.ask(fen(400));
    book.ask(fen(100), kShopLater);
    EXPECT_EQ(book.budget().exposure(), fen(500));
    ASSERT_FALSE(book.book.reconcile({"c", kShop, fen(401)}));
    book.take(*book.book.reconcile({"c", kShop, fen(90)}));
    EXPECT_EQ(book.budget().exposure(), fen(100));
    EXPECT_EQ(book.budget().spent(), fen(90));
    EXPECT_EQ(book.budget().free(), fen(810));
    EXPECT_EQ(book.book.reconcile({"c", kShop, fen(90)}).error().fault, Fault::Denied);
}

TEST(BudgetBook, PutsARenumberedWordToTheEpochOfItsLease) {
    Book book{fen(1'000)};
    const auto order = book.ask(fen(400))[0];
    book.say({.what = "lease_granted",
              .campaign = CampaignId{"c"},
              .lease = order.grant.lease,
              .granted = fen(400),
              .spent = fen(120)},
             kShopLater);
    EXPECT_EQ(book.budget().accounts.at(kShop).spent, fen(120));
    EXPECT_FALSE(book.budget().accounts.contains(kShopLater));
}

TEST(BudgetBook, PutsARestWithoutALeaseToTheEpochThatWasGrantedAsMuch) {
    Book book{fen(1'000)};
    book.ask(fen(400));
    book.say({.what = "lease_returned",
              .campaign = CampaignId{"c"},
              .granted = fen(400),
              .returned = fen(400)},
             kShopLater);
    EXPECT_EQ(book.budget().free(), fen(1'000));
}

TEST(BudgetBook, LearnsFromTheStoresWhatARestoredHqHasForgotten) {
    Book book{fen(1'000)};
    book.say({.what = "lease_granted",
              .campaign = CampaignId{"c"},
              .lease = kShop.epoch + "-77",
              .granted = fen(700)});
    EXPECT_EQ(book.budget().exposure(), fen(700));
    EXPECT_EQ(book.budget().free(), fen(300));
}

TEST(BudgetBook, RemembersWhoAskedInVainAndServesHimWhenSomethingIsFree) {
    Book book{fen(100), {.share_permille = 1'000}};
    const auto order = book.ask(fen(100))[0];
    const AccountName other{"s-2", "00000000000000cc"};
    EXPECT_TRUE(book.ask(fen(40), other).empty());
    EXPECT_TRUE(book.take(book.book.serve(kit::at())).empty());
    book.take(book.book.answered({order.command, order.grant.epoch, false}));
    const auto served = book.take(book.book.serve(kit::at()));
    ASSERT_EQ(served.size(), 1U);
    EXPECT_EQ(served[0].store, "s-2");
    EXPECT_TRUE(book.take(book.book.serve(kit::at())).empty());
}

TEST(BudgetBook, GrantsNothingMoreOnceItIsRecalled) {
    Book book{fen(1'000)};
    book.ask(fen(400));
    const auto recalled = book.book.recall("c");
    ASSERT_TRUE(recalled);
    EXPECT_EQ(recalled->stores, std::vector<std::string>{"s-1"});
    EXPECT_TRUE(book.ask(fen(900)).empty());
    book.take(*book.book.set("c", fen(1'000)));
    EXPECT_FALSE(book.ask(fen(900)).empty());
}

TEST(BudgetBook, RefusesATotalBelowWhatIsOut) {
    Book book{fen(1'000)};
    book.ask(fen(400));
    EXPECT_EQ(book.book.set("c", fen(399)).error().fault, Fault::Denied);
    EXPECT_TRUE(book.book.set("c", fen(400)));
    EXPECT_EQ(book.book.set("c", fen(-1)).error().fault, Fault::Malformed);
    EXPECT_EQ(book.book.set("", fen(1)).error().fault, Fault::Malformed);
}

records::LeaseMove of_another(const std::string& what, Money amount = {}) {
    auto words = move(what, amount);
    words.campaign = CampaignId{"other"};
    return words;
}

TEST(BudgetBook, RemembersWhoAsksBeforeTheBudgetIsSet) {
    Book book{fen(1'000)};
    EXPECT_TRUE(book.say(of_another("lease_request", fen(100))).empty());
    EXPECT_EQ(book.book.budgets().at("other").total, Money{});
    EXPECT_TRUE(book.take(book.book.serve(kit::at())).empty());
    book.restart();
    book.take(*book.book.set("other", fen(1'000)));
    const auto orders = book.take(book.book.serve(kit::at()));
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_EQ(orders[0].grant.amount, fen(100));
}

TEST(BudgetBook, BeginsNoBudgetForAnythingButAnAsking) {
    Book book{fen(1'000), {.budgets_max = 2}};
    book.say(of_another("lease_returned"));
    EXPECT_FALSE(book.book.budgets().contains("other"));
    for (const char* id : {"c2", "c3", ""}) {
        auto words = of_another("lease_request", fen(1));
        words.campaign = CampaignId{id};
        book.say(words);
    }
    EXPECT_EQ(book.book.budgets().size(), 2U);
}

TEST(BudgetBook, IsTheSameAfterARestart) {
    Book book{fen(1'000)};
    const auto order = book.ask(fen(300))[0];
    book.ask(fen(100), kShopLater);
    book.ask(fen(5'000), {"s-2", "00000000000000cc"});
    const auto before = book.book.budgets();
    book.restart();
    EXPECT_EQ(book.budget().accounts, before.at("c").accounts);
    EXPECT_EQ(book.budget().total, fen(1'000));
    book.take(book.book.answered({order.command, order.grant.epoch, false}));
    EXPECT_EQ(book.budget().accounts.at(kShop).exposure(), Money{});
}

TEST(BudgetBook, WithADamagedRowIsNotTakenUp) {
    BudgetBook book{{}};
    EXPECT_FALSE(book.restore({{BudgetBook::kRoom, "a/s-1", "{}"}}));
    EXPECT_FALSE(book.restore({{BudgetBook::kRoom, "n", "many"}}));
    EXPECT_FALSE(book.restore({{BudgetBook::kRoom, "b/c", "no json"}}));
}

TEST(Exposure, ShowsWhatSilentShopsCanStillSpend) {
    Book book{fen(1'000)};
    book.ask(fen(400));
    book.ask(fen(100), {"s-2", "00000000000000cc"});
    const auto text = budgets_json(
        book.book, [](const std::string& store) { return store == "s-2"; }, kit::kNoon);
    EXPECT_NE(text.find("\"exposure\":500,\"silent\":100,\"free\":500"), std::string::npos) << text;
}

}  // namespace
}  // namespace aisle::hq
