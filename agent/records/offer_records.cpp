#include "agent/records/offer_records.hpp"

#include "agent/records/floor_records.hpp"
#include "agent/records/json_text.hpp"
#include "agent/records/object_reader.hpp"
#include "agent/records/stamp_json.hpp"

namespace aisle::records {
namespace {

namespace json = boost::json;

json::value verdicts_value(const std::vector<CampaignVerdict>& verdicts) {
    json::array out;
    for (const auto& verdict : verdicts) {
        json::object one;
        put(one, "campaign", verdict.campaign.value);
        put(one, "reason", verdict.reason);
        out.push_back(json::value(std::move(one)));
    }
    return json::value(std::move(out));
}

// The context is our own JSON already: it goes in as text, so that a replay gets the very bytes.
json::value decision_value(const Decision& decision) {
    json::object out;
    put(out, "id", decision.id);
    put(out, "trigger", to_text(decision.trigger));
    put(out, "context", decision.context);
    put(out, "campaign_set", decision.campaign_set);
    put(out, "winner", decision.winner.value);
    json::object counts;
    for (const auto& [reason, n] : decision.counts) put(counts, reason, n);
    put(out, "counts", json::value(std::move(counts)));
    put(out, "nearest", verdicts_value(decision.nearest));
    put(out, "at", stamp_value(decision.at));
    return json::value(std::move(out));
}

Decision decision_from(const ObjectReader& in) {
    Decision decision{.id = in.text("id"),
                      .trigger = in.word<TriggerKind>("trigger"),
                      .context = in.text("context"),
                      .campaign_set = in.text("campaign_set"),
                      .winner = CampaignId{in.text("winner")}};
    const auto counts = in.object("counts");
    for (const auto& [reason, n] : counts.raw()) {
        const std::string name{reason.data(), reason.size()};
        decision.counts[name] = counts.integer<std::int32_t>(name);
    }
    in.objects("nearest", [&](const ObjectReader& one) {
        decision.nearest.push_back({CampaignId{one.text("campaign")}, one.text("reason")});
    });
    decision.at = stamp_from(in.object("at"));
    return decision;
}

void put_subject(json::object& out, const Offer& offer) {
    put(out, "member", offer.member.value);
    put(out, "tier", offer.tier);
    put(out, "lifecycle", offer.lifecycle);
    put(out, "eyes", offer.eyes);
    put(out, "zone", offer.zone.value);
    put(out, "till", offer.till.value);
    put(out, "basket", offer.basket);
}

void put_head(json::object& out, const Offer& offer) {
    put(out, "offer", offer.id.value);
    put(out, "campaign", offer.campaign.value);
    put(out, "campaign_version", offer.campaign_version);
    put(out, "action", offer.action);
    json::object title;
    for (const auto& [language, text] : offer.title) put(title, language, text);
    put(out, "title", json::value(std::move(title)));
    put(out, "value", offer.value);
    put(out, "trigger", to_text(offer.trigger));
}

json::value reasons_value(const std::vector<ReasonChip>& reasons) {
    json::array out;
    for (const auto& chip : reasons) {
        json::object one;
        put(one, "key", chip.key);
        put(one, "value", chip.value);
        out.push_back(json::value(std::move(one)));
    }
    return json::value(std::move(out));
}

json::value words_value(const std::vector<std::string>& words) {
    json::array out;
    for (const auto& word : words) out.push_back(json::value(as_text(word)));
    return json::value(std::move(out));
}

json::object offer_object(const Offer& offer) {
    json::object out;
    put_head(out, offer);
    put_subject(out, offer);
    put(out, "reasons", reasons_value(offer.reasons));
    put(out, "code", offer.code);
    put(out, "skus", words_value(offer.skus));
    put(out, "state", to_text(offer.state));
    put(out, "revision", offer.revision);
    put(out, "made", stamp_value(offer.made));
    put(out, "expires", deadline_value(offer.expires));
    put(out, "by", offer.by);
    put(out, "decline_reason", offer.decline_reason);
    // A dozen short ids at most, and most offers have none.
    if (!offer.decline_reasons.empty())
        put(out, "decline_reasons", words_value(offer.decline_reasons));
    put(out, "ghost", offer.ghost);
    if (!offer.gift_sku.empty()) put(out, "gift_sku", offer.gift_sku);
    if (!offer.gift_choices.empty()) put(out, "gift_choices", words_value(offer.gift_choices));
    if (offer.points > 0) put(out, "points", offer.points);
    put(out, "decision", decision_value(offer.decision));
    return out;
}

void read_subject(const ObjectReader& in, Offer& offer) {
    offer.member = MemberKey{in.text("member")};
    offer.tier = in.text("tier");
    offer.lifecycle = in.text("lifecycle");
    offer.eyes = in.text("eyes");
    offer.zone = ZoneId{in.text("zone")};
    offer.till = TillId{in.text("till")};
    offer.basket = in.text("basket");
}

void read_head(const ObjectReader& in, Offer& offer) {
    in.require({"offer", "campaign", "state", "revision", "made", "expires"});
    offer.id = OfferId{in.text("offer")};
    offer.campaign = CampaignId{in.text("campaign")};
    offer.campaign_version = in.integer<std::int32_t>("campaign_version");
    offer.action = in.text("action");
    const auto title = in.object("title");
    for (const auto& [language, text] : title.raw()) {
        const std::string name{language.data(), language.size()};
        offer.title[name] = title.text(name);
    }
    offer.value = in.money("value");
    offer.trigger = in.word<TriggerKind>("trigger");
}

Offer offer_from(const ObjectReader& in) {
    Offer offer;
    read_head(in, offer);
    read_subject(in, offer);
    in.objects("reasons", [&](const ObjectReader& chip) {
        offer.reasons.push_back({chip.text("key"), chip.text("value")});
    });
    offer.code = in.text("code");
    in.texts("skus", [&](std::string sku) { offer.skus.push_back(std::move(sku)); });
    offer.state = in.word<OfferState>("state");
    offer.revision = in.integer<std::int32_t>("revision");
    offer.made = stamp_from(in.object("made"));
    offer.expires = deadline_from(in.object("expires"));
    offer.by = in.text("by");
    offer.decline_reason = in.text("decline_reason");
    in.texts("decline_reasons",
             [&](std::string reason) { offer.decline_reasons.push_back(std::move(reason)); });
    offer.ghost = in.flag("ghost");
    offer.gift_sku = in.text("gift_sku");
    in.texts("gift_choices",
             [&](std::string sku) { offer.gift_choices.push_back(std::move(sku)); });
    offer.points = in.integer<std::int64_t>("points");
    offer.decision = decision_from(in.object("decision"));
    return offer;
}

Record offers_record(std::string kind, std::string event_id, std::string body, const Stamp& at) {
    Record record{.stream = Stream::Offers,
                  .kind = std::move(kind),
                  .event_id = std::move(event_id),
                  .at = at,
                  .body = std::move(body)};
    if (record.event_id.empty()) return record;
    record.revision = 1;
    record.digest = content_digest(record.body);
    return record;
}

}  // namespace

std::string offer_json(const Offer& offer) { return json::serialize(offer_object(offer)); }

Result<Offer> offer_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    return in.finish(offer_from(in));
}

