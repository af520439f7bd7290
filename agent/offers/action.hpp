#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/money.hpp"
#include "agent/core/time.hpp"

// What a campaign gives, as its file says it (reference: docs/offers.md). Amounts are minor units,
// shares basis points; what each comes to is pricing.hpp.
namespace aisle::offers {

// What lines an action is about; both empty: all.
struct Scope {
    std::vector<std::string> categories = {};
    std::vector<std::string> skus = {};

    [[nodiscard]] bool everything() const { return categories.empty() && skus.empty(); }
};

struct Tier {
    Money spend;
    Money save;
};

// The highest tier that the spend has reached.
struct SpendTiers {
    Scope scope;
    std::vector<Tier> tiers;  // ascending by spend and by save; not empty
    Money max;
};

struct PercentOff {
    Scope scope;
    BasisPoints share;
    std::optional<Money> max;
};

struct Gift {
    Scope scope;
    std::string sku;
    Money min_spend;
    Money worth;  // what one gift takes from the budget
};

// `save` for every whole `every` of the spend.
struct EverySave {
    Scope scope;
    Money every;
    Money save;
    std::optional<Money> max;
};

struct FixedOff {
    Scope scope;
    Money amount;
    Money min_spend;
};

// A piece, or 1,000 thousandths of what is weighed, costs `price` and never more than without it.
struct FixedPrice {
    Scope scope;
    Money price;
    std::optional<std::int64_t> pieces;  // at most so many of an order; weighed goods then not
    std::optional<Money> max;
};

// `share` off one piece of every `n`.
struct NthItem {
    // Which ones: the cheapest, as many as there are whole n; or every n-th from the dearest down.
    enum class Pick { Cheapest, Ranked };

    Scope scope;
    std::int64_t n = 2;
    BasisPoints share;
    Pick pick = Pick::Cheapest;
    bool each_sku = false;  // counted for each SKU alone: the second of the same
    std::optional<std::int64_t> times;
    std::optional<Money> max;
};

struct BundlePart {
    Scope scope;
    std::int64_t n = 1;  // pieces of it in one bundle
};
inline constexpr std::size_t kBundlePartsMax = 4;  // 2^4 subsets are looked at for each line

struct BundlePrice {
    Scope scope;  // of all parts together
    std::vector<BundlePart> parts;
    Money price;  // of one bundle
    std::optional<std::int64_t> times;
    std::optional<Money> max;
};

struct GiftChoice {
    Scope scope;
    std::vector<std::string> skus;  // one of these
    Money min_spend;
    Money worth;  // of the dearest
};

// Extra points: (multiplier - 1) for each `per` of the spend, on top of what the shop gives anyway.
struct PointsMultiplier {
    Scope scope;
    BasisPoints multiplier{20'000};
    Money per;  // spend for one point
    std::optional<std::int64_t> max_points;
};

// A one-time code for a later visit, good for a campaign of the level `coupon`.
struct CouponIssue {
    Scope scope;
    CampaignId campaign;
    milliseconds after{0};  // it is good so long after it was handed out,
    milliseconds valid{0};  // for so long
    Money min_spend;
    Money worth;  // what one coupon takes from the budget of this campaign
};

// Something that staff should do; its life is that of an offer.
struct ServiceTask {
    Scope scope;
    std::string task;
};

struct Message {  // the titles say it
    Scope scope;
};

using Action =
    std::variant<SpendTiers, PercentOff, Gift, EverySave, FixedOff, FixedPrice, NthItem,
                 BundlePrice, GiftChoice, PointsMultiplier, CouponIssue, ServiceTask, Message>;
inline constexpr std::size_t kActions = std::variant_size_v<Action>;

std::string_view to_text(const Action& action);  // spend_tiers, pct_off, gift, ...
const Scope& scope_of(const Action& action);
// The most that it can cost; nothing where the action itself has no limit.
std::optional<Money> most(const Action& action);
// Whether it can take something off what is paid now.
bool lowers_price(const Action& action);
// The gifts that it promises, one of them: empty for other actions.
std::vector<std::string> gifts_of(const Action& action);

}  // namespace aisle::offers
