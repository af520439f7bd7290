#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/time.hpp"
#include "agent/records/object_reader.hpp"
#include "sync/hq/downlink_effects.hpp"
#include "sync/hq/ring.hpp"
#include "sync/hq/rollout_health.hpp"

// Bundles on their way into the shops: ring by ring, each after a soak and while a guard holds.
// Pure: what a store shows comes in, messages and rows go out, `now` is an argument.
namespace aisle::hq {

// A bundle as it was signed, and what HQ must know of it. The bytes are never changed here.
struct SealedBundle {
    std::int64_t version = 0;
    std::vector<std::string> stores;  // empty: every store
    WallTime expires{};
    std::string bytes;
};
inline constexpr std::size_t kSealedBundleBytesMax = 1024 * 1024;
inline constexpr WallTime kForever{seconds{253'402'300'799}};  // 9999-12-31: it does not expire

struct RolloutPlan {
    RingPlan rings;
    seconds soak{600};  // how long a ring must have held before the next one opens
    // A ring holds when so many of its stores that count are healthy; never without one.
    std::int64_t healthy_permille = 900;
    // More stores than this that refused, rolled back or fell silent after the switch halt it all.
    std::int64_t broken_max = 0;
    std::int64_t broken_permille = 20;  // of the stores to which it was open, if that is more
    // Stores that are away do not count if they are at most so many of the ring, or once the ring
    // has been open for so long.
    std::int64_t away_permille = 100;
    seconds away_wait{3'600};
    seconds lost_after{600};  // active, then not heard of for so long: broken
    HealthRails rails;        // a store that runs it and breaks them is broken too
    bool roll_back = false;   // when halted: whoever has it is told to go back
};
// Malformed names the first value that makes no sense.
Status check(const RolloutPlan& plan);

enum class RolloutState {
    Rolling,
    Halted,      // by the guard or by hand; nothing is sent
    Done,        // open to all, and the last ring held; late stores still get it
    Superseded,  // every store of it belongs to a later one
};
std::string_view to_text(RolloutState state);  // rolling, halted, done, superseded

enum class StoreStep {
    Waiting,  // its ring is not open, or it was not sent yet
    Sent,
    Received,
    Verified,
    DryRun,
    Active,
    Healthy,
    RolledBack,
    Refused,
    Unwell,  // it runs it, and its health records or its crashes break the rails
};
std::string_view to_text(
    StoreStep step);  // waiting, sent, received, verified, dry_run, active, ...
std::optional<StoreStep> store_step_from(std::string_view text);

struct StoreProgress {
    int ring = kRings - 1;
    StoreStep step = StoreStep::Waiting;
    std::string reason;  // why refused or rolled back
    WallTime at{};       // of the step, by HQ's clock

    friend bool operator==(const StoreProgress&, const StoreProgress&) = default;
};

struct Rollout {
    SealedBundle bundle;
    RolloutPlan plan;
    RolloutState state = RolloutState::Rolling;
    int ring = 0;  // the last one that is open
    WallTime opened{};
    std::optional<WallTime> held;  // since when the ring holds
    std::string why;               // halted, and by what
    std::map<std::string, StoreProgress> stores;
};

// What a store shows of itself, by birth, heartbeat, any message or its will.
struct StoreSign {
    std::string store;
    bool alive = true;
    std::optional<std::int64_t> bundle;  // the version in force there; nothing: not told
    std::string run;                     // of the process that speaks; empty: not told
};

// A ledger record `bundle_state`.
struct BundleReport {
    std::string store;
    std::int64_t version = 0;
    StoreStep step = StoreStep::Received;
    std::string reason;
};

// Stores that must go back from a version, because its roll-out was halted. Whoever holds a signing
// key makes commands of it.
struct GoBack {
    std::int64_t version = 0;
    std::vector<std::string> stores;
};

struct RolloutLimits {
    Repeats::Limits repeats;
    std::size_t sends_per_tick = 50;  // a tick is a second: bounds what HQ says at once
    std::size_t rollouts_max = 32;    // older ones that are over are forgotten
};

class RolloutEngine {
public:
    static constexpr const char* kRoom = "hq.rollout";

    RolloutEngine(RolloutLimits limits, runtime::RandomSource random);
    // What was persisted under kRoom gives the same engine back; repeats start anew.
    Status restore(const std::vector<StateChange>& rows);

    // Denied: not newer than every bundle before it; Malformed: plan, size or targets; Full: as
    // many are still rolling. `known`: all stores of the chain, for a bundle that is for all.
    Result<DownEffects> start(SealedBundle bundle, RolloutPlan plan,
                              const std::vector<std::string>& known, const Stamp& now);
    DownEffects seen(const StoreSign& sign, const Stamp& now);
    DownEffects reported(const BundleReport& report, const Stamp& now);
    // A health record: only the guard looks at it.
    void healthy(const std::string& store, const StoreHealth& health);
    // Once a second: opens rings, halts, sends and repeats.
    DownEffects tick(const Stamp& now);
    // Unavailable: there is no such roll-out; Denied: it is over.
    Result<DownEffects> halt(std::int64_t version, std::string why, const Stamp& now);
    Result<DownEffects> resume(std::int64_t version, const Stamp& now);

    // Halted roll-outs that asked for it, once each.
    std::vector<GoBack> take_go_backs();
    [[nodiscard]] const std::map<std::int64_t, Rollout>& rollouts() const { return rollouts_; }
    [[nodiscard]] bool away(const std::string& store) const;

private:
    struct Contact {
        bool alive = false;
        MonoTime since{};  // of `alive`
    };
    struct RingCount {
        std::int64_t all = 0, healthy = 0, broken = 0, away = 0, pending = 0;
    };
    Rollout* wanted(const std::string& store);
    void join(const std::string& store, DownEffects& effects);
    void look_at_health(Rollout& rollout, const Stamp& now, DownEffects& effects);
    void advance(Rollout& rollout, const Stamp& now, DownEffects& effects);
    void open_next(Rollout& rollout, const Stamp& now);
    void stop(Rollout& rollout, std::string why);
    void offer(Rollout& rollout, const Stamp& now, std::size_t& left, DownEffects& effects);
    void step_to(Rollout& rollout, const std::string& store, StoreStep step, std::string reason,
                 const Stamp& now, DownEffects& effects);
    void supersede(std::int64_t by, DownEffects& effects);
    void forget_old(DownEffects& effects);
    [[nodiscard]] bool lost(const Rollout& rollout, const std::string& store,
                            const StoreProgress& progress, const Stamp& now) const;
    [[nodiscard]] RingCount count(const Rollout& rollout, int ring, const Stamp& now) const;
    [[nodiscard]] bool holds(const Rollout& rollout, const Stamp& now) const;
    [[nodiscard]] std::string first_broken(const Rollout& rollout) const;
    [[nodiscard]] bool breaks(const Rollout& rollout, const Stamp& now) const;

    RolloutLimits limits_;
    Repeats repeats_;
    std::map<std::int64_t, Rollout> rollouts_;    // by bundle version
    std::map<std::string, Contact> contacts_;     // not persisted: births and heartbeats tell again
    std::map<std::string, HealthWatch> watches_;  // of stores; not persisted either
    std::vector<GoBack> go_backs_;
    std::string after_;  // the store that was sent to last: the next tick goes on behind it
};

// A plan as operators write it; absent values are the defaults.
std::string to_json(const RolloutPlan& plan);
RolloutPlan plan_from(const records::ObjectReader& in);

// The rows of a roll-out. Private to the room.
std::vector<StateChange> rollout_rows(const Rollout& rollout, bool with_bundle);
StateChange store_row(std::int64_t version, const std::string& store,
                      const StoreProgress& progress);

}  // namespace aisle::hq
