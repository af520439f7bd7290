#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include <boost/json.hpp>

#include "agent/records/floor_records.hpp"
#include "agent/records/ledger_records.hpp"
#include "agent/records/offer_records.hpp"
#include "agent/records/sale_json.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::records {
namespace {

using Reader = std::function<Status(std::string_view)>;

template <typename T>
Reader reader(Result<T> (*read)(std::string_view)) {
    return [read](std::string_view json) -> Status {
        const auto result = read(json);
        if (!result) return result.error();
        return {};
    };
}

Reader reference(const char* kind) {
    return [kind](std::string_view json) -> Status {
        const auto result = reference_from_json(kind, json);
        if (!result) return result.error();
        return {};
    };
}

Offer an_offer() {
    Offer offer;
    offer.id = OfferId{"o"};
    offer.campaign = CampaignId{"c"};
    offer.title = {{"en", "tea"}};
    offer.made = offer.expires.set = kit::at();
    offer.decision.counts = {{"cap", 2}};
    offer.decision.at = kit::at();
    return offer;
}

// A body that is good, what reads it, and which of its fields it cannot do without.
struct Kind {
    const char* name;
    std::string body;
    Reader read;
    std::vector<const char*> required;
};

std::vector<Kind> sent_kinds() {
    return {{"sale",
             sale_json(kit::sale_of(100)),
             reader(sale_from_json),
             {"sale", "key", "source", "store", "till", "business_date", "ended_at", "total"}},
            {"offer",
             offer_json(an_offer()),
             reader(offer_from_json),
             {"offer", "campaign", "state", "revision", "made", "expires"}},
            {"redemption",
             redemption_record({.offer = OfferId{"o"}, .at = kit::at()}).body,
             reader(redemption_from_json),
             {"offer", "campaign", "proof", "amount"}},
            {"budget",
             budget_record({.campaign = CampaignId{"c"}, .at = kit::at()}).body,
             reader(budget_from_json),
             {"campaign", "move", "amount", "left"}},
            {"consent",
             consent_record({.member = MemberKey{"m"}, .at = kit::at()}).body,
             reader(consent_from_json),
             {"member", "purpose", "granted"}},
            {"audit",
             audit_record({.n = 1, .at = kit::at()}).body,
             reader(audit_from_json),
             {"n", "actor", "action", "chain"}},
            {"clock",
             clock_record({.offset = milliseconds{1}, .at = kit::at()}).body,
             reader(clock_from_json),
             {"offset_ms", "before"}},
            {"transition",
             transition_record({.member = MemberKey{"m"}, .at = kit::at()}).body,
             reader(transition_from_json),
             {"member", "from", "to"}}};
}

std::vector<Kind> floor_kinds() {
    return {
        {"footfall_minute",
         footfall_minute_record({.start = kit::kNoon}, {}).body,
         reader(footfall_minute_from_json),
         {"door", "start", "in", "out"}},
        {"zone_visit",
         zone_visit_record({.entered = kit::kNoon}, {}).body,
         reader(zone_visit_from_json),
         {"tag", "zone", "entered"}},
        {"crossing",
         crossing_record({.at = kit::kNoon}, {}).body,
         reader(crossing_from_json),
         {"door", "direction", "n", "at"}},
        {"blindness",
         blindness_record({.from = kit::kNoon}, {}).body,
         reader(blindness_from_json),
         {"door", "from", "to"}},
        {"count",
         count_record({.source = "x"}, {}).body,
         reader(count_from_json),
         {"source", "door", "from", "to", "in", "out"}},
        {"health", health_record({{"rss_mb", 12}}, {}).body, reader(health_from_json), {}},
        {"member",
         reference_record(MemberRow{.member = "m", .tags = {"vip"}}, {}).body,
         reference("member"),
         {"member"}},
        {"product",
         reference_record(ProductRow{.sku = "S"}, {}).body,
         reference("product"),
         {"sku"}},
        {"tag", reference_record(TagRow{.tag = "t"}, {}).body, reference("tag"), {"tag", "is"}},
        {"fact",
         reference_record(FactRow{.key = "rain", .value = true, .valid_from = kit::kNoon}, {}).body,
         reference("fact"),
         {"key", "value"}}};
}

std::vector<Kind> kinds() {
    auto all = sent_kinds();
    for (auto& kind : floor_kinds()) all.push_back(std::move(kind));
    return all;
}

boost::json::object object_of(const std::string& body) {
    return boost::json::parse(body).as_object();
}

class Bodies : public testing::TestWithParam<Kind> {};

TEST_P(Bodies, AreReadAsTheyAreWritten) { EXPECT_TRUE(GetParam().read(GetParam().body)); }

TEST_P(Bodies, AreRefusedWithoutAFieldThatIsRequired) {
    const auto& [name, body, read, required] = GetParam();
    for (const char* key : required) {
        auto object = object_of(body);
        ASSERT_EQ(object.erase(key), 1U) << name << '.' << key;
        const auto absent = read(boost::json::serialize(object));
        ASSERT_FALSE(absent) << name << '.' << key;
        EXPECT_EQ(absent.error().detail, std::string{key} + ": missing");
        EXPECT_EQ(absent.error().fault, Fault::Malformed);
        object[key] = nullptr;
        EXPECT_FALSE(read(boost::json::serialize(object))) << name << '.' << key << " is null";
    }
}

TEST_P(Bodies, AreReadWithoutAnyOtherField) {
    const auto& [name, body, read, required] = GetParam();
    const auto whole = object_of(body);
    for (const auto& field : whole) {
        const std::string key{field.key().data(), field.key().size()};
        if (std::find(required.begin(), required.end(), key) != required.end()) continue;
        auto object = whole;
        object.erase(key);
        const auto status = read(boost::json::serialize(object));
        EXPECT_TRUE(status) << name << '.' << key << ' ' << (status ? "" : status.error().detail);
    }
}

// A text where none belongs, and something else where one does.
TEST_P(Bodies, AreRefusedByTheNameOfAFieldOfAnotherType) {
    const auto& [name, body, read, required] = GetParam();
    const auto whole = object_of(body);
    for (const auto& field : whole) {
        const std::string key{field.key().data(), field.key().size()};
        if (std::string_view{name} == "fact" && key == "value") continue;  // any type but these
        auto object = whole;
        const bool text = field.value().is_string();
        object[key] = text ? boost::json::value(7) : boost::json::value("seven");
        const auto status = read(boost::json::serialize(object));
        ASSERT_FALSE(status) << name << '.' << key;
        EXPECT_TRUE(status.error().detail.starts_with(key)) << status.error().detail;
        object[key] = boost::json::array{};
        if (field.value().is_array()) continue;
        EXPECT_FALSE(read(boost::json::serialize(object))) << name << '.' << key << " = []";
    }
}

TEST_P(Bodies, AreReadWithFieldsOfALaterVersion) {
    const auto& [name, body, read, required] = GetParam();
    if (std::string_view{name} == "health") return;  // every field of it is a number
    auto object = object_of(body);
    object["later"] = boost::json::parse(R"({"deep":[1,null,{"x":"y"}]})");
    EXPECT_TRUE(read(boost::json::serialize(object))) << name;
}

TEST_P(Bodies, AreRefusedWhereverTheyAreCut) {
    const auto& [name, body, read, required] = GetParam();
    for (std::size_t n = 0; n < body.size(); ++n)
        EXPECT_FALSE(read(std::string_view{body}.substr(0, n))) << name << ' ' << n;
}

INSTANTIATE_TEST_SUITE_P(Kinds, Bodies, testing::ValuesIn(kinds()),
                         [](const auto& each) { return std::string{each.param.name}; });

struct Wrong {
    const char* from;  // in the good body
    const char* to;
    const char* why;
};

TEST(SaleBodies, NameWhatIsWrongInsideOfThem) {
    const std::string good = sale_json(kit::sale_of(100));
    for (const auto& [from, to, why] :
         {Wrong{R"("2026-06-12",)", R"("2026-02-30",)", "business_date: not a date"},
          Wrong{R"("2026-06-12T04)", R"("2026-06-12 at 04)", "ended_at: not an RFC 3339 time"},
          Wrong{R"("kind":"sale")", R"("kind":"Sale")", "lines[0].kind: unknown word"},
          Wrong{R"("kind":"cash")", R"("kind":"")", "tenders[0].kind: unknown word"},
          Wrong{R"("n":1)", R"("n":4294967296)", "lines[0].n: out of range"},
          Wrong{R"("lines":[{)", R"("lines":[7,{)", "lines[0]: not an object"},
          Wrong{R"("taxes":[])", R"("taxes":[{"rate_ppm":1e3}])",
                "taxes[0].rate_ppm: not a whole number of 64 bits"},
          Wrong{R"("rules":[])", R"("rules":["a",1])", "lineage.rules: not an array of texts"},
          Wrong{R"("off":0)", R"("off":18446744073709551615)",
                "reconciled.off: not a whole number of 64 bits"}}) {
        std::string body = good;
        body.replace(body.find(from), std::string_view{from}.size(), to);
        const auto back = sale_from_json(body);
        ASSERT_FALSE(back) << to;
        EXPECT_EQ(back.error().detail, why);
    }
}

TEST(OfferBodies, NameWhatIsWrongInsideOfThem) {
    const std::string good = offer_json(an_offer());
    for (const auto& [from, to, why] :
         {Wrong{R"("title":{"en":"tea"})", R"("title":{"en":7})", "title.en: not a text"},
          Wrong{R"("cap":2)", R"("cap":"2")", "decision.counts.cap: not a whole number of 64 bits"},
          Wrong{R"("skus":[])", R"("skus":[1])", "skus: not an array of texts"},
          Wrong{R"("reasons":[])", R"("reasons":[[]])", "reasons[0]: not an object"},
          Wrong{R"("clock":"ntp")", R"("clock":"sun")", "made.clock: unknown word"},
          Wrong{R"("wait_ms":0)", R"("wait_ms":"0")",
                "expires.wait_ms: not a whole number of 64 bits"},
          Wrong{R"("state":"offered")", R"("state":"lost")", "state: unknown word"}}) {
        std::string body = good;
        ASSERT_NE(body.find(from), std::string::npos) << from;
        body.replace(body.find(from), std::string_view{from}.size(), to);
        const auto back = offer_from_json(body);
        ASSERT_FALSE(back) << to;
        EXPECT_EQ(back.error().detail, why);
    }
}

TEST(HealthBodies, KeepEveryFiniteNumber) {
    const HealthNumbers numbers{
        {"big", 1e300}, {"small", -1e-300}, {"third", 1.0 / 3}, {"count", 8'999'999'999'999'999}};
    EXPECT_EQ(*health_from_json(health_record(numbers, {}).body), numbers);
}

TEST(FactBodies, KeepTheTypeOfTheirValue) {
    for (const FactValue& value :
         {FactValue{true}, FactValue{std::int64_t{7}}, FactValue{7.0}, FactValue{0.25},
          FactValue{std::string{"7"}}, FactValue{std::string{}}}) {
        const auto record = reference_record(FactRow{.key = "k", .value = value}, {});
        const auto back = reference_from_json("fact", record.body);
        ASSERT_TRUE(back) << record.body;
        EXPECT_EQ(std::get<FactRow>(*back).value, value) << record.body;
    }
}

TEST(FactBodies, RefuseAValueThatIsNone) {
    for (const char* value : {"null", "[]", "{}"}) {
        const std::string body = R"({"key":"k","value":)" + std::string{value} + "}";
        EXPECT_FALSE(reference_from_json("fact", body)) << value;
    }
}

TEST(MemberBodies, KeepWhatWasConsentedTo) {
    const MemberRow row{
        .member = "m",
        .consent = {{"a", {kit::kNoon, "v1", true}}, {"b", {kit::kNoon + seconds{1}, "", false}}}};
    const auto back = reference_from_json("member", reference_record(row, {}).body);
    ASSERT_TRUE(back);
    EXPECT_EQ(std::get<MemberRow>(*back).consent, row.consent);
}

}  // namespace
}  // namespace aisle::records
