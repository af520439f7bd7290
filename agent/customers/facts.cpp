// What campaigns are judged by (docs/customers.md). In order of key, so that nothing has to move.
#include <algorithm>
#include <cstdio>

#include "agent/customers/state.hpp"

namespace aisle::customers {
namespace {

constexpr std::int64_t kBasisPoints = 10'000;
constexpr int kLeapDay = 229;
constexpr int kDayBefore = 228;

// The most frequent first cut, then in order of the words, so that lists compare.
std::vector<std::string> listed(const Counts& counts, const Words& words) {
    std::vector<std::pair<std::int64_t, std::string>> all;
    for (const Counted& one : counts)
        if (one.n > 0) all.emplace_back(-one.n, words.text(one.what));
    std::ranges::sort(all);
    if (all.size() > kListedMax) all.resize(kListedMax);
    std::vector<std::string> out;
    out.reserve(all.size());
    for (auto& [n, word] : all) out.push_back(std::move(word));
    std::ranges::sort(out);
    return out;
}

// Of 24 hours or 7 days the one with most purchases; the first of equals. Nothing before any.
std::optional<std::int64_t> most(const Counts& hours, bool of_week) {
    std::array<std::int64_t, 24> sums{};
    for (const Counted& one : hours) {
        const Word hour = one.what - 1;
        sums.at(of_week ? hour / 24 : hour % 24) += one.n;
    }
    const auto top = std::ranges::max_element(sums);
    if (*top <= 0) return std::nullopt;
    return top - sums.begin();
}

// The middle one of the whole days between purchases that follow each other, from three on; of two
// in the middle the shorter.
std::optional<std::int64_t> usual_gap(const std::vector<KeptPurchase>& kept) {
    std::vector<std::int64_t> gaps;
    const KeptPurchase* before = nullptr;
    for (const KeptPurchase& purchase : kept) {
        if (!purchase.purchase) continue;
        if (before) gaps.push_back(whole_days(before->at, purchase.at));
        before = &purchase;
    }
    if (gaps.size() < 2) return std::nullopt;
    const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>((gaps.size() - 1) / 2);
    std::ranges::nth_element(gaps, middle);
    return *middle;
}

std::string birthday_text(std::uint16_t birthday) {
    char text[8];
    std::snprintf(text, sizeof text, "%02u-%02u", birthday / 100U, birthday % 100U);
    return text;
}

// Born on 29 February: in other years the 28th is the day.
bool is_birthday(std::uint16_t birthday, Date today) {
    const auto day = static_cast<int>(static_cast<unsigned>(today.month()) * 100 +
                                      static_cast<unsigned>(today.day()));
    if (birthday == kLeapDay && !today.year().is_leap()) return day == kDayBefore;
    return day == birthday;
}

// One customer's facts in the making.
class FactWriter {
public:
    FactWriter(const Profile& profile, const Words& words) : profile_{profile}, words_{words} {
        facts.reserve(kUsual + profile.scores.size() + 2 * profile.zones.size());
    }

    void habits() {
        if (!profile_.brands.empty())
            facts.set("cust.brands", conditions::to_list(listed(profile_.brands, words_)));
        facts.set("cust.categories", conditions::to_list(listed(profile_.categories, words_)));
    }
    void consents() {
        std::vector<std::string> purposes;
        for (const KeptConsent& one : profile_.consent)
            if (one.granted) purposes.push_back(words_.text(one.purpose));
        std::ranges::sort(purposes);
        facts.set("cust.consent", conditions::to_list(purposes));
    }
    void share(const char* key, Money part, Money of) {
        if (of <= Money{}) return;
        const std::int64_t share = part.minor() * kBasisPoints / of.minor();
        facts.set(key, std::clamp<std::int64_t>(share, 0, kBasisPoints));
    }
    void scores() {
        for (const Counted& one : profile_.scores)
            facts.set("cust.score." + words_.text(one.what), one.n);
    }
    void tags(WallTime now, std::int32_t confidence_min) {
        std::vector<std::string> all;
        for (const KeptTag& tag : profile_.tags) {
            if (!tag.holds(now, confidence_min)) continue;
            all.push_back(words_.text(tag.tag));
            const bool plain = tag.confidence_permille == kCertain && tag.source == kNoWord;
            if (!plain) facts.set("cust.tag." + all.back(), std::int64_t{tag.confidence_permille});
        }
        facts.set("cust.tags", conditions::to_list(all));
    }
    void ways() {
        if (profile_.zones.empty()) return;
        std::int64_t visits = 0;
        Counts dwell;
        for (const ZoneSum& sum : profile_.zones) {
            visits += sum.visits;
            count(dwell, sum.zone, sum.dwell_s + 1);
        }
        facts.set("cust.visits", visits);
        for (const ZoneSum& sum : profile_.zones) {
            const std::string key = "cust.zone." + words_.text(sum.zone);
            facts.set(key + ".dwell_s", sum.dwell_s);
            facts.set(key + ".visits", sum.visits);
        }
        facts.set("cust.zones", conditions::to_list(listed(dwell, words_)));
    }

