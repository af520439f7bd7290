#include "shop.hpp"

// The rest of what users of other systems reported (reference: offers.md section 4): tags that
// flap, and sets with thousands of rules. What each part measures of it is script/bench offers.
namespace aisle::offers {
namespace {

using kit::at;

// How many cards a trolley brings that is seen to come and go every few minutes for an hour.
std::size_t cards_of_a_flapping_tag(const std::string& campaign_text) {
    Shop shop{{campaign_text}};
    std::size_t cards = 0;
    for (int minute = 0; minute < 60; minute += 3) {
        const Stamp entered = at(minutes{minute});
        shop.commit(shop.engine->visit(visit_of("t1", "Z3", entered), entered));
        for (const seconds dwell : {seconds{31}, seconds{90}})
            cards += shop.tick(at(minutes{minute} + dwell)).exposures.size();
        const Stamp left = at(minutes{minute} + seconds{100});
        shop.commit(shop.engine->visit(visit_of("t1", "Z3", entered, false), left));
    }
    return cards;
}

TEST(ReportedFlapping, AltBeacon27ATagThatComesAndGoesIsPromptedOnce) {
    const auto once =
        campaign("c", dwell("Z3", 30, 7'200), kTenOffHundred, R"("delivery": {"ttl_s": 30})");
    EXPECT_EQ(cards_of_a_flapping_tag(once), 1U);
}

TEST(ReportedFlapping, EstimoteRn19AStayThatIsTooShortIsNone) {
    EXPECT_EQ(cards_of_a_flapping_tag(campaign("c", dwell("Z3", 120), kTenOffHundred)), 0U);
}

TEST(ReportedFlapping, PhysicalWeb875AMemberIsAskedOnceADay) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        R"("limits": {"per_customer": [{"n": 1, "per": "P1D"}]})")}};
    std::size_t cards = 0;
    for (int hour = 0; hour < 48; ++hour) {
        cards += shop.see(at(minutes{60 * hour})).offers.size();
        shop.tick(at(minutes{60 * hour + 30}));
    }
    EXPECT_EQ(cards, 2U);
}

TEST(ReportedSlow, PrestaShop14935AndJsonRulesEngine364OnlyCandidatesAreLookedAt) {
    std::vector<std::string> campaigns;
    for (int i = 0; i < 2'000; ++i)
        campaigns.push_back(
            campaign("other" + std::to_string(i), dwell("Z" + std::to_string(i), 30), kTenPercent));
    campaigns.push_back(campaign("mine", dwell("here", 30), kTenPercent));
    const auto set = set_of(campaigns);
    ASSERT_EQ(set->all().size(), 2'001U);
    EXPECT_EQ(set->candidates(TriggerKind::ZoneDwell, "here").size(), 1U);
    EXPECT_EQ(set->candidates(TriggerKind::Basket, "").size(), 0U);
}

}  // namespace
}  // namespace aisle::offers
