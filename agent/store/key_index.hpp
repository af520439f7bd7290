#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/sqlite/database.hpp"

// Finds journal rows by (kind, event_id). Event ids are random, and a B-tree that takes random keys
// writes a page of its own for each of them: more than the record itself, and flash wears. So the
// keys of the latest rows are kept in memory only (they can be had again from the journal) and are
// folded into the table `keys` many at a time, in order. Memory: about 40 bytes a key, at most
// kRecentKeysMax of them.
namespace aisle::store {

inline constexpr std::size_t kRecentKeysMax = 16'384;
// So many journal rows are read again at a start, at the most.
inline constexpr std::int64_t kUnfoldedRowsMax = 65'536;

// What (kind, event_id) is found by: FNV-1a, 64 bits. Rows with the same hash are compared in full.
std::int64_t key_of(std::string_view kind, std::string_view event_id);

class KeyIndex {
public:
    // Once, when the tables are there. The database must outlive it.
    Status prepare(sqlite::Database& database);
    // Takes over what was appended or folded since: at the start, and for a reader before each
    // question.
    Status refresh();

    // Journal ids that may be the key's, ascending; the rows may be another's (same hash) or gone.
    Result<std::vector<std::int64_t>> ids_of(std::int64_t key);

    void remember(std::int64_t key, std::int64_t id) { recent_.emplace(key, id); }
    // A row that was rolled back.
    void take_back(std::int64_t key, std::int64_t id);
    // A row that was pruned: within the caller's transaction. What is held in memory stays until it
    // is folded.
    Status erase(std::int64_t key, std::int64_t id);

    [[nodiscard]] bool wants_folding(std::int64_t last_id) const;
    // Writes the recent keys to the table, within the caller's transaction; refresh() after its
    // commit.
    Status fold(std::int64_t last_id);

private:
    sqlite::Statement select_;
    sqlite::Statement insert_;
    sqlite::Statement erase_;
    sqlite::Statement tail_;
    sqlite::Statement folded_to_select_;
    sqlite::Statement folded_to_update_;
    std::unordered_multimap<std::int64_t, std::int64_t> recent_;
    std::int64_t folded_to_ = 0;  // journal ids up to this are in the table
    std::int64_t loaded_to_ = 0;  // journal ids up to this are in the table or in recent_
};

}  // namespace aisle::store
