#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"

// The ports to the store. All are asynchronous: call them on the loop, and the answer is posted to
// the loop.
namespace aisle {

struct RecordKey {
    std::string kind;
    std::string event_id;
    std::string digest;

    friend auto operator<=>(const RecordKey&, const RecordKey&) = default;
};

enum class Known { Absent, Same, Other };

struct Found {
    Known known = Known::Absent;
    Record earlier;  // the highest revision so far, unless absent; `body` is filled only for Other
};

// What one transaction makes true. At most kBatchRecordsMax records.
struct Batch {
    // Dense from 1 where order matters: a batch is Full until the one before it has committed. 0:
    // no matter.
    std::uint64_t order = 0;
    std::vector<Record> records;
    std::vector<Quarantined> quarantine;
    std::vector<StateChange> state;
    std::vector<SourcePosition> positions;

    [[nodiscard]] bool empty() const {
        return records.empty() && quarantine.empty() && state.empty() && positions.empty();
    }
};
inline constexpr std::size_t kBatchRecordsMax = 256;

class Journal {
public:
    virtual ~Journal() = default;
    // One answer per key, in order.
    virtual void find(std::vector<RecordKey> keys,
                      std::function<void(Result<std::vector<Found>>)> answer) = 0;
    // All or nothing, durable when answered. Batches commit in the order of the calls.
    // Full: make room and call again. Anything else: the store has tried again itself and given up.
    virtual void append(Batch batch, std::function<void(Status)> answer) = 0;
};

struct JournalQuery {
    std::string kind;  // empty: any
    std::string event_id;
    std::int64_t after_id = 0;  // journal rows with a greater id
    std::size_t limit = 1000;
};

struct JournalRow {
    std::int64_t id = 0;
    Record record;
};

class JournalReader {
public:
    virtual ~JournalReader() = default;
    virtual void read(JournalQuery query,
                      std::function<void(Result<std::vector<JournalRow>>)> answer) = 0;
};

}  // namespace aisle
