#include "drivers/simulated/people.hpp"

#include <algorithm>

#include "drivers/simulated/fixed.hpp"

namespace aisle::simulated {
namespace {

constexpr milliseconds kSampled{100};  // how often a distance is looked at
constexpr int kBag = 250;              // permille of people
constexpr int kNearTone = 100;         // permille: clothes hardly apart from the floor
constexpr int kChildRadius = 10;       // pixels, and below

std::uint8_t tone(std::int64_t value) {
    return static_cast<std::uint8_t>(std::clamp<std::int64_t>(value, 8, 245));
}

Colour draw_clothes(Noise& noise, Colour floor) {
    const auto draw = noise.below(1000);
    std::int64_t grey = noise.between(24, 72);
    if (draw < kNearTone) {
        const auto apart = noise.between(15, 27);
        const auto off = noise.chance(500) ? apart : -apart;
        return {tone(floor.blue + off), tone(floor.green + off), tone(floor.red + off)};
    }
    if (draw > 800) grey = noise.between(195, 228);
    if (draw > 600 && draw <= 800) grey = noise.between(floor.green / 2, floor.green * 3 / 4);
    const auto blue = grey + noise.between(-22, 22);
    const auto green = grey + noise.between(-22, 22);
    return {tone(blue), tone(green), tone(grey + noise.between(-22, 22))};
}

Colour draw_hair(Noise& noise) {
    const auto draw = noise.below(100);
    const auto grey = draw < 75   ? noise.between(20, 50)
                      : draw < 90 ? noise.between(55, 95)
                                  : noise.between(150, 205);
    return {tone(grey - 6), tone(grey), tone(grey + 8)};
}

int reach_of(const Walker& walker) {
    return walker.carries == Carries::Trolley ? walker.radius * 9 / 5 : walker.radius;
}

}  // namespace

Walker dress(Noise& noise, const Figure& figure) {
    Walker walker;
    walker.radius = figure.radius;
    walker.phase_turns = static_cast<int>(noise.below(kTurn));
    const bool bag = figure.radius > kChildRadius && noise.chance(kBag);
    walker.carries = bag ? Carries::Bag : Carries::Nothing;
    walker.clothes = draw_clothes(noise, figure.floor);
    walker.hair = draw_hair(noise);
    return walker;
}

bool keep_apart(const Walker& one, const Walker& other, int room_permille) {
    const milliseconds from = std::max(one.path.front().at, other.path.front().at);
    const milliseconds to = std::min(one.path.back().at, other.path.back().at);
    const std::int64_t room =
        std::int64_t{reach_of(one) + reach_of(other)} * kSub * room_permille / 1000;
    for (milliseconds at = from; at <= to; at += kSampled) {
        const Spot a = *place_of(one, at);
        const Spot b = *place_of(other, at);
        const std::int64_t x = a.x - b.x;
        const std::int64_t y = a.y - b.y;
        if (x * x + y * y < room * room) return false;
    }
    return true;
}

}  // namespace aisle::simulated
