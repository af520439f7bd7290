// Smart cameras through the whole driver: whatever comes twice, late, cut off or after a reset, the
// totals are right.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>

#include "agent/runtime/inline_executor.hpp"
#include "drivers/counter/counter.hpp"
#include "smart_payloads.hpp"
#include "tests/kit/mutant.hpp"
#include "tests/kit/recording_sink.hpp"

namespace aisle::counter {
namespace {

struct Sum {
    std::int64_t in = 0;
    std::int64_t out = 0;
    friend bool operator==(const Sum&, const Sum&) = default;
};

struct Rig {
    explicit Rig(CounterSource source)
        : driver{{.sources = {std::move(source)}}, loop, sink, *metrics} {
        driver.start();
    }
    void tell(const std::string& payload) {
        driver.handle({.topic = "smart/1", .payload = payload, .retained = false});
    }
    void tell(const std::vector<std::string>& payloads) {
        for (const std::string& payload : payloads) tell(payload);
    }
    // What the journal keeps: one count an id.
    [[nodiscard]] Sum sum() const {
        std::map<std::string, CountReading> once;
        for (const auto& count : sink.all<CountReading>()) {
            EXPECT_FALSE(count.id.empty());
            once.try_emplace(count.id, count);
        }
        Sum sum;
        for (const auto& [id, count] : once) sum.in += count.in, sum.out += count.out;
        return sum;
    }
    [[nodiscard]] double records(const std::string& outcome) const {
        return metrics->counter("aisle_counter_records_total", "", {{"outcome", outcome}}).value();
    }

    std::unique_ptr<runtime::Metrics> metrics = runtime::make_metrics();
    runtime::ManualClock clock{kit::at()};
    runtime::InlineExecutor loop{clock};
    kit::RecordingSink sink;
    Counter driver;
};

// What one camera tells in half an hour, in its order, and what is true of it.
struct Day {
    const char* name;
    CounterSource source;
    std::vector<std::string> told;
    Sum truth;
};

Day live_day() {
    Day day{"xovis_live", xovis_live(), {}, {}};
    for (int i = 0; i < 60; ++i) {
        const bool forward = i % 3 != 0;
        const bool group = i % 5 == 0;
        std::vector<Passer> passers{{.track = i, .forward = forward}};
        if (group) passers.push_back({.track = 1000 + i, .type = "GROUP", .forward = forward});
        day.told.push_back(live(passers, i, 1645797259355 + i * 1000));
        ++(forward ? day.truth.in : day.truth.out);
    }
    return day;
}

Day logics_day() {
    Day day{"xovis_logics", xovis_logics(), {}, {}};
    for (int i = 0; i < 60; ++i) {
        day.told.push_back(logics({{.minute = i, .forward = i % 4, .backward = i % 3}}));
        day.truth.in += i % 4;
        day.truth.out += i % 3;
    }
    return day;
}

// The first report is only where counting begins.
Day analytics_day() {
    Day day{"axis_analytics", axis_analytics(), {}, {}};
    for (int i = 0; i <= 60; ++i) {
        const std::int64_t at = 1'700'000'000'000 + std::int64_t{i} * 2000;
        day.told.push_back(passage({.scenario = 1, .total = 40 + 2 * i, .at_ms = at}));
        day.told.push_back(passage({.scenario = 2, .total = 90 + i, .at_ms = at + 1}));
    }
    day.truth = {120, 60};
    return day;
}

Day people_day() {
    Day day{"axis_people", axis_people(), {}, {}};
    for (int i = 0; i <= 58; ++i) {
        const std::string second = (i < 10 ? "0" : "") + std::to_string(i);
        day.told.push_back(live_sum({.in = 7 + 3 * i, .out = i, .clock = "202605031127" + second}));
    }
    day.truth = {174, 58};
    return day;
}

// A make that is read by a mapping: packages of three crossings with a name of their own.
Day generic_day() {
    Day day{"generic_events", generic(CountKind::Event), {}, {}};
    for (int i = 0; i < 60; ++i) {
        day.told.push_back(generic_events(i));
        day.truth.in += 2;
        day.truth.out += 2;
    }
    return day;
}

Day generic_intervals_day() {
    Day day{"generic_intervals", generic(CountKind::Interval), {}, {}};
    for (int i = 0; i < 60; ++i) {
        day.told.push_back(generic_interval(i % 7, i));
        day.truth.in += i % 7;
        day.truth.out += 2;
    }
    return day;
}

Day generic_totals_day() {
    Day day{"generic_totals", generic(CountKind::Cumulative), {}, {}};
    for (int i = 0; i <= 60; ++i) day.told.push_back(generic_totals(9 + 4 * i, i * 10));
    day.truth = {240, 0};
    return day;
}

class SmartCamera : public testing::TestWithParam<Day> {
protected:
    Rig rig{GetParam().source};
    const std::vector<std::string>& told = GetParam().told;
};

TEST_P(SmartCamera, IsCountedRight) {
    rig.tell(told);
    EXPECT_EQ(rig.sum(), GetParam().truth);
    EXPECT_EQ(rig.records("rejected"), 0);
}

TEST_P(SmartCamera, CountsOnceWhatComesTwice) {
    for (const std::string& payload : told) rig.tell({payload, payload});
    rig.tell(told);
    EXPECT_EQ(rig.sum(), GetParam().truth);
}

// Neighbours change places, which is what brokers and retries do; the first report stays first.
TEST_P(SmartCamera, CountsRightInAnotherOrder) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        Rig shuffled{GetParam().source};
        std::mt19937 random{seed};
        auto order = told;
        for (std::size_t i = 2; i + 9 < order.size(); i += 4) {
            std::shuffle(order.begin() + static_cast<std::ptrdiff_t>(i),
                         order.begin() + static_cast<std::ptrdiff_t>(i + 8), random);
        }
        shuffled.tell(order);
        EXPECT_EQ(shuffled.sum(), GetParam().truth) << seed;
    }
}

