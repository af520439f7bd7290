#include "agent/offers/row_json.hpp"

#include <stdexcept>

#include <boost/json.hpp>

#include "agent/offers/texts.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

json::object parse(std::string_view bytes) {
    return json::parse(json::string_view{bytes.data(), bytes.size()}).as_object();
}

std::string text(const json::object& object, std::string_view key) {
    const json::value* const value = object.if_contains(key);
    return value ? std::string{value->as_string()} : std::string{};
}

std::int64_t number(const json::object& object, std::string_view key) {
    const json::value* const value = object.if_contains(key);
    return value ? value->to_number<std::int64_t>() : 0;
}

Money money(const json::object& object, std::string_view key) {
    return Money::minor(number(object, key));
}

// Empty texts, zeros and false are left out.
void put(json::object& object, std::string_view key, std::string_view value) {
    if (!value.empty()) object[key] = value;
}
void put(json::object& object, std::string_view key, std::int64_t value) {
    if (value != 0) object[key] = value;
}
void put(json::object& object, std::string_view key, Money value) {
    put(object, key, value.minor());
}

TriggerKind trigger_at(const json::object& row) {
    return trigger_from(text(row, "trigger")).value();
}
OfferState state_at(const json::object& row) { return state_from(text(row, "state")).value(); }

json::object decision_json(const Decision& decision) {
    json::object row;
    row["id"] = decision.id;
    row["trigger"] = to_text(decision.trigger);
    row["context"] = decision.context;
    row["set"] = decision.campaign_set;
    put(row, "winner", decision.winner.value);
    json::object counts;
    for (const auto& [reason, n] : decision.counts) counts[reason] = n;
    row["counts"] = std::move(counts);
    json::array nearest;
    for (const CampaignVerdict& verdict : decision.nearest) {
        json::array pair;
        pair.emplace_back(verdict.campaign.value);
        pair.emplace_back(verdict.reason);
        nearest.push_back(std::move(pair));
    }
    row["nearest"] = std::move(nearest);
    row["at"] = stamp_json(decision.at);
    return row;
}

Decision decision_from(const json::object& row) {
    Decision decision{.id = text(row, "id"),
                      .trigger = trigger_at(row),
                      .context = text(row, "context"),
                      .campaign_set = text(row, "set"),
                      .winner = CampaignId{text(row, "winner")},
                      .at = stamp_from(row.at("at"))};
    for (const auto& [reason, n] : row.at("counts").as_object())
        decision.counts[std::string{reason}] = n.to_number<std::int32_t>();
    for (const json::value& pair : row.at("nearest").as_array())
        decision.nearest.push_back(
            {.campaign = CampaignId{std::string{pair.as_array().at(0).as_string()}},
             .reason = std::string{pair.as_array().at(1).as_string()}});
    return decision;
}

void put_words(json::object& row, std::string_view key, const std::vector<std::string>& words) {
    if (words.empty()) return;
    json::array list;
    for (const std::string& word : words) list.emplace_back(word);
    row[key] = std::move(list);
}

void put_lists(json::object& row, const Offer& offer) {
    json::object title;
    for (const auto& [language, words] : offer.title) title[language] = words;
    row["title"] = std::move(title);
    json::array reasons;
    for (const ReasonChip& chip : offer.reasons) {
        json::array pair;
        pair.emplace_back(chip.key);
        pair.emplace_back(chip.value);
        reasons.push_back(std::move(pair));
    }
    row["reasons"] = std::move(reasons);
    json::array skus;
    for (const std::string& sku : offer.skus) skus.emplace_back(sku);
    row["skus"] = std::move(skus);
    put_words(row, "declines", offer.decline_reasons);
    put_words(row, "gifts", offer.gift_choices);
}

void take_lists(const json::object& row, Offer& offer) {
    for (const auto& [language, words] : row.at("title").as_object())
        offer.title[std::string{language}] = std::string{words.as_string()};
    for (const json::value& pair : row.at("reasons").as_array())
        offer.reasons.push_back({.key = std::string{pair.as_array().at(0).as_string()},
                                 .value = std::string{pair.as_array().at(1).as_string()}});
    for (const json::value& sku : row.at("skus").as_array())
        offer.skus.emplace_back(sku.as_string());
    if (const json::value* const declines = row.if_contains("declines"))
        for (const json::value& reason : declines->as_array())
            offer.decline_reasons.emplace_back(reason.as_string());
    if (const json::value* const gifts = row.if_contains("gifts"))
        for (const json::value& sku : gifts->as_array())
            offer.gift_choices.emplace_back(sku.as_string());
}

