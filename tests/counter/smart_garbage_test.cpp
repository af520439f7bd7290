// Garbage that looks almost like a smart camera's payload.
#include <gtest/gtest.h>

#include <cstdlib>

#include "drivers/counter/count_mapping.hpp"
#include "smart_payloads.hpp"
#include "tests/kit/mutant.hpp"

namespace aisle::counter {
namespace {

// AISLE_MUTANTS=100000 in the environment asks for more of each format.
std::uint32_t mutants() {
    const char* const asked = std::getenv("AISLE_MUTANTS");
    return asked == nullptr ? 8'000 : static_cast<std::uint32_t>(std::atoi(asked));
}

struct Sample {
    const char* name;
    CounterSource source;
    std::string payload;
};

class SmartGarbage : public testing::TestWithParam<Sample> {};

TEST_P(SmartGarbage, IsReadWithinItsBoundsOrRefused) {
    std::uint32_t read = 0;
    std::uint32_t refused = 0;
    for (std::uint32_t seed = 0; seed < mutants(); ++seed) {
        const auto package =
            map_counts(GetParam().source, kit::mutant(GetParam().payload, seed), kit::kNoon);
        if (!package) {
            EXPECT_FALSE(package.error().detail.empty());
            ++refused;
            continue;
        }
        ++read;
        for (const MappedCount& count : package->counts) {
            ASSERT_GE(count.in, 0);
            ASSERT_GE(count.out, 0);
            ASSERT_LE(std::max(count.in, count.out), kTotalMax);
            ASSERT_LE(count.from, count.to);
            ASSERT_EQ(count.door, DoorId{"main"});
            ASSERT_LT(count.id.size() + count.channel.size(), 600U);
        }
    }
    EXPECT_GT(read, mutants() / 100);
    EXPECT_GT(refused, mutants() / 10);
}

INSTANTIATE_TEST_SUITE_P(
    All, SmartGarbage,
    testing::Values(
        Sample{"xovis_live", xovis_live(), live({{.track = 1}, {.track = 2, .type = "GROUP"}})},
        Sample{"xovis_logics", xovis_logics(),
               logics({{.minute = 0, .forward = 3}, {.minute = 1, .backward = 2}})},
        Sample{"axis_analytics", axis_analytics(), passage({.scenario = 1, .total = 3})},
        Sample{"axis_people", axis_people(), live_sum({.in = 12, .out = 318})}),
    [](const auto& sample) { return std::string{sample.param.name}; });

}  // namespace
}  // namespace aisle::counter
