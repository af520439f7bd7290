#include "agent/records/names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace aisle::records {
namespace {

template <std::size_t N>
using Words = std::array<std::string_view, N>;

// In the order of the enumerations.
constexpr Words<6> kSaleTypes{"sale", "return", "exchange", "void", "no_sale", "control"};
constexpr Words<5> kSaleStatuses{"completed", "suspended", "cancelled", "post_voided", "training"};
constexpr Words<6> kLineKinds{"sale", "return", "deposit", "fee", "gift_card", "donation"};
constexpr Words<9> kTenderKinds{"cash",      "card",   "alipay",  "wechat_pay", "voucher",
                                "gift_card", "points", "account", "other"};
constexpr Words<kTriggerKinds> kTriggers{"zone_dwell", "member_seen", "basket",   "sale",
                                         "zone_enter", "occupancy",   "footfall", "time",
                                         "weather",    "stock"};
constexpr Words<6> kOfferStates{"offered",  "accepted", "presented",
                                "redeemed", "declined", "expired"};
constexpr Words<4> kOfferActions{"accept", "present", "redeem", "decline"};
constexpr Words<4> kProofs{"code", "basket", "staff", "inferred"};
constexpr Words<2> kDirections{"in", "out"};
constexpr Words<3> kBearers{"trolley", "staff", "member"};
constexpr Words<2> kZoneUses{"area", "queue"};
constexpr Words<6> kStages{"new", "active", "at_risk", "dormant", "lost", "won_back"};

template <typename Enum, std::size_t N>
std::string_view word_of(const Words<N>& words, Enum value) {
    return words.at(static_cast<std::size_t>(value));
}

template <typename Enum, std::size_t N>
std::optional<Enum> value_of(const Words<N>& words, std::string_view text) {
    const auto found = std::ranges::find(words, text);
    if (found == words.end()) return std::nullopt;
    return static_cast<Enum>(found - words.begin());
}

}  // namespace

std::string_view to_text(SaleType value) { return word_of(kSaleTypes, value); }
std::string_view to_text(SaleStatus value) { return word_of(kSaleStatuses, value); }
std::string_view to_text(LineKind value) { return word_of(kLineKinds, value); }
std::string_view to_text(TenderKind value) { return word_of(kTenderKinds, value); }
std::string_view to_text(TriggerKind value) { return word_of(kTriggers, value); }
std::string_view to_text(OfferState value) { return word_of(kOfferStates, value); }
std::string_view to_text(OfferAction value) { return word_of(kOfferActions, value); }
std::string_view to_text(RedemptionProof value) { return word_of(kProofs, value); }
std::string_view to_text(Direction value) { return word_of(kDirections, value); }
std::string_view to_text(TagBearer value) { return word_of(kBearers, value); }
std::string_view to_text(ZoneUse value) { return word_of(kZoneUses, value); }

template <>
std::optional<SaleType> from_text(std::string_view text) {
    return value_of<SaleType>(kSaleTypes, text);
}
template <>
std::optional<SaleStatus> from_text(std::string_view text) {
    return value_of<SaleStatus>(kSaleStatuses, text);
}
template <>
std::optional<LineKind> from_text(std::string_view text) {
    return value_of<LineKind>(kLineKinds, text);
}
template <>
std::optional<TenderKind> from_text(std::string_view text) {
    return value_of<TenderKind>(kTenderKinds, text);
}
template <>
std::optional<TriggerKind> from_text(std::string_view text) {
    return value_of<TriggerKind>(kTriggers, text);
}
template <>
std::optional<OfferState> from_text(std::string_view text) {
    return value_of<OfferState>(kOfferStates, text);
}
template <>
std::optional<OfferAction> from_text(std::string_view text) {
    return value_of<OfferAction>(kOfferActions, text);
}
template <>
std::optional<RedemptionProof> from_text(std::string_view text) {
    return value_of<RedemptionProof>(kProofs, text);
}
template <>
std::optional<Direction> from_text(std::string_view text) {
    return value_of<Direction>(kDirections, text);
}
template <>
std::optional<ZoneUse> from_text(std::string_view text) {
    return value_of<ZoneUse>(kZoneUses, text);
}
template <>
std::optional<TagBearer> from_text(std::string_view text) {
    return value_of<TagBearer>(kBearers, text);
}
template <>
std::optional<LifecycleStage> from_text(std::string_view text) {
    return value_of<LifecycleStage>(kStages, text);
}

}  // namespace aisle::records
