#include "agent/runtime/back_off.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace aisle::runtime {
namespace {

constexpr BackOffLimits kLimits{
    .base = milliseconds{100}, .cap = milliseconds{1'000}, .stable = milliseconds{5'000}};

MonoTime at_ms(std::int64_t ms) { return MonoTime{milliseconds{ms}}; }

// What a wait is drawn from shows in the remainder that the largest number leaves.
milliseconds ceiling_of(BackOff& back_off, std::uint64_t& next, std::int64_t expected_ms,
                        MonoTime now) {
    next = static_cast<std::uint64_t>(expected_ms);
    return back_off.failed(now);
}

TEST(BackOff, DoublesItsCeilingUpToTheCap) {
    std::uint64_t next = 0;
    BackOff back_off{kLimits, [&] { return next; }};
    for (const std::int64_t ceiling : {100, 200, 400, 800, 1'000, 1'000, 1'000}) {
        EXPECT_EQ(ceiling_of(back_off, next, ceiling, at_ms(0)), milliseconds{ceiling});
    }
}

TEST(BackOff, NeverWaitsLongerThanItsCeiling) {
    BackOff back_off{kLimits, [] { return std::uint64_t{101}; }};
    EXPECT_EQ(back_off.failed(at_ms(0)), milliseconds{0});  // 101 of the choices 0..100
}

TEST(BackOff, DrawsFromTheWholeRange) {
    std::mt19937_64 random{1};
    BackOff back_off{{.base = milliseconds{1'000}, .cap = milliseconds{1'000}},
                     [&] { return random(); }};
    std::int64_t sum_ms = 0;
    milliseconds least{1'000};
    milliseconds most{0};
    for (int i = 0; i < 10'000; ++i) {
        const milliseconds wait = back_off.failed(at_ms(0));
        sum_ms += wait.count();
        least = std::min(least, wait);
        most = std::max(most, wait);
    }
    EXPECT_NEAR(static_cast<double>(sum_ms) / 10'000, 500, 15);
    EXPECT_LT(least, milliseconds{5});
    EXPECT_GT(most, milliseconds{995});
}

TEST(BackOff, ForgetsThePastAfterAStableTime) {
    std::uint64_t next = 0;
    BackOff back_off{kLimits, [&] { return next; }};
    for (int i = 0; i < 5; ++i) (void)back_off.failed(at_ms(0));
    back_off.connected(at_ms(10'000));
    EXPECT_EQ(ceiling_of(back_off, next, 100, at_ms(15'000)), milliseconds{100});
    EXPECT_EQ(ceiling_of(back_off, next, 200, at_ms(15'000)), milliseconds{200});
}

TEST(BackOff, RemembersThePastOfAConnectionThatSoonFails) {
    std::uint64_t next = 0;
    BackOff back_off{kLimits, [&] { return next; }};
    for (int i = 0; i < 5; ++i) (void)back_off.failed(at_ms(0));
    back_off.connected(at_ms(10'000));
    EXPECT_EQ(ceiling_of(back_off, next, 1'000, at_ms(14'999)), milliseconds{1'000});
}

TEST(BackOff, StaysWithinTheCapForEver) {
    BackOff back_off{kLimits, random_u64};
    for (int i = 0; i < 1'000; ++i) EXPECT_LE(back_off.failed(at_ms(i)), kLimits.cap);
}

}  // namespace
}  // namespace aisle::runtime
