#include <algorithm>

#include "agent/offers/state.hpp"

// Tags in zones: who has come in, who has stayed long enough, and who only seems to come and go.
namespace aisle::offers {
namespace {

std::string visit_key(const ZoneVisit& visit) { return visit.tag.value + "|" + visit.zone.value; }

milliseconds between(const Stamp& then, const Stamp& now) {
    const auto gone = then.boot == now.boot
                          ? std::chrono::duration_cast<milliseconds>(now.mono - then.mono)
                          : now.wall - then.wall;
    return std::max(milliseconds{0}, gone);
}

// Presence closes a visit some seconds after the tag was last heard.
Stamp left_at(const ZoneVisit& visit, const Stamp& now) {
    if (visit.left_mono <= visit.entered_mono) return now;
    return {.boot = now.boot, .mono = visit.left_mono, .wall = visit.left, .quality = now.quality};
}

milliseconds dwell_of(const Watch& watch, const Stamp& now) {
    return watch.left ? watch.dwelt : watch.dwelt + between(watch.since, now);
}

std::string visit_id(const Watch& watch) {
    return "visit:" + watch.tag.value + "@" +
           std::to_string(watch.entered.wall.time_since_epoch().count());
}

}  // namespace

void Engine::State::settle_thresholds() {
    thresholds.clear();
    for (const Campaign& campaign : set->all()) {
        if (campaign.state != CampaignState::Live ||
            campaign.trigger.kind != TriggerKind::ZoneDwell)
            continue;
        thresholds[campaign.trigger.zone.value].push_back(campaign.trigger.min.count());
    }
    for (auto& [zone, waits] : thresholds) {
        std::ranges::sort(waits);
        waits.erase(std::ranges::unique(waits).begin(), waits.end());
    }
}

bool Engine::State::present(const std::string& visit) const {
    const auto at = visits.find(visit);
    return at != visits.end() && !at->second.left;
}

// Who is away makes room for who is here.
bool Engine::State::room_for_visit() {
    if (visits.size() < kVisitsMax) return true;
    const auto away = std::ranges::find_if(
        visits, [](const auto& visit) { return visit.second.left.has_value(); });
    if (away == visits.end()) return false;
    mark("visit/" + away->first);
    visits.erase(away);
    return true;
}

void Engine::State::watch(const ZoneVisit& visit, Turn& turn) {
    if (!visit.open) return leave(visit, turn);
    const std::string key = visit_key(visit);
    const Stamp entered{.boot = turn.now.boot,
                        .mono = visit.entered_mono,
                        .wall = visit.entered,
                        .quality = turn.now.quality};
    if (const auto known = visits.find(key); known != visits.end()) {
        Watch& watch = known->second;
        if (!watch.left) return;
        if (watch.member == visit.member &&
            !passed(Deadline{.set = *watch.left, .wait = settings.visit_gap}, turn.now)) {
            watch.left.reset();
            watch.since = entered;
            return mark("visit/" + key);
        }
        visits.erase(known);
        mark("visit/" + key);
    }
    const bool wanted = thresholds.contains(visit.zone.value) ||
                        !set->candidates(TriggerKind::ZoneEnter, visit.zone.value).empty();
    if (visit.bearer == TagBearer::Staff || !wanted || !room_for_visit()) return;
    const Watch& watch = visits[key] = {.tag = visit.tag,
                                        .label = visit.label,
                                        .member = visit.member,
                                        .zone = visit.zone,
                                        .entered = entered,
                                        .since = entered};
    mark("visit/" + key);
    enter(key, watch, turn);
}

void Engine::State::leave(const ZoneVisit& visit, Turn& turn) {
    const std::string key = visit_key(visit);
    const auto known = visits.find(key);
    if (known == visits.end() || known->second.left) return;
    Watch& watch = known->second;
    const Stamp left = left_at(visit, turn.now);
    watch.dwelt += between(watch.since, left);
    watch.left = left;
    mark("visit/" + key);
}

void Engine::State::enter(const std::string& key, const Watch& watch, Turn& turn) {
    prompt({.trigger = TriggerKind::ZoneEnter,
            .at = turn.now,
            .member = watch.member,
            .subject = "tag:" + watch.tag.value,
            .unit = visit_id(watch),
            .zone = watch.zone,
            .eyes = watch.label,
            .visit = key},
           turn);
}

void Engine::State::reach_dwell(Turn& turn) {
    for (auto& [key, watch] : visits) {
        const auto waits = thresholds.find(watch.zone.value);
        if (waits == thresholds.end() || watch.left) continue;
        if (unmeasured(watch.since, turn.now)) watch.since = turn.now, mark("visit/" + key);
        const std::int64_t dwell_s = std::chrono::floor<seconds>(dwell_of(watch, turn.now)).count();
        const auto reached = std::ranges::upper_bound(waits->second, dwell_s);
        if (reached == waits->second.begin() || *std::prev(reached) <= watch.fired_s) continue;
        const std::int64_t fired_before = watch.fired_s;
        watch.fired_s = *std::prev(reached);
        mark("visit/" + key);
        prompt({.trigger = TriggerKind::ZoneDwell,
                .at = turn.now,
                .member = watch.member,
                .subject = "tag:" + watch.tag.value,
                .unit = visit_id(watch),
                .zone = watch.zone,
                .eyes = watch.label,
                .dwell_s = dwell_s,
                .dwell_from_s = fired_before,
                .visit = key},
               turn);
    }
}

// Whoever has been away for long enough is gone.
void Engine::State::end_visits(Turn& turn) {
    for (auto at = visits.begin(); at != visits.end();) {
        auto& [key, watch] = *at;
        if (watch.left && unmeasured(*watch.left, turn.now))
            watch.left = turn.now, mark("visit/" + key);
        const bool gone =
            watch.left &&
            passed(Deadline{.set = *watch.left, .wait = settings.visit_gap}, turn.now);
        if (gone) mark("visit/" + key);
        at = gone ? visits.erase(at) : std::next(at);
    }
}

}  // namespace aisle::offers
