#pragma once

#include <cstdint>

namespace aisle::hq {

// Whether runs of numbers cover [1, last] without holes and without overlaps. Runs are added in
// ascending order of their last number. Pure.
class Coverage {
public:
    explicit Coverage(std::int64_t last) : last_{last} {}

    void add(std::int64_t from, std::int64_t to);
    // Numbers that nothing stands for, and numbers for which more than one thing stands: both are
    // faults.
    [[nodiscard]] std::int64_t missing() const { return holes_ + (last_ - covered_) + doubled_; }
    [[nodiscard]] std::int64_t doubled() const { return doubled_; }

private:
    std::int64_t last_;
    std::int64_t covered_ = 0;  // up to here it has been looked at
    std::int64_t holes_ = 0;
    std::int64_t doubled_ = 0;
};

}  // namespace aisle::hq
