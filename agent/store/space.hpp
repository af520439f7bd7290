#pragma once

#include <cstdint>
#include <string>

#include "agent/core/journal.hpp"
#include "agent/sqlite/disk.hpp"

namespace aisle::store {

// The room on the disk: a ballast file that is given back when nothing else is left, and a reserve
// that only the ledger may use. On a full disk not even a DELETE commits (SQLite needs its log), so
// the ballast is what pruning lives on.
class Space {
public:
    struct Bounds {
        std::int64_t ballast_bytes = 0;  // 0: none
        std::int64_t ledger_reserve_bytes = 0;
    };
    Space(sqlite::Disk& disk, std::string data_dir, Bounds bounds)
        : disk_{disk}, dir_{std::move(data_dir)}, bounds_{bounds} {}

    // Re-creates the ballast where there is room for it and as much again. A disk without room is
    // no failure.
    void tend();
    // After Full or an I/O error: true if the disk is short of room indeed. Then the ballast has
    // been given back.
    bool relieve();
    // Full: what is left is kept for the ledger, and `batch` holds none of it. `unused_bytes` are
    // inside the database. Looks at the disk every kSpaceLookEvery calls, and always while it is
    // short.
    Status admit(const Batch& batch, std::int64_t unused_bytes);
    [[nodiscard]] bool is_short() const { return short_; }

private:
    [[nodiscard]] std::string ballast() const { return dir_ + "/ballast"; }
    [[nodiscard]] std::int64_t free_bytes();

    sqlite::Disk& disk_;
    std::string dir_;
    Bounds bounds_;
    bool short_ = false;
    int calls_ = 0;
};
inline constexpr int kSpaceLookEvery = 64;
// Less than this is short, whatever the reserve: SQLite's log may take so much.
inline constexpr std::int64_t kShortBytes = 4LL * 1024 * 1024;

}  // namespace aisle::store
