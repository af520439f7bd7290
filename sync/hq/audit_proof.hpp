#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sync/hq/event_store.hpp"

namespace aisle::hq {

// Whether the chain through what people did in a store holds in what HQ received. An entry that was
// changed at the store after it was sent shows there (`aislectl audit verify`); one that was
// changed before, left out or put in shows here, because the entries behind it were chained to
// another.
struct AuditProof {
    std::string store;
    std::int64_t entries = 0;
    std::int64_t beside = 0;   // of kind audit and in no chain: what the store tells of itself
    std::int64_t erased = 0;   // were about a member who was forgotten: their numbers are not known
    std::int64_t missing = 0;  // numbers that no entry has; as many as were erased break nothing
    std::int64_t breaks = 0;
    std::string first_break = {};  // empty: the chain holds
};

// Of `store`, or of all where it is empty; by store. Reads all notices, and holds one store's
// entries in memory.
Result<std::vector<AuditProof>> prove_audit(EventStore& events, std::string_view store);
// {"store","audit_entries","audit_beside","audit_erased","audit_missing","audit_breaks",
// "first_break"}
std::string to_json(const AuditProof& proof);

}  // namespace aisle::hq
