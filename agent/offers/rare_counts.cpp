#include "agent/offers/rare_counts.hpp"

#include <algorithm>
#include <cmath>

namespace aisle::offers {

// One minus the sum of the terms below `n`; where that loses its digits the tail is summed itself.
double at_least(std::int64_t n, const CountModel& model) {
    if (n <= 0) return 1;
    if (model.mean <= 0) return 0;
    const double size = model.spread > 0 ? 1 / model.spread : 0;
    const auto ratio = [&](double k) {  // of the term k + 1 to the term k
        return size > 0 ? (k + size) / (k + 1) * model.mean / (size + model.mean)
                        : model.mean / (k + 1);
    };
    const double none = size > 0 ? size * std::log(size / (size + model.mean)) : -model.mean;
    double log_term = none;
    for (std::int64_t k = 0; k < n; ++k) log_term += std::log(ratio(static_cast<double>(k)));
    double term = std::exp(log_term), tail = 0;
    constexpr int kTermsMax = 10'000;
    for (int i = 0; i < kTermsMax && term > 0; ++i) {
        tail += term;
        const double next = ratio(static_cast<double>(n + i));
        term *= next;
        // Falling for good, and too little left to matter.
        if (next < 1 && term < tail * 1e-12 * (1 - next)) break;
    }
    return std::min(1.0, tail);
}

}  // namespace aisle::offers
