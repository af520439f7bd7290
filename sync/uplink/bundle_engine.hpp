#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/record.hpp"
#include "sync/uplink/bundle_rows.hpp"
#include "sync/wire/bundle.hpp"
#include "sync/wire/seal.hpp"

// Which bundle a shop runs (docs/downlink.md): received, verified, dry_run, active on trial, then
// healthy or rolled_back; or refused. Pure: a value and the time in, effects out.
namespace aisle::uplink {

struct BundleSettings {
    StoreId store;
    std::string agent;            // its version
    milliseconds trial{60'000};   // of running without a fault
    std::int64_t starts_max = 3;  // starts within a trial: the last of them rolls back
    wire::GuardRails guard = {};  // the shop's own; a bundle's settings replace them once it runs
};

// The loader's faults in a bundle's campaigns, one a line; empty: none.
using CampaignFaults = std::function<std::vector<std::string>(const wire::Bundle&)>;

// One state that a bundle has reached: a record of kind `bundle_state`.
struct BundleNote {
    std::int64_t version = 0;
    std::string state;
    std::string reason;
    std::string detail;
    std::string slot;
    std::int64_t active = 0;
    std::map<std::string, std::int64_t> figures;
};

// What the caller does with a step: `state` and the notes as records in one transaction, and only
// when that is durable load() and dry run.
struct BundleEffects {
    std::vector<StateChange> state;
    std::vector<BundleNote> notes;
    bool load = false;     // running() is to be loaded
    bool dry_run = false;  // candidate() is to be tried on the last day's records: dry_run_done()
    std::optional<wire::Refusal> refused;  // for whoever handed the bundle in

    [[nodiscard]] bool empty() const { return state.empty() && notes.empty() && !load && !dry_run; }
};

// What was seen of a set of campaigns: in the dry run on the last day, on trial since the switch.
struct GuardFigures {
    std::int64_t records = 0;  // decided again
    std::int64_t baskets = 0;  // with something in them
    std::int64_t faults = 0;   // decisions that could not be made
    std::int64_t sum = 0;      // of the baskets, minor units
    std::int64_t discount = 0;
    std::int64_t offers = 0;
    std::int64_t offers_per_hour = 0;  // in the fullest hour
    std::int64_t p99_us = 0;           // of a decision
};
// What it breaks; nothing: it may run. A share of few baskets says nothing and is not judged.
std::optional<std::string> broken_guard(const wire::GuardRails& guard, const GuardFigures& figures);
std::map<std::string, std::int64_t> figures_of(const GuardFigures& figures);
inline constexpr std::int64_t kGuardBasketsLeast = 20;

// On the loop. Every call returns what became true; the rows of its effects, restored, give the
// same engine again, after any prefix of steps.
class BundleEngine {
public:
    BundleEngine(BundleSettings settings, CampaignFaults faults);

    // From the rows of room kBundleRoom. Malformed: a row cannot be read; then the shop's own
    // campaigns run and HQ's next bundle is taken whatever its version.
    Status restore(std::span<const StateChange> rows);
    // Once a start of the program, before anything is loaded. Counts the starts of a trial.
    BundleEffects started(const Stamp& now);

    BundleEffects received(std::string_view sealed, const wire::Keyring& keys, const Stamp& now);
    BundleEffects dry_run_done(std::int64_t version, const GuardFigures& figures, const Stamp& now);
    // About once a second, with what was seen since the switch while on trial.
    BundleEffects tick(const Stamp& now, const GuardFigures& figures);
    // Back to what ran before: the other slot, or the shop's own campaigns where there is none.
    // Nothing where `version` is not the one that runs.
    BundleEffects roll_back(std::int64_t version, std::string reason, const Stamp& now);

    // What is to be loaded: null for the shop's own campaigns; one without campaigns once it has
    // expired.
    [[nodiscard]] const wire::Bundle* running() const;
    // Null if none waits.
    [[nodiscard]] const wire::Bundle* candidate() const;
    [[nodiscard]] std::int64_t version() const;  // that runs; 0: the shop's own
    [[nodiscard]] std::int64_t newest() const { return pointer_.newest; }
    [[nodiscard]] std::string state() const;  // active, healthy, expired; empty: the shop's own
    [[nodiscard]] bool on_trial() const { return pointer_.trial; }
    [[nodiscard]] wire::GuardRails guard() const;

private:
    using Slots = std::map<char, wire::Bundle>;

    BundleEffects refuse(std::int64_t version, const wire::Refusal& why, const Stamp& now);
    BundleEffects take(wire::Bundle bundle, std::string payload, const Stamp& now);
    std::optional<wire::Refusal> judge(const wire::Bundle& bundle, const Stamp& now) const;
    void begin_dry_run(BundleEffects& effects);
    void activate(BundleEffects& effects, const Stamp& now);
    void drop_candidate(BundleEffects& effects);
    BundleEffects look_at_candidate(const Stamp& now);
    BundleEffects look_at_trial(const Stamp& now, const GuardFigures& figures);
    BundleEffects look_at_expiry(const Stamp& now);
    void point(BundleEffects& effects) const;
    [[nodiscard]] BundleNote note(std::int64_t version, std::string state) const;
    [[nodiscard]] char other() const { return pointer_.active == 'a' ? 'b' : 'a'; }
    [[nodiscard]] bool told_lately(std::int64_t version, wire::Refused why, const Stamp& now);

    BundleSettings settings_;
    CampaignFaults faults_;
    BundlePointer pointer_;
    Slots slots_;
    std::optional<wire::Bundle> candidate_;
    std::string candidate_payload_;
    bool trying_ = false;     // the candidate is in its dry run
    MonoTime trial_began_{};  // of this start of the program
    wire::Bundle expired_;    // nothing of it is offered any more
    std::map<std::pair<std::int64_t, wire::Refused>, MonoTime> told_;
};

}  // namespace aisle::uplink
