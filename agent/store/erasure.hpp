#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aisle::store {

// Whom to forget. What is personal is found by the pseudonym in bodies, keys and state, and by the
// identity of single records.
struct ErasureOrder {
    std::string member;                  // pseudonym; empty: only event_ids
    std::vector<std::string> event_ids;  // of any kind
    std::size_t rows_max = 20'000;       // journal rows looked at in one call
};

// What an emptied record says.
inline constexpr std::string_view kErasedBody = R"({"erased":true})";

struct ErasureWork {
    std::int64_t journal_rows = 0;  // emptied or deleted by this call
    std::int64_t outbox_rows = 0;   // became gaps `erased`, sent ones too
    std::int64_t state_rows = 0;
    std::int64_t payloads = 0;  // of quarantine: all of them, see there
    std::int64_t next_id = 0;   // hand it to the next call
    // false: done, and overwritten in the database and its log. Until then call again, with
    // next_id.
    bool more = false;
};

}  // namespace aisle::store
