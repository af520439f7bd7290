#include "agent/offers/decide_files.hpp"

#include <boost/json.hpp>

#include "agent/offers/json_reader.hpp"
#include "agent/offers/loader.hpp"
#include "shop.hpp"
#include "tests/kit/mutant.hpp"

namespace aisle::offers {
namespace {

const std::string kContext = R"({
  "now": "2026-06-12T12:00:00+08:00",
  "trigger": "basket",
  "facts": {"ctx.weather": "rain", "cust": {"tier": "gold", "tags": ["vip"]}},
  "basket": {"key": "b1", "till": "2", "lines": [
    {"sku": "SKU1", "gross": 15000, "discount": 5000}, {"sku": "SKU2", "category": "snack", "gross": 10000}]},
  "member": "m1"
})";

boost::json::object answer(const std::vector<std::string>& campaigns,
                           const std::string& context = kContext) {
    const auto line = decide_context(*set_of(campaigns), context);
    if (!line) return ADD_FAILURE() << line.error().detail, boost::json::object{};
    return boost::json::parse(*line).as_object();
}

std::string refusal(const std::string& context) {
    const auto line = decide_context(*set_of({campaign("c", kBasket, kTenPercent)}), context);
    return line ? "none" : line.error().detail;
}

TEST(DecideFiles, PrintsWhoWasChosenAndWhatItTakesOff) {
    const auto out = answer({campaign("c", kBasket, kTenOffHundred)});
    EXPECT_EQ(out.at("chosen").as_string(), "c");
    EXPECT_EQ(out.at("price").as_int64(), 1'000);
    EXPECT_EQ(boost::json::serialize(out.at("shares")),
              R"([{"line":1,"amount":500},{"line":2,"amount":500}])");
    EXPECT_EQ(boost::json::serialize(out.at("considered")),
              R"([{"campaign":"c","reason":"chosen"}])");
}

TEST(DecideFiles, SaysNullWhereNobodyWasChosen) {
    const auto out =
        answer({campaign("c", kBasket, R"({"type": "gift", "sku": "MUG", "min_spend": 20001})")});
    EXPECT_TRUE(out.at("chosen").is_null());
    EXPECT_EQ(out.at("price").as_int64(), 0);
    EXPECT_EQ(out.at("considered").at(0).at("reason").as_string(), "below_first_tier");
}

TEST(DecideFiles, TakesFactsFlatOrNested) {
    const std::string when =
        R"("when": {"ctx.weather": "rain", "cust.tier": "gold", "cust.tags": {"$in": ["vip"]}})";
    EXPECT_EQ(answer({campaign("c", kBasket, kTenPercent, when)}).at("chosen").as_string(), "c");
}

TEST(DecideFiles, ConsidersADwellWithoutATimeAsLongEnough) {
    const std::string zone =
        R"({"now": "2026-06-12T04:00:00Z", "trigger": "zone_dwell", "zone": "Z1"})";
    const std::string timed =
        R"({"now": "2026-06-12T04:00:00Z", "trigger": {"type": "zone_dwell", "dwell_s": 29}, "zone": "Z1"})";
    const std::vector<std::string> campaigns{campaign("c", dwell("Z1", 30), kTenOffHundred)};
    EXPECT_EQ(answer(campaigns, zone).at("chosen").as_string(), "c");
    EXPECT_EQ(answer(campaigns, timed).at("considered").at(0).at("reason").as_string(),
              "dwell_too_short");
}

TEST(DecideFiles, ReadsTheContextThatADecisionHasStored) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred, R"("when": {"cust.tier": "gold"})")}};
    Basket basket = basket_of({200'00, 100'00});
    basket.member = kAda;
    const auto made = shop.ask(basket, kit::at());
    ASSERT_EQ(made.effects.offers.size(), 1U);
    const auto line = decide_context(*shop.campaigns, made.effects.offers.front().decision.context);
    ASSERT_TRUE(line) << line.error().detail;
    const auto out = boost::json::parse(*line);
    EXPECT_EQ(out.at("chosen").as_string(), "c");
    EXPECT_EQ(out.at("price").as_int64(), made.answer.saved.minor());
}

