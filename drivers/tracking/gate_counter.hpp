#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "drivers/tracking/line_counter.hpp"

namespace aisle::tracking {

// Turns crossings of a gate's two lines into crossings of the gate, and lets those of single lines
// through. One thread.
class GateCounter {
public:
    explicit GateCounter(const Scene& scene);

    // In the order in which the crossings came; a gate's is complete with its second line.
    std::vector<LineCrossing> update(const std::vector<LineCrossing>& crossings);
    // Forgets who is between two lines for longer than any gate allows.
    void forget(milliseconds now);
    void reset() { first_.clear(); }

private:
    struct Part {
        std::size_t gate = 0;
        bool outer = false;
    };
    struct First {
        Direction direction = Direction::In;
        bool outer = false;
        milliseconds at{};
    };
    using Key = std::pair<std::size_t, std::int64_t>;  // gate, track
    void pass(const LineCrossing& crossing, Part part, std::vector<LineCrossing>& out);

    Scene scene_;
    std::vector<std::vector<Part>> parts_;  // of each line: the gates that it belongs to
    std::map<Key, First> first_;
};

}  // namespace aisle::tracking
