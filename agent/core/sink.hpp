#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"
#include "agent/core/reference.hpp"
#include "agent/core/sale.hpp"
#include "agent/core/scene_view.hpp"
#include "agent/core/traffic.hpp"

// The way from the drivers into the agent.
namespace aisle {

struct SaleReading {
    Sale draft;       // as the driver read it; `member` is raw and must not be logged
    std::string raw;  // the bytes it was read from: intake masks and digests them, and lets them go
};

// What a driver could not read. The payload is masked by intake before it touches disk.
struct RejectedReading {
    Quarantined item;
};

// A counter's sum over [from, to). The same `id` of the same source counts once, whatever order
// they come in.
struct CountReading {
    std::string source;
    std::string id;  // package id or interval; empty: single events without identity
    DoorId door;
    WallTime from{};
    WallTime to{};
    std::int32_t in = 0;
    std::int32_t out = 0;
};

struct ReferenceReading {
    std::string source;
    std::string file;
    std::vector<ReferenceRow>
        rows;  // the whole file: rows of that file that are absent here are withdrawn
};

struct PositionReading {
};  // nothing but a position: a file that has been read and holds nothing new

using ReadingBody =
    std::variant<SaleReading, RejectedReading, Crossing, Blindness, CountReading, Sighting,
                 ReferenceReading, PositionReading, UTurn, ZoneStay, SceneMinute>;

struct Reading {
    ReadingBody body;
    std::optional<SourcePosition> position;  // made true in the same transaction as the reading
};

// After the commit. For a sale `id` is its sale id.
struct Accepted {
    std::string id;
    std::int32_t revision = 0;
    bool duplicate = false;
};
using Answer = std::function<void(Result<Accepted>)>;

// Bounded. On the loop thread only. Full means "not now": the driver keeps what it has (a file
// stays, a socket answers 503) or, where the world does not wait (crossings, sightings), drops and
// counts it. `answer` may be empty; it is called on the loop, once, and only if accept() returned
// success.
class Sink {
public:
    virtual ~Sink() = default;
    virtual Status accept(Reading reading, Answer answer) = 0;
};

// What every driver is to the agent. Built stopped, on the loop thread.
class Driver {
public:
    virtual ~Driver() = default;
    virtual void start() = 0;
    virtual void stop() = 0;  // returns at once; nothing is handed to the sink afterwards
};

}  // namespace aisle
