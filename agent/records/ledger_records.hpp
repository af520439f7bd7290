#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/core/customer.hpp"
#include "agent/core/error.hpp"
#include "agent/core/offer.hpp"
#include "agent/core/record.hpp"

// Records of the stream `ledger` besides the sale: never dropped. Bodies: docs/wire-format.md.
namespace aisle::records {

// Kind `redemption`, event_id the offer's id: an offer is redeemed once.
Record redemption_record(const Redemption& redemption);
Result<Redemption> redemption_from_json(std::string_view json);

// Kind `points`, event_id the offer's id: what it comes to for its member; the greatest revision
// holds. Kind `redemption_return`, event_id the offer's and the return's: what came back.
Record points_record(const PointsEntry& entry);
Record redemption_return_record(const RedemptionReturn& undone);

// Kind `budget`.
Record budget_record(const BudgetMove& move);
Result<BudgetMove> budget_from_json(std::string_view json);

// Kind `consent`.
Record consent_record(const ConsentChange& change);
Result<ConsentChange> consent_from_json(std::string_view json);

// Who did what to what. `chain` is the digest of this entry and the one before, so that a missing
// one shows.
struct AuditEntry {
    std::int64_t n = 0;   // dense from 1
    std::string actor;    // staff, device, peer uid, or `agent`
    std::string action;   // dotted: "offer.redeem", "config.reload"
    std::string subject;  // an id; never a raw member or tag
    std::string detail;
    std::string chain;
    Stamp at;
};
// Kind `audit`.
Record audit_record(const AuditEntry& entry);
Result<AuditEntry> audit_from_json(std::string_view json);

// What the wall clock of a boot was worth: `offset` has to be added to the walls that no clock
// server had set, and is wrong by at most `error`.
struct ClockStep {
    milliseconds offset{};
    ClockQuality before = ClockQuality::None;
    std::string reason;  // who knew: ntp, hq
    Stamp at;            // after the step; its boot is the one that is meant
    milliseconds error{};
};
// Kind `clock`.
Record clock_record(const ClockStep& step);
Result<ClockStep> clock_from_json(std::string_view json);

}  // namespace aisle::records
