#include "sync/wire/guard.hpp"

#include <gtest/gtest.h>

#include "sync/wire/line.hpp"
#include "tests/kit/mutant.hpp"

namespace aisle::wire {
namespace {

constexpr std::string_view kTopic = "aisle/v1/26/s-0001/ack";
const std::string kWhole = guarded(kTopic, R"({"next":1701,"nack":true})");

TEST(Guard, PutsTheSumOfTopicAndTextAtTheEnd) {
    const std::string text = R"({"next":1701,"nack":true)";
    EXPECT_EQ(kWhole, text + ",\"sum\":\"" + check_of(std::string{kTopic} + "\n" + text) + "\"}");
    EXPECT_TRUE(intact(kTopic, kWhole));
}

TEST(Guard, FindsEveryChangeOfOneByte) {
    for (std::size_t at = 0; at < kWhole.size(); ++at)
        for (int other = 1; other < 256; ++other) {
            auto damaged = kWhole;
            damaged[at] = static_cast<char>(damaged[at] ^ other);
            EXPECT_FALSE(intact(kTopic, damaged)) << at << " ^ " << other;
        }
}

TEST(Guard, FindsWhatIsCutOffOrJoined) {
    for (std::size_t size = 0; size < kWhole.size(); ++size)
        EXPECT_FALSE(intact(kTopic, kWhole.substr(0, size))) << size;
    EXPECT_FALSE(intact(kTopic, kWhole + kWhole));
    EXPECT_FALSE(intact(kTopic, kWhole + "}"));
}

TEST(Guard, FindsMutants) {
    for (std::uint32_t seed = 0; seed < 20'000; ++seed) {
        const auto damaged = kit::mutant(kWhole, seed);
        EXPECT_EQ(intact(kTopic, damaged).has_value(), damaged == kWhole) << seed;
    }
}

TEST(Guard, FindsThatTheTopicWasAnother) {
    EXPECT_FALSE(intact("aisle/v1/26/s-0033/ack", kWhole));
    EXPECT_EQ(intact("aisle/v1/26/s-0033/ack", kWhole).error().detail, "damaged on the way");
    EXPECT_EQ(
        intact(kTopic, R"({"next":1701,"nack":true,"more":"0123456789abcdef"})").error().detail,
        "no sum");
}

}  // namespace
}  // namespace aisle::wire
