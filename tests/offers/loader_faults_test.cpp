#include "agent/offers/loader.hpp"
#include "shop.hpp"

// Every field of a campaign's file with a value of another type, out of its range, and beside a key
// that nobody knows: each is refused with its path and line.
namespace aisle::offers {
namespace {

struct Fault {
    std::string json;  // of one field, on a line of its own: the third
    std::string wanted;
};

// The first fault of a good campaign in which this text stands on the third line.
std::string fault_with(const std::string& field, const std::string& action = kTenPercent) {
    const std::string name = field.substr(0, field.find(':'));
    std::string text = "{\"schema\": 1, \"id\": \"c\",\n";
    if (name != "\"trigger\"") text += "\"trigger\": {\"type\": \"basket\"},";
    if (name != "\"action\"") text += "\"action\": " + action + ",";
    return fault_in(text + "\n" + field + "\n}");
}

void expect_faults(const std::vector<Fault>& faults) {
    for (const Fault& fault : faults)
        EXPECT_EQ(fault_with(fault.json), "c1.json:3: " + fault.wanted) << fault.json;
}

// As wanted[i] for json[i], with the same reason.
void expect_same(const std::string& reason,
                 const std::vector<std::pair<std::string, std::string>>& fields) {
    for (const auto& [json, path] : fields)
        EXPECT_EQ(fault_with(json), "c1.json:3: " + path + ": " + reason) << json;
}

TEST(LoaderFaults, StartFromACampaignThatLoads) {
    EXPECT_EQ(fault_with(R"("version": 2)"), "none");
}

TEST(LoaderFaults, WantWholeNumbers) {
    expect_same(
        "must be a whole number",
        {{R"("version": "1")", "version"},
         {R"("version": 1.5)", "version"},
         {R"("trigger": {"type": "zone_dwell", "zone": "Z", "min_s": "5"})", "trigger.min_s"},
         {R"("trigger": {"type": "member_seen", "rearm_s": true})", "trigger.rearm_s"},
         {R"("stack": {"priority": "high"})", "stack.priority"},
         {R"("stack": {"max_per_order": null})", "stack.max_per_order"},
         {R"("limits": {"per_customer": [{"n": 1.0, "per": "P1D"}]})", "limits.per_customer[0].n"},
         {R"("limits": {"budget_fen": "100"})", "limits.budget_fen"},
         {R"("limits": {"redemptions": []})", "limits.redemptions"},
         {R"("experiment": {"hash_version": "2"})", "experiment.hash_version"},
         {R"("delivery": {"ttl_s": "900"})", "delivery.ttl_s"},
         {R"("delivery": {"max_cards": {}})", "delivery.max_cards"},
         {R"("action": {"type": "pct_off", "bp": "10"})", "action.bp"},
         {R"("action": {"type": "pct_off", "bp": 10, "max": "1"})", "action.max"},
         {R"("action": {"type": "gift", "sku": "M", "min_spend": 1.5})", "action.min_spend"},
         {R"("action": {"type": "gift", "sku": "M", "worth": "0"})", "action.worth"}});
}

TEST(LoaderFaults, KeepNumbersInTheirRange) {
    expect_faults(
        {{R"("version": 0)", "version: must be between 1 and 2147483647"},
         {R"("version": 2147483648)", "version: must be between 1 and 2147483647"},
         {R"("trigger": {"type": "zone_dwell", "zone": "Z", "min_s": -1})",
          "trigger.min_s: must be between 0 and 604800"},
         {R"("trigger": {"type": "zone_dwell", "zone": "Z", "rearm_s": 604801})",
          "trigger.rearm_s: must be between 0 and 604800"},
         {R"("stack": {"priority": 1000001})",
          "stack.priority: must be between -1000000 and 1000000"},
         {R"("stack": {"max_per_order": 0})", "stack.max_per_order: must be between 1 and 100"},
         {R"("limits": {"per_customer": [{"n": 51, "per": "P1D"}]})",
          "limits.per_customer[0].n: must be between 1 and 50"},
         {R"("limits": {"budget_fen": 10000000000001})",
          "limits.budget_fen: must be between 0 and 10000000000000"},
         {R"("limits": {"redemptions": -1})",
          "limits.redemptions: must be between 0 and 1000000000"},
         {R"("experiment": {"hash_version": 1})",
          "experiment.hash_version: must be between 2 and 2"},
         {R"("delivery": {"ttl_s": 0})", "delivery.ttl_s: must be between 1 and 604800"},
         {R"("delivery": {"max_cards": 1001})", "delivery.max_cards: must be between 1 and 1000"},
         {R"("action": {"type": "pct_off", "bp": 0})", "action.bp: must be between 1 and 10000"},
         {R"("action": {"type": "pct_off", "bp": 10, "max": 0})",
          "action.max: must be between 1 and 10000000000000"},
         {R"("action": {"type": "gift", "sku": "M", "min_spend": -1})",
          "action.min_spend: must be between 0 and 10000000000000"}});
}

TEST(LoaderFaults, TakeEachNumberOnTheEdgeOfItsRange) {
    for (const char* json :
         {R"("version": 2147483647)", R"("stack": {"priority": -1000000, "max_per_order": 100})",
          R"("limits": {"per_customer": [{"n": 50, "per": "P3660D"}], "redemptions": 1000000000})",
          R"("limits": {"budget_fen": 0})", R"("delivery": {"ttl_s": 604800, "max_cards": 1000})",
          R"("trigger": {"type": "zone_dwell", "zone": "Z", "min_s": 604800, "rearm_s": 0})",
          R"("action": {"type": "pct_off", "bp": 10000, "max": 10000000000000})"})
        EXPECT_EQ(fault_with(json), "none") << json;
}

TEST(LoaderFaults, WantTextsThatAreNotEmpty) {
    expect_same("must be a text, not empty",
                {{R"("state": 1)", "state"},
                 {R"("tz": "")", "tz"},
                 {R"("trigger": {"type": 4})", "trigger.type"},
                 {R"("trigger": {"type": "zone_dwell", "zone": 3})", "trigger.zone"},
                 {R"("window": {"from": 20260601})", "window.from"},
                 {R"("window": {"to": ""})", "window.to"},
                 {R"("audience": {"segments": ["a", ""]})", "audience.segments[1]"},
                 {R"("audience": {"exclude": [null]})", "audience.exclude[0]"},
                 {R"("audience": {"consent": [true]})", "audience.consent[0]"},
                 {R"("stack": {"group": 1})", "stack.group"},
                 {R"("stack": {"with": [7]})", "stack.with[0]"},
                 {R"("limits": {"cooldown": 60})", "limits.cooldown"},
                 {R"("limits": {"store_lease": 1})", "limits.store_lease"},
                 {R"("experiment": {"key": 1})", "experiment.key"},
                 {R"("experiment": {"seed": ""})", "experiment.seed"},
                 {R"("experiment": {"holdout": {"name": 1}})", "experiment.holdout.name"},
                 {R"("delivery": {"template": 17})", "delivery.template"},
                 {R"("delivery": {"approval": false})", "delivery.approval"},
                 {R"("delivery": {"channels": [1]})", "delivery.channels[0]"},
                 {R"("delivery": {"decline_reasons": [""]})", "delivery.decline_reasons[0]"},
                 {R"("delivery": {"titles": {"zh-CN": 5}})", "delivery.titles.zh-CN"},
                 {R"("action": {"type": "gift", "sku": 9})", "action.sku"},
                 {R"("action": {"type": "pct_off", "bp": 1, "scope": {"cat": [1]}})",
                  "action.scope.cat[0]"},
                 {R"("action": {"type": "pct_off", "bp": 1, "scope": {"sku": [{}]}})",
                  "action.scope.sku[0]"}});
}

TEST(LoaderFaults, WantListsWhereThereAreSeveral) {
    expect_same(
        "must be a list",
        {{R"("window": {"hours": "all"})", "window.hours"},
         {R"("window": {"days": 5})", "window.days"},
         {R"("audience": {"segments": "vip"})", "audience.segments"},
         {R"("limits": {"per_customer": {}})", "limits.per_customer"},
         {R"("experiment": {"arms": {"A": 1}})", "experiment.arms"},
         {R"("delivery": {"decline_reasons": "busy"})", "delivery.decline_reasons"},
         {R"("guardrails": {})", "guardrails"},
         {R"("action": {"type": "pct_off", "bp": 1, "scope": {"cat": "s"}})", "action.scope.cat"}});
}

TEST(LoaderFaults, WantObjectsWhereThereAreFields) {
    expect_same("must be an object",
                {{R"("window": [])", "window"},
                 {R"("trigger": "basket")", "trigger"},
                 {R"("when": true)", "when"},
                 {R"("audience": ["vip"])", "audience"},
                 {R"("action": "gift")", "action"},
                 {R"("stack": 50)", "stack"},
                 {R"("limits": null)", "limits"},
                 {R"("experiment": "e-1")", "experiment"},
                 {R"("delivery": 900)", "delivery"},
                 {R"("delivery": {"titles": "10 off"})", "delivery.titles"},
                 {R"("action": {"type": "pct_off", "bp": 1, "scope": "snack"})", "action.scope"}});
}

TEST(LoaderFaults, WantTrueOrFalse) {
    expect_same("must be true, false or the name of a group",
                {{R"("stack": {"exclusive": 1})", "stack.exclusive"}});
    expect_same("must be true or false", {{R"("delivery": {"code": "no"})", "delivery.code"}});
}

TEST(LoaderFaults, WantNumbersWhereAFractionMayStand) {
    expect_same(
        "must be a number",
        {{R"("action": {"type": "pct_off", "pct": "10"})", "action.pct"},
         {R"("experiment": {"holdout": {"share": "5%"}})", "experiment.holdout.share"},
         {R"("guardrails": [{"metric": "m", "min_rel": "low"}])", "guardrails[0].min_rel"}});
}

TEST(LoaderFaults, RefuseKeysThatNobodyKnowsInEveryObject) {
    expect_same(
        "is not a known field",
        {{R"("budget": 1)", "budget"},
         {R"("window": {"form": "2026-06-01"})", "window.form"},
         {R"("trigger": {"type": "basket", "zone": "Z1"})", "trigger.zone"},
         {R"("trigger": {"type": "sale", "rearm_s": 5})", "trigger.rearm_s"},
         {R"("trigger": {"type": "member_seen", "min_s": 5})", "trigger.min_s"},
         {R"("audience": {"segment": []})", "audience.segment"},
         {R"("action": {"type": "pct_off", "bp": 1, "tiers": []})", "action.tiers"},
         {R"("action": {"type": "gift", "sku": "M", "max": 1})", "action.max"},
         {R"("action": {"type": "pct_off", "bp": 1, "scope": {"brand": []}})",
          "action.scope.brand"},
         {R"("stack": {"prio": 5})", "stack.prio"},
         {R"("limits": {"budget": 5})", "limits.budget"},
         {R"("limits": {"per_customer": [{"n": 1, "per": "P1D", "x": 1}]})",
          "limits.per_customer[0].x"},
         {R"("experiment": {"share": 1})", "experiment.share"},
         {R"("experiment": {"holdout": {"name": "h", "rate": 1}})", "experiment.holdout.rate"},
         {R"("delivery": {"title": {}})", "delivery.title"},
         {R"("guardrails": [{"metric": "m", "max_rel": 1}])", "guardrails[0].max_rel"}});
}

TEST(LoaderFaults, SayWhatIsMissing) {
    expect_same("is missing",
                {{R"("trigger": {})", "trigger.type"},
                 {R"("trigger": {"type": "zone_dwell"})", "trigger.zone"},
                 {R"("limits": {"per_customer": [{"per": "P1D"}]})", "limits.per_customer[0].n"},
                 {R"("guardrails": [{"min_rel": 0}])", "guardrails[0].metric"}});
}

TEST(LoaderFaults, NameTheTopWhereAWholeFieldIsMissing) {
    EXPECT_EQ(fault_in(R"({"id": "c", "trigger": {"type": "basket"},
 "action": {"type": "pct_off", "bp": 1}})"),
              "c1.json:1: schema: is missing");
    EXPECT_EQ(fault_in(R"({"schema": 1, "trigger": {"type": "basket"},
 "action": {"type": "pct_off", "bp": 1}})"),
              "c1.json:1: id: is missing");
    EXPECT_EQ(fault_in(R"({"schema": 1, "id": "c", "action": {"type": "pct_off", "bp": 1}})"),
              "c1.json:1: trigger: is missing");
    EXPECT_EQ(fault_in(R"({"schema": 1, "id": "c", "trigger": {"type": "basket"}})"),
              "c1.json:1: action: is missing");
}

