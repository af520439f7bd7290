#include <utility>

#include "agent/records/downlink_records.hpp"
#include "agent/records/floor_records.hpp"
#include "agent/runtime/log.hpp"
#include "sync/hq/downlink_core.hpp"

// What stores have said of what came down. Each notice is taken once: its effects and the cursor
// are one transaction. What cannot be read is passed over: it stays in `events`.
namespace aisle::hq {
namespace {

// In the place of a command's id: the shop was asked by its own people.

}  // namespace

DownEffects Downlink::Core::take(const Notice& notice) {
    desks->stores.insert(notice.store);
    if (notice.kind == "bundle_state") return take_bundle_state(notice);
    if (notice.kind == "command_result") return take_result(notice);
    if (notice.kind == "budget") return take_budget(notice);
    if (notice.kind == "erasure") return take_erasure(notice);
    if (notice.kind == "data_state") return take_data_state(notice);
    if (notice.kind == "health") return take_health(notice);
    if (notice.kind == "experiment_sums") return {.state = desks->trials.told(notice)};
    return {};
}

DownEffects Downlink::Core::take_bundle_state(const Notice& notice) {
    const auto state = records::bundle_state_from_json(notice.body);
    if (!state) return {};
    if (state->state == "refused" && state->reason == to_text(wire::Refused::Older))
        if (auto known = had_it_already(notice.store, state->version, state->active)) return *known;
    // It waits for its time: it was received, which is all that matters here.
    const auto word = state->state == "waiting" ? std::string{"received"} : state->state;
    const auto step = store_step_from(word);
    if (!step || *step == StoreStep::Unwell) return {};  // that is HQ's own word
    const auto reason =
        state->detail.empty() ? state->reason : state->reason + ": " + state->detail;
    return desks->rollout.reported({.store = notice.store,
                                    .version = state->version,
                                    .step = *step,
                                    .reason = reason.substr(0, kDetailMax)},
                                   now());
}

// A repeat that crossed the store's word on the way is answered `older`: no refusal, unless the
// store neither runs it nor is on the way to it.
std::optional<DownEffects> Downlink::Core::had_it_already(const std::string& store,
                                                          std::int64_t version,
                                                          std::int64_t running) {
    const auto found = desks->rollout.rollouts().find(version);
    if (found == desks->rollout.rollouts().end()) return DownEffects{};
    const auto progress = found->second.stores.find(store);
    if (progress == found->second.stores.end()) return DownEffects{};
    const auto known = seen.find(store);
    if (running >= version)
        return desks->rollout.seen({.store = store,
                                    .alive = known == seen.end() || known->second.alive,
                                    .bundle = running},
                                   now());
    const auto step = progress->second.step;
    if (step >= StoreStep::Received && step < StoreStep::Active) return DownEffects{};
    return std::nullopt;
}

DownEffects Downlink::Core::take_result(const Notice& notice) {
    const auto result = records::command_result_from_json(notice.body);
    if (!result) return {};
    DownEffects effects = desks->commands.answered({.store = notice.store,
                                                    .id = result->id,
                                                    .status = result->status,
                                                    .detail = result->detail},
                                                   now());
    effects.add(carry_out(desks->budgets.answered(
        {.command = result->id, .epoch = notice.epoch, .taken = result->status == "done"})));
    return effects;
}

DownEffects Downlink::Core::take_budget(const Notice& notice) {
    auto move = records::lease_from_json(notice.body);
    if (!move) return {};  // an ordinary move of a budget
    if (!signing && move->what == "lease_request") {
        log::warn("hq.lease_unsigned", {{"store", notice.store}});
        move->what = "lease_told";  // its sums still count
    }
    return carry_out(
        desks->budgets.moved({.store = notice.store, .epoch = notice.epoch}, *move, now()));
}

DownEffects Downlink::Core::take_erasure(const Notice& notice) {
    const auto erasure = records::erasure_from_json(notice.body);
    if (!erasure) return {};
    ErasureDesk::Confirmation words{.store = notice.store,
                                    .command = erasure->command,
                                    .rows = erasure->journal_rows + erasure->outbox_rows};
    for (const auto& member : erasure->members) words.digests.push_back(member.value);
    if (erasure->command != records::kLocalErasure) return desks->erasures.confirmed(words);
    auto effects =
        desks->erasures.follow("local." + std::to_string(notice.id), now().wall, std::move(words));
    if (effects) return *std::move(effects);
    log::error("hq.erasure", {{"store", notice.store}, {"why", effects.error().detail}});
    return {};
}

DownEffects Downlink::Core::take_data_state(const Notice& notice) {
    const auto state = records::data_state_from_json(notice.body);
    if (!state) return {};
    return desks->datasets.reported({.store = notice.store,
                                     .name = state->name,
                                     .state = state->state,
                                     .reason = state->reason,
                                     .held = state->held},
                                    now());
}

// A health record says which bundle is in force, as a birth does, for brokers that keep nothing. It
// may be an old one from a backlog: it can only move a store forward, and the collector's presence
// has the last word on whether it is there.
DownEffects Downlink::Core::take_health(const Notice& notice) {
    const auto numbers = records::health_from_json(notice.body);
    const auto health = numbers ? store_health_of(*numbers) : std::nullopt;
    if (!health) return {};
    desks->rollout.healthy(notice.store, *health);
    const auto known = seen.find(notice.store);
    const bool alive = known != seen.end() && known->second.alive;
    const auto& rollouts = desks->rollout.rollouts();
    if (rollouts.empty() || health->bundle < rollouts.rbegin()->first) return {};
    return desks->rollout.seen(
        {.store = notice.store, .alive = alive, .bundle = health->bundle, .run = {}}, now());
}

}  // namespace aisle::hq
