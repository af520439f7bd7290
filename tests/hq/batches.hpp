#pragma once

#include <string>
#include <vector>

#include "sync/hq/event_store.hpp"
#include "sync/wire/batch.hpp"
#include "sync/wire/line.hpp"
#include "sync/wire/topics.hpp"
#include "tests/kit/builders.hpp"

// Builders of what a store sends.
namespace aisle::hq {

inline constexpr const char* kEpoch = "0123456789abcdef";

inline std::string line_for(std::int64_t seq, const std::string& body = "{}",
                            const std::string& kind = "test", const std::string& id = {}) {
    OutboxRow row{.seq = seq, .from = seq};
    row.record = {.kind = kind, .event_id = id, .at = kit::at(), .body = body};
    return wire::line_of(row);
}

inline std::vector<std::string> lines_for(std::int64_t first, std::int64_t last) {
    std::vector<std::string> lines;
    for (std::int64_t seq = first; seq <= last; ++seq) lines.push_back(line_for(seq));
    return lines;
}

inline wire::BatchHeader header_for(std::int64_t first, std::int64_t last,
                                    Stream stream = Stream::Ledger) {
    return {.store = StoreId{"s-0001"},
            .epoch = kEpoch,
            .stream = stream,
            .first = first,
            .last = last,
            .sent_at = kit::kNoon};
}

inline Inbound inbound(const wire::BatchHeader& header, const std::vector<std::string>& lines) {
    return {.topic = wire::to_text({header.store, wire::Channel::Up, header.stream}),
            .payload = wire::pack_batch(header, lines),
            .received = kit::kNoon};
}

inline Inbound inbound(std::int64_t first, std::int64_t last) {
    return inbound(header_for(first, last), lines_for(first, last));
}

}  // namespace aisle::hq
