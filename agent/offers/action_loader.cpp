#include <algorithm>
#include <cmath>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "agent/offers/loader.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

constexpr std::size_t kTiersMax = 20;
constexpr std::size_t kGiftsMax = 12;  // to choose from: each is a button
constexpr Range kAmount{.min = 1, .max = kMoneyMax.minor()};
constexpr Range kFromZero{.min = 0, .max = kMoneyMax.minor()};
constexpr Range kPieces{.min = 1, .max = 1'000'000};

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

// A required amount.
Money read_amount(Reader& reader, std::string_view key, Range range = kAmount) {
    const auto amount = reader.integer(key, range);
    if (!amount && !reader.take(key)) reader.missing(key);
    return Money::minor(amount.value_or(range.min));
}

std::optional<Money> read_max(Reader& reader) {
    const auto max = reader.integer("max", kAmount);
    return max ? std::optional{Money::minor(*max)} : std::nullopt;
}

Money read_min_spend(Reader& reader) {
    return Money::minor(reader.integer("min_spend", kFromZero).value_or(0));
}

Money read_worth(Reader& reader) {
    return Money::minor(reader.integer("worth", kFromZero).value_or(0));
}

Gift read_gift(Reader& reader) {
    Gift action{.scope = read_scope(reader)};
    if (const auto sku = reader.text("sku"))
        action.sku = *sku;
    else
        reader.missing("sku");
    action.min_spend = read_min_spend(reader);
    action.worth = read_worth(reader);
    return action;
}

GiftChoice read_gift_choice(Reader& reader) {
    GiftChoice action{.scope = read_scope(reader), .skus = reader.texts("skus")};
    auto distinct = action.skus;
    std::ranges::sort(distinct);
    const bool twice = std::ranges::adjacent_find(distinct) != distinct.end();
    if (action.skus.size() < 2 || action.skus.size() > kGiftsMax || twice)
        reader.fault("skus", "must be 2 to 12 different SKUs");
    action.min_spend = read_min_spend(reader);
    action.worth = read_worth(reader);
    return action;
}

EverySave read_every_save(Reader& reader) {
    EverySave action{.scope = read_scope(reader),
                     .every = read_amount(reader, "every"),
                     .save = read_amount(reader, "save"),
                     .max = read_max(reader)};
    if (action.save > action.every) reader.fault("save", "must not be more than `every`");
    return action;
}

FixedOff read_fixed_off(Reader& reader) {
    return {.scope = read_scope(reader),
            .amount = read_amount(reader, "off"),
            .min_spend = read_min_spend(reader)};
}

FixedPrice read_fixed_price(Reader& reader) {
    return {.scope = read_scope(reader),
            .price = read_amount(reader, "price", kFromZero),
            .pieces = reader.integer("pieces", kPieces),
            .max = read_max(reader)};
}

