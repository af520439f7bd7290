#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/ids.hpp"
#include "agent/core/money.hpp"
#include "agent/core/record.hpp"

// Records of the stream `ledger` that tell HQ what became of what it sent down. Bodies:
// docs/downlink.md. Words that are closed lists there are texts here: HQ keeps what it does not
// know.
namespace aisle::records {

// Kind `bundle_state`.
struct BundleState {
    std::int64_t version = 0;  // 0: could not be read
    // received, verified, dry_run, active, healthy, rolled_back, refused, waiting, expired
    std::string state;
    std::string reason;  // of refused: the word of wire::Refused; of rolled_back: crash_loop, ...
    std::string detail;
    std::string slot;         // a, b; empty: none
    std::int64_t active = 0;  // the version that runs after this step; 0: the shop's own
    std::map<std::string, std::int64_t> figures;  // of the dry run
    Stamp at;
};
Record bundle_state_record(const BundleState& state);
Result<BundleState> bundle_state_from_json(std::string_view json);

// Kind `command_result`, event_id the command's id.
struct CommandResult {
    std::string id;
    std::string type;
    std::string status;  // done, refused, expired, failed
    std::string detail;
    std::int32_t answer = 1;  // a command that HQ repeats is answered again: the record's revision
    Stamp at;
};
Record command_result_record(const CommandResult& result);
Result<CommandResult> command_result_from_json(std::string_view json);

// Instead of a command's id: the shop's own people have asked for it.
inline constexpr const char* kLocalErasure = "local";

// Kind `erasure`: a person is gone from this shop. event_id is the command's id; a local one has
// none, as there may be any number of them. The record stays, so it must not name whom it is about.
struct Erasure {
    std::string command;  // or kLocalErasure
    // Of each name that went: 16 hex digits of a digest of the pseudonym (docs/downlink.md).
    std::vector<MemberKey> members;
    std::int64_t journal_rows = 0;
    std::int64_t outbox_rows = 0;
    Stamp at;
};
Record erasure_record(const Erasure& erasure);
Result<Erasure> erasure_from_json(std::string_view json);

// Kind `data_state`: a dataset was loaded, refused or has expired. A state of `refused` with reason
// `base` asks for a snapshot.
struct DataState {
    std::string name;
    std::int64_t version = 0;  // that came; of `expired` the one that is held
    std::string state;         // loaded, refused, expired
    std::string reason;
    std::string detail;
    std::int64_t held = 0;  // the version that is held after this; 0: none
    std::int64_t rows = 0;  // that it holds
    Stamp at;
};
Record data_state_record(const DataState& state);
Result<DataState> data_state_from_json(std::string_view json);

// Kind `budget` with `what` where a BudgetMove has `move`: what became of a lease. Sums are of the
// campaign at this store, in this epoch: spent + reserved <= granted - returned, always.
struct LeaseMove {
    std::string what;  // lease_request, lease_granted, lease_returned, lease_expired
    CampaignId campaign;
    std::string lease;  // empty for lease_request and for a rest of several leases
    Money amount;       // asked for, granted, given back
    Money granted;      // sums
    Money returned;
    Money spent;
    Money reserved;
    std::string reason;  // start, low, recalled, over, ended
    Stamp at;
};
Record lease_record(const LeaseMove& move);
// Malformed where `what` is missing: then it is a BudgetMove.
Result<LeaseMove> lease_from_json(std::string_view json);

}  // namespace aisle::records
