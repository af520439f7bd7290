#include "drivers/simulated/scene_script.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

namespace aisle::simulated {
namespace {

// FNV-1a.
std::uint64_t checksum(const auto& bytes) {
    std::uint64_t sum = 14695981039346656037U;
    for (const auto byte : bytes) {
        sum = (sum ^ static_cast<std::uint8_t>(byte)) * 1099511628211U;
    }
    return sum;
}

struct Frozen {
    SceneKind kind;
    std::uint64_t pictures;  // frames 0, 400 and 899 of seeds 1 and 2
    std::uint64_t truth;     // their MOT files and scene files
};
// The same on every machine and with every compiler: measurements of years can be compared.
constexpr std::array kFrozen{Frozen{SceneKind::Plain, 0x885aff28e8422db0U, 0x7bdeecd2714b9d42U},
                             Frozen{SceneKind::Shadow, 0x60a08f59a35dcfe2U, 0xe609b42eb5e7b72fU},
                             Frozen{SceneKind::LightStep, 0x7c56ec9132f95b34U, 0x6fe88ce832b26ac6U},
                             Frozen{SceneKind::Pairs, 0x1037f48d9e82257eU, 0xac42d2db0e1d4aa6U},
                             Frozen{SceneKind::Uturn, 0xde83d5012fe3de1bU, 0x339ea358f7763d0bU},
                             Frozen{SceneKind::Linger, 0xa5482f7b312624e3U, 0x0023a474035748c7U},
                             Frozen{SceneKind::Trolley, 0x5968d880007c02afU, 0x2cfc30f70fa68cb3U},
                             Frozen{SceneKind::Child, 0xdcd6a7a9ba55f1f5U, 0x16b3419e98f4e573U},
                             Frozen{SceneKind::Crowd, 0xd020f51b576d089cU, 0x605731ec6ff75dd1U},
                             Frozen{SceneKind::CameraGap, 0x91de9fceefe6357fU, 0xf67a667fb9745441U},
                             Frozen{SceneKind::Frozen, 0x4f266424fbe27410U, 0x4a9dd8eaf47c3885U},
                             Frozen{SceneKind::Mannequin, 0x7994b2d038f1d730U, 0xc0e03dace1881c1aU},
                             Frozen{SceneKind::Night, 0xbcfd6e10ec3de88eU, 0x212619c94950bcd4U}};

class FrozenScenes : public testing::TestWithParam<Frozen> {};

TEST_P(FrozenScenes, HaveTheSameBytesAsEver) {
    std::vector<std::uint8_t> pictures;
    std::string truth;
    for (const std::uint64_t seed : {1U, 2U}) {
        const SceneScript scene = make_scene(GetParam().kind, seed);
        SceneRenderer camera{scene};
        for (const int frame : {0, 400, 899}) {
            const auto& bytes = camera.render(frame).bgr;
            pictures.insert(pictures.end(), bytes.begin(), bytes.end());
        }
        const std::string lines = scene.scene_file();
        truth += scene.mot_truth() + lines.substr(lines.find("[[line]]"));
    }
    EXPECT_EQ(checksum(pictures), GetParam().pictures);
    EXPECT_EQ(checksum(truth), GetParam().truth);
}

INSTANTIATE_TEST_SUITE_P(All, FrozenScenes, testing::ValuesIn(kFrozen),
                         [](const auto& scene) { return std::string{to_text(scene.param.kind)}; });

TEST(SceneScript, KnowsItsKindsByName) {
    std::set<std::string_view> names;
    for (const SceneKind kind : kSceneKinds) {
        EXPECT_EQ(scene_kind_from(to_text(kind)), kind);
        names.insert(to_text(kind));
    }
    EXPECT_EQ(names.size(), 13U);
    EXPECT_FALSE(scene_kind_from("rain"));
    EXPECT_FALSE(scene_kind_from(""));
}

TEST(SceneScript, PaintsAFrameTheSameInAnyOrder) {
    const SceneScript scene = make_scene(SceneKind::Shadow, 3);
    SceneRenderer camera{scene};
    const auto first = camera.render(300).bgr;
    EXPECT_NE(camera.render(301).bgr, first);
    EXPECT_EQ(camera.render(300).bgr, first);
    EXPECT_EQ(SceneRenderer{scene}.render(300).bgr, first);
}

TEST(SceneScript, IsAnotherForAnotherSeed) {
    const SceneScript one = make_scene(SceneKind::Plain, 1);
    const SceneScript other = make_scene(SceneKind::Plain, 2);
    EXPECT_NE(one.mot_truth(), other.mot_truth());
    EXPECT_NE(SceneRenderer{one}.render(0).bgr, SceneRenderer{other}.render(0).bgr);
}

// Signed distance from the line, pixels; positive to the right of it. By the book, in floating
// point: the script has its own way.
double off_line(const SceneLine& line, const Spot& spot) {
    const double x = line.to.x - line.from.x;
    const double y = line.to.y - line.from.y;
    const double dx = spot.x / double{kSub} - line.from.x;
    const double dy = spot.y / double{kSub} - line.from.y;
    return (x * dy - y * dx) / std::hypot(x, y);
}

TEST(SceneScript, TellsEveryCrossingOfABodysMiddle) {
    for (const SceneKind kind : kSceneKinds) {
        const SceneScript scene = make_scene(kind, 4);
        std::map<std::pair<int, int>, Direction> expected;  // frame and id
        for (const Walker& walker : scene.walkers) {
            int side = 0;
            for (int frame = 0; walker.walks && frame < kSceneFrames; ++frame) {
                const auto spot = place_of(walker, time_of_frame(frame));
                if (!spot) continue;
                const double off = off_line(scene.lines[0], *spot);
                if (std::abs(off) < kTruthBand - 0.1) continue;
                const int now = off > 0 ? 1 : -1;
                if (side == -now) {
                    expected[{frame, walker.id}] = now > 0 ? Direction::In : Direction::Out;
                }
                side = now;
            }
        }
        ASSERT_EQ(scene.crossings.size(), expected.size()) << to_text(kind);
        for (const TrueCrossing& crossing : scene.crossings) {
            // The rounding of a distance can make a frame's difference.
            const bool told = expected.contains({crossing.frame, crossing.id}) ||
                              expected.contains({crossing.frame - 1, crossing.id});
            EXPECT_TRUE(told) << to_text(kind) << " " << crossing.frame;
        }
    }
}

TEST(SceneScript, TalliesInAndOutByTheLinesDirection) {
    const SceneScript scene = make_scene(SceneKind::Plain, 6);
    const auto tally = scene.tally(0);
    EXPECT_GT(tally.in, 5);
    EXPECT_GT(tally.out, 5);
    EXPECT_EQ(static_cast<std::size_t>(tally.in + tally.out), scene.crossings.size());
    for (const TrueCrossing& crossing : scene.crossings) {
        const auto& walker = scene.walkers[static_cast<std::size_t>(
            std::ranges::find(scene.walkers, crossing.id, &Walker::id) - scene.walkers.begin())];
        const double off =
            off_line(scene.lines[0], *place_of(walker, time_of_frame(crossing.frame)));
        EXPECT_EQ(off > 0, crossing.direction == Direction::In);
        EXPECT_NEAR(std::abs(off), kTruthBand + 4, 5) << "just behind the band";
    }
}

TEST(SceneScript, GivesEachFrameOnceInItsTime) {
    for (const SceneKind kind : {SceneKind::Plain, SceneKind::Night}) {
        const SceneScript scene = make_scene(kind, 1);
        ASSERT_EQ(scene.deliveries.size(), static_cast<std::size_t>(kSceneFrames));
        for (int i = 0; i < kSceneFrames; ++i) {
            EXPECT_EQ(scene.deliveries[static_cast<std::size_t>(i)].frame, i);
            EXPECT_EQ(scene.deliveries[static_cast<std::size_t>(i)].at, time_of_frame(i));
        }
    }
}

TEST(SceneScript, LeavesOutThreeSecondsThreeTimes) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const SceneScript scene = make_scene(SceneKind::CameraGap, seed);
        int gaps = 0;
        for (std::size_t i = 1; i < scene.deliveries.size(); ++i) {
            const auto wait = scene.deliveries[i].at - scene.deliveries[i - 1].at;
            if (wait < milliseconds{100}) continue;
            ++gaps;
            EXPECT_NEAR(static_cast<double>(wait.count()), 3083, 2);
        }
        EXPECT_EQ(gaps, 3) << seed;
    }
}

