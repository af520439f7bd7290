#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/app/bundles_dry_run.hpp"
#include "agent/app/campaigns.hpp"
#include "agent/app/engines.hpp"
#include "agent/app/storage.hpp"
#include "agent/core/downlink.hpp"
#include "sync/uplink/bundle_engine.hpp"

namespace aisle::app {

// Runs what the bundle engine decides: commits its steps, tries candidates on the last day's sales,
// loads what is active. Loop thread only.
class Bundles {
public:
    struct Parts {
        BundleSlots& slots;
        Engines& engines;
        Storage& storage;
        runtime::Executor& loop;
        Run slow;
        const TimeZone& zone;
        const wire::Keyring& keys;
        // What a bundle sets from afar; an empty map: the shop's own file counts again.
        std::function<void(const std::map<std::string, std::int64_t>&)> apply;
        std::function<void()> changed;                      // what runs is another: tell HQ soon
        std::function<void(const wire::Refusal&)> refused;  // for the counters
    };
    Bundles(uplink::BundleSettings settings, Parts parts);

    // Before the loop runs. The step counts a start of a trial and must be durable before load().
    Status restore(std::span<const StateChange> rows);
    DownlinkStep started(const Stamp& now);
    // The shop's own campaigns, which run where no bundle does. Loads them then.
    void own(std::shared_ptr<const offers::CampaignSet> set, Segments segments);
    void load();

    // `reply` (may be empty) hears whether it was taken, after the commit.
    using Reply = std::function<void(std::optional<wire::Refusal>)>;
    void receive(std::string sealed, Reply reply);
    // As a step of somebody else's: what a command does and its result are one transaction.
    DownlinkStep roll_back(std::int64_t version, std::string reason, const Stamp& now);
    void tick(const Stamp& now);

    [[nodiscard]] const uplink::BundleEngine& engine() const { return engine_; }

private:
    using Set = std::shared_ptr<const offers::CampaignSet>;
    DownlinkStep step(uplink::BundleEffects effects, const Stamp& now);
    Result<Set> compiled(const wire::Bundle& bundle);
    void begin_dry_run();
    void gather(std::int64_t version, std::int64_t after_id,
                std::shared_ptr<std::vector<JournalRow>> rows);
    void prepare(std::int64_t version, std::shared_ptr<std::vector<JournalRow>> rows);
    void fill(std::int64_t version, std::shared_ptr<std::vector<Sale>> sales,
              std::shared_ptr<std::vector<DryCase>> cases);
    void decide(std::int64_t version, std::shared_ptr<std::vector<DryCase>> cases);
    void tried(std::int64_t version, const uplink::GuardFigures& figures);
    void try_later();
    [[nodiscard]] uplink::GuardFigures seen() const;

    Parts parts_;
    std::map<std::int64_t, Set> compiled_;  // of the candidate and what runs
    uplink::BundleEngine engine_;
    Set own_;
    Segments own_segments_;
    uplink::GuardFigures before_;  // the counters when what runs was loaded
    runtime::TimerHandle again_;
};

}  // namespace aisle::app
