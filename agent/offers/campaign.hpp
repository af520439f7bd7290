#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent/conditions/condition.hpp"
#include "agent/core/offer.hpp"
#include "agent/core/time.hpp"
#include "agent/offers/action.hpp"

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

// A figure that has to be crossed: on it counts. Crossed once it is left alone until the figure has
// come back by more than `back`, so that one that trembles on the level does not fire each time.
struct Level {
    enum class Way { Above, Below };

    double at = 0;
    double back = 0;
    Way way = Way::Above;

    [[nodiscard]] bool reached(double value) const {
        return way == Way::Above ? value >= at : value <= at;
    }
    [[nodiscard]] bool released(double value) const {
        return way == Way::Above ? value < at - back : value > at + back;
    }
};

// How facts are named that triggers watch: people in a zone, pieces of a SKU.
inline constexpr std::string_view kZonePeople = "ctx.people.";
inline constexpr std::string_view kStockFact = "stock.";

// Every so many minutes of the local day, or at these minutes of it.
struct Timetable {
    std::vector<int> at;  // ascending; empty: every
    minutes every{0};

    // The latest time at or before `now` that the table names. A local time that the zone skips
    // stands for the moment after the gap, one that comes twice for the first.
    [[nodiscard]] std::optional<WallTime> latest(const TimeZone& zone, WallTime now) const;
};

// What a campaign waits for; which fields count hangs on the kind (docs/offers.md).
struct Trigger {
    TriggerKind kind = TriggerKind::Basket;
    // zone_enter, zone_dwell: the zone that is watched. For what happens to the whole shop: where
    // staff are prompted, if anywhere.
    ZoneId zone;
    seconds min{0};    // dwell
    seconds rearm{0};  // the same subject is left alone for so long
    // What happens once for all campaigns that wait for the same: they are asked together. Empty
    // where somebody or something in particular is the cause.
    std::string edge;
    std::string fact;                    // occupancy, weather, stock: that is watched
    std::optional<Level> level;          // occupancy, footfall, stock; weather in figures
    std::vector<conditions::Scalar> is;  // weather: one of these; empty without a level: any change
    DoorId door;                         // footfall; empty: all that count
    minutes window{0};                   // footfall: of whole minutes, the present one included
    Timetable timetable;                 // time

    // Whether it is about a place or the shop and not about somebody.
    [[nodiscard]] bool on_edge() const { return kind >= TriggerKind::Occupancy; }
};

struct Audience {
    std::vector<std::string> segments;  // any of these tags; empty: everybody
    std::vector<std::string> exclude;   // none of these tags
    std::vector<std::string> consent;   // all of these purposes
};

// Levels, in the order in which a basket is priced: each sees what the ones before have left.
// Coupon campaigns are candidates only where one of their codes is presented; at the level of
// points nothing is taken off any more.
enum class StackGroup { Item, Order, Coupon, Points };
inline constexpr std::size_t kStackGroups = 4;
std::string_view to_text(StackGroup group);  // item, order, coupon, points

struct Stack {
    StackGroup group = StackGroup::Order;
    bool exclusive = false;          // alone or not at all, but for `with`
    std::string one_of;              // exclusive among the campaigns of this name; empty: no name
    std::vector<std::string> with;   // levels, names and ids that it may stand beside; empty: any,
                                     // or none if it is exclusive
    std::int32_t priority = 0;       // the greater goes first
    std::int32_t max_per_order = 1;  // of its group, in one order
};

// What a return takes back of a discount: the shares of the lines that came back, or what the lines
// that are kept would not have earned.
enum class ReturnPolicy { Share, Recheck };

struct Returns {
    ReturnPolicy policy = ReturnPolicy::Share;
    bool budget_back = true;  // what is taken back may be given to somebody else
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
    // Nobody is prompted while a queue that is known is longer; the shop may have a rule of its own
    // (LoadLimits).
    std::optional<std::int64_t> queue_max;
};

struct Arm {
    std::string name;  // "control" is withheld like a holdout
    double weight = 0;
    bool prompt = true;                        // false: withheld like "control"
    seconds delay{0};                          // the prompt comes so long after its trigger
    std::map<std::string, std::string> title;  // instead of the delivery's; empty: the same
    std::optional<Action> action;              // another price: only where prices are open
};

// People who are left alone for the comparison. Two with one name hold the same people.
struct Holdout {
    std::string name;
    BasisPoints share{0};
};

// The slice of a layer that may take part: [from, to) of 0..1. Experiments whose slices of one
// layer do not overlap share nobody.
struct Layer {
    std::string name;
    double from = 0;
    double to = 1;
};

struct Experiment {
    std::string key;
    std::string seed;     // of the arms
    std::string holdout;  // name and seed of the holdout
    BasisPoints holdout_share{500};
    std::vector<Arm> arms;
    Holdout global = {};  // the chain's: out of every campaign that does not say otherwise
    std::optional<Layer> layer = std::nullopt;
    bool open_prices = false;         // the campaign says in public that its price is drawn by lot
    bool sticky = true;               // a member stays in the arm that he was drawn into...
    std::int32_t bucket_version = 0;  // ...until this is raised,
    std::int32_t min_bucket_version = 0;  // and who was drawn below this takes no part any more
    minutes block{0};  // switchback: not people but so long stretches of time are drawn; 0: people
    milliseconds observe{86'400'000};  // what is bought so long after the exposure belongs to it
};

// What must not happen while a campaign runs; when it does the campaign is paused on the spot.
enum class GuardMetric { MarginPerBasket, RefundRate, DeclineRate, BudgetBurn };
std::string_view to_text(GuardMetric metric);  // margin_per_basket, refund_rate, ...

struct Guardrail {
    GuardMetric metric = GuardMetric::MarginPerBasket;
    // margin_per_basket: the least difference from those who are withheld, as a share of theirs
    // (-0.05). refund_rate, decline_rate: the greatest share. budget_burn: the greatest multiple of
    // the plan, which spends evenly over the window.
    double limit = 0;
};

struct Delivery {
    seconds ttl{900};
    std::map<std::string, std::string> title;  // by language
    std::string template_id;
    std::vector<std::string> decline_reasons;
    bool code = true;             // issue a one-time code
    std::int32_t max_cards = 20;  // live at once
    // What is told: campaigns with one message are one to whoever hears them. Who has been told it,
    // on whatever channel, is not prompted with it again for so long. Default: the campaign's id.
    std::string message;
    milliseconds no_repeat{0};
    // A price that the card strikes through, as far as the shop's receipts prove it.
    struct Was {
        std::string sku;
        std::optional<Money> claimed;  // absent: as much as is proven
    };
    std::optional<Was> was;
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
    Returns returns;
    Limits limits;
    Experiment experiment;
    Delivery delivery;
    std::vector<Guardrail> guardrails;
    bool personal = false;  // its trigger, audience or condition single people out
};

// Whether it is for nobody but a member who has agreed: its conditions alone do not make it so.
[[nodiscard]] bool needs_member(const Campaign& campaign);

}  // namespace aisle::offers
