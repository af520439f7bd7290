#pragma once

#include <functional>
#include <string>

#include "agent/core/ids.hpp"
#include "agent/sqlite/disk.hpp"

namespace aisle::store {

inline constexpr std::int64_t kBallastBytes = 32LL * 1024 * 1024;
// Of a new database; one that is there keeps its own. Measured, see docs/journal-format.md.
inline constexpr std::int64_t kPageBytes = 2048;
inline constexpr std::int64_t kLedgerReserveBytes = 8LL * 1024 * 1024;

inline constexpr std::int64_t kSalvagedAtOnceBytes = 32LL * 1024 * 1024;

struct StoreSettings {
    StoreId store;  // a database of another shop is refused; empty: not checked
    // For a new database: 16 hex digits. Empty: random.
    std::string epoch;
    std::string vfs;  // see sqlite::OpenOptions; empty: the disk's own
    // WAL pages after which a commit copies them into the database. Measured, see
    // docs/journal-format.md.
    std::int64_t checkpoint_pages = 1000;
    std::int64_t page_bytes = kPageBytes;  // of a new database
    // The database answers Full beyond so many pages. 0: no bound but the disk's.
    std::int64_t pages_max = 0;
    // All that lies beside the database goes through it. Must outlive the store. A simulated disk
    // (one with a vfs of its own) is not locked.
    sqlite::Disk* disk = &sqlite::system_disk();
    std::int64_t ballast_bytes = kBallastBytes;  // 0: none
    // With less room than this, batches without a ledger record are refused (Full).
    std::int64_t ledger_reserve_bytes = kLedgerReserveBytes;
    // Of a damaged database beyond this size only what the engines need is read before service; the
    // rest follows in slices, see Store::salvage_more().
    std::int64_t salvaged_at_once_bytes = kSalvagedAtOnceBytes;
    // 64 random bits, for epochs. Empty: SQLite's, which are not those of a simulated disk.
    std::function<std::uint64_t()> random = {};
};

}  // namespace aisle::store
