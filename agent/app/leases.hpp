#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "agent/core/record.hpp"
#include "agent/offers/engine.hpp"
#include "sync/wire/lease.hpp"

namespace aisle::app {

inline constexpr std::string_view kLeaseRoom = "lease";
inline constexpr std::size_t kLeasesMax = 10'000;

// What a step with leases makes true; it belongs into one transaction with the engine's own rows.
struct LeaseEffects {
    std::vector<StateChange> state;
    std::vector<Record> records;  // kind `budget`
    std::string status = "done";  // of the command that asked for it: done, refused
    std::string detail;
    bool new_epoch = false;  // the offers engine is to be told: Engine::new_epoch

    [[nodiscard]] bool empty() const { return state.empty() && records.empty(); }
};

// Which leases of chain-wide budgets are open (docs/downlink.md). The money itself is counted by
// the offers engine: what it promises and spends of a leased campaign never passes what was granted
// and not given back. Pure: the time is an argument. Loop thread only.
class Leases {
public:
    explicit Leases(offers::Engine& engine) : engine_{engine} {}

    // From the rows of room kLeaseRoom.
    Status restore(std::span<const StateChange> rows);
    // At the start and when another has begun: in a new epoch no lease is good, and no code of
    // before. The first epoch that is ever told begins nothing.
    LeaseEffects epoch(const std::string& epoch);

    LeaseEffects grant(const wire::LeaseGrant& grant, const Stamp& now);
    LeaseEffects recall(const wire::LeaseRecall& recall, const Stamp& now);
    // Ends what is over, gives back what is free of it, asks for what is short. About once a
    // second.
    LeaseEffects tick(const Stamp& now);

private:
    struct Lease {
        CampaignId campaign;
        Money amount;
        WallTime until{};
        bool open = true;  // closed ones are remembered: the same id adds nothing again
    };
    [[nodiscard]] Money open_sum(const CampaignId& campaign) const;
    void forget_old(const Stamp& now, LeaseEffects& effects);
    void end(const std::string& id, Lease& lease, LeaseEffects& effects);
    void give_back(const offers::LeaseStatus& status, Money keep, const std::string& reason,
                   const Stamp& now, LeaseEffects& effects);
    void ask(const offers::LeaseStatus& status, const Stamp& now, LeaseEffects& effects);
    void tell(const std::string& what, const std::string& lease, Money amount,
              const CampaignId& campaign, const std::string& reason, const Stamp& now,
              LeaseEffects& effects);

    offers::Engine& engine_;
    std::string epoch_;
    std::map<std::string, Lease> leases_;
    std::map<CampaignId, Deadline> asked_;  // not again before
};

}  // namespace aisle::app
