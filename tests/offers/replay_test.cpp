#include "agent/offers/replay.hpp"

#include <cmath>

#include "agent/offers/stored_context.hpp"
#include "shop.hpp"

// Decisions that a real engine has made under limits, made again from what they have stored.
namespace aisle::offers {
namespace {

Decision decision_of(const Effects& effects) {
    if (!effects.withheld.empty()) return effects.withheld.front();
    return effects.offers.empty() ? Decision{} : effects.offers.back().decision;
}

std::string difference(const Shop& shop, const Decision& stored) {
    const Replay made = replay(*shop.campaigns, stored);
    if (made.replayable != Replayable::Yes) return "not replayable";
    return made.difference ? made.difference->field : "same";
}

std::string reasons(const Shop& shop, const Decision& stored) {
    const Replay made = replay(*shop.campaigns, stored);
    std::string all;
    for (const Considered& one : made.again->considered)
        all += (all.empty() ? "" : " ") + shop.campaigns->all()[one.campaign].id.value + ":" +
               std::string{to_text(one.reason)};
    return all;
}

const std::string kOnceADay = R"("limits": {"per_customer": [{"n": 1, "per": "P1D"}]})";

TEST(Replay, GivesADecisionAgainThatACapHasRefused) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kOnceADay)}};
    shop.see(kit::at());
    const Decision stored = decision_of(shop.see(kit::at(seconds{60})));
    EXPECT_EQ(difference(shop, stored), "same");
    EXPECT_EQ(reasons(shop, stored), "c:customer_cap");
}

TEST(Replay, GivesADecisionAgainThatABudgetHasRefused) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 1500})")}};
    shop.ask(basket_of({200'00}, "b1"), kit::at());
    const Decision stored =
        decision_of(shop.ask(basket_of({200'00}, "b2"), kit::at(seconds{1})).effects);
    EXPECT_EQ(difference(shop, stored), "same");
    EXPECT_EQ(reasons(shop, stored), "c:budget");
}

TEST(Replay, KeepsTheArmThatWasDrawnBefore) {
    const std::string before = R"("experiment": {"holdout": 0, "arms": [["A", 1], ["B", 0]]})";
    const std::string after = R"("experiment": {"holdout": 0, "arms": [["A", 0], ["B", 1]]})";
    Shop shop{{campaign("c", kSeen, kTenOffHundred, before)}};
    const Offer first = shop.seen(kit::at());
    shop.act(first.id, OfferAction::Accept, "lin", kit::at(seconds{1}));
    shop.act(first.id, OfferAction::Redeem, "lin", kit::at(seconds{2}));
    shop.campaigns = set_of({campaign("c", kSeen, kTenOffHundred, after)});
    shop.engine->load(shop.campaigns);
    const Decision stored = decision_of(shop.see(kit::at(seconds{60})));
    EXPECT_NE(stored.context.find(R"("drawn":[[0,"A",0]])"), std::string::npos) << stored.context;
    EXPECT_EQ(difference(shop, stored), "same");
}

TEST(Replay, ListsEveryCampaignThatWasConsidered) {
    Shop shop{{campaign("a", kSeen, kTenOffHundred, R"("when": {"cust.tier": "basic"})"),
               campaign("b", kSeen, kTenOffHundred, R"("stack": {"priority": 5})"),
               campaign("c", kSeen, kTenOffHundred, R"("when": {"ctx.weather": "rain"})"),
               campaign("d", kSeen, kTenOffHundred), campaign("e", kBasket, kTenOffHundred)}};
    const Decision stored = decision_of(shop.see(kit::at()));
    EXPECT_EQ(reasons(shop, stored),
              "b:chosen a:condition_false c:condition_unknown d:lower_priority");
}

TEST(Replay, IsTheSameTwice) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kOnceADay)}};
    const Decision stored = decision_of(shop.see(kit::at()));
    const Replay once = replay(*shop.campaigns, stored), again = replay(*shop.campaigns, stored);
    EXPECT_EQ(explanation_json(*shop.campaigns, stored, *once.again),
              explanation_json(*shop.campaigns, stored, *again.again));
}

TEST(Replay, KeepsDoublesToTheLastBit) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, R"("when": {"ctx.odd": {"$gt": 0}})")}};
    for (int i = 1; i < 400; ++i) {
        const double odd = std::sqrt(static_cast<double>(i)) * 1e5;
        shop.around.shop.set("ctx.odd", odd);
        const Decision stored = decision_of(shop.see(kit::at(seconds{i})));
        ASSERT_EQ(difference(shop, stored), "same") << odd;
        const auto context = read_context(*shop.campaigns, stored.context);
        ASSERT_EQ(
            std::get<double>(*context->surroundings.find("ctx.odd", kit::at(seconds{i}).wall)),
            odd);
    }
}

TEST(Replay, PutsFactsOfTheSurroundingsBeforeThoseOfTheCustomer) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    shop.around.shop.set("ctx.weather", std::string{"rain"});
    shop.around.shop.set("stock.SKU9", std::int64_t{4});
    EXPECT_EQ(difference(shop, decision_of(shop.see(kit::at()))), "same");
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << text;
    return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

