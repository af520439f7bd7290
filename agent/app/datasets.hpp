#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "agent/app/engines.hpp"
#include "agent/app/floor.hpp"
#include "agent/app/readings.hpp"
#include "agent/core/downlink.hpp"
#include "agent/runtime/metrics.hpp"
#include "sync/uplink/dataset_engine.hpp"

namespace aisle::app {

// Hands what the chain's datasets say to the engines, journalled like any reading. Where HQ tells a
// dataset, the shop's own file of that name no longer counts. Loop thread only.
class Datasets {
public:
    struct Parts {
        BundleSlots& steps;
        Engines& engines;
        Floor& floor;
        Readings& readings;
        runtime::Executor& loop;
        runtime::Metrics& metrics;
        const wire::Keyring& keys;
        std::function<void()> changed;  // another version is held: tell HQ soon
        std::function<void(const wire::Refusal&)> refused;
    };
    Datasets(uplink::DatasetSettings settings, Parts parts);

    // Before the loop runs; tells products and facts to the engines again.
    void restore(std::span<const StateChange> rows);
    void start();
    void receive(std::string sealed);
    // About once a second: what is over, and the ages.
    void tick(const Stamp& now);

    [[nodiscard]] const uplink::DatasetEngine& engine() const { return engine_; }

private:
    void take(uplink::DatasetEffects effects);
    void pump();
    void tell(Turn* turn, wire::Dataset name, const ReferenceRow& row);
    void forget(Turn& turn, wire::Dataset name, const std::string& key);
    DownlinkStep step(const uplink::DatasetStep& from, const Stamp& now);
    void hold(wire::Dataset name);
    // Whether something is over now that was not, or the other way round.
    bool look(const Stamp& now);
    void show(const Stamp& now);

    Parts parts_;
    uplink::DatasetEngine engine_;
    // A large load goes step by step: a till that asks meanwhile waits for kStepsAtOnce of them and
    // not for all.
    static constexpr std::size_t kStepsAtOnce = 2;
    std::deque<std::shared_ptr<uplink::DatasetStep>> waiting_;
    std::size_t under_way_ = 0;  // of the steps
    std::size_t taking_ = 0;     // loads whose steps are not in `waiting_` yet
};

}  // namespace aisle::app
