#include "drivers/tracking/assignment.hpp"

#include <algorithm>
#include <limits>

namespace aisle::tracking {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

// Grows a matching row by row; rows must not outnumber columns. Index `columns` is the column that
// stands for the row being placed.
class Hungarian {
public:
    Hungarian(const Costs& costs, bool turned)
        : costs_{costs},
          turned_{turned},
          rows_{turned ? costs.shape().columns : costs.shape().rows},
          columns_{turned ? costs.shape().rows : costs.shape().columns},
          row_price_(rows_),
          column_price_(columns_ + 1),
          row_of_(columns_ + 1, kNone) {}

    std::vector<std::size_t> solve() {
        for (std::size_t row = 0; row < rows_; ++row) place(row);
        return row_of_;
    }

private:
    [[nodiscard]] double cost(std::size_t row, std::size_t column) const {
        return turned_ ? costs_.at(column, row) : costs_.at(row, column);
    }

    void place(std::size_t row) {
        std::vector<double> slack(columns_, std::numeric_limits<double>::infinity());
        std::vector<std::size_t> came_from(columns_, columns_);
        std::vector<bool> done(columns_ + 1, false);
        row_of_[columns_] = row;
        std::size_t at = columns_;
        while (row_of_[at] != kNone) at = step(at, slack, came_from, done);
        while (at != columns_) {  // turn the path that was found into pairs
            const std::size_t before = came_from[at];
            row_of_[at] = row_of_[before];
            at = before;
        }
    }

    // One step of Dijkstra's search for a free column; returns the nearest column not done yet.
    std::size_t step(std::size_t at, std::vector<double>& slack,
                     std::vector<std::size_t>& came_from, std::vector<bool>& done) {
        done[at] = true;
        const std::size_t row = row_of_[at];
        std::size_t nearest = columns_;
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t column = 0; column < columns_; ++column) {
            if (done[column]) continue;
            const double reduced = cost(row, column) - row_price_[row] - column_price_[column];
            if (reduced < slack[column]) slack[column] = reduced, came_from[column] = at;
            if (slack[column] < least) least = slack[column], nearest = column;
        }
        for (std::size_t column = 0; column <= columns_; ++column) {
            if (done[column]) {
                row_price_[row_of_[column]] += least;
                column_price_[column] -= least;
            } else if (column < columns_) {
                slack[column] -= least;
            }
        }
        return nearest;
    }

    const Costs& costs_;
    bool turned_;
    std::size_t rows_;
    std::size_t columns_;
    std::vector<double> row_price_;
    std::vector<double> column_price_;
    std::vector<std::size_t> row_of_;
};

}  // namespace

std::vector<Pair> assign(const Costs& costs) {
    const bool turned = costs.shape().rows > costs.shape().columns;
    const std::size_t columns = std::max(costs.shape().rows, costs.shape().columns);
    const auto row_of = Hungarian{costs, turned}.solve();

    std::vector<Pair> pairs;
    for (std::size_t column = 0; column < columns; ++column) {
        if (row_of[column] == kNone) continue;
        const Pair pair = turned ? Pair{column, row_of[column]} : Pair{row_of[column], column};
        if (costs.at(pair.row, pair.column) < Costs::kForbidden) pairs.push_back(pair);
    }
    std::ranges::sort(pairs, {}, &Pair::row);
    return pairs;
}

}  // namespace aisle::tracking
