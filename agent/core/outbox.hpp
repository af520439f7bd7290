#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"

namespace aisle {

// Where a row stood before a new epoch numbered it again.
struct Origin {
    std::string epoch;
    std::int64_t seq = 0;

    friend bool operator==(const Origin&, const Origin&) = default;
};
// A row that has lived through more epochs forgets the oldest.
inline constexpr std::size_t kOriginsMax = 4;

// A record on its way to HQ. `seq` is dense from 1 per (store, epoch, stream); `from` < `seq` only
// for gaps. `was` is the row's earlier places, the latest first: HQ drops what it has there.
struct OutboxRow {
    std::int64_t seq = 0;
    std::int64_t from = 0;
    Record record;
    std::vector<Origin> was = {};
};

struct StreamDepth {
    Stream stream = Stream::Ledger;
    std::int64_t first = 1;      // the oldest row that is still there, or `next` if none is
    std::int64_t next = 1;       // the seq that the next record will get
    std::int64_t frozen_to = 0;  // rows up to this may have been sent: their lines must not change
    WallTime oldest{};
    // What `acknowledged` was told of the line at first - 1: the row itself has gone. Empty:
    // nothing.
    std::string acked_check = {};
};

struct OutboxRead {
    Stream stream = Stream::Ledger;
    std::int64_t from_seq = 1;
    std::size_t rows_max = 500;
    std::size_t bytes_max = 4 * 1024 * 1024;
};

// Rows leave only when HQ says that it has committed them. Asynchronous, on the loop, as Journal.
class Outbox {
public:
    virtual ~Outbox() = default;
    virtual void depths(std::function<void(Result<std::vector<StreamDepth>>)> answer) = 0;
    virtual void read(OutboxRead what,
                      std::function<void(Result<std::vector<OutboxRow>>)> answer) = 0;
    virtual void freeze(Stream stream, std::int64_t to_seq, std::function<void(Status)> answer) = 0;
    // Deletes the rows below `next`. `check` is that of the line at next - 1 and is kept in their
    // place, so that the next batch can be chained to it after a restart; empty: not known.
    virtual void acknowledged(Stream stream, std::int64_t next, std::function<void(Status)> answer,
                              std::string check = {}) = 0;
    // Replaces [from, to] in place by one gap record of `reason`; rows not yet sent, or a dead
    // letter.
    virtual void replace_by_gap(Stream stream, std::int64_t from, std::int64_t to,
                                std::string reason, std::function<void(Status)> answer) = 0;
    // HQ has lost what it had acknowledged (a restored HQ) and stands at `next`, below the oldest
    // row: the rows between are gone and become one gap `reason` in front of those that are left.
    // `check` is HQ's, of the line at next - 1, and cannot be compared any more.
    virtual void gap_before(Stream stream, std::int64_t next, std::string check, std::string reason,
                            std::function<void(Status)> answer) = 0;
    // A clone or an old image is at work: all that is not acknowledged, in every stream, is
    // numbered again from 1 under a new epoch, which is answered. Nothing is deleted.
    virtual void begin_epoch(std::string why, std::function<void(Result<std::string>)> answer) = 0;
};

}  // namespace aisle
