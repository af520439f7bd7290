#pragma once

#include <span>
#include <string>

#include "agent/app/pipeline.hpp"

namespace aisle::app {

// Who did what to what, as a hash chain: each entry carries the digest of itself and of the entry
// before, so that one that is changed or missing shows. The head is engine state and commits with
// its entry. Loop thread only.
class Audit {
public:
    struct Deed {
        std::string actor;    // staff, device, till, or `agent`
        std::string action;   // dotted: "offer.redeem", "consent.withdraw"
        std::string subject;  // an id, never a raw one
        std::string detail;
    };
    void record(Turn& turn, const Deed& deed);

    // The head, from room kAuditRoom. No row: the chain begins.
    void restore(std::span<const StateChange> rows);

private:
    std::int64_t last_n_ = 0;
    std::string last_chain_;
};

inline constexpr std::string_view kAuditRoom = "audit";

}  // namespace aisle::app
