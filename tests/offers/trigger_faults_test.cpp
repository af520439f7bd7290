#include "shop.hpp"

// What a trigger may say: each kind its own parameters, and each fault with its line and field.
namespace aisle::offers {
namespace {

// The trigger stands on the second line.
std::string fault_with(const std::string& trigger) {
    return fault_in("{\"schema\": 1, \"id\": \"c\",\n\"trigger\": " + trigger +
                    ",\n\"action\": " + kTenPercent + "}");
}

void expect_faults(const std::vector<std::pair<std::string, std::string>>& wanted) {
    for (const auto& [trigger, fault] : wanted)
        EXPECT_EQ(fault_with(trigger), "c1.json:2: trigger" + fault) << trigger;
}

TEST(TriggerFaults, OfEachKindWithItsParametersAreNone) {
    for (
        const char* const good :
        {R"({"type": "zone_enter", "zone": "Z1", "rearm_s": 60})",
         R"({"type": "zone_dwell", "zone": "Z1", "min_s": 30, "rearm_s": 60})",
         R"({"type": "member_seen", "rearm_s": 60})", R"({"type": "basket"})",
         R"({"type": "sale"})",
         R"({"type": "occupancy", "level": 40, "direction": "below", "hysteresis": 4, "zone": "Z1"})",
         R"({"type": "footfall", "level": 40, "window_min": 15, "door": "main"})",
         R"({"type": "time", "at": ["09:00", "17:30"], "zone": "Z1"})",
         R"({"type": "time", "every_min": 30})", R"({"type": "weather"})",
         R"({"type": "weather", "fact": "ctx.sky", "is": ["rain", true, 3]})",
         R"({"type": "weather", "fact": "ctx.temp_c", "level": -2.5, "direction": "below"})",
         R"({"type": "stock", "sku": "S", "level": 0, "rearm_s": 60})"})
        EXPECT_EQ(fault_with(good), "none") << good;
}

TEST(TriggerFaults, NameAllKindsWhereOneIsUnknown) {
    expect_faults({{R"({"type": "beacon"})",
                    ".type: must be one of zone_dwell, member_seen, basket, sale, zone_enter, "
                    "occupancy, footfall, time, weather, stock"},
                   {R"({"zone": "Z1"})", ".type: is missing"},
                   {R"({"type": 7})", ".type: must be a text, not empty"}});
}

TEST(TriggerFaults, SayWhatIsMissing) {
    expect_faults({{R"({"type": "zone_enter"})", ".zone: is missing"},
                   {R"({"type": "zone_dwell", "min_s": 5})", ".zone: is missing"},
                   {R"({"type": "occupancy"})", ".level: is missing"},
                   {R"({"type": "footfall", "window_min": 5})", ".level: is missing"},
                   {R"({"type": "stock", "level": 5})", ".sku: is missing"},
                   {R"({"type": "stock", "sku": "S"})", ".level: is missing"},
                   {R"({"type": "time"})", ": needs either `at` (times of the day) or `every_min`"},
                   {R"({"type": "time", "at": []})",
                    ": needs either `at` (times of the day) or `every_min`"}});
}

TEST(TriggerFaults, SayWhatIsOutOfRange) {
    expect_faults(
        {{R"({"type": "occupancy", "level": 0})", ".level: is out of range"},
         {R"({"type": "occupancy", "level": 5, "hysteresis": -1})", ".hysteresis: is out of range"},
         {R"({"type": "footfall", "level": 5, "window_min": 0})",
          ".window_min: must be between 1 and 1440"},
         {R"({"type": "time", "every_min": 1441})", ".every_min: must be between 1 and 1440"},
         {R"({"type": "stock", "sku": "S", "level": -1})", ".level: is out of range"}});
}

TEST(TriggerFaults, SayWhatIsOfAnotherKind) {
    expect_faults({{R"({"type": "occupancy", "level": "5"})", ".level: must be a number"},
                   {R"({"type": "occupancy", "level": 5, "direction": "up"})",
                    ".direction: must be above or below"},
                   {R"({"type": "time", "at": ["09:00", "24:00"]})",
                    ".at[1]: must be a time \"HH:MM\" of the day"},
                   {R"({"type": "time", "at": "09:00"})", ".at: must be a list"},
                   {R"({"type": "time", "at": ["09:00"], "every_min": 5})",
                    ": needs either `at` (times of the day) or `every_min`"},
                   {R"({"type": "weather", "is": 1.5})",
                    ".is: must be a text, a whole number, true, false, or a list of these"},
                   {R"({"type": "weather", "is": []})", ".is: must name between 1 and 50"},
                   {R"({"type": "weather", "is": "rain", "level": 5})",
                    ".is: and `level` are two different questions"}});
}

TEST(TriggerFaults, NameParametersOfOtherKinds) {
    expect_faults(
        {{R"({"type": "basket", "rearm_s": 5})", ".rearm_s: is not a known field"},
         {R"({"type": "member_seen", "zone": "Z1"})", ".zone: is not a known field"},
         {R"({"type": "zone_enter", "zone": "Z1", "min_s": 5})", ".min_s: is not a known field"},
         {R"({"type": "stock", "sku": "S", "level": 5, "door": "main"})",
          ".door: is not a known field"},
         {R"({"type": "occupancy", "level": 5, "window_min": 5})",
          ".window_min: is not a known field"}});
}

TEST(TriggerFaults, SayThatNobodyCanBeInTheAudienceOfTheWholeShop) {
    const std::string rain = R"({"type": "weather", "is": "rain"})";
    EXPECT_EQ(fault_in(campaign("c", rain, kTenPercent, R"("audience": {"segments": ["vip"]})")),
              "c1.json:1: audience: asks for somebody, but the trigger is about the whole shop");
    EXPECT_EQ(fault_in(campaign("c", rain, kTenPercent, R"("audience": {"exclude": ["vip"]})")),
              "none");
}

TEST(TriggerFaults, AreAllReportedAtOnce) {
    const auto loaded = load({campaign(
        "c", R"({"type": "stock", "level": "x", "direction": "up", "door": "main"})", kTenPercent,
        R"("when": {"cust.tier": {"$regex": "("}, "cust.x": {"$near": 1}})")});
    ASSERT_FALSE(loaded);
    std::vector<std::string> paths;
    for (const CampaignFault& fault : loaded.error()) paths.push_back(fault.path);
    EXPECT_EQ(paths, (std::vector<std::string>{"trigger.sku", "trigger.level", "trigger.direction",
                                               "trigger.door", "when.cust.tier.$regex",
                                               "when.cust.x.$near"}));
}

TEST(TriggerIndex, FindsOnlyThoseThatWaitForTheSame) {
    const auto set = set_of(
        {campaign("a", dwell("Z1", 5), kTenPercent), campaign("b", dwell("Z2", 5), kTenPercent),
         campaign("c", R"({"type": "zone_enter", "zone": "Z1"})", kTenPercent),
         campaign("d", R"({"type": "stock", "sku": "S1", "level": 5})", kTenPercent),
         campaign("e", R"({"type": "stock", "sku": "S2", "level": 5})", kTenPercent),
         campaign("f", kBasket, kTenPercent)});
    const auto size = [&](TriggerKind kind, std::string_view key) {
        return set->candidates(kind, key).size();
    };
    EXPECT_EQ(size(TriggerKind::ZoneDwell, "Z1"), 1U);
    EXPECT_EQ(size(TriggerKind::ZoneEnter, "Z1"), 1U);
    EXPECT_EQ(size(TriggerKind::ZoneEnter, "Z2"), 0U);
    EXPECT_EQ(size(TriggerKind::Basket, ""), 1U);
    EXPECT_EQ(size(TriggerKind::Stock, ""), 2U);  // tried on files, where no edge is named
    ASSERT_EQ(set->edges().size(), 2U);
    EXPECT_EQ(size(TriggerKind::Stock, set->all()[set->edges()[0].campaign].trigger.edge), 1U);
}

TEST(TriggerIndex, HoldsCampaignsOfOneEdgeApartThatWaitInDifferentZonesOfTime) {
    const kit::FixedZone tokyo{minutes{540}};
    const std::string nine = R"({"type": "time", "at": ["09:00"]})";
    const auto loaded = CampaignSet::load(
        files_of({campaign("a", nine, kTenPercent),
                  campaign("b", nine, kTenPercent, R"("tz": "Asia/Tokyo")")}),
        {.store = &kShanghai, .zone = [&](const std::string&) { return &tokyo; }});
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->edges().size(), 2U);
}

}  // namespace
}  // namespace aisle::offers
