#include <utility>

#include <boost/json.hpp>

#include "drivers/pos/baskets.hpp"
#include "drivers/pos/json_fields.hpp"

// Goods that come back: what the till asks before it pays out.
namespace aisle::pos {
namespace {

namespace json = boost::json;

void read_line(std::string_view key, JsonValue& value, ReturnedLine& line) {
    std::int64_t number = 0;
    if (key != "line" && key != "qty_milli") return;
    if (!value.integer(number)) return;
    const std::int64_t most = key == "line" ? 1'000'000 : kBasketQuantityMaxMilli;
    if (number < 1 || number > most) return value.fail("out of range");
    if (key == "line")
        line.line = static_cast<int>(number);
    else
        line.qty_milli = number;
}

json::object offer_object(const ReturnedOffer& offer) {
    json::object out;
    out.emplace("offer", offer.offer.value);
    out.emplace("campaign", offer.campaign.value);
    out.emplace("taken_back", offer.taken_back.minor());
    out.emplace("points", offer.points);
    out.emplace("gift_sku", offer.gift_sku);
    return out;
}

}  // namespace

Result<ReturnAsk> return_ask_from_json(std::string_view text) {
    ReturnAsk ask;
    const auto id = [](JsonValue& value, std::string& out) {
        if (value.text_or_digits(out) && out.size() > kBasketIdBytesMax) value.fail("too long");
    };
    const auto status = read_json_object(text, [&](std::string_view key, JsonValue value) {
        if (key == "paid") return id(value, ask.paid);
        if (key == "till") return id(value, ask.till.value);
        if (key != "lines") return;
        value.objects([&](std::string_view k, JsonValue v) { read_line(k, v, ask.lines.back()); },
                      [&](std::size_t i) { return ask.lines.emplace_back(), i < kBasketLinesMax; });
    });
    if (!status) return status.error();
    if (ask.paid.empty()) return malformed("paid: missing");
    if (ask.lines.empty()) return malformed("lines: missing");
    for (const ReturnedLine& line : ask.lines)
        if (line.line == 0 || line.qty_milli == 0) return malformed("lines: line and qty_milli");
    return ask;
}

std::string return_decision_json(const ReturnDecision& decision) {
    json::array lines, offers;
    for (const LineShare& share : decision.lines) {
        json::object one;
        one.emplace("line", share.line);
        one.emplace("amount", share.amount.minor());
        lines.push_back(json::value(std::move(one)));
    }
    for (const auto& offer : decision.offers) offers.push_back(json::value(offer_object(offer)));
    json::object out;
    out.emplace("refund", decision.refund.minor());
    out.emplace("lines", json::value(std::move(lines)));
    out.emplace("offers", json::value(std::move(offers)));
    return json::serialize(out);
}

void serve_returns(runtime::HttpRoutes& routes, ReturnDecide decide) {
    routes.on("POST", "/api/v1/returns:decide",
              [decide = std::move(decide)](const runtime::HttpRequest& request,
                                           const runtime::HttpReply& reply) {
                  if (request.body.size() > kBasketBytesMax) {
                      return reply(runtime::problem(413, "Payload Too Large",
                                                    "a return has at most 256 KiB"));
                  }
                  const auto ask = return_ask_from_json(request.body);
                  if (!ask) return reply(runtime::problem(ask.error()));
                  const auto decision = decide(*ask);
                  if (!decision) return reply(runtime::problem(decision.error()));
                  reply({.status = 200, .body = return_decision_json(*decision)});
              });
}

}  // namespace aisle::pos
