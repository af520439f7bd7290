#pragma once

#include <span>
#include <vector>

#include "agent/core/time.hpp"
#include "drivers/tracking/box.hpp"

namespace aisle::tracking {

// A place where something is always detected and never goes anywhere: a mannequin, a poster, a
// pillar.
struct StillPlace {
    Box box;
    milliseconds evidence{};  // for how long it has been seen there, less what has been forgotten
    bool masked = false;      // enough once, and not all forgotten since

    friend bool operator==(const StillPlace&, const StillPlace&) = default;
};

struct StillSettings {
    double likeness = 0.5;        // a box that overlaps so much with a place is of this place
    milliseconds learn{120'000};  // a place is masked when it has been stood on for so long
    milliseconds evidence_max{3'600'000};  // more is not remembered
    double forget_share = 0.25;  // a place that is looked at and empty forgets at this pace
};

// Places beyond this are not learnt: the one with the least evidence gives way.
inline constexpr std::size_t kStillPlacesMax = 64;

// The learnt mask of a fixed camera: what the tracker shows it that never travels is evidence, time
// without it takes evidence away. Time is told, not read; while a camera is blind nobody calls, and
// nothing is forgotten. One thread.
class StillMask {
public:
    explicit StillMask(StillSettings settings = {}) : settings_{settings} {}

    // `standing`: the boxes of this frame, `elapsed` after the last one, that are evidence.
    void learn(std::span<const Box> standing, milliseconds elapsed);

    // The masked place that a box stands on, the likest one; nullptr: none. Good until learn().
    [[nodiscard]] const StillPlace* place_of(const Box& box) const;

    // What there is to remember over a restart: masked places and those on the way to it.
    [[nodiscard]] std::span<const StillPlace> places() const { return places_; }
    void restore(std::span<const StillPlace> places);

private:
    StillPlace* likest(const Box& box);
    void add(const Box& box, milliseconds elapsed);

    StillSettings settings_;
    std::vector<StillPlace> places_;
    std::vector<bool> stood_on_;  // in this frame; kept so that nothing is allocated
};

}  // namespace aisle::tracking
