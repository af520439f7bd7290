#include "drivers/tracking/stitcher.hpp"

#include <algorithm>

namespace aisle::tracking {
namespace {

// Numbers of the stitcher's own, far above the tracker's.
constexpr std::int64_t kOwnNumbers = std::int64_t{1} << 40;

// A track that is merely coasting is not lost yet, unless for so long.
constexpr milliseconds kLostAfter{150};

bool contains(std::span<const Track> tracks, std::int64_t id) {
    return std::ranges::find(tracks, id, &Track::id) != tracks.end();
}

}  // namespace

Stitcher::Stitcher(const Scene& scene) : scene_{scene} {
    for (const Line& line : scene.lines) lines_.emplace_back(line);
}

void Stitcher::reset() {
    seen_.clear();
    alias_.clear();
    published_.clear();
}

bool Stitcher::near_a_line(Point foot, double metre) const {
    return std::ranges::any_of(lines_, [&](const Polyline& line) {
        return line.distance_to(foot) <= kStitchMetres * metre;
    });
}

std::span<const Track> Stitcher::update(std::span<const Track> tracks, milliseconds elapsed) {
    for (const Track& track : tracks) {
        if (track.seen && !seen_.contains(track.id)) find_heir(track);
    }
    note(tracks, elapsed);
    release_heirs(tracks);
    publish(tracks);
    return published_;
}

// The nearest track that was lost here; the older number on a tie.
void Stitcher::find_heir(const Track& born) {
    const Point foot = foot_point(born.box);
    const double metre = metre_at(scene_, born.box);
    Seen* best = nullptr;
    double nearest = kStitchMetres * metre;
    for (auto& [id, lost] : seen_) {
        const bool open = lost.heir == 0 && lost.track.confirmed &&
                          (lost.gone || lost.unseen >= kLostAfter) && lost.unseen <= kStitchWithin;
        if (!open) continue;
        const Point last = foot_point(lost.track.box);
        const double away = distance(foot, last);
        if (away >= nearest || !near_a_line(last, metre)) continue;
        nearest = away;
        best = &lost;
    }
    if (best == nullptr) return;
    best->heir = born.id;
    alias_[born.id] = number_of(best->track);
}

void Stitcher::note(std::span<const Track> tracks, milliseconds elapsed) {
    for (auto& [id, seen] : seen_) seen.gone = true;
    for (const Track& track : tracks) {
        Seen& seen = seen_[track.id];
        seen.gone = false;
        if (track.seen) {
            // Found again after all: from now on there are two, and it is the new one.
            if (seen.heir != 0) alias_[track.id] = kOwnNumbers + ++numbers_given_;
            seen.heir = 0;
            seen.track = track;
            seen.unseen = milliseconds{0};
        } else {
            seen.unseen += elapsed;
        }
    }
    for (auto& [id, seen] : seen_) {
        if (seen.gone) seen.unseen += elapsed;
    }
    std::erase_if(seen_, [&](const auto& each) {
        const auto& [id, seen] = each;
        const bool over = seen.gone && (seen.unseen > kStitchWithin || !seen.track.confirmed);
        if (over) alias_.erase(id);
        return over;
    });
}

// An heir that vanished before it was confirmed was a flicker: the place is free again.
void Stitcher::release_heirs(std::span<const Track> tracks) {
    for (auto& [id, seen] : seen_) {
        if (seen.heir == 0 || contains(tracks, seen.heir)) continue;
        const bool known = seen_.contains(seen.heir);
        if (!known) seen.heir = 0;
    }
}

std::int64_t Stitcher::number_of(const Track& track) const {
    const auto found = alias_.find(track.id);
    return found == alias_.end() ? track.id : found->second;
}

void Stitcher::publish(std::span<const Track> tracks) {
    published_.clear();
    for (const Track& track : tracks) {
        if (seen_.at(track.id).heir != 0) continue;  // its heir goes on in its place
        published_.push_back(track);
        published_.back().id = number_of(track);
    }
    for (const auto& [id, seen] : seen_) {
        if (!seen.gone || seen.heir != 0) continue;
        published_.push_back(seen.track);
        published_.back().id = number_of(seen.track);
        published_.back().seen = false;
        published_.back().unseen = seen.unseen;
    }
    std::ranges::sort(published_, {}, &Track::id);
    const auto twice = std::ranges::unique(published_, {}, &Track::id);
    published_.erase(twice.begin(), twice.end());
}

}  // namespace aisle::tracking
