#include <algorithm>
#include <array>
#include <cmath>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "agent/offers/loader.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

constexpr std::int64_t kSecondsMax = 7 * 86'400;
constexpr std::int64_t kCapMax = 50;
constexpr std::int64_t kQueueMax = 1'000;       // people
constexpr std::size_t kDeclineReasonsMax = 12;  // each is a button on a phone, and in every record

template <typename T, std::size_t N>
std::optional<T> pick(Reader& reader, std::string_view key,
                      const std::array<std::pair<std::string_view, T>, N>& choices) {
    const auto text = reader.text(key);
    if (!text) return std::nullopt;
    std::string known;
    for (const auto& [name, value] : choices) {
        if (name == *text) return value;
        known += (known.empty() ? "" : ", ") + std::string{name};
    }
    reader.fault(key, "must be one of " + known);
    return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, CampaignState>, 4> kStates{
    {{"draft", CampaignState::Draft},
     {"live", CampaignState::Live},
     {"paused", CampaignState::Paused},
     {"ended", CampaignState::Ended}}};

Audience read_audience(const json::object* object, FieldFaults& faults) {
    Audience audience;
    if (!object) return audience;
    Reader reader{*object, "audience", faults};
    audience.segments = reader.texts("segments");
    audience.exclude = reader.texts("exclude");
    audience.consent = reader.texts("consent");
    reader.finish();
    return audience;
}

void read_caps(Reader& limits, std::vector<CustomerCap>& caps) {
    const json::array* const list = limits.array("per_customer");
    if (!list) return;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string here = "limits.per_customer[" + std::to_string(i) + "]";
        const json::object* const object = (*list)[i].if_object();
        if (!object) {
            limits.faults().push_back({here, "must be {\"n\", \"per\"}"});
            continue;
        }
        Reader reader{*object, here, limits.faults()};
        const auto n = reader.integer("n", {.min = 1, .max = kCapMax});
        const auto per = parse_duration(reader.text("per").value_or(""));
        if (!n && !object->contains("n")) reader.missing("n");
        if (!per) reader.fault("per", "must be an ISO 8601 duration such as P1D or PT2H");
        if (n && per) caps.push_back({.n = static_cast<std::int32_t>(*n), .per = *per});
        reader.finish();
    }
}

// Absent: zero.
milliseconds read_duration(Reader& reader, std::string_view key) {
    const auto text = reader.text(key);
    if (!text) return {};
    const auto wait = parse_duration(*text);
    if (!wait) reader.fault(key, "must be an ISO 8601 duration such as P1D or PT2H");
    return wait.value_or(milliseconds{0});
}

