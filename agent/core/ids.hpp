#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace aisle {

// A string that names one sort of thing; two sorts never mix by accident.
template <typename Tag>
struct Tagged {
    std::string value;

    Tagged() = default;
    explicit Tagged(std::string text) : value{std::move(text)} {}
    [[nodiscard]] bool empty() const { return value.empty(); }
    friend auto operator<=>(const Tagged&, const Tagged&) = default;
};

using StoreId = Tagged<struct StoreTag>;  // the shop: [a-z0-9-]{1,32}
using TillId = Tagged<struct TillTag>;    // as the till system names it
using SaleId = Tagged<struct SaleTag>;    // 32 hex digits
using MemberKey =
    Tagged<struct MemberTag>;  // pseudonym of a member: 32 hex digits under the store's key
using TagKey = Tagged<struct BeaconTag>;  // pseudonym of an enrolled beacon tag: 32 hex digits
using ZoneId = Tagged<struct ZoneTag>;    // a named part of the floor
using DoorId = Tagged<struct DoorTag>;    // a named counting place
using CampaignId = Tagged<struct CampaignTag>;  // as HQ names it
using OfferId = Tagged<struct OfferTag>;        // 32 hex digits

}  // namespace aisle

template <typename Tag>
struct std::hash<aisle::Tagged<Tag>> {
    std::size_t operator()(const aisle::Tagged<Tag>& id) const noexcept {
        return std::hash<std::string>{}(id.value);
    }
};
