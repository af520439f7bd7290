#include "sync/hq/rollout.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace aisle::hq {
namespace {

constexpr std::int64_t kPermille = 1'000;
constexpr seconds kTrialMax{180};

std::string key_of(std::int64_t version, const std::string& store) {
    return std::to_string(version) + '/' + store;
}

bool in_permille(std::int64_t value) { return value >= 0 && value <= kPermille; }

// The store has it for sure: nothing needs to be said again.
bool settled(StoreStep step) { return step >= StoreStep::Active; }

bool broken(StoreStep step) { return step >= StoreStep::RolledBack; }

// It has the bundle in force now, well or not.
bool runs(StoreStep step) {
    return step == StoreStep::Active || step == StoreStep::Healthy || step == StoreStep::Unwell;
}

bool live(RolloutState state) {
    return state == RolloutState::Rolling || state == RolloutState::Done;
}

}  // namespace

Status check(const RolloutPlan& plan) {
    if (!in_permille(plan.rings.early_permille)) return malformed("early_permille is 0 to 1000");
    if (!in_permille(plan.healthy_permille)) return malformed("healthy_permille is 0 to 1000");
    if (!in_permille(plan.broken_permille)) return malformed("broken_permille is 0 to 1000");
    if (!in_permille(plan.away_permille)) return malformed("away_permille is 0 to 1000");
    if (plan.broken_max < 0) return malformed("broken_max is negative");
    if (!in_permille(plan.rails.withheld_rise_permille))
        return malformed("withheld_rise_permille is 0 to 1000");
    if (plan.rails.restarts_max < 0 || plan.rails.errors_max < 0)
        return malformed("restarts_max or errors_max is negative");
    if (plan.soak < seconds{0} || plan.away_wait < seconds{0} || plan.lost_after <= seconds{0})
        return malformed("a wait is negative");
    return {};
}

RolloutEngine::RolloutEngine(RolloutLimits limits, runtime::RandomSource random)
    : limits_{limits}, repeats_{limits.repeats, std::move(random)} {}

Result<DownEffects> RolloutEngine::start(SealedBundle bundle, RolloutPlan plan,
                                         const std::vector<std::string>& known, const Stamp& now) {
    if (auto good = check(plan); !good) return good.error();
    if (bundle.version < 1) return malformed("a version counts from 1");
    if (bundle.bytes.size() > kSealedBundleBytesMax) return malformed("the bundle is too large");
    if (!rollouts_.empty() && bundle.version <= rollouts_.rbegin()->first)
        return denied("version " + std::to_string(rollouts_.rbegin()->first) +
                      " has been rolled out already: a bundle must be newer");
    const auto rolling = std::ranges::count_if(
        rollouts_, [](const auto& one) { return one.second.state == RolloutState::Rolling; });
    if (static_cast<std::size_t>(rolling) >= limits_.rollouts_max)
        return full("too many roll-outs at once");

    Rollout made{.bundle = std::move(bundle), .plan = std::move(plan), .opened = now.wall};
    const auto& targets = made.bundle.stores.empty() ? known : made.bundle.stores;
    if (targets.empty()) return malformed("no store is known for which this could be");
    if (made.plan.rings.canaries.empty()) {
        // Somebody who is there: a canary that is away would hold everybody up.
        std::vector<std::string> here;
        std::ranges::copy_if(targets, std::back_inserter(here),
                             [&](const auto& store) { return !away(store); });
        const auto drawn = rings_of(made.bundle.version, here, {});
        for (const auto& [store, ring] : drawn)
            if (ring == 0) made.plan.rings.canaries.push_back(store);
    }
    const auto rings = rings_of(made.bundle.version, targets, made.plan.rings);
    for (const auto& [store, ring] : rings) made.stores[store] = {.ring = ring, .at = now.wall};
    if (std::ranges::none_of(rings, [](const auto& one) { return one.second == 0; }))
        return malformed("no canary is a store of this bundle");

    const auto version = made.bundle.version;
    DownEffects effects;
    effects.state = rollout_rows(made, true);
    rollouts_.emplace(version, std::move(made));
    supersede(version, effects);
    forget_old(effects);
    return effects;
}

