#include "drivers/tracking/mot_sequence.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace aisle::tracking {
namespace {

bool judged(const MotRow& row) { return row.box.score != 0; }

// Without rows whose id has been there already.
std::vector<MotRow> once_each(std::vector<MotRow> rows) {
    std::ranges::stable_sort(rows, {}, &MotRow::id);
    const auto again = std::ranges::unique(rows, {}, &MotRow::id);
    rows.erase(again.begin(), again.end());
    return rows;
}

Likeness overlaps(std::span<const MotRow> truths, std::span<const MotRow> found) {
    Likeness all{{.rows = truths.size(), .columns = found.size()}};
    for (std::size_t t = 0; t < truths.size(); ++t) {
        for (std::size_t f = 0; f < found.size(); ++f) {
            all.at({t, f}) = overlap(truths[t].box, found[f].box);
        }
    }
    return all;
}

// Takes out the found boxes that pair best with a place that is not judged.
std::int64_t leave_out_ignored(std::span<const MotRow> truths, std::vector<MotRow>& found,
                               double overlap_min) {
    Likeness near = overlaps(truths, found);
    for (std::size_t t = 0; t < truths.size(); ++t) {
        for (std::size_t f = 0; f < found.size(); ++f) {
            if (near.at({t, f}) < overlap_min - kOverlapSlack) near.at({t, f}) = 0;
        }
    }
    std::vector<bool> out(found.size());
    for (const Pair& pair : best_pairs(near)) {
        out[pair.column] = near.at(pair) > 0 && !judged(truths[pair.row]);
    }
    const auto before = found.size();
    std::size_t place = 0;
    std::erase_if(found, [&](const MotRow&) { return out[place++]; });
    return static_cast<std::int64_t>(before - found.size());
}

// Ids as places 0, 1, ... in the order in which they come.
class Roll {
public:
    std::size_t place(std::int64_t id) {
        return places_.try_emplace(id, places_.size()).first->second;
    }
    [[nodiscard]] std::size_t size() const { return places_.size(); }

private:
    std::map<std::int64_t, std::size_t> places_;
};

std::vector<std::size_t> enrol(Roll& roll, std::span<const MotRow> rows,
                               std::vector<std::int64_t>& boxes) {
    std::vector<std::size_t> places;
    for (const MotRow& row : rows) {
        places.push_back(roll.place(row.id));
        boxes.resize(roll.size());
        ++boxes[places.back()];
    }
    return places;
}

std::int64_t last_frame(std::span<const MotRow> rows, MotFrames frames) {
    if (frames.last != 0) return std::min(frames.last, kMotFramesMax);
    std::int64_t last = 0;
    for (const MotRow& row : rows) last = std::max(last, row.frame);
    return last;
}

}  // namespace

std::vector<Pair> best_pairs(const Likeness& gains) {
    const auto shape = gains.shape();
    Costs costs{shape};
    double most = 0;
    for (std::size_t r = 0; r < shape.rows; ++r) {
        for (std::size_t c = 0; c < shape.columns; ++c) most = std::max(most, gains.at({r, c}));
    }
    for (std::size_t r = 0; r < shape.rows; ++r) {
        for (std::size_t c = 0; c < shape.columns; ++c) costs.at(r, c) = most - gains.at({r, c});
    }
    return assign(costs);
}

MotSequence sequence_of(std::span<const MotRow> truth, std::span<const MotRow> found,
                        const MotSettings& settings) {
    const std::int64_t last = last_frame(truth, settings.frames);
    auto true_rows = by_frame(truth, last);
    auto found_rows = by_frame(found, last);
    MotSequence sequence;
    Roll true_roll;
    Roll found_roll;
    for (std::int64_t n = std::max<std::int64_t>(1, settings.frames.first); n <= last; ++n) {
        const auto at = static_cast<std::size_t>(n);
        auto truths = once_each(std::move(true_rows[at]));
        auto seen = once_each(std::move(found_rows[at]));
        sequence.ignored += leave_out_ignored(truths, seen, settings.overlap_min);
        std::erase_if(truths, [](const MotRow& row) { return !judged(row); });
        MotFrame& frame = sequence.frames.emplace_back();
        frame.truths = enrol(true_roll, truths, sequence.true_boxes);
        frame.found = enrol(found_roll, seen, sequence.found_boxes);
        frame.overlaps = overlaps(truths, seen);
    }
    return sequence;
}

}  // namespace aisle::tracking
