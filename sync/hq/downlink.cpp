#include "sync/hq/downlink.hpp"

#include <array>
#include <utility>

#include "agent/runtime/log.hpp"
#include "agent/runtime/secret_file.hpp"
#include "sync/hq/downlink_core.hpp"
#include "sync/hq/keys.hpp"

namespace aisle::hq {
namespace {

constexpr milliseconds kTick{1'000};
constexpr std::size_t kNoticesAtOnce = 500;
constexpr seconds kServeEvery{10};
constexpr seconds kKeysEvery{60};
constexpr std::array kRooms{RolloutEngine::kRoom, CommandDesk::kRoom, BudgetBook::kRoom,
                            ErasureDesk::kRoom,   DatasetDesk::kRoom, kDatasetRoom,
                            TrialBook::kRoom,     kDownlinkRoom};

using Rooms = std::map<std::string, std::vector<StateChange>>;

struct Read {
    Rooms rooms;
    std::vector<StreamView> streams;
};

Result<Read> read_all(EventStore& store) {
    Read read;
    for (const char* room : kRooms) {
        auto rows = store.read_state(room);
        if (!rows) return rows.error();
        read.rooms[room] = std::move(*rows);
    }
    auto streams = store.streams();
    if (!streams) return streams.error();
    read.streams = std::move(*streams);
    return read;
}

Status restore_own(DownlinkDesks& desks, const std::vector<StateChange>& rows) {
    for (const auto& row : rows) {
        if (row.key == "cursor") {
            if (row.bytes.empty() || row.bytes.size() > 18 ||
                row.bytes.find_first_not_of("0123456789") != std::string::npos)
                return malformed("the cursor of the notices is no number");
            desks.cursor = std::stoll(row.bytes);
        } else if (row.key.starts_with("key/")) {
            desks.keys_in_use[row.key.substr(4)] = row.bytes;
        } else if (row.key.starts_with("file/")) {
            desks.files[row.key.substr(5)] = row.bytes;
        } else if (row.key.starts_with("faults/")) {
            if (const auto name = wire::dataset_from(row.key.substr(7)))
                desks.quarantine[*name] = row.bytes;
        }
    }
    return {};
}

Status restore_desks(DownlinkDesks& desks, Rooms rooms) {
    for (const auto& read :
         {desks.rollout.restore(rooms[RolloutEngine::kRoom]),
          desks.commands.restore(rooms[CommandDesk::kRoom]),
          desks.budgets.restore(rooms[BudgetBook::kRoom]),
          desks.erasures.restore(rooms[ErasureDesk::kRoom]),
          desks.datasets.restore(rooms[DatasetDesk::kRoom]),
          desks.trials.restore(rooms[TrialBook::kRoom]), restore_own(desks, rooms[kDownlinkRoom])})
        if (!read) return read;
    auto tables = tables_from(rooms[kDatasetRoom]);
    if (!tables) return tables.error();
    for (auto& [name, table] : *tables) desks.datasets.loaded(std::move(table));
    return {};
}

}  // namespace

Downlink::Core::Core(Parts given, DownlinkSettings with)
    : parts{std::move(given)},
      settings{std::move(with)},
      active{settings.active},
      post{{parts.store, parts.storage, parts.loop, parts.metrics, parts.publish}} {}

Status Downlink::Core::start() {
    if (!settings.keys_dir.empty())
        if (auto loaded = load_keys(); !loaded) return loaded;
    if (!settings.signing_key.empty()) {
        auto key = load_signing_key(settings.signing_key);
        if (!key) return key.error();
        if (ring.revoked(key->id)) return denied("the signing key " + key->id + " is revoked");
        signing = std::move(*key);
        // What HQ signs itself it must believe when it reads it again.
        if (ring.find(signing->id) == nullptr)
            if (auto added = ring.add(signing->public_key()); !added) return added;
    }
    if (!settings.token_file.empty()) {
        auto read = runtime::read_secret_file(settings.token_file);
        if (!read) return read.error();
        token = std::move(*read);
    }
    ticking = runtime::every(parts.loop, kTick, [this] { tick(); });
    if (active) read_state();
    return {};
}

void Downlink::Core::set_active(bool wanted) {
    if (active == wanted) return;
    active = wanted;
    ++generation;
    desks.reset();
    post.forget();
    polling = false;
    restoring = false;
    loading = false;
    again.cancel();
    log::info("hq.downlink", {{"active", active ? "yes" : "no"}});
    if (active) read_state();
}

void Downlink::Core::read_state() {
    if (std::exchange(restoring, true)) return;
    const auto answer = [weak = weak_from_this(), born = generation](Result<Read> read) {
        const auto self = weak.lock();
        if (!self || self->generation != born) return;
        self->restoring = false;
        if (read) return self->restore(read->rooms, read->streams);
        log::error("hq.downlink_unread", {{"why", read.error().detail}});
    };
    const bool taken = parts.storage([store = &parts.store, loop = &parts.loop, answer] {
        auto read = read_all(*store);
        loop->post([answer, read = std::move(read)]() mutable { answer(std::move(read)); });
    });
    if (!taken) restoring = false;  // the next tick tries again
}

void Downlink::Core::restore(const Rooms& rooms, const std::vector<StreamView>& streams) {
    desks.emplace(parts.random);
    if (auto restored = restore_desks(*desks, rooms); !restored) {
        // Going on would forget what stores were given; an operator must look.
        log::error("hq.downlink_state", {{"why", restored.error().detail}});
        desks.reset();
        return;
    }
    for (const auto& stream : streams) desks->stores.insert(stream.store);
    for (const auto& [store, keys] : store_keys.all()) desks->stores.insert(store);
    for (const auto& [store, known] : seen) presence(store, known);
    poll_notices();
}

void Downlink::Core::commit(DownEffects effects, std::function<void(Status)> then) {
    if (effects.empty() && !then) return;
    post.commit(std::move(effects), std::move(then));
}

void Downlink::Core::tick() {
    if (!active) return;
    if (!running()) return read_state();
    const Stamp at = now();
    DownEffects effects = desks->rollout.tick(at);
    effects.add(desks->commands.tick(at));
    if (at.mono - served >= kServeEvery) {
        served = at.mono;
        effects.add(carry_out(desks->budgets.serve(at)));
    }
    commit(std::move(effects));
    go_back();
    sweep();
    overwrite();
    order_packs();
    if (at.mono - scanned >= settings.datasets_scan) {
        scanned = at.mono;
        scan_folder();
    }
    if (at.mono - keyed >= kKeysEvery) {
        keyed = at.mono;
        reload_keys();
    }
    poll_notices();
    show_gauges();
}

void Downlink::Core::poll_notices() {
    if (!running() || polling || post.busy()) return;
    polling = true;
    const auto answer = [weak = weak_from_this(),
                         born = generation](Result<std::vector<Notice>> read) {
        const auto self = weak.lock();
        if (!self || self->generation != born || !self->running()) return;
        self->polling = false;
        if (!read || read->empty()) return;
        DownEffects effects;
        for (const auto& notice : *read) effects.add(self->take(notice));
        self->desks->cursor = read->back().id;
        effects.state.push_back({kDownlinkRoom, "cursor", std::to_string(read->back().id)});
        self->parts.metrics
            .counter("aisle_hq_down_notices_total", "Records of stores that HQ has acted on")
            .add(static_cast<double>(read->size()));
        const bool more = read->size() == kNoticesAtOnce;
        self->commit(std::move(effects));
        if (more) self->poll_notices();
    };
    const bool taken =
        parts.storage([store = &parts.store, loop = &parts.loop, after = desks->cursor, answer] {
            auto read = store->notices(after, kNoticesAtOnce);
            loop->post([answer, read = std::move(read)]() mutable { answer(std::move(read)); });
        });
    if (!taken) polling = false;
}

void Downlink::Core::presence(const std::string& store, const Presence& known) {
    seen[store] = known;
    if (!running()) return;
    desks->stores.insert(store);
    const Stamp at = now();
    std::optional<std::map<std::string, std::int64_t>> versions;
    if (const auto& told = known.birth.health.datasets) {
        versions.emplace();
        for (const auto& held : *told) (*versions)[held.name] = held.version;
    }
    DownEffects effects = desks->rollout.seen({.store = store,
                                               .alive = known.alive,
                                               .bundle = known.birth.health.bundle,
                                               .run = known.birth.run},
                                              at);
    desks->commands.seen(store, known.alive, at);
    note_store_key(store, known.birth.health.member_key);
    effects.add(desks->datasets.seen(store, known.alive, versions, at));
    commit(std::move(effects));
}

void Downlink::Core::show_gauges() {
    auto& metrics = parts.metrics;
    const auto waiting = [&](const char* what, std::size_t n) {
        metrics.gauge("aisle_hq_down_waiting", "What waits for stores", {{"what", what}})
            .set(static_cast<double>(n));
    };
    waiting("command", desks->commands.waiting());
    waiting("message", post.to_send());
    Money exposure;
    for (const auto& [campaign, budget] : desks->budgets.budgets()) exposure += budget.exposure();
    metrics.gauge("aisle_hq_exposure_minor", "The most that stores can still spend of their leases")
        .set(static_cast<double>(exposure.minor()));
    metrics.gauge("aisle_hq_trials", "Reports of experiments, one a plan and shop")
        .set(static_cast<double>(desks->trials.size()));
    metrics.gauge("aisle_hq_trials_refused", "Reports beyond the bound, since the start")
        .set(static_cast<double>(desks->trials.refused()));
    for (const auto& [name, table] : desks->datasets.tables())
        metrics
            .gauge("aisle_hq_dataset_version", "The latest version of a dataset",
                   {{"name", std::string{to_text(name)}}})
            .set(static_cast<double>(table->version));
}

Downlink::Downlink(Parts parts, DownlinkSettings settings)
    : core_{std::make_shared<Core>(std::move(parts), std::move(settings))} {}
Downlink::~Downlink() = default;

Status Downlink::start() { return core_->start(); }
void Downlink::set_active(bool active) { core_->set_active(active); }
void Downlink::presence(const std::string& store, const Presence& presence) {
    core_->presence(store, presence);
}
void Downlink::noticed() { core_->poll_notices(); }

}  // namespace aisle::hq
