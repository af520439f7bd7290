#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "agent/customers/evidence.hpp"
#include "agent/customers/table.hpp"

// Which names are one person's, and on whose word. Inside this room only.
namespace aisle::customers {

struct Link {
    Index a = kNobody;
    Index b = kNobody;
    Source source = Source::Staff;
    std::int32_t n = 1;  // receipts; of the others one counts
    WallTime at{};       // of the first
};

// A graph of names that keeps the evidence and nothing that follows from it: a person is worked out
// anew each time from the links that are there. So taking a link away gives back exactly what was
// before, and the order in which links came makes no difference.
//
// A card goes to the person whose receipts it paid, from kReceiptsToLink on, and only while no
// second person has paid with it: a household's card is nobody's. Two members are never tied by
// receipts.
class Identity {
public:
    static constexpr std::int32_t kReceiptsToLink = 2;
    static constexpr std::size_t kNamesPerPerson = 32;  // more: something is wrong, nobody is tied
    static constexpr std::size_t kCardSharedMax = 8;    // members; beyond it is no one's at once
    static constexpr std::size_t kLinksPerName = 64;    // more are not taken; `refused()` counts

    explicit Identity(const Table& names) : names_{names} {}

    // Adds `link.n` (below zero: takes away). The link as it is now, n = 0 if it is gone; nothing
    // if nothing changed.
    std::optional<Link> add(const Link& link);
    [[nodiscard]] std::vector<Link> links(Index name) const;
    [[nodiscard]] std::vector<Link> all() const;  // each once
    void clear() { links_.clear(); }

    // Everybody's own name, and those tied to it: the head first, the least name of a member.
    [[nodiscard]] std::vector<Index> person(Index name) const;
    [[nodiscard]] bool alone(Index name) const { return !links_.contains(name); }
    // Whose person may have another shape when a link between these two comes or goes.
    [[nodiscard]] std::vector<Index> around(Index a, Index b) const;
    [[nodiscard]] std::uint64_t refused() const { return refused_; }

private:
    [[nodiscard]] std::vector<Index> certain(Index name) const;
    [[nodiscard]] std::optional<Index> payer(Index card) const;
    void sort(std::vector<Index>& person) const;

    const Table& names_;
    std::unordered_map<Index, std::vector<Link>> links_;  // under both ends
    std::uint64_t refused_ = 0;
};

}  // namespace aisle::customers