TEST(SceneScript, RepeatsAPictureForFourSecondsThreeTimes) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const SceneScript scene = make_scene(SceneKind::Frozen, seed);
        std::map<int, int> times;
        for (const Delivery& given : scene.deliveries) ++times[given.frame];
        EXPECT_EQ(scene.deliveries.size(), static_cast<std::size_t>(kSceneFrames));
        EXPECT_EQ(std::ranges::count_if(times, [](const auto& t) { return t.second == 49; }), 3);
        EXPECT_EQ(std::ranges::count_if(times, [](const auto& t) { return t.second > 1; }), 3);
    }
}

TEST(SceneScript, CallsACrossingBlindWhenAPartOfItsPassageIsMissing) {
    int blind = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const SceneScript scene = make_scene(SceneKind::CameraGap, seed);
        std::set<int> delivered;
        for (const Delivery& given : scene.deliveries) delivered.insert(given.frame);
        for (const TrueCrossing& crossing : scene.crossings) {
            blind += crossing.blind ? 1 : 0;
            EXPECT_TRUE(crossing.blind || delivered.contains(crossing.frame));
            bool near = false;  // 20 pixels are at most eight frames at 45 pixels a second
            for (int frame = crossing.frame - 60; frame <= crossing.frame + 60; ++frame) {
                near = near || (frame >= 0 && frame < kSceneFrames && !delivered.contains(frame));
            }
            EXPECT_TRUE(near || !crossing.blind);
        }
        const auto tally = scene.tally(0);
        EXPECT_EQ(static_cast<std::size_t>(tally.in + tally.out + tally.blind_in + tally.blind_out),
                  scene.crossings.size());
    }
    EXPECT_GT(blind, 30);
    EXPECT_TRUE(
        std::ranges::none_of(make_scene(SceneKind::Plain, 1).crossings, &TrueCrossing::blind));
}

