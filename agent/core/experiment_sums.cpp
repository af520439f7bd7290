#include "agent/core/experiment_sums.hpp"

#include <algorithm>
#include <cmath>

namespace aisle {
namespace {

// Of a sum of squares about the mean: never below zero, whatever rounding says.
double about_mean(double squares, double a, double b, std::int64_t n) {
    return n == 0 ? 0 : squares - a * b / static_cast<double>(n);
}

}  // namespace

double Sums::variance() const {
    if (n < 2) return 0;
    return std::max(0.0, about_mean(yy, y, y, n)) / static_cast<double>(n - 1);
}

Difference difference(const Sums& treated, const Sums& control, Adjust adjust) {
    double theta = 0;
    if (adjust == Adjust::Cuped) {
        const double spread = about_mean(treated.xx, treated.x, treated.x, treated.n) +
                              about_mean(control.xx, control.x, control.x, control.n);
        const double together = about_mean(treated.xy, treated.x, treated.y, treated.n) +
                                about_mean(control.xy, control.x, control.y, control.n);
        if (spread > 0) theta = together / spread;
    }
    Difference made;
    double sign = 1;
    for (const Sums* const group : {&treated, &control}) {
        const auto n = static_cast<double>(std::max<std::int64_t>(group->n, 1));
        made.mean += sign * (group->y - theta * group->x) / n;
        const double squares = about_mean(group->yy, group->y, group->y, group->n) -
                               2 * theta * about_mean(group->xy, group->x, group->y, group->n) +
                               theta * theta * about_mean(group->xx, group->x, group->x, group->n);
        made.variance += std::max(0.0, squares) / std::max(1.0, n - 1) / n;
        sign = -1;
    }
    return made;
}

double always_valid_half_width(const Looks& looks) {
    const double wide = -2 * std::log(looks.alpha);
    const double rho_squared = (wide + std::log(wide + 1)) / looks.tuned;
    const double room = looks.n * rho_squared + 1;
    return std::sqrt(looks.variance) * std::sqrt(2 * room / (looks.n * looks.n * rho_squared) *
                                                 std::log(std::sqrt(room) / looks.alpha));
}

}  // namespace aisle
