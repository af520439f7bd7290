// Garbage that looks almost like a smart camera's payload.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "agent/runtime/inline_executor.hpp"
#include "drivers/counter/counter.hpp"
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

// Keeps no reading, so that a hundred thousand fit.
struct CountingSink final : Sink {
    Status accept(Reading reading, Answer) override {
        if (const auto* count = std::get_if<CountReading>(&reading.body)) {
            ++counted;
            const bool fine = count->in >= 0 && count->out >= 0 && count->in <= kCountMax &&
                              count->out <= kCountMax && count->from < count->to &&
                              count->door == DoorId{"main"};
            beyond += fine ? 0 : 1;
        }
        if (std::holds_alternative<PositionReading>(reading.body)) ++counted;
        if (const auto* bad = std::get_if<RejectedReading>(&reading.body)) {
            ++rejected;
            beyond += bad->item.payload.size() > kQuarantinePayloadMax ? 1 : 0;
        }
        return {};
    }
    int counted = 0;
    int rejected = 0;
    int beyond = 0;
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
    std::printf("%s: %u mutants, %u read within bounds, %u refused\n", GetParam().name, mutants(),
                read, refused);
}

// Through the whole driver: nothing that it hands over is more than a record may count. That
// rubbish leaves the true totals alone is SmartCamera's to show.
TEST_P(SmartGarbage, LeavesTheDriverWithinItsBounds) {
    const auto metrics = runtime::make_metrics();
    runtime::ManualClock clock{kit::at()};
    runtime::InlineExecutor loop{clock};
    CountingSink sink;
    Counter driver{{.sources = {GetParam().source}}, loop, sink, *metrics};
    driver.start();
    for (std::uint32_t seed = 0; seed < mutants() / 4; ++seed) {
        driver.handle({.topic = "smart/1",
                       .payload = kit::mutant(GetParam().payload, seed),
                       .retained = seed % 11 == 0});
    }
    EXPECT_EQ(sink.beyond, 0);
    EXPECT_GT(sink.counted, 0);
    EXPECT_GT(sink.rejected, 0);
}

INSTANTIATE_TEST_SUITE_P(
    All, SmartGarbage,
    testing::Values(
        Sample{"xovis_live", xovis_live(), live({{.track = 1}, {.track = 2, .type = "GROUP"}})},
        Sample{"xovis_logics", xovis_logics(),
               logics({{.minute = 0, .forward = 3}, {.minute = 1, .backward = 2}})},
        Sample{"axis_analytics", axis_analytics(), passage({.scenario = 1, .total = 3})},
        Sample{"axis_people", axis_people(), live_sum({.in = 12, .out = 318})},
        Sample{"generic_intervals", generic(CountKind::Interval), generic_interval()},
        Sample{"generic_events", generic(CountKind::Event), generic_events()},
        Sample{"generic_totals", generic(CountKind::Cumulative), generic_totals()}),
    [](const auto& sample) { return std::string{sample.param.name}; });

}  // namespace
}  // namespace aisle::counter
