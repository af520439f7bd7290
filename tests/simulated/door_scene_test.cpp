// The shop's own door: the same shoppers as at its tills, seen.
#include "drivers/simulated/door_scene.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "stage.hpp"

namespace aisle::simulated {
namespace {

struct Seen {
    int in = 0;
    int out = 0;
    std::size_t most = 0;
    bool trolley = false;
};

// Follows everybody's middle over the line, picture by picture.
Seen watch(const Plan& plan, milliseconds from, milliseconds to) {
    DoorScene scene{plan};
    const int line = DoorScene::line().from.y * kSub;
    std::map<std::pair<int, bool>, bool> inside;  // of a shopper's coming and their going
    Seen seen;
    for (milliseconds at = from; at <= to; at += milliseconds{250}) {
        scene.take(at);
        seen.most = std::max(seen.most, scene.present().size());
        for (const Walker& walker : scene.present()) {
            const auto spot = place_of(walker, at);
            if (!spot) continue;
            seen.trolley = seen.trolley || walker.carries == Carries::Trolley;
            const bool comes = walker.path.front().spot.y < walker.path.back().spot.y;
            const bool now = spot->y > line;
            const auto [before, fresh] = inside.try_emplace({walker.id, comes}, now);
            if (!fresh && before->second != now) ++(now ? seen.in : seen.out);
            before->second = now;
        }
    }
    return seen;
}

TEST(DoorScene, ShowsEverybodyWhoEntersAndLeaves) {
    const Plan plan = make_plan(two_minutes());
    const auto doors = plan.doors_at(seconds{120});
    const Seen seen = watch(plan, milliseconds{-3000}, seconds{122});
    EXPECT_EQ(seen.in, doors.in);
    EXPECT_EQ(seen.out, doors.out);
    EXPECT_TRUE(seen.trolley);
    EXPECT_GT(doors.out, 30);
}

TEST(DoorScene, HasThemOnTheLineInTheInstantOfThePlan) {
    const Plan plan = make_plan(two_minutes());
    const Shopper& first = plan.shoppers.front();
    DoorScene scene{plan};
    scene.take(first.enters);
    const auto walker = std::ranges::find(scene.present(), first.number, &Walker::id);
    ASSERT_NE(walker, scene.present().end());
    EXPECT_NEAR(place_of(*walker, first.enters)->y / kSub, DoorScene::line().from.y, 2);
}

TEST(DoorScene, HoldsOnlyThoseWhoAreNearInTime) {
    PlanSettings day = two_minutes();
    day.length = std::chrono::hours{4};
    const Plan plan = make_plan(day);
    const Seen seen = watch(plan, std::chrono::hours{3}, std::chrono::hours{3} + seconds{60});
    EXPECT_LT(seen.most, 40U);
    EXPECT_GT(seen.in, 20);
}

TEST(DoorScene, ShowsTheSamePicturesForTheSamePlan) {
    const Plan plan = make_plan(two_minutes());
    DoorScene one{plan};
    DoorScene other{plan};
    for (milliseconds at{-1000}; at < seconds{10}; at += milliseconds{700}) {
        EXPECT_EQ(one.take(at).bgr, other.take(at).bgr);
    }
}

TEST(DoorScene, KeepsMostPeopleApart) {
    const Plan plan = make_plan(two_minutes());
    DoorScene scene{plan};
    int pairs = 0;
    int through = 0;
    for (milliseconds at{0}; at < seconds{120}; at += milliseconds{500}) {
        scene.take(at);
        const auto& present = scene.present();
        for (std::size_t i = 0; i < present.size(); ++i) {
            for (std::size_t k = i + 1; k < present.size(); ++k) {
                const auto a = place_of(present[i], at);
                const auto b = place_of(present[k], at);
                if (!a || !b) continue;
                ++pairs;
                through += std::hypot(a->x - b->x, a->y - b->y) < 20 * kSub ? 1 : 0;
            }
        }
    }
    EXPECT_GT(pairs, 200);
    EXPECT_LE(through, pairs / 100);
}

// The demo's camera reads its line from a file of its own.
TEST(DoorScene, HasTheLineOfTheDemosSceneFile) {
    std::ostringstream file;
    file << std::ifstream{AISLE_SOURCE_DIR "/config/demo/door.toml"}.rdbuf();
    const std::string scene = DoorScene::scene_file();
    const std::string line = scene.substr(scene.find("[[line]]"));
    EXPECT_NE(file.str().find(line), std::string::npos) << line;
}

}  // namespace
}  // namespace aisle::simulated