TEST(LoaderFaults, RefuseAFormatOfAnotherTime) {
    EXPECT_EQ(fault_in(R"({"schema": 2, "id": "c", "trigger": {"type": "basket"},
 "action": {"type": "pct_off", "bp": 1}})"),
              "c1.json:1: schema: must be between 1 and 1");
}

TEST(LoaderFaults, NameTheWordsThatTheyKnow) {
    expect_faults(
        {{R"("state": "LIVE")", "state: must be one of draft, live, paused, ended"},
         {R"("trigger": {"type": "door"})",
          "trigger.type: must be one of zone_dwell, member_seen, basket, sale, zone_enter, "
          "occupancy, footfall, time, weather, stock"},
         {R"("stack": {"group": "basket"})",
          "stack.group: must be one of item, order, coupon, points"},
         {R"("action": {"type": "bogof"})",
          "action.type: must be one of spend_tiers, every_x_save_y, pct_off, "
          "fixed_off, fixed_price, nth_item_pct, bundle_price, gift, gift_choice, "
          "points_multiplier, coupon_issue, service_task, message"}});
}

TEST(LoaderFaults, CheckHoursDaysAndQuiet) {
    const std::string two = "must be two different times [\"HH:MM\", \"HH:MM\"]";
    for (const char* range : {R"(["09:00"])", R"(["09:00", "09:00"])", R"(["24:00", "09:00"])",
                              R"(["9:00", "10:00"])", R"(["09:00", "10:00", "11:00"])",
                              R"([9, 10])", R"("09:00-10:00")", R"(["09:60", "10:00"])"}) {
        EXPECT_EQ(
            fault_with(R"("window": {"hours": [["08:00", "09:00"], )" + std::string{range} + "]}"),
            "c1.json:3: window.hours[1]: " + two);
        EXPECT_EQ(fault_with(R"("limits": {"quiet": )" + std::string{range} + "}"),
                  "c1.json:3: limits.quiet: " + two);
    }
    for (const char* days : {"[8]", "[1, 0]", R"(["1"])", "[1.5]"})
        EXPECT_EQ(fault_with(R"("window": {"days": )" + std::string{days} + "}"),
                  "c1.json:3: window.days: must be numbers from 1 (Monday) to 7 (Sunday)");
    EXPECT_EQ(fault_with(R"("window": {"days": []})"),
              "c1.json:3: window.days: is empty: it would never be open");
}

