#pragma once

#include <memory>
#include <string>

#include "sync/hq/event_store.hpp"
#include "sync/hq/lease.hpp"

// The store of a chain: PostgreSQL 15, any number of collectors. libpq stays in the .cpp files.
//
// Tables in the schema of the connection: `event` (partitioned by month of received_at, made
// ahead), `streams` (the watermarks), `boots`, `quarantine`, `leases`; the view `events` is the
// contract's relation. A transaction locks the watermark rows of its streams, judges, copies the
// new rows and moves the watermarks, so that two collectors never both advance a stream.
//
// Every wait has an end (connect 5 s, statement 30 s, lock 5 s, TCP keep-alive). After a lost
// connection or a fail-over apply() is Unavailable until a new connection stands, which it tries
// itself with jitter: nothing was answered, the stores send again. What PostgreSQL cannot keep as
// jsonb (\u0000, bad UTF-8, numbers beyond numeric) goes to `quarantine` with its reason; its row
// becomes a gap `unreadable`, so that the sequence stays complete.
namespace aisle::hq {

struct PostgresqlOptions {
    ApplyLimits limits;
    // What this collector may commit: shared with the LeaseKeeper. Null: one collector, all of it.
    std::shared_ptr<const Claim> claim;
    bool read_only = false;  // for reports: makes no tables; apply and write_state are Denied
};

// "postgresql://[user[:password]@]host[:port]/database[?…]", as libpq has it; a password is better
// kept in ~/.pgpass or passed as ?passfile=FILE. Unavailable: no server, no right; Malformed: no
// such address, or tables of a later version.
Result<std::unique_ptr<EventStore>> open_postgresql_store(const std::string& url,
                                                          PostgresqlOptions options = {});

}  // namespace aisle::hq
