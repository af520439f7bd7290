#include "agent/core/money.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace aisle {
namespace {

__extension__ using Wide = __int128;  // products of two amounts need 128 bits

}  // namespace

Money percent_of(Money amount, BasisPoints share) {
    const Wide product = static_cast<Wide>(amount.minor()) * share.value;
    const Wide half = product < 0 ? -5000 : 5000;
    return Money::minor(static_cast<std::int64_t>((product + half) / 10000));
}

std::vector<Money> split_by_weight(Money total, std::span<const Money> weights) {
    assert(!weights.empty());
    assert(std::ranges::all_of(weights, [](Money w) { return w.minor() >= 0; }));
    const auto sum = std::accumulate(weights.begin(), weights.end(), Money{});
    std::vector<Money> parts(weights.size());
    if (sum == Money{}) {
        parts.front() = total;
        return parts;
    }

    const std::int64_t sign = total.minor() < 0 ? -1 : 1;
    const std::int64_t size = total.magnitude().minor();
    std::vector<std::int64_t> remainders(weights.size());
    std::int64_t left = size;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Wide product = static_cast<Wide>(size) * weights[i].minor();
        const auto floor = static_cast<std::int64_t>(product / sum.minor());
        remainders[i] = static_cast<std::int64_t>(product % sum.minor());
        parts[i] = Money::minor(sign * floor);
        left -= floor;
    }

    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](auto a, auto b) { return remainders[a] > remainders[b]; });
    for (std::size_t i = 0; left > 0; ++i, --left) parts[order[i]] += Money::minor(sign);
    return parts;
}

}  // namespace aisle
