#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "agent/core/ids.hpp"
#include "agent/core/outbox.hpp"
#include "agent/core/transport.hpp"
#include "agent/runtime/executor.hpp"
#include "agent/runtime/metrics.hpp"

// The way from the outbox to HQ, exactly once (docs/sync-protocol.md). A row leaves the outbox only
// when HQ has said that it is committed and HQ's check is that of our own line; a PUBACK only moves
// the send window.
namespace aisle::uplink {

struct UplinkSettings {
    StoreId store;
    std::string epoch;    // 16 hex digits
    std::string version;  // of the agent, for the birth message
    std::array<milliseconds, 4> linger{
        milliseconds{0}, milliseconds{200}, milliseconds{30'000},
        milliseconds{60'000}};                // by stream: how long a row may wait for company
    std::size_t batch_bytes_max = 64 * 1024;  // compressed
    std::size_t batch_rows_max = 500;
    std::size_t in_flight_max = 16;          // batches of a stream without HQ's ack
    std::size_t in_flight_catching_up = 64;  // the same while HQ answers and more waits
    std::int64_t freeze_ahead = 500;   // rows: how far `frozen_to` is stored ahead of what is sent
    milliseconds repeat_first{5'000};  // the oldest batch is repeated after so long without an ack,
    milliseconds repeat_last{60'000};  // doubling up to this
    milliseconds stop_grace{1'000};    // what a clean stop may wait for HQ
};

struct StreamStatus {
    Stream stream = Stream::Ledger;
    std::int64_t rows = 0;          // in the outbox
    std::int64_t acknowledged = 0;  // HQ has all up to this seq
    std::size_t in_flight = 0;      // batches
    bool stopped = false;           // a fork was found: nothing is sent and nothing is deleted
    WallTime oldest{};
};

struct UplinkStatus {
    bool connected = false;
    std::string reason;  // why not
    WallTime heard{};    // HQ's last ack
    std::array<StreamStatus, 4> streams;
};

// On the loop thread; all references outlive it. Memory does not grow with the backlog: at most one
// packed batch and the cuts of those in flight are kept a stream.
class Uplink {
public:
    virtual ~Uplink() = default;

    // Takes the transport over (handlers, will, subscription) and starts it.
    virtual void start() = 0;
    // After each commit that put rows into `stream`; `rows` may be a guess. Local is ignored.
    virtual void wake(Stream stream, std::size_t rows = 1) = 0;
    // Sends what lingers; `done` comes when HQ has acknowledged all, or after `stop_grace`.
    virtual void flush(std::function<void()> done) = 0;
    // flush, the death message, then the transport's stop. `done` comes within `stop_grace` and its
    // two seconds.
    virtual void stop(std::function<void()> done) = 0;
    [[nodiscard]] virtual UplinkStatus status() const = 0;
};

struct UplinkParts {
    Outbox& outbox;
    Transport& transport;
    runtime::Executor& executor;
    runtime::Metrics& metrics;
};

// Metrics, labelled stream=<name>: aisle_uplink_rows, aisle_uplink_oldest_age_seconds,
// aisle_uplink_batches_total, aisle_uplink_bytes_total, aisle_uplink_repeats_total,
// aisle_uplink_acks_total, aisle_uplink_nacks_total, aisle_uplink_stale_acks_total,
// aisle_uplink_dead_letters_total, aisle_uplink_forks_total (an alarm).
std::unique_ptr<Uplink> make_uplink(UplinkParts parts, UplinkSettings settings);

}  // namespace aisle::uplink
