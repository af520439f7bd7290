#include <fstream>
#include <set>
#include <sstream>

#include <boost/json.hpp>

#include "agent/offers/assignment.hpp"
#include "agent/offers/codes.hpp"
#include "shop.hpp"

namespace aisle::offers {
namespace {

TEST(Assignment, HashesAsGrowthBookDoes) {
    std::ifstream file{AISLE_SHARED_DIR "/data/offers/growthbook-cases-dev.json"};
    if (!file) GTEST_SKIP() << "no vectors here: " AISLE_SHARED_DIR "/data/offers";
    std::stringstream text;
    text << file.rdbuf();
    const auto cases = boost::json::parse(text.str());
    for (const auto& entry : cases.at("hash").as_array()) {
        const auto& row = entry.as_array();
        const std::string seed{row[0].as_string()}, id{row[1].as_string()};
        const auto hash = growthbook_hash({.seed = seed, .id = id}, row[2].to_number<int>());
        if (row[3].is_null())
            EXPECT_FALSE(hash);
        else
            EXPECT_DOUBLE_EQ(hash.value_or(-1), row[3].to_number<double>()) << seed << " " << id;
    }
}

TEST(Assignment, HoldsOutTheShareThatWasConfigured) {
    const Experiment five{.key = "e", .seed = "e", .holdout = "h"};
    const Experiment none{.key = "e", .seed = "e", .holdout = "h", .holdout_share = {0}};
    int held = 0;
    for (int i = 0; i < 100'000; ++i) {
        const std::string id = "member-" + std::to_string(i);
        held += in_holdout(five, id);
        ASSERT_FALSE(in_holdout(none, id));
    }
    EXPECT_NEAR(held, 5'000, 300);
}

TEST(Assignment, DrawsArmsByTheirWeights) {
    const Experiment experiment{.key = "e",
                                .seed = "e",
                                .holdout = "h",
                                .arms = {{"control", 0.2}, {"A", 0.3}, {"B", 0.5}}};
    std::map<std::string, int> drawn;
    for (int i = 0; i < 50'000; ++i) {
        const Arm* const arm = arm_of(experiment, "m" + std::to_string(i));
        ASSERT_NE(arm, nullptr);
        ++drawn[arm->name];
    }
    EXPECT_NEAR(drawn["control"], 10'000, 500);
    EXPECT_NEAR(drawn["A"], 15'000, 500);
    EXPECT_NEAR(drawn["B"], 25'000, 500);
}

Codes codes_of(const std::string& prefix, const std::string& key) {
    return *Codes::make({.prefix = prefix, .key = key});
}

TEST(Codes, HaveAGoodCheckDigit) {
    EXPECT_EQ(ean13_check_digit("400638133393"), '1');
    const Codes codes = codes_of("299", "k");
    for (std::uint64_t i = 0; i < 1'000; ++i) EXPECT_TRUE(codes.well_formed(codes.at(i)));
}

TEST(Codes, NeverRepeatWithinTheirRange) {
    const Codes codes = codes_of("299999", "k");
    std::set<std::string> seen;
    for (std::uint64_t i = 0; i < 10'000; ++i) ASSERT_TRUE(seen.insert(codes.at(i)).second) << i;
    EXPECT_EQ(codes.size(), 1'000'000U);
}

TEST(Codes, FollowTheKey) {
    EXPECT_NE(codes_of("299", "one").at(1), codes_of("299", "two").at(1));
    EXPECT_EQ(codes_of("299", "one").at(1), codes_of("299", "one").at(1));
}

TEST(Codes, AreNotWellFormedWithOneDigitWrong) {
    const Codes codes = codes_of("299", "k");
    std::string code = codes.at(7);
    code[8] = code[8] == '9' ? '0' : static_cast<char>(code[8] + 1);
    EXPECT_FALSE(codes.well_formed(code));
    EXPECT_FALSE(codes.well_formed("4006381333931"));
    EXPECT_FALSE(codes.well_formed("29"));
}

TEST(Codes, WantAPrefixAndAKey) {
    EXPECT_FALSE(Codes::make({.prefix = "2", .key = "k"}));
    EXPECT_FALSE(Codes::make({.prefix = "2x", .key = "k"}));
    EXPECT_FALSE(Codes::make({.prefix = "299", .key = ""}));
}

// A member whom the holdout of campaign "c" withholds.
MemberKey held_out() {
    const Experiment experiment{.key = "c", .seed = "c", .holdout = "c"};
    for (int i = 0;; ++i)
        if (const std::string id = "held-" + std::to_string(i); in_holdout(experiment, id))
            return MemberKey{id};
}

TEST(Holdout, WithholdsThePromptAndKeepsAGhost) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, R"("experiment": {})")}};
    shop.around.add_member(held_out());
    const Effects effects = shop.commit(shop.engine->member_seen(held_out(), false, kit::at()));
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_TRUE(effects.offers.front().ghost);
    EXPECT_TRUE(effects.offers.front().code.empty());
    EXPECT_EQ(effects.offers.front().decision.counts.at("holdout"), 1);
    ASSERT_EQ(effects.exposures.size(), 1U);
    EXPECT_EQ(effects.exposures.front().arm, "holdout");
    EXPECT_TRUE(shop.engine->live().empty());
    EXPECT_EQ(shop.status().withheld, 1);
    EXPECT_EQ(shop.status().reserved, Money{});
}

TEST(Holdout, HidesAGhostFromStaff) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, R"("experiment": {})")}};
    shop.around.add_member(held_out());
    const Offer ghost =
        shop.commit(shop.engine->member_seen(held_out(), false, kit::at())).offers.front();
    EXPECT_EQ(shop.act(ghost.id, OfferAction::Accept, "li", kit::at()).verdict, Verdict::Unknown);
}

TEST(Holdout, GivesWhoAsksWhatIsDueAndSaysSo) {
    const std::string once =
        R"("experiment": {}, "limits": {"per_customer": [{"n": 1, "per": "P1D"}]})";
    Shop shop{{campaign("c", kSeen, kTenOffHundred, once)}};
    shop.around.add_member(held_out());
    shop.commit(shop.engine->member_seen(held_out(), false, kit::at()));
    const Effects effects =
        shop.commit(shop.engine->member_seen(held_out(), true, kit::at(seconds{5})));
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_FALSE(effects.offers.front().ghost);
    EXPECT_EQ(effects.offers.front().decision.counts.at("holdout_entitled"), 1);
    EXPECT_EQ(effects.exposures.front().arm, "holdout");
}

TEST(Holdout, GivesABasketItsPrice) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred, R"("experiment": {})")}};
    Basket basket = basket_of({200'00});
    basket.member = held_out();
    EXPECT_EQ(shop.ask(basket, kit::at()).answer.saved, Money::minor(10'00));
}

TEST(Arms, WithholdTheControlGroup) {
    const std::string all_control = R"("experiment": {"holdout": 0, "arms": [["control", 1]]})";
    Shop shop{{campaign("c", kSeen, kTenOffHundred, all_control)}};
    const Effects effects = shop.see(kit::at());
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_TRUE(effects.offers.front().ghost);
    EXPECT_EQ(effects.exposures.front().arm, "control");
}

}  // namespace
}  // namespace aisle::offers
