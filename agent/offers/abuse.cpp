#include "agent/offers/abuse.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

// Cards that are used too often, and baskets that were cut up to reach a threshold several times.
namespace aisle::offers {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::size_t kUsesMax = 64;     // of one card in a day
constexpr std::size_t kRunMax = 64;      // receipts in a row
constexpr std::size_t kWaitingMax = 64;  // redemptions of one sale
constexpr std::size_t kToldMax = 1'000;
constexpr std::size_t kRowFrom = 3;  // uses of a card from which on it is worth a row
constexpr std::int64_t kRunLeast = 4;
constexpr double kReceiptsTillWeek = 1'500;  // so often a run can begin at one till in a week

// Staff are at hand to put their card on others' receipts: two thirds of it are enough.
std::int64_t least_of(std::int64_t n, bool staff_card) {
    return staff_card ? std::max<std::int64_t>(2, (n * 2 + 2) / 3) : n;
}

std::string times(std::int64_t n, const char* what) { return std::to_string(n) + " " + what; }

// The highest threshold that was reached, if by so little that one might have aimed at it.
std::optional<Money> just_over(const Redeemed& what, BasisPoints over) {
    Money reached;
    for (const Money threshold : what.thresholds)
        if (threshold <= what.spend) reached = std::max(reached, threshold);
    if (reached <= Money{}) return std::nullopt;
    return what.spend <= reached + percent_of(reached, over) ? std::optional{reached}
                                                             : std::nullopt;
}

Money reached_by(const Redeemed& what) {
    Money reached;
    for (const Money threshold : what.thresholds)
        if (threshold <= what.spend) reached = std::max(reached, threshold);
    return reached;
}

}  // namespace

std::string_view to_text(AbuseKind kind) {
    constexpr std::array<std::string_view, kAbuseKinds> kTexts{
        "own_card", "split_baskets", "gift_kept", "redeem_then_refund", "redemption_spike"};
    return kTexts[static_cast<std::size_t>(kind)];
}

bool AbuseWatch::flag(AbuseFlag flag, const std::string& subject) {
    const std::string key = std::string{to_text(flag.kind)} + "|" + subject;
    const auto told = told_.find(key);
    if (told != told_.end() && !passed(Deadline{.set = told->second, .wait = kDay}, flag.at))
        return false;
    if (told_.size() >= kToldMax)
        std::erase_if(told_, [&](const auto& one) {
            return passed(Deadline{.set = one.second, .wait = kDay}, flag.at);
        });
    // Full of today's: somebody has enough to look at.
    if (told_.size() >= kToldMax && told == told_.end()) return false;
    told_[key] = flag.at;
    flags_.push_back(std::move(flag));
    return true;
}

void AbuseWatch::redeemed(const Redeemed& what, const Stamp& now) {
    if (TillPast* const past = till_of(what.till, now)) {
        auto& day = past->days[past->hour / 24];
        ++day.hours[static_cast<std::size_t>(past->hour % 24)].redeemed;
    }
    if (!what.sale.empty() && waiting_.size() < kWaitingMax) waiting_.push_back(what);
}

void AbuseWatch::sold(const Sale& sale, bool staff_card, const Stamp& now) {
    const auto redeemed = std::exchange(waiting_, {});
    const auto known_back = std::exchange(known_back_, {});
    TillPast* const past = till_of(sale.till, now);
    if (sale.type != SaleType::Sale) return returned(sale, known_back, now);
    if (past) {
        auto& day = past->days[past->hour / 24];
        ++day.hours[static_cast<std::size_t>(past->hour % 24)].sales;
    }
    bool near_one = false;
    for (const Redeemed& what : redeemed) {
        if (what.sale != sale.sale) continue;
        keep(what, reached_by(what), sale, now);
        const auto threshold = just_over(what, settings_.split_over);
        if (!threshold || near_one) continue;
        near_one = true;  // two campaigns on one receipt are one basket
        look_for_split(what, *threshold, sale, now);
    }
    if (!near_one) end_run(sale);
    if (!sale.member.empty()) use_card(sale, staff_card, now);
}

