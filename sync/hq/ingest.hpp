#pragma once

#include <memory>
#include <span>

#include "agent/core/clock.hpp"
#include "sync/hq/event_store.hpp"
#include "sync/hq/event_table.hpp"

// HQ's rule over one transaction, the same for every database: what is new, repeated, missing, a
// contradiction, shown elsewhere already, or unreadable (docs/sync-protocol.md).
namespace aisle::hq {

// One thread. `table` outlives it.
class Ingest {
public:
    Ingest(EventTable& table, ApplyLimits limits);
    ~Ingest();
    Ingest(const Ingest&) = delete;
    Ingest& operator=(const Ingest&) = delete;

    // EventStore::apply.
    Result<Applied> apply(std::span<const Inbound> batches, const Clock& clock);

private:
    struct Core;
    std::unique_ptr<Core> core_;
};

}  // namespace aisle::hq
