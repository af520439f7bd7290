#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "agent/core/journal.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"

namespace aisle::app {

// What the works of one batch bring together: what must become true, and what may be said once it
// is.
struct Turn {
    Stamp now;
    Batch batch;
    std::vector<std::function<void()>> after;  // on the loop, after the commit, in order
    std::array<std::size_t, kUpStreams.size()> woken{};

    void add(Record record);
    void add(std::vector<StateChange> changes);
};

// One thing to be worked out and committed. `apply` runs on the loop, in the order of submission,
// with what is known of its keys; it may change engines, because what it adds to the turn is
// committed or the program ends.
struct Work {
    std::vector<RecordKey> keys;
    std::function<void(Turn&, std::span<const Found>)> apply;
    std::function<void(const Error&)> failed;  // the lookup failed: nothing was applied
    std::size_t records_max = 16;              // what it may add to the batch, about
    bool waits = false;                        // somebody waits for the answer: commit at once
};

struct PipelineSettings {
    std::size_t waiting_max = 4096;  // works; one more is Full
    milliseconds gather{1000};       // how long a batch that nobody waits for may gather
    milliseconds room_retry{1000};   // a full disk is tried again after so long
    // Pruning reads the journal. What it can give it gives at once; more comes only with time.
    milliseconds room_again{30'000};
};

// The way of a reading from the sink to the commit (DESIGN section 2, points 3 to 7): find what is
// known, run the engines, one transaction a batch, then the answers. Batches commit strictly in
// order, at most two are in flight: a lookup is handed to the storage thread after the batch before
// it, so that it sees what that batch has made known. On a full disk nothing new is looked up until
// all that was worked out has committed. Loop thread only.
class Pipeline {
public:
    struct Parts {
        Journal& journal;
        runtime::Executor& loop;
        runtime::Metrics& metrics;
        std::function<void(Stream, std::size_t)> wake;  // rows were committed for this stream
        std::function<void()> make_room;                // the disk is full: prune and drop
        std::function<void(const Error&)> broken;       // the store has given up: exit 75
    };
    Pipeline(PipelineSettings settings, Parts parts);

    // Full: not now. `inner` work (ticks, visits) is always taken: its senders bound it.
    Status submit(Work work);
    void submit_inner(Work work);

    [[nodiscard]] bool idle() const;
    // Since the start, as the metrics count them: what a bundle's roll-out is judged by.
    struct Counts {
        double offers = 0;    // shown for the first time
        double withheld = 0;  // decisions without an offer, ghosts among them
        double errors = 0;    // readings that were turned away and commits that failed
    };
    [[nodiscard]] Counts counts() const;
    // Called once, when all that was submitted has been committed.
    void when_idle(std::function<void()> done);

private:
    struct InFlight {
        Batch batch;
        std::vector<std::function<void()>> after;
        std::array<std::size_t, kUpStreams.size()> woken{};
    };

    void queue(Work work);
    void pump();
    void look_up(std::vector<Work> works);
    void put_back(std::vector<Work>& works);
    void apply(const std::vector<Work>& works, const std::vector<Found>& found);
    void commit(Turn turn);
    void append(std::shared_ptr<InFlight> batch);
    void committed(InFlight& batch);
    void count(const std::vector<Record>& records);
    void ask_for_room();
    void say_idle();
    [[nodiscard]] bool stalled() const { return !waiting_for_room_.empty(); }
    [[nodiscard]] std::vector<Work> take();

    PipelineSettings settings_;
    Parts parts_;
    std::deque<Work> waiting_;
    std::size_t urgent_ = 0;  // among those that wait
    bool finding_ = false;
    std::size_t appending_ = 0;
    std::map<std::uint64_t, runtime::TimerHandle> waiting_for_room_;  // batches, by their order
    std::optional<MonoTime> room_asked_;  // since the disk was found full
    runtime::TimerHandle gathering_;
    std::uint64_t last_order_ = 0;
    std::function<void()> when_idle_;
    runtime::Counter& refused_;
    runtime::Counter& batches_;
    runtime::Counter& records_;
    runtime::Counter& offers_;
    runtime::Counter& withheld_;
    runtime::Counter& failures_;
    runtime::Gauge& waiting_gauge_;
};

}  // namespace aisle::app
