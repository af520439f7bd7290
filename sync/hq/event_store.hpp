#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent/core/clock.hpp"
#include "agent/core/error.hpp"
#include "agent/core/ids.hpp"
#include "sync/wire/ack.hpp"

// Where HQ keeps what the stores send. Synchronous, owned by the storage thread. One relation is a
// contract for readers (docs/sync-protocol.md):
//   events(store, epoch, stream, seq, from_seq, kind, event_id, revision, at, boot, mono,
//   received_at, body)
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

// What one transaction did. Only what it says is committed.
struct Applied {
    std::size_t consumed = 0;      // of the batches, from the front
    std::vector<Answer> answers;   // at most one a stream, with where it stands in the end
    std::int64_t rows = 0;         // new
    std::int64_t repeated = 0;     // batches that brought nothing new
    std::int64_t refused = 0;      // batches answered with NACK or fork
    std::int64_t forks = 0;        // of these, an alarm
    std::int64_t quarantined = 0;  // batches that could not be read
};

struct ApplyLimits {
    std::size_t batches_max = 16;
    milliseconds time_max{20};  // looked at between batches
};

// HQ's own day, by its own zone.
struct Today {
    Date date{};      // compared with a sale's business date
    WallTime from{};  // its first instant, for what has only an instant
    WallTime to{};
};

struct StreamView {
    std::string store;
    std::string epoch;
    std::string stream;
    std::int64_t next = 1;
    WallTime updated{};  // when something new came last
};

struct StoreDay {
    std::string store;
    std::int64_t sales = 0;
    std::int64_t total_minor = 0;
    std::string currency;
    std::int64_t entered = 0;
    std::int64_t left = 0;
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
};

// "sqlite:FILE". Unavailable: another collector holds the file, or it cannot be opened; Malformed:
// it is something else, or of a later version.
Result<std::unique_ptr<EventStore>> open_event_store(const std::string& url,
                                                     const ApplyLimits& limits = {});

}  // namespace aisle::hq
