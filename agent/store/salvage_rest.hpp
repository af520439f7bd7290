#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"

// What a start has left in a damaged database that was too large to be read before service. It
// stands in `meta` under `salvage_rest` and moves on with each slice, in the slice's own
// transaction: a power cut repeats nothing and leaves nothing out.
namespace aisle::store {

struct SalvageRest {
    // Of one stream: the seqs [next, end) of the old epoch are still to come.
    struct Part {
        std::int64_t next = 1;
        std::int64_t end = 1;
        std::int64_t id_last = 0;  // the journal id of the last run that was taken over; 0: none
        std::int64_t lost = 0;     // seqs that became gaps
        bool done = false;         // looked at to its end, which may lie beyond `end`
    };

    std::string file;   // the name within the data directory
    std::string epoch;  // of the old database; empty: not readable
    std::array<Part, kUpStreams.size()> parts{};
    std::int64_t last_id = 0;     // of the old journal; what came since has greater ids
    std::int64_t journal_to = 0;  // ids from here down are still to be looked at
    std::int64_t first_id = 1;    // and none below this is there
    std::int64_t rows_saved = 0;
    std::int64_t rows_lost = 0;
    std::int64_t quarantine_next = 1;  // ids of quarantine [next, end) are still to come
    std::int64_t quarantine_end = 1;
};

struct SalvageWork {
    std::int64_t rows_saved = 0;  // of the journal, by this slice
    bool more = false;
};

std::string to_json(const SalvageRest& rest);
// Malformed: not written by to_json().
Result<SalvageRest> salvage_rest_from_json(std::string_view text);

}  // namespace aisle::store
