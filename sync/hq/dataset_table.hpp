#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"
#include "agent/core/time.hpp"
#include "sync/wire/dataset.hpp"

// A dataset as HQ holds it: rows by key, each with the version that last changed it, so that the
// difference to any version that a store has is one pass. Values that never change once made: they
// are shared with the thread that packs them. Pure.
namespace aisle::hq {

// What is common to all rows of the loading side and of the table.
struct MasterRow {
    std::string store;  // empty: for every store
    std::string key;    // as a store keys it; of `members` the raw member id, which never leaves HQ
    // The row's line without its newline; of `members` what follows the member's value:
    // {"member":"<pseudonym>"REST.
    // Of a row that is gone: the erasure that took it, or nothing.
    std::string text;
    std::int64_t changed = 0;  // the version that brought this text
    bool gone = false;

    friend bool operator==(const MasterRow&, const MasterRow&) = default;
};

struct DatasetTable {
    wire::Dataset name = wire::Dataset::Products;
    std::int64_t version = 0;  // 0: nothing was loaded yet
    WallTime valid_until{};
    WallTime loaded{};
    std::string source;           // "http", or the file's name
    std::int64_t horizon = 0;     // deltas reach back to this version; older stores get a snapshot
    std::int64_t faults = 0;      // rows that were refused when it was loaded
    std::vector<MasterRow> rows;  // ascending by (store, key); the gone ones among them

    [[nodiscard]] std::int64_t size() const;  // without the gone ones
};
using SharedTable = std::shared_ptr<const DatasetTable>;

enum class LoadMode {
    Replace,  // rows that are not named are gone
    Merge,    // rows that are not named stay
};

struct LoadedRows {
    std::vector<MasterRow> rows;  // ascending by (store, key), each once; `gone` as the file says
    WallTime valid_until{};
    std::string source;
    std::int64_t faults = 0;
};

// The next version: `now` gives it where that is more than one step (seconds since 1970), so that a
// restored HQ does not count backwards. Gone rows are remembered for kGoneKept versions.
inline constexpr std::size_t kGoneKept = 200'000;  // rows; beyond, the horizon moves up
DatasetTable next_table(const DatasetTable& before, LoadedRows loaded, LoadMode mode, WallTime now);

// Its rows in HQ's state: in 256 buckets by the key, so that one changed row rewrites one bucket.
// `before` and `after` give the rows that changed; restore takes them back.
inline constexpr const char* kDatasetRoom = "hq.dataset";
std::vector<StateChange> dataset_rows(const DatasetTable& before, const DatasetTable& after);
// A deletion still names whom it is about. Once every shop has forgotten the person by order it is
// needed no more: the table without the deletions of that erasure, and HQ's state rows for it. The
// version stays, as no shop has anything to hear. Nothing: there are none.
struct WithoutErased {
    DatasetTable table;
    std::vector<StateChange> state;
};
std::optional<WithoutErased> without_erased(const DatasetTable& table, std::string_view erasure);
Result<std::map<wire::Dataset, SharedTable>> tables_from(const std::vector<StateChange>& rows);

}  // namespace aisle::hq
