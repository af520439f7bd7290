#include "agent/offers/texts.hpp"

#include <algorithm>
#include <array>

#include "agent/offers/effects.hpp"

namespace aisle::offers {
namespace {

constexpr std::array<std::string_view, kTriggerKinds> kTriggers{
    "zone_dwell", "member_seen", "basket", "sale",    "zone_enter",
    "occupancy",  "footfall",    "time",   "weather", "stock"};
constexpr std::array<std::string_view, 6> kStates{"offered",  "accepted", "presented",
                                                  "redeemed", "declined", "expired"};
constexpr std::array<std::string_view, 6> kVerdicts{"done",    "same",    "taken",
                                                    "illegal", "expired", "unknown"};

template <typename Enum>
std::optional<Enum> from(const auto& texts, std::string_view text) {
    const auto at = std::ranges::find(texts, text);
    if (at == texts.end()) return std::nullopt;
    return static_cast<Enum>(at - texts.begin());
}

}  // namespace

std::string_view to_text(TriggerKind kind) { return kTriggers[static_cast<std::size_t>(kind)]; }
std::string_view to_text(OfferState state) { return kStates[static_cast<std::size_t>(state)]; }
std::string_view to_text(Verdict verdict) { return kVerdicts[static_cast<std::size_t>(verdict)]; }

std::optional<TriggerKind> trigger_from(std::string_view text) {
    return from<TriggerKind>(kTriggers, text);
}
std::optional<OfferState> state_from(std::string_view text) {
    return from<OfferState>(kStates, text);
}

}  // namespace aisle::offers
