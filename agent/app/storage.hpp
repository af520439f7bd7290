#pragma once

#include <functional>

#include "agent/core/journal.hpp"
#include "agent/core/outbox.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/store/store.hpp"

namespace aisle::app {

// Hands a task to a thread; false if its queue is full.
using Run = std::function<bool(runtime::Task)>;

// Carries calls from the loop to the storage and the reader thread, and the answers back. The store
// itself is synchronous and knows of no thread. In tests both Runs may be the loop itself.
class Storage final : public Journal, public JournalReader, public Outbox {
public:
    struct Parts {
        store::Store& writer;  // used inside `write` only
        store::Reads& reader;  // used inside `read` only; a read-only connection of its own
        Run write;
        Run read;
        runtime::Executor& loop;  // must outlive what was handed to the threads
    };
    explicit Storage(Parts parts) : parts_{std::move(parts)} {}

    void find(std::vector<RecordKey> keys,
              std::function<void(Result<std::vector<Found>>)> answer) override;
    // Full and nothing else is worth waiting for: any other failure has been tried three times.
    void append(Batch batch, std::function<void(Status)> answer) override;
    void read(JournalQuery query,
              std::function<void(Result<std::vector<JournalRow>>)> answer) override;

    void depths(std::function<void(Result<std::vector<StreamDepth>>)> answer) override;
    void read(OutboxRead what, std::function<void(Result<std::vector<OutboxRow>>)> answer) override;
    void freeze(Stream stream, std::int64_t to_seq, std::function<void(Status)> answer) override;
    void acknowledged(Stream stream, std::int64_t next, std::function<void(Status)> answer,
                      std::string check) override;
    void replace_by_gap(Stream stream, std::int64_t from, std::int64_t to, std::string reason,
                        std::function<void(Status)> answer) override;
    void gap_before(Stream stream, std::int64_t next, std::string check, std::string reason,
                    std::function<void(Status)> answer) override;
    void begin_epoch(std::string why, std::function<void(Result<std::string>)> answer) override;

    void prune(const Stamp& now, store::RetentionSettings settings,
               std::function<void(Result<store::Pruned>)> answer);
    void sizes(std::function<void(Result<store::StoreSizes>)> answer);
    // Whatever has to do with the disk and must not hold up the loop; on the reader thread.
    void ask(std::function<Result<std::int64_t>()> question,
             std::function<void(Result<std::int64_t>)> answer);
    // The next slice of a damaged database.
    void salvage_more(std::function<void(Result<store::SalvageWork>)> answer);
    // Once a minute: ballast and manifest.
    void tend(WallTime now, std::function<void(Status)> answer);
    // One step; again soon while it says `more`.
    void enforce_quota(store::OutboxQuota quota, const Stamp& now,
                       std::function<void(Result<store::QuotaWork>)> answer);

private:
    template <typename Answer, typename Work>
    void carry(const Run& run, std::function<void(Answer)> answer, Work work);

    Parts parts_;
    std::uint64_t next_order_ = 1;  // of the batch that may commit next; inside `write` only
};

}  // namespace aisle::app
