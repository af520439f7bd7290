#include "agent/footfall/commissioning.hpp"

#include <algorithm>

namespace aisle::footfall {
namespace {

// A counter's sum comes so long after its interval's end, at most, before it is given up.
constexpr minutes kSumLate{2};
// A sum over no more than this is as exact as a tap: a counter that tells of each person.
constexpr seconds kMoment{1};
constexpr std::int32_t kPassingsOfOneMax = 100;

// How much of a sum lies in `span`, if its people came evenly.
std::int64_t share_in(const Interval& span, const CountReading& count, std::int32_t people) {
    const auto from = std::max(span.from, count.from);
    const auto to = std::min(span.to, count.to);
    if (from >= to) return 0;
    const MinutePart part{.from = from - count.from, .to = to - count.from};
    return share_of(people, part, count.to - count.from);
}

Direction opposite(Direction direction) {
    return direction == Direction::In ? Direction::Out : Direction::In;
}

}  // namespace

Result<SessionView> Commissioning::begin(const DoorId& door, const std::string& by, WallTime now) {
    if (const auto running = open_.find(door); running != open_.end()) {
        const SessionView& view = running->second.view;
        if (view.by == by && view.state == SessionState::Counting) return view;
        return denied(view.by + " is at this door");
    }
    if (open_.size() >= kSessionsMax) return full("too many people tap at once");
    Session session;
    // No session of another run of the program has the same.
    session.view = {
        .id = std::to_string(now.time_since_epoch().count()) + "-" + std::to_string(++begun_),
        .door = door,
        .by = by,
        .from = now};
    session.evidence.span = {now, now + kSessionMax};
    for (const Recent& recent : recent_) {
        const bool near = recent.passing.at + kReach >= now;
        if (recent.door == door && near) session.evidence.counted.push_back(recent.passing);
    }
    return open_.emplace(door, std::move(session)).first->second.view;
}

Commissioning::Session* Commissioning::find(const std::string& id) {
    for (auto& [door, session] : open_) {
        if (session.view.id == id) return &session;
    }
    return nullptr;
}

TapVerdict Commissioning::tap(const std::string& id, const Tap& tap, WallTime now) {
    Session* session = find(id);
    if (session == nullptr) return TapVerdict::Unknown;
    SessionView& view = session->view;
    if (tap.n <= view.taps_told) return TapVerdict::Same;
    if (view.state != SessionState::Counting) return TapVerdict::Unknown;
    if (tap.n != view.taps_told + 1) return TapVerdict::Gap;
    auto& taps = session->evidence.tapped;
    if (tap.kind != TapKind::Undo && taps.size() >= kTapsMax) return TapVerdict::Full;
    view.taps_told = tap.n;
    if (tap.kind == TapKind::Undo) {
        if (taps.empty()) return TapVerdict::Done;
        --(taps.back().direction == Direction::In ? view.in : view.out);
        taps.pop_back();
        return TapVerdict::Done;
    }
    const auto ago = std::clamp<milliseconds>(tap.ago, milliseconds{0}, kTapAgeMax);
    const Direction direction = tap.kind == TapKind::In ? Direction::In : Direction::Out;
    taps.push_back({direction, std::max(view.from, now - ago)});
    ++(direction == Direction::In ? view.in : view.out);
    return TapVerdict::Done;
}

bool Commissioning::end(const std::string& id, WallTime now) {
    Session* session = find(id);
    if (session == nullptr) return last(id) != nullptr;
    if (session->view.state == SessionState::Settling) return true;
    session->view.state = SessionState::Settling;
    session->evidence.span.to = std::max(session->evidence.span.from, now);
    return true;
}

bool Commissioning::cancel(const std::string& id) {
    return std::erase_if(open_, [&](const auto& each) {
               return each.second.view.id == id && !each.second.found;
           }) > 0;
}

void Commissioning::pass(const DoorId& door, const Passing& passing) {
    recent_.push_back({door, passing});
    while (recent_.size() > kRecentMax || recent_.front().passing.at + kReach < passing.at) {
        recent_.pop_front();
    }
    const auto found = open_.find(door);
    if (found == open_.end()) return;
    Evidence& evidence = found->second.evidence;
    const bool within =
        passing.at + kReach >= evidence.span.from && passing.at <= evidence.span.to + kReach;
    if (within && evidence.counted.size() < kCountedMax) evidence.counted.push_back(passing);
}

void Commissioning::crossing(const Crossing& crossing) {
    const std::int32_t people = std::min(crossing.n, kPassingsOfOneMax);
    for (std::int32_t i = 0; i < people; ++i)
        pass(crossing.door, {crossing.direction, crossing.at});
}

void Commissioning::u_turn(const UTurn& u_turn) {
    pass(u_turn.door, {opposite(u_turn.first), u_turn.at});
}

void Commissioning::count(const CountReading& count) {
    if (count.from > count.to || count.in < 0 || count.out < 0) return;  // footfall refuses it too
    if (count.to - count.from <= kMoment) {
        for (std::int32_t i = 0; i < std::min(count.in, kPassingsOfOneMax); ++i)
            pass(count.door, {Direction::In, count.from});
        for (std::int32_t i = 0; i < std::min(count.out, kPassingsOfOneMax); ++i)
            pass(count.door, {Direction::Out, count.from});
        return;
    }
    if (habits_.contains(count.door) || habits_.size() < kMeasuredMax) {
        SumHabit& habit = habits_[count.door];
        habit.length = count.to - count.from;
        habit.told_to = std::max(habit.told_to, count.to);
    }
    const auto found = open_.find(count.door);
    if (found == open_.end()) return;
    Evidence& evidence = found->second.evidence;
    evidence.sums = true;
    evidence.sum_in += share_in(evidence.span, count, count.in);
    evidence.sum_out += share_in(evidence.span, count, count.out);
}

void Commissioning::blind(const Blindness& blindness) {
    const auto found = open_.find(blindness.door);
    if (found == open_.end()) return;
    auto& spans = found->second.evidence.blind;
    if (spans.size() < kBlindSpansMax) spans.push_back({blindness.from, blindness.to});
}

// A door that tells sums is waited for until they have come to the session's end.
bool Commissioning::settled(const Session& session, WallTime now) const {
    const WallTime end = session.evidence.span.to;
    if (session.view.state != SessionState::Settling || now < end + kReach) return false;
    const auto habit = habits_.find(session.view.door);
    if (habit == habits_.end() || habit->second.told_to + kSessionMax < end) return true;
    return habit->second.told_to >= end || now >= end + habit->second.length + kSumLate;
}

Measurement Commissioning::judged(const Session& session) {
    Measurement found = judge(session.evidence);
    found.door = session.view.door;
    found.by = session.view.by;
    const bool room = measured_.contains(found.door) || measured_.size() < kMeasuredMax;
    if (found.enough() && room) measured_[found.door] = found;
    return found;
}

std::vector<Commissioning::Judged> Commissioning::tick(WallTime now) {
    std::vector<Judged> all;
    for (auto& [door, session] : open_) {
        if (now >= session.view.from + kSessionMax) end(session.view.id, now);
        if (session.found || !settled(session, now)) continue;
        session.found = judged(session);
        all.push_back({session.view.id, *session.found});
    }
    return all;
}

void Commissioning::committed(const std::string& id) {
    const auto at = std::ranges::find_if(
        open_, [&](const auto& each) { return each.second.view.id == id && each.second.found; });
    if (at == open_.end()) return;
    finished_.emplace_back(id, *at->second.found);
    if (finished_.size() > kSessionsMax) finished_.pop_front();
    open_.erase(at);
}

std::optional<StateChange> Commissioning::moved(const DoorId& door) {
    const auto found = measured_.find(door);
    if (found == measured_.end() || found->second.stale) return std::nullopt;
    found->second.stale = true;
    return row_of(found->second);
}

Status Commissioning::restore(std::span<const StateChange> rows) {
    std::size_t unread = 0;
    for (const StateChange& row : rows) {
        if (auto measurement = measurement_from(row)) {
            measured_[measurement->door] = *std::move(measurement);
        } else {
            ++unread;
        }
    }
    if (unread == 0) return {};
    return malformed(std::to_string(unread) + " rows of commissioning cannot be read");
}

std::optional<SessionView> Commissioning::session(const std::string& id) const {
    for (const auto& [door, session] : open_) {
        if (session.view.id == id) return session.view;
    }
    return std::nullopt;
}

std::vector<SessionView> Commissioning::sessions() const {
    std::vector<SessionView> all;
    for (const auto& [door, session] : open_) all.push_back(session.view);
    return all;
}

const Measurement* Commissioning::last(const std::string& id) const {
    const auto found =
        std::ranges::find(finished_, id, &std::pair<std::string, Measurement>::first);
    return found == finished_.end() ? nullptr : &found->second;
}

}  // namespace aisle::footfall
