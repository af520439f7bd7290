#include "agent/footfall/footfall.hpp"

#include <algorithm>

#include "agent/footfall/books.hpp"
#include "agent/footfall/scene_books.hpp"
#include "agent/footfall/spread.hpp"
#include "agent/footfall/summary.hpp"

namespace aisle::footfall {

namespace {

// A group is counted where it comes in, and staff are no customers.
DoorEvent event_of(const Crossing& crossing) {
    const bool in = crossing.direction == Direction::In;
    const std::int32_t n = crossing.n;
    return {.at = crossing.at,
            .in = in ? n : 0,
            .out = in ? 0 : n,
            .staff_in = in && crossing.staff ? n : 0,
            .staff_out = !in && crossing.staff ? n : 0,
            .groups = in && crossing.begins_group && !crossing.staff ? n : 0};
}

// The same the other way round, and one more of those who came back.
DoorEvent undoing(const UTurn& u_turn) {
    DoorEvent event = event_of({.door = u_turn.door,
                                .direction = u_turn.first,
                                .at = u_turn.first_at,
                                .begins_group = u_turn.begins_group,
                                .staff = u_turn.staff});
    event.in = -event.in;
    event.out = -event.out;
    event.staff_in = -event.staff_in;
    event.staff_out = -event.staff_out;
    event.groups = -event.groups;
    event.uturns = 1;
    return event;
}

constexpr milliseconds kMinute{60'000};

bool sensible(const SceneMinute& minute) {
    const auto no_less = [](const auto& list, auto member) {
        return std::ranges::all_of(list, [&](const auto& each) { return each.*member >= 0; });
    };
    const bool in_a_minute =
        minute.from < minute.to && minute_of(minute.from) == minute_of(minute.to - milliseconds{1});
    return in_a_minute && minute.frames >= 0 && minute.late_frames >= 0 &&
           minute.light >= milliseconds{0} && minute.light <= kMinute &&
           minute.loads.size() <= kZonesMax && minute.steps.size() <= kStepsPerMinuteMax &&
           minute.doors.size() <= kDoorsMax && no_less(minute.loads, &ZoneLoad::person_ms) &&
           no_less(minute.loads, &ZoneLoad::peak) && no_less(minute.steps, &ZoneStep::n) &&
           no_less(minute.passers, &PassersBy::n) && no_less(minute.heat, &HeatCell::person_ms) &&
           std::ranges::all_of(minute.heat, [](const HeatCell& heat) {
               return heat.cell >= 0 && heat.cell < kHeatColumns * kHeatRows;
           });
}

}  // namespace

struct Footfall::State {
    State(FootfallSettings settings, const TimeZone& zone) : books{std::move(settings), zone} {}
    Books books;
    SceneBooks scenes{books};
    Refused refused;
};

Footfall::Footfall(FootfallSettings settings, const TimeZone& zone)
    : state_{std::make_unique<State>(std::move(settings), zone)} {}
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
        books.add(crossing.door, event_of(crossing), effects);
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

Effects Footfall::u_turn(const UTurn& u_turn) {
    Books& books = state_->books;
    Effects effects;
    if (u_turn.at < u_turn.first_at) {
        ++state_->refused.malformed;
    } else if (!books.kept(u_turn.first_at)) {
        ++state_->refused.late;
    } else if (!books.has_room(u_turn.door, 1)) {
        ++state_->refused.full;
    } else {
        books.add(u_turn.door, undoing(u_turn), effects);
    }
    return effects;
}

Effects Footfall::staff(const Crossing& crossing) {
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
                  {.at = crossing.at,
                   .staff_in = in ? crossing.n : 0,
                   .staff_out = in ? 0 : crossing.n,
                   .groups = in && crossing.begins_group ? -crossing.n : 0},
                  effects);
    }
    return effects;
}

Effects Footfall::stay(const ZoneStay& stay) {
    Effects effects;
    if (stay.left < stay.entered) {
        ++state_->refused.malformed;
    } else if (!state_->books.kept(stay.left)) {
        ++state_->refused.late;
    } else if (!state_->scenes.add_stay(stay, effects)) {
        ++state_->refused.full;
    }
    return effects;
}

