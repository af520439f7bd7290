#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/sqlite/database.hpp"

namespace aisle::store {

struct IdRange {  // both ends are in it
    std::int64_t from = 0;
    std::int64_t to = 0;
};

// Reads what can be read of a table whose pages may be damaged: from id to id, stepping over the
// places that fail. A page that is no more hides a range of ids; the first one behind it is
// searched for.
class RowWalk {
public:
    // `select` gives rows with ids in [?1, ?2], ascending, the id in column 0. ?3 is `filter`.
    RowWalk(sqlite::Database& database, std::string select,
            std::optional<std::int64_t> filter = std::nullopt)
        : database_{database}, select_{std::move(select)}, filter_{filter} {}

    // False ends the walk.
    using Visit = std::function<bool(const sqlite::Statement&)>;
    void run(IdRange range, const Visit& visit);

    [[nodiscard]] bool met_damage() const { return met_damage_; }
    // Ids that failed or were stepped over; not all of them need have been rows.
    [[nodiscard]] std::int64_t skipped() const { return skipped_; }
    // Ids before the first place that failed, and behind the last, are complete.
    [[nodiscard]] std::int64_t complete_to() const { return complete_to_; }
    [[nodiscard]] std::int64_t complete_from() const { return complete_from_; }

private:
    enum class End { Done, Failed };
    End read_from(IdRange range, std::int64_t& last, const Visit& visit);
    bool readable(IdRange range);
    std::int64_t next_readable(IdRange range);

    sqlite::Database& database_;
    std::string select_;
    std::optional<std::int64_t> filter_;
    bool met_damage_ = false;
    std::int64_t skipped_ = 0;
    std::int64_t complete_to_ = 0;
    std::int64_t complete_from_ = 0;
    int probes_left_ = 4000;  // a disk that fails everywhere must not hold up the start
};

}  // namespace aisle::store
