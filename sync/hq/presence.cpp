#include "sync/hq/presence.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace aisle::hq {
namespace {

namespace json = boost::json;

// The one who spoke until now becomes the latest of the earlier runs.
void change_run(Presence& presence, std::vector<Presence::Run>::iterator back) {
    auto& earlier = presence.earlier;
    if (back != earlier.end()) earlier.erase(back);
    earlier.insert(earlier.begin(), {presence.birth.run, presence.birth.at});
    if (earlier.size() > kRunsMax) earlier.resize(kRunsMax);
}

json::array runs_json(const Presence& presence) {
    json::array runs;
    for (const auto& run : presence.earlier) {
        json::object one;
        one["run"] = run.id;
        one["at"] = to_rfc3339(run.at);
        runs.push_back(std::move(one));
    }
    return runs;
}

json::array alarms_json(const Presence& presence) {
    json::array alarms;
    for (const auto& alarm : presence.alarms) {
        json::object one;
        one["kind"] = alarm.kind;
        one["detail"] = alarm.detail;
        one["first"] = to_rfc3339(alarm.first);
        one["last"] = to_rfc3339(alarm.last);
        one["times"] = alarm.times;
        alarms.push_back(std::move(one));
    }
    return alarms;
}

// Our own words; what is not there is empty.
std::string text_in(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : "";
}

WallTime time_in(const json::object& object, const char* name) {
    return parse_rfc3339(text_in(object, name)).value_or(WallTime{});
}

template <typename Read>
void each_object(const json::object& object, const char* name, Read read) {
    const auto* list = object.if_contains(name);
    if (list == nullptr || !list->is_array()) return;
    for (const auto& one : list->get_array())
        if (one.is_object()) read(one.get_object());
}

void read_lists(const json::object& object, Presence& presence) {
    each_object(object, "earlier", [&](const json::object& run) {
        if (presence.earlier.size() < kRunsMax)
            presence.earlier.push_back({text_in(run, "run"), time_in(run, "at")});
    });
    each_object(object, "alarms", [&](const json::object& alarm) {
        const auto* times = alarm.if_contains("times");
        if (presence.alarms.size() >= kNotedAlarmsMax) return;
        presence.alarms.push_back(
            {.kind = text_in(alarm, "kind"),
             .detail = text_in(alarm, "detail"),
             .first = time_in(alarm, "first"),
             .last = time_in(alarm, "last"),
             .times = times != nullptr && times->is_int64() ? times->get_int64() : 1});
    });
}

}  // namespace

Heard take_state(Presence& presence, const wire::StoreState& state, WallTime now, bool retained) {
    auto& birth = presence.birth;
    const bool same_run = state.run == birth.run || state.run.empty() || birth.run.empty();
    if (!state.alive && !same_run) return Heard::Nothing;
    const auto back = std::ranges::find(presence.earlier, state.run, &Presence::Run::id);
    const bool spoke_before = !same_run && back != presence.earlier.end();
    // A broker may deliver a copy of what a run said before it was followed by another one.
    if (spoke_before && state.at <= back->at) return Heard::Nothing;

    if (!retained) presence.heard = now;
    presence.alive = state.alive;
    if (!state.alive) return Heard::News;
    if (!same_run) change_run(presence, back);
    birth = state;
    return spoke_before ? Heard::TwoDevices : Heard::News;
}

bool is_connected(const Presence& presence, WallTime now) {
    const WallTime last = presence.heard == WallTime{} ? presence.birth.at : presence.heard;
    return presence.alive && now - last < kSilence;
}

void note_alarm(Presence& presence, std::string_view kind, std::string_view detail, WallTime now) {
    auto& alarms = presence.alarms;
    const auto known = std::ranges::find(alarms, kind, &NotedAlarm::kind);
    NotedAlarm alarm{.kind = std::string{kind},
                     .detail = std::string{detail},
                     .first = now,
                     .last = now,
                     .times = 1};
    if (known != alarms.end()) {
        alarm.first = known->first;
        alarm.times = known->times + 1;
        alarms.erase(known);
    }
    alarms.insert(alarms.begin(), std::move(alarm));
    if (alarms.size() > kNotedAlarmsMax) alarms.resize(kNotedAlarmsMax);
}

std::string to_json(const Presence& presence) {
    json::object out;
    out["alive"] = presence.alive;
    out["heard"] = to_rfc3339(presence.heard);
    auto birth = presence.birth;
    birth.alive = true;  // so that all of it is written
    if (!birth.epoch.empty()) out["birth"] = wire::to_json(birth);
    out["earlier"] = runs_json(presence);
    out["alarms"] = alarms_json(presence);
    return json::serialize(out);
}

Result<Presence> parse_presence(std::string_view text) {
    boost::system::error_code error;
    const auto value = json::parse({text.data(), text.size()}, error);
    if (error || !value.is_object()) return malformed("no presence");
    const auto& object = value.get_object();
    Presence presence;
    const auto* alive = object.if_contains("alive");
    presence.alive = alive != nullptr && alive->is_bool() && alive->get_bool();
    presence.heard = time_in(object, "heard");
    if (const std::string birth = text_in(object, "birth"); !birth.empty()) {
        auto state = wire::parse_state(birth);
        if (!state) return state.error();
        presence.birth = std::move(*state);
    }
    read_lists(object, presence);
    return presence;
}

}  // namespace aisle::hq
