#pragma once

#include <cstdint>
#include <string>

#include "agent/core/record.hpp"

// The outbox in pieces: most rows lie in runs, which name journal ids and copy nothing.
namespace aisle::store {

// A run takes no more rows than this, so that the one that holds a seq is read quickly,
inline constexpr std::int64_t kRunRowsMax = 256;
// and none whose id is further from the last, so that few rows of other streams lie in between.
inline constexpr std::int64_t kRunStrideMax = 16;

struct SeqRange {  // both ends are in it
    std::int64_t from = 0;
    std::int64_t to = 0;
};

struct Run {
    std::int64_t first = 0;  // seq
    std::int64_t n = 0;
    std::int64_t id_from = 0;  // 0: a gap
    std::int64_t id_to = 0;
    std::int64_t bytes = 0;

    [[nodiscard]] bool is_gap() const { return id_from == 0; }
    [[nodiscard]] std::int64_t last() const { return first + n - 1; }
};

struct Gap {
    SeqRange seqs;
    std::string reason;
    std::string kinds;  // see gap_kinds.hpp
    Stamp at;           // of the last record that it replaced
};

// One record in its place, without its body; or a gap.
struct Held {
    std::int64_t seq = 0;  // its last, if it is a gap
    std::int64_t id = 0;   // 0: a gap
    std::int64_t bytes = 0;
    std::int64_t run = 0;  // first seq of the run it lies in; 0: a gap, or not there yet
    std::string kind;
    Stamp at;
    Gap gap = {};

    [[nodiscard]] std::int64_t from() const { return id == 0 ? gap.seqs.from : seq; }
};

}  // namespace aisle::store
