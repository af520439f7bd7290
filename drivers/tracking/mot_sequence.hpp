#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "drivers/tracking/assignment.hpp"
#include "drivers/tracking/mot_score.hpp"

// What the measures of mot_score.hpp have in common; nobody else needs it.
namespace aisle::tracking {

// What TrackEval allows for rounding when it compares an overlap with a threshold.
inline constexpr double kOverlapSlack = 2.220446049250313e-16;

// How alike the true and the found boxes of one frame are: rows are truths.
class Likeness {
public:
    explicit Likeness(Costs::Shape shape) : shape_{shape}, cells_(shape.rows * shape.columns) {}
    [[nodiscard]] Costs::Shape shape() const { return shape_; }
    double& at(Pair pair) { return cells_[pair.row * shape_.columns + pair.column]; }
    [[nodiscard]] double at(Pair pair) const {
        return cells_[pair.row * shape_.columns + pair.column];
    }

private:
    Costs::Shape shape_;
    std::vector<double> cells_;
};

// One frame: which tracks are in it, by their place among all tracks, and how their boxes overlap.
struct MotFrame {
    std::vector<std::size_t> truths;
    std::vector<std::size_t> found;
    Likeness overlaps{{}};
};

struct MotSequence {
    std::vector<MotFrame> frames;
    std::vector<std::int64_t> true_boxes;   // of each true track
    std::vector<std::int64_t> found_boxes;  // of each found track
    std::int64_t ignored = 0;
};

// The rows of the frames asked for, without what is in ignore regions.
MotSequence sequence_of(std::span<const MotRow> truth, std::span<const MotRow> found,
                        const MotSettings& settings);

// The pairing with the greatest sum of gains; every row or every column is paired, even for
// nothing.
std::vector<Pair> best_pairs(const Likeness& gains);

void score_clear(const MotSequence& sequence, double overlap_min, MotScore& score);
void score_identity(const MotSequence& sequence, double overlap_min, MotScore& score);
void score_hota(const MotSequence& sequence, MotScore& score);

}  // namespace aisle::tracking
