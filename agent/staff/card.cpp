#include "agent/staff/card.hpp"

#include <algorithm>
#include <cctype>

namespace aisle::staff {
namespace {

namespace json = boost::json;

constexpr std::size_t kHandleDigits = 4;

json::object titles_of(const std::map<std::string, std::string>& titles) {
    json::object out;
    for (const auto& [language, text] : titles) out[language] = text;
    return out;
}

json::array reasons_of(const std::vector<ReasonChip>& chips) {
    json::array out;
    for (const ReasonChip& chip : chips) {
        json::object one;
        one["key"] = chip.key;
        one["value"] = chip.value;
        out.push_back(std::move(one));
    }
    return out;
}

json::array words_of(const std::vector<std::string>& words) {
    json::array out;
    for (const std::string& word : words) out.push_back(json::string{word});
    return out;
}

json::array purchases_of(const std::vector<Purchase>& purchases) {
    json::array out;
    for (const Purchase& purchase : purchases) {
        json::object one;
        one["at"] = to_rfc3339(purchase.at);
        one["total"] = purchase.total.minor();
        one["lines"] = purchase.lines;
        out.push_back(std::move(one));
    }
    return out;
}

// What somebody buys most often, most often first; few enough for a phone.
json::array favourites_of(const std::map<std::string, std::int32_t>& categories) {
    constexpr std::size_t kFavouritesMax = 3;
    std::vector<std::pair<std::string, std::int32_t>> sorted{categories.begin(), categories.end()};
    std::ranges::stable_sort(sorted, std::greater{}, &std::pair<std::string, std::int32_t>::second);
    json::array out;
    for (const auto& [category, purchases] : sorted) {
        if (out.size() == kFavouritesMax) break;
        out.push_back(json::string{category});
    }
    return out;
}

json::value time_or_null(const std::optional<WallTime>& time) {
    if (!time) return nullptr;
    return json::string{to_rfc3339(*time)};
}

json::object source_of(const SourceStatus& source) {
    json::object out;
    out["name"] = source.name;
    out["driver"] = source.driver;
    out["up"] = source.up;
    out["detail"] = source.detail;
    out["readings"] = source.readings;
    out["last"] = time_or_null(source.last);
    return out;
}

json::object dataset_of(const DatasetStatus& dataset) {
    json::object out;
    out["name"] = dataset.name;
    out["version"] = dataset.version;
    out["rows"] = dataset.rows;
    out["age_s"] = dataset.age_s;
    out["valid_until"] = to_rfc3339(dataset.valid_until);
    out["over"] = dataset.over;
    return out;
}

}  // namespace

std::string_view to_text(OfferState state) {
    switch (state) {
        case OfferState::Offered:
            return "offered";
        case OfferState::Accepted:
            return "accepted";
        case OfferState::Presented:
            return "presented";
        case OfferState::Redeemed:
            return "redeemed";
        case OfferState::Declined:
            return "declined";
        case OfferState::Expired:
            return "expired";
    }
    return "expired";
}

std::string_view to_text(TriggerKind trigger) {
    switch (trigger) {
        case TriggerKind::ZoneDwell:
            return "zone_dwell";
        case TriggerKind::MemberSeen:
            return "member_seen";
        case TriggerKind::Basket:
            return "basket";
        case TriggerKind::Sale:
            return "sale";
        case TriggerKind::ZoneEnter:
            return "zone_enter";
        case TriggerKind::Occupancy:
            return "occupancy";
        case TriggerKind::Footfall:
            return "footfall";
        case TriggerKind::Time:
            return "time";
        case TriggerKind::Weather:
            return "weather";
        case TriggerKind::Stock:
            return "stock";
    }
    return "sale";
}

bool is_live(OfferState state) {
    return state == OfferState::Offered || state == OfferState::Accepted ||
           state == OfferState::Presented;
}

std::string handle_of(const MemberKey& member) {
    if (member.empty()) return {};
    const std::string& key = member.value;
    std::string out = "#" + key.substr(key.size() - std::min(key.size(), kHandleDigits));
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

std::int64_t milliseconds_of(MonoTime time) {
    return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
}

json::array verdicts_of(const std::vector<CampaignVerdict>& verdicts) {
    json::array out;
    for (const CampaignVerdict& verdict : verdicts) {
        json::object one;
        one["campaign"] = verdict.campaign.value;
        one["reason"] = verdict.reason;
        out.push_back(std::move(one));
    }
    return out;
}

json::object card_of(const Offer& offer, const Stamp& now) {
    json::object out;
    out["id"] = offer.id.value;
    out["revision"] = offer.revision;
    out["state"] = to_text(offer.state);
    out["by"] = offer.by;
    out["action"] = offer.action;
    out["trigger"] = to_text(offer.trigger);
    out["title"] = titles_of(offer.title);
    out["value"] = offer.value.minor();
    out["handle"] = handle_of(offer.member);
    out["tier"] = offer.tier;
    out["lifecycle"] = offer.lifecycle;
    out["eyes"] = offer.eyes;
    out["zone"] = offer.zone.value;
    out["till"] = offer.till.value;
    out["reasons"] = reasons_of(offer.reasons);
    out["decline_reasons"] = words_of(offer.decline_reasons);
    out["code"] = offer.code;
    out["gift_sku"] = offer.gift_sku;
    out["gift_choices"] = words_of(offer.gift_choices);
    out["points"] = offer.points;
    out["wait_ms"] = offer.expires.wait.count();
    out["ends"] = milliseconds_of(now.mono + remaining(offer.expires, now));
    out["made_at"] = to_rfc3339(offer.made.wall);
    out["why_not"] = verdicts_of(offer.decision.nearest);
    return out;
}

json::object profile_of(const CustomerCard& customer) {
    json::object out;
    out["handle"] = handle_of(customer.member);
    out["known"] = customer.known;
    out["tier"] = customer.tier;
    out["lifecycle"] = aisle::to_text(customer.stage);
    out["recency"] = customer.recency;
    out["frequency"] = customer.frequency;
    out["monetary"] = customer.monetary;
    out["purchases"] = customer.purchases;
    out["spent"] = customer.spent.minor();
    out["days_since_last"] = customer.days_since_last;
    out["last"] = purchases_of(customer.last);
    out["favourites"] = favourites_of(customer.categories);
    json::object consent;
    for (const auto& [purpose, given] : customer.consent) consent[purpose] = given.granted;
    out["consent"] = std::move(consent);
    return out;
}

json::object today_of(const Today& today) {
    json::object out;
    out["business_date"] = aisle::to_text(today.business_date);
    out["entries"] = today.entries;
    out["inside"] = today.inside;
    out["sales"] = today.sales;
    out["takings"] = today.takings.minor();
    out["conversion_permille"] = nullptr;
    if (today.conversion_permille) out["conversion_permille"] = *today.conversion_permille;
    out["blind_s"] = today.blind_s;
    out["offers_made"] = today.offers_made;
    out["offers_redeemed"] = today.offers_redeemed;
    return out;
}

json::object status_of(const ShopStatus& status) {
    json::object uplink;
    uplink["connected"] = status.uplink_connected;
    uplink["detail"] = status.uplink_detail;
    uplink["last_ack"] = time_or_null(status.uplink_last_ack);
    uplink["outbox_rows"] = status.outbox_rows;
    json::array sources;
    for (const SourceStatus& source : status.sources) sources.push_back(source_of(source));
    json::object out;
    out["ready"] = status.ready;
    out["started"] = to_rfc3339(status.started);
    out["uplink"] = std::move(uplink);
    out["journal_rows"] = status.journal_rows;
    out["quarantined"] = status.quarantined;
    out["sources"] = std::move(sources);
    json::object bundle;
    bundle["version"] = status.bundle_version;
    bundle["state"] = status.bundle_state;
    out["bundle"] = std::move(bundle);
    json::array datasets;
    for (const DatasetStatus& dataset : status.datasets) datasets.push_back(dataset_of(dataset));
    out["datasets"] = std::move(datasets);
    return out;
}

}  // namespace aisle::staff
