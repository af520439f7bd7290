#pragma once

#include <optional>

#include "agent/core/time.hpp"

namespace aisle::camera {

// Notices when a camera has given no picture, and for how long. Lengths come from the monotonic
// time, so a wall clock that is put right makes no blindness. Pure.
class BlindSpell {
public:
    struct Span {
        WallTime from{};
        WallTime to{};
    };
    static constexpr milliseconds kShortest{
        2000};  // a shorter gap is no blindness: nobody is lost in it
    static constexpr milliseconds kPiece{30'000};  // a long one is told in pieces while it lasts

    explicit BlindSpell(const Stamp& start) : told_{start.mono} {}

    // A picture has come: the gap that it ends, if it was one.
    std::optional<Span> seen(const Stamp& now);
    // Nothing has come: the next piece of the gap, if it is long enough.
    std::optional<Span> nothing(const Stamp& now);
    [[nodiscard]] milliseconds silence(const Stamp& now) const;

private:
    MonoTime told_;  // the last picture, or the end of the last piece
    bool blind_ = false;
    MonoTime last_seen_ = told_;
};

}  // namespace aisle::camera
