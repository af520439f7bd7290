#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "agent/presence/presence.hpp"
#include "tests/kit/builders.hpp"

// Tags on a floor with radio noise as it was measured in a hall: path loss exponent 2, 4.5 dB
// around it.
namespace aisle::presence {
namespace {

constexpr double kNoiseDb = 4.5;
constexpr milliseconds kInterval{500};

struct Point {
    double x = 0;
    double y = 0;
};

// Four scanners in a row, ten metres apart, each in a zone of its own.
const std::map<std::string, Point> kScanners{
    {"s0", {0, 0}}, {"s1", {10, 0}}, {"s2", {20, 0}}, {"s3", {30, 0}}};

PresenceSettings four_zones() {
    PresenceSettings settings;
    for (const auto& [scanner, at] : kScanners)
        settings.scanners[scanner] = ZoneId{"zone-" + scanner};
    return settings;
}

class Hall {
public:
    explicit Hall(std::uint32_t seed, int tags = 1) : random_{seed} {
        std::map<TagKey, TagHolder> holders;
        for (int i = 0; i < tags; ++i) holders[tag(i)] = {};
        EXPECT_TRUE(presence.restore({}, now()));
        keep(presence.set_tags(holders, now()));
    }
    static TagKey tag(int i) { return TagKey{"tag-" + std::to_string(i)}; }
    [[nodiscard]] Stamp now() const { return kit::at(time); }

    // One advertisement of a tag, as all scanners hear it; one in ten is lost to each.
    void advertise(int i, Point at) {
        for (const auto& [scanner, there] : kScanners) {
            const double distance = std::max(0.5, std::hypot(at.x - there.x, at.y - there.y));
            const double dbm = -61 - 20 * std::log10(distance) + noise_(random_);
            if (random_() % 10 == 0 || dbm < -98) continue;
            keep(presence.hear({.at = now().mono,
                                .wall = now().wall,
                                .tag = tag(i),
                                .scanner = scanner,
                                .rssi_dbm = static_cast<std::int8_t>(std::lround(dbm))},
                               now()));
        }
    }
    void step() {
        time += kInterval;
        keep(presence.tick(now()));
    }
    void keep(const PresenceEffects& effects) {
        for (const auto& visit : effects.opened) opened.push_back(visit);
        for (const auto& visit : effects.closed) closed.push_back(visit);
        for (const auto& change : effects.state) {
            change.bytes.empty() ? stored.erase(change.key)
                                 : stored.insert_or_assign(change.key, change.bytes).second;
        }
    }

    Presence presence{four_zones()};
    milliseconds time{0};
    std::vector<ZoneVisit> opened;
    std::vector<ZoneVisit> closed;
    std::map<std::string, std::string> stored;

private:
    std::mt19937 random_;
    std::normal_distribution<double> noise_{0, kNoiseDb};
};

TEST(Walks, AStationaryTagFlapsLessThanOnceInTwoMinutes) {
    constexpr int kTags = 21;
    constexpr int kMinutes = 10;
    Hall hall{7, kTags};
    while (hall.time < minutes{kMinutes}) {
        // From beside the first scanner to just between the last two.
        for (int i = 0; i < kTags; ++i) hall.advertise(i, {.x = 1.25 * i, .y = 3});
        hall.step();
    }
    std::map<TagKey, int> moves;
    for (const auto& visit : hall.closed) ++moves[visit.tag];
    EXPECT_GE(hall.opened.size(), static_cast<std::size_t>(kTags));
    const double flaps_a_minute = static_cast<double>(hall.closed.size()) / (kTags * kMinutes);
    RecordProperty("flaps_a_minute", std::to_string(flaps_a_minute));
    EXPECT_LT(flaps_a_minute, 0.1);
    for (const auto& [tag, n] : moves)
        EXPECT_LT(n / static_cast<double>(kMinutes), 0.5) << tag.value;
}

TEST(Walks, AWalkingTagEntersEachZoneOnceAndInOrder) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        Hall hall{seed};
        for (double x = 0; x <= 30; x += 0.25) {  // half a metre a second
            hall.advertise(0, {.x = x, .y = 2});
            hall.step();
        }
        for (int i = 0; i < 20; ++i) hall.advertise(0, {.x = 30, .y = 2}), hall.step();
        std::vector<std::string> zones;
        for (const auto& visit : hall.opened) zones.push_back(visit.zone.value);
        EXPECT_EQ(zones, (std::vector<std::string>{"zone-s0", "zone-s1", "zone-s2", "zone-s3"}))
            << "seed " << seed;
    }
}

TEST(Walks, VisitsOfOneTagNeverOverlap) {
    Hall hall{3};
    std::mt19937 random{3};
    double x = 15;
    for (int i = 0; i < 4'000; ++i) {
        x = std::clamp(x + (static_cast<int>(random() % 21) - 10) / 10.0, 0.0, 30.0);
        hall.advertise(0, {.x = x, .y = 2});
        hall.step();
    }
    ASSERT_GT(hall.closed.size(), 3U);
    for (std::size_t i = 0; i < hall.closed.size(); ++i) {
        EXPECT_LT(hall.closed[i].entered, hall.closed[i].left);
        EXPECT_EQ(hall.closed[i].left, hall.opened[i + 1].entered);
    }
}

bool same(const ZoneVisit& a, const ZoneVisit& b) {
    return a.tag == b.tag && a.zone == b.zone && a.entered == b.entered &&
           a.entered_mono == b.entered_mono && a.open == b.open &&
           a.confidence_permille == b.confidence_permille && a.label == b.label;
}

// At any moment of any walk.
TEST(Walks, WhatIsStoredIsWhatIsLive) {
    for (std::uint32_t seed = 1; seed <= 10; ++seed) {
        Hall hall{seed, 5};
        std::mt19937 random{seed};
        for (int i = 0; i < 300; ++i) {
            for (int tag = 0; tag < 5; ++tag) {
                const bool away = (i / 40 + tag) % 3 == 0;  // long enough to be let go
                if (!away)
                    hall.advertise(tag, {.x = static_cast<double>(random() % 300) / 10, .y = 2});
            }
            hall.step();
            if (i % 7 != 0) continue;
            std::vector<StateChange> rows;
            for (const auto& [key, bytes] : hall.stored)
                rows.push_back({.room = "presence", .key = key, .bytes = bytes});
            Presence restored{four_zones()};
            ASSERT_TRUE(restored.restore(rows, hall.now()));
            const auto live = hall.presence.open_visits();
            const auto back = restored.open_visits();
            ASSERT_TRUE(std::ranges::equal(live, back, same)) << "seed " << seed << " step " << i;
        }
        EXPECT_FALSE(hall.opened.empty());
        EXPECT_FALSE(hall.closed.empty());
    }
}

TEST(Walks, TheSameHearingsGiveTheSameVisits) {
    const auto walk = [] {
        Hall hall{11};
        for (double x = 0; x <= 30; x += 0.3) hall.advertise(0, {.x = x, .y = 2}), hall.step();
        return hall;
    };
    const auto one = walk();
    const auto two = walk();
    EXPECT_TRUE(std::ranges::equal(one.opened, two.opened, same));
    EXPECT_EQ(one.stored, two.stored);
}

}  // namespace
}  // namespace aisle::presence