json::object offer_json(const Offer& offer) {
    json::object row;
    row["id"] = offer.id.value;
    row["campaign"] = offer.campaign.value;
    row["version"] = offer.campaign_version;
    row["action"] = offer.action;
    put(row, "value", offer.value);
    row["trigger"] = to_text(offer.trigger);
    put(row, "member", offer.member.value);
    put(row, "tier", offer.tier);
    put(row, "lifecycle", offer.lifecycle);
    put(row, "eyes", offer.eyes);
    put(row, "zone", offer.zone.value);
    put(row, "till", offer.till.value);
    put(row, "basket", offer.basket);
    put(row, "code", offer.code);
    row["state"] = to_text(offer.state);
    row["revision"] = offer.revision;
    row["made"] = stamp_json(offer.made);
    row["expires"] = stamp_json(offer.expires.set);
    row["wait_ms"] = offer.expires.wait.count();
    put(row, "by", offer.by);
    put(row, "decline", offer.decline_reason);
    put(row, "ghost", offer.ghost ? 1 : 0);
    put(row, "gift", offer.gift_sku);
    put(row, "points", offer.points);
    put_lists(row, offer);
    row["decision"] = decision_json(offer.decision);
    return row;
}

Offer offer_from(const json::object& row) {
    Offer offer{.id = OfferId{text(row, "id")},
                .campaign = CampaignId{text(row, "campaign")},
                .campaign_version = static_cast<std::int32_t>(number(row, "version")),
                .action = text(row, "action"),
                .value = money(row, "value"),
                .trigger = trigger_at(row),
                .member = MemberKey{text(row, "member")},
                .tier = text(row, "tier"),
                .lifecycle = text(row, "lifecycle"),
                .eyes = text(row, "eyes"),
                .zone = ZoneId{text(row, "zone")},
                .till = TillId{text(row, "till")},
                .basket = text(row, "basket"),
                .code = text(row, "code"),
                .state = state_at(row),
                .revision = static_cast<std::int32_t>(number(row, "revision")),
                .made = stamp_from(row.at("made")),
                .expires = {.set = stamp_from(row.at("expires")),
                            .wait = milliseconds{number(row, "wait_ms")}},
                .by = text(row, "by"),
                .decline_reason = text(row, "decline"),
                .ghost = number(row, "ghost") != 0,
                .gift_sku = text(row, "gift"),
                .points = number(row, "points")};
    take_lists(row, offer);
    offer.decision = decision_from(row.at("decision").as_object());
    return offer;
}

}  // namespace

json::array stamp_json(const Stamp& stamp) {
    json::array row;
    row.emplace_back(stamp.boot);
    row.emplace_back(stamp.mono.time_since_epoch().count());
    row.emplace_back(stamp.wall.time_since_epoch().count());
    row.emplace_back(static_cast<int>(stamp.quality));
    return row;
}

Stamp stamp_from(const json::value& value) {
    const json::array& row = value.as_array();
    const int quality = row.at(3).to_number<int>();
    if (quality < 0 || quality > static_cast<int>(ClockQuality::Hq))
        throw std::out_of_range{"quality"};
    return {.boot = row.at(0).to_number<std::int64_t>(),
            .mono = MonoTime{microseconds{row.at(1).to_number<std::int64_t>()}},
            .wall = WallTime{milliseconds{row.at(2).to_number<std::int64_t>()}},
            .quality = static_cast<ClockQuality>(quality)};
}

std::string to_row(const Held& held) {
    json::object row;
    row["offer"] = offer_json(held.offer);
    row["subject"] = held.subject;
    put(row, "reserved", held.reserved);
    put(row, "arm", held.arm);
    put(row, "waiting", held.waiting ? 1 : 0);
    put(row, "visit", held.visit);
    if (!held.shares.empty()) row["shares"] = shares_json(held.shares);
    put(row, "by_coupon", held.by_coupon ? 1 : 0);
    if (!held.issues.empty()) row["issues"] = coupon_json(held.issues);
    return json::serialize(row);
}

void from_row(std::string_view bytes, Held& held) {
    const json::object row = parse(bytes);
    held = {.offer = offer_from(row.at("offer").as_object()),
            .subject = text(row, "subject"),
            .reserved = money(row, "reserved"),
            .arm = text(row, "arm"),
            .waiting = number(row, "waiting") != 0,
            .visit = text(row, "visit"),
            .by_coupon = number(row, "by_coupon") != 0};
    if (const json::value* const shares = row.if_contains("shares"))
        held.shares = shares_from(*shares);
    if (const json::value* const issues = row.if_contains("issues"))
        held.issues = coupon_from(*issues);
}

