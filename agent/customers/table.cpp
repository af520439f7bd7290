#include "agent/customers/table.hpp"

#include <algorithm>
#include <cstring>

#include "agent/customers/lifecycle.hpp"
#include "agent/customers/packed.hpp"

namespace aisle::customers {
namespace {

constexpr std::array<std::string_view, 4> kKinds{"card:", "app:", "tag:", "receipt:"};
constexpr std::uint8_t kFirstKind = 2;

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

bool is_other(std::string_view name) {
    return std::ranges::any_of(kKinds, [&](auto kind) { return name.starts_with(kind); });
}

}  // namespace

Table::Table() : by_key_{0, Hash{&rows_}, Same{&rows_}} {}

// Pseudonyms are as good as random: any part of one is a hash.
std::size_t Table::Hash::operator()(const Key& key) const {
    std::size_t hash = 0;
    std::memcpy(&hash, key.bytes.data(), sizeof hash);
    return hash ^ key.kind;
}

bool Table::key_of(std::string_view name, Key& key) {
    key.kind = kMember;
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        if (!name.starts_with(kKinds[i])) continue;
        key.kind = static_cast<std::uint8_t>(kFirstKind + i);
        name.remove_prefix(kKinds[i].size());
    }
    if (name.size() != 2 * key.bytes.size()) return false;
    for (std::size_t i = 0; i < key.bytes.size(); ++i) {
        const int high = nibble(name[2 * i]);
        const int low = nibble(name[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        key.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

Index Table::find(std::string_view name) const {
    Key key;
    if (key_of(name, key)) {
        const auto at = by_key_.find(key);
        return at == by_key_.end() ? kNobody : *at;
    }
    const auto at = odd_.find(std::string{name});
    return at == odd_.end() ? kNobody : at->second;
}

Index Table::find_or_add(std::string_view name) {
    if (const Index known = find(name); known != kNobody) return known;
    Index index = static_cast<Index>(rows_.size());
    if (free_.empty()) {
        rows_.emplace_back();
    } else {
        index = free_.back();
        free_.pop_back();
    }
    Row& row = rows_[index];
    if (key_of(name, row.key)) {
        by_key_.insert(index);
    } else {
        row.key = {.kind = is_other(name) ? kOdd : kOddMember};
        odd_.emplace(name, index);
        odd_names_.emplace(index, name);
    }
    put(index, Profile{}, {});
    return index;
}

void Table::erase(Index index) {
    Row& row = rows_[index];
    if (row.key.kind == kOdd || row.key.kind == kOddMember)
        odd_.erase(name(index)), odd_names_.erase(index);
    else
        by_key_.erase(index);
    row = Row{};
    free_.push_back(index);
}

void Table::clear() {
    by_key_.clear();
    odd_.clear();
    odd_names_.clear();
    rows_.clear();
    free_.clear();
}

std::string Table::name(Index index) const {
    const Key& key = rows_[index].key;
    if (key.kind == kOdd || key.kind == kOddMember) return odd_names_.at(index);
    std::string name{key.kind == kMember ? std::string_view{} : kKinds.at(key.kind - kFirstKind)};
    for (const std::uint8_t byte : key.bytes) {
        constexpr std::string_view kDigits = "0123456789abcdef";
        name += kDigits[byte >> 4];
        name += kDigits[byte & 15];
    }
    return name;
}

Profile Table::profile(Index index) const {
    const Row& row = rows_[index];
    return unpack({row.packed.get(), row.bytes});
}

bool Table::put(Index index, const Profile& profile, const LifecycleThresholds& thresholds) {
    Row& row = rows_[index];
    pack(profile, scratch_);
    if (row.packed && row.bytes == scratch_.size() &&
        std::memcmp(row.packed.get(), scratch_.data(), row.bytes) == 0)
        return false;
    if (row.bytes != scratch_.size() || !row.packed) {
        row.packed = std::make_unique_for_overwrite<std::uint8_t[]>(scratch_.size());
        row.bytes = static_cast<std::uint32_t>(scratch_.size());
    }
    std::memcpy(row.packed.get(), scratch_.data(), row.bytes);
    row.hot = {
        .walk = walk_to_last(profile, thresholds), .spent = profile.spent, .told = profile.stage};
    return true;
}

}  // namespace aisle::customers
