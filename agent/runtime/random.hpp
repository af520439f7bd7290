#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

// Randomness of the system, by getrandom(2). The only place that makes any; others are given a
// RandomSource.
namespace aisle::runtime {

using RandomSource = std::function<std::uint64_t()>;

std::uint64_t random_u64();
// 2 * bytes hex digits, at most 64 bytes: epochs, ids, new secrets.
std::string random_hex(std::size_t bytes);

}  // namespace aisle::runtime
