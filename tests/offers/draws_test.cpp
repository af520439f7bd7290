#include <cmath>
#include <map>

#include "agent/offers/assignment.hpp"
#include "shop.hpp"

// Who is drawn into what: holdouts, layers, sticky arms, stretches of time.
namespace aisle::offers {
namespace {

const Experiment kHalves{.key = "e",
                         .seed = "e",
                         .holdout = "h",
                         .holdout_share = {0},
                         .arms = {{"A", 0.5}, {"B", 0.5}}};

std::string group_of(const Experiment& experiment, const std::string& id,
                     std::optional<Earlier> earlier = {}) {
    return draw(experiment, {.id = id}, earlier).group;
}

std::string id_of(int i) { return "member-" + std::to_string(i); }

TEST(Draws, LeaveTheGlobalHoldoutOutOfEveryCampaign) {
    Experiment one = kHalves, two = kHalves;
    one.global = two.global = {.name = "global", .share = {500}};
    two.seed = two.key = two.holdout = "other";
    int held = 0;
    for (int i = 0; i < 20'000; ++i) {
        const bool out = group_of(one, id_of(i)) == "global_holdout";
        ASSERT_EQ(out, group_of(two, id_of(i)) == "global_holdout") << i;
        held += out;
    }
    EXPECT_NEAR(held, 1'000, 130);
}

TEST(Draws, FollowTheSharesThatTheAlarmExpects) {
    Experiment experiment = kHalves;
    experiment.global = {.name = "global", .share = {1'000}};
    experiment.holdout_share = {2'000};
    experiment.layer = Layer{.name = "prices", .from = 0.25, .to = 0.75};
    experiment.arms = {{"A", 0.2}, {"B", 0.3}};
    std::map<std::string, int> drawn;
    for (int i = 0; i < 50'000; ++i) ++drawn[group_of(experiment, id_of(i))];
    double sum = 0;
    for (const auto& [group, share] : expected_shares(experiment)) {
        EXPECT_NEAR(drawn[group], 50'000 * share, 5 * std::sqrt(50'000 * share) + 60) << group;
        sum += share;
    }
    EXPECT_NEAR(sum, 1, 1e-9);
}

TEST(Draws, OfTwoSlicesOfALayerShareNobody) {
    Experiment one = kHalves, two = kHalves;
    two.seed = two.key = "f";
    one.layer = Layer{.name = "prices", .from = 0, .to = 0.5};
    two.layer = Layer{.name = "prices", .from = 0.5, .to = 1};
    for (int i = 0; i < 5'000; ++i)
        ASSERT_NE(group_of(one, id_of(i)) == "treated", group_of(two, id_of(i)) == "treated");
}

TEST(Draws, KeepAnArmWhateverTheWeightsSayLater) {
    Experiment all_b = kHalves;
    all_b.arms = {{"A", 0}, {"B", 1}};
    const Earlier earlier{.arm = "A"};
    EXPECT_EQ(group_of(all_b, "ada"), "B");
    EXPECT_EQ(group_of(all_b, "ada", earlier), "A");
    all_b.sticky = false;
    EXPECT_EQ(group_of(all_b, "ada", earlier), "B");
}

TEST(Draws, BeginAnewWithAnotherBucketVersion) {
    Experiment all_b = kHalves;
    all_b.arms = {{"A", 0}, {"B", 1}};
    all_b.bucket_version = 2;
    EXPECT_EQ(group_of(all_b, "ada", Earlier{.arm = "A", .bucket_version = 1}), "B");
    EXPECT_EQ(group_of(all_b, "ada", Earlier{.arm = "A", .bucket_version = 2}), "A");
    all_b.min_bucket_version = 2;
    EXPECT_EQ(group_of(all_b, "ada", Earlier{.arm = "A", .bucket_version = 1}), "treated");
}

TEST(Draws, ForgetAnArmThatIsGone) {
    EXPECT_NE(group_of(kHalves, "ada", Earlier{.arm = "Z"}), "Z");
}

TEST(Draws, HashTextThatIsNotAsciiByItsBytesInHex) {
    Experiment chinese = kHalves, hex = kHalves;
    chinese.seed = "春";
    hex.seed = "xe698a5";
    for (int i = 0; i < 100; ++i)
        ASSERT_EQ(group_of(chinese, id_of(i)), group_of(hex, id_of(i))) << i;
    EXPECT_EQ(group_of(kHalves, "春"), group_of(kHalves, "xe698a5"));
}

TEST(Plans, NameWhatTheDrawHangsOn) {
    Experiment other = kHalves;
    EXPECT_EQ(plan_of(kHalves), plan_of(other));
    EXPECT_EQ(plan_of(kHalves).size(), 16U);
    other.arms[0].title["en"] = "other words";
    EXPECT_EQ(plan_of(kHalves), plan_of(other));
    other.arms[0].weight = 0.4;
    EXPECT_NE(plan_of(kHalves), plan_of(other));
}

Unit block_unit(const Experiment& experiment, std::int64_t minute, const char* place = "s-1|Z1") {
    return unit_of(experiment, {.person = "ada", .place = place, .at = WallTime{minutes{minute}}});
}

Experiment switchback() {
    Experiment made = kHalves;
    made.block = minutes{30};
    return made;
}

TEST(Switchbacks, DrawTimeAndNotPeople) {
    const Unit first = block_unit(switchback(), 60), later = block_unit(switchback(), 89);
    EXPECT_EQ(first.drawn_as(), later.drawn_as());
    EXPECT_NE(first.drawn_as(), block_unit(switchback(), 90).drawn_as());
    EXPECT_NE(first.drawn_as(), block_unit(switchback(), 60, "s-2|Z1").drawn_as());
    EXPECT_EQ(first.drawn_as().find("ada"), std::string::npos);
}

TEST(Switchbacks, GiveBothArmsATurnInEachPairOfStretches) {
    const Experiment experiment = switchback();
    int begins_with_a = 0;
    for (std::int64_t pair = 0; pair < 2'000; ++pair) {
        const auto first = draw(experiment, block_unit(experiment, pair * 60), {}).group;
        const auto second = draw(experiment, block_unit(experiment, pair * 60 + 30), {}).group;
        ASSERT_NE(first, second) << pair;
        begins_with_a += first == "A";
    }
    EXPECT_NEAR(begins_with_a, 1'000, 120);
}

TEST(Switchbacks, DrawEachStretchByWeightWhereTheArmsDiffer) {
    Experiment experiment = switchback();
    experiment.arms = {{"A", 0.25}, {"B", 0.75}};
    int a = 0;
    for (std::int64_t i = 0; i < 4'000; ++i)
        a += draw(experiment, block_unit(experiment, i * 30), {}).group == "A";
    EXPECT_NEAR(a, 1'000, 120);
}

std::string experiment_fault(const std::string& experiment, const std::string& more = "") {
    return fault_in(campaign("c", kSeen, kTenOffHundred, R"("experiment": )" + experiment + more));
}

TEST(ExperimentLoader, TakesArmsAsObjectsAndAsPairs) {
    const auto loaded = load({campaign("c", kSeen, kTenOffHundred, R"("experiment": {
        "namespace": ["prices", 0, 0.5], "global": {"name": "g", "share": 0.1}, "observe": "P7D",
        "arms": [["control", 0.2], {"name": "late", "weight": 0.8, "delay_s": 60, "prompt": true,
        "titles": {"en": "Later"}}]})")});
    ASSERT_TRUE(loaded);
    const Experiment& experiment = loaded->all().front().experiment;
    EXPECT_EQ(experiment.global.name, "g");
    EXPECT_EQ(experiment.global.share.value, 1'000);
    EXPECT_EQ(experiment.layer->to, 0.5);
    EXPECT_EQ(experiment.arms[1].delay, seconds{60});
    EXPECT_EQ(experiment.arms[1].title.at("en"), "Later");
    EXPECT_EQ(experiment.observe, milliseconds{7 * 86'400'000});
}

TEST(ExperimentLoader, HoldsFivePercentOutOfEverythingUnlessNobodyIsToBeHeldOut) {
    const auto usual = load({campaign("c", kSeen, kTenOffHundred, R"("experiment": {})")});
    const auto none =
        load({campaign("c", kSeen, kTenOffHundred, R"("experiment": {"holdout": 0})")});
    const auto global = load(
        {campaign("c", kSeen, kTenOffHundred, R"("experiment": {"holdout": 0, "global": 0.2})")});
    EXPECT_EQ(usual->all().front().experiment.global.share.value, 500);
    EXPECT_EQ(none->all().front().experiment.global.share.value, 0);
    EXPECT_EQ(global->all().front().experiment.global.share.value, 2'000);
}

TEST(ExperimentLoader, RefusesAPriceByLotThatIsNotOpen) {
    const std::string arms =
        R"("arms": [{"name": "A", "weight": 1, "action": )" + kTenPercent + "}]";
    EXPECT_NE(experiment_fault("{" + arms + "}").find("experiment.arms[0].action"),
              std::string::npos);
    EXPECT_EQ(experiment_fault(R"({"open_prices": true, )" + arms + "}"), "none");
}

TEST(ExperimentLoader, NamesWhatIsWrong) {
    for (const auto& [experiment, path] : std::map<std::string, std::string>{
             {R"({"arms": [["A", 0.5], ["A", 0.5]]})", "arms[1]"},
             {R"({"arms": [["holdout", 0.5]]})", "arms[0]"},
             {R"({"arms": [{"name": "A"}]})", "arms[0].weight"},
             {R"({"arms": [{"name": "A", "weight": 0.5, "delay": 3}]})", "arms[0].delay"},
             {R"({"namespace": ["n", 0.5, 0.5]})", "namespace"},
             {R"({"block_min": 30})", "block_min"},
             {R"({"unit": "shop"})", "unit"},
             {R"({"global": -1})", "global"},
             {R"({"min_bucket_version": 2})", "min_bucket_version"},
             {R"({"observe": "soon"})", "observe"}})
        EXPECT_NE(experiment_fault(experiment).find("experiment." + path + ":"), std::string::npos)
            << experiment << " " << experiment_fault(experiment);
}

TEST(ExperimentLoader, KnowsTheGuardrailsThatItCanActUpon) {
    const auto rail = [](const std::string& text) {
        return experiment_fault("{}", R"(, "guardrails": [)" + text + "]");
    };
    EXPECT_EQ(rail(R"({"metric": "margin_per_basket", "min_rel": -0.05})"), "none");
    EXPECT_EQ(rail(R"({"metric": "decline_rate", "max": 0.4})"), "none");
    EXPECT_EQ(rail(R"({"metric": "happiness", "max": 0.4})"), "none");  // HQ's
    EXPECT_NE(rail(R"({"metric": "refund_rate", "min_rel": -0.1})").find("guardrails[0].max"),
              std::string::npos);
    EXPECT_NE(rail(R"({"metric": "budget_burn", "max": 2})").find("needs limits.budget_fen"),
              std::string::npos);
}

}  // namespace
}  // namespace aisle::offers