TEST(LoaderFaults, RefuseTimesThatNoCalendarHas) {
    for (const char* text : {"2026-02-29", "2026-13-01", "2026-06-31T10:00", "2026-06-01T25:00",
                             "2026-06-01 10:00", "2026-06-01T10:00:60", "2026-06-01T10", "20260601",
                             "2026-06-01T10:00+08:00x", "tomorrow"})
        EXPECT_EQ(fault_with(R"("window": {"from": ")" + std::string{text} + "\"}"),
                  "c1.json:3: window.from: must be YYYY-MM-DD, YYYY-MM-DDTHH:MM in the zone, or "
                  "RFC 3339")
            << text;
}

TEST(LoaderFaults, RefuseAWindowThatEndsWhereItBegins) {
    EXPECT_EQ(fault_with(R"("window": {"from": "2026-06-01T10:00", "to": "2026-06-01T10:00"})"),
              "c1.json:3: window.to: must be after `from`");
}

TEST(LoaderFaults, CheckTiersOneByOne) {
    const std::string pair = "must be [spend, save] in minor units, 1 <= save <= spend";
    const std::string more = "must spend and save more than the tier before it";
    const std::vector<std::pair<std::string, std::string>> cases{
        {"[[100, 10], [200]]", "action.tiers[1]: " + pair},
        {"[[100, 10, 1]]", "action.tiers[0]: " + pair},
        {"[100, 10]", "action.tiers[0]: " + pair},
        {R"([["100", 10]])", "action.tiers[0]: " + pair},
        {"[[100, 0]]", "action.tiers[0]: " + pair},
        {"[[100, 101]]", "action.tiers[0]: " + pair},
        {"[[10000000000001, 1]]", "action.tiers[0]: " + pair},
        {"[[100, 10], [100, 20]]", "action.tiers[1]: " + more},
        {"[[100, 10], [200, 10]]", "action.tiers[1]: " + more}};
    for (const auto& [tiers, wanted] : cases)
        EXPECT_EQ(fault_with(R"("action": {"type": "spend_tiers", "tiers": )" + tiers + "}"),
                  "c1.json:3: " + wanted);
}

