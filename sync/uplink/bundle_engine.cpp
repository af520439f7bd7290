#include "sync/uplink/bundle_engine.hpp"

#include <algorithm>
#include <utility>

namespace aisle::uplink {
namespace {

using wire::Refusal;
using wire::Refused;

constexpr seconds kToldAgain{3'600};  // HQ repeats a bundle: the same refusal is one record an hour
constexpr std::size_t kToldMax = 64;
constexpr std::size_t kFaultsBytesMax = 2'000;

std::string listed(const std::vector<std::string>& faults) {
    std::string out;
    for (const std::string& fault : faults) {
        if (out.size() + fault.size() > kFaultsBytesMax) return out + "; ...";
        out += (out.empty() ? "" : "; ") + fault;
    }
    return out;
}

// It has come too early, or nobody knows: kept until it can be judged.
bool can_wait(const Refusal& why) {
    return why.why == Refused::NotYet || why.why == Refused::ClockWrong;
}

void append(BundleEffects& to, BundleEffects from) {
    std::ranges::move(from.state, std::back_inserter(to.state));
    std::ranges::move(from.notes, std::back_inserter(to.notes));
    to.load = to.load || from.load;
    to.dry_run = to.dry_run || from.dry_run;
}

StateChange row(std::string key, std::string bytes) {
    return {std::string{kBundleRoom}, std::move(key), std::move(bytes)};
}

}  // namespace

BundleEngine::BundleEngine(BundleSettings settings, CampaignFaults faults)
    : settings_{std::move(settings)}, faults_{std::move(faults)} {}

Status BundleEngine::restore(std::span<const StateChange> rows) {
    pointer_ = {}, slots_.clear(), candidate_.reset(), candidate_payload_.clear();
    bool bad = false;
    for (const StateChange& change : rows) {
        if (change.bytes.empty()) continue;
        if (change.key == kPointerKey) {
            const auto pointer = pointer_from(change.bytes);
            if (pointer) pointer_ = *pointer;
            bad = bad || !pointer;
            continue;
        }
        auto bundle = wire::parse_bundle(change.bytes);
        if (!bundle) {
            bad = true;
        } else if (change.key == kCandidateKey) {
            candidate_ = std::move(*bundle);
            candidate_payload_ = change.bytes;
        } else if (change.key == slot_key('a') || change.key == slot_key('b')) {
            slots_[change.key.back()] = std::move(*bundle);
        }
    }
    if (pointer_.active != '-' && !slots_.contains(pointer_.active)) bad = true;
    if (!bad) return {};
    pointer_ = {}, slots_.clear(), candidate_.reset();
    return malformed("a row of the bundles cannot be read");
}

const wire::Bundle* BundleEngine::running() const {
    if (pointer_.expired) return &expired_;
    const auto at = slots_.find(pointer_.active);
    return at == slots_.end() ? nullptr : &at->second;
}

const wire::Bundle* BundleEngine::candidate() const { return candidate_ ? &*candidate_ : nullptr; }

std::int64_t BundleEngine::version() const {
    const auto at = slots_.find(pointer_.active);
    return at == slots_.end() ? 0 : at->second.version;
}

std::string BundleEngine::state() const {
    if (pointer_.active == '-') return {};
    if (pointer_.expired) return "expired";
    return pointer_.trial ? "active" : "healthy";
}

// A bundle's own rails hold from when it has proved healthy: none can lift them for itself.
wire::GuardRails BundleEngine::guard() const {
    const char proven = pointer_.trial ? pointer_.good : pointer_.active;
    const auto at = slots_.find(proven);
    if (at == slots_.end()) return settings_.guard;
    return wire::guard_of(at->second.settings, settings_.guard);
}

void BundleEngine::point(BundleEffects& effects) const {
    effects.state.push_back(row(std::string{kPointerKey}, to_row(pointer_)));
}

BundleNote BundleEngine::note(std::int64_t version, std::string state) const {
    return {.version = version, .state = std::move(state), .active = this->version()};
}

bool BundleEngine::told_lately(std::int64_t version, Refused why, const Stamp& now) {
    std::erase_if(told_, [&](const auto& one) { return now.mono - one.second >= kToldAgain; });
    if (told_.size() >= kToldMax) return true;  // a flood: the counter at the rim tells of it
    return !told_.try_emplace({version, why}, now.mono).second;
}

BundleEffects BundleEngine::refuse(std::int64_t version, const Refusal& why, const Stamp& now) {
    BundleEffects effects{.refused = why};
    if (told_lately(version, why.why, now)) return effects;
    BundleNote refused = note(version, "refused");
    refused.reason = wire::to_text(why.why);
    refused.detail = why.detail;
    effects.notes.push_back(std::move(refused));
    return effects;
}

BundleEffects BundleEngine::started(const Stamp& now) {
    trial_began_ = now.mono;
    BundleEffects effects;
    if (pointer_.trial) {
        ++pointer_.starts;
        if (pointer_.starts >= settings_.starts_max) return roll_back(version(), "crash_loop", now);
        point(effects);
    }
    effects.load = true;
    return effects;
}

BundleEffects BundleEngine::received(std::string_view sealed, const wire::Keyring& keys,
                                     const Stamp& now) {
    auto opened = wire::unseal(sealed, keys, wire::Purpose::Bundle);
    if (!opened) return refuse(0, opened.error(), now);
    auto bundle = wire::parse_bundle(opened->payload);
    if (!bundle) return refuse(0, bundle.error(), now);
    // HQ repeats a bundle until a record shows it: what is here already needs no second word.
    if (bundle->version == version() && pointer_.active != '-') return {};
    if (candidate_ && bundle->version == candidate_->version) return {};
    if (const auto why = judge(*bundle, now); why && !can_wait(*why))
        return refuse(bundle->version, *why, now);
    return take(std::move(*bundle), std::move(opened->payload), now);
}

std::optional<Refusal> BundleEngine::judge(const wire::Bundle& bundle, const Stamp& now) const {
    const auto unfit =
        wire::unfit(bundle, {.store = settings_.store, .agent = settings_.agent, .now = now});
    if (unfit && unfit->why == Refused::WrongStore) return unfit;
    const std::int64_t newest =
        std::max(pointer_.newest, candidate_ ? candidate_->version : std::int64_t{0});
    if (bundle.version <= newest && !(candidate_ && bundle.version == candidate_->version))
        return wire::refusal(Refused::Older, "newest is " + std::to_string(newest));
    if (unfit && !can_wait(*unfit)) return unfit;
    const auto faults = faults_(bundle);
    if (!faults.empty()) return wire::refusal(Refused::Campaigns, listed(faults));
    return unfit;
}

BundleEffects BundleEngine::take(wire::Bundle bundle, std::string payload, const Stamp& now) {
    BundleEffects effects;
    for (const char* state : {"received", "verified"})
        effects.notes.push_back(note(bundle.version, state));
    candidate_ = std::move(bundle);
    candidate_payload_ = std::move(payload);
    trying_ = false;
    effects.state.push_back(row(std::string{kCandidateKey}, candidate_payload_));
    const auto why =
        wire::unfit(*candidate_, {.store = settings_.store, .agent = settings_.agent, .now = now});
    if (why) {
        BundleNote waiting = note(candidate_->version, "waiting");
        waiting.reason = wire::to_text(why->why);
        effects.notes.push_back(std::move(waiting));
    } else if (!pointer_.trial) {
        begin_dry_run(effects);
    }
    return effects;
}

void BundleEngine::begin_dry_run(BundleEffects& effects) {
    trying_ = true;
    effects.dry_run = true;
}

void BundleEngine::drop_candidate(BundleEffects& effects) {
    candidate_.reset();
    candidate_payload_.clear();
    trying_ = false;
    effects.state.push_back(row(std::string{kCandidateKey}, ""));
}

BundleEffects BundleEngine::dry_run_done(std::int64_t version, const GuardFigures& figures,
                                         const Stamp& now) {
    BundleEffects effects;
    if (!candidate_ || candidate_->version != version || !trying_) return effects;
    BundleNote tried = note(version, "dry_run");
    tried.figures = figures_of(figures);
    effects.notes.push_back(std::move(tried));
    if (const auto broken = broken_guard(guard(), figures)) {
        drop_candidate(effects);
        append(effects, refuse(version, wire::refusal(Refused::Guard, *broken), now));
        return effects;
    }
    activate(effects, now);
    return effects;
}

// The switch: the slot, the pointer and the end of the candidate are one transaction.
void BundleEngine::activate(BundleEffects& effects, const Stamp& now) {
    const char slot = other();
    effects.state.push_back(row(slot_key(slot), candidate_payload_));
    slots_[slot] = std::move(*candidate_);
    pointer_ = {.active = slot,
                .newest = slots_[slot].version,
                .trial = true,
                .good = pointer_.expired ? '-' : pointer_.active};
    drop_candidate(effects);
    point(effects);
    trial_began_ = now.mono;
    BundleNote active = note(version(), "active");
    active.slot = slot;
    effects.notes.push_back(std::move(active));
    effects.load = true;
}

BundleEffects BundleEngine::roll_back(std::int64_t version, std::string reason, const Stamp& now) {
    BundleEffects effects;
    if (pointer_.active == '-' || version != this->version()) return effects;
    const char bad = pointer_.active;
    const bool other_good = pointer_.good != '-' && slots_.contains(pointer_.good);
    pointer_ = {.active = other_good ? pointer_.good : '-', .newest = pointer_.newest};
    slots_.erase(bad);
    effects.state.push_back(row(slot_key(bad), ""));
    point(effects);
    BundleNote back = note(version, "rolled_back");
    back.reason = std::move(reason);
    back.slot = bad;
    effects.notes.push_back(std::move(back));
    effects.load = true;
    append(effects, look_at_expiry(now));
    return effects;
}

BundleEffects BundleEngine::tick(const Stamp& now, const GuardFigures& figures) {
    BundleEffects effects = look_at_trial(now, figures);
    append(effects, look_at_expiry(now));
    append(effects, look_at_candidate(now));
    return effects;
}

BundleEffects BundleEngine::look_at_trial(const Stamp& now, const GuardFigures& figures) {
    if (!pointer_.trial) return {};
    if (const auto broken = broken_guard(guard(), figures))
        return roll_back(version(), "guard: " + *broken, now);
    if (now.mono - trial_began_ < settings_.trial) return {};
    pointer_.trial = false;
    pointer_.starts = 0;
    BundleEffects effects;
    point(effects);
    BundleNote healthy = note(version(), "healthy");
    healthy.slot = pointer_.active;
    healthy.figures = figures_of(figures);
    effects.notes.push_back(std::move(healthy));
    return effects;
}

// Only a clock that is not known to be wrong can end a bundle.
BundleEffects BundleEngine::look_at_expiry(const Stamp& now) {
    const auto at = slots_.find(pointer_.active);
    if (at == slots_.end() || pointer_.expired || !at->second.expires ||
        now.quality == ClockQuality::None || now.wall < *at->second.expires)
        return {};
    pointer_.expired = true;
    pointer_.trial = false;
    BundleEffects effects{.load = true};
    point(effects);
    effects.notes.push_back(note(version(), "expired"));
    return effects;
}

BundleEffects BundleEngine::look_at_candidate(const Stamp& now) {
    if (!candidate_ || trying_ || pointer_.trial) return {};
    const auto why =
        wire::unfit(*candidate_, {.store = settings_.store, .agent = settings_.agent, .now = now});
    BundleEffects effects;
    if (why && can_wait(*why)) return effects;
    if (why) {
        const std::int64_t version = candidate_->version;
        drop_candidate(effects);
        append(effects, refuse(version, *why, now));
        return effects;
    }
    begin_dry_run(effects);
    return effects;
}

}  // namespace aisle::uplink
