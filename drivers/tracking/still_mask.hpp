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

    friend bool operator==(const StillPlace&, const StillPlace&) = default;
};

struct StillSettings {
    double likeness = 0.6;        // a box that overlaps so much with a place is of this place
    milliseconds learn{120'000};  // a place is masked once it has been stood on for so long ...
    milliseconds evidence_max{3'600'000};  // ... and remembers at most so much
    double forget_share = 0.25;   // a place that is looked at and empty forgets at this pace
    milliseconds settle{10'000};  // one who stands still for so long begins to be evidence
};

// Places beyond this are not learnt; the one with the least evidence gives way.
inline constexpr std::size_t kStillPlacesMax = 64;

// The learnt mask of a fixed camera. Evidence is only what began where it stands: one who walked up
// and lingers has travelled and is never evidence, and one who walks past a masked place is a box
// of another shape on most frames. A masked place begins no track that could be counted until the
// box has left it. Pure; the time is told by `elapsed`. One thread.
class StillMask {
public:
    explicit StillMask(StillSettings settings = {}) : settings_{settings} {}

    // `standing` are the boxes of this frame that have never travelled and stand still.
    void learn(std::span<const Box> standing, milliseconds elapsed);

    // True on a place that has been learnt.
    [[nodiscard]] bool covers(const Box& box) const;

    // What there is to remember over a restart, masked or on the way to it.
    [[nodiscard]] std::span<const StillPlace> places() const { return places_; }
    void restore(std::span<const StillPlace> places);

    [[nodiscard]] const StillSettings& settings() const { return settings_; }

private:
    StillSettings settings_;
    std::vector<StillPlace> places_;
};

}  // namespace aisle::tracking
