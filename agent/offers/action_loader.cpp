#include <cmath>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "agent/offers/loader.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

constexpr std::size_t kTiersMax = 20;
constexpr Range kAmount{.min = 1, .max = kMoneyMax.minor()};

Scope read_scope(Reader& action) {
    Scope scope;
    const json::object* const object = action.object("scope");
    if (!object) return scope;
    Reader reader{*object, action.path("scope"), action.faults()};
    scope.categories = reader.texts("cat");
    scope.skus = reader.texts("sku");
    reader.finish();
    return scope;
}

std::optional<Tier> read_tier(const json::value& value) {
    const json::array* const pair = value.if_array();
    if (!pair || pair->size() != 2) return std::nullopt;
    const std::int64_t* const spend = (*pair)[0].if_int64();
    const std::int64_t* const save = (*pair)[1].if_int64();
    if (!spend || !save || *save < 1 || *spend < *save || *spend > kAmount.max) return std::nullopt;
    return Tier{.spend = Money::minor(*spend), .save = Money::minor(*save)};
}

SpendTiers read_spend_tiers(Reader& reader) {
    SpendTiers action{.scope = read_scope(reader)};
    const json::array* const tiers = reader.array("tiers");
    if (!tiers || tiers->empty() || tiers->size() > kTiersMax)
        return reader.fault("tiers", "must be a list of 1 to 20 [spend, save]"), action;
    for (std::size_t i = 0; i < tiers->size(); ++i) {
        const std::string here = "tiers[" + std::to_string(i) + "]";
        const auto tier = read_tier((*tiers)[i]);
        if (!tier)
            return reader.fault(here, "must be [spend, save] in minor units, 1 <= save <= spend"),
                   action;
        if (i > 0 &&
            (tier->spend <= action.tiers.back().spend || tier->save <= action.tiers.back().save))
            return reader.fault(here, "must spend and save more than the tier before it"), action;
        action.tiers.push_back(*tier);
    }
    action.max = action.tiers.back().save;
    if (const auto max = reader.integer("max", kAmount))
        action.max = std::min(action.max, Money::minor(*max));
    return action;
}

// `bp` in basis points, or `pct` in percent with at most two decimals.
BasisPoints read_share(Reader& reader) {
    const auto points = reader.integer("bp", {.min = 1, .max = 10'000});
    const auto percent = reader.number("pct");
    if (points && percent) reader.fault("pct", "is given beside `bp`: one of them is enough");
    if (points) return {static_cast<std::int32_t>(*points)};
    if (!percent) {
        if (!reader.take("bp") && !reader.take("pct")) reader.missing("bp");
        return {};
    }
    const double scaled = *percent * 100;
    const auto rounded = std::isfinite(scaled) && std::abs(scaled) < 1e6 ? std::lround(scaled) : 0L;
    if (rounded < 1 || rounded > 10'000 || std::abs(scaled - static_cast<double>(rounded)) > 1e-6)
        return reader.fault("pct", "must be from 0.01 to 100 with two decimals"), BasisPoints{};
    return {static_cast<std::int32_t>(rounded)};
}

PercentOff read_percent_off(Reader& reader) {
    PercentOff action{.scope = read_scope(reader), .share = read_share(reader)};
    if (const auto max = reader.integer("max", kAmount)) action.max = Money::minor(*max);
    return action;
}

Gift read_gift(Reader& reader) {
    Gift action{.scope = read_scope(reader)};
    if (const auto sku = reader.text("sku"))
        action.sku = *sku;
    else
        reader.missing("sku");
    const Range from_zero{.min = 0, .max = kAmount.max};
    action.min_spend = Money::minor(reader.integer("min_spend", from_zero).value_or(0));
    action.worth = Money::minor(reader.integer("worth", from_zero).value_or(0));
    return action;
}

}  // namespace

Action read_action(const json::object& object, const std::string& path, FieldFaults& faults) {
    Reader reader{object, path, faults};
    const std::string type = reader.text("type").value_or("");
    Action action;
    if (type == "spend_tiers")
        action = read_spend_tiers(reader);
    else if (type == "pct_off")
        action = read_percent_off(reader);
    else if (type == "gift")
        action = read_gift(reader);
    else
        return reader.fault("type", "must be spend_tiers, pct_off or gift"), action;
    reader.finish();
    return action;
}

}  // namespace aisle::offers
