#include "agent/offers/replay.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "agent/offers/stored_context.hpp"
#include "agent/offers/texts.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

std::string counts_text(const Decision& decision) {
    json::object out;
    for (const auto& [reason, n] : decision.counts) out[reason] = n;
    return json::serialize(out);
}

std::string nearest_text(const Decision& decision) {
    json::array out;
    for (const CampaignVerdict& verdict : decision.nearest)
        out.push_back(json::array({verdict.campaign.value, verdict.reason}));
    return json::serialize(out);
}

// Field by field, in the order in which one follows from the other.
std::optional<Difference> compare(const Decision& stored, const Decision& again) {
    const auto field = [](const char* name, std::string was,
                          std::string is) -> std::optional<Difference> {
        if (was == is) return std::nullopt;
        return Difference{name, std::move(was), std::move(is)};
    };
    if (auto found = field("at", to_rfc3339(stored.at.wall), to_rfc3339(again.at.wall)))
        return found;
    if (auto found = field("trigger", std::string{to_text(stored.trigger)},
                           std::string{to_text(again.trigger)}))
        return found;
    if (auto found = field("context", stored.context, again.context)) return found;
    if (auto found = field("campaign_set", stored.campaign_set, again.campaign_set)) return found;
    if (auto found = field("winner", stored.winner.value, again.winner.value)) return found;
    if (auto found = field("counts", counts_text(stored), counts_text(again))) return found;
    return field("nearest", nearest_text(stored), nearest_text(again));
}

// Whether the text itself says that it is of a later version; nothing else of it is looked at.
std::int64_t version_of(std::string_view context) {
    boost::system::error_code failed;
    const json::value value =
        json::parse(json::string_view{context.data(), context.size()}, failed);
    const json::object* const object = failed ? nullptr : value.if_object();
    const json::value* const version = object ? object->if_contains("v") : nullptr;
    if (!object) return kContextVersion;
    return version && version->is_int64() ? version->get_int64() : 1;
}

}  // namespace

Replay replay(const CampaignSet& set, const Decision& stored) {
    Replay made;
    const std::int64_t version = version_of(stored.context);
    if (version != kContextVersion) {
        made.replayable =
            version < kContextVersion ? Replayable::OldContext : Replayable::UnknownContext;
        return made;
    }
    auto context = read_context(set, stored.context);
    if (!context) {
        made.difference = Difference{"context", stored.context, context.error().detail};
        return made;
    }
    // The context knows the wall clock only; the rest of the stamp stands in the record.
    Ask ask = context->pointed();
    const WallTime now = ask.at.wall;
    ask.at = stored.at;
    ask.at.wall = now;
    made.again = decide(set, ask, KeptLedger{set, context->answers});
    made.again->decision.id = stored.id;
    made.difference = compare(stored, made.again->decision);
    return made;
}

std::optional<Difference> differs(const CampaignSet& set, const Decided& again,
                                  const Offer& offer) {
    const auto win = std::ranges::find_if(
        again.wins, [&](const Win& one) { return set.all()[one.campaign].id == offer.campaign; });
    if (win == again.wins.end()) return Difference{"offer.campaign", offer.campaign.value, ""};
    const Campaign& campaign = set.all()[win->campaign];
    if (offer.campaign_version != campaign.version)
        return Difference{"offer.campaign_version", std::to_string(offer.campaign_version),
                          std::to_string(campaign.version)};
    const std::string action{to_text(action_of(campaign, win->arm))};
    if (offer.action != action) return Difference{"offer.action", offer.action, action};
    if (offer.value != win->price.worth)
        return Difference{"offer.value", std::to_string(offer.value.minor()),
                          std::to_string(win->price.worth.minor())};
    const bool ghost = win->reason == Reason::Holdout || win->reason == Reason::Control;
    if (offer.ghost != ghost)
        return Difference{"offer.ghost", offer.ghost ? "true" : "false", ghost ? "true" : "false"};
    return std::nullopt;
}

std::string explanation_json(const CampaignSet& set, const Decision& stored, const Decided& again) {
    json::array considered;
    for (const Considered& one : again.considered) {
        json::object entry;
        entry["campaign"] = set.all()[one.campaign].id.value;
        entry["version"] = set.all()[one.campaign].version;
        entry["reason"] = std::string{to_text(one.reason)};
        considered.push_back(std::move(entry));
    }
    json::object out;
    out["decision"] = stored.id;
    out["trigger"] = to_text(stored.trigger);
    out["at"] = to_rfc3339(stored.at.wall);
    out["campaign_set"] = stored.campaign_set;
    out["winner"] = stored.winner.empty() ? json::value(nullptr) : json::value(stored.winner.value);
    out["considered"] = std::move(considered);
    return json::serialize(out);
}

}  // namespace aisle::offers
