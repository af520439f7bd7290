#include "agent/app/engines.hpp"

#include <algorithm>

namespace aisle::app {
namespace {

intake::IntakeSettings intake_settings(const config::AgentConfig& config, const ShopKeys& keys,
                                       const TimeZone& zone) {
    return {.store = StoreId{config.store.id},
            .key = keys.pseudonyms,
            .earlier_keys = keys.earlier,
            .zone = &zone,
            .business_day_cut = config.store.business_day_cut,
            .currency = config.store.currency,
            .minor_digits = config.store.minor_digits,
            .link_cards = config.customers.link_cards};
}

presence::PresenceSettings presence_settings(const config::AgentConfig& config) {
    presence::PresenceSettings settings;
    for (const config::ZoneConfig& zone : config.zones) {
        for (const std::string& scanner : zone.scanners)
            settings.scanners[scanner] = ZoneId{zone.id};
    }
    settings.window = config.presence.window;
    settings.margin_db = config.presence.margin_db;
    settings.dwell_min = config.presence.min_dwell;
    settings.silence_min = config.presence.exit_silence;
    return settings;
}

footfall::FootfallSettings footfall_settings(const config::AgentConfig& config) {
    footfall::FootfallSettings settings;
    for (const config::DoorConfig& door : config.doors) {
        settings.doors.push_back({.id = DoorId{door.id}, .counts_for_conversion = door.counts});
    }
    settings.business_day_cut = config.store.business_day_cut;
    settings.long_stay = config.footfall.long_stay;
    if (config.footfall.opens != config.footfall.closes) {
        settings.zeros = {.opens = config.footfall.opens, .closes = config.footfall.closes};
    }
    return settings;
}

StaffRules staff_rules(const config::AgentConfig& config) {
    StaffRules rules{.opens = config.footfall.opens, .closes = config.footfall.closes};
    for (const config::DoorConfig& door : config.doors) {
        if (!door.zone.empty()) rules.doors[ZoneId{door.zone}] = DoorId{door.id};
    }
    return rules;
}

customers::Settings customer_settings(const config::CustomersConfig& config, const TimeZone& zone) {
    customers::Settings settings;
    settings.zone = &zone;
    settings.quantiles = config.quantiles;
    settings.tag_confidence_min_permille =
        static_cast<std::int32_t>(config.tag_confidence_permille);
    const auto days = [](std::int64_t value) { return static_cast<std::int32_t>(value); };
    for (std::size_t i = 0; i < 4; ++i) {
        settings.rfm.recency_days.at(i) = days(config.recency_days.at(i));
        settings.rfm.frequency.at(i) = days(config.frequency.at(i));
        settings.rfm.monetary_minor.at(i) = config.monetary_minor.at(i);
    }
    settings.lifecycle.at_risk_days = days(config.at_risk_days);
    settings.lifecycle.dormant_days = days(config.dormant_days);
    settings.lifecycle.lost_days = days(config.lost_days);
    return settings;
}

offers::AbuseSettings abuse_settings(const config::AbuseConfig& config) {
    return {
        .card_sales_day = config.card_sales_day,
        .card_sales_rush = config.card_sales_rush,
        .rush = minutes{config.rush_min},
        .split_baskets = config.split_baskets,
        .split = minutes{config.split_min},
        .split_over = {static_cast<std::int32_t>(config.split_over_bp)},
        .refunds_week = config.refunds_week,
        .gift_grace = minutes{config.gift_grace_min},
        .false_per_till_week = static_cast<double>(config.false_per_till_week_permille) / 1'000};
}

offers::Settings offer_settings(const config::AgentConfig& config, const ShopKeys& keys) {
    return {.store = StoreId{config.store.id},
            .codes = {.prefix = config.offers.code_prefix, .key = keys.codes},
            .loads = {.zone_prompts = config.offers.zone_prompts_max,
                      .staff_offers = config.offers.staff_offers_max,
                      .queue = config.offers.queue_max},
            .abuse = abuse_settings(config.abuse),
            .was_price_days = config.offers.was_price_days};
}

}  // namespace

Engines::Engines(const config::AgentConfig& config, const ShopKeys& keys, const TimeZone& zone)
    : intake{intake_settings(config, keys, zone)},
      presence{presence_settings(config)},
      footfall{footfall_settings(config), zone},
      staff_at_door{staff_rules(config), zone},
      customers{customer_settings(config.customers, zone)},
      queue_zones_{config.offers.queue_zones.begin(), config.offers.queue_zones.end()} {}

Result<std::unique_ptr<Engines>> Engines::make(const config::AgentConfig& config,
                                               const ShopKeys& keys, const TimeZone& zone) {
    std::unique_ptr<Engines> engines{new Engines{config, keys, zone}};
    auto offers = offers::Engine::make(offer_settings(config, keys), *engines);
    if (!offers) return offers.error();
    engines->offers = std::move(*offers);
    return engines;
}

std::map<TagKey, presence::TagHolder> Engines::holders() const {
    std::map<TagKey, presence::TagHolder> all;
    for (const auto& [key, tag] : tags) {
        const MemberKey member{tag.member};
        const bool linked = !member.empty() && customers.consents(member, kConsentLocation);
        if (tag.bearer == TagBearer::Member && !linked) continue;  // not followed without consent
        all[key] = {
            .bearer = tag.bearer, .label = tag.label, .member = linked ? member : MemberKey{}};
    }
    return all;
}

conditions::Facts Engines::customer(const MemberKey& member, const Stamp& now) const {
    return known_customer(member, now);
}

const conditions::Facts& Engines::context(const Stamp& now) const {
    const offers::CampaignSet& set = offers->campaigns();
    const bool holds = !context_.stale && context_.made <= now.wall && now.wall < context_.until &&
                       context_.set == set.digest();
    if (holds) return context_.facts;
    context_ = {.facts = known_context(now, set),
                .set = set.digest(),
                .made = now.wall,
                .until = context_ends(now.wall, set),
                .stale = false};
    return context_.facts;
}

const offers::ShopContext* Engines::ready(const Stamp& now) const {
    const conditions::Facts& told = context(now);
    const offers::CampaignSet& set = offers->campaigns();
    if (!context_.ready || !context_.ready->holds(set, &told, now.wall))
        context_.ready = std::make_unique<offers::ShopContext>(set, told, now.wall);
    return context_.ready.get();
}

// When some fact begins or ends; what comes by itself with time (a minute that is over, a scene
// that fell silent) is looked at once a minute.
WallTime Engines::context_ends(WallTime now, const offers::CampaignSet& set) const {
    WallTime until = std::chrono::floor<minutes>(now) + minutes{1};
    const auto boundary = [&](const std::optional<WallTime>& at) {
        if (at && now < *at) until = std::min(until, *at);
    };
    for (const FactRow& row : facts) boundary(row.valid_from), boundary(row.valid_to);
    chain.each_asked(set,
                     [&](const FactRow& row) { boundary(row.valid_from), boundary(row.valid_to); });
    return until;
}

std::optional<std::int64_t> Engines::entries(const Entries& asked) const {
    return footfall.entries({.door = asked.door, .from = asked.from, .to = asked.to});
}

// The offers engine asks without a time; what the chain says of products holds or not by the
// clock's last look at its validity.
const ProductRow* Engines::product(std::string_view sku) const {
    return chain.over(wire::Dataset::Products) ? nullptr : customers.product(sku);
}

const ProductRow* Engines::known_product(std::string_view sku) const { return product(sku); }

// What the chain said of its members is unknown once its time is over; what they have bought here,
// and what they have agreed to, is not.
conditions::Facts Engines::known_customer(const MemberKey& member, const Stamp& now) const {
    conditions::Facts known = customers.facts(member, now);
    if (!chain.over(wire::Dataset::Members)) return known;
    std::vector<std::string> unknown{"cust.tags", "cust.tier", "cust.birthday", "cust.is_birthday"};
    for (const conditions::Fact& fact : known.all())
        if (fact.key.starts_with("cust.score.") || fact.key.starts_with("cust.tag."))
            unknown.push_back(fact.key);
    for (const std::string& key : unknown) known.erase(key);
    return known;
}

// Who is seen in a zone for waiting is its queue; the shop's is the longest.
void Engines::add_queues(conditions::Facts& context, WallTime now) const {
    if (queue_zones_.empty()) return;
    std::optional<double> longest;
    for (const footfall::ZonePresent& present : zones_now.at(now)) {
        if (!queue_zones_.contains(present.zone.value)) continue;
        const double people = present.mean_milli / 1000.0;
        context.set("ctx.queue." + present.zone.value, conditions::Value{people});
        longest = std::max(longest.value_or(0), people);
    }
    if (longest) context.set("ctx.queue", conditions::Value{*longest});
}

conditions::Facts Engines::known_context(const Stamp& now, const offers::CampaignSet& set) const {
    conditions::Facts context;
    for (const FactRow& row : facts) {
        const bool begun = !row.valid_from || *row.valid_from <= now.wall;
        if (begun && (!row.valid_to || now.wall < *row.valid_to)) context.set(row);
    }
    chain.add_to(context, set, now.wall);
    const footfall::People people = footfall.people(now.wall);
    context.set("ctx.occupancy", conditions::Value{people.inside});
    context.set("ctx.entries_today", conditions::Value{people.entries});
    for (const footfall::ZonePresent& zone : zones_now.at(now.wall))
        context.set(std::string{offers::kZonePeople} + zone.zone.value, zone.mean_milli / 1000.0);
    add_queues(context, now.wall);
    return context;
}

}  // namespace aisle::app
