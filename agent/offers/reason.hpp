#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace aisle::offers {

// Why a campaign was taken or not: exactly one a candidate. The closed list of docs/offers.md, in
// the order in which the gates are passed: a greater value came further. The texts are part of the
// wire contract.
enum class Reason : std::uint8_t {
    DwellTooShort,
    OutsideWindow,
    QuietHours,
    NoMember,
    NotInAudience,
    NoConsent,
    ConditionFalse,
    ConditionUnknown,
    ScopeEmpty,
    BelowFirstTier,
    StoppedHere,
    Guardrail,
    Queue,
    ZoneLoad,
    StaffLoad,
    Rearm,
    DuplicateLive,
    CustomerCap,
    Cooldown,
    ToldElsewhere,
    Redemptions,
    NoLease,
    Budget,
    OutOfStock,
    NothingLeft,
    Full,
    LowerPriority,
    Exclusive,
    OrderLimit,
    Control,
    Holdout,
    HoldoutEntitled,
    Chosen,
};
inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::Chosen) + 1;

std::string_view to_text(Reason reason);  // outside_window, no_member, ...
std::optional<Reason> reason_from(std::string_view text);

// Whether it was for this customer and this moment: what stands in its way, if anything, are its
// limits and its rivals.
inline bool eligible(Reason reason) { return reason >= Reason::StoppedHere; }

// Whether the campaign gets its offer, shown (Chosen, HoldoutEntitled) or as a ghost (Control,
// Holdout).
inline bool wins(Reason reason) { return reason >= Reason::Control; }

}  // namespace aisle::offers
