#include "drivers/tracking/tracker.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "drivers/tracking/assignment.hpp"

namespace aisle::tracking {

struct Tracker::Tracked {
    std::int64_t id = 0;
    MotionFilter filter;
    Box box;                // where it is now, predicted or corrected
    Point origin;           // where it began
    double travel = 0;      // farthest from there, in box heights
    double height_max = 0;  // a box that shrinks has not moved
    int hits = 1;
    milliseconds age{};
    milliseconds unseen{};
    Point stand;  // the middle of the circle that it stands in
    milliseconds standing{};
    bool confirmed = false;
    bool masked = false;
};

// What is still to be paired in this frame: places in `boxes` and in tracked_. Kept from frame to
// frame for its memory.
struct Tracker::Open {
    std::vector<Box> boxes;
    std::vector<std::size_t> free_boxes;
    std::vector<std::size_t> free_tracks;
    std::vector<std::size_t> rows;     // of the stage that is under way, places in tracked_
    std::vector<std::size_t> columns;  // places in boxes

    void begin(std::span<const Box> all, double score_min) {
        boxes.clear();
        std::ranges::copy_if(all, std::back_inserter(boxes), [&](const Box& box) {
            return box.score >= score_min && box.w > 0 && box.h > 0;
        });
        std::ranges::stable_sort(boxes, std::greater{}, &Box::score);
    }
    void number(std::size_t tracks) {
        free_boxes.resize(boxes.size());
        free_tracks.resize(tracks);
        std::iota(free_boxes.begin(), free_boxes.end(), std::size_t{0});
        std::iota(free_tracks.begin(), free_tracks.end(), std::size_t{0});
    }
    void choose(auto wanted) {
        rows = free_tracks;
        columns.clear();
        std::ranges::copy_if(free_boxes, std::back_inserter(columns),
                             [&](std::size_t i) { return wanted(boxes[i].score); });
    }
    void taken(const Pair& pair) {
        std::erase(free_tracks, rows[pair.row]);
        std::erase(free_boxes, columns[pair.column]);
    }
};

namespace {

struct Span {
    double from = 0;
    double to = 0;
    [[nodiscard]] double size() const { return to - from; }
};

// How near to the outermost edge an edge counts as outermost too, of its own box's size.
constexpr double kOutermost = 0.15;

// A thing on a masked place is seen where it has been seen for minutes: a box that is off by a
// little costs it so many times as much as one that moves, so that a shopper may stop before it.
constexpr double kMaskedSense = 2;
constexpr double kBarely = 0.999;  // of what staying apart costs: paired if nobody else wants it

// What being unseen for a second costs beside the distance, in box heights.
constexpr double kUnseenCostPerSecond = 0.2;

// Where `part` begins once the edges of `all` parts have gone to those of the `blob`.
double fitted(Span part, Span all, Span blob) {
    const double near = kOutermost * part.size();
    const double first = part.from - all.from <= near ? blob.from - all.from : 0;
    const double last = all.to - part.to <= near ? blob.to - all.to : 0;
    const bool both = part.from - all.from <= near && all.to - part.to <= near;
    const double moved = part.from + (both ? (first + last) / 2 : first + last);
    return std::clamp(moved, blob.from, std::max(blob.from, blob.to - part.size()));
}

// How much of `part` lies inside `whole`, 0..1.
double covered(const Box& part, const Box& whole) {
    const double w = std::min(part.x + part.w, whole.x + whole.w) - std::max(part.x, whole.x);
    const double h = std::min(part.y + part.h, whole.y + whole.h) - std::max(part.y, whole.y);
    return w <= 0 || h <= 0 ? 0 : w * h / (part.w * part.h);
}

}  // namespace

Tracker::Tracker(TrackerSettings settings)
    : settings_{settings}, mask_{settings.still}, open_{std::make_unique<Open>()} {}
Tracker::~Tracker() = default;

void Tracker::reset() {
    tracked_.clear();
    published_.clear();
}

std::span<const Track> Tracker::update(std::span<const Box> boxes, milliseconds elapsed) {
    Open& open = *open_;
    open.begin(boxes, settings_.low_score);
    if (open.boxes.size() > kBoxesMax) {
        boxes_dropped_ += open.boxes.size() - kBoxesMax;
        open.boxes.resize(kBoxesMax);
    }
    open.number(tracked_.size());

    predict(elapsed);
    share_blobs(open);
    match_overlaps(open, true);
    match_overlaps(open, false);
    match_feet(open);
    begin_tracks(open);
    forget_lost();
    learn_mask(elapsed);
    publish();
    return published_;
}

bool Tracker::anchored(const Tracked& tracked) const {
    return !tracked.confirmed && tracked.standing >= settings_.anchor_after;
}

void Tracker::predict(milliseconds elapsed) {
    const double elapsed_s = std::chrono::duration<double>(elapsed).count();
    for (Tracked& tracked : tracked_) {
        if (anchored(tracked) && tracked.unseen > milliseconds{0}) tracked.filter.halt();
        tracked.filter.predict(elapsed_s);
        tracked.box = tracked.filter.box();
        tracked.unseen += elapsed;
        tracked.age += elapsed;
        tracked.standing += elapsed;
    }
}

// People who walk past each other make one blob. A box that covers several tracks whole, and looks
// like none of them, is shared out: each keeps its size and goes where the blob's edges allow.
void Tracker::share_blobs(Open& open) {
    const auto boxes = open.free_boxes;
    for (const std::size_t i : boxes) {
        const Box& blob = open.boxes[i];
        std::vector<std::size_t> inside;
        double likeness = 0;
        for (const std::size_t t : open.free_tracks) {
            if (tracked_[t].hits < settings_.confirm_hits || tracked_[t].masked) continue;
            likeness = std::max(likeness, overlap(tracked_[t].box, blob));
            if (covered(tracked_[t].box, blob) >= settings_.share_cover) inside.push_back(t);
        }
        if (inside.size() < 2 || likeness > settings_.share_likeness) continue;
        const auto parts = share_out(blob, inside);
        for (std::size_t k = 0; k < inside.size(); ++k) {
            take(tracked_[inside[k]], parts[k], settings_.share_noise);
            std::erase(open.free_tracks, inside[k]);
        }
        std::erase(open.free_boxes, i);
    }
}

// The members of a blob as predicted, moved so that their outermost edges meet the blob's. A member
// that is outermost on both sides of an axis goes to the middle.
std::vector<Box> Tracker::share_out(const Box& blob, const std::vector<std::size_t>& inside) const {
    Span across{1e9, -1e9};
    Span upright{1e9, -1e9};
    std::vector<Box> parts;
    for (const std::size_t t : inside) {
        const Box& part = parts.emplace_back(tracked_[t].box);
        across = {std::min(across.from, part.x), std::max(across.to, part.x + part.w)};
        upright = {std::min(upright.from, part.y), std::max(upright.to, part.y + part.h)};
    }
    for (Box& part : parts) {
        part.x = fitted({part.x, part.x + part.w}, across, {blob.x, blob.x + blob.w});
        part.y = fitted({part.y, part.y + part.h}, upright, {blob.y, blob.y + blob.h});
        part.score = blob.score;
    }
    return parts;
}

// The first association takes sure boxes, the second the others (ByteTrack, Zhang 2022). A pair
// that costs no less than staying apart is none: the sum of the likenesses counts, not the number
// of pairs, else the second box on one person would push its neighbours' boxes about.
void Tracker::match_overlaps(Open& open, bool sure) {
    const double least = sure ? settings_.overlap_min : settings_.overlap_min_low;
    open.choose([&](double score) { return (score >= settings_.high_score) == sure; });
    Costs costs{{.rows = open.rows.size(), .columns = open.columns.size()}, 1 - least};
    for (std::size_t r = 0; r < open.rows.size(); ++r) {
        const Tracked& tracked = tracked_[open.rows[r]];
        const bool still = anchored(tracked);
        for (std::size_t c = 0; c < open.columns.size(); ++c) {
            const Box& box = open.boxes[open.columns[c]];
            const double weight = sure ? box.score : 1;
            const double alike = overlap(tracked.box, box);
            if (alike * weight <= least || (still && alike < settings_.anchor_overlap)) continue;
            const double fit = still && tracked.masked ? 1 - kMaskedSense * (1 - alike) : alike;
            costs.at(r, c) = std::min(1 - fit * weight, kBarely * (1 - least));
        }
    }
    take_pairs(open, costs, 1 - least);
}

// What overlap could not tell: a jump, a blob that lost its head, a low frame rate. The longer a
// track has been unseen, the less it is believed. What has never travelled does not jump.
void Tracker::match_feet(Open& open) {
    open.choose([&](double score) { return score >= settings_.high_score; });
    Costs costs{{.rows = open.rows.size(), .columns = open.columns.size()}};
    for (std::size_t r = 0; r < open.rows.size(); ++r) {
        const Tracked& tracked = tracked_[open.rows[r]];
        if (anchored(tracked)) continue;
        for (std::size_t c = 0; c < open.columns.size(); ++c) {
            const Box& box = open.boxes[open.columns[c]];
            const double height = (tracked.box.h + box.h) / 2;
            const double apart = distance(foot_point(tracked.box), foot_point(box)) / height;
            if (apart > settings_.reach) continue;
            const double unseen_s = std::chrono::duration<double>(tracked.unseen).count();
            costs.at(r, c) = apart + kUnseenCostPerSecond * unseen_s;
        }
    }
    take_pairs(open, costs, Costs::kForbidden);
}

void Tracker::take_pairs(Open& open, const Costs& costs, double cost_max) {
    for (const Pair& pair : assign(costs)) {
        if (costs.at(pair.row, pair.column) >= cost_max) continue;
        take(tracked_[open.rows[pair.row]], open.boxes[open.columns[pair.column]]);
        open.taken(pair);
    }
}

void Tracker::take(Tracked& tracked, const Box& box, double noise) {
    tracked.filter.correct(box, noise);
    tracked.box = tracked.filter.box();
    tracked.box.score = box.score;
    tracked.unseen = milliseconds{0};
    ++tracked.hits;
    tracked.height_max = std::max(tracked.height_max, tracked.box.h);
    const Point foot = foot_point(tracked.box);
    const double moved = distance(foot, tracked.origin) / tracked.height_max;
    tracked.travel = std::max(tracked.travel, moved);
    if (distance(foot, tracked.stand) > kStandRadius * tracked.box.h) {
        tracked.stand = foot;
        tracked.standing = milliseconds{0};
    }
    tracked.masked = mask_.place_of(tracked.box) != nullptr;
    tracked.confirmed |= !tracked.masked && tracked.hits >= settings_.confirm_hits &&
                         tracked.travel >= settings_.confirm_travel;
}

// Two boxes on one person are left over by a detector that is careful with couples.
bool Tracker::has_twin(const Box& box) const {
    return std::ranges::any_of(tracked_, [&](const Tracked& tracked) {
        return tracked.unseen == milliseconds{0} &&
               overlap(tracked.box, box) > settings_.twin_overlap;
    });
}

void Tracker::begin_tracks(const Open& open) {
    for (const std::size_t i : open.free_boxes) {
        const Box& box = open.boxes[i];
        if (box.score < settings_.high_score || has_twin(box)) continue;
        if (tracked_.size() >= kTracksMax) {
            ++boxes_dropped_;
            continue;
        }
        tracked_.push_back(begun(box));
    }
}

Tracker::Tracked Tracker::begun(const Box& box) {
    return {.id = ++ids_given_,
            .filter = MotionFilter{box},
            .box = box,
            .origin = foot_point(box),
            .height_max = box.h,
            .stand = foot_point(box),
            .masked = mask_.place_of(box) != nullptr};
}

milliseconds Tracker::patience(const Tracked& tracked) const {
    if (tracked.hits < settings_.confirm_hits) return settings_.coast_new;
    if (!anchored(tracked)) return settings_.coast;
    if (tracked.masked) return milliseconds::max();
    return std::clamp(tracked.standing - tracked.unseen, settings_.coast, settings_.anchor_coast);
}

void Tracker::forget_lost() {
    std::erase_if(tracked_,
                  [&](const Tracked& tracked) { return tracked.unseen > patience(tracked); });
}

void Tracker::learn_mask(milliseconds elapsed) {
    standing_.clear();
    for (const Tracked& tracked : tracked_) {
        const auto enough =
            tracked.confirmed ? settings_.evidence_after_travel : settings_.evidence_after;
        if (tracked.unseen == milliseconds{0} && tracked.standing >= enough) {
            standing_.push_back(tracked.box);
        }
    }
    mask_.learn(standing_, elapsed);
    for (Tracked& tracked : tracked_) {
        const StillPlace* place = mask_.place_of(tracked.box);
        tracked.masked = place != nullptr;
        if (tracked.masked && anchored(tracked) && tracked.unseen > milliseconds{0}) {
            tracked.filter = MotionFilter{place->box};
        }
    }
    keep_anchors();
}

// On every masked place waits a track that never travels and takes the thing's box, so that nobody
// who walks by does: also where the thing's own track has gone, after a reset or a restart.
void Tracker::keep_anchors() {
    for (const StillPlace& place : mask_.places()) {
        if (!place.masked || tracked_.size() >= kTracksMax) continue;
        const bool kept = std::ranges::any_of(tracked_, [&](const Tracked& tracked) {
            return anchored(tracked) && mask_.place_of(tracked.box) == &place;
        });
        if (kept) continue;
        Tracked anchor = begun(place.box);
        anchor.hits = settings_.confirm_hits;
        anchor.standing = settings_.anchor_after;
        anchor.unseen = milliseconds{1};
        anchor.masked = true;
        tracked_.push_back(std::move(anchor));
    }
}

void Tracker::publish() {
    published_.clear();
    for (const Tracked& tracked : tracked_) {
        published_.push_back({.id = tracked.id,
                              .box = tracked.box,
                              .seen = tracked.unseen == milliseconds{0},
                              .confirmed = tracked.confirmed,
                              .velocity_s = tracked.filter.velocity_s(),
                              .age = tracked.age,
                              .unseen = tracked.unseen,
                              .standing = tracked.standing,
                              .masked = tracked.masked});
    }
}

}  // namespace aisle::tracking
