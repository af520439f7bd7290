#include "agent/presence/visit_row.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/kit/builders.hpp"
#include "tests/kit/mutant.hpp"

namespace aisle::presence {
namespace {

VisitRow row_of(std::mt19937& random) {
    const auto number = [&](std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>{0, most}(random);
    };
    return {.zone = ZoneId{"zone " + std::to_string(number(99)) + " \"quoted\" 酒"},
            .boot = number(1'000),
            .entered_mono = MonoTime{microseconds{number(1'000'000'000'000'000)}},
            .entered = kit::kNoon + milliseconds{number(1'000'000'000)},
            .heard_mono = MonoTime{microseconds{number(1'000'000'000'000'000)}},
            .heard = kit::kNoon + milliseconds{number(1'000'000'000)},
            .quality = static_cast<ClockQuality>(number(3)),
            .confidence_permille = static_cast<std::int32_t>(number(1'000))};
}

TEST(VisitRow, IsTheSameAfterBeingStored) {
    std::mt19937 random{5};
    for (int i = 0; i < 200; ++i) {
        const VisitRow row = row_of(random);
        EXPECT_EQ(visit_row_from(to_bytes(row)), row);
    }
}

TEST(VisitRow, IsNothingWhereAFieldIsMissing) {
    std::mt19937 random{6};
    const std::string whole = to_bytes(row_of(random));
    for (const char* key : {"zone", "boot", "entered_us", "entered_ms", "heard_us", "heard_ms",
                            "clock", "confidence"}) {
        std::string bytes = whole;
        const auto at = bytes.find("\"" + std::string{key} + "\"");
        ASSERT_NE(at, std::string::npos);
        bytes[at + 1] = '_';
        EXPECT_FALSE(visit_row_from(bytes)) << key;
    }
}

TEST(VisitRow, HasAConfidenceWithinBounds) {
    std::mt19937 random{7};
    VisitRow row = row_of(random);
    row.confidence_permille = 1'001;
    EXPECT_FALSE(visit_row_from(to_bytes(row)));
    row.confidence_permille = -1;
    EXPECT_FALSE(visit_row_from(to_bytes(row)));
}

TEST(VisitRow, SurvivesGarbage) {
    std::mt19937 random{8};
    const std::string whole = to_bytes(row_of(random));
    int read = 0;
    for (std::uint32_t seed = 0; seed < 2'000; ++seed) {
        if (visit_row_from(kit::mutant(whole, seed))) ++read;
    }
    EXPECT_LT(read, 1'500);
}

}  // namespace
}  // namespace aisle::presence