// A card that is shown again and again within a day: somebody else's purchases are put on it. The
// tills' own times count, because a file may bring a whole day at once.
void AbuseWatch::use_card(const Sale& sale, bool staff_card, const Stamp& now) {
    if (!cards_.contains(sale.member) && cards_.size() >= kCards) {
        std::erase_if(cards_, [&](const auto& one) {
            return one.second.empty() || sale.ended_at - one.second.back().at > kDay;
        });
        if (cards_.size() >= kCards) return;
    }
    auto& uses = cards_[sale.member];
    WallTime newest = sale.ended_at;
    for (const CardUse& use : uses) newest = std::max(newest, use.at);
    std::erase_if(uses, [&](const CardUse& use) { return newest - use.at >= kDay; });
    if (newest - sale.ended_at >= kDay) return;  // a file of days ago
    if (uses.size() >= kUsesMax) uses.erase(uses.begin());
    uses.push_back({.at = sale.ended_at, .till = sale.till});
    if (uses.size() >= kRowFrom) marks_.insert("card/" + sale.member);
    const auto n = static_cast<std::int64_t>(uses.size());
    const auto rush = std::ranges::count_if(uses, [&](const CardUse& use) {
        return use.till == sale.till && std::chrono::abs(sale.ended_at - use.at) < settings_.rush;
    });
    const bool day = n >= least_of(settings_.card_sales_day, staff_card);
    if (!day && rush < least_of(settings_.card_sales_rush, staff_card)) return;
    const auto here = std::ranges::count(uses, sale.till, &CardUse::till);
    flag({.kind = AbuseKind::OwnCard,
          .till = sale.till,
          .member = MemberKey{sale.member},
          .count = day ? n : rush,
          .detail = std::string{staff_card ? "a staff card on " : "one card on "} +
                    times(n, "receipts in 24 hours, ") + times(here, "at this till, ") +
                    times(rush, "of them in a rush"),
          .at = now},
         sale.member);
}

// Several baskets in minutes, each just over the same threshold: of one card, or one after the
// other at a till where nobody shows a card. How often the latter happens by itself the shop's own
// receipts say: people do fill up their baskets to reach a threshold.
void AbuseWatch::look_for_split(const Redeemed& what, Money threshold, const Sale& sale,
                                const Stamp& now) {
    const Split split{.at = sale.ended_at, .campaign = what.campaign, .threshold = threshold};
    const auto add = [&](std::vector<Split>& all) {
        std::erase_if(all, [&](const Split& one) {
            return std::chrono::abs(sale.ended_at - one.at) > settings_.split ||
                   one.campaign != split.campaign;
        });
        if (all.size() >= kRunMax) all.erase(all.begin());
        all.push_back(split);
        return static_cast<std::int64_t>(all.size());
    };
    TillPast* const past = till_of(sale.till, now);
    AbuseFlag found{.kind = AbuseKind::SplitBaskets,
                    .campaign = what.campaign,
                    .till = sale.till,
                    .staff = what.by == "till" ? "" : what.by,
                    .member = MemberKey{sale.member},
                    .at = now};
    if (!sale.member.empty()) {
        if (splits_.size() >= kCards) splits_.clear();  // minutes only: nothing of weight is lost
        found.count = add(splits_[sale.member]);
        if (found.count >= settings_.split_baskets) {
            found.detail =
                times(found.count, "baskets of one card within minutes, each just over ") +
                std::to_string(threshold.minor());
            flag(found, sale.member);
        }
    }
    if (!past) return;
    const double share = just_over_share();
    ++past->days[past->hour / 24].just_over;
    if (!sale.member.empty()) return past->run.clear();
    found.count = add(past->run);
    found.expected = kReceiptsTillWeek * std::pow(share, static_cast<double>(found.count));
    if (found.count < kRunLeast || found.expected >= settings_.false_per_till_week) return;
    found.p = std::pow(share, static_cast<double>(found.count));
    found.detail = times(found.count, "receipts in a row at one till, each just over ") +
                   std::to_string(threshold.minor());
    flag(found, "till " + sale.till.value);
}

void AbuseWatch::end_run(const Sale& sale) {
    const auto past = tills_.find(sale.till.value);
    if (past != tills_.end()) past->second.run.clear();
}

void AbuseWatch::relink(const MemberKey& from, const MemberKey& to) {
    if (auto earlier = cards_.extract(from.value)) {
        auto& kept = cards_[to.value];
        kept.insert(kept.begin(), earlier.mapped().begin(), earlier.mapped().end());
        marks_.insert("card/" + from.value), marks_.insert("card/" + to.value);
    }
    splits_.erase(from.value);
    for (auto& [offer, used] : used_)
        if (used.member == from) used.member = to, marks_.insert("used/" + offer.value);
}

void AbuseWatch::erase(const MemberKey& member) {
    if (cards_.erase(member.value) > 0) marks_.insert("card/" + member.value);
    splits_.erase(member.value);
    for (auto& [offer, used] : used_)
        if (used.member == member) used.member = {}, marks_.insert("used/" + offer.value);
    for (AbuseFlag& one : flags_)
        if (one.member == member) one.member = {};
    std::erase_if(told_, [&](const auto& one) { return one.first.ends_with("|" + member.value); });
}

void AbuseWatch::tick(const Stamp& now) {
    close_hours(now);
    look_for_gifts(now);
    forget_used(now);
}

}  // namespace aisle::offers