TEST(Replay, NamesTheFieldThatSomebodyHasAltered) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, R"("when": {"cust.tier": "gold"})"),
               campaign("d", kSeen, kTenOffHundred)}};
    const Decision stored = decision_of(shop.see(kit::at()));
    ASSERT_EQ(difference(shop, stored), "same");
    Decision altered = stored;
    altered.winner = CampaignId{"d"};
    EXPECT_EQ(difference(shop, altered), "winner");
    altered = stored;
    altered.counts["chosen"] = 2;
    EXPECT_EQ(difference(shop, altered), "counts");
    altered = stored;
    altered.nearest.front().reason = "budget";
    EXPECT_EQ(difference(shop, altered), "nearest");
    altered = stored;
    altered.at.wall += milliseconds{1};
    EXPECT_EQ(difference(shop, altered), "at");
    altered = stored;
    altered.trigger = TriggerKind::Sale;
    EXPECT_EQ(difference(shop, altered), "trigger");
    altered = stored;
    altered.context = replaced(stored.context, "gold", "base");
    EXPECT_EQ(difference(shop, altered), "winner");
    altered.context = replaced(stored.context, "{", "{ ");
    EXPECT_EQ(difference(shop, altered), "context");
    altered.context = replaced(stored.context, "{", "");
    EXPECT_EQ(difference(shop, altered), "context");
}

TEST(Replay, NamesTheFieldOfAnOfferThatSomebodyHasAltered) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const Offer offer = shop.seen(kit::at());
    const Replay made = replay(*shop.campaigns, offer.decision);
    const auto field = [&](const Offer& one) {
        const auto found = differs(*shop.campaigns, *made.again, one);
        return found ? found->field : "same";
    };
    EXPECT_EQ(field(offer), "same");
    Offer altered = offer;
    altered.value += Money::minor(1);
    EXPECT_EQ(field(altered), "offer.value");
    altered = offer;
    altered.campaign = CampaignId{"d"};
    EXPECT_EQ(field(altered), "offer.campaign");
    altered = offer;
    altered.campaign_version = 2;
    EXPECT_EQ(field(altered), "offer.campaign_version");
    altered = offer;
    altered.action = "gift";
    EXPECT_EQ(field(altered), "offer.action");
    altered = offer;
    altered.ghost = true;
    EXPECT_EQ(field(altered), "offer.ghost");
}

TEST(Replay, GuessesNoVersionOfAContext) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    Decision stored = decision_of(shop.see(kit::at()));
    const std::string context = stored.context;
    stored.context = replaced(context, R"("v":2)", R"("v":3)");
    EXPECT_EQ(replay(*shop.campaigns, stored).replayable, Replayable::UnknownContext);
    stored.context = replaced(context, R"("v":2,)", "");
    EXPECT_EQ(replay(*shop.campaigns, stored).replayable, Replayable::OldContext);
}

TEST(Replay, LooksUpNoAnswerInAnotherSet) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kOnceADay)}};
    shop.see(kit::at());
    const Decision stored = decision_of(shop.see(kit::at(seconds{60})));
    const auto other = set_of({campaign("x", kSeen, kTenOffHundred, kOnceADay)});
    const auto read = read_context(*other, stored.context);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().detail.find("another set"), std::string::npos);
}

TEST(Replay, RefusesAnswersThatAreNone) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const std::string begin =
        R"({"v":2,"now":"2026-06-12T04:00:00Z","trigger":"sale","ledger":{"set":")" +
        shop.campaigns->digest().substr(0, 8) + "\",";
    for (const char* const bad :
         {R"("refused":{"mood":[0]}}})", R"("refused":{"cooldown":[1]}}})",
          R"("refused":{"cooldown":0}}})", R"("left":[[0]]}})", R"("left":[[0,"much"]]}})",
          R"("drawn":[[0,1,1]]}})", R"("drawn":[[0,"A",3000000000]]}})", R"("more":1}})"})
        EXPECT_FALSE(read_context(*shop.campaigns, begin + bad)) << bad;
    EXPECT_TRUE(read_context(*shop.campaigns, begin + R"("left":[[0,7]]}})"));
}

TEST(SetText, LoadsTheSameSetAgain) {
    const auto set =
        set_of({campaign("b", kSeen, kTenOffHundred, R"("when": {"a": "line\nbreak"})"),
                campaign("a", kBasket, kTenPercent)});
    const auto again = CampaignSet::load(files_of_text(set->text()), {.store = &kShanghai});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->digest(), set->digest());
    EXPECT_EQ(again->all().size(), 2U);
}

TEST(SetText, IsEmptyForAnEmptySet) {
    EXPECT_TRUE(set_of({})->text().empty());
    EXPECT_TRUE(files_of_text("").empty());
}

}  // namespace
}  // namespace aisle::offers
