#include "agent/customers/segments.hpp"

#include "shopping.hpp"

namespace aisle::customers {
namespace {

Result<SegmentRules> load(const std::string& text) {
    const std::vector<SegmentFile> files{{.name = "s.json", .text = text}};
    return SegmentRules::load(files);
}

std::shared_ptr<const SegmentRules> rules(const std::string& text) {
    auto loaded = load(text);
    if (!loaded) ADD_FAILURE() << loaded.error().detail;
    return std::make_shared<const SegmentRules>(std::move(*loaded));
}

std::string segment(const std::string& name, const std::string& rest) {
    return R"({"schema":1,"segment":")" + name + R"(",)" + rest + "}";
}

const std::string kBig = segment("seg-big", R"("when":{"cust.spent_minor":{"$gte":20000}})");
const std::string kVip = segment("seg-vip", R"("tags":["vip","gold"])");

bool in(const Customers& customers, std::string_view name, int on_day,
        const MemberKey& who = kAda) {
    return customers.facts(who, day(on_day)).lists("cust.segments", name, day(on_day).wall);
}

TEST(Segments, FollowTheirRuleFromSaleToSale) {
    Customers customers = after_buying_on({0});
    customers.segments(rules(kBig));
    EXPECT_FALSE(in(customers, "seg-big", 1));
    customers.sale(nullptr, bought(100'00, 2, 1), day(1));
    EXPECT_TRUE(in(customers, "seg-big", 1));
    EXPECT_EQ(customers.segment_sizes().at("seg-big"), 1U);
    customers.sale(nullptr, returned(50'00, 3, 2), day(2));
    EXPECT_FALSE(in(customers, "seg-big", 2));
    EXPECT_EQ(customers.segment_sizes().at("seg-big"), 0U);
}

TEST(Segments, FollowTheTagsOfTheFile) {
    Customers customers = fresh();
    customers.segments(rules(kVip));
    customers.member(row_of(), day(0));
    EXPECT_TRUE(in(customers, "seg-vip", 0));
    EXPECT_EQ(customers.card(kAda, day(0)).segments, std::vector<std::string>{"seg-vip"});
    customers.member_gone(kAda, day(1));
    EXPECT_FALSE(in(customers, "seg-vip", 1));
}

TEST(Segments, WithRuleAndTagsAskForBoth) {
    Customers customers = fresh();
    customers.segments(
        rules(segment("seg-x", R"("tags":["vip"],"when":{"cust.purchases":{"$gte":1}})")));
    customers.member(row_of(), day(0));
    EXPECT_FALSE(in(customers, "seg-x", 0));
    customers.sale(nullptr, bought(100, 1, 0), day(0));
    EXPECT_TRUE(in(customers, "seg-x", 0));
}

TEST(Segments, LeaveOutOfWhomTheRuleIsUnknown) {
    Customers customers = fresh();
    customers.segments(rules(segment("seg-far", R"("when":{"cust.rfm.r":{"$ne":5}})")));
    customers.member(row_of(), day(0));
    EXPECT_FALSE(in(customers, "seg-far", 0));  // no purchase: no score, and no guess
}

TEST(Segments, MoveOnWithTime) {
    Customers customers = after_buying_on({0, 1});
    customers.segments(rules(segment("seg-gone", R"("when":{"cust.lifecycle":"dormant"})")));
    customers.tick(day(2));
    EXPECT_EQ(customers.segment_sizes().at("seg-gone"), 0U);
    customers.tick(day(70));
    EXPECT_EQ(customers.segment_sizes().at("seg-gone"), 1U);
}

TEST(Segments, HoldForAllNamesOfAPerson) {
    const MemberKey bea{"00000000000000000000000000000bea"};
    Customers customers = after_buying_on({0});
    customers.segments(rules(kBig));
    customers.sale(nullptr, bought(100'00, 7, 1, bea), day(1));
    const Evidence one{.name = kAda.value, .other = bea.value};
    customers.link(one, day(2));
    EXPECT_TRUE(in(customers, "seg-big", 2, bea));
    EXPECT_EQ(customers.segment_sizes().at("seg-big"), 2U);
    customers.unlink(one, day(3));
    EXPECT_FALSE(in(customers, "seg-big", 3, bea));
    EXPECT_FALSE(in(customers, "seg-big", 3));
}

TEST(Segments, ForgetWhoIsErasedAndNobodyInheritsTheirPlace) {
    Customers customers = after_buying_on({0, 1});
    customers.segments(rules(kBig));
    customers.tick(day(1));
    customers.erase(kAda);
    EXPECT_EQ(customers.segment_sizes().at("seg-big"), 0U);
    customers.sale(nullptr, bought(100, 9, 2, MemberKey{"bea"}), day(2));
    EXPECT_FALSE(in(customers, "seg-big", 2, MemberKey{"bea"}));
}

TEST(Segments, OfTagsEndWithWhatTheChainSaid) {
    Customers customers = fresh();
    customers.segments(rules("[" + kVip + "," + kBig + "]"));
    customers.member(row_of(), day(0));
    ASSERT_TRUE(in(customers, "seg-vip", 0));
    customers.reference_holds(false);
    EXPECT_FALSE(in(customers, "seg-vip", 0));
    EXPECT_EQ(customers.facts(kAda, day(0)).find("cust.tier", day(0).wall), nullptr);
    customers.reference_holds(true);
    EXPECT_TRUE(in(customers, "seg-vip", 0));
}

TEST(Segments, AreTheSameAfterARestart) {
    Customers customers = after_buying_on({0, 1});
    customers.segments(rules(kBig));
    customers.tick(day(1));
    Customers again = fresh();
    again.segments(rules(kBig));
    ASSERT_TRUE(again.restore(customers.rows()));
    EXPECT_TRUE(in(again, "seg-big", 1));
    again.tick(day(1));
    EXPECT_EQ(again.segment_sizes(), customers.segment_sizes());
}

TEST(SegmentFiles, SayEveryFaultWithFileAndField) {
    const auto bad = load(R"([{"schema":2,"segment":"A B","when":{"ctx.weather":"rain"}},)"
                          R"({"schema":1,"segment":"s","tags":[],"colour":1},)"
                          R"({"schema":1,"segment":"t","when":{"cust.x":{"$like":1}}},5])");
    ASSERT_FALSE(bad);
    for (const char* fault :
         {"s.json: schema must be 1", "s.json: segment must be", "s.json: ctx.weather is not of",
          "s.json: tags must be", "s.json: colour is not known", "s.json: when.cust.x.$like",
          "s.json: is no object"})
        EXPECT_NE(bad.error().detail.find(fault), std::string::npos) << fault << " in\n"
                                                                     << bad.error().detail;
}

TEST(SegmentFiles, RefuseTwoOfOneNameAndOneThatHangsOnAnother) {
    EXPECT_FALSE(load("[" + kBig + "," + kBig + "]"));
    EXPECT_FALSE(load(segment("s", R"("when":{"$or":[{"cust.segments":"t"}]})")));
    EXPECT_FALSE(load("{"));
    EXPECT_FALSE(load(segment("s", R"("schema":1)")));
}

TEST(SegmentFiles, AreToldFromCampaigns) {
    EXPECT_TRUE(SegmentRules::is_segment(kBig));
    EXPECT_TRUE(SegmentRules::is_segment("[" + kVip + "]"));
    EXPECT_FALSE(SegmentRules::is_segment(R"({"schema":1,"id":"c"})"));
    EXPECT_FALSE(SegmentRules::is_segment("["));
}

}  // namespace
}  // namespace aisle::customers
