#pragma once

#include <cstdint>
#include <string>

#include "agent/core/time.hpp"

namespace aisle::world {

// SplitMix64 (Steele, Lea, Flood, 2014): the same numbers on every machine. `stream` gives
// independent rows under one seed.
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
    std::int64_t below(std::int64_t n) {
        return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n));
    }
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + below(high - low + 1);
    }
    bool chance(std::int64_t permille) { return below(1000) < permille; }
    milliseconds upto(milliseconds most) { return milliseconds{below(most.count() + 1)}; }

private:
    std::uint64_t state_;
};

// FNV-1a over all that a world did: the same seed must give the same.
class Trace {
public:
    void add(std::string_view bytes) {
        for (const char c : bytes) {
            hash_ ^= static_cast<unsigned char>(c);
            hash_ *= 0x100000001b3U;
        }
        hash_ ^= 0xffU;  // so that two strings are not their sum
        hash_ *= 0x100000001b3U;
    }
    [[nodiscard]] std::uint64_t hash() const { return hash_; }

private:
    std::uint64_t hash_ = 0xcbf29ce484222325U;
};

}  // namespace aisle::world
