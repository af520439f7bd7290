#include "drivers/simulated/door_scene.hpp"

#include <algorithm>

#include "drivers/simulated/people.hpp"

namespace aisle::simulated {
namespace {

constexpr int kLine = kSceneHeight / 2;  // pixels from the street
constexpr milliseconds kAhead{6000};     // nobody takes longer from the picture's edge to the line
constexpr int kApart = 1100;             // permille of two reaches
constexpr int kTries = 40;               // then they walk as they were drawn last

std::uint64_t picture_seed(const Plan& plan) { return plan.settings.seed + 0xd007; }

}  // namespace

DoorScene::DoorScene(const Plan& plan)
    : plan_{plan},
      camera_{{.seed = picture_seed(plan), .light = {.door_glow = 24}}},
      floor_{floor_tone(picture_seed(plan))} {
    for (const Shopper& shopper : plan.shoppers) {
        passages_.push_back({shopper.enters, &shopper, true});
        if (shopper.leaves <= plan.settings.length) {
            passages_.push_back({shopper.leaves, &shopper, false});
        }
    }
    std::ranges::stable_sort(passages_, {}, &Passage::at);
}

SceneLine DoorScene::line() {
    return {.name = "main", .from = {0, kLine}, .to = {kSceneWidth - 1, kLine}};
}

std::string DoorScene::scene_file() { return SceneScript{.lines = {line()}}.scene_file(); }

// A straight way through the picture that is on the line at the right time.
Walker DoorScene::draw(Noise& noise, const Passage& passage) const {
    Walker walker =
        dress(noise, {.radius = static_cast<int>(noise.between(13, 17)), .floor = floor_});
    const Tag* const tag = passage.shopper->tag;
    if (tag != nullptr && tag->bearer == "trolley") walker.carries = Carries::Trolley;
    walker.id = passage.shopper->number;
    const std::int64_t speed = noise.between(50, 90);  // pixels a second
    const int margin = walker.radius * 3 + 8;
    const int edge = walker.radius + 12;
    const auto lane = static_cast<int>(noise.between(edge, kSceneWidth - edge));
    const auto far_lane =
        std::clamp(lane + static_cast<int>(noise.between(-40, 40)), edge, kSceneWidth - edge);
    const milliseconds outside{(kLine + margin) * 1000 / speed};
    const milliseconds inside{(kSceneHeight - kLine + margin) * 1000 / speed};
    const Spot street{lane * kSub, -margin * kSub};
    const Spot shop{far_lane * kSub, (kSceneHeight + margin) * kSub};
    walker.path =
        passage.in
            ? std::vector<Waypoint>{{passage.at - outside, street}, {passage.at + inside, shop}}
            : std::vector<Waypoint>{{passage.at - inside, shop}, {passage.at + outside, street}};
    return walker;
}

Walker DoorScene::bring(const Passage& passage) const {
    const auto number = static_cast<std::uint64_t>(passage.shopper->number);
    Noise noise{picture_seed(plan_), 1'000'000 + number * 2 + (passage.in ? 0 : 1)};
    Walker walker = draw(noise, passage);
    for (int i = 1; i < kTries; ++i) {
        const bool free = std::ranges::all_of(
            present_, [&](const Walker& other) { return keep_apart(walker, other, kApart); });
        if (free) break;
        walker = draw(noise, passage);
    }
    return walker;
}

// Whoever has gone since the last picture, because nobody looked for a while, is left out.
void DoorScene::let_come(milliseconds now) {
    for (; come_ < passages_.size() && passages_[come_].at <= now + kAhead; ++come_) {
        if (passages_[come_].at + kAhead >= now) present_.push_back(bring(passages_[come_]));
    }
}

const Picture& DoorScene::take(milliseconds at) {
    std::erase_if(present_, [at](const Walker& walker) { return walker.path.back().at < at; });
    let_come(at);
    shown_.clear();
    for (const Walker& walker : present_) shown_.push_back(&walker);
    const std::int64_t frame = at.count() * kSceneFps / 1000;
    return camera_.take(shown_, at, static_cast<std::uint64_t>(frame));
}

}  // namespace aisle::simulated
