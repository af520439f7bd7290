#include <algorithm>
#include <array>

#include <boost/json/value.hpp>

#include "agent/offers/loader.hpp"

// How campaigns stand beside each other in one order, and what a return takes back.
namespace aisle::offers {
namespace {

namespace json = boost::json;

constexpr std::array kGroups{StackGroup::Item, StackGroup::Order, StackGroup::Coupon,
                             StackGroup::Points};
constexpr std::int64_t kPerOrderMax = 100;

// What is about single pieces comes before what is about the order; what takes nothing off comes
// when the price is settled.
StackGroup usual_group(const Action& action) {
    const bool pieces = std::holds_alternative<FixedPrice>(action) ||
                        std::holds_alternative<NthItem>(action) ||
                        std::holds_alternative<BundlePrice>(action);
    if (pieces) return StackGroup::Item;
    const bool settled = !lowers_price(action) && gifts_of(action).empty();
    return settled ? StackGroup::Points : StackGroup::Order;
}

StackGroup read_group(Reader& reader, StackGroup usual) {
    const auto text = reader.text("group");
    if (!text) return usual;
    const auto* const at =
        std::ranges::find(kGroups, *text, [](StackGroup group) { return to_text(group); });
    if (at != kGroups.end()) return *at;
    reader.fault("group", "must be one of item, order, coupon, points");
    return usual;
}

void read_exclusive(Reader& reader, Stack& stack) {
    const json::value* const value = reader.take("exclusive");
    if (!value) return;
    if (value->is_bool())
        stack.exclusive = value->get_bool();
    else if (value->is_string() && !value->get_string().empty())
        stack.one_of = std::string{value->get_string()}.substr(0, kTextBytesMax);
    else
        reader.fault("exclusive", "must be true, false or the name of a group");
}

}  // namespace

Stack read_stack(const json::object* object, const Action& action, FieldFaults& faults) {
    const StackGroup usual = usual_group(action);
    Stack stack{.group = usual, .one_of = {}, .with = {}};
    if (object) {
        Reader reader{*object, "stack", faults};
        stack.group = read_group(reader, usual);
        read_exclusive(reader, stack);
        stack.priority = static_cast<std::int32_t>(
            reader.integer("priority", {.min = -1'000'000, .max = 1'000'000}).value_or(0));
        stack.max_per_order = static_cast<std::int32_t>(
            reader.integer("max_per_order", {.min = 1, .max = kPerOrderMax}).value_or(0));
        stack.with = reader.texts("with");
        reader.finish();
    }
    // Points, codes and words do not stand in each other's way unless the campaign says so.
    if (!object || stack.max_per_order == 0)
        stack.max_per_order = stack.group == StackGroup::Points ? kPerOrderMax : 1;
    return stack;
}

Returns read_returns(Reader& campaign) {
    Returns returns;
    const std::string policy = campaign.text("returns").value_or("share");
    if (policy != "share" && policy != "recheck")
        campaign.fault("returns", "must be share or recheck");
    if (policy == "recheck") returns.policy = ReturnPolicy::Recheck;
    const std::string budget = campaign.text("returns_budget").value_or("back");
    if (budget != "back" && budget != "keep")
        campaign.fault("returns_budget", "must be back or keep");
    returns.budget_back = budget == "back";
    return returns;
}

void check_stack(Reader& campaign, const Campaign& made) {
    const StackGroup group = made.stack.group;
    const bool points = group == StackGroup::Points;
    const bool gift = !gifts_of(made.action).empty();
    if (points && (lowers_price(made.action) || gift))
        campaign.fault("stack.group", "points is for what takes nothing off and gives no goods");
    if (!points && std::holds_alternative<PointsMultiplier>(made.action))
        campaign.fault("stack.group", "must be points: they are of what is paid in the end");
    const bool basket = made.trigger.kind == TriggerKind::Basket;
    if (group == StackGroup::Coupon && !basket)
        campaign.fault("stack.group", "coupon is for baskets: there its code is presented");
    if (basket && std::holds_alternative<ServiceTask>(made.action))
        campaign.fault("action.type", "service_task is for people on the floor, not for baskets");
}

}  // namespace aisle::offers
