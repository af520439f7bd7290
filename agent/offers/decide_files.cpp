#include "agent/offers/decide_files.hpp"

#include <map>

#include <boost/json.hpp>

#include "agent/offers/stored_context.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

json::array shares_json(const std::vector<LineShare>& shares) {
    json::array all;
    for (const LineShare& share : shares) {
        json::object one;
        one["line"] = share.line;
        one["amount"] = share.amount.minor();
        all.push_back(std::move(one));
    }
    return all;
}

// What is not money.
void put_other(const Price& price, json::object& out) {
    if (!price.gift_sku.empty()) out["gift_sku"] = price.gift_sku;
    if (price.points > 0) out["points"] = price.points;
    if (price.gift_choices.empty()) return;
    json::array choices;
    for (const std::string& sku : price.gift_choices) choices.emplace_back(sku);
    out["gift_choices"] = std::move(choices);
}

std::string answer_json(const CampaignSet& set, const Decided& decided) {
    json::array offers, considered;
    std::map<int, Money> by_line;
    Money off;
    for (const Win& win : decided.wins) {
        json::object one;
        one["campaign"] = set.all()[win.campaign].id.value;
        one["action"] = std::string{to_text(action_of(set.all()[win.campaign], win.arm))};
        one["reason"] = std::string{to_text(win.reason)};
        one["price"] = win.price.off.minor();
        one["shares"] = shares_json(win.price.shares);
        put_other(win.price, one);
        offers.push_back(std::move(one));
        off += win.price.off;
        for (const LineShare& share : win.price.shares) by_line[share.line] += share.amount;
    }
    std::vector<LineShare> shares;
    for (const auto& [line, amount] : by_line) shares.push_back({.line = line, .amount = amount});
    for (const Considered& one : decided.considered) {
        json::object entry;
        entry["campaign"] = set.all()[one.campaign].id.value;
        entry["reason"] = std::string{to_text(one.reason)};
        considered.push_back(std::move(entry));
    }
    json::object out;
    out["chosen"] = decided.decision.winner.empty() ? json::value(nullptr)
                                                    : json::value(decided.decision.winner.value);
    out["price"] = off.minor();
    out["shares"] = shares_json(shares);
    out["offers"] = std::move(offers);
    out["considered"] = std::move(considered);
    return json::serialize(out);
}

}  // namespace

Result<std::string> decide_context(const CampaignSet& set, std::string_view text) {
    const auto context = read_context(set, text);
    if (!context) return context.error();
    return answer_json(set, decide(set, context->pointed(), KeptLedger{set, context->answers}));
}

}  // namespace aisle::offers
