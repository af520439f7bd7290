#pragma once

#include <cassert>
#include <cstdint>
#include <span>
#include <string>

// Whole numbers in as few bytes as they need, for what is kept in memory by the 100,000: LEB128,
// seven bits a byte and the lowest first; signed ones in zigzag, so that small ones of either sign
// are short.
namespace aisle {

inline void put_number(std::string& out, std::uint64_t n) {
    for (; n >= 0x80; n >>= 7U) out += static_cast<char>((n & 0x7fU) | 0x80U);
    out += static_cast<char>(n);
}

inline void put_integer(std::string& out, std::int64_t n) {
    put_number(out, (static_cast<std::uint64_t>(n) << 1U) ^ static_cast<std::uint64_t>(n >> 63));
}

// Reads what the two above have written, in the same order: bytes of this process, so reading on
// past their end is a programmer's error and not an input's.
class VarintReader {
public:
    explicit VarintReader(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}

    std::uint64_t number() {
        std::uint64_t n = 0;
        for (unsigned shift = 0;; shift += 7) {
            assert(at_ < bytes_.size() && shift < 64);
            const std::uint8_t byte = bytes_[at_++];
            n |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if (byte < 0x80) return n;
        }
    }
    std::int64_t integer() {
        const std::uint64_t n = number();
        return static_cast<std::int64_t>(n >> 1U) ^ -static_cast<std::int64_t>(n & 1U);
    }
    // The next `n` bytes as they are.
    std::span<const std::uint8_t> take(std::size_t n) {
        assert(bytes_.size() - at_ >= n);
        at_ += n;
        return bytes_.subspan(at_ - n, n);
    }
    [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }

private:
    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
};

}  // namespace aisle
