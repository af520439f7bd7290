#include "agent/records/object_reader.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace aisle::records {
namespace {

// What was wrong after `read`; empty: nothing.
template <typename Read>
std::string problem(const char* json, Read read) {
    const auto in = ObjectReader::parse(json);
    read(in);
    return in.status() ? std::string{} : in.status().error().detail;
}

TEST(ObjectReader, GivesDefaultsForWhatIsAbsentOrNull) {
    const auto in = ObjectReader::parse(R"({"a":null})");
    for (const char* key : {"a", "b"}) {
        EXPECT_FALSE(in.has(key));
        EXPECT_EQ(in.text(key), "");
        EXPECT_TRUE(in.flag(key, true));
        EXPECT_EQ(in.integer<int>(key, 7), 7);
        EXPECT_EQ(in.money(key), Money{});
        EXPECT_EQ(in.number(key), 0);
        EXPECT_EQ(in.time(key), WallTime{});
        EXPECT_EQ(in.word<LineKind>(key), LineKind::Sale);
        EXPECT_FALSE(in.object(key).has("x"));
        in.objects(key, [](const ObjectReader&) { FAIL(); });
        in.texts(key, [](const std::string&) { FAIL(); });
    }
    EXPECT_TRUE(in.status());
}

TEST(ObjectReader, NamesTheWholePath) {
    EXPECT_EQ(problem(R"({"a":{"b":[{},{"c":{"d":"x"}}]}})",
                      [](const ObjectReader& in) {
                          in.object("a").objects("b", [](const ObjectReader& each) {
                              static_cast<void>(each.object("c").flag("d"));
                          });
                      }),
              "a.b[1].c.d: neither true nor false");
}

TEST(ObjectReader, NamesAnElementThatIsNoObject) {
    const auto each = [](const ObjectReader& in) {
        in.objects("a", [](const ObjectReader&) {});
        static_cast<void>(in.object("b"));
    };
    EXPECT_EQ(problem(R"({"a":[{},7]})", each), "a[1]: not an object");
    EXPECT_EQ(problem(R"({"b":"x"})", each), "b: not an object");
    EXPECT_EQ(problem(R"({"a":{}})", each), "a: not an array");
}

TEST(ObjectReader, RefusesAmountsThatAreNotWhole) {
    for (const char* json : {R"({"a":1.0})", R"({"a":1e3})", R"({"a":9223372036854775808})",
                             R"({"a":"1"})", R"({"a":true})"}) {
        EXPECT_EQ(problem(json, [](const ObjectReader& in) { static_cast<void>(in.money("a")); }),
                  "a: not a whole number of 64 bits")
            << json;
    }
}

TEST(ObjectReader, ReadsTheGreatestAndTheLeastInteger) {
    const auto in =
        ObjectReader::parse(R"({"a":9223372036854775807,"b":-9223372036854775808,"c":-1})");
    EXPECT_EQ(in.integer<std::int64_t>("a"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(in.integer<std::int64_t>("b"), std::numeric_limits<std::int64_t>::min());
    EXPECT_TRUE(in.status());
    EXPECT_EQ(in.integer<std::uint8_t>("c", 3), 3);
    EXPECT_EQ(in.status().error().detail, "c: out of range");
}

TEST(ObjectReader, RefusesTimesOfNoFormat) {
    const auto read = [](const ObjectReader& in) { static_cast<void>(in.time("a")); };
    EXPECT_EQ(problem(R"({"a":"2026-06-12T04:00:00Z"})", read), "");
    EXPECT_EQ(problem(R"({"a":"2026-06-12"})", read), "a: not an RFC 3339 time");
    EXPECT_EQ(problem(R"({"a":""})", read), "a: not an RFC 3339 time");
    EXPECT_EQ(problem(R"({"a":1781236800})", read), "a: not a text");
}

TEST(ObjectReader, FinishesWithTheValueOrTheFirstError) {
    const auto good = ObjectReader::parse("{}");
    EXPECT_EQ(good.finish(7).value(), 7);
    const auto bad = ObjectReader::parse("[]");
    bad.require({"x"});
    EXPECT_EQ(bad.finish(7).error().detail, "not a JSON object");
}

TEST(ObjectReader, RequiresInTheOrderOfTheList) {
    EXPECT_EQ(problem(R"({"b":1})",
                      [](const ObjectReader& in) {
                          in.require({"b", "c", "a"});
                      }),
              "c: missing");
}

TEST(ObjectReader, OutlivesTheTextItWasReadFrom) {
    std::string text = R"({"a":{"b":"a text that is longer than any small buffer"}})";
    const auto child = ObjectReader::parse(text).object("a");
    text.assign(text.size(), 'x');
    EXPECT_EQ(child.text("b"), "a text that is longer than any small buffer");
    child.fail("b", "no");
    EXPECT_EQ(child.status().error().detail, "a.b: no");
}

TEST(ObjectReader, RefusesJsonNestedTooDeep) {
    std::string deep;
    for (int i = 0; i < 10'000; ++i) deep += "{\"a\":";
    EXPECT_FALSE(ObjectReader::parse(deep).status());
}

// Every word of a list, in the order of its enumeration; one more must not exist.
template <typename Enum, std::size_t N>
void expect_words(const std::array<const char*, N>& words) {
    for (std::size_t i = 0; i < N; ++i) {
        const auto value = static_cast<Enum>(i);
        EXPECT_EQ(to_text(value), words[i]);
        EXPECT_EQ(from_text<Enum>(words[i]), value);
        std::string upper = words[i];
        upper[0] = static_cast<char>(upper[0] - 'a' + 'A');
        EXPECT_FALSE(from_text<Enum>(upper)) << upper;
        EXPECT_FALSE(from_text<Enum>(std::string{words[i]} + " ")) << words[i];
    }
    EXPECT_FALSE(from_text<Enum>(""));
}

TEST(Words, AreThoseOfTheWireFormat) {
    expect_words<SaleType>(std::array{"sale", "return", "exchange", "void", "no_sale", "control"});
    expect_words<SaleStatus>(
        std::array{"completed", "suspended", "cancelled", "post_voided", "training"});
    expect_words<LineKind>(std::array{"sale", "return", "deposit", "fee", "gift_card", "donation"});
    expect_words<TenderKind>(std::array{"cash", "card", "alipay", "wechat_pay", "voucher",
                                        "gift_card", "points", "account", "other"});
    expect_words<TriggerKind>(std::array{"zone_dwell", "member_seen", "basket", "sale",
                                         "zone_enter", "occupancy", "footfall", "time", "weather",
                                         "stock"});
    expect_words<OfferState>(
        std::array{"offered", "accepted", "presented", "redeemed", "declined", "expired"});
    expect_words<OfferAction>(std::array{"accept", "present", "redeem", "decline"});
    expect_words<RedemptionProof>(std::array{"code", "basket", "staff", "inferred"});
    expect_words<Direction>(std::array{"in", "out"});
    expect_words<TagBearer>(std::array{"trolley", "staff", "member"});
    expect_words<LifecycleStage>(
        std::array{"new", "active", "at_risk", "dormant", "lost", "won_back"});
}

}  // namespace
}  // namespace aisle::records
