#include "agent/footfall/footfall.hpp"

#include <algorithm>

#include "agent/footfall/books.hpp"
#include "agent/footfall/spread.hpp"
#include "agent/footfall/summary.hpp"

namespace aisle::footfall {

struct Footfall::State {
    Books books;
    Refused refused;
};

Footfall::Footfall(FootfallSettings settings, const TimeZone& zone)
    : state_{std::make_unique<State>(State{.books = Books{std::move(settings), zone}})} {}
Footfall::~Footfall() = default;

Effects Footfall::crossing(const Crossing& crossing) {
    Books& books = state_->books;
    Effects effects;
    if (crossing.n < 1 || crossing.n > kCountMax) {
        ++state_->refused.malformed;
    } else if (!books.kept(crossing.at)) {
        ++state_->refused.late;
    } else if (!books.has_room(crossing.door, 1)) {
        ++state_->refused.full;
    } else {
        const bool in = crossing.direction == Direction::In;
        books.add(crossing.door,
                  {.at = crossing.at, .in = in ? crossing.n : 0, .out = in ? 0 : crossing.n},
                  effects);
    }
    return effects;
}

Effects Footfall::count(const CountReading& count) {
    Books& books = state_->books;
    Effects effects;
    const bool sensible = count.in >= 0 && count.in <= kCountMax && count.out >= 0 &&
                          count.out <= kCountMax && count.from <= count.to &&
                          count.to - count.from <= kSpanMax;
    if (!sensible) {
        ++state_->refused.malformed;
        return effects;
    }
    if (!books.kept(count.from)) {
        ++state_->refused.late;
        return effects;
    }
    const auto parts = minutes_of({count.from, count.to});
    if (!books.has_room(count.door, parts.size())) {
        ++state_->refused.full;
        return effects;
    }
    const milliseconds whole = count.to - count.from;
    for (const MinutePart& part : parts) {
        const DoorEvent event{.at = part.start,
                              .in = share_of(count.in, part, whole),
                              .out = share_of(count.out, part, whole)};
        if (event.in != 0 || event.out != 0) books.add(count.door, event, effects);
    }
    return effects;
}

Effects Footfall::blind(const Blindness& blindness) {
    Books& books = state_->books;
    Effects effects;
    if (blindness.from >= blindness.to) {
        ++state_->refused.malformed;
        return effects;
    }
    if (!books.kept(blindness.to)) {
        ++state_->refused.late;
        return effects;
    }
    const WallTime from =
        std::max<WallTime>({blindness.from, blindness.to - kSpanMax, books.floor()});
    const auto parts = minutes_of({from, blindness.to});
    if (!books.has_room(blindness.door, parts.size())) {
        ++state_->refused.full;
        return effects;
    }
    for (const MinutePart& part : parts) {
        books.add(blindness.door, {.at = part.start, .blind = part.to - part.from}, effects);
    }
    return effects;
}

Effects Footfall::sale(const Sale* old, const Sale& now) {
    Effects effects;
    Books& books = state_->books;
    if (old && books.kept(old->ended_at)) books.add_sale(*old, -1, effects);
    if (!books.kept(now.ended_at)) {
        ++state_->refused.late;
    } else if (!books.add_sale(now, 1, effects)) {
        ++state_->refused.full;
    }
    return effects;
}

Effects Footfall::visit(const ZoneVisit& visit) {
    Effects effects;
    if (visit.open || visit.bearer == TagBearer::Staff) return effects;
    if (visit.left < visit.entered) {
        ++state_->refused.malformed;
    } else if (!state_->books.kept(visit.left)) {
        ++state_->refused.late;
    } else {
        // Within one boot the monotonic times tell the truth even if the wall clock was put right.
        const bool mono = visit.left_mono > visit.entered_mono;
        const auto dwell =
            mono ? std::chrono::duration_cast<seconds>(visit.left_mono - visit.entered_mono)
                 : std::chrono::duration_cast<seconds>(visit.left - visit.entered);
        if (!state_->books.add_dwell(visit, dwell, effects)) ++state_->refused.full;
    }
    return effects;
}

Effects Footfall::tick(const Stamp& now) {
    Effects effects;
    Books& books = state_->books;
    const bool trusted = now.quality != ClockQuality::None;
    if (trusted) books.add_zeros(now.wall, effects);
    books.begin_day(now.wall, effects);
    books.close_minutes(now.wall, effects);
    if (trusted) books.forget(effects);
    return effects;
}

Status Footfall::restore(std::span<const StateChange> rows) { return state_->books.restore(rows); }

Today Footfall::today(WallTime now) const { return summary_of(state_->books, now); }

const Refused& Footfall::refused() const { return state_->refused; }

}  // namespace aisle::footfall
