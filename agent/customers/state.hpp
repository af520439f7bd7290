#pragma once

#include <optional>
#include <unordered_map>

#include <boost/dynamic_bitset.hpp>

#include "agent/customers/customers.hpp"
#include "agent/customers/identity.hpp"
#include "agent/customers/lifecycle.hpp"
#include "agent/customers/rfm.hpp"
#include "agent/customers/table.hpp"

namespace aisle::customers {

enum class Moved { ByTime, BySale };

// Who is in which segment: one bit a name and segment, and one that tells whether it was judged
// since it last may have changed.
struct Memberships {
    using Bits = boost::dynamic_bitset<std::uint64_t>;

    std::shared_ptr<const SegmentRules> rules;
    std::vector<Bits> in;  // by segment
    Bits judged;

    void load(std::shared_ptr<const SegmentRules> fresh);
    void forget(Index name);
    void doubt(Index name);
    // Judges by what is known of the customer.
    void judge(Index name, const conditions::Facts& facts, WallTime now);
    [[nodiscard]] bool knows(Index name) const { return name < judged.size() && judged[name]; }
};

// Whether the rule makes this customer one of the segment.
bool is_in(const Segment& segment, const conditions::Facts& facts, const conditions::Bound& bound,
           WallTime now);

struct Customers::State {
    static constexpr minutes kRoundLeast{1};
    Settings settings;
    Words words;
    Table table;
    Identity identity{table};
    Memberships segments;
    std::optional<Quantiles> quantiles;
    std::unordered_map<std::string, ProductRow> products;
    bool reference_holds = true;
    static constexpr minutes kJudgeLeast{10};
    Index scanned = 0;
    WallTime round_began{};   // of this way round
    WallTime judged_began{};  // of the last on which everybody's segments were judged again
    bool judging = true;      // this is such a way round
    std::uint64_t refused = 0;

    [[nodiscard]] Index find(std::string_view name) const { return table.find(name); }
    Index find_or_add(std::string_view name) {
        if (const Index known = find(name); known != kNobody) return known;
        if (name.empty() || table.size() >= kCustomersMax) return ++refused, kNobody;
        return table.find_or_add(name);
    }

    // Stages turn with whole days: a customer need not be looked at twice within a minute. A wall
    // that is set, forwards or back, begins a round at once.
    bool begin_round(WallTime now) {
        if (now - round_began < kRoundLeast && round_began - now < kRoundLeast) return false;
        scanned = 0;
        round_began = now;
        judging = now - judged_began >= kJudgeLeast || judged_began - now >= kJudgeLeast;
        if (judging) judged_began = now;
        return true;
    }

    // sales.cpp
    [[nodiscard]] Bought bought_of(const Sale& sale);
    void settle(Index name, Moved by, const Stamp& now, Effects& effects);
    // members.cpp
    void hear(Profile& profile, const MemberRow& row, const Stamp& at, Effects& effects);
    // persons.cpp
    // What is known of the person under all its names.
    [[nodiscard]] Profile whole(const std::vector<Index>& person) const;
    [[nodiscard]] Profile whole(Index name) const;
    void tie(const Evidence& evidence, std::int32_t n, const Stamp& now, Effects& effects);
    void tie_to(Index name, const std::vector<std::string>& said, Source source, const Stamp& now,
                Effects& effects);
    void cut(Index name, Effects& effects);
    void forget(Index name, Effects& effects);
    // memberships.cpp
    void judge(Index name, const Stamp& now);
    [[nodiscard]] std::vector<std::string> segments_of(Index name, const Stamp& now) const;
    // facts.cpp
    [[nodiscard]] conditions::Facts facts_of(Index name, const Stamp& now) const;
    [[nodiscard]] bool agrees(const Profile& profile, std::string_view purpose) const;
    [[nodiscard]] Scores scores_of(const Profile& profile, const Walk& walk, WallTime now) const;
    // rows.cpp
    void keep(Index name, Effects& effects) const;
    void keep_link(const Link& link, Effects& effects) const;
    [[nodiscard]] std::string link_key(const Link& link) const;
    Status restore_row(const StateChange& row);
    void restore_link(const StateChange& row);
    void restore_quantiles(const StateChange& row);
    void find_quantiles(const Stamp& now, Effects& effects);
    void clear();

    // Puts the changed profile back; its row and what follows from it, where it did change.
    bool put(Index name, const Profile& profile, Effects& effects) {
        if (!table.put(name, profile, settings.lifecycle)) return false;
        keep(name, effects);
        return true;
    }
};

}  // namespace aisle::customers
