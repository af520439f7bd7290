#include <algorithm>
#include <utility>

#include "agent/runtime/log.hpp"
#include "sync/hq/downlink_core.hpp"
#include "sync/hq/fresh_id.hpp"

// What HQ signs and does by itself, with the key that it was given.
namespace aisle::hq {
namespace {

constexpr std::chrono::hours kGoBackValid{7 * 24};
constexpr std::size_t kEraseSlice = 20'000;  // rows looked at in one piece of the storage thread

}  // namespace

Result<QueuedCommand> Downlink::Core::sign(const wire::Command& command) const {
    if (!signing)
        return denied(
            "HQ holds no signing key: sign it with aisle-hq command send --key, or set "
            "keys.signing_key");
    const std::string payload = wire::to_json(command);
    // The shop's own reader judges it, so that nothing is signed which it refuses.
    if (const auto read = wire::parse_command(payload); !read)
        return malformed(to_text(read.error().refusal));
    return QueuedCommand{.id = command.id,
                         .store = command.store.value,
                         .type = std::string{wire::type_of(command.args)},
                         .issued = command.issued,
                         .expires = command.expires,
                         .sealed = wire::seal(wire::Purpose::Command, *signing, payload)};
}

// One signed command for each store; all are queued or none.
// From the platform's randomness, so that an HQ under one seed names things the same twice.
std::string fresh_id(char letter, const runtime::RandomSource& random) {
    std::string id(1, letter);
    const std::uint64_t number = random();
    for (int shift = 60; shift >= 0; shift -= 4) id += "0123456789abcdef"[(number >> shift) & 15U];
    return id;
}

Result<DownEffects> Downlink::Core::command(const CommandWish& wish,
                                            std::vector<std::string>& ids) {
    const Stamp at = now();
    const std::string stem = fresh_id('c', parts.random);
    std::vector<QueuedCommand> commands;
    for (const auto& store : wish.stores) {
        auto made = sign({.id = wish.stores.size() == 1 ? stem : stem + "." + store,
                          .store = StoreId{store},
                          .issued = at.wall,
                          .expires = at.wall + wish.valid,
                          .args = wish.args});
        if (!made) return made.error();
        made->until_answered = wish.until_answered;
        ids.push_back(made->id);
        commands.push_back(std::move(*made));
    }
    return desks->commands.queue(std::move(commands), at);
}

// Grants become commands; one that cannot be queued is as good as refused.
DownEffects Downlink::Core::carry_out(LeaseTurn turn) {
    DownEffects effects{.state = std::move(turn.state)};
    const Stamp at = now();
    for (const auto& order : turn.orders) {
        auto made = sign({.id = order.command,
                          .store = StoreId{order.store},
                          .issued = at.wall,
                          .expires = order.expires,
                          .args = order.grant});
        Result<DownEffects> queued = made ? DownEffects{} : Result<DownEffects>{made.error()};
        if (made) {
            made->until_answered = true;
            queued = desks->commands.queue(std::move(*made), at);
        }
        if (queued) {
            effects.add(std::move(*queued));
            continue;
        }
        log::warn("hq.lease_unsent", {{"store", order.store}, {"why", queued.error().detail}});
        effects.add(
            {.state = desks->budgets.answered({order.command, order.grant.epoch, false}).state});
    }
    return effects;
}

void Downlink::Core::go_back() {
    for (auto& back : desks->rollout.take_go_backs()) {
        std::vector<std::string> ids;
        auto queued = command({.stores = std::move(back.stores),
                               .args = wire::BundleRollbackArgs{.version = back.version,
                                                                .reason = "the roll-out halted"},
                               .valid = kGoBackValid},
                              ids);
        if (queued)
            commit(std::move(*queued));
        else
            log::error("hq.rollback_unsent",
                       {{"version", back.version}, {"why", queued.error().detail}});
    }
}

void Downlink::Core::sweep() {
    for (auto& one : desks->erasures.take_sweeps()) run_sweep(std::move(one), 0);
}

// Slice by slice, so that inserts go on between.
void Downlink::Core::run_sweep(Sweep one, std::int64_t after) {
    auto sweep = std::make_shared<Sweep>(std::move(one));
    const auto answer = [weak = weak_from_this(), born = generation,
                         sweep](Result<ErasedSlice> slice) {
        const auto self = weak.lock();
        if (!self || self->generation != born || !self->running()) return;
        if (!slice) {
            log::error("hq.erasure", {{"why", slice.error().detail}});
            return self->desks->erasures.put_back(std::move(*sweep));
        }
        sweep->rows += slice->erased;
        if (slice->next) return self->run_sweep(std::move(*sweep), *slice->next);
        self->swept(std::move(*sweep));
    };
    const bool taken =
        parts.storage([store = &parts.store, loop = &parts.loop, answer, sweep, after] {
            auto slice = store->erase({.store = sweep->store,
                                       .members = sweep->members,
                                       .digests = sweep->digests,
                                       .after = after,
                                       .rows_max = kEraseSlice});
            loop->post([answer, slice = std::move(slice)]() mutable { answer(std::move(slice)); });
        });
    if (!taken) desks->erasures.put_back(std::move(*sweep));
}

// The last sweep of the last shop: the members' data forget the person too, and then the disk.
void Downlink::Core::swept(Sweep sweep) {
    // A table that is being made from the present one would bring the deletion back.
    if (sweep.last && loading) return desks->erasures.put_back(std::move(sweep));
    DownEffects effects = desks->erasures.swept(sweep);
    const auto one = desks->erasures.cases().find(sweep.erasure);
    const auto members = desks->datasets.tables().find(wire::Dataset::Members);
    if (one != desks->erasures.cases().end() && one->second.over() &&
        members != desks->datasets.tables().end()) {
        if (auto left = without_erased(*members->second, sweep.erasure)) {
            effects.add({.state = std::move(left->state)});
            desks->datasets.loaded(std::make_shared<const DatasetTable>(std::move(left->table)));
        }
    }
    // Only once it is written is there something to be overwritten: a copying that runs meanwhile
    // is of before.
    if (sweep.last) ++unwritten;
    commit(std::move(effects), [weak = weak_from_this(), last = sweep.last](const Status&) {
        const auto self = weak.lock();
        if (!self) return;
        if (last) --self->unwritten, self->residue = true;
        self->overwrite();
    });
}

// A reader of the database holds this up: then again with the next tick.
void Downlink::Core::overwrite() {
    if (!residue || overwriting) return;
    overwriting = true;
    residue = false;  // what is left behind from now on is another one's to see to
    const auto answer = [weak = weak_from_this()](const Result<bool>& done) {
        const auto self = weak.lock();
        if (!self) return;
        self->overwriting = false;
        if (!done || !*done) self->residue = true;
        if (!done) log::error("hq.overwrite", {{"why", done.error().detail}});
    };
    const bool taken = parts.storage([store = &parts.store, loop = &parts.loop, answer] {
        auto done = store->overwrite();
        loop->post([answer, done = std::move(done)] { answer(done); });
    });
    if (!taken) overwriting = false, residue = true;
}

void Downlink::Core::order_packs() {
    if (!signing) return;
    for (const auto& order : desks->datasets.tick(now())) pack(order);
}

// On the worker: 100,000 members take a good part of a second.
void Downlink::Core::pack(const PackOrder& order) {
    struct Job {
        PackOrder order;
        SharedTable table;
        std::optional<PseudonymKey> key;
        wire::SigningKey signing;
    };
    auto job =
        std::make_shared<Job>(Job{order, desks->datasets.tables().at(order.name), {}, *signing});
    if (order.name == wire::Dataset::Members) {
        auto key = key_for(order.store);
        if (!key) {
            desks->datasets.packed(order);
            return log::warn("hq.dataset_unsent",
                             {{"store", order.store}, {"why", key.error().detail}});
        }
        job->key = std::move(*key);
    }
    const auto answer = [weak = weak_from_this(), born = generation, job](Result<Pack> pack) {
        const auto self = weak.lock();
        if (!self || self->generation != born || !self->running()) return;
        self->desks->datasets.packed(job->order);
        if (!pack) {
            log::warn("hq.dataset_unsent",
                      {{"store", job->order.store}, {"why", pack.error().detail}});
            return;
        }
        for (auto& part : pack->parts)
            self->post.send({job->order.store, wire::Channel::DownData, std::move(part)});
    };
    const bool taken = parts.worker([loop = &parts.loop, answer, job] {
        auto pack =
            pack_dataset(*job->table, job->order, job->key ? &*job->key : nullptr, job->signing);
        loop->post([answer, pack = std::move(pack)]() mutable { answer(std::move(pack)); });
    });
    if (!taken) desks->datasets.packed(order);
}

}  // namespace aisle::hq
