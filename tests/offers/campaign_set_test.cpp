#include "agent/offers/campaign_set.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "shop.hpp"
#include "tests/kit/mutant.hpp"

namespace aisle::offers {
namespace {

using kit::kNoon;

std::vector<CampaignFile> examples() {
    std::vector<CampaignFile> files;
    for (const auto& entry :
         std::filesystem::directory_iterator{AISLE_SOURCE_DIR "/tests/offers/campaigns"}) {
        std::stringstream text;
        text << std::ifstream{entry.path()}.rdbuf();
        files.push_back({.name = entry.path().filename(), .text = text.str()});
    }
    return files;
}

// The window of a campaign with these parts, in Shanghai.
Window window(const std::string& json) {
    const auto set = set_of({campaign("c", kBasket, kTenPercent, R"("window": )" + json)});
    return set->all().empty() ? Window{} : set->all().front().window;
}

bool open(const Window& window, const char* local) {
    const auto at = *parse_rfc3339(std::string{local} + "+08:00");
    return window.has(at, kShanghai.local(at));
}

TEST(CampaignSet, LoadsTheExamples) {
    const auto loaded = CampaignSet::load(examples(), {.store = &kShanghai});
    ASSERT_TRUE(loaded) << to_text(loaded.error().front());
    EXPECT_EQ(loaded->all().size(), 4U);
    EXPECT_EQ(loaded->digest().size(), 64U);
    EXPECT_EQ(loaded->candidates(TriggerKind::ZoneDwell, "snacks").size(), 1U);
}

TEST(CampaignSet, LoadsACampaignThatUsesEveryField) {
    EXPECT_EQ(fault_in(R"({"schema":1,"id":"c-1","version":7,"state":"live","tz":"Asia/Shanghai",
 "window":{"from":"2026-06-01T00:00","to":"2026-06-19T00:00","hours":[["17:00","21:00"]],"days":[5,6,7]},
 "trigger":{"type":"zone_dwell","zone":"Z3","min_s":30,"rearm_s":1800},
 "when":{"cust.lifecycle":{"$in":["active","at_risk"]},"ctx.weather":{"$eq":"rain"},"stock.SKU9":{"$gte":5}},
 "audience":{"segments":["seg-a"],"exclude":["seg-staff"],"consent":["marketing.personal"]},
 "action":{"type":"spend_tiers","scope":{"cat":["snack"]},"tiers":[[9900,1000],[19900,2500]],"max":2500},
 "stack":{"group":"order","exclusive":false,"with":["points"],"priority":50,"max_per_order":1},
 "limits":{"per_customer":[{"n":1,"per":"P1D"},{"n":3,"per":"P30D"}],"cooldown":"PT2H","quiet":["21:30","09:00"],
           "budget_fen":500000,"redemptions":800,"store_lease":"auto"},
 "experiment":{"key":"e-1","seed":"e-1","hash_version":2,"holdout":"h-1","arms":[["control",0.2],["A",0.4],["B",0.4]]},
 "delivery":{"channels":["staff_tablet","receipt_qr"],"approval":"staff","template":"t-17","ttl_s":900},
 "guardrails":[{"metric":"margin_per_basket","min_rel":-0.05}]})"),
              "none");
}

struct Fault {
    std::string parts;
    std::string wanted;
};

TEST(CampaignSet, NamesTheFieldOfEachFault) {
    const std::vector<Fault> faults{
        {R"("colour": 1)", "colour: is not a known field"},
        {R"("version": 0)", "version: must be between 1 and 2147483647"},
        {R"("state": "on")", "state: must be one of draft, live, paused, ended"},
        {R"("when": {"a": {"$near": 1}})", "when.a.$near: is not an operator"},
        {R"("window": {"hours": [["9:00", "10:00"]]})",
         "window.hours[0]: must be two different times [\"HH:MM\", \"HH:MM\"]"},
        {R"("window": {"days": [0]})",
         "window.days: must be numbers from 1 (Monday) to 7 (Sunday)"},
        {R"("window": {"from": "2026-06-02", "to": "2026-06-01"})",
         "window.to: must be after `from`"},
        {R"("window": {"from": "June"})",
         "window.from: must be YYYY-MM-DD, YYYY-MM-DDTHH:MM in the zone, or RFC 3339"},
        {R"("limits": {"per_customer": [{"n": 0, "per": "P1D"}]})",
         "limits.per_customer[0].n: must be between 1 and 50"},
        {R"("limits": {"per_customer": [{"n": 1, "per": "1 day"}]})",
         "limits.per_customer[0].per: must be an ISO 8601 duration such as P1D or PT2H"},
        {R"("limits": {"cooldown": "PT0S"})",
         "limits.cooldown: must be an ISO 8601 duration such as P1D or PT2H"},
        {R"("limits": {"budget_fen": -1})",
         "limits.budget_fen: must be between 0 and 10000000000000"},
        {R"("experiment": {"holdout": 2})", "experiment.holdout: must be between 0 and 1"},
        {R"("experiment": {"holdout": 0, "arms": [["A", 0.7], ["B", 0.7]]})",
         "experiment.arms: must weigh at most 1 together"},
        {R"("stack": {"group": "both"})",
         "stack.group: must be one of item, order, coupon, points"},
        {R"("delivery": {"titles": {"en": ""}})", "delivery.titles.en: must be a text, not empty"},
        {R"("audience": {"segments": [1]})", "audience.segments[0]: must be a text, not empty"}};
    for (const Fault& fault : faults)
        EXPECT_EQ(fault_in(campaign("c", kBasket, kTenPercent, fault.parts)),
                  "c1.json:1: " + fault.wanted);
}

TEST(CampaignSet, NamesTheFaultsOfActions) {
    const std::vector<Fault> faults{
        {R"({"type": "free"})",
         "action.type: must be one of spend_tiers, every_x_save_y, pct_off, "
         "fixed_off, fixed_price, nth_item_pct, bundle_price, gift, "
         "gift_choice, points_multiplier, coupon_issue, service_task, "
         "message"},
        {R"({"type": "pct_off"})", "action.bp: is missing"},
        {R"({"type": "pct_off", "bp": 10, "pct": 1})",
         "action.pct: is given beside `bp`: one of them is enough"},
        {R"({"type": "pct_off", "pct": 0.001})",
         "action.pct: must be from 0.01 to 100 with two decimals"},
        {R"({"type": "gift"})", "action.sku: is missing"},
        {R"({"type": "spend_tiers", "tiers": []})",
         "action.tiers: must be a list of 1 to 20 [spend, save]"},
        {R"({"type": "spend_tiers", "tiers": [[10, 20]]})",
         "action.tiers[0]: must be [spend, save] in minor units, 1 <= save <= spend"},
        {R"({"type": "spend_tiers", "tiers": [[100, 10], [90, 20]]})",
         "action.tiers[1]: must spend and save more than the tier before it"},
        {R"({"type": "spend_tiers", "tiers": [[100, 10]], "x": 1})",
         "action.x: is not a known field"}};
    for (const Fault& fault : faults)
        EXPECT_EQ(fault_in(campaign("c", kBasket, fault.parts)), "c1.json:1: " + fault.wanted);
}

TEST(CampaignSet, WantsAnUpperEndWhereThereIsABudget) {
    const std::string open_ended = R"({"type": "pct_off", "bp": 1000})";
    EXPECT_EQ(fault_in(campaign("c", kBasket, open_ended)), "none");
    EXPECT_EQ(fault_in(campaign("c", kBasket, open_ended, R"("limits": {"budget_fen": 1000})")),
              "c1.json:1: action.max: is missing: with limits.budget_fen an offer must have an "
              "upper end");
}

TEST(CampaignSet, NamesTheLineOfAFault) {
    const std::string text = R"({
  "schema": 1,
  "id": "c",
  "trigger": {"type": "basket"},
  "when": {"cust.rfm.r": {"$gte": 3},
           "cust.tags": {"$in": ["a",
                                 null]}},
  "action": {"type": "pct_off",
             "bp": 20000}
})";
    const auto loaded = load({text});
    ASSERT_FALSE(loaded);
    std::vector<int> lines;
    for (const auto& fault : loaded.error()) lines.push_back(fault.line);
    EXPECT_EQ(lines, (std::vector{7, 9}));
}

