#include "agent/offers/codes.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <openssl/evp.h>

namespace aisle::offers {
namespace {

constexpr std::size_t kPayloadDigits = 12;
constexpr int kRounds = 8;

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;
using Block = std::array<unsigned char, 64>;  // of SHA-256
using Digest = std::array<unsigned char, 32>;

}  // namespace

// RFC 2104 over SHA-256. libcrypto's own HMAC() looks its algorithm up at each call, which costs
// more than the two digests.
struct Codes::Keyed {
    explicit Keyed(const std::string& key)
        : inner{begun(padded(key, 0x36))}, outer{begun(padded(key, 0x5c))} {}

    [[nodiscard]] Digest mac(std::span<const unsigned char> message) const {
        return finished(outer, finished(inner, message));
    }

private:
    static Block padded(const std::string& key, unsigned char with) {
        Block block{};
        if (key.size() > block.size())
            EVP_Digest(key.data(), key.size(), block.data(), nullptr, EVP_sha256(), nullptr);
        else
            std::ranges::copy(key, block.begin());
        for (unsigned char& byte : block) byte ^= with;
        return block;
    }
    static Context begun(const Block& block) {
        Context context{EVP_MD_CTX_new()};
        EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
        EVP_DigestUpdate(context.get(), block.data(), block.size());
        return context;
    }
    [[nodiscard]] Digest finished(const Context& from,
                                  std::span<const unsigned char> message) const {
        Digest digest{};
        EVP_MD_CTX_copy_ex(scratch.get(), from.get());
        EVP_DigestUpdate(scratch.get(), message.data(), message.size());
        EVP_DigestFinal_ex(scratch.get(), digest.data(), nullptr);
        return digest;
    }

    Context inner;
    Context outer;
    Context scratch{EVP_MD_CTX_new()};  // loop thread only, as all of this room
};

char ean13_check_digit(std::string_view twelve) {
    int sum = 0;
    for (std::size_t i = 0; i < kPayloadDigits; ++i) sum += (twelve[i] - '0') * (i % 2 ? 3 : 1);
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

Result<Codes> Codes::make(CodeRange range) {
    if (range.prefix.size() < 2 || range.prefix.size() > 6 || !all_digits(range.prefix))
        return denied("the prefix of one-time codes must be 2 to 6 digits");
    if (range.key.empty()) return denied("the key of one-time codes is missing");
    return Codes{std::move(range)};
}

Codes::Codes(CodeRange range)
    : range_{std::move(range)}, keyed_{std::make_shared<const Keyed>(range_.key)}, size_{1} {
    digits_ = static_cast<int>(kPayloadDigits - range_.prefix.size());
    for (int i = 0; i < digits_; ++i) size_ *= 10;
    while ((std::uint64_t{1} << (2 * half_bits_)) < size_) ++half_bits_;
}

std::uint32_t Codes::round_value(int round, std::uint32_t half) const {
    const std::array<unsigned char, 5> input{
        static_cast<unsigned char>(round), static_cast<unsigned char>(half >> 24),
        static_cast<unsigned char>(half >> 16), static_cast<unsigned char>(half >> 8),
        static_cast<unsigned char>(half)};
    const auto digest = keyed_->mac(input);
    return static_cast<std::uint32_t>(digest[0]) << 24 |
           static_cast<std::uint32_t>(digest[1]) << 16 |
           static_cast<std::uint32_t>(digest[2]) << 8 | digest[3];
}

std::uint64_t Codes::permute(std::uint64_t number) const {
    const std::uint32_t mask = (std::uint32_t{1} << half_bits_) - 1;
    auto left = static_cast<std::uint32_t>(number >> half_bits_) & mask;
    auto right = static_cast<std::uint32_t>(number) & mask;
    for (int round = 0; round < kRounds; ++round) {
        const std::uint32_t next = left ^ (round_value(round, right) & mask);
        left = right;
        right = next;
    }
    return static_cast<std::uint64_t>(left) << half_bits_ | right;
}

std::string Codes::at(std::uint64_t sequence) const {
    // Cycle walking: the network permutes a power of four, and what falls outside the range goes
    // round again.
    std::uint64_t number = permute(sequence % size_);
    while (number >= size_) number = permute(number);
    const std::string digits = std::to_string(number);
    std::string code = range_.prefix;
    code.append(static_cast<std::size_t>(digits_) - digits.size(), '0');
    code += digits;
    code += ean13_check_digit(code);
    return code;
}

bool Codes::well_formed(std::string_view code) const {
    return code.size() == kPayloadDigits + 1 && all_digits(code) &&
           code.starts_with(range_.prefix) && ean13_check_digit(code) == code.back();
}

}  // namespace aisle::offers
