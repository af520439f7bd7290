#include "sync/hq/erasure_desk.hpp"

#include <algorithm>
#include <utility>

#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"
#include "sync/hq/erasure.hpp"

namespace aisle::hq {
namespace {

namespace json = boost::json;
using records::ObjectReader;
using records::put;

json::object store_object(const ErasureStore& store) {
    json::object out;
    json::array members;
    // Once all is gone on both sides the pseudonyms go too: nothing of the member is left here.
    if (!store.swept)
        for (const auto& member : store.members) members.emplace_back(records::as_text(member));
    put(out, "members", json::value(std::move(members)));
    json::array digests;
    for (const auto& digest : store.digests) digests.emplace_back(records::as_text(digest));
    put(out, "digests", json::value(std::move(digests)));
    put(out, "command", store.command);
    put(out, "confirmed", json::value(store.confirmed));
    put(out, "rows_there", json::value(store.rows_there));
    put(out, "swept", json::value(store.swept));
    put(out, "rows_here", json::value(store.rows_here));
    return out;
}

ErasureStore store_from(const ObjectReader& in) {
    ErasureStore store{.command = in.text("command"),
                       .confirmed = in.flag("confirmed"),
                       .rows_there = in.integer<std::int64_t>("rows_there"),
                       .swept = in.flag("swept"),
                       .rows_here = in.integer<std::int64_t>("rows_here")};
    in.texts("members", [&](std::string member) { store.members.push_back(std::move(member)); });
    in.texts("digests", [&](std::string digest) { store.digests.push_back(std::move(digest)); });
    return store;
}

Sweep sweep_of(const std::string& id, const std::string& name, const ErasureStore& store) {
    return {.erasure = id,
            .store = name,
            .members = store.members,
            .digests = store.digests,
            .last = store.confirmed};
}

std::vector<std::string> digests_in(std::vector<std::string> words) {
    std::erase_if(words, [](const std::string& word) { return !is_name_digest(word); });
    std::ranges::sort(words);
    if (words.size() > ErasureDesk::kDigestsMax) words.resize(ErasureDesk::kDigestsMax);
    return words;
}

}  // namespace

bool ErasureCase::over() const {
    return std::ranges::all_of(stores, [](const auto& one) { return one.second.swept; });
}

StateChange ErasureDesk::row_of(const ErasureCase& one) const {
    json::object out;
    put(out, "asked", one.asked);
    json::object stores;
    for (const auto& [name, store] : one.stores)
        put(stores, name, json::value(store_object(store)));
    put(out, "stores", json::value(std::move(stores)));
    return {kRoom, one.id, json::serialize(out)};
}

Status ErasureDesk::restore(const std::vector<StateChange>& rows) {
    for (const auto& row : rows) {
        const auto in = ObjectReader::parse(row.bytes);
        ErasureCase one{.id = row.key, .asked = in.time("asked")};
        const auto stores = in.object("stores");
        for (const auto& [key, value] : stores.raw()) {
            const std::string name{key.data(), key.size()};
            one.stores[name] = store_from(stores.object(name));
        }
        if (auto good = in.status(); !good) return good;
        for (const auto& [name, store] : one.stores)
            if (!store.swept) sweeps_.push_back(sweep_of(one.id, name, store));
        cases_.emplace(row.key, std::move(one));
    }
    return {};
}

Result<DownEffects> ErasureDesk::open(ErasureCase wish) {
    if (wish.id.empty() || cases_.contains(wish.id)) return malformed("an erasure needs a new id");
    if (wish.stores.empty()) return malformed("no store knows this member");
    for (const auto& [name, store] : wish.stores)
        if (store.members.empty() || store.members.size() > wire::kEraseMembersMax)
            return malformed("1 to 1000 pseudonyms at " + name);
    if (open_cases() >= kOpenMax) return full("too many erasures are open");
    for (const auto& [name, store] : wish.stores) sweeps_.push_back(sweep_of(wish.id, name, store));
    DownEffects effects{.state = {row_of(wish)}};
    auto id = wish.id;
    cases_.emplace(std::move(id), std::move(wish));
    forget_old(effects);
    return effects;
}

DownEffects ErasureDesk::confirmed(const Confirmation& words) {
    DownEffects effects;
    for (auto& [id, one] : cases_) {
        const auto store = one.stores.find(words.store);
        if (store == one.stores.end() || store->second.command != words.command) continue;
        if (store->second.confirmed) continue;
        store->second.confirmed = true;
        store->second.rows_there = words.rows;
        store->second.digests = digests_in(words.digests);
        sweeps_.push_back(sweep_of(id, words.store, store->second));
        effects.state.push_back(row_of(one));
    }
    return effects;
}

Result<DownEffects> ErasureDesk::follow(const std::string& id, WallTime asked, Confirmation words) {
    DownEffects effects;
    auto digests = digests_in(std::move(words.digests));
    if (digests.empty() || cases_.contains(id)) return effects;
    if (open_cases() >= kOpenMax) return full("too many erasures are open");
    ErasureCase one{.id = id, .asked = asked};
    one.stores[words.store] = {
        .digests = std::move(digests), .confirmed = true, .rows_there = words.rows};
    sweeps_.push_back(sweep_of(id, words.store, one.stores[words.store]));
    effects.state.push_back(row_of(one));
    cases_.emplace(id, std::move(one));
    forget_old(effects);
    return effects;
}

DownEffects ErasureDesk::swept(const Sweep& sweep) {
    DownEffects effects;
    const auto found = cases_.find(sweep.erasure);
    if (found == cases_.end()) return effects;
    const auto store = found->second.stores.find(sweep.store);
    if (store == found->second.stores.end()) return effects;
    store->second.rows_here += sweep.rows;
    if (sweep.last) {
        store->second.swept = true;
        store->second.members.clear();
        store->second.digests.clear();
    }
    effects.state.push_back(row_of(found->second));
    return effects;
}

std::size_t ErasureDesk::open_cases() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(cases_, [](const auto& one) { return !one.second.over(); }));
}

std::vector<Sweep> ErasureDesk::take_sweeps() { return std::exchange(sweeps_, {}); }

void ErasureDesk::forget_old(DownEffects& effects) {
    std::vector<std::pair<WallTime, std::string>> over;
    for (const auto& [id, one] : cases_)
        if (one.over()) over.emplace_back(one.asked, id);
    if (over.size() <= kOverMax) return;
    std::ranges::sort(over);
    over.resize(over.size() - kOverMax);
    for (const auto& [asked, id] : over) {
        effects.state.push_back({kRoom, id, {}});
        cases_.erase(id);
    }
}

}  // namespace aisle::hq
