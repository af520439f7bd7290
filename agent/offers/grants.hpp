#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "agent/core/hex.hpp"
#include "agent/offers/held.hpp"

namespace aisle::offers {

// Who has been offered what, for 100,000 subjects: each with its grants as a few packed bytes, the
// campaigns' names kept once. Inside this room only; one thread.
class Grants {
public:
    Grants();
    Grants(const Grants&) = delete;
    Grants& operator=(const Grants&) = delete;

    // In the order in which they were given, or null. Good until the next call: one subject at a
    // time is unpacked, and a decision asks about the same one for each of its campaigns.
    [[nodiscard]] const std::vector<Grant>* find(const std::string& subject) const;
    // Nobody has grants without any: an empty list forgets the subject.
    void put(const std::string& subject, std::vector<Grant> grants);
    bool erase(const std::string& subject);
    void clear();

    [[nodiscard]] std::size_t size() const { return slots_.size() - free_.size(); }
    [[nodiscard]] std::vector<std::string> subjects() const;  // in order

    // Shows up to `n` subjects in turn, going on where the last call stopped; what `look` leaves of
    // the grants is kept, and it says whether that is anything else than before.
    void sweep(std::size_t n,
               const std::function<bool(const std::string&, std::vector<Grant>&)>& look);

private:
    using Index = std::uint32_t;
    struct Slot {
        std::unique_ptr<std::uint8_t[]> bytes;
        std::uint32_t size = 0;
        Id128 id{};        // of a pseudonym
        bool odd = false;  // its subject is no pseudonym and stands in odd_names_
    };
    struct Hash {
        using is_transparent = void;
        const std::deque<Slot>* slots;
        std::size_t operator()(const Id128& id) const;
        std::size_t operator()(Index index) const { return (*this)((*slots)[index].id); }
    };
    struct Same {
        using is_transparent = void;
        const std::deque<Slot>* slots;
        bool operator()(Index a, Index b) const { return a == b; }
        bool operator()(const Id128& a, Index b) const { return a == (*slots)[b].id; }
        bool operator()(Index a, const Id128& b) const { return (*slots)[a].id == b; }
    };
    static constexpr Index kNone = 0xffffffffU;

    [[nodiscard]] Index at(const std::string& subject) const;
    Index add(const std::string& subject);
    void drop(Index index);
    [[nodiscard]] std::string subject(Index index) const;
    [[nodiscard]] std::vector<Grant> unpack(const Slot& slot) const;
    void pack(Slot& slot, const std::vector<Grant>& grants);
    std::uint32_t word(const std::string& text);

    std::deque<Slot> slots_;  // a slot without bytes is free
    std::vector<Index> free_;
    boost::unordered_flat_set<Index, Hash, Same> by_id_;
    std::unordered_map<std::string, Index> odd_;
    std::unordered_map<Index, std::string> odd_names_;
    std::vector<std::string> words_;  // campaigns and messages; as many as were ever granted
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::string scratch_;
    Index swept_ = 0;
    mutable std::string asked_;  // whose grants stand unpacked in asked_grants_
    mutable std::vector<Grant> asked_grants_;
};

}  // namespace aisle::offers
