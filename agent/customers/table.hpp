#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <boost/unordered/unordered_flat_set.hpp>

#include "agent/core/hex.hpp"
#include "agent/customers/profile.hpp"

// All names that the shop knows something under, each with its packed profile and a dense number.
// Inside this room only.
namespace aisle::customers {

using Index = std::uint32_t;
inline constexpr Index kNobody = 0xffffffffU;

// What is looked at in passing over all customers, without unpacking them.
struct Hot {
    Walk walk;  // over all purchases of this name
    Money spent;
    LifecycleStage told = LifecycleStage::New;
};

// A name is a member's pseudonym, or one of another kind with its kind in front ("card:3f..."). 32
// hex digits are kept as 16 bytes; anything else (tests have short names) costs a string.
// Numbers of names that are gone are given again.
class Table {
public:
    Table();
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    [[nodiscard]] Index find(std::string_view name) const;
    Index find_or_add(std::string_view name);
    void erase(Index index);
    void clear();

    [[nodiscard]] std::string name(Index index) const;
    [[nodiscard]] bool is_member(Index index) const { return rows_[index].key.kind <= kOddMember; }
    // False for a number whose name is gone.
    [[nodiscard]] bool used(Index index) const { return rows_[index].key.kind != kFree; }
    [[nodiscard]] Profile profile(Index index) const;
    // False if that is what was there already.
    bool put(Index index, const Profile& profile, const LifecycleThresholds& thresholds);
    [[nodiscard]] Hot hot(Index index) const;

    [[nodiscard]] std::size_t size() const { return rows_.size() - free_.size(); }
    // Numbers run below it.
    [[nodiscard]] Index end() const { return static_cast<Index>(rows_.size()); }

private:
    static constexpr std::uint8_t kMember = 0;
    static constexpr std::uint8_t kOddMember = 1;
    static constexpr std::uint8_t kOdd = 0x7f;
    static constexpr std::uint8_t kFree = 0xff;

    struct Key {
        Id128 bytes{};
        std::uint8_t kind = kFree;  // from 2 on: 2 + its place in kKinds

        friend bool operator==(const Key&, const Key&) = default;
    };
    // 56 bytes: the members of Hot stand here one by one, in an order without gaps.
    struct Row {
        std::unique_ptr<std::uint8_t[]> packed;
        WallTime last{};
        Money spent;
        std::uint32_t bytes = 0;
        std::int32_t purchases = 0;
        std::int32_t since_return = 0;
        Key key;
        std::uint8_t stage = 0;
        std::uint8_t told = 0;
    };
    struct Hash {
        using is_transparent = void;
        const std::deque<Row>* rows;
        std::size_t operator()(const Key& key) const;
        std::size_t operator()(Index index) const { return (*this)((*rows)[index].key); }
    };
    struct Same {
        using is_transparent = void;
        const std::deque<Row>* rows;
        bool operator()(Index a, Index b) const { return a == b; }
        bool operator()(const Key& a, Index b) const { return a == (*rows)[b].key; }
        bool operator()(Index a, const Key& b) const { return (*rows)[a].key == b; }
    };
    static bool key_of(std::string_view name, Key& key);

    std::deque<Row> rows_;  // a deque: it grows without copying
    std::vector<Index> free_;
    boost::unordered_flat_set<Index, Hash, Same> by_key_;
    std::unordered_map<std::string, Index> odd_;
    std::unordered_map<Index, std::string> odd_names_;
    std::string scratch_;
};

}  // namespace aisle::customers