Result<Withheld> withheld_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    Withheld withheld;
    if (in.has("ghost")) {
        withheld.ghost = offer_from(in.object("ghost"));
        withheld.decision = withheld.ghost->decision;
    } else {
        in.require({"decision"});
        withheld.decision = decision_from(in.object("decision"));
    }
    return in.finish(std::move(withheld));
}

Record offer_record(const Offer& offer, const Stamp& at) {
    Record record = offers_record("offer", offer.id.value, offer_json(offer), at);
    record.revision = offer.revision;
    return record;
}

Record withheld_record(const Offer& ghost, const Stamp& at) {
    json::object out;
    put(out, "reason", "holdout");
    put(out, "ghost", json::value(offer_object(ghost)));
    return offers_record("withheld", ghost.id.value, json::serialize(out), at);
}

Record withheld_record(const Decision& decision, const Stamp& at) {
    json::object out;
    put(out, "reason", "no_winner");
    put(out, "decision", decision_value(decision));
    return offers_record("withheld", decision.id, json::serialize(out), at);
}

Record exposure_record(const Offer& offer, std::string_view by, const Stamp& at) {
    json::object out;
    put(out, "offer", offer.id.value);
    put(out, "campaign", offer.campaign.value);
    put(out, "campaign_version", offer.campaign_version);
    put(out, "trigger", to_text(offer.trigger));
    put(out, "member", offer.member.value);
    put(out, "by", by);
    return offers_record("exposure", {}, json::serialize(out), at);
}

Record outcome_record(const Offer& offer, const Stamp& at) {
    json::object out;
    put(out, "offer", offer.id.value);
    put(out, "campaign", offer.campaign.value);
    put(out, "revision", offer.revision);
    put(out, "state", to_text(offer.state));
    put(out, "by", offer.by);
    put(out, "decline_reason", offer.decline_reason);
    return offers_record("outcome", {}, json::serialize(out), at);
}

Record transition_record(const StageTransition& transition) {
    json::object out;
    put(out, "member", transition.member.value);
    put(out, "from", aisle::to_text(transition.from));
    put(out, "to", aisle::to_text(transition.to));
    put(out, "at", stamp_value(transition.at));
    return offers_record("transition", {}, json::serialize(out), transition.at);
}

Result<StageTransition> transition_from_json(std::string_view text) {
    const auto in = ObjectReader::parse(text);
    in.require({"member", "from", "to"});
    return in.finish(StageTransition{.member = MemberKey{in.text("member")},
                                     .from = in.word<LifecycleStage>("from"),
                                     .to = in.word<LifecycleStage>("to"),
                                     .at = stamp_from(in.object("at"))});
}

}  // namespace aisle::records
