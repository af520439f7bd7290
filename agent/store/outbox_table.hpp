#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "agent/core/outbox.hpp"
#include "agent/sqlite/database.hpp"
#include "agent/store/run_writer.hpp"
#include "agent/store/runs.hpp"

namespace aisle::store {

// The writer's side of `runs` and `gaps`. Knows no frozen rows and no epochs: what may be done is
// decided by the callers, who also hold the transaction. What it keeps in memory (seqs to come,
// bytes, the runs that grow) is taken back by restore().
class OutboxTable {
public:
    // What is in memory only.
    struct Memory {
        std::array<std::int64_t, kUpStreams.size()> next{1, 1, 1, 1};
        std::array<std::int64_t, kUpStreams.size()> bytes{};
        std::array<Run, kUpStreams.size()> tails{};  // n = 0: the next record begins a run
        std::array<bool, kUpStreams.size()> dirty{};
        std::vector<std::pair<Stream, Run>> full{};  // runs that ended within the batch
        std::uint64_t removals = 0;  // rises when rows leave: what refers to ids may be fewer
    };

    Status prepare(sqlite::Database& database);
    // Counts the bytes anew; `depths` tells the seqs to come.
    Status load(std::span<const StreamDepth> depths);

    [[nodiscard]] const Memory& memory() const { return memory_; }
    void restore(const Memory& memory) { memory_ = memory; }
    [[nodiscard]] std::int64_t next(Stream stream) const;
    [[nodiscard]] std::int64_t bytes() const;  // of all streams

    // The next seq goes to this journal row. Written by flush(), one row a run.
    void add(Stream stream, std::int64_t id, std::size_t body_bytes);
    Status flush();

    // All runs that touch the range, ascending; at most `limit`.
    Result<std::vector<Run>> runs_over(Stream stream, SeqRange range, std::size_t limit);
    // What lies in [from, to], one entry a record or gap; a gap is given whole.
    Result<std::vector<Held>> content(Stream stream, SeqRange range);
    Result<std::optional<Gap>> gap_ending_at(Stream stream, std::int64_t seq);

    // Everything below `next` leaves; a gap that reaches beyond it stays whole.
    Status remove_below(Stream stream, std::int64_t next);
    // Puts others in the place of `held`, which is all that lies in its range. They must cover the
    // same seqs, ascending.
    Status replace(Stream stream, std::span<const Held> held, std::span<const Held> others);
    // Behind all that is there, or before.
    Status put_gap(Stream stream, const Gap& gap);
    // A stream's rows move from seq to seq - shift; the caller ends it with settle_moves().
    Status move(const StreamDepth& depth, std::int64_t shift);
    Status settle_moves();

private:
    Result<std::vector<Held>> rows_of(Stream stream, const Run& run, SeqRange range);
    Status insert_all(Stream stream, std::span<const Held> others);
    Status erase(Stream stream, SeqRange range);
    Status keep_ends(Stream stream, const std::vector<Run>& runs, std::span<const Held> held);
    Result<Run> rest_of(Stream stream, const Run& run, std::int64_t next);
    Result<std::int64_t> bytes_up_to(Stream stream, std::int64_t seq);
    void forget_tail(Stream stream);

    sqlite::Database* database_ = nullptr;
    Memory memory_;
    RunWriter writer_;
    sqlite::Statement runs_;
    sqlite::Statement rows_;
    sqlite::Statement gap_;
    sqlite::Statement nth_;
    sqlite::Statement bytes_;
    sqlite::Statement erase_runs_;
    sqlite::Statement erase_gaps_;
};

}  // namespace aisle::store
