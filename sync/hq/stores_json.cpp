#include "sync/hq/stores_json.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "sync/wire/line.hpp"

namespace aisle::hq {
namespace {

using wire::quoted;

struct OneStore {
    std::map<std::string, StreamView> streams;  // the latest epoch of each
    std::set<std::string> epochs;
    StoreDay day;
    Presence presence;
};

std::map<std::string, OneStore> by_store(const Overview& overview,
                                         const std::map<std::string, Presence>& presence) {
    std::map<std::string, OneStore> stores;
    for (const auto& view : overview.streams) {
        stores[view.store].epochs.insert(view.epoch);
        auto& kept = stores[view.store].streams[view.stream];
        if (kept.store.empty() || view.updated >= kept.updated) kept = view;
    }
    for (const auto& day : overview.days) stores[day.store].day = day;
    for (const auto& [store, known] : presence) stores[store].presence = known;
    return stores;
}

WallTime last_seen(const OneStore& store) {
    WallTime latest = store.presence.heard;
    for (const auto& [name, view] : store.streams) latest = std::max(latest, view.updated);
    return latest;
}

std::int64_t lag(const OneStore& store) {
    std::int64_t behind = 0;
    for (const auto& extent : store.presence.birth.streams) {
        const auto found = store.streams.find(std::string{to_text(extent.stream)});
        const bool same =
            found != store.streams.end() && found->second.epoch == store.presence.birth.epoch;
        behind +=
            std::max<std::int64_t>(0, extent.next - (same ? found->second.next : extent.first));
    }
    return behind;
}

std::string streams_json(const OneStore& store) {
    std::string out;
    for (const auto& [name, view] : store.streams) {
        if (!out.empty()) out += ',';
        out += "{\"stream\":" + quoted(name) + ",\"epoch\":" + quoted(view.epoch) +
               ",\"next\":" + std::to_string(view.next) + "}";
    }
    return "[" + out + "]";
}

std::string today_json(const StoreDay& day, const Today& today) {
    return "{\"date\":" + quoted(to_text(today.date)) + ",\"sales\":" + std::to_string(day.sales) +
           ",\"total_minor\":" + std::to_string(day.total_minor) +
           ",\"currency\":" + quoted(day.currency) + ",\"entered\":" + std::to_string(day.entered) +
           ",\"left\":" + std::to_string(day.left) + "}";
}

std::string number_or_null(const std::optional<std::int64_t>& value) {
    return value ? std::to_string(*value) : "null";
}

std::string datasets_json(const wire::Health& health) {
    std::string out;
    for (const auto& set : health.datasets.value_or(std::vector<wire::DatasetVersion>{})) {
        if (!out.empty()) out += ',';
        out += quoted(set.name) + ":" + std::to_string(set.version);
    }
    return "{" + out + "}";
}

std::string alarms_json(const std::vector<NotedAlarm>& alarms) {
    std::string out;
    for (const auto& alarm : alarms) {
        if (!out.empty()) out += ',';
        out += "{\"kind\":" + quoted(alarm.kind) + ",\"detail\":" + quoted(alarm.detail) +
               ",\"first\":" + quoted(to_rfc3339(alarm.first)) +
               ",\"last\":" + quoted(to_rfc3339(alarm.last)) +
               ",\"times\":" + std::to_string(alarm.times) + "}";
    }
    return "[" + out + "]";
}

std::string health_json(const OneStore& store) {
    const auto& birth = store.presence.birth;
    const auto& health = birth.health;
    const auto text = [](std::string_view word) {
        return word.empty() ? std::string{"null"} : quoted(word);
    };
    return "\"version\":" + text(birth.version) + ",\"epoch\":" + text(birth.epoch) +
           ",\"epochs\":" + std::to_string(store.epochs.size()) +
           ",\"bundle\":" + number_or_null(health.bundle) +
           ",\"datasets\":" + datasets_json(health) + ",\"lag_s\":" + number_or_null(health.lag_s) +
           ",\"dropped\":" + number_or_null(health.dropped) +
           ",\"disk_free_bytes\":" + number_or_null(health.disk_free_bytes) +
           ",\"clock\":" + (health.clock ? quoted(aisle::to_text(*health.clock)) : "null") +
           ",\"boot\":" + number_or_null(health.boot) +
           ",\"alarms\":" + alarms_json(store.presence.alarms);
}

std::string gaps_json(const std::vector<GapCount>& gaps) {
    std::string out;
    for (const auto& gap : gaps) {
        if (!out.empty()) out += ',';
        out += "{\"reason\":" + quoted(gap.reason) + ",\"records\":" + std::to_string(gap.records) +
               ",\"rows\":" + std::to_string(gap.rows) + "}";
    }
    return "[" + out + "]";
}

std::string store_json(const std::string& name, const OneStore& store, const Today& today,
                       WallTime now) {
    const WallTime seen = last_seen(store);
    return "{\"store\":" + quoted(name) +
           ",\"connected\":" + (is_connected(store.presence, now) ? "true" : "false") +
           ",\"last_seen\":" + (seen == WallTime{} ? "null" : quoted(to_rfc3339(seen))) +
           ",\"lag_records\":" + std::to_string(lag(store)) +
           ",\"streams\":" + streams_json(store) + ",\"today\":" + today_json(store.day, today) +
           "," + health_json(store) + "}";
}

}  // namespace

std::string stores_json(const Overview& overview, const std::map<std::string, Presence>& presence,
                        const Today& today, bool broker_connected, WallTime now) {
    std::string out = "{\"now\":" + quoted(to_rfc3339(now)) +
                      ",\"broker_connected\":" + (broker_connected ? "true" : "false") +
                      ",\"stores\":[";
    bool first = true;
    for (const auto& [name, store] : by_store(overview, presence)) {
        if (!first) out += ',';
        first = false;
        out += store_json(name, store, today, now);
    }
    return out + "]}";
}

std::string to_json(const Completeness& stream) {
    return "{\"store\":" + quoted(stream.store) + ",\"epoch\":" + quoted(stream.epoch) +
           ",\"stream\":" + quoted(stream.stream) +
           ",\"expected\":" + std::to_string(stream.expected) +
           ",\"received\":" + std::to_string(stream.received) +
           ",\"gaps\":" + gaps_json(stream.gaps) + ",\"again\":" + std::to_string(stream.again) +
           ",\"quarantined\":" + std::to_string(stream.quarantined) +
           ",\"missing\":" + std::to_string(stream.missing) + "}";
}

std::string completeness_json(const std::vector<Completeness>& streams) {
    std::string out;
    for (const auto& stream : streams) {
        if (!out.empty()) out += ',';
        out += to_json(stream);
    }
    return "{\"streams\":[" + out + "]}";
}

}  // namespace aisle::hq
