// Who comes through the door of a scene: as many as promised, in the ways of its kind, and nobody
// through anybody else.
#include "drivers/simulated/scene_cast.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace aisle::simulated {
namespace {

constexpr std::uint64_t kSeeds = 10;

// Pixels between two bodies' middles over the sum of their radii, the least of a scene's.
double closest(const SceneScript& scene) {
    double least = 99;
    for (std::size_t i = 0; i < scene.walkers.size(); ++i) {
        for (std::size_t k = i + 1; k < scene.walkers.size(); ++k) {
            const Walker& a = scene.walkers[i];
            const Walker& b = scene.walkers[k];
            for (int frame = 0; frame < kSceneFrames; frame += 3) {
                const auto one = place_of(a, time_of_frame(frame));
                const auto other = place_of(b, time_of_frame(frame));
                if (!one || !other) continue;
                const double apart = std::hypot(one->x - other->x, one->y - other->y) / kSub;
                least = std::min(least, apart / (a.radius + b.radius));
            }
        }
    }
    return least;
}

template <typename Count>
double mean(SceneKind kind, Count count) {
    double sum = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        sum += static_cast<double>(count(make_scene(kind, seed)));
    }
    return sum / kSeeds;
}

auto people(const SceneScript& scene) {
    return std::ranges::count(scene.walkers, true, &Walker::walks);
}

TEST(SceneCast, LetsNobodyWalkThroughAnybody) {
    for (const SceneKind kind : kSceneKinds) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            EXPECT_GT(closest(make_scene(kind, seed)), 0.85) << to_text(kind) << " " << seed;
        }
    }
}

TEST(SceneCast, HasSomeFortyPeople) {
    for (const SceneKind kind : kSceneKinds) {
        for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
            const auto n = people(make_scene(kind, seed));
            EXPECT_GE(n, 26) << to_text(kind) << " " << seed;
            EXPECT_LE(n, 40) << to_text(kind) << " " << seed;
        }
    }
}

TEST(SceneCast, NumbersPeopleInTheOrderOfTheirComing) {
    const SceneScript scene = make_scene(SceneKind::Mannequin, 1);
    int last = 0;
    for (const Walker& walker : scene.walkers) {
        EXPECT_EQ(walker.id, walker.walks ? ++last : 0);
    }
}

TEST(SceneCast, HasEverybodyComeAfterTheStartAndGoBeforeTheEnd) {
    for (const SceneKind kind : kSceneKinds) {
        const SceneScript scene = make_scene(kind, 7);
        for (const Walker& walker : scene.walkers) {
            if (!walker.walks) continue;
            EXPECT_GE(walker.path.front().at, milliseconds{1500});
            EXPECT_LT(walker.path.back().at, time_of_frame(kSceneFrames));
        }
        EXPECT_TRUE(scene.boxes(0).empty());
    }
}

TEST(SceneCast, BeginsAndEndsOutsideThePicture) {
    for (const SceneKind kind : kSceneKinds) {
        const SceneScript scene = make_scene(kind, 8);
        for (const Walker& walker : scene.walkers) {
            if (!walker.walks) continue;
            for (const milliseconds at : {walker.path.front().at, walker.path.back().at}) {
                const Extent box = *extent_of(walker, at);
                const bool outside = box.x + box.w <= 2 || box.y + box.h <= 2 ||
                                     box.x >= kSceneWidth - 2 || box.y >= kSceneHeight - 2;
                EXPECT_TRUE(outside) << to_text(kind) << " " << walker.id << " " << box.x << ","
                                     << box.y << " " << box.w << "x" << box.h;
            }
        }
    }
}

TEST(SceneCast, UsesBothEdgesForTheStreetAndBothDirections) {
    int left = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const SceneScript scene = make_scene(SceneKind::Plain, seed);
        left += scene.street_left ? 1 : 0;
        EXPECT_GE(scene.tally(0).in, 8);
        EXPECT_GE(scene.tally(0).out, 8);
    }
    EXPECT_GE(left, 2);
    EXPECT_LE(left, 8);
}