// A store that this one is for never gets an older one again.
void RolloutEngine::supersede(std::int64_t by, DownEffects& effects) {
    const auto& newer = rollouts_.at(by).stores;
    for (auto& [version, rollout] : rollouts_) {
        if (version >= by || rollout.state == RolloutState::Superseded) continue;
        const bool some_left = std::ranges::any_of(
            rollout.stores, [&](const auto& one) { return !newer.contains(one.first); });
        if (some_left) continue;
        rollout.state = RolloutState::Superseded;
        rollout.why = "version " + std::to_string(by);
        effects.add({.state = rollout_rows(rollout, false)});
    }
}

void RolloutEngine::forget_old(DownEffects& effects) {
    while (rollouts_.size() > limits_.rollouts_max) {
        auto oldest = std::ranges::find_if(
            rollouts_, [](const auto& one) { return one.second.state != RolloutState::Rolling; });
        if (oldest == rollouts_.end()) return;
        for (auto row : rollout_rows(oldest->second, true)) {
            row.bytes.clear();
            effects.state.push_back(std::move(row));
        }
        for (const auto& [store, progress] : oldest->second.stores)
            repeats_.forget(key_of(oldest->first, store));
        rollouts_.erase(oldest);
    }
}

bool RolloutEngine::away(const std::string& store) const {
    const auto found = contacts_.find(store);
    return found == contacts_.end() || !found->second.alive;
}

// The latest roll-out that names the store: only that one is still sent to it.
Rollout* RolloutEngine::wanted(const std::string& store) {
    for (auto one = rollouts_.rbegin(); one != rollouts_.rend(); ++one)
        if (one->second.stores.contains(store)) return &one->second;
    return nullptr;
}

// A store that nobody knew when a bundle for all began belongs to its last ring.
void RolloutEngine::join(const std::string& store, DownEffects& effects) {
    for (auto one = rollouts_.rbegin(); one != rollouts_.rend(); ++one) {
        Rollout& rollout = one->second;
        if (rollout.stores.contains(store)) return;
        if (!rollout.bundle.stores.empty() || !live(rollout.state)) continue;
        const auto [joined, fresh] = rollout.stores.emplace(store, StoreProgress{});
        effects.state.push_back(store_row(one->first, store, joined->second));
        return;
    }
}

DownEffects RolloutEngine::seen(const StoreSign& sign, const Stamp& now) {
    DownEffects effects;
    Contact& contact = contacts_[sign.store];
    const bool came_back = sign.alive && !contact.alive;
    if (sign.alive != contact.alive || contact.since == MonoTime{})
        contact = {.alive = sign.alive, .since = now.mono};
    if (sign.bundle) watches_[sign.store].born(sign.run, *sign.bundle);
    join(sign.store, effects);
    Rollout* rollout = wanted(sign.store);
    if (rollout == nullptr) return effects;
    const auto version = rollout->bundle.version;
    const StoreProgress& progress = rollout->stores.at(sign.store);
    if (came_back && !settled(progress.step)) repeats_.soon(key_of(version, sign.store), now.mono);
    if (!sign.bundle) return effects;
    // It runs it, or a later one that came by hand, though nothing was reported yet.
    if (*sign.bundle >= version && progress.step < StoreStep::Active)
        step_to(*rollout, sign.store, StoreStep::Active, {}, now, effects);
    // The shop's own trial ends within 90 s: what still runs after twice that is healthy, whether
    // or not the record that says so has come.
    if (*sign.bundle == version && progress.step == StoreStep::Active &&
        now.wall - progress.at >= kTrialMax)
        step_to(*rollout, sign.store, StoreStep::Healthy, {}, now, effects);
    // It ran it and does not any more: a restored or a new device.
    if (*sign.bundle < version && runs(progress.step) && progress.step != StoreStep::Unwell) {
        step_to(*rollout, sign.store, StoreStep::Waiting, "the device has lost it", now, effects);
        repeats_.soon(key_of(version, sign.store), now.mono);
    }
    return effects;
}

DownEffects RolloutEngine::reported(const BundleReport& report, const Stamp& now) {
    DownEffects effects;
    const auto found = rollouts_.find(report.version);
    if (found == rollouts_.end()) return effects;
    const auto progress = found->second.stores.find(report.store);
    if (progress == found->second.stores.end()) return effects;
    // Its own trial has passed; that does not mend what was seen since.
    if (progress->second.step == StoreStep::Unwell && runs(report.step)) return effects;
    step_to(found->second, report.store, report.step, report.reason, now, effects);
    return effects;
}

