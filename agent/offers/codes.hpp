#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "agent/core/error.hpp"

// One-time codes: EAN-13 numbers in a range that the store owns.
namespace aisle::offers {

struct CodeRange {
    std::string prefix = "299";  // 2..6 digits; 20..29 are GS1's range for use inside a company
    std::string key;             // secret of the store: without it the next code cannot be guessed
};

// A keyed permutation of the numbers behind the prefix (a Feistel network over HMAC-SHA-256, cycle
// walking): different sequence numbers below `size()` give different codes.
class Codes {
public:
    // Denied if the prefix is not 2..6 digits or the key is empty.
    static Result<Codes> make(CodeRange range);

    [[nodiscard]] std::string at(std::uint64_t sequence) const;  // sequence is taken modulo size()
    [[nodiscard]] std::uint64_t size() const { return size_; }
    // Thirteen digits, of the range, with a good check digit.
    [[nodiscard]] bool well_formed(std::string_view code) const;

private:
    explicit Codes(CodeRange range);
    [[nodiscard]] std::uint64_t permute(std::uint64_t number) const;
    [[nodiscard]] std::uint32_t round_value(int round, std::uint32_t half) const;

    // HMAC with the key already worked in: a code takes eight of them, in the middle of a decision.
    struct Keyed;

    CodeRange range_;
    std::shared_ptr<const Keyed> keyed_;
    int digits_ = 0;  // behind the prefix, without the check digit
    std::uint64_t size_ = 0;
    unsigned half_bits_ = 0;
};

// The check digit of twelve digits.
char ean13_check_digit(std::string_view twelve);

}  // namespace aisle::offers
