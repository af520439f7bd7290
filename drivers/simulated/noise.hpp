#pragma once

#include <cstdint>

namespace aisle::simulated {

// Random numbers that are the same on every machine and compiler: SplitMix64 (Steele, Lea, Flood,
// 2014), integers only. `stream` gives independent rows of numbers under one seed.
class Noise {
public:
    explicit Noise(std::uint64_t seed, std::uint64_t stream = 0)
        : state_{seed * 0x9e3779b97f4a7c15U + stream * 0xd1b54a32d192ed03U + 1} {}

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }
    // 0..n-1. The bias of the remainder is below n / 2^64.
    std::int64_t below(std::int64_t n) {
        return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n));
    }
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + below(high - low + 1);
    }
    bool chance(std::int64_t permille) { return below(1000) < permille; }

private:
    std::uint64_t state_;
};

}  // namespace aisle::simulated
