#include "agent/store/key_index.hpp"

#include <algorithm>
#include <utility>

namespace aisle::store {
namespace {

std::uint64_t fnv1a(std::uint64_t hash, std::string_view bytes) {
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001b3;
    }
    return hash;
}

}  // namespace

std::int64_t key_of(std::string_view kind, std::string_view event_id) {
    constexpr std::uint64_t kOffsetBasis = 0xcbf29ce484222325;
    const auto hash = fnv1a(fnv1a(fnv1a(kOffsetBasis, kind), "|"), event_id);
    return static_cast<std::int64_t>(hash);
}

Status KeyIndex::prepare(sqlite::Database& database) {
    const auto make = [&](sqlite::Statement& into, const char* sql) -> Status {
        auto made = database.prepare(sql);
        if (!made) return made.error();
        into = std::move(*made);
        return {};
    };
    for (auto done :
         {make(select_, "SELECT journal FROM keys WHERE key = ?1"),
          make(insert_, "INSERT OR IGNORE INTO keys(key, journal) VALUES (?1, ?2)"),
          make(erase_, "DELETE FROM keys WHERE key = ?1 AND journal = ?2"),
          make(tail_, "SELECT id, kind, event_id FROM journal WHERE id > ?1 ORDER BY id"),
          make(folded_to_select_, "SELECT folded_to FROM keys_folded"),
          make(folded_to_update_, "UPDATE keys_folded SET folded_to = ?1")}) {
        if (!done) return done;
    }
    return refresh();
}

Status KeyIndex::refresh() {
    {
        const sqlite::ResetAtEnd reset{folded_to_select_};
        auto row = folded_to_select_.step();
        if (!row) return row.error();
        if (!*row) return malformed("the mark of the folded keys is missing");
        const std::int64_t folded_to = std::exchange(folded_to_, folded_to_select_.integer(0));
        if (folded_to != folded_to_) {
            std::erase_if(recent_, [&](const auto& entry) { return entry.second <= folded_to_; });
        }
    }
    loaded_to_ = std::max(loaded_to_, folded_to_);
    const sqlite::ResetAtEnd reset{tail_};
    tail_.bind(1, loaded_to_);
    for (;;) {
        auto row = tail_.step();
        if (!row) return row.error();
        if (!*row) return {};
        loaded_to_ = tail_.integer(0);
        if (!tail_.is_null(2)) remember(key_of(tail_.view(1), tail_.view(2)), loaded_to_);
    }
}

Result<std::vector<std::int64_t>> KeyIndex::ids_of(std::int64_t key) {
    std::vector<std::int64_t> ids;
    const auto [from, to] = recent_.equal_range(key);
    for (auto entry = from; entry != to; ++entry) ids.push_back(entry->second);
    const sqlite::ResetAtEnd reset{select_};
    select_.bind(1, key);
    for (;;) {
        auto row = select_.step();
        if (!row) return row.error();
        if (!*row) break;
        ids.push_back(select_.integer(0));
    }
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    return ids;
}

void KeyIndex::take_back(std::int64_t key, std::int64_t id) {
    const auto [from, to] = recent_.equal_range(key);
    const auto found =
        std::find_if(from, to, [&](const auto& entry) { return entry.second == id; });
    if (found != to) recent_.erase(found);
}

Status KeyIndex::erase(std::int64_t key, std::int64_t id) {
    return erase_.bind(1, key).bind(2, id).run();
}

bool KeyIndex::wants_folding(std::int64_t last_id) const {
    return recent_.size() >= kRecentKeysMax || last_id - folded_to_ >= kUnfoldedRowsMax;
}

Status KeyIndex::fold(std::int64_t last_id) {
    std::vector<std::pair<std::int64_t, std::int64_t>> ordered{recent_.begin(), recent_.end()};
    std::ranges::sort(ordered);  // each page of the table is visited once
    for (const auto& [key, id] : ordered) {
        if (auto done = insert_.bind(1, key).bind(2, id).run(); !done) return done;
    }
    return folded_to_update_.bind(1, last_id).run();
}

}  // namespace aisle::store