TEST(LoaderFaults, TakeTwentyTiersAndNotOneMore) {
    const auto tiers_of = [](int n) {
        std::string tiers;
        for (int i = 1; i <= n; ++i)
            tiers += (i > 1 ? ",[" : "[") + std::to_string(i * 100) + "," + std::to_string(i) + "]";
        return R"("action": {"type": "spend_tiers", "tiers": [)" + tiers + "]}";
    };
    EXPECT_EQ(fault_with(tiers_of(20)), "none");
    EXPECT_EQ(fault_with(tiers_of(21)),
              "c1.json:3: action.tiers: must be a list of 1 to 20 [spend, save]");
}

TEST(LoaderFaults, CheckPercentToTwoDecimals) {
    for (const char* bad : {"0", "-1", "100.01", "12.345", "1e300"})
        EXPECT_EQ(fault_with(R"("action": {"type": "pct_off", "pct": )" + std::string{bad} + "}"),
                  "c1.json:3: action.pct: must be from 0.01 to 100 with two decimals")
            << bad;
    for (const char* good : {"0.01", "100", "33.33", "7.07"})
        EXPECT_EQ(fault_with(R"("action": {"type": "pct_off", "pct": )" + std::string{good} + "}"),
                  "none")
            << good;
}

TEST(LoaderFaults, CheckHoldoutAndArms) {
    expect_faults(
        {{R"("experiment": {"holdout": []})",
          "experiment.holdout: must be a name, a share or {\"name\", \"share\"}"},
         {R"("experiment": {"holdout": ""})",
          "experiment.holdout: must be a name, a share or {\"name\", \"share\"}"},
         {R"("experiment": {"holdout": -0.1})", "experiment.holdout: must be between 0 and 1"},
         {R"("experiment": {"holdout": {"share": 1.1}})",
          "experiment.holdout.share: must be between 0 and 1"},
         {R"("experiment": {"arms": [["A"]]})", "experiment.arms[0]: must be [name, weight]"},
         {R"("experiment": {"arms": [["A", 0.5], [1, 0.5]]})",
          "experiment.arms[1]: must be [name, weight]"},
         {R"("experiment": {"arms": [["A", -0.5]]})",
          "experiment.arms[0]: must weigh between 0 and 1"},
         {R"("experiment": {"arms": [["A", 0.6], ["B", 0.6]]})",
          "experiment.arms: must weigh at most 1 together"},
         {R"("limits": {"per_customer": [7]})", "limits.per_customer[0]: must be {\"n\", \"per\"}"},
         {R"("guardrails": [7])", "guardrails[0]: must be {\"metric\", \"min_rel\"}"}});
}