TEST(SceneScript, LeavesFiguresOutOfItsTruth) {
    const SceneScript scene = make_scene(SceneKind::Mannequin, 2);
    EXPECT_EQ(std::ranges::count(scene.walkers, false, &Walker::walks), 2);
    for (int frame = 0; frame < kSceneFrames; frame += 50) {
        for (const TrueBox& truth : scene.boxes(frame)) EXPECT_GT(truth.id, 0);
    }
    for (const TrueCrossing& crossing : scene.crossings) EXPECT_GT(crossing.id, 0);
}

TEST(SceneScript, BoxesWhatIsDarkBeforeTheFloor) {
    const SceneScript scene = make_scene(SceneKind::Plain, 5);
    SceneRenderer camera{scene};
    int boxes = 0;
    for (int frame = 50; frame < kSceneFrames; frame += 25) {
        const auto& bytes = camera.render(frame).bgr;
        for (const TrueBox& truth : scene.boxes(frame)) {
            if (truth.visible_permille < 1000) continue;
            ++boxes;
            const Extent& box = truth.box;
            int shoes = 0;  // they are blacker than any floor
            for (int y = box.y; y < box.y + box.h; ++y) {
                for (int x = box.x; x < box.x + box.w; ++x) {
                    shoes += bytes[static_cast<std::size_t>(y * kSceneWidth + x) * 3] < 60 ? 1 : 0;
                }
            }
            EXPECT_GT(shoes, 10) << frame << " " << truth.id;
        }
    }
    EXPECT_GT(boxes, 20);
}

TEST(SceneScript, WritesMotTruthInTheOrderOfDelivery) {
    const SceneScript scene = make_scene(SceneKind::Frozen, 1);
    std::istringstream lines{scene.mot_truth()};
    std::string line;
    std::map<int, int> rows;
    while (std::getline(lines, line)) {
        EXPECT_EQ(std::ranges::count(line, ','), 9) << line;
        EXPECT_TRUE(line.ends_with(",1,-1,-1,-1")) << line;
        ++rows[std::stoi(line)];
    }
    ASSERT_FALSE(rows.empty());
    EXPECT_GE(rows.begin()->first, 1);
    EXPECT_LE(rows.rbegin()->first, static_cast<int>(scene.deliveries.size()));
    for (const auto& [frame, n] : rows) {
        const int shown = scene.deliveries[static_cast<std::size_t>(frame) - 1].frame;
        EXPECT_EQ(static_cast<std::size_t>(n), scene.boxes(shown).size());
    }
}

TEST(SceneScript, WritesItsLineAsASceneFile) {
    const SceneScript scene = make_scene(SceneKind::Plain, 1);
    const SceneLine& line = scene.lines.front();
    std::ostringstream expected;
    expected << "view = \"above\"\n\n[[line]]\nname = \"door\"\npoints = [[" << line.from.x << ", " << line.from.y
             << "], [" << line.to.x << ", " << line.to.y << "]]\n";
    EXPECT_EQ(scene.scene_file(), expected.str());
}

}  // namespace
}  // namespace aisle::simulated
