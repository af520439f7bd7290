#include <utility>

#include "agent/runtime/log.hpp"
#include "agent/runtime/secret_file.hpp"
#include "sync/hq/downlink_core.hpp"
#include "sync/hq/keys.hpp"

// Keys of the downlink: read at the start, and again now and then, so that a store that was
// enrolled, a rotation and a revocation need no restart.
namespace aisle::hq {
namespace {

bool rotated(const StoreKeys& before, const StoreKeys& after) {
    for (const auto& [store, keys] : after.all()) {
        const auto* old = before.current(store);
        const auto* fresh = after.current(store);
        if (fresh != nullptr && (old == nullptr || old->id != fresh->id)) return true;
    }
    return false;
}

}  // namespace

Status Downlink::Core::load_keys() {
    auto read_ring = load_keyring(settings.keys_dir);
    if (!read_ring) return read_ring.error();
    auto read_stores = StoreKeys::load(settings.keys_dir);
    if (!read_stores) return read_stores.error();
    ring = std::move(*read_ring);
    store_keys = std::move(*read_stores);
    return {};
}

void Downlink::Core::reload_keys() {
    if (settings.keys_dir.empty()) return;
    const auto answer = [weak = weak_from_this(), born = generation](
                            Result<wire::Keyring> fresh_ring, Result<StoreKeys> fresh_stores) {
        const auto self = weak.lock();
        if (!self || self->generation != born || !self->running()) return;
        if (fresh_ring && fresh_stores)
            return self->take_keys(std::move(*fresh_ring), std::move(*fresh_stores));
        const auto& why = fresh_ring ? fresh_stores.error() : fresh_ring.error();
        log::error("hq.keys", {{"why", why.detail}});
    };
    const bool taken = parts.worker([loop = &parts.loop, answer, dir = settings.keys_dir] {
        auto fresh_ring = load_keyring(dir);
        auto fresh_stores = StoreKeys::load(dir);
        loop->post([answer, fresh_ring = std::move(fresh_ring),
                    fresh_stores = std::move(fresh_stores)]() mutable {
            answer(std::move(fresh_ring), std::move(fresh_stores));
        });
    });
    if (!taken) log::debug("hq.keys", {{"why", "the worker is busy"}});
}

void Downlink::Core::take_keys(wire::Keyring fresh_ring, StoreKeys fresh_stores) {
    const bool anew = rotated(store_keys, fresh_stores);
    store_keys = std::move(fresh_stores);
    ring = std::move(fresh_ring);
    for (const auto& [store, keys] : store_keys.all()) desks->stores.insert(store);
    if (signing && ring.revoked(signing->id)) {
        log::error("hq.signing_key_revoked", {{"key", signing->id}});
        signing.reset();
    }
    if (signing && ring.find(signing->id) == nullptr)
        if (auto added = ring.add(signing->public_key()); !added)
            log::error("hq.keys", {{"why", added.error().detail}});
    if (anew) renew_members();
}

// A store with a new key needs its members under that: a new version of the same rows brings it all
// of them, and the others nothing but the version.
void Downlink::Core::renew_members() {
    const auto members = desks->datasets.tables().find(wire::Dataset::Members);
    if (loading || members == desks->datasets.tables().end()) return;
    const auto before = members->second;
    auto table = std::make_shared<const DatasetTable>(
        next_table(*before, {.valid_until = before->valid_until, .source = before->source},
                   LoadMode::Merge, now().wall));
    commit({.state = dataset_rows(*before, *table)});
    desks->datasets.loaded(std::move(table));
}

// What it holds of the members is under the key before: it gets all of them anew.
void Downlink::Core::note_store_key(const std::string& store, const std::string& key) {
    if (key.empty()) return;
    std::string& known = desks->keys_in_use[store];
    if (known == key) return;
    const bool changed = !std::exchange(known, key).empty();
    DownEffects effects{.state = {{kDownlinkRoom, "key/" + store, key}}};
    log::info("hq.store_key", {{"store", store},
                               {"key", key},
                               {"known", store_keys.find(store, key) == nullptr ? "no" : "yes"}});
    if (changed) effects.add(desks->datasets.ask_snapshot(store, wire::Dataset::Members));
    commit(std::move(effects));
    if (changed) renew_members();
}

Result<PseudonymKey> Downlink::Core::key_for(const std::string& store) const {
    const auto told = desks->keys_in_use.find(store);
    const bool says = told != desks->keys_in_use.end() && !told->second.empty();
    const auto* key = says ? store_keys.find(store, told->second) : store_keys.current(store);
    if (key == nullptr)
        return denied(says ? store + " uses the key " + told->second +
                                 ", which is not here: aisle-hq keys add-store"
                           : store + " has no key at HQ");
    if (key->revoked) return denied(store + " uses the key " + key->id + ", which is revoked");
    return *key;
}

}  // namespace aisle::hq
