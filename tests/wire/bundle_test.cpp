#include "sync/wire/bundle.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::wire {
namespace {

Bundle whole() {
    return {.version = 12,
            .not_before = kit::kNoon,
            .expires = kit::kNoon + std::chrono::hours{24},
            .stores = {"s-0001", "s-0002"},
            .min_agent = "0.1.0",
            .rollback_to = 9,
            .campaigns = {R"({"id":"c-1"})", R"({"id":"c-2","n":1.5})"},
            .settings = {{"guard.max_discount_bp", 3'000}, {"retention.offers_days", 60}}};
}

Receiver receiver(milliseconds after = {}, ClockQuality quality = ClockQuality::Ntp) {
    Stamp now = kit::at(after);
    now.quality = quality;
    return {.store = StoreId{"s-0001"}, .agent = "0.1.0", .now = now};
}

std::optional<Refused> why_not(const Bundle& bundle, const Receiver& to) {
    const auto why = unfit(bundle, to);
    return why ? std::optional{why->why} : std::nullopt;
}

std::string with(std::string_view field) {
    return R"({"aisle_bundle":1,"version":3,"stores":"*","campaigns":[])" + std::string{field} +
           "}";
}

TEST(Bundle, ReadsWhatItWrites) {
    const auto read = parse_bundle(to_json(whole()));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->settings, whole().settings);
    EXPECT_EQ(read->campaigns.front(), whole().campaigns.front());
    EXPECT_EQ(read->rollback_to, 9);
    EXPECT_EQ(read->stores, whole().stores);
    EXPECT_EQ(read->not_before, whole().not_before);
}

TEST(Bundle, ForEveryStoreNamesNone) {
    const auto read = parse_bundle(with(""));
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->stores.empty());
    EXPECT_EQ(parse_bundle(to_json(*read))->stores, read->stores);
}

TEST(Bundle, RefusesWhatItDoesNotKnow) { EXPECT_FALSE(parse_bundle(with(R"(,"campains":[])"))); }

TEST(Bundle, RefusesSettingsThatAreNotHqs) {
    EXPECT_EQ(parse_bundle(with(R"(,"settings":{"http.port":80})")).error().why, Refused::Settings);
    EXPECT_EQ(parse_bundle(with(R"(,"settings":{"guard.max_discount_bp":10001})")).error().why,
              Refused::Settings);
    EXPECT_EQ(parse_bundle(with(R"(,"settings":{"guard.max_discount_bp":"1"})")).error().why,
              Refused::Settings);
}

TEST(Bundle, RefusesDeepNesting) {
    const std::string deep = std::string(40, '[') + std::string(40, ']');
    const auto read = parse_bundle(
        R"({"aisle_bundle":1,"version":3,"stores":"*","campaigns":[{"x":)" + deep + "}]}");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().detail, "nested too deep");
}

TEST(Bundle, IsForItsStoresOnly) {
    Bundle bundle = whole();
    EXPECT_FALSE(why_not(bundle, receiver()));
    bundle.stores = {"s-0002"};
    EXPECT_EQ(why_not(bundle, receiver()), Refused::WrongStore);
}

TEST(Bundle, ItsWindowIsHalfOpen) {
    const Bundle bundle = whole();
    EXPECT_EQ(why_not(bundle, receiver(milliseconds{-1})), Refused::NotYet);
    EXPECT_FALSE(why_not(bundle, receiver()));
    EXPECT_FALSE(why_not(bundle, receiver(std::chrono::hours{24} - milliseconds{1})));
    EXPECT_EQ(why_not(bundle, receiver(std::chrono::hours{24})), Refused::Expired);
}

TEST(Bundle, AWrongClockJudgesNoWindow) {
    Bundle bundle = whole();
    EXPECT_EQ(why_not(bundle, receiver({}, ClockQuality::None)), Refused::ClockWrong);
    bundle.not_before.reset();
    bundle.expires.reset();
    EXPECT_FALSE(why_not(bundle, receiver({}, ClockQuality::None)));
}

TEST(Bundle, NeedsAnAgentNewEnough) {
    Bundle bundle = whole();
    bundle.min_agent = "0.1.1";
    EXPECT_EQ(why_not(bundle, receiver()), Refused::MinAgent);
}

TEST(Versions, CompareAsNumbers) {
    EXPECT_EQ(version_below("0.9.1", "0.10.0"), true);
    EXPECT_EQ(version_below("1.0", "1.0.0"), false);
    EXPECT_EQ(version_below("0.1.0", "0.1.0"), false);
    for (const char* bad : {"", "1.2.3.4", "1..2", "v1", "1.-2", "1.2.x"})
        EXPECT_FALSE(version_below(bad, "1.0.0")) << bad;
}

TEST(Guard, TakesWhatTheSettingsSay) {
    const GuardRails rails = guard_of({{"guard.max_discount_bp", 100}}, {.max_decide_p99_us = 7});
    EXPECT_EQ(rails.max_discount_bp, 100);
    EXPECT_EQ(rails.max_decide_p99_us, 7);
}

}  // namespace
}  // namespace aisle::wire