TEST(SceneCast, TurnsManyBackBeforeTheLineAndBehindIt) {
    const auto crossings_of = [](const SceneScript& scene, int id) {
        return std::ranges::count(scene.crossings, id, &TrueCrossing::id);
    };
    const auto with = [&](std::ptrdiff_t n) {
        return mean(SceneKind::Uturn, [&](const SceneScript& scene) {
            return std::ranges::count_if(
                scene.walkers, [&](const Walker& w) { return crossings_of(scene, w.id) == n; });
        });
    };
    EXPECT_GT(with(0), 5);  // some of them only pass by
    EXPECT_GT(with(2), 5);
    EXPECT_GT(with(1), 12);
}

TEST(SceneCast, StopsManyForLong) {
    const auto stopped = [](SceneKind kind) {
        return mean(kind, [](const SceneScript& scene) {
            return std::ranges::count_if(scene.walkers, [](const Walker& walker) {
                for (std::size_t i = 1; i < walker.path.size(); ++i) {
                    const Waypoint& before = walker.path[i - 1];
                    const bool stands = before.spot == walker.path[i].spot;
                    if (stands && walker.path[i].at - before.at >= seconds{5}) return true;
                }
                return false;
            });
        });
    };
    EXPECT_GT(stopped(SceneKind::Linger), 12);
    EXPECT_EQ(stopped(SceneKind::Plain), 0);
}

TEST(SceneCast, WalksTwoByTwo) {
    const SceneScript scene = make_scene(SceneKind::Pairs, 3);
    int beside = 0;
    for (const TrueCrossing& crossing : scene.crossings) {
        beside += std::ranges::any_of(scene.crossings, [&](const TrueCrossing& other) {
            return other.id != crossing.id && std::abs(other.frame - crossing.frame) <= 4;
        });
    }
    EXPECT_EQ(beside, static_cast<int>(scene.crossings.size()));
}

TEST(SceneCast, BringsChildrenTrolleysAndCrowdsWhereItSaysSo) {
    const auto small = [](const SceneScript& scene) {
        return std::ranges::count_if(scene.walkers, [](const Walker& w) { return w.radius <= 10; });
    };
    const auto trolleys = [](const SceneScript& scene) {
        return std::ranges::count(scene.walkers, Carries::Trolley, &Walker::carries);
    };
    const auto at_once = [](const SceneScript& scene) {
        std::size_t most = 0;
        for (int frame = 0; frame < kSceneFrames; frame += 6) {
            most = std::max(most, scene.boxes(frame).size());
        }
        return most;
    };
    EXPECT_GT(mean(SceneKind::Child, small), 14);
    EXPECT_EQ(mean(SceneKind::Plain, small), 0);
    EXPECT_GT(mean(SceneKind::Trolley, trolleys), 15);
    EXPECT_EQ(mean(SceneKind::Plain, trolleys), 0);
    EXPECT_GE(mean(SceneKind::Crowd, at_once), 6.5);
    EXPECT_LT(mean(SceneKind::Plain, at_once), 6);
}

TEST(SceneCast, PutsTheFigureBesideTheLineAndMovesItOnce) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const SceneScript scene = make_scene(SceneKind::Mannequin, seed);
        std::vector<Spot> places;
        for (int frame = 0; frame < kSceneFrames; ++frame) {
            for (const Walker& walker : scene.walkers) {
                const auto spot =
                    walker.walks ? std::nullopt : place_of(walker, time_of_frame(frame));
                if (spot && (places.empty() || places.back() != *spot)) places.push_back(*spot);
            }
        }
        ASSERT_EQ(places.size(), 2U) << seed;
        EXPECT_GT(std::hypot(places[0].x - places[1].x, places[0].y - places[1].y), 30 * kSub);
    }
}

}  // namespace
}  // namespace aisle::simulated
