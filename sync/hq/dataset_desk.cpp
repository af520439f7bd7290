#include "sync/hq/dataset_desk.hpp"

#include <algorithm>
#include <utility>

#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;
using records::put;

std::string key_of(const std::string& store, wire::Dataset name) {
    return store + '/' + std::string{to_text(name)};
}

}  // namespace

DatasetDesk::DatasetDesk(DatasetLimits limits, runtime::RandomSource random)
    : limits_{limits}, repeats_{limits.repeats, std::move(random)} {}

Status DatasetDesk::restore(const std::vector<StateChange>& rows) {
    for (const auto& row : rows) {
        const auto slash = row.key.find('/');
        const auto name = wire::dataset_from(
            slash == std::string::npos ? std::string{} : row.key.substr(slash + 1));
        if (!name) return malformed("a row of the data desk has a bad key: " + row.key);
        const auto in = records::ObjectReader::parse(row.bytes);
        stores_[row.key.substr(0, slash)][*name] = {.version = in.integer<std::int64_t>("version"),
                                                    .shown = in.time("shown"),
                                                    .trouble = in.text("trouble"),
                                                    .snapshot = in.flag("snapshot")};
        if (auto good = in.status(); !good) return good;
    }
    return {};
}

void DatasetDesk::loaded(SharedTable table) {
    const auto name = table->name;
    tables_[name] = std::move(table);
    // Whoever is there hears of it at once.
    for (const auto& [store, alive] : alive_) repeats_.forget(key_of(store, name));
}

DownEffects DatasetDesk::note(const std::string& store, wire::Dataset name, StoreDataset held) {
    auto& known = stores_[store][name];
    const bool news = known.version != held.version || known.trouble != held.trouble ||
                      known.snapshot != held.snapshot;
    known = std::move(held);
    if (!news) return {};
    json::object out;
    put(out, "version", json::value(known.version));
    put(out, "shown", known.shown);
    put(out, "trouble", known.trouble);
    put(out, "snapshot", json::value(known.snapshot));
    return {.state = {{kRoom, key_of(store, name), json::serialize(out)}}};
}

DownEffects DatasetDesk::seen(const std::string& store, bool alive,
                              const std::optional<std::map<std::string, std::int64_t>>& versions,
                              const Stamp& now) {
    DownEffects effects;
    const bool came_back = alive && !std::exchange(alive_[store], alive);
    if (!alive) return effects;
    for (const auto& [name, table] : tables_) {
        if (came_back) repeats_.soon(key_of(store, name), now.mono);
        if (!versions) continue;
        const auto shown = versions->find(std::string{to_text(name)});
        StoreDataset held = stores_[store][name];
        const auto version = shown == versions->end() ? 0 : shown->second;
        if (version == held.version) continue;
        if (version > held.version) held.trouble.clear();
        held.version = version;
        held.shown = now.wall;
        effects.add(note(store, name, std::move(held)));
    }
    return effects;
}

DownEffects DatasetDesk::reported(const DatasetReport& report, const Stamp& now) {
    const auto name = wire::dataset_from(report.name);
    if (!name) return {};
    StoreDataset held = stores_[report.store][*name];
    held.version = report.held;
    held.shown = now.wall;
    held.snapshot = report.state == "refused" && (report.reason == "base" || held.snapshot);
    held.trouble = report.state == "refused" ? report.reason : std::string{};
    // A delta on what it does not have: the whole is sent at once, not after the wait.
    if (held.snapshot) repeats_.forget(key_of(report.store, *name));
    return note(report.store, *name, std::move(held));
}

DownEffects DatasetDesk::ask_snapshot(const std::string& store, wire::Dataset name) {
    StoreDataset held = stores_[store][name];
    held.snapshot = true;
    repeats_.forget(key_of(store, name));
    return note(store, name, std::move(held));
}

bool DatasetDesk::behind(const DatasetTable& table, const StoreDataset& held, WallTime now) const {
    return table.version > held.version && now < table.valid_until;
}

std::vector<PackOrder> DatasetDesk::tick(const Stamp& now) {
    std::vector<PackOrder> orders;
    auto at = alive_.upper_bound(after_);
    for (std::size_t looked = 0; looked < alive_.size(); ++looked, ++at) {
        if (at == alive_.end()) at = alive_.begin();
        const auto& [store, alive] = *at;
        if (!alive) continue;
        for (const auto& [name, table] : tables_) {
            if (orders.size() >= limits_.orders_per_tick || out_ >= limits_.orders_out_max)
                return orders;
            const StoreDataset& held = stores_[store][name];
            const auto key = key_of(store, name);
            if (!behind(*table, held, now.wall) || !repeats_.due(key, now.mono)) continue;
            repeats_.said(key, now.mono);
            ++out_;
            after_ = store;
            orders.push_back({.store = store,
                              .name = name,
                              .base = held.version > 0 && !held.snapshot
                                          ? std::optional{held.version}
                                          : std::nullopt});
        }
    }
    return orders;
}

void DatasetDesk::packed(const PackOrder&) {
    if (out_ > 0) --out_;
}

}  // namespace aisle::hq
