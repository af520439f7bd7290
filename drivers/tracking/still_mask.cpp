#include "drivers/tracking/still_mask.hpp"

#include <algorithm>
#include <cmath>

namespace aisle::tracking {
namespace {

// A place follows its boxes slowly, so that one who stands there for a while does not shape it.
constexpr double kFollow = 0.01;

void follow(Box& place, const Box& seen) {
    place.x += kFollow * (seen.x - place.x);
    place.y += kFollow * (seen.y - place.y);
    place.w += kFollow * (seen.w - place.w);
    place.h += kFollow * (seen.h - place.h);
}

bool usable(const StillPlace& place) {
    const Box& box = place.box;
    return std::isfinite(box.x) && std::isfinite(box.y) && std::isfinite(box.w) &&
           std::isfinite(box.h) && box.w > 0 && box.h > 0 && place.evidence > milliseconds{0};
}

}  // namespace

StillPlace* StillMask::likest(const Box& box) {
    StillPlace* best = nullptr;
    double likeness = settings_.likeness;
    for (StillPlace& place : places_) {
        const double like = overlap(place.box, box);
        if (like >= likeness) best = &place, likeness = like;
    }
    return best;
}

const StillPlace* StillMask::place_of(const Box& box) const {
    const StillPlace* best = nullptr;
    double likeness = settings_.likeness;
    for (const StillPlace& place : places_) {
        const double like = overlap(place.box, box);
        if (place.masked && like >= likeness) best = &place, likeness = like;
    }
    return best;
}

void StillMask::learn(std::span<const Box> standing, milliseconds elapsed) {
    stood_on_.assign(places_.size(), false);
    for (const Box& box : standing) {
        StillPlace* place = likest(box);
        if (place == nullptr) {
            add(box, elapsed);
            continue;
        }
        const auto at = static_cast<std::size_t>(place - places_.data());
        if (stood_on_[at]) continue;
        stood_on_[at] = true;
        follow(place->box, box);
        place->evidence = std::min(place->evidence + elapsed, settings_.evidence_max);
        place->masked |= place->evidence >= settings_.learn;
    }
    const auto forgotten =
        std::chrono::duration_cast<milliseconds>(elapsed * settings_.forget_share);
    for (std::size_t i = 0; i < places_.size(); ++i) {
        if (!stood_on_[i]) places_[i].evidence -= forgotten;
    }
    std::erase_if(places_,
                  [](const StillPlace& place) { return place.evidence <= milliseconds{0}; });
}

void StillMask::add(const Box& box, milliseconds elapsed) {
    if (places_.size() == kStillPlacesMax) {
        const auto least = std::ranges::min_element(places_, {}, &StillPlace::evidence);
        stood_on_.erase(stood_on_.begin() + (least - places_.begin()));
        places_.erase(least);
    }
    places_.push_back({.box = box, .evidence = elapsed});
    stood_on_.push_back(true);
}

void StillMask::restore(std::span<const StillPlace> places) {
    places_.clear();
    for (const StillPlace& place : places) {
        if (places_.size() == kStillPlacesMax) break;
        if (!usable(place)) continue;
        places_.push_back(place);
        places_.back().evidence = std::min(place.evidence, settings_.evidence_max);
    }
}

}  // namespace aisle::tracking
