#include "agent/customers/table.hpp"

#include <algorithm>
#include <cstring>

#include "agent/customers/lifecycle.hpp"
#include "agent/customers/packed.hpp"

namespace aisle::customers {
namespace {

constexpr std::array<std::string_view, 4> kKinds{"card:", "app:", "tag:", "receipt:"};
constexpr std::uint8_t kFirstKind = 2;

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
    const auto id = id_from_hex(name);
    if (id) key.bytes = *id;
    return id.has_value();
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
    append_hex(name, key.bytes);
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
    const Walk walk = walk_to_last(profile, thresholds);
    row.last = walk.last;
    row.purchases = walk.purchases;
    row.since_return = walk.since_return;
    row.stage = static_cast<std::uint8_t>(walk.stage);
    row.spent = profile.spent;
    row.told = static_cast<std::uint8_t>(profile.stage);
    return true;
}

Hot Table::hot(Index index) const {
    const Row& row = rows_[index];
    return {.walk = {.stage = static_cast<LifecycleStage>(row.stage),
                     .purchases = row.purchases,
                     .since_return = row.since_return,
                     .last = row.last},
            .spent = row.spent,
            .told = static_cast<LifecycleStage>(row.told)};
}

}  // namespace aisle::customers
