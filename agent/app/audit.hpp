#pragma once

#include <span>
#include <string>

#include "agent/app/pipeline.hpp"
#include "agent/records/audit_chain.hpp"

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
    records::AuditHead last_;
};

inline constexpr std::string_view kAuditRoom = "audit";
inline constexpr std::string_view kAuditHeadKey = "head";
// "N CHAIN", as the room keeps it; nothing written yet where it is not so.
records::AuditHead parse_audit_head(std::string_view bytes);

}  // namespace aisle::app