TEST(CampaignSet, NamesTheLineWhereJsonBreaks) {
    EXPECT_TRUE(fault_in("{\n  \"schema\": 1,\n  oops\n}").starts_with("c1.json:3: is not JSON"));
    EXPECT_TRUE(fault_in("{} {}").starts_with("c1.json:1: is not JSON"));
    EXPECT_EQ(fault_in("3"), "c1.json:1: must be an object");
}

TEST(CampaignSet, SaysWhatIsMissing) {
    const auto loaded = load({"{}"});
    ASSERT_FALSE(loaded);
    std::vector<std::string> paths;
    for (const auto& fault : loaded.error()) paths.push_back(fault.path);
    EXPECT_EQ(paths, (std::vector<std::string>{"schema", "id", "trigger", "action"}));
}

TEST(CampaignSet, RefusesTwoCampaignsOfOneId) {
    const auto loaded =
        load({campaign("c", kBasket, kTenPercent), campaign("c", kSeen, kTenPercent)});
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().front().reason, "is that of another campaign in c1.json");
}

TEST(CampaignSet, ReadsAListOfCampaigns) {
    const auto set = set_of({"[" + campaign("b", kBasket, kTenPercent) + "," +
                             campaign("a", kBasket, kTenPercent) + "]"});
    ASSERT_EQ(set->all().size(), 2U);
    EXPECT_EQ(set->all().front().id, CampaignId{"a"});
    EXPECT_NE(set->find(CampaignId{"b"}), nullptr);
    EXPECT_EQ(set->find(CampaignId{"c"}), nullptr);
}

