#pragma once

#include <cstdint>
#include <string>

#include "agent/core/journal.hpp"
#include "agent/store/store.hpp"

// One thing that the agent asks of its store.
namespace aisle::fault {

struct Step {
    enum class Kind {
        Append,
        Freeze,       // stream, seq
        Acknowledge,  // stream, seq = next, text = check
        DropRange,    // stream, from, seq = to, text = reason
        GapBefore,    // stream, seq = next, text = check
        NewEpoch,     // text = epoch
        Boot,         // text = boot id
        Prune,
        Tend,
    };
    Kind kind = Kind::Append;
    Batch batch = {};
    Stream stream = Stream::Ledger;
    std::int64_t from = 0;
    std::int64_t seq = 0;
    std::string text = {};
    Stamp now = {};
};

// Success: the store says that it is durable.
Status perform(store::Store& store, const Step& step);

std::string to_text(Step::Kind kind);

}  // namespace aisle::fault
