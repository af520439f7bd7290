#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent/core/clock.hpp"
#include "agent/core/error.hpp"
#include "agent/core/ids.hpp"
#include "sync/hq/erasure.hpp"
#include "sync/hq/event_views.hpp"
#include "sync/wire/ack.hpp"

// Where HQ keeps what the stores send. Synchronous, owned by the storage thread. One relation is a
// contract for readers (docs/sync-protocol.md):
//   events(store, epoch, stream, seq, from_seq, kind, event_id, revision, at, boot, mono,
//   received_at, body)
// What is judged is the same for every database (ingest.hpp); a database brings its SQL
// (event_table.hpp) and the queries below.
namespace aisle::sqlite {
class Disk;
}  // namespace aisle::sqlite

namespace aisle::hq {

struct Inbound {
    std::string topic;
    std::string payload;
    WallTime received{};
};

struct Answer {
    StoreId store;
    wire::Ack ack;
};

// What people must look at. Kinds: fork (two devices under one epoch, or an old image), unreadable
// (set aside and acknowledged), quarantine_full (it could not be set aside, so the stream waits),
// acked_before (HQ lost what it had acknowledged: it was restored from a backup), new_epoch (a
// store began a new epoch), too_old (a gap that names what is committed).
struct Alarm {
    std::string kind;
    std::string store;
    std::string detail;
};

// What one transaction did. Only what it says is committed.
struct Applied {
    std::size_t consumed = 0;      // of the batches, from the front
    std::vector<Answer> answers;   // at most one a stream, with where it stands in the end
    std::vector<Alarm> alarms;     // at most kAlarmsMax
    std::int64_t rows = 0;         // new and shown
    std::int64_t again = 0;        // received before under another epoch: counted, not shown
    std::int64_t notices = 0;      // rows that were also put into the list of notices
    std::int64_t repeated = 0;     // batches that brought nothing new
    std::int64_t refused = 0;      // batches answered with NACK or fork
    std::int64_t forks = 0;        // of these, an alarm
    std::int64_t quarantined = 0;  // batches of which something could not be read
    std::int64_t bytes = 0;        // of the payloads that were consumed
};
inline constexpr std::size_t kAlarmsMax = 64;

struct ApplyLimits {
    std::size_t batches_max = 16;
    milliseconds time_max{20};  // looked at between batches
};

class EventStore {
public:
    virtual ~EventStore() = default;
    // All or nothing. A failure left no trace: nothing is answered, and the stores will send again.
    virtual Result<Applied> apply(std::span<const Inbound> batches, const Clock& clock) = 0;
    virtual Result<std::vector<StreamView>> streams() = 0;
    // Sales of the day (highest revision of each; completed sales, returns and exchanges) and
    // people through doors.
    virtual Result<std::vector<StoreDay>> day(const Today& today) = 0;

    // The proof that nothing is missing, by (store, epoch, stream). `Counted` is cheap: what each
    // transaction added up. `Recounted` reads every row of `store`, or of all where it is empty.
    enum class Proof { Counted, Recounted };
    virtual Result<std::vector<Completeness>> completeness(Proof proof, std::string_view store) = 0;

    // HQ's own small state, row by row. An empty `bytes` deletes the row. One transaction.
    virtual Result<std::vector<StateChange>> read_state(std::string_view room) = 0;
    virtual Status write_state(std::span<const StateChange> changes) = 0;

    // Records that HQ itself acts on, in the order of their commit, with ids above `after`. Whoever
    // has read up to an id will never see one below it appear later. The cursor is the reader's,
    // kept by write_state, so that what it did and how far it has read are one transaction.
    virtual Result<std::vector<Notice>> notices(std::int64_t after, std::size_t limit) = 0;

    // Takes a member's records their bodies away (erasure.hpp).
    virtual Result<ErasedSlice> erase(const EraseOrder& order) {
        return unavailable("this database cannot erase for " + order.store);
    }
    // After erasures: leaves nothing of what was erased in the files that this program owns (freed
    // pages, write-ahead log). False: a reader is in the way, to be asked again. A database server
    // does that in its own time (docs/rollout.md), so there it is always true.
    virtual Result<bool> overwrite() { return true; }
};

struct StoreOptions {
    ApplyLimits limits = {};
    // For reports beside a running collector: takes no lock and writes nothing; apply and
    // write_state are Denied.
    bool read_only = false;
    // A database that is empty or another one than last time is taken as it is. Without it that is
    // refused: HQ would ask every store for what they no longer have.
    bool accept_new = false;
    // SQLite only: where the file and all beside it lie; null: this machine's. A disk with a vfs of
    // its own (a simulated one) is not locked. Must outlive the store.
    sqlite::Disk* disk = nullptr;
};

// "sqlite:FILE" or "postgresql://...". Unavailable: another collector holds the file, or it cannot
// be opened; Denied: not the database that was here before; Malformed: it is something else, or of
// a later version.
Result<std::unique_ptr<EventStore>> open_event_store(const std::string& url,
                                                     const StoreOptions& options = {});

}  // namespace aisle::hq
