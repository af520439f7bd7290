#pragma once

#include <random>

#include "tests/fault/model.hpp"

namespace aisle::fault {

// Draws what the agent does next, from the seed alone: valid steps, and now and then a revision
// that is there already.
class Draws {
public:
    explicit Draws(std::uint64_t seed) : random_{seed} {}

    Step next(const Model& model);
    // A batch of sales alone.
    Step sale(const Model& model);
    [[nodiscard]] std::int64_t below(std::int64_t n) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n));
    }
    [[nodiscard]] bool one_in(std::int64_t n) { return below(n) == 0; }
    [[nodiscard]] std::uint64_t bits() { return random_(); }

private:
    Batch batch(const Model& model);
    Record record();
    Record sale_record(const Model& model, const Batch& so_far);
    std::string text(std::int64_t bytes);
    Stream stream() { return kUpStreams.at(static_cast<std::size_t>(below(4))); }
    Step drop(const Model& model);
    Step acknowledge(const Model& model);
    Step gap_before(const Model& model);
    Stamp stamp();

    std::mt19937_64 random_;
    milliseconds elapsed_{0};
    std::int64_t made_ = 0;
};

}  // namespace aisle::fault
