#include <algorithm>
#include <boost/json.hpp>

#include "agent/app/customer_desk.hpp"

namespace aisle::app {
namespace {

namespace json = boost::json;

json::array texts(const std::vector<std::string>& all) {
    json::array out;
    for (const std::string& one : all) out.emplace_back(one);
    return out;
}

json::array last_of(const CustomerCard& card) {
    json::array out;
    for (const Purchase& purchase : card.last) {
        json::object one;
        one["at"] = to_rfc3339(purchase.at);
        one["total_minor"] = purchase.total.minor();
        one["lines"] = purchase.lines;
        out.emplace_back(std::move(one));
    }
    return out;
}

json::object consent_of(const CustomerCard& card) {
    json::object out;
    for (const auto& [purpose, consent] : card.consent) {
        json::object one;
        one["granted"] = consent.granted;
        one["at"] = to_rfc3339(consent.at);
        one["version"] = consent.version;
        out[purpose] = std::move(one);
    }
    return out;
}

}  // namespace

std::string customer_json(const CustomerCard& card, const std::vector<std::string>& names) {
    json::object out;
    out["pseudonym"] = card.member.value;
    out["known"] = card.known;
    if (!card.known) return json::serialize(out);
    out["lifecycle"] = to_text(card.stage);
    if (!card.tier.empty()) out["tier"] = card.tier;
    out["tags"] = texts(card.tags);
    out["segments"] = texts(card.segments);
    out["purchases"] = card.purchases;
    out["spent_minor"] = card.spent.minor();
    if (card.days_since_last >= 0) {
        out["days_since_last"] = card.days_since_last;
        json::object rfm;
        rfm["r"] = card.recency;
        rfm["f"] = card.frequency;
        rfm["m"] = card.monetary;
        out["rfm"] = std::move(rfm);
    }
    json::object categories;
    for (const auto& [category, n] : card.categories) categories[category] = n;
    out["categories"] = std::move(categories);
    out["last"] = last_of(card);
    out["consent"] = consent_of(card);
    out["names"] = texts(names);
    return json::serialize(out);
}

MemberKey pseudonym_from(std::string_view text) {
    constexpr std::size_t kDigits = 32;
    const bool hex = std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    return text.size() == kDigits && hex ? MemberKey{std::string{text}} : MemberKey{};
}

}  // namespace aisle::app
