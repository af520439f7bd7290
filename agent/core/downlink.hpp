#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/ids.hpp"
#include "agent/core/record.hpp"

// The ports of what HQ sends down: bundles, commands, data (docs/downlink.md). All are
// asynchronous: call them on the loop, and the answer is posted to the loop.
namespace aisle {

// What one step of the downlink makes true: its rows and the records that tell HQ of it, in one
// transaction or not at all. `after` is said once that is durable.
struct DownlinkStep {
    std::vector<StateChange> state;
    std::vector<Record> records;
    std::vector<std::function<void()>> after;

    [[nodiscard]] bool empty() const { return state.empty() && records.empty() && after.empty(); }
};
// Called on the loop when the steps before it have been worked out, so that it may change what the
// loop owns: what it answers is committed, or the program ends.
using DownlinkDecision = std::function<DownlinkStep(const Stamp& now)>;

// Two slots, the pointer to the active one and what its trial needs to survive a crash: rows of the
// room "bundle". A switch is one step, so that a power cut leaves one whole slot active.
class BundleSlots {
public:
    virtual ~BundleSlots() = default;
    // Steps are worked out and committed in the order of the calls.
    virtual void commit(DownlinkDecision decide) = 0;
};

// Commands that were done or refused, with their results: rows of the room "command", kept for at
// least 90 days. What a command does and its row are one step.
class CommandLog {
public:
    virtual ~CommandLog() = default;
    virtual void commit(DownlinkDecision decide) = 0;
};

struct Erased {
    std::int64_t journal_rows = 0;
    std::int64_t outbox_rows = 0;  // turned into gaps `erased`
};

// Removes every trace of members from the journal and the outbox. Idempotent: done again after a
// crash it finds nothing and succeeds.
class Eraser {
public:
    virtual ~Eraser() = default;
    virtual void erase(std::vector<MemberKey> members,
                       std::function<void(Result<Erased>)> answer) = 0;
};

}  // namespace aisle