TEST(LoaderFaults, BoundTheNumberOfArmsAndOfDeclineReasons) {
    std::string arms, reasons;
    for (int i = 0; i < 21; ++i) arms += std::string{i ? "," : ""} + R"(["A", 0])";
    EXPECT_EQ(fault_with(R"("experiment": {"arms": [)" + arms + "]}"),
              "c1.json:3: experiment.arms: are too many");
    for (int i = 0; i < 12; ++i) reasons += std::string{i ? "," : ""} + "\"r\"";
    EXPECT_EQ(fault_with(R"("delivery": {"decline_reasons": [)" + reasons + "]}"), "none");
    EXPECT_EQ(fault_with(R"("delivery": {"decline_reasons": [)" + reasons + ",\"r\"]}"),
              "c1.json:3: delivery.decline_reasons: are more than 12");
}

TEST(LoaderFaults, BoundTextsAndLists) {
    const auto titled = [](std::size_t n) {
        return R"("delivery": {"titles": {"en": ")" + std::string(n, 'x') + "\"}}";
    };
    EXPECT_EQ(fault_with(titled(512)), "none");
    EXPECT_EQ(fault_with(titled(513)), "c1.json:3: delivery.titles.en: is too long");
    std::string skus = "\"s\"";
    for (int i = 1; i < 1'000; ++i) skus += ",\"s\"";
    const auto scoped = [](const std::string& list) {
        return R"("action": {"type": "pct_off", "bp": 1, "scope": {"sku": [)" + list + "]}}";
    };
    EXPECT_EQ(fault_with(scoped(skus)), "none");
    EXPECT_EQ(fault_with(scoped(skus + ",\"s\"")), "c1.json:3: action.scope.sku: is too long");
}

}  // namespace
}  // namespace aisle::offers
