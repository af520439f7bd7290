#include "agent/store/space.hpp"

#include <algorithm>
#include <limits>

namespace aisle::store {

// A disk that cannot say has room: pruning for nothing would lose data.
std::int64_t Space::free_bytes() {
    const auto bytes = disk_.free_bytes(dir_);
    return bytes ? *bytes : std::numeric_limits<std::int64_t>::max();
}

void Space::tend() {
    short_ = free_bytes() < bounds_.ledger_reserve_bytes;
    if (bounds_.ballast_bytes == 0) {
        if (disk_.exists(ballast())) (void)disk_.remove(ballast());
        return;
    }
    const auto size = disk_.exists(ballast()) ? disk_.size(ballast()) : Result<std::int64_t>{0};
    if (size && *size == bounds_.ballast_bytes) return;
    if (free_bytes() < 2 * bounds_.ballast_bytes + bounds_.ledger_reserve_bytes) return;
    if (!disk_.allocate(ballast(), bounds_.ballast_bytes)) (void)disk_.remove(ballast());
}

bool Space::relieve() {
    short_ = free_bytes() < std::max(bounds_.ledger_reserve_bytes, kShortBytes);
    if (short_ && disk_.exists(ballast())) (void)disk_.remove(ballast());
    return short_;
}

Status Space::admit(const Batch& batch, std::int64_t unused_bytes) {
    if (!short_ && ++calls_ < kSpaceLookEvery) return {};
    calls_ = 0;
    const std::int64_t free = free_bytes();
    short_ = free < bounds_.ledger_reserve_bytes && unused_bytes < bounds_.ledger_reserve_bytes;
    if (!short_) return {};
    const bool ledger = std::ranges::any_of(
        batch.records, [](const Record& record) { return record.stream == Stream::Ledger; });
    if (ledger || batch.empty()) return {};
    return full("the disk is full: what is left is kept for the ledger");
}

}  // namespace aisle::store
