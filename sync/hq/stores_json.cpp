#include "sync/hq/stores_json.hpp"

#include <algorithm>

#include "sync/wire/line.hpp"

namespace aisle::hq {
namespace {

using wire::quoted;

struct OneStore {
    std::map<std::string, StreamView> streams;  // the latest epoch of each
    StoreDay day;
    Presence presence;
};

std::map<std::string, OneStore> by_store(const Overview& overview,
                                         const std::map<std::string, Presence>& presence) {
    std::map<std::string, OneStore> stores;
    for (const auto& view : overview.streams) {
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

std::string store_json(const std::string& name, const OneStore& store, const Today& today) {
    const WallTime seen = last_seen(store);
    return "{\"store\":" + quoted(name) +
           ",\"connected\":" + (store.presence.alive ? "true" : "false") +
           ",\"last_seen\":" + (seen == WallTime{} ? "null" : quoted(to_rfc3339(seen))) +
           ",\"lag_records\":" + std::to_string(lag(store)) +
           ",\"streams\":" + streams_json(store) + ",\"today\":" + today_json(store.day, today) +
           "}";
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
        out += store_json(name, store, today);
    }
    return out + "]}";
}

}  // namespace aisle::hq
