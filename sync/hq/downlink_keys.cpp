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
    // A store with a new key needs its members under that: a new version of the same rows brings
    // it all of them, and the others nothing but the version.
    const auto members = desks->datasets.tables().find(wire::Dataset::Members);
    if (!anew || loading || members == desks->datasets.tables().end()) return;
    const auto before = members->second;
    auto table = std::make_shared<const DatasetTable>(
        next_table(*before, {.valid_until = before->valid_until, .source = before->source},
                   LoadMode::Merge, now().wall));
    commit({.state = dataset_rows(*before, *table)});
    desks->datasets.loaded(std::move(table));
}

}  // namespace aisle::hq
