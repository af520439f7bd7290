#pragma once

#include <cstddef>
#include <vector>

namespace aisle::tracking {

// What each pairing of a row with a column costs. kForbidden keeps a pair apart.
class Costs {
public:
    struct Shape {
        std::size_t rows = 0;
        std::size_t columns = 0;
    };
    static constexpr double kForbidden = 1e9;

    // `every`: what a pair costs that is not set.
    explicit Costs(Shape shape, double every = kForbidden)
        : shape_{shape}, cells_(shape.rows * shape.columns, every) {}
    [[nodiscard]] Shape shape() const { return shape_; }
    double& at(std::size_t row, std::size_t column) {
        return cells_[row * shape_.columns + column];
    }
    [[nodiscard]] double at(std::size_t row, std::size_t column) const {
        return cells_[row * shape_.columns + column];
    }

private:
    Shape shape_;
    std::vector<double> cells_;
};

struct Pair {
    std::size_t row = 0;
    std::size_t column = 0;

    friend bool operator==(const Pair&, const Pair&) = default;
};

// As many allowed pairs as there can be, and among those the cheapest set: the Hungarian method
// with potentials (Kuhn 1955, Jonker-Volgenant's shortest paths), O(n^3). Ascending by row; no
// chance in it.
std::vector<Pair> assign(const Costs& costs);

}  // namespace aisle::tracking