std::string to_row(const Account& account) {
    json::object row;
    row["spent"] = account.spent.minor();
    row["reserved"] = account.reserved.minor();
    row["redeemed"] = account.redeemed;
    row["offered"] = account.offered;
    row["withheld"] = account.withheld;
    put(row, "ended", account.ended);
    put(row, "declined", account.declined);
    put(row, "paused", account.paused);
    put(row, "paused_version", account.paused_version);
    put(row, "granted", account.granted);
    put(row, "returned", account.returned);
    put(row, "lease_base", account.lease_base);
    return json::serialize(row);
}

void from_row(std::string_view bytes, Account& account) {
    const json::object row = parse(bytes);
    account = {.spent = money(row, "spent"),
               .reserved = money(row, "reserved"),
               .redeemed = number(row, "redeemed"),
               .offered = number(row, "offered"),
               .withheld = number(row, "withheld"),
               .ended = number(row, "ended"),
               .declined = number(row, "declined"),
               .paused = text(row, "paused"),
               .paused_version = static_cast<std::int32_t>(number(row, "paused_version")),
               .live = account.live,
               .granted = money(row, "granted"),
               .returned = money(row, "returned"),
               .lease_base = money(row, "lease_base")};
}

std::string to_row(const std::vector<Grant>& grants) {
    json::array all;
    for (const Grant& grant : grants) {
        json::object row;
        row["campaign"] = grant.campaign.value;
        row["offer"] = grant.offer.value;
        row["at"] = stamp_json(grant.at);
        put(row, "keep_ms", grant.keep.count());
        put(row, "ghost", grant.ghost ? 1 : 0);
        if (grant.message != grant.campaign.value) put(row, "message", grant.message);
        all.push_back(std::move(row));
    }
    return json::serialize(all);
}

void from_row(std::string_view bytes, std::vector<Grant>& grants) {
    grants.clear();
    const json::value all = json::parse(json::string_view{bytes.data(), bytes.size()});
    for (const json::value& value : all.as_array()) {
        const json::object& row = value.as_object();
        grants.push_back({.campaign = CampaignId{text(row, "campaign")},
                          .offer = OfferId{text(row, "offer")},
                          .at = stamp_from(row.at("at")),
                          .keep = milliseconds{number(row, "keep_ms")},
                          .ghost = number(row, "ghost") != 0,
                          .message = text(row, "message")});
        if (grants.back().message.empty()) grants.back().message = grants.back().campaign.value;
    }
}

std::string to_row(const Watch& watch) {
    json::object row;
    row["tag"] = watch.tag.value;
    put(row, "label", watch.label);
    put(row, "member", watch.member.value);
    row["zone"] = watch.zone.value;
    row["entered"] = stamp_json(watch.entered);
    row["fired_s"] = watch.fired_s;
    if (watch.since != watch.entered) row["since"] = stamp_json(watch.since);
    put(row, "dwelt_ms", watch.dwelt.count());
    if (watch.left) row["left"] = stamp_json(*watch.left);
    return json::serialize(row);
}

void from_row(std::string_view bytes, Watch& watch) {
    const json::object row = parse(bytes);
    watch = {.tag = TagKey{text(row, "tag")},
             .label = text(row, "label"),
             .member = MemberKey{text(row, "member")},
             .zone = ZoneId{text(row, "zone")},
             .entered = stamp_from(row.at("entered")),
             .fired_s = number(row, "fired_s"),
             .dwelt = milliseconds{number(row, "dwelt_ms")}};
    const json::value* const since = row.if_contains("since");
    watch.since = since ? stamp_from(*since) : watch.entered;
    if (const json::value* const left = row.if_contains("left")) watch.left = stamp_from(*left);
}

std::string to_row(const Closed& closed) {
    json::object row;
    row["offer"] = closed.offer.value;
    put(row, "code", closed.code);
    row["state"] = to_text(closed.state);
    put(row, "by", closed.by);
    put(row, "sale", closed.sale.value);
    put(row, "till", closed.till.value);
    row["at_ms"] = closed.at.time_since_epoch().count();
    row["order"] = closed.order;
    return json::serialize(row);
}

void from_row(std::string_view bytes, Closed& closed) {
    const json::object row = parse(bytes);
    closed = {.offer = OfferId{text(row, "offer")},
              .code = text(row, "code"),
              .state = state_at(row),
              .by = text(row, "by"),
              .sale = SaleId{text(row, "sale")},
              .till = TillId{text(row, "till")},
              .at = WallTime{milliseconds{number(row, "at_ms")}},
              .order = static_cast<std::uint64_t>(number(row, "order"))};
}

}  // namespace aisle::offers
