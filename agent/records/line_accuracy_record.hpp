#pragma once

#include <string>

#include "agent/core/record.hpp"
#include "agent/core/traffic.hpp"

// How right a door counts, as a person at the door found. Body: docs/wire-format.md.
namespace aisle::records {

struct LineAccuracy {
    DoorId door;
    WallTime from{};
    WallTime to{};
    struct Way {
        std::int64_t tapped = 0;
        std::int64_t right = 0;
        std::int64_t missed = 0;
        std::int64_t phantom = 0;
    };
    Way in;
    Way out;
    std::int64_t unjudged = 0;
    std::int64_t blind_ms = 0;
    bool sums = false;
    std::int32_t accuracy_permille = 1000;
    std::int32_t low_permille = 0;  // of 95 %
    std::int32_t high_permille = 1000;
    bool kept = false;  // it is in the confidence of this door's minutes from here on
};

// Kind `line_accuracy`, stream footfall. Who tapped stands in the audit alone.
Record line_accuracy_record(const LineAccuracy& accuracy, const Stamp& at);

}  // namespace aisle::records
