#include <stdexcept>

#include <boost/json.hpp>

#include "agent/offers/row_json.hpp"

// Rows of coupons, of gifts and of paid orders. Lists instead of names: there are many.
namespace aisle::offers {
namespace {

namespace json = boost::json;

json::value parse(std::string_view bytes) {
    return json::parse(json::string_view{bytes.data(), bytes.size()});
}

std::string text_at(const json::array& row, std::size_t i) {
    return std::string{row.at(i).as_string()};
}
std::int64_t number_at(const json::array& row, std::size_t i) {
    return row.at(i).to_number<std::int64_t>();
}
Money money_at(const json::array& row, std::size_t i) { return Money::minor(number_at(row, i)); }

json::array deadline_json(const Deadline& deadline) {
    json::array row;
    row.push_back(stamp_json(deadline.set));
    row.emplace_back(deadline.wait.count());
    return row;
}

Deadline deadline_from(const json::value& value) {
    const json::array& row = value.as_array();
    return {.set = stamp_from(row.at(0)), .wait = milliseconds{number_at(row, 1)}};
}

json::array line_json(const PaidLine& line) {
    json::array row;
    row.emplace_back(line.n);
    row.emplace_back(line.sku);
    row.emplace_back(line.category);
    row.emplace_back(line.brand);
    row.emplace_back(line.qty_milli);
    row.emplace_back(line.net.minor());
    row.emplace_back(line.returned_milli);
    return row;
}

PaidLine line_from(const json::array& row) {
    return {.n = static_cast<int>(number_at(row, 0)),
            .sku = text_at(row, 1),
            .category = text_at(row, 2),
            .brand = text_at(row, 3),
            .qty_milli = number_at(row, 4),
            .net = money_at(row, 5),
            .returned_milli = number_at(row, 6)};
}

json::array offer_json(const PaidOffer& offer) {
    json::array shares;
    for (const Money share : offer.shares) shares.emplace_back(share.minor());
    json::array row;
    row.emplace_back(offer.offer.value);
    row.emplace_back(offer.campaign.value);
    row.emplace_back(offer.version);
    row.emplace_back(offer.arm);
    row.emplace_back(offer.member.value);
    row.push_back(std::move(shares));
    row.emplace_back(offer.booked.minor());
    row.emplace_back(offer.points);
    row.emplace_back(offer.gift_sku);
    row.emplace_back(offer.taken.minor());
    row.emplace_back(offer.unbooked.minor());
    row.emplace_back(offer.points_taken);
    row.emplace_back(offer.points_revision);
    row.emplace_back(offer.kept_gift);
    row.emplace_back(offer.over);
    return row;
}

PaidOffer offer_from(const json::array& row) {
    PaidOffer offer{.offer = OfferId{text_at(row, 0)},
                    .campaign = CampaignId{text_at(row, 1)},
                    .version = static_cast<std::int32_t>(number_at(row, 2)),
                    .arm = text_at(row, 3),
                    .member = MemberKey{text_at(row, 4)},
                    .shares = {},
                    .booked = money_at(row, 6),
                    .points = number_at(row, 7),
                    .gift_sku = text_at(row, 8),
                    .taken = money_at(row, 9),
                    .unbooked = money_at(row, 10),
                    .points_taken = number_at(row, 11),
                    .points_revision = static_cast<std::int32_t>(number_at(row, 12)),
                    .kept_gift = row.at(13).as_bool(),
                    .over = row.at(14).as_bool()};
    for (const json::value& share : row.at(5).as_array())
        offer.shares.push_back(Money::minor(share.to_number<std::int64_t>()));
    return offer;
}

}  // namespace

json::array shares_json(const std::vector<LineShare>& shares) {
    json::array all;
    for (const LineShare& share : shares) {
        json::array pair;
        pair.emplace_back(share.line);
        pair.emplace_back(share.amount.minor());
        all.push_back(std::move(pair));
    }
    return all;
}

std::vector<LineShare> shares_from(const json::value& row) {
    std::vector<LineShare> shares;
    for (const json::value& pair : row.as_array())
        shares.push_back({.line = static_cast<int>(number_at(pair.as_array(), 0)),
                          .amount = money_at(pair.as_array(), 1)});
    return shares;
}

json::object coupon_json(const Coupon& coupon) {
    json::object row;
    row["campaign"] = coupon.campaign.value;
    row["from"] = deadline_json(coupon.from);
    row["until"] = deadline_json(coupon.until);
    if (!coupon.basket.empty()) row["basket"] = coupon.basket;
    return row;
}

Coupon coupon_from(const json::value& value) {
    const json::object& row = value.as_object();
    Coupon coupon{.campaign = CampaignId{std::string{row.at("campaign").as_string()}},
                  .from = deadline_from(row.at("from")),
                  .until = deadline_from(row.at("until"))};
    if (const json::value* const basket = row.if_contains("basket"))
        coupon.basket = basket->as_string();
    return coupon;
}

std::string to_row(const Coupon& coupon) { return json::serialize(coupon_json(coupon)); }
void from_row(std::string_view bytes, Coupon& coupon) { coupon = coupon_from(parse(bytes)); }

std::string to_row(const GiftStock& stock) {
    json::array row;
    row.emplace_back(stock.told);
    row.emplace_back(stock.given);
    return json::serialize(row);
}

void from_row(std::string_view bytes, GiftStock& stock) {
    const json::value value = parse(bytes);
    stock = {.told = number_at(value.as_array(), 0), .given = number_at(value.as_array(), 1)};
}

std::string to_row(const PaidOrder& order) {
    json::array lines, offers;
    for (const PaidLine& line : order.lines) lines.push_back(line_json(line));
    for (const PaidOffer& offer : order.offers) offers.push_back(offer_json(offer));
    json::object row;
    row["sale"] = order.sale.value;
    row["basket"] = order.basket;
    row["at"] = stamp_json(order.at);
    row["order"] = order.order;
    row["lines"] = std::move(lines);
    row["offers"] = std::move(offers);
    row["refunded"] = order.refunded.minor();
    return json::serialize(row);
}

void from_row(std::string_view bytes, PaidOrder& order) {
    const json::value value = parse(bytes);
    const json::object& row = value.as_object();
    order = {.sale = SaleId{std::string{row.at("sale").as_string()}},
             .basket = std::string{row.at("basket").as_string()},
             .at = stamp_from(row.at("at")),
             .order = row.at("order").to_number<std::uint64_t>(),
             .refunded = Money::minor(row.at("refunded").to_number<std::int64_t>())};
    for (const json::value& line : row.at("lines").as_array())
        order.lines.push_back(line_from(line.as_array()));
    for (const json::value& offer : row.at("offers").as_array())
        order.offers.push_back(offer_from(offer.as_array()));
    for (const PaidOffer& offer : order.offers)
        if (offer.shares.size() != order.lines.size()) throw std::out_of_range{"shares"};
}

}  // namespace aisle::offers