Effects Footfall::scene(const SceneMinute& minute) {
    Effects effects;
    if (!sensible(minute)) {
        ++state_->refused.malformed;
    } else if (!state_->books.kept(minute.from)) {
        ++state_->refused.late;
    } else {
        add_quality(minute, effects);
        if (!state_->scenes.add_minute(minute, effects)) ++state_->refused.full;
        std::int64_t people = 0;
        for (const ZoneLoad& load : minute.loads)
            people = std::max<std::int64_t>(people, load.peak);
        state_->books.raise_inside(people, minute.from, effects);
    }
    return effects;
}

// A minute in which nothing was wrong and nobody passed is not reported for its own sake.
void Footfall::add_quality(const SceneMinute& minute, Effects& effects) {
    Books& books = state_->books;
    for (const DoorId& door : minute.doors) {
        const auto passers = std::ranges::find(minute.passers, door, &PassersBy::door);
        DoorEvent event{.at = minute.from,
                        .passers = passers == minute.passers.end() ? 0 : passers->n,
                        .frames = minute.frames,
                        .late_frames = minute.late_frames,
                        .light = minute.light};
        if (event.passers == 0 && event.late_frames == 0 && event.light == milliseconds{0})
            continue;
        if (books.has_room(door, 1)) {
            books.add(door, event, effects);
        } else {
            ++state_->refused.full;
        }
    }
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
    state_->scenes.close_hours(now.wall, effects);
    if (trusted) {
        books.forget(effects);
        state_->scenes.forget(books.floor(), effects);
    }
    return effects;
}

Status Footfall::restore(std::span<const StateChange> rows) {
    std::size_t unread = 0;
    std::string first;
    for (const StateChange& row : rows) {
        const bool ours = row.room == kRoom;
        if (ours && (state_->books.restore(row) || state_->scenes.restore(row))) continue;
        if (unread++ == 0) first = row.key;
    }
    state_->books.restored();
    if (unread == 0) return {};
    return malformed(std::to_string(unread) +
                     " rows of footfall cannot be read, the first: " + first);
}

HeatSums Footfall::heat(const std::string& camera, WallTime now) const {
    HeatSums day;
    const Date date = state_->books.date_of(now);
    for (const auto& [key, sums] : state_->scenes.cells().heat) {
        if (key.date != date || key.name != camera) continue;
        for (const auto& [cell, person_ms] : sums) day[cell] += person_ms;
    }
    return day;
}

Today Footfall::today(WallTime now) const { return summary_of(state_->books, state_->scenes, now); }

People Footfall::people(WallTime now) const {
    const Books& books = state_->books;
    const Date date = books.date_of(now);
    People people;
    std::int64_t exits = 0;
    for (const auto& [key, cell] : books.cells().hours) {
        if (key.date != date || !books.counts(DoorId{key.name})) continue;
        people.entries += cell.in;
        exits += cell.out;
    }
    const DayCell& day = books.cells().day;
    people.inside =
        day.date == date ? day.inside : std::max<std::int64_t>(0, people.entries - exits);
    return people;
}

std::int64_t Footfall::entries(const EntriesAsked& asked) const {
    const Books& books = state_->books;
    const auto& minutes = books.cells().minutes;
    std::int64_t n = 0;
    auto at = minutes.lower_bound({.start = asked.from, .door = {}});
    for (; at != minutes.end() && at->first.start < asked.to; ++at) {
        const auto& [key, cell] = *at;
        const bool meant = asked.door.empty() ? books.counts(key.door) : key.door == asked.door;
        if (meant) n += cell.in - cell.staff_in;
    }
    return n;
}

std::vector<DoorTrust> Footfall::trust(WallTime now) const {
    std::vector<DoorTrust> all;
    for (const DoorFigures& door : today(now).doors)
        all.push_back(trust_of(state_->books, door.door, now));
    return all;
}

void Footfall::know_accuracy(const DoorId& door, std::int32_t permille) {
    state_->books.know_accuracy(door, permille);
}

const Refused& Footfall::refused() const { return state_->refused; }

}  // namespace aisle::footfall