void RolloutEngine::healthy(const std::string& store, const StoreHealth& health) {
    watches_[store].take(health);
}

void RolloutEngine::look_at_health(Rollout& rollout, const Stamp& now, DownEffects& effects) {
    std::vector<std::pair<std::string, std::string>> unwell;
    for (const auto& [store, progress] : rollout.stores) {
        if (!runs(progress.step) || progress.step == StoreStep::Unwell) continue;
        const auto watch = watches_.find(store);
        if (watch == watches_.end()) continue;
        if (auto why = watch->second.broken(rollout.bundle.version, rollout.plan.rails))
            unwell.emplace_back(store, "health: " + *why);
    }
    for (auto& [store, why] : unwell)
        step_to(rollout, store, StoreStep::Unwell, std::move(why), now, effects);
}

void RolloutEngine::step_to(Rollout& rollout, const std::string& store, StoreStep step,
                            std::string reason, const Stamp& now, DownEffects& effects) {
    StoreProgress& progress = rollout.stores.at(store);
    const auto key = key_of(rollout.bundle.version, store);
    if (settled(step)) repeats_.forget(key);
    if (progress.step == step && progress.reason == reason) return;
    progress.step = step;
    progress.reason = std::move(reason);
    progress.at = now.wall;
    effects.state.push_back(store_row(rollout.bundle.version, store, progress));
}

// After a restart nobody has been heard of yet: then the wait begins with the first tick that sees
// the store.
bool RolloutEngine::lost(const Rollout& rollout, const std::string& store,
                         const StoreProgress& progress, const Stamp& now) const {
    if (progress.step != StoreStep::Active) return false;
    const auto contact = contacts_.find(store);
    return contact != contacts_.end() && !contact->second.alive &&
           now.mono - contact->second.since >= rollout.plan.lost_after;
}

RolloutEngine::RingCount RolloutEngine::count(const Rollout& rollout, int ring,
                                              const Stamp& now) const {
    RingCount sum;
    for (const auto& [store, progress] : rollout.stores) {
        if (progress.ring != ring) continue;
        ++sum.all;
        if (progress.step == StoreStep::Healthy)
            ++sum.healthy;
        else if (broken(progress.step) || lost(rollout, store, progress, now))
            ++sum.broken;
        else
            ++(away(store) ? sum.away : sum.pending);
    }
    return sum;
}

bool RolloutEngine::holds(const Rollout& rollout, const Stamp& now) const {
    const RingCount sum = count(rollout, rollout.ring, now);
    if (sum.all == 0) return true;
    const auto& plan = rollout.plan;
    const bool waited = now.wall - rollout.opened >= plan.away_wait;
    const bool few_away = sum.away * kPermille <= plan.away_permille * sum.all;
    const auto counted = sum.all - (waited || few_away ? sum.away : 0);
    return sum.healthy > 0 && sum.healthy * kPermille >= plan.healthy_permille * counted;
}

bool RolloutEngine::breaks(const Rollout& rollout, const Stamp& now) const {
    std::int64_t opened = 0;
    std::int64_t bad = 0;
    for (int ring = 0; ring <= rollout.ring; ++ring) {
        const RingCount sum = count(rollout, ring, now);
        opened += sum.all;
        bad += sum.broken;
    }
    return bad >
           std::max(rollout.plan.broken_max, opened * rollout.plan.broken_permille / kPermille);
}

// ": s-0001 health: errors 150 > 100", so that the page tells it after the shop has gone back too.
std::string RolloutEngine::first_broken(const Rollout& rollout) const {
    for (const auto& [store, progress] : rollout.stores)
        if (broken(progress.step)) return ": " + store + " " + progress.reason;
    return {};
}

