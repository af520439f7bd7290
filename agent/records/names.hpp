#pragma once

#include <optional>
#include <string_view>

#include "agent/core/customer.hpp"
#include "agent/core/offer.hpp"
#include "agent/core/sale.hpp"
#include "agent/core/scene_view.hpp"
#include "agent/core/traffic.hpp"

// The words that stand for the domain's enumerations in every JSON of ours, snake_case
// (docs/wire-format.md). `from_text(text)` answers nothing for a word that is not of the list.
namespace aisle::records {

std::string_view to_text(SaleType value);    // sale return exchange void no_sale control
std::string_view to_text(SaleStatus value);  // completed suspended cancelled post_voided training
std::string_view to_text(LineKind value);    // sale return deposit fee gift_card donation
// cash card alipay wechat_pay voucher gift_card points account other
std::string_view to_text(TenderKind value);
std::string_view to_text(TriggerKind value);  // zone_dwell member_seen basket sale ...
std::string_view to_text(OfferState value);  // offered accepted presented redeemed declined expired
std::string_view to_text(OfferAction value);      // accept present redeem decline
std::string_view to_text(RedemptionProof value);  // code basket staff inferred
std::string_view to_text(Direction value);        // in out
std::string_view to_text(TagBearer value);        // trolley staff member
std::string_view to_text(ZoneUse value);          // area queue
using aisle::to_text;                             // LifecycleStage, ClockQuality, Stream, Date

template <typename Enum>
std::optional<Enum> from_text(std::string_view text);
template <>
std::optional<SaleType> from_text(std::string_view text);
template <>
std::optional<SaleStatus> from_text(std::string_view text);
template <>
std::optional<LineKind> from_text(std::string_view text);
template <>
std::optional<TenderKind> from_text(std::string_view text);
template <>
std::optional<TriggerKind> from_text(std::string_view text);
template <>
std::optional<OfferState> from_text(std::string_view text);
template <>
std::optional<OfferAction> from_text(std::string_view text);
template <>
std::optional<RedemptionProof> from_text(std::string_view text);
template <>
std::optional<Direction> from_text(std::string_view text);
template <>
std::optional<TagBearer> from_text(std::string_view text);
template <>
std::optional<ZoneUse> from_text(std::string_view text);
template <>
std::optional<LifecycleStage> from_text(std::string_view text);

}  // namespace aisle::records
