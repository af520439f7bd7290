#pragma once

#include <vector>

#include "agent/core/journal.hpp"
#include "agent/store/key_index.hpp"
#include "agent/store/outbox_table.hpp"

namespace aisle::store {

// Writes batches: journal, outbox, quarantine, state and positions in one transaction. What it
// keeps in memory follows the commit; after a failure it is as before.
class Appender {
public:
    Appender(sqlite::Database& database, KeyIndex& keys, OutboxTable& outbox)
        : database_{database}, keys_{keys}, outbox_{outbox} {}
    Status prepare();
    // After anybody else wrote to the journal.
    Status load();

    Status append(const Batch& batch, WallTime committed_at);
    // One record within the caller's transaction; a failure there is followed by load(). Its
    // journal id is answered. `queued`: its seq is the next one of its stream.
    Result<std::int64_t> add(const Record& record, WallTime committed_at, bool queued);

private:
    Status commit(const Batch& batch, WallTime committed_at);
    Status write(const Batch& batch, WallTime committed_at);
    Status write(const Quarantined& item, WallTime committed_at);
    Status write(const StateChange& change);
    Status write(const SourcePosition& at);
    Status check_revision(const Record& record);

    sqlite::Database& database_;
    KeyIndex& keys_;
    OutboxTable& outbox_;
    std::int64_t last_id_ = 0;  // of the journal
    std::vector<std::pair<std::int64_t, std::int64_t>>
        fresh_keys_;  // (key, id) of the running transaction
    sqlite::Statement insert_journal_;
    sqlite::Statement same_revision_;
    sqlite::Statement insert_quarantine_;
    sqlite::Statement put_state_;
    sqlite::Statement delete_state_;
    sqlite::Statement put_position_;
    sqlite::Statement delete_position_;
};

}  // namespace aisle::store
