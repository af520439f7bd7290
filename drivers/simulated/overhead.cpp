#include "drivers/simulated/overhead.hpp"

#include <algorithm>

#include "drivers/simulated/body.hpp"
#include "drivers/simulated/fixed.hpp"
#include "drivers/simulated/noise.hpp"

namespace aisle::simulated {
namespace {

constexpr int kTile = 40;       // pixels
constexpr int kDoorReach = 64;  // pixels from the street's edge at which the door opens
constexpr int kGlowDepth = 72;  // pixels that the open door's light reaches
constexpr Colour kWire{150, 152, 155};
constexpr Colour kBagTone{60, 45, 70};

std::uint8_t byte(int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

Colour plus(Colour colour, int by) {
    return {byte(colour.blue + by), byte(colour.green + by), byte(colour.red + by)};
}

// A change comes and goes within kLightRamp.
int change_at(const LightChange& change, milliseconds at) {
    if (at < change.from || at >= change.to + kLightRamp) return kFullLight;
    const auto into = std::min((at - change.from).count(), (change.to + kLightRamp - at).count());
    const auto share = std::clamp<std::int64_t>(into, 0, kLightRamp.count());
    return kFullLight + static_cast<int>((change.factor - kFullLight) * share / kLightRamp.count());
}

Shape disc(Spot middle, int radius) {
    return {.middle = middle, .across = radius, .along = radius, .heading = 0};
}

}  // namespace

Colour floor_tone(std::uint64_t seed) {
    Noise noise{seed, 78};
    const auto grey = static_cast<int>(noise.between(112, 172));
    const auto tint = [&] { return static_cast<int>(noise.between(-9, 9)); };
    const int blue = grey + tint();
    const int green = grey + tint();
    return {byte(blue), byte(green), byte(grey + tint())};
}

int light_at(const Light& light, milliseconds at) {
    const auto angle = static_cast<int>(at.count() * kTurn / light.wave_period.count());
    int factor = light.factor * (kFullLight + light.wave * sine(angle) / kUnit) / kFullLight;
    for (const LightChange& change : light.changes) {
        factor = factor * change_at(change, at) / kFullLight;
    }
    return factor;
}

OverheadCamera::OverheadCamera(const Setting& setting)
    : setting_{setting}, grain_{setting.seed, setting.light.grain} {
    shadow_heading_ = static_cast<int>(Noise{setting.seed, 79}.below(kTurn));
    lay_floor();
}

// Tiles of slightly different tones, dark joints between them, and corners that get less light.
void OverheadCamera::lay_floor() {
    Noise noise{setting_.seed, 80};
    const Colour middle = floor_tone(setting_.seed);
    const int shift_x = static_cast<int>(noise.below(kTile));
    const int shift_y = static_cast<int>(noise.below(kTile));
    std::array<int, 80> tiles{};
    for (int& tile : tiles) tile = static_cast<int>(noise.between(-7, 7));
    std::uint8_t* at = floor_.bgr.data();
    for (int y = 0; y < kSceneHeight; ++y) {
        for (int x = 0; x < kSceneWidth; ++x, at += 3) {
            const int column = (x + shift_x) / kTile;
            const int row = (y + shift_y) / kTile;
            const bool joint = (x + shift_x) % kTile < 2 || (y + shift_y) % kTile < 2;
            const int dx = x - kSceneWidth / 2;
            const int dy = y - kSceneHeight / 2;
            const int corner = (dx * dx + dy * dy) / 2200;
            const int rough = static_cast<int>(noise.between(-2, 2));
            const int tone = tiles[static_cast<std::size_t>(row * 9 + column)] + rough - corner -
                             (joint ? 20 : 0);
            const Colour colour = plus(middle, tone);
            at[0] = colour.blue;
            at[1] = colour.green;
            at[2] = colour.red;
        }
    }
}

void OverheadCamera::paint_screens(milliseconds at) {
    std::uint64_t stream = 500;
    for (const Screen& screen : setting_.light.screens) {
        const auto shown = std::ranges::upper_bound(screen.changes, at) - screen.changes.begin();
        Noise noise{setting_.seed, ++stream * 1000 + static_cast<std::uint64_t>(shown)};
        const auto tone = [&] { return static_cast<std::uint8_t>(noise.between(50, 235)); };
        const std::uint8_t blue = tone();
        const std::uint8_t green = tone();
        const Extent& place = screen.place;
        paint_rectangle(picture_,
                        {.middle = {(place.x + place.w / 2) * kSub, (place.y + place.h / 2) * kSub},
                         .across = place.h * kSub / 2,
                         .along = place.w * kSub / 2,
                         .heading = 0},
                        {blue, green, tone()});
    }
}

// From the street's left corner to its right one and some way into the shop.
void OverheadCamera::sweep_beams(milliseconds at) {
    for (const Beam& beam : setting_.light.beams) {
        if (at < beam.from || at >= beam.to) continue;
        const std::int64_t part = (at - beam.from).count();
        const std::int64_t whole = (beam.to - beam.from).count();
        const bool top = setting_.street == Street::Top;
        const int side = (top ? kSceneWidth : kSceneHeight) * kSub;
        const int reach = 70 * kSub;
        const int along = static_cast<int>((side + 2 * reach) * part / whole) - reach;
        const int inwards = 30 * kSub;
        const Spot middle = top ? Spot{along, inwards} : Spot{inwards, along};
        shade(picture_, disc(middle, reach), 150);
    }
}

void OverheadCamera::paint_one(const Walker& walker, Spot spot, milliseconds at) {
    if (walker.carries == Carries::Trolley) {
        paint_basket(picture_, trolley_of(walker, spot, at), kWire);
    }
    if (walker.carries == Carries::Bag) {
        paint_ellipse(picture_, bag_of(walker, spot, at), kBagTone);
    }
    for (const BodyPart& part : body_of(walker, spot, at)) {
        paint_ellipse(picture_, part.shape, part.colour);
    }
}

// All shadows lie on the floor, so nobody's falls on somebody who was painted before.
void OverheadCamera::paint_people(std::span<const Walker* const> present, milliseconds at) {
    const Light& light = setting_.light;
    for (const Walker* walker : present) {
        const auto spot = place_of(*walker, at);
        if (!spot) continue;
        const int r = walker->radius * kSub;
        const int reach = r * light.shadow_reach_permille / 1000;
        const Spot middle{spot->x + (reach * cosine(shadow_heading_) >> 14),
                          spot->y + (reach * sine(shadow_heading_) >> 14)};
        shade(picture_, disc(middle, r * 13 / 10 + reach / 4),
              -light.shadow_permille * kFullLight / 1000);
    }
    for (const Walker* walker : present) {
        if (const auto spot = place_of(*walker, at)) paint_one(*walker, *spot, at);
    }
}

// 0..256: how wide the door stands open, which is how near to it somebody is.
int OverheadCamera::door_open(std::span<const Walker* const> present, milliseconds at) const {
    int open = 0;
    for (const Walker* walker : present) {
        const auto spot = place_of(*walker, at);
        if (!spot || !walker->walks) continue;
        const int from_edge = (setting_.street == Street::Top ? spot->y : spot->x) / kSub;
        open = std::max(open, kFullLight - std::abs(from_edge) * kFullLight / kDoorReach);
    }
    return open;
}

Gains OverheadCamera::gains(std::span<const Walker* const> present, milliseconds at) const {
    Gains gains;
    const auto whole = static_cast<std::uint16_t>(std::clamp(light_at(setting_.light, at), 0, 512));
    gains.rows.fill(whole);
    gains.columns.fill(kFullLight);
    const int glow = setting_.light.door_glow * door_open(present, at) / kFullLight;
    for (int i = 0; i < kGlowDepth; ++i) {
        const auto factor =
            static_cast<std::uint16_t>(kFullLight + glow * (kGlowDepth - i) / kGlowDepth);
        const auto place = static_cast<std::size_t>(i);
        if (setting_.street == Street::Left) gains.columns[place] = factor;
        if (setting_.street == Street::Top) {
            gains.rows[place] = static_cast<std::uint16_t>(whole * factor / kFullLight);
        }
    }
    return gains;
}

const Picture& OverheadCamera::take(std::span<const Walker* const> present, milliseconds at,
                                    std::uint64_t number) {
    picture_.bgr = floor_.bgr;
    paint_screens(at);
    sweep_beams(at);
    paint_people(present, at);
    develop(picture_, gains(present, at), grain_, number);
    return picture_;
}

}  // namespace aisle::simulated
