#pragma once

#include <span>
#include <vector>

#include "agent/core/outbox.hpp"

// Minutes and visits that wait for HQ, summed up to quarter hours. Pure.
namespace aisle::store {

struct RollUp {
    std::vector<std::int64_t> seqs;  // ascending; the record takes the last one's place
    Record record;
};

// `rows` are of the stream footfall, ascending by seq. Rows that cannot be read, that are no
// minutes or visits, or that would be summed alone, are left as they are. Of two rows of the same
// door and minute the later holds. A sum of minutes names [start, end) from its first minute to
// its last, so that a quarter that is summed in two parts is not counted twice.
std::vector<RollUp> roll_up(std::span<const OutboxRow> rows);

}  // namespace aisle::store
