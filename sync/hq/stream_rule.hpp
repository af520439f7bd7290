#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "sync/hq/event_line.hpp"
#include "sync/wire/batch.hpp"

// HQ's rule (DESIGN section 4): what to do with a batch, given what is committed of its stream.
// Pure.
namespace aisle::hq {

// The largest seq, so that a place fits into one integer of a database.
inline constexpr int kSeqBits = 40;
inline constexpr std::int64_t kSeqMax = (std::int64_t{1} << kSeqBits) - 1;

// What is committed of one (store, epoch, stream).
struct StreamMark {
    std::int64_t next = 1;
    std::string check;  // of the line at next - 1; empty while next is 1

    friend bool operator==(const StreamMark&, const StreamMark&) = default;
};

enum class Verdict {
    Insert,    // the lines from `from_index` on are new
    AckAgain,  // all of it is committed already
    Nack,      // what lies between is missing
    Fork,      // it contradicts what is committed
};

struct Judgement {
    Verdict verdict = Verdict::Nack;
    std::size_t from_index = 0;

    friend bool operator==(const Judgement&, const Judgement&) = default;
};

// `lines` are the batch's, dense from header.first to header.last (see LineReader). An empty `prev`
// is that of a sender which does not know: nothing is compared then. A line that begins below
// `next` and ends at or above it is a contradiction: what was acknowledged cannot become part of a
// gap.
Judgement judge(const StreamMark& mark, const wire::BatchHeader& header,
                std::span<const EventLine> lines);

}  // namespace aisle::hq
