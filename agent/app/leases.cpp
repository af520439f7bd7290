#include "agent/app/leases.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "agent/records/downlink_records.hpp"

namespace aisle::app {
namespace {

namespace json = boost::json;

constexpr milliseconds kAskAgain{600'000};
constexpr std::chrono::hours kRemembered{24 * 90};
constexpr std::int64_t kShareOfBudget = 50;  // a store asks for a fiftieth of the chain's budget,
constexpr std::int64_t kOffersAhead = 20;    // or for so many of the dearest offers
constexpr std::string_view kEpochKey = "epoch";
constexpr std::string_view kLeasePrefix = "lease/";

StateChange row(std::string key, std::string bytes) {
    return {std::string{kLeaseRoom}, std::move(key), std::move(bytes)};
}

std::string text_at(const json::object& object, const char* name) {
    const json::string& text = object.at(name).as_string();
    return {text.data(), text.size()};
}

void add(LeaseEffects& effects, offers::Effects from) {
    std::ranges::move(from.state, std::back_inserter(effects.state));
}

LeaseEffects refused(std::string why) { return {.status = "refused", .detail = std::move(why)}; }

Money wish_of(const offers::LeaseStatus& status) {
    const Money share = Money::minor(status.budget.minor() / kShareOfBudget);
    return std::min(status.budget, std::max(share, status.most * kOffersAhead));
}

}  // namespace

Status Leases::restore(std::span<const StateChange> rows) try {
    leases_.clear(), asked_.clear(), epoch_.clear();
    for (const StateChange& change : rows) {
        if (change.bytes.empty()) continue;
        if (change.key == kEpochKey) {
            epoch_ = change.bytes;
            continue;
        }
        if (!change.key.starts_with(kLeasePrefix)) continue;
        const json::value value = json::parse(change.bytes);
        const json::object& lease = value.as_object();
        leases_[change.key.substr(kLeasePrefix.size())] = {
            .campaign = CampaignId{text_at(lease, "campaign")},
            .amount = Money::minor(lease.at("amount").as_int64()),
            .until = WallTime{milliseconds{lease.at("until").as_int64()}},
            .open = lease.at("open").as_bool()};
    }
    return {};
} catch (const std::exception&) {
    leases_.clear();
    return malformed("a row of the leases cannot be read");
}

LeaseEffects Leases::epoch(const std::string& epoch) {
    if (epoch == epoch_ || epoch.empty()) return {};
    // A salvaged store may have lost our rows and kept the engine's.
    const auto held = engine_.leases();
    const bool some = std::ranges::any_of(
        held, [](const offers::LeaseStatus& one) { return one.granted != Money{}; });
    LeaseEffects effects{.new_epoch = !epoch_.empty() || some};
    for (const auto& [id, lease] : leases_)
        effects.state.push_back(row(std::string{kLeasePrefix} + id, ""));
    leases_.clear();
    asked_.clear();
    epoch_ = epoch;
    effects.state.push_back(row(std::string{kEpochKey}, epoch));
    return effects;
}

Money Leases::open_sum(const CampaignId& campaign) const {
    Money sum;
    for (const auto& [id, lease] : leases_)
        if (lease.open && lease.campaign == campaign) sum += lease.amount;
    return sum;
}

void Leases::tell(const std::string& what, const std::string& lease, Money amount,
                  const CampaignId& campaign, const std::string& reason, const Stamp& now,
                  LeaseEffects& effects) {
    records::LeaseMove move{.what = what,
                            .campaign = campaign,
                            .lease = lease,
                            .amount = amount,
                            .reason = reason,
                            .at = now};
    for (const offers::LeaseStatus& one : engine_.leases()) {
        if (one.campaign != campaign) continue;
        move.granted = one.granted;
        move.returned = one.returned;
        move.spent = one.spent;
        move.reserved = one.reserved;
    }
    effects.records.push_back(records::lease_record(move));
}

LeaseEffects Leases::grant(const wire::LeaseGrant& grant, const Stamp& now) {
    if (!grant.epoch.empty() && grant.epoch != epoch_) return refused("another epoch");
    if (leases_.contains(grant.lease)) return {.detail = "held already"};
    if (leases_.size() >= kLeasesMax) return refused("too many leases");
    if (now.quality != ClockQuality::None && grant.until <= now.wall) return refused("over");
    LeaseEffects effects;
    const Lease lease{.campaign = grant.campaign, .amount = grant.amount, .until = grant.until};
    leases_[grant.lease] = lease;
    asked_.erase(grant.campaign);
    const json::object bytes{{"campaign", json::string{grant.campaign.value}},
                             {"amount", grant.amount.minor()},
                             {"until", grant.until.time_since_epoch().count()},
                             {"open", true}};
    effects.state.push_back(row(std::string{kLeasePrefix} + grant.lease, json::serialize(bytes)));
    add(effects, engine_.lease_granted(grant.campaign, grant.amount, now));
    tell("lease_granted", grant.lease, grant.amount, grant.campaign, "", now, effects);
    return effects;
}

void Leases::end(const std::string& id, Lease& lease, LeaseEffects& effects) {
    lease.open = false;
    const json::object bytes{{"campaign", json::string{lease.campaign.value}},
                             {"amount", lease.amount.minor()},
                             {"until", lease.until.time_since_epoch().count()},
                             {"open", false}};
    effects.state.push_back(row(std::string{kLeasePrefix} + id, json::serialize(bytes)));
}

// All that is free beyond `keep`. What is still reserved follows when its offers have ended.
void Leases::give_back(const offers::LeaseStatus& status, Money keep, const std::string& reason,
                       const Stamp& now, LeaseEffects& effects) {
    if (status.left <= keep) return;
    auto back = engine_.lease_returned(status.campaign, status.left - keep, now);
    if (back.amount == Money{}) return;
    add(effects, std::move(back.effects));
    tell("lease_returned", "", back.amount, status.campaign, reason, now, effects);
}

LeaseEffects Leases::recall(const wire::LeaseRecall& recall, const Stamp& now) {
    LeaseEffects effects;
    for (auto& [id, lease] : leases_)
        if (lease.open && lease.campaign == recall.campaign) end(id, lease, effects);
    // Not asked for again at once: HQ wants it for others.
    asked_[recall.campaign] = {.set = now, .wait = kAskAgain};
    for (const offers::LeaseStatus& status : engine_.leases())
        if (status.campaign == recall.campaign)
            give_back(status, Money{}, "recalled", now, effects);
    return effects;
}

void Leases::ask(const offers::LeaseStatus& status, const Stamp& now, LeaseEffects& effects) {
    const Money wish = wish_of(status);
    if (!status.wanted || status.left * 2 >= wish) return;
    const auto asked = asked_.find(status.campaign);
    if (asked != asked_.end() && !passed(asked->second, now)) return;
    asked_[status.campaign] = {.set = now, .wait = kAskAgain};
    tell("lease_request", "", wish - status.left, status.campaign,
         status.granted == Money{} ? "start" : "low", now, effects);
}

// A grant of an ended lease is refused by its time; only a clock that is not known to be wrong may
// forget that it was taken.
void Leases::forget_old(const Stamp& now, LeaseEffects& effects) {
    if (now.quality == ClockQuality::None) return;
    for (auto at = leases_.begin(); at != leases_.end();) {
        const bool old = !at->second.open && at->second.until + kRemembered <= now.wall;
        if (old) effects.state.push_back(row(std::string{kLeasePrefix} + at->first, ""));
        at = old ? leases_.erase(at) : std::next(at);
    }
}

LeaseEffects Leases::tick(const Stamp& now) {
    LeaseEffects effects;
    forget_old(now, effects);
    for (auto& [id, lease] : leases_) {
        const bool over = now.quality != ClockQuality::None && lease.until <= now.wall;
        if (!lease.open || !over) continue;
        end(id, lease, effects);
        tell("lease_expired", id, lease.amount, lease.campaign, "over", now, effects);
    }
    for (const offers::LeaseStatus& status : engine_.leases()) {
        const Money keep = status.wanted ? open_sum(status.campaign) : Money{};
        give_back(status, keep, status.wanted ? "over" : "ended", now, effects);
    }
    for (const offers::LeaseStatus& status : engine_.leases()) ask(status, now, effects);
    return effects;
}

}  // namespace aisle::app