    conditions::Facts facts;

private:
    static constexpr std::size_t kUsual = 32;  // with some tags that are less than certain

    const Profile& profile_;
    const Words& words_;
};

}  // namespace

bool Customers::State::agrees(const Profile& profile, std::string_view purpose) const {
    const Word word = words.find(purpose);
    return word != kNoWord && std::ranges::any_of(profile.consent, [&](const KeptConsent& one) {
               return one.purpose == word && one.granted;
           });
}

Scores Customers::State::scores_of(const Profile& profile, const Walk& walk, WallTime now) const {
    return score(quantiles ? quantiles->cuts : settings.rfm,
                 {.recency_days = whole_days(walk.last, now),
                  .purchases = profile.purchases,
                  .spent = profile.spent});
}

conditions::Facts Customers::State::facts_of(Index name, const Stamp& now) const {
    const auto person = identity.person(name);
    const Profile profile = whole(person);
    const Walk walk = walk_to_last(profile, settings.lifecycle);
    const auto stage = settled(profile.stage, walk, now.wall, settings.lifecycle);
    const bool bought = walk.purchases > 0;
    FactWriter write{profile, words};
    conditions::Facts& facts = write.facts;
    if (profile.purchases > 0 && bought)
        facts.set("cust.average_minor", profile.spent.minor() / profile.purchases);
    const bool birthday = reference_holds && profile.birthday != 0;
    if (birthday) facts.set("cust.birthday", birthday_text(profile.birthday));
    if (bought) write.habits();
    write.consents();
    if (bought) facts.set("cust.days_since_last", whole_days(walk.last, now.wall));
    write.share("cust.discount_share_bp", profile.prices.off, profile.prices.gross);
    facts.set("cust.first_order", !bought);
    write.share("cust.full_price_share_bp", profile.prices.full, profile.prices.net);
    if (const auto hour = most(profile.hours, false)) facts.set("cust.hour_usual", *hour);
    if (birthday && settings.zone)
        facts.set("cust.is_birthday",
                  is_birthday(profile.birthday, settings.zone->local(now.wall).date));
    facts.set("cust.known", true);
    facts.set("cust.lifecycle", std::string{to_text(stage)});
    facts.set("cust.purchases", std::int64_t{profile.purchases});
    if (bought) {
        const Scores scores = scores_of(profile, walk, now.wall);
        facts.set("cust.rfm.f", std::int64_t{scores.frequency});
        facts.set("cust.rfm.m", std::int64_t{scores.monetary});
        facts.set("cust.rfm.r", std::int64_t{scores.recency});
    }
    if (reference_holds) write.scores();
    if (bought) facts.set("cust.spent_minor", profile.spent.minor());
    if (reference_holds) {
        write.tags(now.wall, settings.tag_confidence_min_permille);
        if (profile.tier != kNoWord) facts.set("cust.tier", words.text(profile.tier));
    }
    if (const auto gap = usual_gap(profile.kept)) facts.set("cust.usual_gap_days", *gap);
    if (const auto day = most(profile.hours, true)) facts.set("cust.weekday_usual", *day + 1);
    facts.set("cust.win_back", stage == LifecycleStage::Dormant || stage == LifecycleStage::Lost);
    if (agrees(profile, kConsentLocation)) write.ways();
    return std::move(write.facts);
}

conditions::Facts Customers::facts(const MemberKey& member, const Stamp& now) const {
    const Index name = state_->find(member.value);
    if (name == kNobody) {
        conditions::Facts facts;
        // Whoever is not kept for want of room may well have bought before.
        if (state_->refused == 0) facts.set("cust.first_order", true);
        facts.set("cust.known", false);
        return facts;
    }
    conditions::Facts facts = state_->facts_of(name, now);
    if (state_->segments.rules)
        facts.set("cust.segments", conditions::to_list(state_->segments_of(name, now)));
    return facts;
}

}  // namespace aisle::customers
