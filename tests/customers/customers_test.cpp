#include <map>
#include <random>

#include "shopping.hpp"

namespace aisle::customers {
namespace {

using LS = LifecycleStage;

LS stage_on(const Customers& customers, int on_day) {
    return customers.card(kAda, day(on_day)).stage;
}

TEST(Customers, DoNotKnowWhoNeverCame) {
    const auto card = fresh().card(kAda, day(0));
    EXPECT_FALSE(card.known);
    EXPECT_EQ(card.days_since_last, -1);
    EXPECT_TRUE(card.consent.empty());
}

TEST(Customers, SumWhatAMemberBought) {
    const auto card = after_buying_on({0, 3}).card(kAda, day(5));
    EXPECT_TRUE(card.known);
    EXPECT_EQ(card.purchases, 2);
    EXPECT_EQ(card.spent, Money::minor(200'00));
    EXPECT_EQ(card.days_since_last, 2);
    EXPECT_EQ(card.last.size(), 2U);
    EXPECT_EQ(card.last.front().at, day(3).wall);
}

TEST(Customers, LeaveOutSalesThatDoNotCountOrNameNobody) {
    Customers customers = fresh();
    Sale training = bought(100, 1, 0);
    training.status = SaleStatus::Training;
    EXPECT_TRUE(customers.sale(nullptr, training, day(0)).state.empty());
    EXPECT_TRUE(customers.sale(nullptr, bought(100, 2, 0, MemberKey{}), day(0)).state.empty());
    EXPECT_EQ(customers.size(), 0U);
}

TEST(Customers, LetAReturnReduceWhatWasSpentWithoutBeingAPurchase) {
    Customers customers = after_buying_on({0});
    customers.sale(nullptr, returned(30'00, 9, 1), day(1));
    const auto card = customers.card(kAda, day(1));
    EXPECT_EQ(card.spent, Money::minor(70'00));
    EXPECT_EQ(card.purchases, 1);
    EXPECT_EQ(card.last.size(), 1U);
}

TEST(Customers, ApplyTheDifferenceOfARevision) {
    Customers customers = after_buying_on({0});
    const Sale first = bought(100'00, 1, 0);
    customers.sale(&first, bought(80'00, 1, 0), day(0));
    EXPECT_EQ(customers.card(kAda, day(0)).spent, Money::minor(80'00));
    EXPECT_EQ(customers.card(kAda, day(0)).purchases, 1);
}

TEST(Customers, TakeAwayASaleThatARevisionVoids) {
    Customers customers = after_buying_on({0});
    const Sale first = bought(100'00, 1, 0);
    Sale voided = first;
    voided.status = SaleStatus::PostVoided;
    customers.sale(&first, voided, day(0));
    EXPECT_EQ(customers.card(kAda, day(0)).purchases, 0);
    EXPECT_EQ(customers.card(kAda, day(0)).spent, Money{});
}

TEST(Customers, MoveASaleWhoseRevisionNamesAnotherMember) {
    Customers customers = after_buying_on({0});
    const MemberKey bea{"bea"};
    const Sale first = bought(100'00, 1, 0);
    const auto effects = customers.sale(&first, bought(100'00, 1, 0, bea), day(0));
    EXPECT_EQ(customers.card(kAda, day(0)).purchases, 0);
    EXPECT_EQ(customers.card(bea, day(0)).purchases, 1);
    EXPECT_EQ(effects.state.size(), 2U);
}

TEST(Customers, CountCategoriesAsTheyWereKnownWhenTheSaleCame) {
    Customers customers = fresh();
    customers.product({.sku = "SKU1", .gtin = {}, .category = "snack", .brand = {}});
    const Sale sale = bought(100, 1, 0);
    customers.sale(nullptr, sale, day(0));
    customers.product({.sku = "SKU1", .gtin = {}, .category = "drink", .brand = {}});
    EXPECT_EQ(customers.card(kAda, day(0)).categories.at("snack"), 1);
    Sale voided = sale;
    voided.status = SaleStatus::PostVoided;
    customers.sale(&sale, voided, day(0));
    EXPECT_TRUE(customers.card(kAda, day(0)).categories.empty());
}

TEST(Customers, IgnoreVoidedLinesInCategories) {
    Customers customers = fresh();
    customers.product({.sku = "SKU1", .gtin = {}, .category = "snack", .brand = {}});
    Sale sale = bought(100, 1, 0);
    sale.lines.front().voided = true;
    customers.sale(nullptr, sale, day(0));
    EXPECT_TRUE(customers.card(kAda, day(0)).categories.empty());
    EXPECT_EQ(customers.card(kAda, day(0)).last.front().lines, 0);
}

TEST(Rfm, ScoresByTheConfiguredCuts) {
    Settings settings;
    settings.rfm = {.recency_days = {2, 4, 6, 8},
                    .frequency = {2, 3, 4, 5},
                    .monetary_minor = {10, 20, 30, 40}};
    Customers customers{settings};
    customers.sale(nullptr, bought(20, 1, 0), day(0));
    auto card = customers.card(kAda, day(1));
    EXPECT_EQ(card.recency, 5);
    EXPECT_EQ(card.frequency, 1);
    EXPECT_EQ(card.monetary, 3);  // exactly on a cut has passed it
    EXPECT_EQ(customers.card(kAda, day(2)).recency, 4);
    EXPECT_EQ(customers.card(kAda, day(8)).recency, 1);
}

TEST(Lifecycle, StartsNewAndBecomesActiveWithTheSecondPurchase) {
    EXPECT_EQ(stage_on(after_buying_on({0}), 1), LS::New);
    EXPECT_EQ(stage_on(after_buying_on({0, 1}), 2), LS::Active);
}

TEST(Lifecycle, SinksWithTimeExactlyOnItsThresholds) {
    const Customers customers = after_buying_on({0, 1});
    EXPECT_EQ(stage_on(customers, 30), LS::Active);
    EXPECT_EQ(stage_on(customers, 31), LS::AtRisk);
    EXPECT_EQ(stage_on(customers, 61), LS::Dormant);
    EXPECT_EQ(stage_on(customers, 181), LS::Lost);
}

TEST(Lifecycle, MakesACustomerWhoWasAtRiskActiveAgain) {
    EXPECT_EQ(stage_on(after_buying_on({0, 1, 45}), 46), LS::Active);
}

TEST(Lifecycle, CallsACustomerWonBackAfterDormancyUntilEnoughPurchases) {
    EXPECT_EQ(stage_on(after_buying_on({0, 1, 70}), 71), LS::WonBack);
    EXPECT_EQ(stage_on(after_buying_on({0, 1, 200}), 201), LS::WonBack);
    EXPECT_EQ(stage_on(after_buying_on({0, 1, 70, 72}), 73), LS::WonBack);
    EXPECT_EQ(stage_on(after_buying_on({0, 1, 70, 72, 74}), 75), LS::Active);
}

TEST(Lifecycle, RecordsEachTransitionOnce) {
    Customers customers = after_buying_on({0, 1});
    EXPECT_TRUE(customers.tick(day(20)).transitions.empty());
    const auto effects = customers.tick(day(40));
    ASSERT_EQ(effects.transitions.size(), 1U);
    EXPECT_EQ(effects.transitions.front().from, LS::Active);
    EXPECT_EQ(effects.transitions.front().to, LS::AtRisk);
    EXPECT_EQ(effects.state.size(), 1U);
    EXPECT_TRUE(customers.tick(day(41)).transitions.empty());
}

TEST(Lifecycle, DoesNotFlapWhenTheClockIsSetBackOverAThreshold) {
    Customers customers = after_buying_on({0, 1});
    customers.tick(day(31));
    EXPECT_TRUE(customers.tick(day(30)).transitions.empty());
    EXPECT_EQ(stage_on(customers, 30), LS::AtRisk);
    EXPECT_EQ(customers.tick(day(20)).transitions.size(),
              1U);  // far below: the clock was wrong before
}

TEST(Lifecycle, DoesNotDependOnTheOrderInWhichSalesCome) {
    Customers customers = fresh();
    for (const int on : {70, 0, 1}) customers.sale(nullptr, bought(100, on + 1, on), day(70));
    EXPECT_EQ(stage_on(customers, 71), LS::WonBack);
}

TEST(Lifecycle, LooksAtABoundedNumberOfCustomersATick) {
    Customers customers = fresh();
    for (int i = 0; i < 2'500; ++i)
        customers.sale(nullptr, bought(100, i, 0, MemberKey{"m" + std::to_string(i)}), day(0));
    EXPECT_EQ(customers.tick(day(40)).transitions.size(), kScanMax);
    EXPECT_EQ(customers.tick(day(40)).transitions.size(), 500U);
}

TEST(Consent, IsNoUntilSomebodySaysYes) {
    Customers customers = after_buying_on({0});
    EXPECT_FALSE(agrees(customers));
    EXPECT_EQ(customers.consent(said(true, 1)).consents.size(), 1U);
    EXPECT_TRUE(agrees(customers));
    EXPECT_FALSE(customers.consents(kAda, kConsentLocation));
}

TEST(Consent, EndsWithAWithdrawalThatIsLater) {
    Customers customers = fresh();
    customers.consent(said(true, 1));
    customers.consent(said(false, 2));
    EXPECT_FALSE(agrees(customers));
}

TEST(Consent, StaysWithdrawnWhenAnOlderGrantComesIn) {
    Customers customers = fresh();
    customers.consent(said(false, 2));
    EXPECT_TRUE(customers.consent(said(true, 1)).state.empty());
    customers.member(row_of(granted_on(1)), day(3));
    EXPECT_FALSE(agrees(customers));
}

TEST(Consent, GivesAWithdrawalPrecedenceAtTheSameInstant) {
    Customers one = fresh(), other = fresh();
    one.consent(said(true, 1));
    one.consent(said(false, 1));
    other.consent(said(false, 1));
    other.consent(said(true, 1));
    EXPECT_FALSE(agrees(one));
    EXPECT_FALSE(agrees(other));
}

TEST(Consent, EndsWhenTheFileNamesItNoLonger) {
    Customers customers = fresh();
    customers.member(row_of(granted_on(1)), day(2));
    ASSERT_TRUE(agrees(customers));
    const auto effects = customers.member(row_of(), day(3));
    EXPECT_FALSE(agrees(customers));
    ASSERT_EQ(effects.consents.size(), 1U);
    EXPECT_FALSE(effects.consents.front().granted);
}

TEST(Consent, OutlivesTheFileWhenItWasGivenInTheShop) {
    Customers customers = fresh();
    customers.consent(said(true, 1));
    customers.member(row_of(), day(3));
    EXPECT_TRUE(agrees(customers));
}

TEST(Members, BringTierAndTagsAndLoseThemWithTheirRow) {
    Customers customers = after_buying_on({0});
    customers.member(row_of(granted_on(0)), day(1));
    EXPECT_EQ(customers.card(kAda, day(1)).tier, "gold");
    customers.member_gone(kAda, day(2));
    const auto card = customers.card(kAda, day(2));
    EXPECT_EQ(card.tier, "");
    EXPECT_TRUE(card.tags.empty());
    EXPECT_FALSE(agrees(customers));
    EXPECT_EQ(card.purchases, 1);
}

TEST(Members, WriteNothingWhenTheSameRowComesAgain) {
    Customers customers = fresh();
    EXPECT_EQ(customers.member(row_of(), day(1)).state.size(), 1U);
    EXPECT_TRUE(customers.member(row_of(), day(2)).state.empty());
}

TEST(Facts, SayWhatIsKnownAndLeaveOutTheRest) {
    Customers customers = fresh();
    EXPECT_EQ(customers.facts(kAda, day(0)).all().size(), 2U);
    customers.member(row_of(granted_on(0)), day(0));
    auto facts = customers.facts(kAda, day(1));
    EXPECT_EQ(facts.text("cust.tier", day(1).wall), "gold");
    EXPECT_TRUE(facts.lists("cust.tags", "vip", day(1).wall));
    EXPECT_TRUE(facts.lists("cust.consent", kConsentMarketing, day(1).wall));
    EXPECT_EQ(facts.find("cust.rfm.r", day(1).wall), nullptr);
    customers.sale(nullptr, bought(600'00, 1, 1), day(1));
    facts = customers.facts(kAda, day(1));
    EXPECT_EQ(*facts.find("cust.rfm.m", day(1).wall), conditions::Value{std::int64_t{3}});
    EXPECT_EQ(facts.text("cust.lifecycle", day(1).wall), "new");
}

TEST(Restore, RefusesARowThatNobodyWrote) {
    Customers customers = fresh();
    for (const char* bytes : {"{", "[]", "{\"v\":2}", R"({"v":1,"s":0,"n":0,"l":99})", "null"}) {
        const std::vector<StateChange> rows{{"customers", "0123456789abcdef", bytes}};
        const auto status = customers.restore(rows);
        ASSERT_FALSE(status) << bytes;
        EXPECT_EQ(status.error().fault, Fault::Malformed);
        EXPECT_EQ(customers.size(), 0U);
    }
}

struct Shop {
    Customers live = Customers{Settings{}};
    std::map<std::string, std::string> disk;
    std::map<std::int64_t, Sale> highest;

    void commit(const Effects& effects) {
        for (const StateChange& row : effects.state) disk[row.key] = row.bytes;
    }
    [[nodiscard]] std::vector<StateChange> committed() const {
        std::vector<StateChange> rows;
        for (const auto& [key, bytes] : disk) rows.push_back({std::string{kRoom}, key, bytes});
        return rows;
    }
};

Sale random_sale(std::mt19937_64& random, std::int64_t seq) {
    const int on_day = static_cast<int>(random() % 400);
    const MemberKey who{random() % 8 == 0 ? "" : "m" + std::to_string(random() % 6)};
    Sale sale = bought(static_cast<std::int64_t>(random() % 50'000), seq, on_day, who);
    if (random() % 10 == 0) sale.status = SaleStatus::PostVoided;
    if (random() % 6 == 0) sale.type = SaleType::Return, sale.total = -sale.total;
    sale.lines.front().sku = random() % 2 ? "SKU1" : "SKU2";
    return sale;
}

// Random sales, revisions, members and consents; every sale number is used about twice.
Shop busy_shop(std::uint64_t seed) {
    std::mt19937_64 random{seed};
    Shop shop;
    shop.live.product({.sku = "SKU1", .gtin = {}, .category = "snack", .brand = {}});
    for (int step = 0; step < 120; ++step) {
        const auto seq = static_cast<std::int64_t>(random() % 60);
        const Sale now = random_sale(random, seq);
        const auto old = shop.highest.find(seq);
        shop.commit(
            shop.live.sale(old == shop.highest.end() ? nullptr : &old->second, now, day(400)));
        shop.highest[seq] = now;
        if (step % 20 == 0) shop.commit(shop.live.member(row_of(granted_on(step)), day(400)));
        if (step % 30 == 0) shop.commit(shop.live.consent(said(step % 60 == 0, step)));
    }
    return shop;
}

bool same(const CustomerCard& a, const CustomerCard& b) {
    const auto totals = [](const CustomerCard& card) {
        std::vector<std::int64_t> all;
        for (const Purchase& purchase : card.last) all.push_back(purchase.total.minor());
        return all;
    };
    return a.stage == b.stage && a.spent == b.spent && a.purchases == b.purchases &&
           a.categories == b.categories && a.days_since_last == b.days_since_last &&
           a.recency == b.recency && a.frequency == b.frequency && a.monetary == b.monetary &&
           totals(a) == totals(b);
}

TEST(Restore, GivesTheLiveStateBackFromWhatWasCommitted) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const Shop shop = busy_shop(seed);
        Customers restored = fresh();
        ASSERT_TRUE(restored.restore(shop.committed()));
        const auto want = shop.live.rows(), got = restored.rows();
        ASSERT_EQ(want.size(), got.size());
        for (std::size_t i = 0; i < want.size(); ++i) {
            EXPECT_EQ(want[i].key, got[i].key);
            EXPECT_EQ(want[i].bytes, got[i].bytes) << "seed " << seed;
        }
    }
}

TEST(Differences, GiveTheSameAsTheHighestRevisionsAlone) {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const Shop shop = busy_shop(seed);
        Customers rebuilt = fresh();
        rebuilt.product({.sku = "SKU1", .gtin = {}, .category = "snack", .brand = {}});
        for (const auto& [seq, sale] : shop.highest) rebuilt.sale(nullptr, sale, day(400));
        for (int m = 0; m < 6; ++m) {
            const MemberKey member{"m" + std::to_string(m)};
            EXPECT_TRUE(same(shop.live.card(member, day(400)), rebuilt.card(member, day(400))))
                << "seed " << seed << " member " << m;
        }
    }
}

TEST(Differences, FoldOldPurchasesWithoutLosingTheirSums) {
    Customers customers = fresh();
    for (int i = 0; i < 100; ++i) customers.sale(nullptr, bought(100, i, i), day(i));
    const auto card = customers.card(kAda, day(100));
    EXPECT_EQ(card.purchases, 100);
    EXPECT_EQ(card.spent, Money::minor(10'000));
    EXPECT_EQ(card.stage, LS::Active);
    EXPECT_LT(customers.rows().front().bytes.size(), 2'000U);
    const Sale folded = bought(100, 3, 3);
    Sale voided = folded;
    voided.status = SaleStatus::PostVoided;
    customers.sale(&folded, voided, day(100));
    EXPECT_EQ(customers.card(kAda, day(100)).purchases, 99);
    EXPECT_EQ(customers.card(kAda, day(100)).spent, Money::minor(9'900));
}

}  // namespace
}  // namespace aisle::customers
