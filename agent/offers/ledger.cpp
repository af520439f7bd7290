#include <algorithm>
#include <cassert>

#include "agent/offers/state.hpp"

// Money and frequency: what may still be promised, and to whom.
namespace aisle::offers {
namespace {

constexpr std::size_t kSweepMax = 200;  // subjects looked at in one tick

bool within(const Grant& grant, milliseconds per, const Stamp& now) {
    return per.count() > 0 && !passed(Deadline{.set = grant.at, .wait = per}, now);
}

milliseconds longest_memory(const Campaign& campaign) {
    milliseconds keep = std::max<milliseconds>(campaign.limits.cooldown, campaign.trigger.rearm);
    for (const CustomerCap& cap : campaign.limits.per_customer) keep = std::max(keep, cap.per);
    return std::max(keep, campaign.delivery.no_repeat);
}

bool capped(const Campaign& campaign, const std::vector<const Grant*>& grants, const Stamp& now) {
    return std::ranges::any_of(campaign.limits.per_customer, [&](const CustomerCap& cap) {
        const auto n = std::ranges::count_if(
            grants, [&](const Grant* grant) { return within(*grant, cap.per, now); });
        return n >= cap.n;
    });
}

// What these earlier grants of one campaign to one subject forbid.
std::optional<Reason> looks_back(const Campaign& campaign, const Ask& ask,
                                 const std::vector<const Grant*>& grants) {
    const auto recent = [&](milliseconds per) {
        return std::ranges::any_of(grants,
                                   [&](const Grant* grant) { return within(*grant, per, ask.at); });
    };
    if (!ask.asked && recent(campaign.trigger.rearm)) return Reason::Rearm;
    // Tags and baskets are not customers: the next shopper takes the same trolley.
    if (ask.member.empty()) return std::nullopt;
    if (capped(campaign, grants, ask.at)) return Reason::CustomerCap;
    if (recent(campaign.limits.cooldown)) return Reason::Cooldown;
    return std::nullopt;
}

// The tablet in the aisle, the till's screen and the receipt say one thing once: whichever campaign
// it came from, and also where a ghost took its place, so that both groups see the same trigger.
bool told(const Campaign& campaign, const std::vector<Grant>& grants, const Stamp& now) {
    return std::ranges::any_of(grants, [&](const Grant& grant) {
        return grant.message == campaign.delivery.message &&
               within(grant, campaign.delivery.no_repeat, now);
    });
}

}  // namespace

std::optional<Reason> Engine::State::refuses(const Campaign& campaign, const Ask& ask) const {
    const Account* const account = account_of(campaign);
    if (paused(campaign))
        return account->paused == kStoppedHere ? Reason::StoppedHere : Reason::Guardrail;
    if (const auto reason = overloaded(campaign, ask)) return reason;
    if (const auto* const given = grants.find(ask.subject)) {
        std::vector<const Grant*> mine;
        for (const Grant& grant : *given) {
            // A holdout withholds the prompt and never the entitlement: its ghosts do not count
            // against who asks.
            if (grant.campaign == campaign.id && !(ask.asked && grant.ghost))
                mine.push_back(&grant);
        }
        if (const auto reason = looks_back(campaign, ask, mine)) return reason;
        if (std::ranges::any_of(mine,
                                [&](const Grant* grant) { return live.contains(grant->offer); }))
            return Reason::DuplicateLive;
        if (given->size() >= kGrantsPerSubject) return Reason::CustomerCap;
        if (!ask.asked && told(campaign, *given, ask.at)) return Reason::ToldElsewhere;
    } else if (grants.size() >= kSubjectsMax) {
        return Reason::Full;
    }
    if (std::holds_alternative<CouponIssue>(campaign.action) && coupons.size() >= kCouponsMax)
        return Reason::Full;
    const std::int64_t shown = account ? account->live : 0;
    const std::int64_t redeemed = account ? account->redeemed : 0;
    if (campaign.limits.redemptions && redeemed + shown >= *campaign.limits.redemptions)
        return Reason::Redemptions;
    if (campaign.limits.leased && (!account || account->lease_left() <= Money{}))
        return Reason::NoLease;
    if (live.size() >= kLiveMax || (!ask.asked && shown >= campaign.delivery.max_cards))
        return Reason::Full;
    return std::nullopt;
}

std::optional<Money> Engine::State::left(const Campaign& campaign) const {
    if (!campaign.limits.budget) return std::nullopt;
    const Account* const account = account_of(campaign);
    if (!account) return campaign.limits.leased ? Money{} : *campaign.limits.budget;
    // A new version may have cut the budget below what is gone already.
    Money left = *campaign.limits.budget - account->spent - account->reserved;
    if (campaign.limits.leased) left = std::min(left, account->lease_left());
    return std::max(Money{}, left);
}

// A decision asks for the accounts of all its candidates: no walk through a tree for each of them.
const Account* Engine::State::account_of(const Campaign& campaign) const {
    const std::ptrdiff_t place = &campaign - set->all().data();
    assert(place >= 0 && place < std::ssize(account_at));
    return account_at[static_cast<std::size_t>(place)];
}

Account& Engine::State::account_of(const CampaignId& campaign) {
    const auto [at, fresh] = accounts.try_emplace(campaign);
    if (const Campaign* const here = fresh ? set->find(campaign) : nullptr)
        account_at[static_cast<std::size_t>(here - set->all().data())] = &at->second;
    return at->second;
}

// With another set, and after a restore.
void Engine::State::settle_accounts() {
    account_at.clear();
    for (const Campaign& campaign : set->all()) {
        const auto at = accounts.find(campaign.id);
        account_at.push_back(at == accounts.end() ? nullptr : &at->second);
    }
}

namespace {

void tell(std::string move, const Campaign* campaign, const Held& held, Money amount, Money left,
          Turn& turn) {
    if (!campaign || !campaign->limits.budget || amount == Money{}) return;
    turn.effects.budget.push_back({.campaign = campaign->id,
                                   .move = std::move(move),
                                   .offer = held.offer.id,
                                   .amount = amount,
                                   .left = left,
                                   .at = turn.now});
}

}  // namespace

void Engine::State::reserve(const Campaign& campaign, Held& held, Money amount, Turn& turn) {
    held.reserved = amount;
    account_of(campaign.id).reserved += amount;
    mark("account/" + campaign.id.value);
    tell("reserve", &campaign, held, amount, left(campaign).value_or(Money{}), turn);
}

void Engine::State::release(Held& held, Turn& turn) {
    if (held.reserved == Money{}) return;
    account_of(held.offer.campaign).reserved -= held.reserved;
    mark("account/" + held.offer.campaign.value);
    const Campaign* const campaign = set->find(held.offer.campaign);
    tell("release", campaign, held, held.reserved,
         campaign ? left(*campaign).value_or(Money{}) : Money{}, turn);
    held.reserved = Money{};
}

// Gives back what was not needed. With a budget no more is spent than was reserved, whatever the
// till took off.
Money Engine::State::spend(Held& held, Money amount, Turn& turn) {
    const Campaign* const campaign = set->find(held.offer.campaign);
    Account& account = account_of(held.offer.campaign);
    if (!campaign || campaign->limits.budget) amount = std::min(amount, held.reserved);
    if (campaign && campaign->limits.leased)
        amount =
            std::clamp(account.granted - account.returned - account.lease_spent(), Money{}, amount);
    const Money rest = held.reserved - std::min(amount, held.reserved);
    account.reserved -= held.reserved;
    account.spent += amount;
    ++account.redeemed;
    unjudged.insert(held.offer.campaign);
    mark("account/" + held.offer.campaign.value);
    const Money after = campaign ? left(*campaign).value_or(Money{}) : Money{};
    tell("redeem", campaign, held, amount, after - rest, turn);
    tell("release", campaign, held, rest, after, turn);
    held.reserved = Money{};
    return amount;
}

void Engine::State::grant(const Campaign& campaign, const Held& held, const Stamp& now) {
    const auto* const given = grants.find(held.subject);
    auto all = given ? *given : std::vector<Grant>{};
    all.push_back({.campaign = campaign.id,
                   .offer = held.offer.id,
                   .at = now,
                   .keep = longest_memory(campaign),
                   .ghost = held.offer.ghost,
                   .message = campaign.delivery.message});
    grants.put(held.subject, std::move(all));
    mark("subject/" + held.subject);
}

void Engine::State::take_back_grant(const Held& held) {
    const auto* const given = grants.find(held.subject);
    if (!given) return;
    auto left = *given;
    std::erase_if(left, [&](const Grant& grant) { return grant.offer == held.offer.id; });
    grants.put(held.subject, std::move(left));
    mark("subject/" + held.subject);
}

// Experiments draw lots by pseudonym: an arm that is sticky goes over with its member, and holdouts
// are drawn anew under the present name.
void Engine::State::relink(const MemberKey& from, const MemberKey& to) {
    if (const auto* const earlier = grants.find(from.value)) {
        auto all = *earlier;
        if (const auto* const kept = grants.find(to.value))
            all.insert(all.end(), kept->begin(), kept->end());
        grants.erase(from.value);
        grants.put(to.value, std::move(all));
        mark("subject/" + from.value), mark("subject/" + to.value);
    }
    relink_unit(from.value, to.value);
    abuse.relink(from, to);
    for (auto& [id, held] : live) {
        if (held.offer.member != from && held.subject != from.value) continue;
        if (held.offer.member == from) held.offer.member = to;
        if (held.subject == from.value) held.subject = to.value;
        mark("offer/" + id.value);
    }
    rename_paid(from, to);
    for (auto& [key, watch] : visits) {
        if (watch.member == from) watch.member = to, mark("visit/" + key);
    }
}

// Forgets grants that no limit looks back to, a bounded number of subjects a tick, in turn.
void Engine::State::sweep_grants(const Stamp& now) {
    grants.sweep(kSweepMax, [&](const std::string& subject, std::vector<Grant>& given) {
        std::size_t changed = 0;
        for (Grant& grant : given) {
            if (unmeasured(grant.at, now)) grant.at = now, ++changed;
        }
        changed += std::erase_if(given, [&](const Grant& grant) {
            return !within(grant, grant.keep, now) && !live.contains(grant.offer);
        });
        if (changed > 0) mark("subject/" + subject);
        return changed > 0;
    });
}

}  // namespace aisle::offers
