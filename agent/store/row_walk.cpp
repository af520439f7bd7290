#include "agent/store/row_walk.hpp"

#include <algorithm>

namespace aisle::store {

RowWalk::End RowWalk::read_from(IdRange range, std::int64_t& last, const Visit& visit) {
    auto select = database_.prepare(select_);
    if (!select) return End::Failed;
    select->bind(1, range.from).bind(2, range.to);
    if (filter_) select->bind(3, *filter_);
    for (;;) {
        auto row = select->step();
        if (!row) return End::Failed;
        if (!*row) return End::Done;
        last = select->integer(0);
        if (!visit(*select)) return End::Done;
    }
}

bool RowWalk::readable(IdRange range) {
    --probes_left_;
    std::int64_t last = 0;
    return read_from(range, last, [](const sqlite::Statement&) { return false; }) == End::Done;
}

// The smallest id from range.from on at which reading goes on, as far as doubling steps and a
// search between the last two of them tell; beyond range.to if there is none.
std::int64_t RowWalk::next_readable(IdRange range) {
    std::int64_t bad = range.from, step = 1;
    while (bad + step <= range.to && probes_left_ > 0 && !readable({bad + step, range.to})) {
        bad += step;
        step *= 2;
    }
    std::int64_t good = std::min(bad + step, range.to + 1);
    while (good - bad > 1 && probes_left_ > 0) {
        const std::int64_t middle = bad + (good - bad) / 2;
        (readable({middle, range.to}) ? good : bad) = middle;
    }
    return good;
}

void RowWalk::run(IdRange range, const Visit& visit) {
    complete_to_ = range.to;
    complete_from_ = range.from;
    while (range.from <= range.to && probes_left_ > 0) {
        std::int64_t last = range.from - 1;
        if (read_from(range, last, visit) == End::Done) return;
        if (!met_damage_) complete_to_ = last;
        met_damage_ = true;
        range.from = next_readable({last + 1, range.to});
        complete_from_ = range.from;
        skipped_ += range.from - last - 1;
    }
}

}  // namespace aisle::store
