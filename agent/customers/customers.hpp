#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agent/conditions/facts.hpp"
#include "agent/core/customer.hpp"
#include "agent/core/error.hpp"
#include "agent/core/record.hpp"
#include "agent/core/sale.hpp"
#include "agent/core/traffic.hpp"
#include "agent/customers/evidence.hpp"
#include "agent/customers/segments.hpp"

// Who buys how: profiles that follow from sales, what the chain knows about its members, and what
// they have agreed to.
namespace aisle::customers {

// Four ascending cuts make scores 1..5: a value at or above a cut has passed it. Recency counts the
// other way round: fewer days score higher, and a customer exactly on a cut has the worse score.
struct RfmCuts {
    std::array<std::int32_t, 4> recency_days{7, 30, 60, 120};
    std::array<std::int32_t, 4> frequency{2, 4, 8, 16};
    std::array<std::int64_t, 4> monetary_minor{100'00, 500'00, 1'000'00, 3'000'00};
};

struct LifecycleThresholds {
    std::int32_t active_purchases = 2;  // fewer: new
    std::int32_t at_risk_days = 30;     // days since the last purchase, inclusive
    std::int32_t dormant_days = 60;
    std::int32_t lost_days = 180;
    std::int32_t won_back_purchases =
        3;  // purchases since coming back that make a won_back customer active
    std::int32_t hysteresis_days =
        2;  // time alone improves a stage only this far below its threshold
};

struct Settings {
    RfmCuts rfm;
    LifecycleThresholds lifecycle;
    // R and M by the fifths of all who have bought, found anew on each of the store's days; F stays
    // with its cuts.
    bool quantiles = false;
    std::int32_t tag_confidence_min_permille = 500;  // less sure: the tag is unknown
    // The store's, for hours of the week and birthdays; outlives the engine. None: they are
    // unknown.
    const TimeZone* zone = nullptr;
};

// For records of kind `transition`.
struct Transition {
    MemberKey member;
    LifecycleStage from = LifecycleStage::New;
    LifecycleStage to = LifecycleStage::New;
    Stamp at;
};

struct Effects {
    std::vector<Transition> transitions;
    std::vector<ConsentChange> consents;  // that took effect: for records of kind `consent`
    std::vector<StateChange> state;
    std::vector<Tied> tied;  // names that belong to another person now
};

inline constexpr std::string_view kRoom = "customers";
// Purchases kept one by one for each customer; older ones live on in sums. Overflow rule: fold the
// oldest.
inline constexpr std::size_t kPurchasesKept = 24;
// Of these the latest with categories and brands as they were: a receipt is revised soon or never.
inline constexpr std::size_t kPurchasesDetailed = 8;
// Names, cards among them. Beyond it new ones are not kept; `refused()` counts.
inline constexpr std::size_t kCustomersMax = 1'000'000;
inline constexpr std::size_t kListedMax = 32;   // words of one list fact: the most frequent
inline constexpr std::size_t kScanMax = 2'000;  // customers looked at in one tick

// One thread: the loop's. Pure: reads no clock, does no I/O. Applying the differences of revisions
// gives the same state as applying the last revisions alone, whatever order the sales come in.
class Customers {
public:
    explicit Customers(Settings settings);
    ~Customers();
    Customers(Customers&&) noexcept;
    Customers& operator=(Customers&&) noexcept;

    // `old` is the earlier revision, or null. Only sales that count and name a member or a card
    // matter; returns reduce what was spent and are no purchase. Categories are those known when
    // the sale is applied. What a receipt with both brings is the member's, and evidence for whose
    // the card is.
    Effects sale(const Sale* old, const Sale& now, const Stamp& at);
    // A visit that has closed. Only where its member agrees to be tied to a tag's way.
    Effects visit(const ZoneVisit& visit, const Stamp& at);

    // A member as told by reference data; `row.member` is a pseudonym. Grants that came by file and
    // are missing from the new row end; what was said in the shop stays, and of two statements the
    // later one counts.
    Effects member(const MemberRow& row, const Stamp& at);
    // The row has gone from the file: tier, tags and file grants end, purchases stay.
    Effects member_gone(const MemberKey& member, const Stamp& at);
    // Nothing of the person is known any more, purchases included, under none of the names that are
    // tied to this one.
    Effects erase(const MemberKey& member);
    // The pseudonyms, without their kinds, by which records of this person are found. Ask before
    // erase().
    [[nodiscard]] std::vector<std::string> names_to_forget(const MemberKey& member) const;

    // Ties two names, or takes that word back. Each name keeps what came under it, so taking it
    // back gives exactly what was before; figures and facts are the person's.
    Effects link(const Evidence& evidence, const Stamp& at);
    Effects unlink(const Evidence& evidence, const Stamp& at);
    // Which enrolled tags ("tag:HEX") each member carries, and no others: only of members who agree
    // to be tied to a tag's way.
    Effects enrolled(const std::map<std::string, std::vector<std::string>>& tags, const Stamp& at);
    // All names of this person, the head first; only the name itself where nothing is tied.
    [[nodiscard]] std::vector<std::string> person(std::string_view name) const;

    // One person under two pseudonyms, as after a rotation of the store's key: what is known of
    // `from` becomes known of `to`, and `from` is forgotten. Nothing if `from` is not known. Where
    // both are, purchases are put together and of two statements the later counts.
    Effects take_over(const MemberKey& from, const MemberKey& to, const Stamp& at);

    // Said in the shop. The later statement wins by wall time; at the same instant the withdrawal.
    // An older statement than the one that is kept changes nothing and has no effect.
    Effects consent(const ConsentChange& change);

    // Products are reference data: they are not part of this room's state. Told again at each
    // start, before restore's sales.
    void product(const ProductRow& row);
    void product_gone(const std::string& sku);
    // Category and brand of a SKU, or null.
    [[nodiscard]] const ProductRow* product(std::string_view sku) const;

    // Who is in which segment, from now on.
    void segments(std::shared_ptr<const SegmentRules> rules);
    // How many names a segment has, as last judged.
    [[nodiscard]] std::map<std::string, std::size_t> segment_sizes() const;
    // Whether what the chain says of its members (tier, tags, scores, birthday) still holds.
    void reference_holds(bool holds);

    // Moves life-cycle stages and segments on with time, at most kScanMax customers a call, in
    // turn; each at most once a minute.
    Effects tick(const Stamp& now);

    // `known` is false for a member that was never seen.
    [[nodiscard]] CustomerCard card(const MemberKey& member, const Stamp& now) const;
    [[nodiscard]] bool consents(const MemberKey& member, std::string_view purpose) const;
    // cust.* (docs/customers.md has the list). Absent facts are left out (unknown), never zeroed.
    [[nodiscard]] conditions::Facts facts(const MemberKey& member, const Stamp& now) const;

    // One row a name with something to keep, key = pseudonym; a link is link/NAME/NAME/SOURCE, and
    // ~quantiles the day's fifths. Malformed names the first bad row and leaves the state empty.
    Status restore(std::span<const StateChange> rows);
    // All rows, in order of key: what restore() would need.
    [[nodiscard]] std::vector<StateChange> rows() const;

    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] std::uint64_t refused() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aisle::customers