NthItem read_nth_item(Reader& reader) {
    NthItem action{.scope = read_scope(reader),
                   .n = reader.integer("n", {.min = 2, .max = 1'000}).value_or(2),
                   .share = read_share(reader),
                   .times = reader.integer("times", kPieces),
                   .max = read_max(reader)};
    const std::string pick = reader.text("pick").value_or("cheapest");
    if (pick != "cheapest" && pick != "ranked") reader.fault("pick", "must be cheapest or ranked");
    const std::string each = reader.text("each").value_or("scope");
    if (each != "scope" && each != "sku") reader.fault("each", "must be scope or sku");
    action.pick = pick == "ranked" ? NthItem::Pick::Ranked : NthItem::Pick::Cheapest;
    action.each_sku = each == "sku";
    return action;
}

BundlePart read_part(Reader& bundle, const json::object& object, const std::string& here) {
    Reader reader{object, bundle.path(here), bundle.faults()};
    BundlePart part{.scope = read_scope(reader),
                    .n = reader.integer("n", {.min = 1, .max = 1'000}).value_or(1)};
    reader.finish();
    return part;
}

BundlePrice read_bundle_price(Reader& reader) {
    BundlePrice action{.scope = {},
                       .parts = {},
                       .price = read_amount(reader, "price", kFromZero),
                       .times = reader.integer("times", kPieces),
                       .max = read_max(reader)};
    const json::array* const parts = reader.array("parts");
    if (!parts || parts->empty() || parts->size() > kBundlePartsMax)
        return reader.fault("parts", "must be a list of 1 to 4 {scope, n}"), action;
    bool everything = false;
    for (std::size_t i = 0; i < parts->size(); ++i) {
        const std::string here = "parts[" + std::to_string(i) + "]";
        if (!(*parts)[i].is_object()) return reader.fault(here, "must be {scope, n}"), action;
        action.parts.push_back(read_part(reader, (*parts)[i].get_object(), here));
        const Scope& scope = action.parts.back().scope;
        everything = everything || scope.everything();
        for (const auto& word : scope.categories) action.scope.categories.push_back(word);
        for (const auto& word : scope.skus) action.scope.skus.push_back(word);
    }
    if (everything) action.scope = {};
    return action;
}

PointsMultiplier read_points(Reader& reader) {
    const auto multiplier = reader.integer("bp", {.min = 10'001, .max = 1'000'000});
    if (!multiplier && !reader.take("bp")) reader.missing("bp");
    return {.scope = read_scope(reader),
            .multiplier = {static_cast<std::int32_t>(multiplier.value_or(20'000))},
            .per = read_amount(reader, "per"),
            .max_points = reader.integer("max_points", {.min = 1, .max = 1'000'000'000})};
}

milliseconds read_wait(Reader& reader, std::string_view key) {
    const auto text = reader.text(key);
    const auto wait = text ? parse_duration(*text) : std::nullopt;
    if (text && !wait) reader.fault(key, "must be an ISO 8601 duration such as P14D");
    return wait.value_or(milliseconds{0});
}

CouponIssue read_coupon(Reader& reader) {
    CouponIssue action{.scope = read_scope(reader),
                       .campaign = CampaignId{reader.text("campaign").value_or("")},
                       .after = read_wait(reader, "after"),
                       .valid = read_wait(reader, "valid"),
                       .min_spend = read_min_spend(reader),
                       .worth = read_worth(reader)};
    if (action.campaign.empty()) reader.missing("campaign");
    if (action.valid.count() == 0 && !reader.take("valid")) reader.missing("valid");
    return action;
}

ServiceTask read_task(Reader& reader) {
    ServiceTask action{.scope = read_scope(reader), .task = reader.text("task").value_or("")};
    if (action.task.empty()) reader.missing("task");
    return action;
}

Message read_message(Reader& reader) { return {.scope = read_scope(reader)}; }

template <auto Read>
Action read_as(Reader& reader) {
    return Read(reader);
}

struct Kind {
    std::string_view name;
    Action (*read)(Reader&);
};
constexpr Kind kKinds[] = {{"spend_tiers", read_as<read_spend_tiers>},
                           {"every_x_save_y", read_as<read_every_save>},
                           {"pct_off", read_as<read_percent_off>},
                           {"fixed_off", read_as<read_fixed_off>},
                           {"fixed_price", read_as<read_fixed_price>},
                           {"nth_item_pct", read_as<read_nth_item>},
                           {"bundle_price", read_as<read_bundle_price>},
                           {"gift", read_as<read_gift>},
                           {"gift_choice", read_as<read_gift_choice>},
                           {"points_multiplier", read_as<read_points>},
                           {"coupon_issue", read_as<read_coupon>},
                           {"service_task", read_as<read_task>},
                           {"message", read_as<read_message>}};

}  // namespace

Action read_action(const json::object& object, const std::string& path, FieldFaults& faults) {
    Reader reader{object, path, faults};
    const std::string type = reader.text("type").value_or("");
    const auto* const kind = std::ranges::find(kKinds, type, &Kind::name);
    if (kind == std::end(kKinds)) {
        std::string known;
        for (const Kind& one : kKinds) known += (known.empty() ? "" : ", ") + std::string{one.name};
        return reader.fault("type", "must be one of " + known), Action{};
    }
    Action action = kind->read(reader);
    reader.finish();
    return action;
}

}  // namespace aisle::offers
