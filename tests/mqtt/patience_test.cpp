#include <gtest/gtest.h>

#include "sync/mqtt/transport.hpp"

// What the shipped settings promise, by arithmetic; `script/bench storm` measures it.
namespace aisle::mqtt {
namespace {

constexpr milliseconds kBlackHoleMax{30'000};

TEST(ShippedPatience, FindsABlackHoleOfAnIdleLinkInTime) {
    const TransportSettings shipped;
    constexpr milliseconds kPahoLooksEvery{1'000};
    const milliseconds ping = shipped.keep_alive;
    EXPECT_LE(ping + ping * 3 / 2 + kPahoLooksEvery, kBlackHoleMax);
}

TEST(ShippedPatience, GivesAnEchoUpBeforeThePingWould) {
    const TransportSettings shipped;
    constexpr milliseconds kLookedAtEvery{2'000};
    EXPECT_LE(shipped.echo_max + kLookedAtEvery, shipped.keep_alive * 5 / 2);
}

TEST(ShippedPatience, GivesAnAttemptUpInTimeForTheNextBroker) {
    EXPECT_LE(TransportSettings{}.connect_max, kBlackHoleMax / 2);
}

}  // namespace
}  // namespace aisle::mqtt
