#include <algorithm>

#include "shopping.hpp"

// Who has agreed to what, and whose word it was.
namespace aisle::customers {
namespace {

TEST(Statements, GiveTheSameAnswerInAnyOrder) {
    std::vector<ConsentChange> statements{said(true, 1), said(false, 2), said(true, 3),
                                          said(false, 3)};
    std::ranges::sort(statements, {}, [](const ConsentChange& s) {
        return std::pair{s.at.wall, s.granted};
    });
    const auto earlier = [](const ConsentChange& a, const ConsentChange& b) {
        return std::pair{a.at.wall, a.granted} < std::pair{b.at.wall, b.granted};
    };
    int orders = 0;
    do {
        Customers customers = fresh();
        for (const ConsentChange& statement : statements) customers.consent(statement);
        EXPECT_FALSE(agrees(customers));
        EXPECT_EQ(customers.card(kAda, day(9)).consent.at(std::string{kConsentMarketing}).at,
                  day(3).wall);
        ++orders;
    } while (std::ranges::next_permutation(statements, earlier).found);
    EXPECT_EQ(orders, 24);
}

TEST(Statements, AboutOnePurposeLeaveTheOthersAlone) {
    Customers customers = fresh();
    customers.consent(said(true, 1, kConsentLocation));
    customers.consent(said(false, 2));
    EXPECT_TRUE(agrees(customers, kConsentLocation));
    EXPECT_FALSE(agrees(customers));
}

TEST(Statements, AreToldAsTheyWereSaid) {
    Customers customers = fresh();
    const auto effects = customers.consent(said(true, 1));
    ASSERT_EQ(effects.consents.size(), 1U);
    EXPECT_EQ(effects.consents.front().by, "staff");
    EXPECT_EQ(effects.consents.front().version, "v1");
    EXPECT_EQ(effects.consents.front().at, day(1));
    EXPECT_EQ(effects.state.size(), 1U);
}

TEST(Statements, ThatAreOlderHaveNoEffect) {
    Customers customers = fresh();
    customers.consent(said(true, 2));
    const auto effects = customers.consent(said(false, 1));
    EXPECT_TRUE(effects.consents.empty());
    EXPECT_TRUE(effects.state.empty());
    EXPECT_TRUE(agrees(customers));
}

TEST(Statements, ThatComeTwiceHaveOneEffect) {
    Customers customers = fresh();
    customers.consent(said(true, 1));
    EXPECT_TRUE(customers.consent(said(true, 1)).consents.empty());
}

TEST(Statements, OfNobodyAreRefusedAndCounted) {
    Customers customers = fresh();
    ConsentChange nobody = said(true, 1);
    nobody.member = MemberKey{};
    EXPECT_TRUE(customers.consent(nobody).consents.empty());
    EXPECT_EQ(customers.refused(), 1U);
    EXPECT_EQ(customers.size(), 0U);
}

TEST(Statements, OutliveARestart) {
    Customers customers = fresh();
    customers.consent(said(true, 1));
    customers.consent(said(false, 2, kConsentLocation));
    Customers restored = fresh();
    ASSERT_TRUE(restored.restore(customers.rows()));
    EXPECT_TRUE(agrees(restored));
    EXPECT_TRUE(restored.consent(said(true, 1, kConsentLocation)).consents.empty());
}

TEST(Files, GrantWhatTheyName) {
    Customers customers = fresh();
    const auto effects = customers.member(row_of(granted_on(1)), day(2));
    ASSERT_EQ(effects.consents.size(), 1U);
    EXPECT_EQ(effects.consents.front().by, "reference");
    EXPECT_TRUE(effects.consents.front().granted);
    EXPECT_TRUE(agrees(customers));
}

TEST(Files, MayNameAWithdrawal) {
    Customers customers = fresh();
    customers.member(row_of(granted_on(1)), day(2));
    auto withdrawn = granted_on(3);
    withdrawn.begin()->second.granted = false;
    customers.member(row_of(withdrawn), day(4));
    EXPECT_FALSE(agrees(customers));
}

TEST(Files, DoNotBringBackEachNightWhatWasWithdrawnInTheShop) {
    Customers customers = fresh();
    customers.member(row_of(granted_on(1)), day(2));
    customers.consent(said(false, 3));
    for (int night = 4; night < 8; ++night) {
        EXPECT_TRUE(customers.member(row_of(granted_on(1)), day(night)).consents.empty());
        EXPECT_FALSE(agrees(customers));
    }
}

TEST(Files, OverruleTheShopWithALaterStatement) {
    Customers customers = fresh();
    customers.consent(said(false, 3));
    customers.member(row_of(granted_on(5)), day(6));
    EXPECT_TRUE(agrees(customers));
}

TEST(Files, EndTheirOwnGrantsAndNotTheShops) {
    Customers customers = fresh();
    customers.consent(said(true, 1, kConsentLocation));
    customers.member(row_of(granted_on(1)), day(2));
    const auto effects = customers.member(row_of(), day(3));
    ASSERT_EQ(effects.consents.size(), 1U);
    EXPECT_EQ(effects.consents.front().purpose, kConsentMarketing);
    EXPECT_FALSE(agrees(customers));
    EXPECT_TRUE(agrees(customers, kConsentLocation));
}

TEST(Files, GrantAgainWhereTheRowComesBack) {
    Customers customers = fresh();
    customers.member(row_of(granted_on(1)), day(2));
    customers.member_gone(kAda, day(3));
    EXPECT_FALSE(agrees(customers));
    customers.member(row_of(granted_on(1)), day(4));
    EXPECT_TRUE(agrees(customers));
}

TEST(Files, KnowWhoseGrantItWasAfterARestart) {
    Customers customers = fresh();
    customers.member(row_of(granted_on(1)), day(2));
    customers.consent(said(true, 1, kConsentLocation));
    Customers restored = fresh();
    ASSERT_TRUE(restored.restore(customers.rows()));
    restored.member_gone(kAda, day(3));
    EXPECT_FALSE(agrees(restored));
    EXPECT_TRUE(agrees(restored, kConsentLocation));
}

TEST(Files, SayNothingOfWhoNeverCame) {
    Customers customers = fresh();
    EXPECT_TRUE(customers.member_gone(kAda, day(1)).state.empty());
    EXPECT_EQ(customers.size(), 0U);
}

TEST(Files, WithoutAMemberAreRefused) {
    Customers customers = fresh();
    MemberRow nobody = row_of();
    nobody.member.clear();
    EXPECT_TRUE(customers.member(nobody, day(1)).state.empty());
    EXPECT_EQ(customers.refused(), 1U);
}

TEST(Files, ReplaceTierAndTags) {
    Customers customers = fresh();
    customers.member(row_of(), day(1));
    MemberRow row = row_of();
    row.tier = "silver";
    row.tags = {"coffee"};
    EXPECT_EQ(customers.member(row, day(2)).state.size(), 1U);
    EXPECT_EQ(customers.card(kAda, day(2)).tier, "silver");
    EXPECT_EQ(customers.card(kAda, day(2)).tags, std::vector<std::string>{"coffee"});
}

TEST(Facts, ListOnlyWhatWasAgreedTo) {
    Customers customers = fresh();
    customers.consent(said(true, 1));
    customers.consent(said(false, 1, kConsentLocation));
    const auto facts = customers.facts(kAda, day(2));
    EXPECT_TRUE(facts.lists("cust.consent", kConsentMarketing, day(2).wall));
    EXPECT_FALSE(facts.lists("cust.consent", kConsentLocation, day(2).wall));
}

}  // namespace
}  // namespace aisle::customers
