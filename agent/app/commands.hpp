#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/app/bundles.hpp"
#include "agent/app/downlink_keys.hpp"
#include "agent/app/floor.hpp"
#include "agent/app/leases.hpp"
#include "agent/core/downlink.hpp"
#include "sync/uplink/command_engine.hpp"

namespace aisle::app {

// Does what the command engine lets through: each command by what owns its effect, its result in
// the same transaction. Loop thread only.
class Commands {
public:
    struct Parts {
        CommandLog& log;
        Floor& floor;
        Engines& engines;
        Bundles& bundles;
        Leases& leases;
        DownlinkKeys& keys;
        Eraser& eraser;
        runtime::Executor& loop;
        std::function<void()> flush;             // what lingers on its way up
        std::function<void()> consents_changed;  // tags are followed by consent
        std::function<std::string()> diagnose;   // a JSON object of figures
        std::function<void(const wire::Refusal&)> refused;
    };
    Commands(StoreId store, Parts parts) : parts_{std::move(parts)}, engine_{std::move(store)} {}

    Status restore(std::span<const StateChange> rows) { return engine_.restore(rows); }
    // Goes on with what an earlier life of the program had begun.
    void start();
    void receive(std::string sealed);
    // Once a minute.
    void tick();

    [[nodiscard]] const uplink::CommandEngine& engine() const { return engine_; }

private:
    struct Result {
        std::string status = "done";
        std::string detail;
    };
    DownlinkStep step(const uplink::CommandEffects& effects, const Stamp& now);
    void run(const wire::Command& command);
    // At once and in one step, or nothing: then erase() sees to it.
    Result apply(const wire::CommandArgs& args, DownlinkStep& step, const Stamp& now);
    Result apply(const wire::WithdrawArgs& args, DownlinkStep& step, const Stamp& now);
    Result apply(const wire::BundleRollbackArgs& args, DownlinkStep& step, const Stamp& now);
    static Result taken(LeaseEffects effects, DownlinkStep& step);
    void erase(const wire::Command& command);
    void erased(const wire::Command& command, const std::vector<MemberKey>& names,
                const ::aisle::Result<Erased>& rows);

    Parts parts_;
    uplink::CommandEngine engine_;
    runtime::TimerHandle again_;
};

}  // namespace aisle::app
