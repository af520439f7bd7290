#pragma once

#include <cstddef>
#include <cstdint>

namespace aisle::store {

// How much may wait for HQ, counted over all streams as the bytes of bodies and kOutboxRowBytes for
// each record.
struct OutboxQuota {
    std::int64_t bytes_max = 512LL * 1024 * 1024;
    std::size_t rows_max = 2000;  // looked at in one call, so that the storage thread is soon free
};
inline constexpr std::int64_t kOutboxRowBytes = 64;
// Once over the quota, so much of it is made free: work in few large steps.
inline constexpr std::int64_t kQuotaFreePercent = 5;

// What one step did. Counts are of seqs; all of them lie in gap records or roll-ups.
struct QuotaWork {
    std::int64_t dropped = 0;    // became gaps `quota`
    std::int64_t rolled_up = 0;  // became gaps `rolled_up`, their sums are in `roll_ups` records
    std::int64_t roll_ups = 0;
    std::int64_t bytes = 0;  // in the outbox now
    bool more = false;       // still over the quota, and something can go: call again soon
};

}  // namespace aisle::store
