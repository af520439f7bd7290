#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agent/core/outbox.hpp"
#include "agent/sqlite/database.hpp"

// Where rows of the outbox stood before new epochs numbered them again: as ranges, because an epoch
// moves whole streams. At most kOriginsMax epochs deep; a range goes with its last row.
namespace aisle::store {

struct OriginRange {
    Stream stream = Stream::Ledger;
    std::int64_t age = 0;
    std::int64_t from_seq = 0;
    std::int64_t to_seq = 0;  // in the range
    std::int64_t shift = 0;   // seq + shift in `epoch`
    std::string epoch = {};
};

// Latest first. `ranges` are one stream's, latest first.
std::vector<Origin> origins_of(std::span<const OriginRange> ranges, std::int64_t seq);

// Reading, for the writer and readers alike.
class OriginReader {
public:
    Status prepare(sqlite::Database& database);
    // Of this stream, those that reach to `from_seq` or beyond; latest first.
    Result<std::vector<OriginRange>> read(Stream stream, std::int64_t from_seq);

private:
    sqlite::Statement select_;
};

// The writer's side. All within the caller's transaction.
class Origins {
public:
    Status prepare(sqlite::Database& database);
    // A stream's rows move from seq to seq - shift, out of `epoch`: [first, next) are all it has.
    struct Move {
        Stream stream = Stream::Ledger;
        std::int64_t first = 1;
        std::int64_t next = 1;
        std::string epoch = {};
    };
    Status move(const Move& move);
    // Its `age` is given here; one that it continues grows.
    Status add(const OriginRange& range);
    // Ranges that end below `first` have no rows any more.
    Status forget_below(Stream stream, std::int64_t first);
    // Whether a and b have the same past, so that one gap may stand for both.
    Result<bool> same_past(Stream stream, std::int64_t a, std::int64_t b);

private:
    sqlite::Database* database_ = nullptr;
    OriginReader reader_;
    sqlite::Statement insert_;
    sqlite::Statement grow_;
    sqlite::Statement forget_;
};

}  // namespace aisle::store
