#pragma once

#include <optional>
#include <span>

#include "agent/core/journal.hpp"
#include "agent/sqlite/disk.hpp"
#include "agent/store/data_lock.hpp"
#include "agent/store/key_index.hpp"
#include "agent/store/origins.hpp"
#include "agent/store/runs.hpp"

// What can be asked of the agent's tables. Store (the writer) and StoreReader answer the same
// questions with the same code. Synchronous: each object belongs to one thread at a time.
namespace aisle::store {

struct StateRow {
    std::string key;
    std::string bytes;
};

struct QuarantineQuery {
    std::string source;  // empty: any
    std::string reason;  // empty: any
    std::int64_t after_id = 0;
    std::size_t limit = 100;
    bool payloads = false;  // false: `payload` stays empty
};

struct QuarantineRow {
    std::int64_t id = 0;
    Quarantined item;
    std::int64_t payload_bytes = 0;  // 0 also when the payload was emptied to make room
};

// What an operator asks first. Counts of seqs, not of rows, come from depths().
struct StoreSizes {
    std::int64_t database_bytes = 0;  // the file, without its WAL
    std::int64_t free_bytes = 0;      // inside the file, to be used again
    std::int64_t journal_rows = 0;    // appended so far and perhaps pruned since: the greatest id
    std::int64_t quarantine_rows = 0;
    std::int64_t quarantine_bytes = 0;  // of payloads
};

struct StoreFacts {
    std::string store;        // the shop's id
    std::string epoch;        // 16 hex digits
    std::int64_t schema = 0;  // number of the last migration
    WallTime created{};
};

class Reads {
public:
    virtual ~Reads() = default;
    Reads(const Reads&) = delete;
    Reads& operator=(const Reads&) = delete;

    // One answer per key, in order. A key with an empty event_id is always Absent.
    Result<std::vector<Found>> find(std::span<const RecordKey> keys);
    // The highest revision, or nothing.
    Result<std::optional<JournalRow>> find_last(std::string_view kind, std::string_view event_id);
    // By id, ascending. With an event_id a kind is needed too (Malformed otherwise).
    Result<std::vector<JournalRow>> read(const JournalQuery& query);

    // The four streams that go up, in order of weight.
    Result<std::vector<StreamDepth>> depths();
    // Rows from the one that holds `from_seq` on, ascending, gaps as records of kind "gap". Bounded
    // by both limits, but one row is always given. Each record is byte for byte what was appended.
    Result<std::vector<OutboxRow>> read(const OutboxRead& what);

    Result<std::vector<StateRow>> read_state(std::string_view room);
    Result<std::vector<SourcePosition>> positions(std::string_view source);
    // Ascending by id.
    Result<std::vector<QuarantineRow>> quarantined(const QuarantineQuery& query);

    Result<StoreSizes> sizes();
    Result<StoreFacts> facts();
    [[nodiscard]] Result<std::string> epoch();

protected:
    explicit Reads(sqlite::Database database, std::optional<DataLock> lock = std::nullopt);
    Status prepare();  // once, after the tables are there

    std::optional<DataLock> lock_;  // the writer's; freed only after the database is closed
    sqlite::Database database_;

    Result<std::string> meta(std::string_view key);  // empty if it is not there
    Status fill_ends(StreamDepth& depth);            // all but `oldest`
    // Calls `visit` with `row_` on each row of the key, in the order of their ids, until it answers
    // false.
    Status visit_rows_of(std::string_view kind, std::string_view event_id,
                         const std::function<bool()>& visit);

    sqlite::Statement row_;
    KeyIndex keys_;
    bool follows_ = false;  // another connection writes: keys_ has to catch up before each question

private:
    Result<Found> find_one(const RecordKey& key);
    Result<std::vector<JournalRow>> revisions_of(const JournalQuery& query);
    struct OutboxPage;  // what one read gathers
    Status read_gap(const Run& run, OutboxPage& page);
    Status read_run(const Run& run, OutboxPage& page);
    // After database_: they must go before it.
    sqlite::Statement by_id_;
    sqlite::Statement runs_;
    sqlite::Statement run_rows_;
    sqlite::Statement gap_;
    sqlite::Statement last_run_;
    sqlite::Statement stream_;
    OriginReader origins_;
};

// Read-only, beside a running writer or with the daemon down (`aislectl --data DIR`). Takes no
// lock, never checkpoints.
class StoreReader final : public Reads {
public:
    // Unavailable: no database there. Malformed: foreign, damaged, or of another version than this
    // program's.
    static Result<std::unique_ptr<StoreReader>> open(const std::string& data_dir,
                                                     const std::string& vfs = {},
                                                     sqlite::Disk& disk = sqlite::system_disk());

private:
    using Reads::Reads;
};

}  // namespace aisle::store
