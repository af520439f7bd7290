#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "drivers/tracking/polyline.hpp"
#include "drivers/tracking/tracker.hpp"

namespace aisle::tracking {

// A track that was lost near a line goes on in one that is born near by, within both of these.
inline constexpr milliseconds kStitchWithin{2000};
inline constexpr double kStitchMetres = 1.0;

// Puts tracks together that the tracker broke at a counting line, where a new number would forget
// the side that somebody came from. The new track takes the old one's number; nothing is compared
// but place and time. What was lost is passed on unseen until it is too late to be found. One
// thread, deterministic.
class Stitcher {
public:
    explicit Stitcher(const Scene& scene);

    // Tracker::update's answer, `elapsed` after the last one. Good until the next call; ascending
    // by number.
    std::span<const Track> update(std::span<const Track> tracks, milliseconds elapsed);
    void reset();

private:
    struct Seen {
        Track track;            // as it was last seen
        milliseconds unseen{};  // since then
        bool gone = false;      // the tracker has given it up
        std::int64_t heir = 0;  // the tracker's number of the track that goes on in its place
    };
    void note(std::span<const Track> tracks, milliseconds elapsed);
    void find_heir(const Track& born);
    [[nodiscard]] bool near_a_line(Point foot, double metre) const;
    void release_heirs(std::span<const Track> tracks);
    void publish(std::span<const Track> tracks);
    [[nodiscard]] std::int64_t number_of(const Track& track) const;

    Scene scene_;
    std::vector<Polyline> lines_;
    std::map<std::int64_t, Seen> seen_;           // by the tracker's number
    std::map<std::int64_t, std::int64_t> alias_;  // the tracker's number -> the one that is told
    std::vector<Track> published_;
    std::int64_t numbers_given_ = 0;
};

}  // namespace aisle::tracking
