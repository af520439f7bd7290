#include "agent/customers/profile.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "agent/customers/lifecycle.hpp"

namespace aisle::customers {
namespace {

auto order_of(const KeptPurchase& purchase) { return std::tie(purchase.at, purchase.sale); }

bool earlier(const KeptPurchase& a, const KeptPurchase& b) { return order_of(a) < order_of(b); }

void count_sums(Profile& profile, const Bought& bought, int sign) {
    const KeptPurchase& purchase = bought.purchase;
    profile.spent += purchase.total * sign;
    profile.prices.add(bought.prices, sign);
    if (!purchase.purchase) return;
    profile.purchases += sign;
    for (const Word category : purchase.categories) count(profile.categories, category, sign);
    for (const Word brand : purchase.brands) count(profile.brands, brand, sign);
    count(profile.hours, bought.hour, sign);
}

// What the older ones were made of is known from their sale, should it ever be revised.
void drop_detail(Profile& profile) {
    if (profile.kept.size() <= kPurchasesDetailed) return;
    for (std::size_t i = profile.kept.size() - kPurchasesDetailed; i-- > 0;) {
        profile.kept[i].detailed = false;
        profile.kept[i].categories.clear();
        profile.kept[i].brands.clear();
    }
}

void join_counts(Counts& counts, const Counts& other) {
    for (const Counted& one : other) count(counts, one.what, one.n);
}

void join_zones(std::vector<ZoneSum>& zones, const std::vector<ZoneSum>& other) {
    for (const ZoneSum& one : other) {
        const auto at = std::ranges::lower_bound(zones, one.zone, {}, &ZoneSum::zone);
        if (at == zones.end() || at->zone != one.zone) {
            zones.insert(at, one);
        } else {
            at->visits += one.visits;
            at->dwell_s += one.dwell_s;
        }
    }
}

}  // namespace

void count(Counts& counts, Word what, std::int64_t by) {
    if (what == kNoWord || by == 0) return;
    const auto at = std::ranges::lower_bound(counts, what, {}, &Counted::what);
    if (at == counts.end() || at->what != what)
        counts.insert(at, {what, by});
    else if ((at->n += by) == 0)
        counts.erase(at);
}

std::int64_t counted(const Counts& counts, Word what) {
    const auto at = std::ranges::lower_bound(counts, what, {}, &Counted::what);
    return at == counts.end() || at->what != what ? 0 : at->n;
}

Prices& Prices::add(const Prices& other, int sign) {
    gross += other.gross * sign;
    off += other.off * sign;
    full += other.full * sign;
    net += other.net * sign;
    return *this;
}

void add_purchase(Profile& profile, const Bought& bought, const LifecycleThresholds& thresholds) {
    count_sums(profile, bought, +1);
    const auto at = std::ranges::upper_bound(profile.kept, bought.purchase, earlier);
    profile.kept.insert(at, bought.purchase);
    if (profile.kept.size() > kPurchasesKept) {
        step(profile.folded, profile.kept.front(), thresholds);
        profile.kept.erase(profile.kept.begin());
    }
    drop_detail(profile);
}

void remove_purchase(Profile& profile, const Bought& bought) {
    const auto same = std::ranges::find_if(profile.kept, [&](const KeptPurchase& kept) {
        return order_of(kept) == order_of(bought.purchase);
    });
    if (same == profile.kept.end()) {
        count_sums(profile, bought, -1);
        if (bought.purchase.purchase && profile.folded.purchases > 0) --profile.folded.purchases;
        return;
    }
    // Categories and brands are those of the day on which the sale was counted, not of today.
    const KeptPurchase counted = same->detailed ? *same : bought.purchase;
    count_sums(profile, {.purchase = counted, .prices = bought.prices, .hour = bought.hour}, -1);
    profile.kept.erase(same);
}

void join_purchases(Profile& profile, const Profile& other, const LifecycleThresholds& thresholds) {
    profile.spent += other.spent;
    profile.prices.add(other.prices, +1);
    profile.purchases += other.purchases;
    join_counts(profile.categories, other.categories);
    join_counts(profile.brands, other.brands);
    join_counts(profile.hours, other.hours);
    const std::int32_t folded = profile.folded.purchases + other.folded.purchases;
    if (other.folded.last > profile.folded.last) profile.folded = other.folded;
    profile.folded.purchases = folded;
    std::vector<KeptPurchase> kept;
    std::ranges::merge(profile.kept, other.kept, std::back_inserter(kept), earlier);
    const auto surplus = kept.size() > kPurchasesKept ? kept.size() - kPurchasesKept : 0;
    for (std::size_t i = 0; i < surplus; ++i) step(profile.folded, kept[i], thresholds);
    profile.kept.assign(kept.begin() + static_cast<std::ptrdiff_t>(surplus), kept.end());
    drop_detail(profile);
}

bool take_consent(Profile& profile, const KeptConsent& fresh) {
    if (fresh.purpose == kNoWord) return false;
    const auto at =
        std::ranges::lower_bound(profile.consent, fresh.purpose, {}, &KeptConsent::purpose);
    if (at == profile.consent.end() || at->purpose != fresh.purpose)
        return profile.consent.insert(at, fresh), true;
    const bool overrules = fresh.at != at->at ? fresh.at > at->at : at->granted && !fresh.granted;
    if (!overrules) return false;
    *at = fresh;
    return true;
}

void join(Profile& profile, const Profile& other, const LifecycleThresholds& thresholds) {
    if (profile.tier == kNoWord) profile.tier = other.tier;
    if (profile.birthday == 0) profile.birthday = other.birthday;
    for (const KeptTag& tag : other.tags)
        if (std::ranges::find(profile.tags, tag.tag, &KeptTag::tag) == profile.tags.end())
            profile.tags.push_back(tag);
    for (const Counted& score : other.scores) {
        const auto at = std::ranges::lower_bound(profile.scores, score.what, {}, &Counted::what);
        if (at == profile.scores.end() || at->what != score.what) profile.scores.insert(at, score);
    }
    for (const KeptConsent& consent : other.consent) take_consent(profile, consent);
    join_zones(profile.zones, other.zones);
    join_purchases(profile, other, thresholds);
}

}  // namespace aisle::customers
