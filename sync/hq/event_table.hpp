#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"
#include "sync/hq/event_line.hpp"
#include "sync/hq/event_views.hpp"
#include "sync/hq/stream_rule.hpp"

// What a database does for HQ's rule, and no more: it reads and writes rows and judges nothing.
// ingest.hpp holds the rule and calls it. Synchronous, one thread, one transaction at a time. Reads
// see what the same transaction has written.
namespace aisle::hq {

struct StreamName {
    std::string store;
    std::string epoch;
    Stream stream = Stream::Ledger;

    friend auto operator<=>(const StreamName&, const StreamName&) = default;
};

struct StreamState {
    std::int64_t key = 0;  // the database's number for this stream
    StreamMark mark;
    bool born = false;    // made by this very call
    int epochs = 1;       // of this store that have this stream, itself among them
    bool listed = false;  // ids of this store and stream are in the list of ids (see `list_id`)
};

// A record's place, in the database's own numbers.
struct Place {
    std::int64_t stream_key = 0;
    std::int64_t seq = 0;

    friend auto operator<=>(const Place&, const Place&) = default;
};

// Numbers whose records are shown at another place, in the same order: `to` at `shown`, `to` - 1
// before it, and so on. Only a gap's run stands for more than its last number.
struct ElsewhereRun {
    std::int64_t stream_key = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
    Place shown;
};

// So many clones may each have written something else under one number; beyond it a record may be
// shown twice.
inline constexpr std::int64_t kRivalsMax = 64;

// Numbers of one stream, both ends included.
struct Numbers {
    std::int64_t stream_key = 0;
    std::int64_t from = 0;
    std::int64_t to = 0;
};

// A row as it is shown.
struct ShownRow {
    Place place;
    std::string kind;
    std::string event_id;
    std::optional<std::int64_t> revision;  // as shown
    std::int64_t boot = 0;
    std::int64_t mono_us = 0;
    std::string body;
};

// One revision of a record with an identity, as it is shown in some epoch.
struct ListedId {
    std::int64_t stream_key = 0;
    std::int64_t sent = 0;   // the revision in its body; 0: none
    std::int64_t shown = 0;  // in `events`; 0: none
    std::string digest;      // content_digest of its body
    std::int64_t seq = 0;    // where it is shown
};

struct IdName {
    std::string_view store;
    Stream stream = Stream::Ledger;
    std::string_view kind;
    std::string_view event_id;
};

// The clock of one boot as one epoch knows it. Under kAnyEpoch stands what holds for epochs of the
// store that have no word of their own on that boot.
inline constexpr std::string_view kAnyEpoch = "";
struct BootClock {
    std::string epoch;
    std::int64_t boot = 0;
    std::int64_t offset_ms = 0;  // to be added to walls whose clock was none or rtc
    std::int64_t error_ms = 0;
    std::string source;
};

struct Rejected {
    std::string digest;  // of the payload
    WallTime received{};
    std::string_view topic;
    std::string_view reason;
    std::string_view payload;  // cut at kQuarantinePayloadMax
};
inline constexpr std::size_t kQuarantinePayloadMax = 128 * 1024;
inline constexpr std::int64_t kQuarantineRowsMax = 10'000;

// What a batch adds to the counters of its stream.
struct Tally {
    std::int64_t rows = 0;   // shown, gaps left out
    std::int64_t again = 0;  // numbers received whose record is shown elsewhere
    std::int64_t quarantined = 0;
};

class EventTable {
public:
    virtual ~EventTable() = default;

    virtual Status begin() = 0;
    virtual Status commit() = 0;  // a failure leaves nothing of it
    virtual void roll_back() = 0;

    // Found or made, and held: where several collectors work, no other one touches this store until
    // the transaction ends.
    virtual Result<StreamState> stream(const StreamName& name, WallTime received) = 0;
    // Rows to be shown, in order of seq, all above the mark. Their views live until this returns.
    // `revision` is the one to be shown, whatever the body says.
    virtual Status insert(std::int64_t stream_key, std::span<const EventLine> rows,
                          WallTime received) = 0;
    // After the rows of a batch.
    virtual Status move_mark(std::int64_t stream_key, const StreamMark& mark, const Tally& more,
                             WallTime received) = 0;
    virtual Status count_gap(std::int64_t stream_key, const GapCount& more) = 0;
    // To the list of notices, in this order.
    virtual Status notice(std::span<const Place> rows) = 0;

    // Several epochs. Nothing is shown at a place inside a gap or elsewhere.
    virtual Result<std::optional<ShownRow>> row_at(const Place& place) = 0;
    virtual Result<std::optional<Place>> elsewhere(const Place& place) = 0;
    // Runs of a stream never overlap; a run that continues one is joined to it.
    virtual Status add_elsewhere(const ElsewhereRun& run) = 0;
    // These numbers are no longer shown elsewhere: runs are cut around them. Returns the parts that
    // were cut out.
    virtual Result<std::vector<ElsewhereRun>> remove_elsewhere(const Numbers& numbers) = 0;
    // Records that had a place which another record has, or is said to have: where they are shown.
    // They count for nothing. At most kRivalsMax of one place are read. A run holds no gap; what is
    // there already stays.
    virtual Result<std::vector<Place>> rivals(const Place& place) = 0;
    virtual Status add_rivals(const ElsewhereRun& run) = 0;

    // The list of ids: a table beside the events, only for stores with several epochs. No such
    // index is in the hot table: a random key costs five times the insert.
    virtual Status each_with_id(std::string_view store, Stream stream,
                                const std::function<Status(const ShownRow&)>& look) = 0;
    virtual Status list_id(const IdName& name, const ListedId& id) = 0;
    virtual Result<std::vector<ListedId>> listed(const IdName& name) = 0;
    virtual Status mark_listed(std::string_view store, Stream stream) = 0;

    virtual Result<std::vector<BootClock>> boots(std::string_view store) = 0;
    virtual Status set_boot(std::string_view store, const BootClock& clock) = 0;  // or replace

    // How often this payload has come by now. 0: there are kQuarantineRowsMax already and it is not
    // among them.
    virtual Result<std::int64_t> quarantine(const Rejected& rejected) = 0;
};

}  // namespace aisle::hq
