#include <array>

#include <boost/json.hpp>

#include "agent/offers/ask.hpp"
#include "agent/offers/texts.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

struct ScalarJson {
    json::value operator()(const std::vector<conditions::Scalar>& list) const {
        json::array all;
        for (const auto& element : list) all.push_back(std::visit(*this, element));
        return all;
    }
    json::value operator()(const auto& plain) const { return json::value(plain); }
};

void add_facts(const conditions::Facts* facts, WallTime now, json::object& out) {
    if (!facts) return;
    for (const conditions::Fact& fact : facts->all())
        if (fact.holds(now)) out.insert_or_assign(fact.key, std::visit(ScalarJson{}, fact.value));
}

json::object basket_json(const Basket& basket, const json::storage_ptr& room) {
    json::array lines(room);
    for (const BasketLine& line : basket.lines) {
        json::object one(room);
        one["n"] = line.n;
        one["sku"] = line.sku;
        if (!line.category.empty()) one["category"] = line.category;
        if (!line.brand.empty()) one["brand"] = line.brand;
        one["qty_milli"] = line.qty_milli;
        one["gross"] = line.gross.minor();
        if (line.discount != Money{}) one["discount"] = line.discount.minor();
        lines.push_back(std::move(one));
    }
    json::object out(room);
    out["key"] = basket.key;
    if (!basket.till.empty()) out["till"] = basket.till.value;
    out["lines"] = std::move(lines);
    return out;
}

}  // namespace

std::string context_json(const Ask& ask) {
    // Every decision writes one: its many small parts share a room that is given up at once.
    std::array<unsigned char, 8192> first_room;
    json::monotonic_resource resource{first_room.data(), first_room.size()};
    const json::storage_ptr room{&resource};
    json::object trigger(room);
    trigger["type"] = std::string{to_text(ask.trigger)};
    if (ask.dwell_s) trigger["dwell_s"] = *ask.dwell_s;
    if (ask.dwell_from_s >= 0) trigger["dwell_from_s"] = ask.dwell_from_s;
    if (ask.asked) trigger["asked"] = true;
    if (ask.withheld_member) trigger["withheld_member"] = true;
    if (!ask.unit.empty()) trigger["unit"] = ask.unit;
    json::object facts(room);
    add_facts(ask.context, ask.at.wall, facts);
    add_facts(ask.customer, ask.at.wall, facts);
    json::object out(room);
    out["now"] = to_rfc3339(ask.at.wall);
    out["trigger"] = std::move(trigger);
    out["facts"] = std::move(facts);
    if (ask.basket) out["basket"] = basket_json(*ask.basket, room);
    if (!ask.member.empty()) out["member"] = ask.member.value;
    if (!ask.zone.empty()) out["zone"] = ask.zone.value;
    if (!ask.store.empty()) out["store"] = ask.store.value;
    return json::serialize(out);
}

}  // namespace aisle::offers
