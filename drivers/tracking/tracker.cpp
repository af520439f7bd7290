#include "drivers/tracking/tracker.hpp"

#include <algorithm>
#include <utility>

#include "drivers/tracking/assignment.hpp"

namespace aisle::tracking {

struct Tracker::Tracked {
    std::int64_t id = 0;
    MotionFilter filter;
    Box box;            // where it is now, predicted or corrected
    Point origin;       // where it began
    double travel = 0;  // farthest from there, in box heights
    int hits = 1;
    milliseconds unseen{};
    bool confirmed = false;
};

// What is still to be paired in this frame: places in `boxes` and in tracked_.
struct Tracker::Open {
    std::vector<Box> boxes;
    std::vector<std::size_t> free_boxes;
    std::vector<std::size_t> free_tracks;

    void taken(const std::vector<Pair>& pairs, const std::vector<std::size_t>& tracks,
               const std::vector<std::size_t>& columns) {
        for (const Pair& pair : pairs) {
            std::erase(free_tracks, tracks[pair.row]);
            std::erase(free_boxes, columns[pair.column]);
        }
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

Tracker::Tracker(TrackerSettings settings) : settings_{settings} {}
Tracker::~Tracker() = default;

void Tracker::reset() {
    tracked_.clear();
    published_.clear();
}

std::span<const Track> Tracker::update(std::span<const Box> boxes, milliseconds elapsed) {
    Open open;
    std::ranges::copy_if(boxes, std::back_inserter(open.boxes), [&](const Box& box) {
        return box.score >= settings_.low_score && box.w > 0 && box.h > 0;
    });
    std::ranges::stable_sort(open.boxes, std::greater{}, &Box::score);
    if (open.boxes.size() > kBoxesMax) {
        boxes_dropped_ += open.boxes.size() - kBoxesMax;
        open.boxes.resize(kBoxesMax);
    }
    for (std::size_t i = 0; i < open.boxes.size(); ++i) open.free_boxes.push_back(i);
    for (std::size_t i = 0; i < tracked_.size(); ++i) open.free_tracks.push_back(i);

    predict(elapsed);
    share_blobs(open);
    match_overlaps(open, true);
    match_overlaps(open, false);
    match_feet(open);
    begin_tracks(open);
    forget_lost();
    publish();
    return published_;
}

void Tracker::predict(milliseconds elapsed) {
    const double elapsed_s = std::chrono::duration<double>(elapsed).count();
    for (Tracked& tracked : tracked_) {
        tracked.filter.predict(elapsed_s);
        tracked.box = tracked.filter.box();
        tracked.unseen += elapsed;
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
            if (tracked_[t].hits < settings_.confirm_hits) continue;
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

// The first association takes sure boxes, the second the others (ByteTrack, Zhang 2022).
void Tracker::match_overlaps(Open& open, bool sure) {
    const double least = sure ? settings_.overlap_min : settings_.overlap_min_low;
    std::vector<std::size_t> columns;
    std::ranges::copy_if(open.free_boxes, std::back_inserter(columns), [&](std::size_t i) {
        return (open.boxes[i].score >= settings_.high_score) == sure;
    });
    const auto rows = open.free_tracks;
    Costs costs{{.rows = rows.size(), .columns = columns.size()}};
    for (std::size_t r = 0; r < rows.size(); ++r) {
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const Box& box = open.boxes[columns[c]];
            const double weight = sure ? box.score : 1;
            const double likeness = overlap(tracked_[rows[r]].box, box) * weight;
            if (likeness >= least) costs.at(r, c) = 1 - likeness;
        }
    }
    const auto pairs = assign(costs);
    for (const Pair& pair : pairs) take(tracked_[rows[pair.row]], open.boxes[columns[pair.column]]);
    open.taken(pairs, rows, columns);
}

// What overlap could not tell: a jump, a blob that lost its head, a low frame rate. The longer a
// track has been unseen, the less it is believed.
void Tracker::match_feet(Open& open) {
    std::vector<std::size_t> columns;
    std::ranges::copy_if(open.free_boxes, std::back_inserter(columns), [&](std::size_t i) {
        return open.boxes[i].score >= settings_.high_score;
    });
    const auto rows = open.free_tracks;
    Costs costs{{.rows = rows.size(), .columns = columns.size()}};
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const Tracked& tracked = tracked_[rows[r]];
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const Box& box = open.boxes[columns[c]];
            const double height = (tracked.box.h + box.h) / 2;
            const double apart = distance(foot_point(tracked.box), foot_point(box)) / height;
            if (apart > settings_.reach) continue;
            const double unseen_s = std::chrono::duration<double>(tracked.unseen).count();
            costs.at(r, c) = apart + kUnseenCostPerSecond * unseen_s;
        }
    }
    const auto pairs = assign(costs);
    for (const Pair& pair : pairs) take(tracked_[rows[pair.row]], open.boxes[columns[pair.column]]);
    open.taken(pairs, rows, columns);
}

void Tracker::take(Tracked& tracked, const Box& box, double noise) {
    tracked.filter.correct(box, noise);
    tracked.box = tracked.filter.box();
    tracked.box.score = box.score;
    tracked.unseen = milliseconds{0};
    ++tracked.hits;
    const double moved = distance(foot_point(tracked.box), tracked.origin) / tracked.box.h;
    tracked.travel = std::max(tracked.travel, moved);
    tracked.confirmed |=
        tracked.hits >= settings_.confirm_hits && tracked.travel >= settings_.confirm_travel;
}

void Tracker::begin_tracks(const Open& open) {
    for (const std::size_t i : open.free_boxes) {
        const Box& box = open.boxes[i];
        if (box.score < settings_.high_score) continue;
        if (tracked_.size() >= kTracksMax) {
            ++boxes_dropped_;
            continue;
        }
        tracked_.push_back({.id = ++ids_given_,
                            .filter = MotionFilter{box},
                            .box = box,
                            .origin = foot_point(box)});
    }
}

void Tracker::forget_lost() {
    std::erase_if(tracked_, [&](const Tracked& tracked) {
        const bool sure = tracked.hits >= settings_.confirm_hits;
        return tracked.unseen > (sure ? settings_.coast : settings_.coast_new);
    });
}

void Tracker::publish() {
    published_.clear();
    for (const Tracked& tracked : tracked_) {
        published_.push_back({.id = tracked.id,
                              .box = tracked.box,
                              .seen = tracked.unseen == milliseconds{0},
                              .confirmed = tracked.confirmed});
    }
}

}  // namespace aisle::tracking
