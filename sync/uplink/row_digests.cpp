#include "sync/uplink/row_digests.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace aisle::uplink {
namespace {

constexpr std::size_t kIdDigits = 32;

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

}  // namespace

// Pseudonyms are as good as random: any part of one is a hash.
std::size_t RowDigests::Hash::operator()(const Packed& key) const {
    std::size_t hash = 0;
    std::memcpy(&hash, key.id.data(), sizeof hash);
    return hash ^ key.head;
}

std::uint64_t RowDigests::number(std::string_view hex) {
    std::uint64_t number = 0;
    std::from_chars(hex.data(), hex.data() + std::min<std::size_t>(hex.size(), 16), number, 16);
    return number;
}

// Nothing where the key is none, or what stands before it was never set.
std::optional<RowDigests::Packed> RowDigests::pack(std::string_view key) const {
    if (key.size() < kIdDigits) return std::nullopt;
    const std::string_view digits = key.substr(key.size() - kIdDigits);
    Packed packed;
    for (std::size_t i = 0; i < packed.id.size(); ++i) {
        const int high = nibble(digits[2 * i]);
        const int low = nibble(digits[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        packed.id[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    const auto head = std::ranges::find(heads_, key.substr(0, key.size() - kIdDigits));
    if (head == heads_.end()) return std::nullopt;
    packed.head = static_cast<std::uint8_t>(head - heads_.begin());
    return packed;
}

std::string RowDigests::unpack(const Packed& key) const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text = heads_[key.head];
    for (const std::uint8_t byte : key.id) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::optional<std::uint64_t> RowDigests::find(std::string_view key) const {
    if (const auto packed = pack(key)) {
        if (const auto at = packed_.find(*packed); at != packed_.end()) return at->second;
    }
    const auto at = others_.find(key);
    if (at == others_.end()) return std::nullopt;
    return at->second;
}

void RowDigests::set(std::string_view key, std::uint64_t digest) {
    if (const auto at = others_.find(key); at != others_.end()) return void(at->second = digest);
    auto packed = pack(key);
    if (!packed && key.size() >= kIdDigits && heads_.size() < kHeadsMax) {
        heads_.emplace_back(key.substr(0, key.size() - kIdDigits));
        packed = pack(key);
        if (!packed) heads_.pop_back();  // it ends with something else
    }
    if (packed)
        packed_[*packed] = digest;
    else
        others_.emplace(key, digest);
}

bool RowDigests::erase(std::string_view key) {
    const auto packed = pack(key);
    if (packed && packed_.erase(*packed) > 0) return true;
    const auto at = others_.find(key);
    if (at == others_.end()) return false;
    others_.erase(at);
    return true;
}

std::vector<std::string> RowDigests::keys(std::string_view prefix) const {
    std::vector<std::string> keys;
    for (const auto& [packed, digest] : packed_)
        if (std::string key = unpack(packed); key.starts_with(prefix)) keys.push_back(key);
    for (const auto& [key, digest] : others_)
        if (key.starts_with(prefix)) keys.push_back(key);
    std::ranges::sort(keys);
    return keys;
}

}  // namespace aisle::uplink
