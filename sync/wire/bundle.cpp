#include "sync/wire/bundle.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "sync/wire/line.hpp"
#include "sync/wire/seal_fields.hpp"
#include "sync/wire/topics.hpp"

namespace aisle::wire {
namespace {

namespace json = boost::json;

constexpr int kFormat = 1;
constexpr std::size_t kVersionTextMax = 32;

constexpr std::array kRules{
    SettingRule{kGuardDiscountBp, 0, 10'000},
    SettingRule{kGuardOffersPerHour, 1, 100'000},
    SettingRule{kGuardDecideP99Us, 100, 1'000'000},
    SettingRule{"retention.ledger_days", 30, 3'650},
    SettingRule{"retention.offers_days", 1, 3'650},
    SettingRule{"retention.footfall_days", 1, 3'650},
    SettingRule{"retention.health_days", 1, 3'650},
    SettingRule{"retention.local_days", 1, 365},
    SettingRule{"retention.quarantine_days", 1, 3'650},
    SettingRule{"linger.offers_ms", 0, 60'000},
    SettingRule{"linger.footfall_ms", 0, 600'000},
    SettingRule{"linger.health_ms", 0, 3'600'000},
    SettingRule{"quota.outbox_mb", 10, 1'000'000},
};

void read_stores(SealFields& fields, Bundle& bundle) {
    const auto* const value = fields.find("stores");
    if (value == nullptr) return fields.reject("no \"stores\"");
    if (value->is_string() && value->get_string() == "*") return;
    const auto* const all = value->if_array();
    if (all == nullptr || all->empty() || all->size() > kBundleStoresMax)
        return fields.reject("\"stores\" is neither \"*\" nor a list");
    for (const auto& one : *all) {
        const auto* const text = one.if_string();
        std::string id = text == nullptr ? std::string{} : std::string{text->c_str(), text->size()};
        if (!valid_store_id(id)) return fields.reject("a bad store id");
        bundle.stores.push_back(std::move(id));
    }
}

void read_campaigns(SealFields& fields, Bundle& bundle) {
    const auto* const value = fields.find("campaigns");
    const auto* const all = value == nullptr ? nullptr : value->if_array();
    if (all == nullptr) return fields.reject("no \"campaigns\"");
    if (all->size() > kBundleCampaignsMax) return fields.reject("too many campaigns");
    for (const auto& one : *all) {
        if (!one.is_object()) return fields.reject("a campaign is not an object");
        bundle.campaigns.push_back(json::serialize(one));
    }
}

std::optional<Refusal> read_settings(const json::object& object, Bundle& bundle) {
    const auto* const value = object.if_contains("settings");
    if (value == nullptr) return std::nullopt;
    if (!value->is_object()) return refusal(Refused::Malformed, "\"settings\" is not an object");
    for (const auto& member : value->get_object()) {
        const std::string name{member.key().data(), member.key().size()};
        const auto* const rule = std::ranges::find(kRules, name, &SettingRule::name);
        if (rule == kRules.end()) return refusal(Refused::Settings, name.substr(0, 60));
        if (!member.value().is_int64()) return refusal(Refused::Settings, name + ": no integer");
        const std::int64_t number = member.value().get_int64();
        if (number < rule->least || number > rule->most)
            return refusal(Refused::Settings, name + ": out of bounds");
        bundle.settings[name] = number;
    }
    return std::nullopt;
}

void check(SealFields& fields, const Bundle& bundle) {
    if (fields.integer("aisle_bundle") != kFormat) fields.reject("a bundle that is not ours");
    if (bundle.version < 1) fields.reject("bad version");
    if (bundle.rollback_to && (*bundle.rollback_to < 0 || *bundle.rollback_to >= bundle.version))
        fields.reject("\"rollback_to\" is not older than \"version\"");
    if (bundle.not_before && bundle.expires && *bundle.not_before >= *bundle.expires)
        fields.reject("it expires before it begins");
    if (!bundle.min_agent.empty() && !version_below(bundle.min_agent, bundle.min_agent))
        fields.reject("bad \"min_agent\"");
}

std::optional<std::array<std::int64_t, 3>> numbers_of(std::string_view text) {
    if (text.empty() || text.size() > kVersionTextMax) return std::nullopt;
    std::array<std::int64_t, 3> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto end = text.find('.');
        const std::string_view part = text.substr(0, end);
        const auto* const last = part.data() + part.size();
        const auto read = std::from_chars(part.data(), last, numbers.at(i));
        if (read.ec != std::errc{} || read.ptr != last || numbers.at(i) < 0) return std::nullopt;
        if (end == std::string_view::npos) return numbers;
        text.remove_prefix(end + 1);
    }
    return std::nullopt;
}

}  // namespace

Judged<Bundle> parse_bundle(std::string_view payload) {
    if (payload.size() > kBundleBytesMax) return refusal(Refused::Oversized);
    const auto value = parse_json(payload);
    if (!value) return value.error();
    if (!value->is_object()) return refusal(Refused::Malformed, "not an object");
    SealFields fields{value->get_object()};
    Bundle bundle{.version = fields.integer("version"),
                  .not_before = fields.time_if("not_before"),
                  .expires = fields.time_if("expires"),
                  .min_agent = fields.text_or("min_agent", "")};
    if (fields.has("rollback_to")) bundle.rollback_to = fields.integer("rollback_to");
    fields.only({"aisle_bundle", "version", "not_before", "expires", "stores", "min_agent",
                 "rollback_to", "campaigns", "settings"});
    read_stores(fields, bundle);
    read_campaigns(fields, bundle);
    check(fields, bundle);
    if (fields.bad()) return fields.refused();
    if (auto bad = read_settings(value->get_object(), bundle)) return *bad;
    return bundle;
}

std::string to_json(const Bundle& bundle) {
    std::string out = "{\"aisle_bundle\":" + std::to_string(kFormat) +
                      ",\"version\":" + std::to_string(bundle.version);
    if (bundle.not_before) out += ",\"not_before\":" + quoted(to_rfc3339(*bundle.not_before));
    if (bundle.expires) out += ",\"expires\":" + quoted(to_rfc3339(*bundle.expires));
    out += ",\"stores\":";
    if (bundle.stores.empty()) out += "\"*\"";
    for (std::size_t i = 0; i < bundle.stores.size(); ++i)
        out += (i == 0 ? "[" : ",") + quoted(bundle.stores[i]);
    if (!bundle.stores.empty()) out += "]";
    if (!bundle.min_agent.empty()) out += ",\"min_agent\":" + quoted(bundle.min_agent);
    if (bundle.rollback_to) out += ",\"rollback_to\":" + std::to_string(*bundle.rollback_to);
    out += ",\"campaigns\":[";
    for (std::size_t i = 0; i < bundle.campaigns.size(); ++i)
        out += (i == 0 ? "" : ",") + bundle.campaigns[i];
    out += "],\"settings\":{";
    const char* comma = "";
    for (const auto& [name, value] : bundle.settings) {
        out += comma + quoted(name) + ":" + std::to_string(value);
        comma = ",";
    }
    return out + "}}";
}

std::span<const SettingRule> setting_rules() { return kRules; }

GuardRails guard_of(const std::map<std::string, std::int64_t>& settings,
                    const GuardRails& otherwise) {
    const auto or_else = [&](std::string_view name, std::int64_t absent) {
        const auto at = settings.find(std::string{name});
        return at == settings.end() ? absent : at->second;
    };
    return {.max_discount_bp = or_else(kGuardDiscountBp, otherwise.max_discount_bp),
            .max_offers_per_hour = or_else(kGuardOffersPerHour, otherwise.max_offers_per_hour),
            .max_decide_p99_us = or_else(kGuardDecideP99Us, otherwise.max_decide_p99_us)};
}

std::optional<Refusal> unfit(const Bundle& bundle, const Receiver& receiver) {
    const auto& stores = bundle.stores;
    if (!stores.empty() && std::ranges::find(stores, receiver.store.value) == stores.end())
        return refusal(Refused::WrongStore);
    if (!bundle.min_agent.empty() && version_below(receiver.agent, bundle.min_agent).value_or(true))
        return refusal(Refused::MinAgent, bundle.min_agent);
    if (!bundle.not_before && !bundle.expires) return std::nullopt;
    if (receiver.now.quality == ClockQuality::None) return refusal(Refused::ClockWrong);
    if (bundle.expires && *bundle.expires <= receiver.now.wall)
        return refusal(Refused::Expired, to_rfc3339(*bundle.expires));
    if (bundle.not_before && receiver.now.wall < *bundle.not_before)
        return refusal(Refused::NotYet, to_rfc3339(*bundle.not_before));
    return std::nullopt;
}

std::optional<bool> version_below(std::string_view version, std::string_view least) {
    const auto one = numbers_of(version);
    const auto other = numbers_of(least);
    if (!one || !other) return std::nullopt;
    return *one < *other;
}

}  // namespace aisle::wire
