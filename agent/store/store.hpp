#pragma once

#include "agent/store/erasure.hpp"
#include "agent/store/opening.hpp"
#include "agent/store/quota.hpp"
#include "agent/store/reads.hpp"
#include "agent/store/retention.hpp"
#include "agent/store/salvage_rest.hpp"
#include "agent/store/settings.hpp"

// The agent's tables, in DIR/aisle.db: journal, outbox, engine state, source positions, quarantine,
// boots (docs/journal-format.md). One writer a data directory, and only it checkpoints.
// Synchronous: owned by the storage thread. WAL with synchronous=FULL: what answered success
// survives a power cut, and what did not left no trace.
//
// Beside it lie `manifest` (tells a vanished or an old database from a new one) and `ballast` (room
// that is given back when the disk is full).
namespace aisle::store {

class Store final : public Reads {
public:
    // Opens DIR's database and brings an older one up to date. It never refuses for what the disk
    // did: a database that is missing, empty, damaged or older than the manifest knows is set
    // aside, what can be read goes into a new one under a new epoch, and opening() tells. The four
    // reasons to refuse:
    // Unavailable: another process holds the lock (exit 69), or the directory is not there.
    // Denied: of another shop. Malformed: another program's database or a newer version's, left as
    // it is. Full: no room even after the ballast was released.
    static Result<std::unique_ptr<Store>> open(const std::string& data_dir,
                                               const StoreSettings& settings, WallTime now);
    ~Store() override;

    [[nodiscard]] const Opening& opening() const;
    // True if open() made the database where none was known: a first start.
    [[nodiscard]] bool is_new() const { return opening().is_new; }

    // One transaction, durable when it succeeds. Dense seqs per stream; Stream::Local gets none.
    // Full: nothing was written, room was made if some could be, call again. Denied: a revision of
    // (kind, event_id) that is already there; nothing was written. More than kBatchRecordsMax
    // records: asserted.
    Status append(const Batch& batch, WallTime committed_at);

    // Raises frozen_to; a lower value changes nothing. May run ahead of the rows: then later rows
    // are born frozen. A gap is frozen as a whole where its first number is.
    Status freeze(Stream stream, std::int64_t to_seq);
    // HQ has committed everything below `next`: those rows leave, and `check` of the line at next -
    // 1 stays (empty: not known). A lower value than before changes nothing; Malformed beyond what
    // was ever given out.
    Status acknowledged(Stream stream, std::int64_t next, std::string_view check = {});
    // Puts one gap record in the place of [from, to]: rows that were not yet sent (> frozen_to), or
    // one row whatever it is (a dead letter). Unsent gaps of one reason and past merge into it.
    // Denied: the range holds frozen rows. Malformed: the range is not there, cuts a gap in two, or
    // `reason` is not of [a-z0-9_].
    Status replace_by_gap(Stream stream, std::int64_t from, std::int64_t to,
                          std::string_view reason);

    // HQ stands at `next`, below the oldest row: [next..oldest - 1] becomes one gap of `reason`,
    // and `check` is kept for the line at next - 1. Malformed: `next` is not below the oldest row.
    Status gap_before(Stream stream, std::int64_t next, std::string_view check,
                      std::string_view reason);

    // Everything unacknowledged is numbered again from 1 and remembers where it stood; nothing
    // counts as sent. 16 hex digits, or empty: random. `why` is kept for people: fork, restored,
    // ...
    Status new_epoch(std::string_view epoch, std::string_view why = "asked");

    // One bounded step of degrading what waits for HQ, if it is over its quota: health goes first,
    // then footfall minutes and zone visits are summed up to quarter hours, then footfall goes,
    // then offers, oldest first. Never rows that may have been sent, never the ledger. `now` is
    // the stamp of roll-ups that sum nothing with a better one.
    Result<QuotaWork> enforce_quota(const OutboxQuota& quota, const Stamp& now);

    // Forgets a person, in bounded steps: `after_id` is 0 at first, then the last answer's next_id.
    // Journal bodies are emptied (their identity stays, so that the same file read again brings
    // nothing back), outbox rows become gaps `erased`, state rows and set-aside databases go. All
    // of it is overwritten on disk once `more` is false.
    Result<ErasureWork> erase(const ErasureOrder& order, std::int64_t after_id = 0);
    // Whether this pseudonym was erased before: a hash of it is kept for ever.
    Result<bool> was_erased(std::string_view member);

    // The next slice of what a start left in a damaged database that was too large to be read
    // before service (opening().salvaging). Each is one transaction of some 50 ms, and between them
    // the shop goes on. Full: no room, try again later.
    Result<SalvageWork> salvage_more();

    // Once a minute or so: re-creates the ballast when there is room, and writes the manifest.
    Status tend(WallTime now);
    // A reader or anybody else met damage (Malformed where the tables were asked): the next start
    // looks at every page. The caller then restarts (exit 75).
    void suspect(std::string_view why);

    // The number of this boot of the machine, from 1; the same id gives the same number.
    Result<std::int64_t> boot_number(std::string_view boot_id);

    // Deletes what is older than its class allows and no longer in the outbox, at most `rows_max`
    // rows a call, and moves a part of the WAL into the database. Call again while `more`. A clock
    // of quality none deletes nothing.
    Result<Pruned> prune(const Stamp& now, const RetentionSettings& settings);

private:
    using Reads::Reads;
    struct Inside;  // the writer's parts, store_inside.hpp
    std::unique_ptr<Inside> in_;
};

}  // namespace aisle::store
