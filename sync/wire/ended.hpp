#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"

// What HQ had acknowledged of a store's earlier epochs. The rows themselves have left the store's
// outbox, so an HQ that was set back to before such an epoch ended can learn only from this that
// they existed. Pure.
namespace aisle::wire {

struct EndedMark {
    Stream stream = Stream::Ledger;
    std::int64_t next = 1;  // HQ had acknowledged everything below
    std::string check;      // of the line at next - 1; empty: the store did not keep it

    friend bool operator==(const EndedMark&, const EndedMark&) = default;
};

struct EndedEpoch {
    std::string epoch;
    std::vector<EndedMark> marks;  // streams of which HQ had acknowledged nothing are left out

    friend bool operator==(const EndedEpoch&, const EndedEpoch&) = default;
};
// The oldest are forgotten beyond: a header must fit into the smallest packet beside a record.
inline constexpr std::size_t kEndedEpochsMax = 16;

// {"0123456789abcdef":{"ledger":{"next":12,"check":"…"},…},…}, the latest epoch first.
std::string to_json(const std::vector<EndedEpoch>& ended);
// Malformed: an epoch or check that is none, a mark below 1, or more than kEndedEpochsMax.
Result<std::vector<EndedEpoch>> parse_ended(std::string_view json);

}  // namespace aisle::wire
