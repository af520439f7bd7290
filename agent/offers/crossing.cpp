#include <algorithm>

#include "agent/offers/state.hpp"
#include "agent/offers/texts.hpp"

// From what happens to the whole shop to a prompt for its staff. The engine looks each second; what
// has happened is told once, because its row is committed with the answer.
namespace aisle::offers {
namespace {

std::string name_of(const Trigger& trigger) {
    return std::string{to_text(trigger.kind)} + "|" + trigger.edge;
}

// Whole minutes, so that the figure changes only when somebody comes in or a minute ends.
Surroundings::Entries span_of(const Trigger& trigger, WallTime now) {
    const auto minute = std::chrono::floor<minutes>(now);
    return {.door = trigger.door,
            .from = minute - trigger.window + minutes{1},
            .to = minute + minutes{1}};
}

std::string clock_text(const LocalTime& local) {
    const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(local.minute_of_day / 60) + ":" + two(local.minute_of_day % 60);
}

// What staff can see: there is nobody in particular to look at.
std::string eyes_of(const Trigger& trigger) {
    if (!trigger.zone.empty()) return "zone " + trigger.zone.value;
    if (!trigger.door.empty()) return "door " + trigger.door.value;
    if (trigger.kind == TriggerKind::Stock) return trigger.fact.substr(kStockFact.size());
    return "shop";
}

// One look at one edge.
struct Look {
    bool fired = false;
    conditions::Facts facts;  // trigger.*
};

void add_level(const Trigger& trigger, conditions::Facts& facts) {
    if (trigger.level) facts.set("trigger.level", trigger.level->at);
}

Look look_at_fact(const Trigger& trigger, const conditions::Value* value, const Stamp& now,
                  EdgeState& state) {
    Look look{.fired = crosses(trigger, value, now, state)};
    if (!look.fired) return look;
    if (trigger.kind == TriggerKind::Weather) look.facts.set("trigger.fact", trigger.fact);
    add_level(trigger, look.facts);
    if (trigger.kind == TriggerKind::Stock)
        look.facts.set("trigger.sku", trigger.fact.substr(kStockFact.size()));
    look.facts.set("trigger.value", *value);
    return look;
}

Look look_at_doors(const Trigger& trigger, const Surroundings& around, const Stamp& now,
                   EdgeState& state) {
    const auto entries = around.entries(span_of(trigger, now.wall));
    const conditions::Value value{entries.value_or(0)};
    Look look{.fired = crosses(trigger, entries ? &value : nullptr, now, state)};
    if (!look.fired) return look;
    add_level(trigger, look.facts);
    look.facts.set("trigger.value", value);
    look.facts.set("trigger.window_min", std::int64_t{trigger.window.count()});
    return look;
}

Look look_at_clock(const Campaign& campaign, const Stamp& now, EdgeState& state) {
    const TimeZone& zone = *campaign.window.zone;
    const auto due = comes(campaign.trigger, zone, now.wall, state);
    Look look{.fired = due.has_value()};
    if (due) look.facts.set("trigger.at", clock_text(zone.local(*due)));
    return look;
}

Look look_at(const Campaign& campaign, const Surroundings& around, const Stamp& now,
             EdgeState& state) {
    const Trigger& trigger = campaign.trigger;
    if (trigger.kind == TriggerKind::Time) return look_at_clock(campaign, now, state);
    if (trigger.kind == TriggerKind::Footfall) return look_at_doors(trigger, around, now, state);
    return look_at_fact(trigger, around.context(now).find(trigger.fact, now.wall), now, state);
}

// A timetable counts only within the windows: nobody wants a line an hour about a shop that is
// shut.
bool any_open(const CampaignSet& set, const Campaign& campaign, WallTime now) {
    const auto candidates = set.candidates(campaign.trigger.kind, campaign.trigger.edge);
    return std::ranges::any_of(candidates, [&](const CampaignSet::Candidate& one) {
        const Window& window = set.all()[one.campaign].window;
        return window.has(now, window.zone->local(now));
    });
}

}  // namespace

// A row for each edge of the set, in its order. Edges of campaigns that are not live any more are
// forgotten: if they come again, they start from what is then.
void Engine::State::settle_edges() {
    std::set<std::string> wanted;
    looked_at.clear();
    for (const CampaignSet::Edge& edge : set->edges()) {
        const std::string name = name_of(set->all()[edge.campaign].trigger);
        const auto [at, fresh] = edges.try_emplace(name);
        if (fresh) mark("edge/" + name);
        looked_at.push_back(&*at);
        wanted.insert(name);
    }
    std::erase_if(edges, [&](const auto& known) {
        const bool gone = !wanted.contains(known.first);
        if (gone) mark("edge/" + known.first);
        return gone;
    });
    edges_settled = true;
}

void Engine::State::cross_edges(Turn& turn) {
    if (!edges_settled) settle_edges();
    for (std::size_t i = 0; i < looked_at.size(); ++i) {
        const Campaign& campaign = set->all()[set->edges()[i].campaign];
        auto& [name, state] = *looked_at[i];
        const EdgeState before = state;
        const Look look = look_at(campaign, around, turn.now, state);
        if (!state.same_row(before)) mark("edge/" + name);
        if (look.fired) tell_edge(campaign, name, look.facts, turn);
    }
}

void Engine::State::tell_edge(const Campaign& campaign, const std::string& name,
                              const conditions::Facts& facts, Turn& turn) {
    const Trigger& trigger = campaign.trigger;
    if (trigger.kind == TriggerKind::Time && !any_open(*set, campaign, turn.now.wall)) return;
    prompt({.trigger = trigger.kind,
            .at = turn.now,
            .subject = name,
            .unit = name + "@" + std::to_string(turn.now.wall.time_since_epoch().count()),
            .zone = trigger.zone,
            .edge = trigger.edge,
            .eyes = eyes_of(trigger),
            .event = &facts},
           turn);
}

}  // namespace aisle::offers
