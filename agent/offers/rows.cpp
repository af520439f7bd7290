#include <charconv>

#include "agent/offers/edges.hpp"
#include "agent/offers/row_json.hpp"
#include "agent/offers/state.hpp"

// State to rows and back. Keys: offer/ID, account/CAMPAIGN, subject/SUBJECT, visit/TAG|ZONE,
// edge/KIND|EDGE, closed/ID, unit/UNIT, trial/CAMPAIGN, coupon/CODE, gift/SKU, paid/SALE,
// abuse/KEY, price/SKU, sequence.
namespace aisle::offers {
namespace {

constexpr std::string_view kSequence = "sequence";

struct RowKey {
    std::string_view kind;
    std::string name;
};

RowKey split(std::string_view key) {
    const auto slash = key.find('/');
    if (slash == std::string_view::npos) return {key, ""};
    return {key.substr(0, slash), std::string{key.substr(slash + 1)}};
}

template <typename Map>
std::string row_in(const Map& map, const typename Map::key_type& key) {
    const auto at = map.find(key);
    return at == map.end() ? std::string{} : to_row(at->second);
}

template <typename Map>
void add_keys(const std::string& kind, const Map& map, std::vector<std::string>& keys) {
    for (const auto& [key, value] : map) {
        if constexpr (std::is_same_v<typename Map::key_type, std::string>)
            keys.push_back(kind + "/" + key);
        else
            keys.push_back(kind + "/" + key.value);
    }
}

}  // namespace

std::string Engine::State::row(const std::string& key) const {
    const RowKey parts = split(key);
    if (parts.kind == "offer") return row_in(live, OfferId{parts.name});
    if (parts.kind == "account") return row_in(accounts, CampaignId{parts.name});
    if (parts.kind == "subject") {
        const auto* const given = grants.find(parts.name);
        return given ? to_row(*given) : std::string{};
    }
    if (parts.kind == "visit") return row_in(visits, parts.name);
    if (parts.kind == "edge") return row_in(edges, parts.name);
    if (parts.kind == "closed") {
        const auto ended = closed.find(OfferId{parts.name});
        return ended ? to_row(*ended) : std::string{};
    }
    if (parts.kind == "unit") return row_in(units, parts.name);
    if (parts.kind == "trial") return row_in(trials, CampaignId{parts.name});
    if (parts.kind == "coupon") return row_in(coupons, parts.name);
    if (parts.kind == "gift") return row_in(gifts, parts.name);
    if (parts.kind == "paid") return row_in(paid, SaleId{parts.name});
    if (parts.kind == "abuse") return abuse.row(parts.name);
    if (parts.kind == "price") return prices.row(parts.name);
    return std::to_string(ids) + " " + std::to_string(codes_given);
}

std::vector<std::string> Engine::State::keys() const {
    std::vector<std::string> keys;
    add_keys("offer", live, keys);
    add_keys("account", accounts, keys);
    for (const std::string& subject : grants.subjects()) keys.push_back("subject/" + subject);
    add_keys("visit", visits, keys);
    add_keys("edge", edges, keys);
    for (const OfferId& id : closed.ids()) keys.push_back("closed/" + id.value);
    add_keys("unit", units, keys);
    add_keys("trial", trials, keys);
    add_keys("coupon", coupons, keys);
    add_keys("gift", gifts, keys);
    add_keys("paid", paid, keys);
    for (const std::string& key : abuse.keys()) keys.push_back("abuse/" + key);
    for (const std::string& sku : prices.keys()) keys.push_back("price/" + sku);
    if (ids > 0) keys.emplace_back(kSequence);
    return keys;
}

Effects Engine::State::finish(Turn& turn) {
    take_watched(turn);
    for (const std::string& key : marked)
        turn.effects.state.push_back({std::string{kRoom}, key, row(key)});
    marked.clear();
    return std::move(turn.effects);
}

bool Engine::State::restore_row(const StateChange& change) try {
    const RowKey parts = split(change.key);
    if (parts.kind == "offer") {
        from_row(change.bytes, live[OfferId{parts.name}]);
    } else if (parts.kind == "account") {
        from_row(change.bytes, account_of(CampaignId{parts.name}));
    } else if (parts.kind == "subject") {
        std::vector<Grant> given;
        from_row(change.bytes, given);
        grants.put(parts.name, std::move(given));
    } else if (parts.kind == "visit") {
        from_row(change.bytes, visits[parts.name]);
    } else if (parts.kind == "edge") {
        from_row(change.bytes, edges[parts.name]);
    } else if (parts.kind == "closed") {
        Closed ended;
        from_row(change.bytes, ended);
        closed.put(ended);
    } else if (parts.kind == "unit") {
        from_row(change.bytes, units[parts.name]);
    } else if (parts.kind == "trial") {
        from_row(change.bytes, trials[CampaignId{parts.name}]);
    } else if (parts.kind == "coupon") {
        from_row(change.bytes, coupons[parts.name]);
    } else if (parts.kind == "gift") {
        from_row(change.bytes, gifts[parts.name]);
    } else if (parts.kind == "paid") {
        from_row(change.bytes, paid[SaleId{parts.name}]);
    } else if (parts.kind == "abuse") {
        abuse.restore_row(parts.name, change.bytes);
    } else if (parts.kind == "price") {
        return prices.restore_row(parts.name, change.bytes);
    } else if (parts.kind == kSequence) {
        const char* const end = change.bytes.data() + change.bytes.size();
        const auto first = std::from_chars(change.bytes.data(), end, ids);
        if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ' ') return false;
        const auto second = std::from_chars(first.ptr + 1, end, codes_given);
        return second.ec == std::errc{} && second.ptr == end;
    } else {
        return false;
    }
    return true;
} catch (const std::exception&) {
    return false;
}

Status Engine::State::restore(std::span<const StateChange> rows) {
    live.clear(), accounts.clear(), grants.clear(), visits.clear(), closed.clear();
    edges.clear(), edges_settled = false;
    units.clear(), trials.clear(), unjudged.clear();
    coupons.clear(), gifts.clear(), promised_gifts.clear(), paid.clear();
    by_code.clear(), reservations.clear();
    zone_prompts.clear(), staff_offers.clear(), abuse.clear(), prices.clear();
    ids = codes_given = 0;
    settle_accounts();
    for (const StateChange& change : rows) {
        if (change.bytes.empty() || restore_row(change)) continue;
        restore({});
        return malformed("a row of the offers cannot be read: " +
                         change.key.substr(0, change.key.find(std::string_view{"/"})));
    }
    for (const auto& [id, held] : live) {
        if (!held.offer.code.empty()) by_code[held.offer.code] = id;
        if (!held.offer.basket.empty()) reservations[held.offer.basket].insert(id);
        if (!held.offer.ghost) ++account_of(held.offer.campaign).live;
        promise(held.offer, 1);
        count_load(held, 1);
    }
    index_paid();
    for (const auto& [id, account] : accounts) unjudged.insert(id);
    return {};
}

}  // namespace aisle::offers
