#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "agent/core/time.hpp"
#include "drivers/tracking/assignment.hpp"
#include "drivers/tracking/motion_filter.hpp"
#include "drivers/tracking/still_mask.hpp"

namespace aisle::tracking {

struct TrackerSettings {
    // Boxes from here on take part in the first association and begin tracks.
    double high_score = 0.45;
    double low_score = 0.15;       // boxes below are ignored; those between only prolong a track
    double overlap_min = 0.2;      // first association, score-weighted
    double overlap_min_low = 0.5;  // second association
    double reach = 0.6;  // third: foot points no farther apart than this many mean box heights
    double share_cover = 0.65;    // a blob is shared by tracks that lie in it by so much ...
    double share_likeness = 0.7;  // ... unless one of them overlaps with it more than this
    double share_noise = 3;       // a share says so many times less sharply where a person is
    double twin_overlap = 0.45;   // a box that overlaps so much with a track's is the same person
    milliseconds coast{1500};     // a track lives on unseen for so long
    milliseconds coast_new{300};  // before it was seen confirm_hits times
    int confirm_hits = 3;         // seen so often ...
    double confirm_travel = 0.6;  // ... and moved by so many box heights: else it is a poster

    // One who has never travelled and stands for so long is anchored: it has no speed, takes only
    // boxes that overlap by anchor_overlap, and waits for them as long as it has stood, up to
    // anchor_coast, so that who walks past a mannequin does not end as one.
    milliseconds anchor_after{2000};
    milliseconds anchor_coast{30'000};
    double anchor_overlap = 0.4;
    // Standing so long is evidence for the mask: of what has never travelled, and of the others.
    milliseconds evidence_after{10'000};
    milliseconds evidence_after_travel{600'000};
    StillSettings still{};
};

// Beyond these a frame's boxes and a picture's tracks are dropped, the least sure and the newest
// first.
inline constexpr std::size_t kBoxesMax = 128;
inline constexpr std::size_t kTracksMax = 256;

// A person's path so far. `box` is the smoothed place in this frame.
struct Track {
    std::int64_t id = 0;  // from 1, never used twice
    Box box;
    bool seen = true;         // false: coasting on its prediction
    bool confirmed = false;   // never goes back to false
    Point velocity_s{};       // of the box's middle, pixels a second
    milliseconds age{};       // since its first box
    milliseconds unseen{};    // since its last box
    milliseconds standing{};  // since its foot point last left a circle of kStandRadius heights
    bool masked = false;      // on a place of the learnt mask: a thing, until it leaves it
};

// One whose foot point stays within so many box heights of a point stands.
inline constexpr double kStandRadius = 0.3;

// Turns boxes into tracks: ByteTrack's two associations by overlap (sure boxes, then unsure ones)
// and a third by the distance of foot points, which low frame rates and jumping blobs need. Before
// these, a blob that covers several people who were apart is shared out among them. What has never
// travelled is never confirmed, and where such things stand for minutes the mask is learnt. Fixed
// cameras only. Deterministic: the same boxes give the same tracks on every machine. One thread.
class Tracker {
public:
    explicit Tracker(TrackerSettings settings = {});
    ~Tracker();
    Tracker(const Tracker&) = delete;
    Tracker& operator=(const Tracker&) = delete;

    // The boxes of the next frame, `elapsed` after the last one. The answer is good until the next
    // call: all living tracks, ascending by id, unconfirmed and coasting ones included.
    std::span<const Track> update(std::span<const Box> boxes, milliseconds elapsed);

    // Forgets every track, at a file's seam or after a gap; ids go on.
    void reset();

    // Of the last update.
    [[nodiscard]] std::span<const Track> tracks() const { return published_; }

    // Where things stand that look like people. It outlives reset(); who has a place to keep it may
    // hand it to the next tracker of the same camera with restore_mask().
    [[nodiscard]] const StillMask& mask() const { return mask_; }
    void restore_mask(std::span<const StillPlace> places) { mask_.restore(places); }

    [[nodiscard]] std::uint64_t boxes_dropped() const { return boxes_dropped_; }

private:
    struct Tracked;
    struct Open;
    void predict(milliseconds elapsed);
    void match_overlaps(Open& open, bool sure);
    void match_feet(Open& open);
    void take_pairs(Open& open, const Costs& costs, double cost_max);
    void share_blobs(Open& open);
    std::vector<Box> share_out(const Box& blob, const std::vector<std::size_t>& inside) const;
    void take(Tracked& tracked, const Box& box, double noise = 1);
    void begin_tracks(const Open& open);
    void forget_lost();
    Tracked begun(const Box& box);
    void learn_mask(milliseconds elapsed);
    void keep_anchors();
    void publish();
    [[nodiscard]] bool anchored(const Tracked& tracked) const;
    [[nodiscard]] milliseconds patience(const Tracked& tracked) const;
    [[nodiscard]] bool has_twin(const Box& box) const;

    TrackerSettings settings_;
    StillMask mask_;
    std::vector<Tracked> tracked_;
    std::vector<Track> published_;
    std::unique_ptr<Open> open_;
    std::vector<Box> standing_;
    std::int64_t ids_given_ = 0;
    std::uint64_t boxes_dropped_ = 0;
};

}  // namespace aisle::tracking
