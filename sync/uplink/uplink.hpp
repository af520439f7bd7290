#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/outbox.hpp"
#include "agent/core/transport.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"
#include "agent/runtime/random.hpp"
#include "sync/wire/ended.hpp"
#include "sync/wire/state.hpp"
#include "sync/wire/topics.hpp"

// The way from the outbox to HQ, exactly once (docs/sync-protocol.md). A row leaves the outbox only
// when HQ has said that it is committed and HQ's check is that of our own line; a PUBACK only moves
// the send window.
namespace aisle::uplink {

// By stream: how long a row may wait for company.
using Lingers = std::array<milliseconds, 4>;
inline constexpr Lingers kUsualLingers{milliseconds{0}, milliseconds{200}, milliseconds{30'000},
                                       milliseconds{60'000}};

struct UplinkSettings {
    StoreId store;
    std::string epoch;    // 16 hex digits
    std::string version;  // of the agent, for the birth message
    Lingers linger = kUsualLingers;
    // What HQ had acknowledged of earlier epochs, the latest first: told with the first batch of
    // each stream.
    std::vector<wire::EndedEpoch> ended = {};
    std::size_t batch_bytes_max = 64 * 1024;  // compressed
    std::size_t batch_rows_max = 500;
    std::size_t in_flight_max = 16;          // batches of a stream without HQ's ack
    std::size_t in_flight_catching_up = 64;  // the same while HQ answers and more waits
    std::int64_t freeze_ahead = 500;   // rows: how far `frozen_to` is stored ahead of what is sent
    milliseconds repeat_first{5'000};  // the oldest batch is repeated after so long without an ack,
    milliseconds repeat_last{60'000};  // doubling up to this
    milliseconds stop_grace{1'000};    // what a clean stop may wait for HQ
    // After a connect each stream sends its oldest batch; the rest waits for HQ's first answer, or
    // for U(0, this), so that a chain that comes back at once does not fall upon HQ.
    milliseconds drain_spread{10'000};
    milliseconds puback_max{15'000};     // no PUBACK for so long: the link leads nowhere
    milliseconds hq_silent_max{25'000};  // no answer of HQ for so long: the same, but ever more
                                         // rarely, as it may be HQ that is away
    int epochs_an_hour = 4;  // new epochs at most; beyond, nothing is sent until one may begin
};

// HQ's clock, from an answer whose batch we know when we sent.
struct HqTime {
    WallTime hq_now{};     // HQ's clock at `heard`, wrong by at most `error`
    Stamp heard;           // our clock at the same moment
    milliseconds error{};  // half the round trip, HQ's own work included
};

struct StreamStatus {
    Stream stream = Stream::Ledger;
    std::int64_t rows = 0;          // in the outbox
    std::int64_t acknowledged = 0;  // HQ has all up to this seq
    std::size_t in_flight = 0;      // batches
    bool stopped = false;  // a fork was found: nothing is sent or deleted until the new epoch
    WallTime oldest{};
};

struct UplinkStatus {
    bool connected = false;
    std::string reason;  // why not
    WallTime heard{};    // HQ's last ack
    std::string epoch;
    std::int64_t credit_bytes_s = 0;  // what HQ lets us send; 0: no limit
    std::array<StreamStatus, 4> streams;
};

// On the loop thread; all references outlive it, and so does the loop every task given to `pack`.
// Memory does not grow with the backlog: a few packed batches and the cuts of those in flight are
// kept a stream.
//
// An answer of HQ that contradicts what we sent means that a clone or an old image is at work:
// nothing is deleted, and Outbox::begin_epoch numbers all that HQ has not acknowledged again. The
// uplink goes on under the new epoch and says so in a new birth.
class Uplink {
public:
    virtual ~Uplink() = default;

    // The handlers are set before start(), or not at all.
    // What HQ sends to this store on down/bundle, down/data and down/cmd; subscribed to (down/+)
    // only with a handler. The payload is not looked into; the view ends with the call.
    virtual void on_down(std::function<void(const wire::Topic&, std::string_view payload)>) = 0;
    // HQ's clock: at the first answer, when a shorter round trip tells it better, and once a
    // minute.
    virtual void on_hq_time(std::function<void(HqTime)> handler) = 0;
    // After a new epoch has begun, and before anything is sent under it.
    virtual void on_epoch(
        std::function<void(const std::string& epoch, const std::string& why)> handler) = 0;

    // Takes the transport over (handlers, will, subscription) and starts it.
    virtual void start() = 0;
    // After each commit that put rows into `stream`; `rows` may be a guess. Local is ignored.
    virtual void wake(Stream stream, std::size_t rows = 1) = 0;
    // From now on; what lingers at this moment goes at once.
    virtual void set_linger(const Lingers& linger) = 0;
    // Sends what lingers; `done` comes when HQ has acknowledged all, or after `stop_grace`.
    virtual void flush(std::function<void()> done) = 0;
    // flush, the death message, then the transport's stop. `done` comes within `stop_grace` and its
    // two seconds.
    virtual void stop(std::function<void()> done) = 0;
    [[nodiscard]] virtual UplinkStatus status() const = 0;
    // What the birth message says now: for health records, where a broker retains nothing.
    [[nodiscard]] virtual wire::StoreState birth() const = 0;
    // Says the birth again at once: something in it has changed that HQ waits for.
    virtual void announce() = 0;
};

struct UplinkParts {
    Outbox& outbox;
    Transport& transport;
    runtime::Executor& executor;
    runtime::Metrics& metrics;
    // Where batches are written and compressed: the reader thread, so that the loop stays free.
    // False: no room, it is tried again. Empty: on the loop.
    std::function<bool(runtime::Task)> pack = {};
    // For the birth message; asked on the loop each time. `lag_s` is the uplink's own. Empty:
    // nothing beyond the streams is told.
    std::function<wire::Health()> health = {};
    runtime::RandomSource random = {};  // empty: the system's
};

// Metrics, labelled stream=<name>: aisle_uplink_rows, aisle_uplink_oldest_age_seconds,
// aisle_uplink_batches_total, aisle_uplink_bytes_total, aisle_uplink_repeats_total,
// aisle_uplink_acks_total, aisle_uplink_nacks_total, aisle_uplink_stale_acks_total,
// aisle_uplink_dead_letters_total, aisle_uplink_refused_total, aisle_uplink_acked_before_total (an
// alarm), aisle_uplink_forks_total (an alarm); without: aisle_uplink_epochs_total (an alarm),
// aisle_uplink_reconnects_total, aisle_uplink_damaged_total, aisle_uplink_credit_bytes_per_second,
// aisle_uplink_window_batches.
std::unique_ptr<Uplink> make_uplink(UplinkParts parts, UplinkSettings settings);

}  // namespace aisle::uplink
