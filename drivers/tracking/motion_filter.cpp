#include "drivers/tracking/motion_filter.hpp"

#include <algorithm>

namespace aisle::tracking {
namespace {

// Standard deviations, in box heights.
constexpr double kSeen = 0.08;          // of a detector's edge
constexpr double kDrift = 0.10;         // of the place, per square root of a second
constexpr double kSpeedAtFirst = 0.80;  // a second: people walk 0.8 heights a second
constexpr double kSpeedDrift = 0.60;    // a second, per square root of a second
constexpr double kSizeSpeed = 0.10;     // sizes change slowly: of kSpeed*, for width and height
constexpr double kSizeMin = 2;          // pixels

double square(double value) { return value * value; }

}  // namespace

void MotionFilter::Axis::predict(double elapsed_s, Drift drift) {
    value += speed * elapsed_s;
    var_value += elapsed_s * (2 * covar + elapsed_s * var_speed) + drift.value * elapsed_s;
    covar += elapsed_s * var_speed;
    var_speed += drift.speed * elapsed_s;
}

void MotionFilter::Axis::correct(double seen, double var_seen) {
    const double certainty = var_value + var_seen;
    const double gain = var_value / certainty;
    const double gain_speed = covar / certainty;
    const double off = seen - value;
    value += gain * off;
    speed += gain_speed * off;
    var_speed -= gain_speed * covar;
    covar *= 1 - gain;
    var_value *= 1 - gain;
}

MotionFilter::MotionFilter(const Box& first) {
    const auto axis = [&](double value, double speed_share) {
        return Axis{.value = value,
                    .var_value = square(kSeen * first.h),
                    .var_speed = square(speed_share * kSpeedAtFirst * first.h)};
    };
    x_ = axis(first.x + first.w / 2, 1);
    y_ = axis(first.y + first.h / 2, 1);
    w_ = axis(first.w, kSizeSpeed);
    h_ = axis(first.h, kSizeSpeed);
}

void MotionFilter::predict(double elapsed_s) {
    const double height = std::max(h_.value, kSizeMin);
    const Axis::Drift place{square(kDrift * height), square(kSpeedDrift * height)};
    const Axis::Drift size{place.value, square(kSizeSpeed) * place.speed};
    x_.predict(elapsed_s, place);
    y_.predict(elapsed_s, place);
    w_.predict(elapsed_s, size);
    h_.predict(elapsed_s, size);
}

void MotionFilter::correct(const Box& seen, double noise) {
    const double var_seen = square(noise * kSeen * std::max(h_.value, kSizeMin));
    x_.correct(seen.x + seen.w / 2, var_seen);
    y_.correct(seen.y + seen.h / 2, var_seen);
    w_.correct(seen.w, var_seen);
    h_.correct(seen.h, var_seen);
}

void MotionFilter::halt() {
    for (Axis* axis : {&x_, &y_, &w_, &h_}) {
        axis->speed = 0;
        axis->covar = 0;
    }
}

Box MotionFilter::box() const {
    const double w = std::max(w_.value, kSizeMin);
    const double h = std::max(h_.value, kSizeMin);
    return {.x = x_.value - w / 2, .y = y_.value - h / 2, .w = w, .h = h};
}

}  // namespace aisle::tracking