TEST(DecideFiles, NamesWhatIsWrongWithAContext) {
    EXPECT_TRUE(refusal("{").starts_with("the context is not JSON"));
    EXPECT_EQ(refusal("[]"), "the context must be an object");
    EXPECT_EQ(refusal(R"({"trigger": "basket"})"), "line 1: now: must be an RFC 3339 time");
    EXPECT_EQ(refusal("{\"now\": \"2026-06-12T04:00:00Z\",\n\"trigger\": \"rain\"}"),
              "line 2: trigger: must be a trigger's type (docs/offers.md)");
    EXPECT_EQ(refusal(R"({"now": "2026-06-12T04:00:00Z", "trigger": "basket", "mood": 1})"),
              "line 1: mood: is not a known field");
    EXPECT_EQ(
        refusal(
            R"({"now": "2026-06-12T04:00:00Z", "trigger": "basket", "basket": {"lines": [{"sku": "a"}]}})"),
        "line 1: basket.lines[0].gross: is missing");
    EXPECT_EQ(refusal(R"({"now": "2026-06-12T04:00:00Z", "trigger": "basket",
                         "basket": {"lines": [{"n": 1, "gross": 1}, {"n": 1, "gross": 1}]}})"),
              "line 2: basket.lines[1].n: is the number of another line");
}

TEST(DecideFiles, AnswersEveryMutantOfAContext) {
    const auto set =
        set_of({campaign("c", kBasket, kTenOffHundred), campaign("d", kSeen, kTenPercent)});
    int answered = 0;
    for (std::uint32_t seed = 1; seed <= 3'000; ++seed) {
        const auto line = decide_context(*set, kit::mutant(kContext, seed));
        if (line)
            ++answered;
        else
            ASSERT_FALSE(line.error().detail.empty()) << "seed " << seed;
    }
    EXPECT_GT(answered, 10);
    EXPECT_LT(answered, 2'990);
}

TEST(Durations, AreIso8601) {
    EXPECT_EQ(parse_duration("P1D"), milliseconds{86'400'000});
    EXPECT_EQ(parse_duration("P1DT12H"), milliseconds{129'600'000});
    EXPECT_EQ(parse_duration("P2W"), milliseconds{14 * 86'400'000LL});
    EXPECT_EQ(parse_duration("PT1H30M5S"), milliseconds{5'405'000});
    for (const char* bad :
         {"", "P", "PT", "1D", "P1M", "PT0S", "P1H", "PT1D", "P-1D", "P99999D", "P1.5D", "P1DT"})
        EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(Minutes, AreTwoDigitsEach) {
    EXPECT_EQ(parse_minute("00:00"), 0);
    EXPECT_EQ(parse_minute("24:00"), 1'440);
    for (const char* bad : {"24:01", "9:00", "12:60", "12-30", "aa:bb", "", "12:3"})
        EXPECT_FALSE(parse_minute(bad)) << bad;
}

TEST(Lines, AreFoundByPath) {
    const std::string text =
        "{\n \"a\": {\"b.c\": 1,\n  \"d\": [1,\n   {\"e\": \"}\"}]},\n \"f\": 2}";
    EXPECT_EQ(line_of(text, "a"), 2);
    EXPECT_EQ(line_of(text, "a.b.c"), 2);
    EXPECT_EQ(line_of(text, "a.d[0]"), 3);
    EXPECT_EQ(line_of(text, "a.d[1].e"), 4);
    EXPECT_EQ(line_of(text, "f"), 5);
    EXPECT_EQ(line_of(text, "a.nothing"), 2);
    EXPECT_EQ(line_of(text, "a.d[7]"), 3);
}

}  // namespace
}  // namespace aisle::offers