TEST(CampaignSet, HasADigestThatFollowsContentAndNotForm) {
    const auto one = set_of(
        {R"({"schema":1,"id":"c","trigger":{"type":"basket"},"action":{"type":"pct_off","bp":5}})"});
    const auto same = set_of({R"({ "id":"c", "action":{"bp":5, "type":"pct_off"},
        "trigger":{"type":"basket"}, "schema":1 })"});
    const auto other = set_of(
        {R"({"schema":1,"id":"c","trigger":{"type":"basket"},"action":{"type":"pct_off","bp":6}})"});
    EXPECT_EQ(one->digest(), same->digest());
    EXPECT_NE(one->digest(), other->digest());
}

TEST(CampaignSet, IndexesLiveCampaignsByTriggerAndPriority) {
    const auto set = set_of(
        {campaign("a", dwell("Z1", 5), kTenPercent), campaign("b", dwell("Z2", 5), kTenPercent),
         campaign("c", dwell("Z1", 5), kTenPercent, R"("stack": {"priority": 9})"),
         campaign("d", dwell("Z1", 5), kTenPercent, R"("state": "paused")")});
    std::vector<std::string> ids;
    for (const auto& one : set->candidates(TriggerKind::ZoneDwell, "Z1"))
        ids.push_back(set->all()[one.campaign].id.value);
    EXPECT_EQ(ids, (std::vector<std::string>{"c", "a"}));
    EXPECT_TRUE(set->candidates(TriggerKind::Basket, {}).empty());
}

TEST(CampaignSet, RefusesAZoneItDoesNotKnow) {
    const auto nowhere = [](const std::string& name) {
        return name == "Asia/Shanghai" ? &kShanghai : nullptr;
    };
    const auto files = files_of({campaign("c", kBasket, kTenPercent, R"("tz": "Mars/Olympus")")});
    const auto loaded = CampaignSet::load(files, {.store = &kShanghai, .zone = nowhere});
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().front().reason, "is not a known time zone");
}

TEST(Window, IsHalfOpen) {
    const Window june = window(R"({"from": "2026-06-01T08:00", "to": "2026-06-02T08:00"})");
    EXPECT_FALSE(open(june, "2026-06-01T07:59:59.999"));
    EXPECT_TRUE(open(june, "2026-06-01T08:00:00"));
    EXPECT_TRUE(open(june, "2026-06-02T07:59:59.999"));
    EXPECT_FALSE(open(june, "2026-06-02T08:00:00"));
}

TEST(Window, IncludesTheDayThatItEndsOn) {
    const Window june = window(R"({"from": "2026-06-01", "to": "2026-06-30"})");
    EXPECT_TRUE(open(june, "2026-06-30T23:59:59"));
    EXPECT_FALSE(open(june, "2026-07-01T00:00:00"));
    EXPECT_FALSE(open(june, "2026-05-31T23:59:59"));
}

TEST(Window, KeepsItsHoursAndDays) {
    const Window evening = window(R"({"hours": [["17:00", "21:00"]], "days": [5]})");
    EXPECT_TRUE(open(evening, "2026-06-12T17:00:00"));  // a Friday
    EXPECT_FALSE(open(evening, "2026-06-12T21:00:00"));
    EXPECT_FALSE(open(evening, "2026-06-13T18:00:00"));
}

TEST(Window, CountsTheHoursAfterMidnightToTheDayBefore) {
    const Window night = window(R"({"hours": [["22:00", "02:00"]], "days": [5]})");
    EXPECT_TRUE(open(night, "2026-06-12T22:00:00"));
    EXPECT_TRUE(open(night, "2026-06-13T01:59:00"));
    EXPECT_FALSE(open(night, "2026-06-13T02:00:00"));
    EXPECT_FALSE(open(night, "2026-06-12T01:00:00"));
}

TEST(Window, MayEndAtMidnight) {
    const Window late = window(R"({"hours": [["20:00", "24:00"]]})");
    EXPECT_TRUE(open(late, "2026-06-12T23:59:00"));
    EXPECT_FALSE(open(late, "2026-06-12T00:00:00"));
}

TEST(CampaignSet, AnswersEveryMutantOfAFileWithASetOrAReason) {
    const auto files = examples();
    int loaded = 0, refused = 0;
    for (std::uint32_t seed = 1; seed <= 5'000; ++seed) {
        CampaignFile file = files[seed % files.size()];
        file.text = kit::mutant(file.text, seed);
        const auto set = CampaignSet::load(std::vector{file}, {.store = &kShanghai});
        if (set) {
            ++loaded;
            continue;
        }
        ++refused;
        ASSERT_FALSE(set.error().empty()) << "seed " << seed;
        EXPECT_LE(set.error().size(), kFaultsMax);
        for (const auto& fault : set.error()) EXPECT_FALSE(fault.reason.empty()) << "seed " << seed;
    }
    EXPECT_EQ(loaded + refused, 5'000);
    EXPECT_GT(refused, 1'000);
}

}  // namespace
}  // namespace aisle::offers