TEST_P(SmartCamera, CountsNothingOfAPackageThatIsCutOff) {
    for (const std::string& payload : told) {
        rig.tell(payload.substr(0, payload.size() - 1));
        rig.tell(payload.substr(0, payload.size() / 2));
        rig.tell(payload);
    }
    EXPECT_EQ(rig.sum(), GetParam().truth);
    const std::string& sample = told.front();
    const auto before = rig.sink.all<CountReading>().size();
    for (std::size_t size = 0; size < sample.size(); ++size) rig.tell(sample.substr(0, size));
    EXPECT_EQ(rig.sink.all<CountReading>().size(), before);
}

// Whatever of a damaged package says nothing leaves the sums alone.
TEST_P(SmartCamera, CountsRightAmongRubbish) {
    std::uint32_t seed = 0;
    std::size_t rubbish = 0;
    for (const std::string& payload : told) {
        for (int i = 0; i < 30; ++i) {
            const std::string mutant = kit::mutant(payload, ++seed);
            const auto mapped = map_counts(GetParam().source, mutant, kit::kNoon);
            if (mapped && !mapped->counts.empty()) continue;
            rig.tell(mutant);
            ++rubbish;
        }
        rig.tell(payload);
    }
    EXPECT_EQ(rig.sum(), GetParam().truth);
    EXPECT_GT(rubbish, told.size() * 20);
}

INSTANTIATE_TEST_SUITE_P(All, SmartCamera,
                         testing::Values(live_day(), logics_day(), analytics_day(), people_day(),
                                         generic_day(), generic_intervals_day(),
                                         generic_totals_day()),
                         [](const auto& day) { return std::string{day.param.name}; });

std::string at_second(int second, int total) {
    return passage({.scenario = 1, .total = total, .at_ms = 1'700'000'000'000 + second * 1000});
}

TEST(SmartTotals, BeginAgainAfterAReset) {
    Rig rig{axis_analytics()};
    rig.tell({at_second(0, 100), at_second(1, 104), at_second(2, 1), at_second(3, 3)});
    EXPECT_EQ(rig.sum(), (Sum{7, 0}));
}

TEST(SmartTotals, CountWhatComesLateFromBeforeAReset) {
    Rig rig{axis_analytics()};
    rig.tell({at_second(0, 100), at_second(4, 2), at_second(2, 106), at_second(1, 103),
              at_second(3, 107), at_second(3, 107), at_second(5, 4)});
    EXPECT_EQ(rig.sum(), (Sum{7 + 4, 0}));
}

TEST(SmartTotals, CountNothingThatComesLateAndIsKnown) {
    Rig rig{axis_analytics()};
    rig.tell({at_second(0, 100), at_second(3, 108), at_second(2, 105), at_second(1, 101)});
    EXPECT_EQ(rig.sum(), (Sum{8, 0}));
    EXPECT_EQ(rig.records("stale"), 2);
}

TEST(SmartTotals, OfPeopleCountersAreOrderedByTheirOwnClock) {
    Rig rig{axis_people()};
    rig.tell({live_sum({.in = 50, .out = 9, .clock = "20260503235950"}),
              live_sum({.in = 0, .out = 1, .clock = "20260504000010"}),
              live_sum({.in = 52, .out = 9, .clock = "20260503235955"}),  // late: of the old day
              live_sum({.in = 3, .out = 1, .clock = "20260504000020"})});
    EXPECT_EQ(rig.sum(), (Sum{5, 1}));
}

TEST(SmartTotals, GoOnWhereTheyStoodBeforeARestart) {
    Rig first{axis_analytics()};
    first.tell({at_second(0, 100), at_second(1, 104)});
    std::vector<SourcePosition> positions;
    for (const Reading& reading : first.sink.readings) {
        if (reading.position) positions.push_back(*reading.position);
    }
    Rig second{axis_analytics()};
    second.driver.restore(positions);
    second.tell({at_second(1, 104), at_second(9, 111)});
    EXPECT_EQ(second.sum(), (Sum{7, 0}));
}

TEST(SmartCounter, MissesASilentCameraByItsDoorAndNotOneThatReports) {
    CounterSource source = axis_people();
    source.report_every = seconds{10};
    Rig rig{source};
    for (int i = 0; i < 6; ++i) {
        rig.loop.advance(seconds{10});
        rig.tell(live_sum({.in = i, .out = 0, .clock = "2026050311270" + std::to_string(i)}));
    }
    EXPECT_TRUE(rig.sink.all<Blindness>().empty());
    rig.loop.advance(seconds{60});
    EXPECT_FALSE(rig.sink.all<Blindness>().empty());
}

TEST(SmartCounter, IgnoresARetainedCrossing) {
    Rig rig{xovis_live()};
    rig.driver.handle({.topic = "smart/1", .payload = live({{.track = 1}}), .retained = true});
    EXPECT_EQ(rig.sum(), Sum{});
}

}  // namespace
}  // namespace aisle::counter