Limits read_limits(const json::object* object, FieldFaults& faults) {
    Limits limits;
    if (!object) return limits;
    Reader reader{*object, "limits", faults};
    read_caps(reader, limits.per_customer);
    limits.cooldown = read_duration(reader, "cooldown");
    if (const json::value* const quiet = reader.take("quiet"))
        limits.quiet = read_range(*quiet, "limits.quiet", faults);
    if (const auto budget = reader.integer("budget_fen", {.min = 0, .max = kMoneyMax.minor()}))
        limits.budget = Money::minor(*budget);
    limits.redemptions = reader.integer("redemptions", {.min = 0, .max = 1'000'000'000});
    limits.queue_max = reader.integer("queue_max", {.min = 0, .max = kQueueMax});
    if (const auto lease = reader.text("store_lease")) {
        limits.leased = *lease == "auto";
        if (!limits.leased && *lease != "none") reader.fault("store_lease", "must be auto or none");
        if (limits.leased && !limits.budget)
            reader.fault("store_lease", "needs a budget_fen to be leased from");
    }
    reader.finish();
    return limits;
}

// {"sku", "minor"}: the price that is struck through, where the receipts prove it.
std::optional<Delivery::Was> read_was(Reader& delivery, FieldFaults& faults) {
    const json::object* const object = delivery.object("was");
    if (!object) return std::nullopt;
    Reader reader{*object, "delivery.was", faults};
    Delivery::Was was{.sku = reader.text("sku").value_or("")};
    if (was.sku.empty()) reader.missing("sku");
    if (const auto minor = reader.integer("minor", {.min = 1, .max = kMoneyMax.minor()}))
        was.claimed = Money::minor(*minor);
    reader.finish();
    return was;
}

Delivery read_delivery(const json::object* object, FieldFaults& faults) {
    Delivery delivery;
    if (!object) return delivery;
    Reader reader{*object, "delivery", faults};
    reader.texts("channels");
    reader.text("approval");
    delivery.template_id = reader.text("template").value_or("");
    delivery.ttl = seconds{reader.integer("ttl_s", {.min = 1, .max = kSecondsMax}).value_or(900)};
    delivery.decline_reasons = reader.texts("decline_reasons");
    if (delivery.decline_reasons.size() > kDeclineReasonsMax)
        reader.fault("decline_reasons", "are more than " + std::to_string(kDeclineReasonsMax));
    delivery.code = reader.boolean("code").value_or(true);
    delivery.max_cards = static_cast<std::int32_t>(
        reader.integer("max_cards", {.min = 1, .max = 1'000}).value_or(20));
    delivery.title = read_titles(reader);
    delivery.message = reader.text("message").value_or("");
    delivery.no_repeat = read_duration(reader, "no_repeat");
    delivery.was = read_was(reader, faults);
    reader.finish();
    return delivery;
}

void read_condition(Reader& reader, conditions::Slots& slots, Campaign& campaign) {
    const json::value* const when = reader.take("when");
    if (!when) return;
    auto condition = conditions::Condition::compile(*when, slots, "when");
    if (condition) {
        campaign.when = std::move(*condition);
        return;
    }
    for (const auto& fault : condition.error())
        reader.faults().push_back({fault.path, fault.reason});
}

// Facts that name one person: a price for one is not a price for a segment.
constexpr std::array<std::string_view, 6> kOnePerson{"cust.card",   "cust.id",   "cust.key",
                                                     "cust.member", "cust.name", "cust.phone"};

// Whether a condition looks at customers; where it picks one out that is a fault.
bool looks_at_people(const json::value& when, FieldFaults& faults) {
    bool people = false;
    if (const json::array* const list = when.if_array())
        for (const json::value& each : *list) people = looks_at_people(each, faults) || people;
    const json::object* const object = when.if_object();
    if (!object) return people;
    for (const auto& [key, value] : *object) {
        const std::string_view name{key};
        people = looks_at_people(value, faults) || name.starts_with("cust.") || people;
        if (std::ranges::find(kOnePerson, name) != kOnePerson.end())
            faults.push_back({"when." + std::string{name},
                              "names one person: a segment gets one price, whoever is in it"});
    }
    return people;
}

bool singles_out(const Campaign& campaign, const json::value* when, FieldFaults& faults) {
    const bool people = when && looks_at_people(*when, faults);
    return people || campaign.trigger.kind == TriggerKind::MemberSeen ||
           !campaign.audience.segments.empty() || !campaign.audience.consent.empty();
}

const TimeZone* zone_of(Reader& reader, const LoadOptions& options) {
    const auto name = reader.text("tz");
    if (!name || !options.zone) return options.store;
    const TimeZone* const zone = options.zone(*name);
    if (!zone) reader.fault("tz", "is not a known time zone");
    return zone ? zone : options.store;
}

void check_whole(Reader& reader, const Campaign& campaign) {
    const bool personal = !campaign.audience.segments.empty() || !campaign.audience.consent.empty();
    if (campaign.trigger.on_edge() && personal)
        reader.fault("audience", "asks for somebody, but the trigger is about the whole shop");
    if (campaign.limits.budget && !most(campaign.action))
        reader.fault("action.max",
                     "is missing: with limits.budget_fen an offer must have an upper end");
    for (std::size_t i = 0; i < campaign.experiment.arms.size(); ++i) {
        const auto& action = campaign.experiment.arms[i].action;
        if (campaign.limits.budget && action && !most(*action))
            reader.fault("experiment.arms[" + std::to_string(i) + "].action.max",
                         "is missing: with limits.budget_fen an offer must have an upper end");
    }
    for (const Guardrail& rail : campaign.guardrails)
        if (rail.metric == GuardMetric::BudgetBurn &&
            (!campaign.limits.budget || !campaign.window.from || !campaign.window.to))
            reader.fault("guardrails", "budget_burn needs limits.budget_fen and a whole window");
}

}  // namespace

Campaign read_campaign(const json::object& object, const LoadOptions& options,
                       conditions::Slots& slots, FieldFaults& faults) {
    Campaign campaign;
    Reader reader{object, "", faults};
    if (!reader.integer("schema", {.min = 1, .max = 1}) && !object.contains("schema"))
        reader.missing("schema");
    campaign.id = CampaignId{reader.text("id").value_or("")};
    if (campaign.id.empty() && !object.contains("id")) reader.missing("id");
    campaign.version = static_cast<std::int32_t>(
        reader.integer("version", {.min = 1, .max = INT32_MAX}).value_or(1));
    campaign.state = pick(reader, "state", kStates).value_or(CampaignState::Live);
    const TimeZone* const zone = zone_of(reader, options);
    campaign.window = read_window(reader.object("window"), *zone, faults);
    const json::string* const named = object.contains("tz") ? object.at("tz").if_string() : nullptr;
    campaign.trigger =
        read_trigger(reader.object("trigger"), named ? std::string{*named} : "", faults);
    // A fact that only a trigger watches is told to decisions like one that conditions ask about.
    if (!campaign.trigger.fact.empty()) slots.intern(campaign.trigger.fact);
    read_condition(reader, slots, campaign);
    campaign.audience = read_audience(reader.object("audience"), faults);
    if (const json::object* const action = reader.object("action"))
        campaign.action = read_action(*action, "action", faults);
    else
        reader.missing("action");
    campaign.stack = read_stack(reader.object("stack"), campaign.action, faults);
    campaign.returns = read_returns(reader);
    campaign.limits = read_limits(reader.object("limits"), faults);
    campaign.experiment = read_experiment(reader.object("experiment"), campaign.id.value, faults);
    campaign.delivery = read_delivery(reader.object("delivery"), faults);
    if (campaign.delivery.message.empty()) campaign.delivery.message = campaign.id.value;
    campaign.guardrails = read_guardrails(reader);
    campaign.personal = singles_out(campaign, object.if_contains("when"), faults);
    reader.finish();
    check_whole(reader, campaign);
    check_stack(reader, campaign);
    // The stock of what is given away is looked at although no condition names it.
    for (const std::string& sku : gifts_of(campaign.action)) slots.intern("stock." + sku);
    for (const Arm& arm : campaign.experiment.arms)
        for (const std::string& sku :
             arm.action ? gifts_of(*arm.action) : std::vector<std::string>{})
            slots.intern("stock." + sku);
    return campaign;
}

}  // namespace aisle::offers
