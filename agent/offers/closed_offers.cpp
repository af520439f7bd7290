#include "agent/offers/closed_offers.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "agent/offers/packed_text.hpp"

namespace aisle::offers {
namespace {

std::string packed(const Closed& closed) {
    std::string out;
    put_text(out, closed.offer.value);
    put_text(out, closed.code);
    put_number(out, static_cast<std::uint64_t>(closed.state));
    put_text(out, closed.by);
    put_text(out, closed.sale.value);
    put_text(out, closed.till.value);
    put_integer(out, closed.at.time_since_epoch().count());
    out.shrink_to_fit();
    return out;
}

Closed unpacked(std::string_view bytes, std::uint64_t order) {
    VarintReader in{{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}};
    Closed closed{.order = order};
    closed.offer = OfferId{text_from(in)};
    closed.code = text_from(in);
    closed.state = static_cast<OfferState>(in.number());
    closed.by = text_from(in);
    closed.sale = SaleId{text_from(in)};
    closed.till = TillId{text_from(in)};
    closed.at = WallTime{milliseconds{in.integer()}};
    assert(in.at_end());
    return closed;
}

}  // namespace

// Offers' ids are as good as random: any part of one is a hash.
std::size_t ClosedOffers::IdHash::operator()(const Id128& id) const {
    std::size_t hash = 0;
    std::memcpy(&hash, id.data(), sizeof hash);
    return hash;
}

std::optional<ClosedOffers::Order> ClosedOffers::order_of(std::string_view offer) const {
    if (const auto id = id_from_hex(offer)) {
        const auto known = by_id_.find(*id);
        return known == by_id_.end() ? std::nullopt : std::optional{known->second};
    }
    const auto known = by_odd_id_.find(offer);
    return known == by_odd_id_.end() ? std::nullopt : std::optional{known->second};
}

std::optional<Closed> ClosedOffers::at(std::optional<Order> order) const {
    if (!order) return std::nullopt;
    return unpacked(rows_.at(*order), *order);
}

std::optional<Closed> ClosedOffers::find(const OfferId& offer) const {
    return at(order_of(offer.value));
}

std::optional<Closed> ClosedOffers::under(const std::string& code) const {
    const auto known = by_code_.find(code);
    return at(known == by_code_.end() ? std::nullopt : std::optional{known->second});
}

std::optional<Closed> ClosedOffers::named(const std::string& name) const {
    auto closed = under(name);
    return closed ? closed : find(OfferId{name});
}

void ClosedOffers::put(const Closed& closed) {
    if (const auto earlier = order_of(closed.offer.value)) rows_.erase(*earlier);
    Order order = closed.order;
    while (rows_.contains(order)) ++order;  // no two are the same; if they were, both would stay
    rows_[order] = packed(closed);
    if (const auto id = id_from_hex(closed.offer.value))
        by_id_[*id] = order;
    else
        by_odd_id_[closed.offer.value] = order;
    if (closed.code.empty()) return;
    // Rows come back in any order; the latest counts.
    const auto [code, fresh] = by_code_.try_emplace(closed.code, order);
    if (!fresh) code->second = std::max(code->second, order);
}

OfferId ClosedOffers::drop_oldest() {
    if (rows_.empty()) return {};
    const auto oldest = rows_.begin();
    const Closed closed = unpacked(oldest->second, oldest->first);
    if (const auto id = id_from_hex(closed.offer.value))
        by_id_.erase(*id);
    else
        by_odd_id_.erase(closed.offer.value);
    const auto code = by_code_.find(closed.code);
    if (code != by_code_.end() && code->second == oldest->first) by_code_.erase(code);
    rows_.erase(oldest);
    return closed.offer;
}

void ClosedOffers::clear() {
    rows_.clear();
    by_id_.clear();
    by_odd_id_.clear();
    by_code_.clear();
}

std::vector<OfferId> ClosedOffers::ids() const {
    std::vector<OfferId> ids;
    for (const auto& [order, bytes] : rows_) ids.push_back(unpacked(bytes, order).offer);
    return ids;
}

}  // namespace aisle::offers
