#include "agent/runtime/random.hpp"

#include <sys/random.h>

#include <array>
#include <cassert>
#include <cstdlib>
#include <span>

#include "agent/core/hex.hpp"

namespace aisle::runtime {

namespace {

constexpr std::size_t kRandomBytesMax = 64;

// Up to 256 bytes come whole and without an error once the kernel's pool is ready; without them
// nothing safe is left.
void fill(void* into, std::size_t bytes) {
    if (getrandom(into, bytes, 0) != static_cast<ssize_t>(bytes)) std::abort();
}

}  // namespace

std::uint64_t random_u64() {
    std::uint64_t value = 0;
    fill(&value, sizeof value);
    return value;
}

std::string random_hex(std::size_t bytes) {
    assert(bytes <= kRandomBytesMax);
    std::array<unsigned char, kRandomBytesMax> raw{};
    fill(raw.data(), bytes);
    return to_hex(std::span{raw}.first(bytes));
}

}  // namespace aisle::runtime
