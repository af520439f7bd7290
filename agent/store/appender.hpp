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
    // The next record's id is above `id`, whatever the journal has: those up to it are kept for
    // rows that are still to be salvaged.
    void begin_after(std::int64_t id) { after_id_ = id; }
    // A journal row of this revision other than `but_id`.
    struct Revision {
        std::string_view kind;
        std::string_view event_id;
        std::int64_t revision = 0;
    };
    Result<bool> has(const Revision& which, std::int64_t but_id = 0);
    // One record within the caller's transaction; a failure there is followed by load(). Its
    // journal id is answered. `queued`: its seq is the next one of its stream.
    Result<std::int64_t> add(const Record& record, WallTime committed_at, bool queued);

private:
    Status commit(const Batch& batch, WallTime committed_at);
    Status write(const Batch& batch, WallTime committed_at);
    Status write(const Quarantined& item, WallTime committed_at);
    Status write(const StateChange& change);
    Status write(const SourcePosition& at);
    // The record's own, if it is free; for sums the next one that is. Denied: it is there already.
    Result<std::int64_t> free_revision(const Record& record);
    static constexpr std::int64_t kRetellingsMax = 1'000;

    sqlite::Database& database_;
    KeyIndex& keys_;
    OutboxTable& outbox_;
    std::int64_t last_id_ = 0;   // of the journal
    std::int64_t after_id_ = 0;  // 0: the journal's own next id is right
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