void RolloutEngine::advance(Rollout& rollout, const Stamp& now, DownEffects& effects) {
    look_at_health(rollout, now, effects);
    if (breaks(rollout, now)) {
        stop(rollout,
             "the guard: too many shops refused it, rolled it back, fell silent "
             "or do badly under it" +
                 first_broken(rollout));
        return effects.add({.state = rollout_rows(rollout, false)});
    }
    const bool held = holds(rollout, now);
    if (held != rollout.held.has_value()) {
        rollout.held = held ? std::optional{now.wall} : std::nullopt;
        effects.add({.state = rollout_rows(rollout, false)});
    }
    const bool empty = count(rollout, rollout.ring, now).all == 0;
    if (!held || (!empty && now.wall - *rollout.held < rollout.plan.soak)) return;
    open_next(rollout, now);
    effects.add({.state = rollout_rows(rollout, false)});
}

void RolloutEngine::open_next(Rollout& rollout, const Stamp& now) {
    rollout.held.reset();
    if (rollout.ring + 1 == kRings) {
        rollout.state = RolloutState::Done;
        return;
    }
    ++rollout.ring;
    rollout.opened = now.wall;
}

void RolloutEngine::stop(Rollout& rollout, std::string why) {
    rollout.state = RolloutState::Halted;
    rollout.why = std::move(why);
    rollout.held.reset();
    if (!rollout.plan.roll_back) return;
    GoBack back{.version = rollout.bundle.version};
    for (const auto& [store, progress] : rollout.stores)
        if (progress.step == StoreStep::Unwell ||
            (progress.step != StoreStep::Waiting && !broken(progress.step)))
            back.stores.push_back(store);
    if (!back.stores.empty()) go_backs_.push_back(std::move(back));
}

DownEffects RolloutEngine::tick(const Stamp& now) {
    DownEffects effects;
    std::size_t left = limits_.sends_per_tick;
    for (auto one = rollouts_.rbegin(); one != rollouts_.rend(); ++one) {
        Rollout& rollout = one->second;
        if (rollout.state == RolloutState::Rolling) advance(rollout, now, effects);
        if (live(rollout.state) && now.wall < rollout.bundle.expires)
            offer(rollout, now, left, effects);
    }
    return effects;
}

// Goes round the stores from where the last tick stopped, so that a bound on what is said at once
// starves nobody.
void RolloutEngine::offer(Rollout& rollout, const Stamp& now, std::size_t& left,
                          DownEffects& effects) {
    auto at = rollout.stores.upper_bound(after_);
    for (std::size_t looked = 0; looked < rollout.stores.size() && left > 0; ++looked, ++at) {
        if (at == rollout.stores.end()) at = rollout.stores.begin();
        const auto& [store, progress] = *at;
        const auto key = key_of(rollout.bundle.version, store);
        if (progress.ring > rollout.ring || settled(progress.step) || away(store)) continue;
        if (!repeats_.due(key, now.mono) || wanted(store) != &rollout) continue;
        repeats_.said(key, now.mono);
        effects.send.push_back({store, wire::Channel::DownBundle, rollout.bundle.bytes});
        after_ = store;
        --left;
        if (progress.step == StoreStep::Waiting)
            step_to(rollout, store, StoreStep::Sent, {}, now, effects);
    }
}

Result<DownEffects> RolloutEngine::halt(std::int64_t version, std::string why, const Stamp&) {
    const auto found = rollouts_.find(version);
    if (found == rollouts_.end()) return unavailable("there is no such roll-out");
    if (!live(found->second.state)) return denied("it is over");
    stop(found->second, std::move(why));
    return DownEffects{.state = rollout_rows(found->second, false)};
}

Result<DownEffects> RolloutEngine::resume(std::int64_t version, const Stamp& now) {
    const auto found = rollouts_.find(version);
    if (found == rollouts_.end()) return unavailable("there is no such roll-out");
    Rollout& rollout = found->second;
    if (rollout.state != RolloutState::Halted) return denied("it is not halted");
    rollout.state = RolloutState::Rolling;
    rollout.why.clear();
    rollout.opened = now.wall;
    DownEffects effects{.state = rollout_rows(rollout, false)};
    // Whoever broke it tries once more.
    for (const auto& [store, progress] : rollout.stores) {
        if (!broken(progress.step)) continue;
        watches_[store].forget(version);
        step_to(rollout, store, StoreStep::Waiting, {}, now, effects);
    }
    return effects;
}

std::vector<GoBack> RolloutEngine::take_go_backs() { return std::exchange(go_backs_, {}); }

}  // namespace aisle::hq
