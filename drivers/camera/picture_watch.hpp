#pragma once

#include <cstdint>
#include <optional>

#include "agent/core/time.hpp"
#include "drivers/camera/frame.hpp"

namespace aisle::camera {

// What a picture is worth. Only a Fresh one is analysed.
enum class Worth {
    Fresh,
    Repeat,  // byte for byte the one before: the camera or its decoder stands still
    Black,   // no light and no structure: lens covered, sensor or stream dead
    TooFast  // came at more than twice the rate that was told: a backlog or a stuck sender
};

// How long a camera may send worthless pictures until it is closed and opened again. An empty shop
// at night may be encoded as repeats for a while, so that this is not short.
struct WatchLimits {
    milliseconds frozen_max{10'000};
    milliseconds black_max{10'000};
    milliseconds fast_max{10'000};
};

// Judges pictures as they come. Cameras die politely: they send the same picture for ever, or a
// black one, or one picture a hundred times a second (Frigate #8624, #6502, #5280). Keeps no
// picture, only a sum over some of its bytes: it has no more than a fiftieth of a detector's time.
// One thread; no clock.
class PictureWatch {
public:
    explicit PictureWatch(WatchLimits limits = {}) : limits_{limits} {}

    struct Verdict {
        Worth worth = Worth::Fresh;
        bool resized = false;  // another size than the picture before
        bool reopen = false;   // worthless for too long; told once
    };
    // The next picture. `period` as the source tells it; zero: unknown, and nothing is too fast.
    // Who is still too fast after he was opened again simply is: his pictures are thinned out, and
    // nobody asks for it a second time before he has kept to his rate for fast_max.
    Verdict look(const Frame& frame, MonoTime now, milliseconds period);
    // After an opening: nothing is known of the picture before.
    void reset();

private:
    [[nodiscard]] Worth worth_of(const Frame& frame, MonoTime now, milliseconds period);
    [[nodiscard]] bool hopeless(Worth worth, MonoTime now);
    [[nodiscard]] bool races(Worth worth, MonoTime now);

    WatchLimits limits_;
    std::uint64_t sum_ = 0;          // of the picture before
    Frame::Size size_;               // of the picture before
    std::optional<MonoTime> fresh_;  // the last one worth looking at, or the first
    std::optional<MonoTime> last_;   // the picture before
    milliseconds credit_{2000};      // of time for which pictures have not come yet
    bool told_ = false;
    // Good ones come between those that are too fast, so that these have a time of their own.
    std::optional<MonoTime> fast_from_;  // since when, without a pause
    std::optional<MonoTime> fast_last_;
    bool fast_told_ = false;  // outlives a reset
};

}  // namespace aisle::camera
