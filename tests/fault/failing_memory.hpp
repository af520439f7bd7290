#pragma once

#include <cstdint>

namespace aisle::fault {

// SQLite's allocations, so that the n-th can be refused. For the whole process and for good: call
// install() before the first database is opened.
class FailingMemory {
public:
    // False: SQLite was in use already.
    static bool install();
    // The n-th allocation from now gets nothing, and for_ever: all later ones neither.
    static void fail(std::int64_t nth, bool for_ever);
    // How many were refused since fail().
    static std::int64_t heal();
};

}  // namespace aisle::fault
