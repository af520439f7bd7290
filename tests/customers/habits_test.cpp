#include <random>

#include "agent/customers/rfm.hpp"
#include "shopping.hpp"

// What is known of how somebody buys: prices, hours, ways, tags, days of their own.
namespace aisle::customers {
namespace {

const kit::FixedZone kShanghai;

Customers shop(Settings settings = {}) {
    settings.zone = &kShanghai;
    return Customers{settings};
}

std::optional<conditions::Value> fact(const Customers& customers, const char* key,
                                      const Stamp& now = day(1)) {
    const auto facts = customers.facts(kAda, now);
    const auto* const value = facts.find(key, now.wall);
    return value ? std::optional{*value} : std::nullopt;
}

conditions::Value whole(std::int64_t n) { return conditions::Value{n}; }

Sale with_lines(std::int64_t seq, std::vector<std::pair<int, int>> gross_and_discount) {
    Sale sale = bought(0, seq, 0);
    sale.lines.clear();
    for (const auto& [gross, discount] : gross_and_discount) {
        SaleLine line{.n = static_cast<int>(sale.lines.size()) + 1};
        line.gross = Money::minor(gross);
        line.discount = Money::minor(discount);
        line.net = line.gross - line.discount;
        sale.total += line.net;
        sale.lines.push_back(line);
    }
    return sale;
}

TEST(Prices, AreTheShareOfDiscountsAndOfWhatWentAtItsFullPrice) {
    Customers customers = shop();
    customers.sale(nullptr, with_lines(1, {{1'000, 250}, {1'000, 0}}), day(0));
    EXPECT_EQ(fact(customers, "cust.discount_share_bp"), whole(1'250));    // 250 of 2000
    EXPECT_EQ(fact(customers, "cust.full_price_share_bp"), whole(5'714));  // 1000 of 1750
}

TEST(Prices, CountADiscountOnTheWholeSaleOnEachOfItsLines) {
    Customers customers = shop();
    Sale sale = with_lines(1, {{1'000, 0}, {1'000, 0}});
    sale.discounts.push_back(
        {.line = 0, .offer = "x", .kind = "amount", .amount = Money::minor(200)});
    customers.sale(nullptr, sale, day(0));
    EXPECT_EQ(fact(customers, "cust.discount_share_bp"), whole(1'000));
    EXPECT_EQ(fact(customers, "cust.full_price_share_bp"), whole(0));
}

TEST(Prices, AreTakenBackByAReturnAndByAVoid) {
    Customers customers = shop();
    const Sale first = with_lines(1, {{1'000, 500}});
    customers.sale(nullptr, first, day(0));
    Sale second = with_lines(2, {{1'000, 0}});
    customers.sale(nullptr, second, day(0));
    EXPECT_EQ(fact(customers, "cust.full_price_share_bp"), whole(6'666));
    Sale voided = first;
    voided.status = SaleStatus::PostVoided;
    customers.sale(&first, voided, day(0));
    EXPECT_EQ(fact(customers, "cust.full_price_share_bp"), whole(10'000));
    Sale back = with_lines(3, {{-1'000, 0}});
    back.type = SaleType::Return;
    customers.sale(nullptr, back, day(0));
    EXPECT_EQ(fact(customers, "cust.full_price_share_bp"), std::nullopt);
}

TEST(Hours, AreTheUsualOnesOfTheShopsOwnClock) {
    Customers customers = shop();
    std::int64_t seq = 0;
    // kNoon is Friday, 12:00 in Shanghai.
    for (const int hours : {0, 7 * 24, 14 * 24, 3, 4}) {
        Sale sale = bought(100, ++seq, 0);
        sale.ended_at = kit::kNoon + std::chrono::hours{hours};
        customers.sale(nullptr, sale, day(20));
    }
    EXPECT_EQ(fact(customers, "cust.hour_usual"), whole(12));
    EXPECT_EQ(fact(customers, "cust.weekday_usual"), whole(5));
}

TEST(Hours, AreUnknownWithoutAZone) {
    EXPECT_EQ(fact(after_buying_on({0}), "cust.hour_usual"), std::nullopt);
}

TEST(Gaps, AreTheMiddleOneFromThreePurchasesOn) {
    EXPECT_EQ(fact(after_buying_on({0, 10}), "cust.usual_gap_days", day(20)), std::nullopt);
    EXPECT_EQ(fact(after_buying_on({0, 10, 13, 14}), "cust.usual_gap_days", day(20)), whole(3));
}

ZoneVisit visited(const char* zone, int dwell_s) {
    return {.member = kAda,
            .zone = ZoneId{zone},
            .entered = day(1).wall,
            .left = day(1).wall + seconds{dwell_s},
            .open = false};
}

TEST(Ways, AreKeptOnlyWithTheConsentToLinkThem) {
    Customers customers = shop();
    customers.consent(said(true, 0));
    EXPECT_TRUE(customers.visit(visited("shoes", 60), day(1)).state.empty());
    EXPECT_EQ(fact(customers, "cust.visits"), std::nullopt);
    customers.consent(said(true, 0, kConsentLocation));
    customers.visit(visited("shoes", 60), day(1));
    customers.visit(visited("shoes", 30), day(1));
    customers.visit(visited("bags", 5), day(1));
    EXPECT_EQ(fact(customers, "cust.visits"), whole(3));
    EXPECT_EQ(fact(customers, "cust.zone.shoes.visits"), whole(2));
    EXPECT_EQ(fact(customers, "cust.zone.shoes.dwell_s"), whole(90));
    EXPECT_EQ(fact(customers, "cust.zones"), conditions::to_list({"bags", "shoes"}));
}

TEST(Ways, AreForgottenWithTheConsent) {
    Customers customers = shop();
    customers.consent(said(true, 0, kConsentLocation));
    customers.visit(visited("shoes", 60), day(1));
    const Effects gone = customers.consent(said(false, 2, kConsentLocation));
    EXPECT_EQ(fact(customers, "cust.visits", day(3)), std::nullopt);
    ASSERT_EQ(gone.state.size(), 1U);
    EXPECT_EQ(gone.state.front().bytes.find("shoes"), std::string::npos);
    customers.consent(said(true, 4, kConsentLocation));
    EXPECT_EQ(fact(customers, "cust.visits", day(5)), std::nullopt);
}

TEST(Ways, OfAnOpenVisitOrOfAStrangerAreNone) {
    Customers customers = shop();
    customers.consent(said(true, 0, kConsentLocation));
    ZoneVisit open = visited("shoes", 60);
    open.open = true;
    EXPECT_TRUE(customers.visit(open, day(1)).state.empty());
    open.open = false;
    open.member = MemberKey{"bea"};
    EXPECT_TRUE(customers.visit(open, day(1)).state.empty());
}

MemberRow tagged(TagDetail detail) {
    MemberRow row = row_of();
    row.tags = {"vip", "tea"};
    row.tag_details["tea"] = std::move(detail);
    return row;
}

TEST(Tags, ThatHaveExpiredOrAreTooUnsureAreUnknown) {
    Customers customers = shop();
    customers.member(tagged({.confidence_permille = 700, .source = "study", .until = day(5).wall}),
                     day(0));
    EXPECT_EQ(fact(customers, "cust.tags", day(4)), conditions::to_list({"vip", "tea"}));
    EXPECT_EQ(fact(customers, "cust.tag.tea", day(4)), whole(700));
    EXPECT_EQ(fact(customers, "cust.tag.vip", day(4)), std::nullopt);
    EXPECT_EQ(fact(customers, "cust.tags", day(5)), conditions::to_list({"vip"}));
    EXPECT_EQ(fact(customers, "cust.tag.tea", day(5)), std::nullopt);
    customers.member(tagged({.confidence_permille = 499}), day(0));
    EXPECT_EQ(fact(customers, "cust.tags", day(4)), conditions::to_list({"vip"}));
    EXPECT_EQ(customers.card(kAda, day(4)).tags, std::vector<std::string>{"vip"});
}

TEST(Tags, KeepWhatIsSaidOfThemOverARestart) {
    Customers customers = shop();
    customers.member(tagged({.confidence_permille = 700, .source = "study", .until = day(5).wall}),
                     day(0));
    Customers again = shop();
    ASSERT_TRUE(again.restore(customers.rows()));
    EXPECT_EQ(again.rows().front().bytes, customers.rows().front().bytes);
    EXPECT_EQ(fact(again, "cust.tags", day(5)), conditions::to_list({"vip"}));
}

bool is_birthday(const char* birthday, const char* at) {
    Customers customers = shop();
    MemberRow row = row_of();
    row.birthday = birthday;
    customers.member(row, day(0));
    Stamp now = day(0);
    now.wall = *parse_rfc3339(at);
    return std::get<bool>(*fact(customers, "cust.is_birthday", now));
}

TEST(Birthdays, LastFromMidnightToMidnightOfTheShop) {
    EXPECT_FALSE(is_birthday("06-19", "2026-06-18T15:59:59.999Z"));
    EXPECT_TRUE(is_birthday("06-19", "2026-06-18T16:00:00.000Z"));
    EXPECT_TRUE(is_birthday("06-19", "2026-06-19T15:59:59.999Z"));
    EXPECT_FALSE(is_birthday("06-19", "2026-06-19T16:00:00.000Z"));
}

TEST(Birthdays, OnTheLeapDayAreOnThe28thInOtherYears) {
    EXPECT_TRUE(is_birthday("02-29", "2028-02-29T04:00:00.000Z"));
    EXPECT_FALSE(is_birthday("02-29", "2028-02-28T04:00:00.000Z"));
    EXPECT_TRUE(is_birthday("02-29", "2026-02-28T04:00:00.000Z"));
    EXPECT_FALSE(is_birthday("02-29", "2026-03-01T04:00:00.000Z"));
    EXPECT_FALSE(is_birthday("02-28", "2026-03-01T04:00:00.000Z"));
}

TEST(Birthdays, OfNobodyAreUnknown) {
    EXPECT_EQ(fact(after_buying_on({0}), "cust.is_birthday"), std::nullopt);
    EXPECT_EQ(fact(after_buying_on({0}), "cust.birthday"), std::nullopt);
}

TEST(FirstOrders, EndWithTheFirstPurchaseAndComeBackWhenItIsVoided) {
    Customers customers = shop();
    customers.member(row_of(), day(0));
    EXPECT_EQ(fact(customers, "cust.first_order"), conditions::Value{true});
    const Sale sale = bought(100, 1, 0);
    customers.sale(nullptr, sale, day(0));
    EXPECT_EQ(fact(customers, "cust.first_order"), conditions::Value{false});
    Sale voided = sale;
    voided.status = SaleStatus::PostVoided;
    customers.sale(&sale, voided, day(0));
    EXPECT_EQ(fact(customers, "cust.first_order"), conditions::Value{true});
}

TEST(WinBack, IsForWhoIsDormantOrLost) {
    const Customers customers = after_buying_on({0, 1});
    for (const auto& [on, wanted] :
         std::map<int, bool>{{2, false}, {40, false}, {61, true}, {181, true}})
        EXPECT_EQ(fact(customers, "cust.win_back", day(on)), conditions::Value{wanted}) << on;
}

TEST(Brands, AreListedLikeCategories) {
    Customers customers = shop();
    customers.product({.sku = "SKU1", .gtin = {}, .category = "tea", .brand = "Leaf"});
    customers.sale(nullptr, bought(100, 1, 0), day(0));
    EXPECT_EQ(fact(customers, "cust.brands"), conditions::to_list({"Leaf"}));
}

TEST(Lists, NameTheMostFrequentOnly) {
    Customers customers = shop();
    std::int64_t seq = 0;
    for (int i = 0; i < 40; ++i) {
        const std::string name = "c" + std::to_string(100 + i);
        customers.product({.sku = "SKU1", .gtin = {}, .category = name, .brand = {}});
        for (int n = i < 8 ? 1 : 2; n > 0; --n)
            customers.sale(nullptr, bought(100, ++seq, 0), day(0));
    }
    const auto facts = customers.facts(kAda, day(1));
    const auto now = day(1).wall;
    EXPECT_EQ(std::get<std::vector<conditions::Scalar>>(*facts.find("cust.categories", now)).size(),
              kListedMax);
    EXPECT_FALSE(facts.lists("cust.categories", "c100", now));
    EXPECT_TRUE(facts.lists("cust.categories", "c139", now));
}

TEST(Fifths, AreOfRecencyAndMoneyAndLeaveFrequencyAlone) {
    std::vector<Figures> all;
    for (int i = 1; i <= 100; ++i)
        all.push_back({.recency_days = i, .purchases = 1, .spent = Money::minor(i * 10)});
    const auto cuts = fifths({}, all);
    ASSERT_TRUE(cuts);
    EXPECT_EQ(cuts->recency_days, (std::array<std::int32_t, 4>{21, 41, 61, 81}));
    EXPECT_EQ(cuts->monetary_minor, (std::array<std::int64_t, 4>{210, 410, 610, 810}));
    EXPECT_EQ(cuts->frequency, RfmCuts{}.frequency);
    std::array<int, 6> of{};
    for (const Figures& one : all) ++of.at(static_cast<std::size_t>(score(*cuts, one).monetary));
    EXPECT_EQ(of, (std::array<int, 6>{0, 20, 20, 20, 20, 20}));
    EXPECT_FALSE(fifths({}, {all.begin(), all.begin() + 4}));
}

TEST(Fifths, AreFoundOnceADayAndOutliveARestart) {
    Customers customers = shop({.quantiles = true});
    for (int i = 0; i < 50; ++i)
        customers.sale(nullptr, bought(1 + i, i, 0, MemberKey{"m" + std::to_string(i)}), day(0));
    EXPECT_EQ(customers.card(MemberKey{"m49"}, day(1)).monetary, 1);  // by the cuts
    EXPECT_FALSE(customers.tick(day(1)).state.empty());
    EXPECT_EQ(customers.card(MemberKey{"m49"}, day(1)).monetary, 5);
    EXPECT_EQ(customers.card(MemberKey{"m25"}, day(1)).monetary, 3);
    EXPECT_TRUE(customers.tick(day(1)).state.empty());
    EXPECT_EQ(customers.tick(day(2)).state.size(), 1U);
    Customers again = shop({.quantiles = true});
    ASSERT_TRUE(again.restore(customers.rows()));
    EXPECT_EQ(again.card(MemberKey{"m49"}, day(2)).monetary, 5);
    EXPECT_TRUE(again.tick(day(2)).state.empty());
}

}  // namespace
}  // namespace aisle::customers
