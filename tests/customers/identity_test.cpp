#include <algorithm>
#include <random>

#include "shopping.hpp"

// Whose a receipt is: names, evidence, and what taking a piece of it back gives.
namespace aisle::customers {
namespace {

const MemberKey kBea{"00000000000000000000000000000bea"};
const MemberKey kCai{"00000000000000000000000000000ca1"};
const std::string kCard = "000000000000000000000000000000c1";
const std::string kOther = "000000000000000000000000000000c2";
const std::string kCardName = "card:" + kCard;

Sale paid(std::int64_t total, std::int64_t seq, int on_day, const MemberKey& who,
          const std::string& card = kCard) {
    Sale sale = bought(total, seq, on_day, who);
    sale.card = card;
    return sale;
}

void sell(Customers& customers, const Sale& sale) { (void)customers.sale(nullptr, sale, day(9)); }

Money spent(const Customers& customers, const MemberKey& who = kAda) {
    return customers.card(who, day(9)).spent;
}

Evidence said_of(const std::string& name, const std::string& other, Source source = Source::Staff) {
    return {.name = name, .other = other, .source = source};
}

std::string bytes_of(const Customers& customers) {
    std::string all;
    for (const StateChange& row : customers.rows()) all += row.key + "=" + row.bytes + "\n";
    return all;
}

TEST(ACard, ThatPaidTwoReceiptsOfAMemberIsTheMembers) {
    Customers customers = fresh();
    sell(customers, paid(10'00, 1, 1, kAda));
    sell(customers, paid(5'00, 2, 2, MemberKey{}));
    EXPECT_EQ(spent(customers), Money::minor(10'00));
    sell(customers, paid(10'00, 3, 3, kAda));
    EXPECT_EQ(spent(customers), Money::minor(25'00));
    EXPECT_EQ(customers.card(kAda, day(9)).purchases, 3);
    EXPECT_EQ(customers.person(kAda.value), (std::vector<std::string>{kAda.value, kCardName}));
    EXPECT_EQ(customers.card(kAda, day(9)).known_as, 1U);
}

TEST(ACard, ThatTwoMembersPayWithIsNobodys) {
    Customers customers = fresh();
    for (int i = 0; i < 3; ++i) sell(customers, paid(10'00, i, i, kAda));
    sell(customers, paid(5'00, 9, 4, MemberKey{}));
    EXPECT_EQ(spent(customers), Money::minor(35'00));
    sell(customers, paid(20'00, 10, 5, kBea));
    EXPECT_EQ(spent(customers), Money::minor(30'00));
    EXPECT_EQ(spent(customers, kBea), Money::minor(20'00));
    EXPECT_EQ(customers.person(kCardName), (std::vector<std::string>{kCardName}));
}

TEST(ACard, OfTwoMembersWhoAreOnePersonIsThatPersons) {
    Customers customers = fresh();
    sell(customers, paid(10'00, 1, 1, kAda));
    sell(customers, paid(10'00, 2, 2, kBea));
    sell(customers, paid(5'00, 3, 3, MemberKey{}));
    (void)customers.link(said_of(kAda.value, kBea.value), day(4));
    EXPECT_EQ(spent(customers), Money::minor(25'00));
    EXPECT_EQ(spent(customers, kBea), Money::minor(25'00));
    EXPECT_EQ(customers.person(kBea.value).size(), 3U);
}

TEST(ACard, IsGivenBackWhenAReceiptIsVoided) {
    Customers customers = fresh();
    sell(customers, paid(5'00, 3, 3, MemberKey{}));
    sell(customers, paid(10'00, 1, 1, kAda));
    const std::string apart = bytes_of(customers);
    const Sale second = paid(10'00, 2, 2, kAda);
    sell(customers, second);
    ASSERT_EQ(spent(customers), Money::minor(25'00));
    Sale voided = second;
    voided.status = SaleStatus::PostVoided;
    const Effects effects = customers.sale(&second, voided, day(9));
    EXPECT_EQ(spent(customers), Money::minor(10'00));
    EXPECT_EQ(bytes_of(customers), apart);
    ASSERT_EQ(effects.tied.size(), 1U);
    EXPECT_EQ(effects.tied.front().name, kCardName);
    EXPECT_EQ(effects.tied.front().before, kAda.value);
    EXPECT_EQ(effects.tied.front().after, kCardName);
    EXPECT_EQ(effects.tied.front().by, Source::Receipt);
}

TEST(ACard, ThatTheFileNamesIsTheMembersWhoeverPaysWithIt) {
    Customers customers = fresh();
    MemberRow row = row_of();
    row.ids = {{.kind = "card", .id = kCard}};
    (void)customers.member(row, day(1));
    sell(customers, paid(5'00, 1, 1, MemberKey{}));
    sell(customers, paid(10'00, 2, 2, kBea));
    sell(customers, paid(10'00, 3, 2, kBea));
    EXPECT_EQ(spent(customers), Money::minor(5'00));
    EXPECT_EQ(spent(customers, kBea), Money::minor(20'00));
    row.ids.clear();
    (void)customers.member(row, day(3));
    EXPECT_EQ(spent(customers), Money{});
    EXPECT_EQ(spent(customers, kBea), Money::minor(25'00));  // the receipts' word is left
}

TEST(Merging, PutsTwoMembersTogetherAndTakingItBackGivesExactlyBothBack) {
    Customers customers = fresh();
    (void)customers.member(row_of(granted_on(1)), day(1));
    for (int i = 0; i < 30; ++i) sell(customers, bought(10'00 + i, i, i % 9, i % 2 ? kAda : kBea));
    const std::string apart = bytes_of(customers);
    const auto ada = customers.facts(kAda, day(9)).all().size();
    const Effects merged = customers.link(said_of(kAda.value, kBea.value), day(9));
    ASSERT_EQ(merged.tied.size(), 1U);
    EXPECT_EQ(merged.tied.front().name, kBea.value);
    EXPECT_EQ(merged.tied.front().after, kAda.value);
    EXPECT_EQ(spent(customers), spent(customers, kBea));
    EXPECT_TRUE(customers.consents(kBea, kConsentMarketing));
    (void)customers.unlink(said_of(kAda.value, kBea.value), day(9));
    EXPECT_EQ(bytes_of(customers), apart);
    EXPECT_EQ(customers.facts(kAda, day(9)).all().size(), ada);
    EXPECT_FALSE(customers.consents(kBea, kConsentMarketing));
}

TEST(Merging, TwiceOnTwoWordsNeedsBothToBeTakenBack) {
    Customers customers = fresh();
    for (const auto source : {Source::Staff, Source::Hq})
        (void)customers.link(said_of(kAda.value, kBea.value, source), day(1));
    (void)customers.unlink(said_of(kAda.value, kBea.value, Source::Hq), day(2));
    EXPECT_EQ(customers.person(kAda.value).size(), 2U);
    (void)customers.unlink(said_of(kAda.value, kBea.value), day(2));
    EXPECT_EQ(customers.person(kAda.value).size(), 1U);
}

TEST(Merging, InAChainSplitsWhereTheWordIsTakenBack) {
    Customers customers = fresh();
    (void)customers.link(said_of(kAda.value, kBea.value), day(1));
    (void)customers.link(said_of(kBea.value, kCai.value), day(1));
    EXPECT_EQ(customers.person(kCai.value).size(), 3U);
    EXPECT_EQ(customers.person(kCai.value).front(), kAda.value);
    (void)customers.unlink(said_of(kAda.value, kBea.value), day(2));
    EXPECT_EQ(customers.person(kAda.value).size(), 1U);
    EXPECT_EQ(customers.person(kCai.value).size(), 2U);
}

TEST(Merging, OfPurchasesThatCameAfterGivesEachNameItsOwnWhenSplit) {
    Customers customers = fresh();
    (void)customers.link(said_of(kAda.value, kBea.value), day(1));
    sell(customers, bought(10'00, 1, 2));
    sell(customers, bought(7'00, 2, 3, kBea));
    EXPECT_EQ(spent(customers), Money::minor(17'00));
    (void)customers.unlink(said_of(kAda.value, kBea.value), day(4));
    EXPECT_EQ(spent(customers), Money::minor(10'00));
    EXPECT_EQ(spent(customers, kBea), Money::minor(7'00));
}

TEST(Merging, LetsAWithdrawalUnderAnyNameCount) {
    Customers customers = fresh();
    (void)customers.member(row_of(granted_on(1)), day(1));
    (void)customers.link(said_of(kAda.value, kBea.value), day(1));
    ConsentChange no = said(false, 2);
    no.member = kBea;
    (void)customers.consent(no);
    EXPECT_FALSE(agrees(customers));
}

TEST(Merging, TellsAPersonsStageOnceUnderItsHead) {
    Customers customers = fresh();
    sell(customers, bought(10'00, 1, 1));
    sell(customers, bought(10'00, 2, 2, kBea));
    const Effects merged = customers.link(said_of(kAda.value, kBea.value), day(9));
    ASSERT_EQ(merged.transitions.size(), 1U);
    EXPECT_EQ(merged.transitions.front().member, kAda);
    EXPECT_EQ(merged.transitions.front().to, LifecycleStage::Active);
    EXPECT_EQ(customers.tick(day(40)).transitions.size(), 1U);
}

TEST(Merging, OfMoreNamesThanAPersonHasTiesNobody) {
    Customers customers = fresh();
    for (int i = 0; i < 40; ++i)
        (void)customers.link(said_of("m" + std::to_string(i), "m" + std::to_string(i + 1)), day(1));
    EXPECT_EQ(customers.person("m20").size(), 1U);
    (void)customers.unlink(said_of("m20", "m21"), day(2));
    EXPECT_EQ(customers.person("m20").size(), 21U);
}

TEST(Merging, OfANameWithItselfOrWithNobodyIsNone) {
    Customers customers = fresh();
    EXPECT_TRUE(customers.link(said_of(kAda.value, kAda.value), day(1)).state.empty());
    EXPECT_TRUE(customers.link(said_of(kAda.value, ""), day(1)).tied.empty());
    EXPECT_TRUE(customers.unlink(said_of(kAda.value, kBea.value), day(1)).state.empty());
}

TEST(Links, AreRowsThatARestartReads) {
    Customers customers = fresh();
    sell(customers, paid(10'00, 1, 1, kAda));
    sell(customers, paid(10'00, 2, 2, kAda));
    sell(customers, paid(3'00, 3, 2, MemberKey{}, kOther));
    (void)customers.link(said_of(kAda.value, "app:" + kOther), day(3));
    Customers again = fresh();
    ASSERT_TRUE(again.restore(customers.rows()));
    EXPECT_EQ(bytes_of(again), bytes_of(customers));
    EXPECT_EQ(again.person(kAda.value), customers.person(kAda.value));
    EXPECT_EQ(again.person(kAda.value).size(), 3U);
}

TEST(Links, ThatNobodyWroteAreRefused) {
    Customers customers = fresh();
    for (const char* key : {"link/a", "link/a/b", "link/a/b/gossip"}) {
        const std::vector<StateChange> rows{{"customers", key, R"({"n":1,"at":0})"}};
        EXPECT_FALSE(customers.restore(rows)) << key;
    }
}

TEST(Forgetting, TakesThePersonsCardsAndAppsAndEveryLinkWithIt) {
    Customers customers = fresh();
    sell(customers, paid(10'00, 1, 1, kAda));
    sell(customers, paid(10'00, 2, 2, kAda));
    (void)customers.link(said_of(kAda.value, "app:" + kOther), day(3));
    const Effects effects = customers.erase(kAda);
    EXPECT_TRUE(customers.rows().empty()) << bytes_of(customers);
    EXPECT_EQ(customers.size(), 0U);
    for (const StateChange& row : effects.state) EXPECT_TRUE(row.bytes.empty()) << row.key;
    EXPECT_EQ(effects.state.size(), 5U);  // three names, two links
}

TEST(Forgetting, LeavesAHouseholdsCardToTheOthers) {
    Customers customers = fresh();
    for (int i = 0; i < 2; ++i) {
        sell(customers, paid(10'00, i, 1, kAda));
        sell(customers, paid(20'00, 10 + i, 2, kBea));
    }
    sell(customers, paid(5'00, 20, 3, MemberKey{}));
    (void)customers.erase(kAda);
    EXPECT_EQ(bytes_of(customers).find(kAda.value), std::string::npos);
    EXPECT_EQ(spent(customers, kBea), Money::minor(45'00));  // hers alone now
}

TEST(TakingOver, CarriesTheLinksToTheNewName) {
    Customers customers = fresh();
    sell(customers, paid(10'00, 1, 1, kAda));
    sell(customers, paid(10'00, 2, 2, kAda));
    (void)customers.take_over(kAda, kBea, day(3));
    EXPECT_EQ(customers.person(kBea.value), (std::vector<std::string>{kBea.value, kCardName}));
    EXPECT_EQ(bytes_of(customers).find(kAda.value), std::string::npos);
}

// Whatever is said in whatever order: what is left counts, and nothing that was taken back.
TEST(Evidence, InAnyOrderLeavesTheSamePeople) {
    std::mt19937_64 random{99};
    const std::vector<std::string> names{"m1", "m2", "m3", "card:x", "card:y", "app:z"};
    for (int life = 0; life < 300; ++life) {
        Customers live = fresh();
        std::vector<Evidence> left;
        for (int step = 0; step < 25; ++step) {
            const Evidence one = said_of(names[random() % 6], names[random() % 6],
                                         random() % 2 ? Source::Staff : Source::Hq);
            const auto same = [&](const Evidence& other) {
                const bool ends = (other.name == one.name && other.other == one.other) ||
                                  (other.name == one.other && other.other == one.name);
                return ends && other.source == one.source;
            };
            std::erase_if(left, same);
            if (random() % 3) {
                (void)live.link(one, day(step));
                left.push_back(one);
            } else {
                (void)live.unlink(one, day(step));
            }
        }
        std::ranges::shuffle(left, random);
        Customers anew = fresh();
        for (const Evidence& one : left) (void)anew.link(one, day(1));
        for (const std::string& name : names) {
            const auto person = anew.person(name);
            if (person.size() > 1)
                ASSERT_EQ(live.person(name), person) << "life " << life;
            else
                ASSERT_LE(live.person(name).size(), 1U) << "life " << life << ' ' << name;
        }
    }
}

}  // namespace
}  // namespace aisle::customers
