#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent/conditions/condition.hpp"
#include "agent/core/offer.hpp"
#include "agent/core/time.hpp"

// A campaign as its file says it, checked and compiled (reference: docs/offers.md).
namespace aisle::offers {

enum class CampaignState { Draft, Live, Paused, Ended };

struct MinuteRange {  // [from, to) minutes of the local day; to <= from goes over midnight; 24:00
                      // is 1440
    int from = 0;
    int to = 0;

    [[nodiscard]] bool has(int minute_of_day) const;
};

// Half-open [from, to) in the zone; a `to` that is only a date ends at the next local midnight.
struct Window {
    std::optional<WallTime> from;
    std::optional<WallTime> to;
    std::vector<MinuteRange> hours;  // empty: any
    std::uint8_t days = 0x7f;        // bit 0 is Monday; the day on which an hours range began
    const TimeZone* zone = nullptr;

    // `local` is `now` in `zone`.
    [[nodiscard]] bool has(WallTime now, const LocalTime& local) const;
};

struct Trigger {
    TriggerKind kind = TriggerKind::Basket;
    ZoneId zone;       // zone_dwell; for the others empty
    seconds min{0};    // dwell
    seconds rearm{0};  // the same tag is left alone for so long
};

struct Audience {
    std::vector<std::string> segments;  // any of these tags; empty: everybody
    std::vector<std::string> exclude;   // none of these tags
    std::vector<std::string> consent;   // all of these purposes
};

// What lines an action is about; both empty: all.
struct Scope {
    std::vector<std::string> categories;
    std::vector<std::string> skus;

    [[nodiscard]] bool everything() const { return categories.empty() && skus.empty(); }
};

struct Tier {
    Money spend;
    Money save;
};

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

using Action = std::variant<SpendTiers, PercentOff, Gift>;
std::string_view to_text(const Action& action);  // spend_tiers, pct_off, gift
const Scope& scope_of(const Action& action);
// The most that it can take off; nothing where the action itself has no limit.
std::optional<Money> most(const Action& action);

enum class StackGroup { Item, Order };  // items are priced first, the order on what is left

struct Stack {
    StackGroup group = StackGroup::Order;
    bool exclusive = false;          // alone or not at all
    std::int32_t priority = 0;       // the greater goes first
    std::int32_t max_per_order = 1;  // of its group, in one order
};

struct CustomerCap {
    std::int32_t n = 1;
    milliseconds per{0};  // sliding; P1D is 24 hours
};

struct Limits {
    std::vector<CustomerCap> per_customer;
    milliseconds cooldown{0};
    std::optional<MinuteRange> quiet;  // in the zone of the window; holds back prompts only
    std::optional<Money> budget;
    // The budget is the whole chain's: this store spends what HQ has leased it and nothing else.
    bool leased = false;
    std::optional<std::int64_t> redemptions;
};

struct Arm {
    std::string name;  // "control" is withheld like a holdout
    double weight = 0;
};

struct Experiment {
    std::string key;
    std::string seed;     // of the arms
    std::string holdout;  // name and seed of the holdout
    BasisPoints holdout_share{500};
    std::vector<Arm> arms;
};

struct Delivery {
    seconds ttl{900};
    std::map<std::string, std::string> title;  // by language
    std::string template_id;
    std::vector<std::string> decline_reasons;
    bool code = true;             // issue a one-time code
    std::int32_t max_cards = 20;  // live at once
};

struct Campaign {
    CampaignId id;
    std::int32_t version = 1;
    CampaignState state = CampaignState::Live;
    Window window;
    Trigger trigger;
    conditions::Condition when;
    Audience audience;
    Action action;
    Stack stack;
    Limits limits;
    Experiment experiment;
    Delivery delivery;
};

}  // namespace aisle::offers
