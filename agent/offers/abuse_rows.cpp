#include <boost/json.hpp>
#include <stdexcept>

#include "agent/offers/abuse.hpp"
#include "agent/offers/row_json.hpp"

// What the watch must remember over days, as rows.
namespace aisle::offers {
namespace {

namespace json = boost::json;

constexpr std::string_view kUsedRow = "used/", kTillRow = "till/", kCardRow = "card/";
constexpr std::string_view kBegan = "began";

std::int64_t number(const json::array& row, std::size_t at) {
    return row.at(at).to_number<std::int64_t>();
}
std::string text(const json::array& row, std::size_t at) {
    return std::string{row.at(at).as_string()};
}
json::array parse(std::string_view bytes) {
    return json::parse(json::string_view{bytes.data(), bytes.size()}).as_array();
}
template <typename... Parts>
json::array array_of(Parts&&... parts) {
    json::array all;
    (all.emplace_back(std::forward<Parts>(parts)), ...);
    return all;
}

}  // namespace

std::string AbuseWatch::row(const std::string& key) const {
    if (key == kBegan) return began_day_ == 0 ? "" : std::to_string(began_day_);
    const std::string name = key.substr(kUsedRow.size());
    if (key.starts_with(kCardRow)) {
        const auto at = cards_.find(name);
        if (at == cards_.end()) return "";
        json::array all;
        for (const CardUse& use : at->second)
            all.push_back(array_of(use.at.time_since_epoch().count(), use.till.value));
        return json::serialize(all);
    }
    if (key.starts_with(kTillRow)) {
        const auto at = tills_.find(name);
        if (at == tills_.end()) return "";
        json::array days;
        for (const auto& [number_of_day, seen] : at->second.days) {
            json::array hours;
            for (std::size_t h = 0; h < seen.hours.size(); ++h)
                if (seen.hours[h] != Hour{})
                    hours.push_back(array_of(h, seen.hours[h].sales, seen.hours[h].redeemed));
            days.push_back(
                array_of(number_of_day, seen.just_over, seen.kept, seen.undone, std::move(hours)));
        }
        return json::serialize(array_of(at->second.hour, std::move(days)));
    }
    const auto at = used_.find(OfferId{name});
    if (at == used_.end()) return "";
    const Used& used = at->second;
    json::array articles;
    for (const std::uint32_t article : used.articles) articles.push_back(article);
    return json::serialize(
        array_of(used.campaign.value, used.code, used.member.value, used.till.value, used.by,
                 used.sale.value, stamp_json(used.at), used.spend.minor(), used.threshold.minor(),
                 used.total.minor(), used.gift, std::move(articles), used.refunded.minor(),
                 used.gift_back ? 1 : 0, used.undone ? 1 : 0,
                 used.undone_at ? json::value(stamp_json(*used.undone_at)) : json::value(nullptr)));
}

std::vector<std::string> AbuseWatch::keys() const {
    std::vector<std::string> all;
    constexpr std::size_t kRowFrom = 3;
    for (const auto& [offer, used] : used_) all.push_back(std::string{kUsedRow} + offer.value);
    for (const auto& [till, past] : tills_) all.push_back(std::string{kTillRow} + till);
    for (const auto& [member, uses] : cards_)
        if (uses.size() >= kRowFrom) all.push_back(std::string{kCardRow} + member);
    if (began_day_ > 0) all.emplace_back(kBegan);
    return all;
}

void AbuseWatch::restore_row(const std::string& key, std::string_view bytes) {
    if (key == kBegan) {
        began_day_ = std::stoll(std::string{bytes});
        return;
    }
    if (key.size() < kUsedRow.size()) throw std::invalid_argument{"key"};
    const std::string name = key.substr(kUsedRow.size());
    const json::array row = parse(bytes);
    if (key.starts_with(kCardRow)) {
        auto& uses = cards_[name];
        for (const json::value& use : row)
            uses.push_back({.at = WallTime{milliseconds{number(use.as_array(), 0)}},
                            .till = TillId{text(use.as_array(), 1)}});
    } else if (key.starts_with(kTillRow)) {
        TillPast& past = tills_[name];
        past.hour = number(row, 0);
        for (const json::value& each : row.at(1).as_array()) {
            const json::array& day = each.as_array();
            TillDay& seen = past.days[number(day, 0)];
            seen.just_over = static_cast<std::int32_t>(number(day, 1));
            seen.kept = static_cast<std::int32_t>(number(day, 2));
            seen.undone = static_cast<std::int32_t>(number(day, 3));
            for (const json::value& hour : day.at(4).as_array())
                seen.hours.at(static_cast<std::size_t>(number(hour.as_array(), 0))) = {
                    .sales = static_cast<std::int32_t>(number(hour.as_array(), 1)),
                    .redeemed = static_cast<std::int32_t>(number(hour.as_array(), 2))};
        }
    } else if (key.starts_with(kUsedRow)) {
        Used used{.campaign = CampaignId{text(row, 0)},
                  .code = text(row, 1),
                  .member = MemberKey{text(row, 2)},
                  .till = TillId{text(row, 3)},
                  .by = text(row, 4),
                  .sale = SaleId{text(row, 5)},
                  .at = stamp_from(row.at(6)),
                  .spend = Money::minor(number(row, 7)),
                  .threshold = Money::minor(number(row, 8)),
                  .total = Money::minor(number(row, 9)),
                  .gift = static_cast<std::uint32_t>(number(row, 10))};
        for (const json::value& article : row.at(11).as_array())
            used.articles.push_back(static_cast<std::uint32_t>(article.to_number<std::int64_t>()));
        used.refunded = Money::minor(number(row, 12));
        used.gift_back = number(row, 13) != 0;
        used.undone = number(row, 14) != 0;
        if (!row.at(15).is_null()) used.undone_at = stamp_from(row.at(15));
        if (used.undone_at) gifts_out_.insert(OfferId{name});
        used_[OfferId{name}] = std::move(used);
    } else {
        throw std::invalid_argument{"key"};
    }
}

void AbuseWatch::clear() { *this = AbuseWatch{settings_}; }

}  // namespace aisle::offers
