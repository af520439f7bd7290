#pragma once

#include <span>
#include <vector>

#include "drivers/simulated/canvas.hpp"
#include "drivers/simulated/light.hpp"

namespace aisle::simulated {

// A camera over a door: a tiled floor that belongs to the seed, light that moves, people, grain. A
// picture depends on the arguments alone, so frames can be taken in any order. One thread.
class OverheadCamera {
public:
    // What the door's edge of the picture is: people come in from the street there.
    enum class Street { Top, Left };
    struct Setting {
        std::uint64_t seed = 0;
        Light light;
        Street street = Street::Top;
    };
    explicit OverheadCamera(const Setting& setting);

    // `present` are painted in this order; those who are not there at this time are left out.
    // `number` picks the grain. Good until the next call.
    const Picture& take(std::span<const Walker* const> present, milliseconds at,
                        std::uint64_t number);

private:
    void lay_floor();
    void paint_screens(milliseconds at);
    void sweep_beams(milliseconds at);
    void paint_people(std::span<const Walker* const> present, milliseconds at);
    void paint_one(const Walker& walker, Spot spot, milliseconds at);
    [[nodiscard]] Gains gains(std::span<const Walker* const> present, milliseconds at) const;
    [[nodiscard]] int door_open(std::span<const Walker* const> present, milliseconds at) const;

    Setting setting_;
    Grain grain_;
    Picture floor_;
    Picture picture_;
    int shadow_heading_ = 0;
};

// The whole scene's light at this time, 1/256.
int light_at(const Light& light, milliseconds at);

// The middle tone of a seed's floor: clothes are chosen by it.
Colour floor_tone(std::uint64_t seed);

}  // namespace aisle::simulated
