#include "sync/uplink/row_digests.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace aisle::uplink {
namespace {

constexpr std::size_t kIdDigits = 32;

}  // namespace

// Pseudonyms are as good as random: any part of one is a hash.
std::size_t RowDigests::Hash::operator()(const Id128& id) const {
    std::size_t hash = 0;
    std::memcpy(&hash, id.data(), sizeof hash);
    return hash;
}

std::uint64_t RowDigests::number(std::string_view hex) {
    std::uint64_t number = 0;
    std::from_chars(hex.data(), hex.data() + std::min<std::size_t>(hex.size(), 16), number, 16);
    return number;
}

// Of the pseudonym that the key ends with; nothing where it ends with something else.
std::optional<Id128> RowDigests::id_of(std::string_view key) {
    if (key.size() < kIdDigits) return std::nullopt;
    return id_from_hex(key.substr(key.size() - kIdDigits));
}

const RowDigests::Head* RowDigests::head_of(std::string_view key) const {
    const auto head = std::ranges::find(heads_, key.substr(0, key.size() - kIdDigits), &Head::text);
    return head == heads_.end() ? nullptr : &*head;
}

RowDigests::Head* RowDigests::head_of(std::string_view key) {
    return const_cast<Head*>(std::as_const(*this).head_of(key));
}

std::size_t RowDigests::size() const {
    std::size_t all = others_.size();
    for (const Head& head : heads_) all += head.rows.size();
    return all;
}

std::optional<std::uint64_t> RowDigests::find(std::string_view key) const {
    if (const auto id = id_of(key)) {
        const Head* const head = head_of(key);
        if (head)
            if (const auto at = head->rows.find(*id); at != head->rows.end()) return at->second;
    }
    const auto at = others_.find(key);
    if (at == others_.end()) return std::nullopt;
    return at->second;
}

void RowDigests::set(std::string_view key, std::uint64_t digest) {
    if (const auto at = others_.find(key); at != others_.end()) return void(at->second = digest);
    const auto id = id_of(key);
    if (!id) return void(others_.emplace(key, digest));
    if (Head* const head = head_of(key)) return void(head->rows[*id] = digest);
    if (heads_.size() == kHeadsMax) return void(others_.emplace(key, digest));
    heads_.push_back({.text = std::string{key.substr(0, key.size() - kIdDigits)}, .rows = {}});
    heads_.back().rows[*id] = digest;
}

bool RowDigests::erase(std::string_view key) {
    if (const auto id = id_of(key)) {
        Head* const head = head_of(key);
        if (head && head->rows.erase(*id) > 0) return true;
    }
    const auto at = others_.find(key);
    if (at == others_.end()) return false;
    others_.erase(at);
    return true;
}

std::vector<std::string> RowDigests::keys(std::string_view prefix) const {
    std::vector<std::string> keys;
    const auto add = [&](std::string key) {
        if (key.starts_with(prefix)) keys.push_back(std::move(key));
    };
    for (const Head& head : heads_) {
        for (const auto& [id, digest] : head.rows) {
            std::string key = head.text;
            append_hex(key, id);
            add(std::move(key));
        }
    }
    for (const auto& [key, digest] : others_) add(key);
    std::ranges::sort(keys);
    return keys;
}

}  // namespace aisle::uplink
