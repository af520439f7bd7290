#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/time.hpp"

namespace aisle {

// Sync streams in order of weight. Local records are journalled and never leave the shop.
enum class Stream { Ledger, Offers, Footfall, Health, Local };
inline constexpr std::array kUpStreams{Stream::Ledger, Stream::Offers, Stream::Footfall,
                                       Stream::Health};
std::string_view to_text(Stream stream);
std::optional<Stream> stream_from(std::string_view text);

// Anything that is kept: its kind picks the stream and the retention class, its body is JSON
// (docs/wire-format.md). Two records of one kind and event_id with the same digest are the same;
// with another digest the later is a revision.
struct Record {
    Stream stream = Stream::Local;
    std::string kind;      // sale, redemption, offer, footfall_minute, ...
    std::string event_id;  // only kinds with an identity of their own
    std::int32_t revision = 0;
    Stamp at;
    std::string body;
    std::string
        digest;  // of the content without lineage and revision; hex; empty where event_id is
};

// What cannot be used is kept, masked, with the reason.
struct Quarantined {
    std::string source;
    std::string
        reason;  // from a closed list: incomplete, encoding, schema, limit, doctype, signature, ...
    std::string detail;
    std::string origin;
    std::int64_t byte_from = 0;
    std::int64_t byte_to = 0;
    Stamp at;
    std::string payload;  // masked; at most kQuarantinePayloadMax bytes, cut beyond
};
inline constexpr std::size_t kQuarantinePayloadMax = 256 * 1024;

// A room's state, row by row. Empty `bytes` deletes the row.
struct StateChange {
    std::string room;
    std::string key;
    std::string bytes;
};

// How far a source has been read. Opaque to all but its driver. Empty `position` forgets it.
struct SourcePosition {
    std::string source;
    std::string item;  // a file, a topic
    std::string position;
};

}  // namespace aisle
