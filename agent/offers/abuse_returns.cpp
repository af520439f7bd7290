#include <algorithm>

#include "agent/offers/abuse.hpp"
#include "agent/offers/rare_counts.hpp"

// What comes back after it has helped to an offer: gifts that stay, redemptions that are undone.
namespace aisle::offers {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::size_t kArticlesKept = 24;
constexpr std::int64_t kRefundDays = 7;
// Refunds of redeemed receipts that nobody has to look at: two of a hundred, until the shop's own
// figures say better; and their scatter from week to week.
constexpr double kUsualRefunds = 1, kUsualReceipts = 50;
constexpr double kRefundSpread = 0.05;
// Each refund of a week is a look; of these so many are allowed for.
constexpr double kLooksWeek = 20;
constexpr std::int64_t kRefundsLeast = 4;
constexpr std::size_t kForgetMax = 200;  // looked at in one go

// FNV-1a: a SKU as a number, so that ten thousand receipts take little room.
std::uint32_t hash_of(std::string_view text) {
    std::uint32_t hash = 0x811c9dc5U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
    return hash == 0 ? 1 : hash;
}

bool is_back(const SaleLine& line) {
    return !line.voided && line.void_of == 0 && (line.qty_milli < 0 || line.net < Money{});
}

// An article at its price: one that was bought dearer or cheaper came from another receipt.
std::uint32_t article_of(const SaleLine& line) {
    const std::int64_t unit =
        line.qty_milli == 0 ? line.gross.minor() : line.gross.minor() * 1'000 / line.qty_milli;
    return hash_of(line.sku + "@" + std::to_string(unit));
}

struct Back {
    std::vector<std::uint32_t> skus;
    std::vector<std::uint32_t> articles;
    Money gross;  // > 0: what was taken off by offers counts as given back too
    Money net;    // > 0
};

Back goods_back(const Sale& sale) {
    Back back;
    for (const SaleLine& line : sale.lines) {
        if (!is_back(line)) continue;
        back.skus.push_back(hash_of(line.sku));
        back.articles.push_back(article_of(line));
        back.gross += line.gross.magnitude();
        back.net += line.net.magnitude();
    }
    return back;
}

}  // namespace

void AbuseWatch::keep(const Redeemed& what, Money threshold, const Sale& sale, const Stamp& now) {
    if (TillPast* const past = till_of(sale.till, now)) ++past->days[past->hour / 24].kept;
    if (used_.size() >= kUsed) {
        const auto oldest = std::ranges::min_element(used_, {}, [](const auto& one) {
            return std::pair{one.second.at.boot, one.second.at.mono};
        });
        gifts_out_.erase(oldest->first);
        marks_.insert("used/" + oldest->first.value);
        used_.erase(oldest);
    }
    Used used{.campaign = what.campaign,
              .code = what.code,
              .member = MemberKey{sale.member},
              .till = sale.till,
              .by = what.by == "till" ? "" : what.by,
              .sale = sale.sale,
              .at = now,
              .spend = what.spend,
              .threshold = threshold,
              .total = sale.total,
              .gift = what.gift_sku.empty() ? 0 : hash_of(what.gift_sku)};
    for (const SaleLine& line : sale.lines) {
        if (line.voided || used.articles.size() >= kArticlesKept) continue;
        used.articles.push_back(article_of(line));
    }
    used_[what.offer] = std::move(used);
    marks_.insert("used/" + what.offer.value);
}

// Whose goods these are. A till that names the promotion on the return says so itself. Else the
// card, and all of the goods at their prices; else, without a card, the whole receipt to the cent:
// a single article could be anybody's.
std::vector<OfferId> AbuseWatch::given_back(const Sale& sale, const Stamp& now) const {
    const Back back = goods_back(sale);
    if (back.skus.empty()) return {};
    const auto named = [&](const OfferId& offer, const Used& used) {
        return std::ranges::any_of(sale.discounts, [&](const SaleDiscount& discount) {
            return !discount.offer.empty() &&
                   (discount.offer == offer.value || discount.offer == used.code);
        });
    };
    const auto bought = [&](const Used& used) {
        for (std::size_t i = 0; i < back.skus.size(); ++i)
            if (back.skus[i] != used.gift &&
                std::ranges::find(used.articles, back.articles[i]) == used.articles.end() &&
                used.articles.size() < kArticlesKept)
                return false;
        return true;
    };
    SaleId latest;
    Stamp latest_at;
    for (const auto& [offer, used] : used_) {
        if (passed(Deadline{.set = used.at, .wait = kReturnDays * kDay}, now)) continue;
        const bool by_card =
            !sale.member.empty() && used.member.value == sale.member && bought(used);
        const bool whole =
            sale.member.empty() && used.member.empty() && back.net == used.total && bought(used);
        const bool names = named(offer, used);
        if (!names && !by_card && !whole) continue;
        const auto order = [](const Stamp& at) { return std::pair{at.boot, at.mono}; };
        if (!names && !latest.empty() && order(used.at) < order(latest_at)) continue;
        latest = used.sale, latest_at = used.at;
        if (names) break;
    }
    std::vector<OfferId> all;
    for (const auto& [offer, used] : used_)
        if (!latest.empty() && used.sale == latest) all.push_back(offer);
    return all;
}

// A gift that follows its goods on a receipt of its own.
bool AbuseWatch::gift_follows(const Sale& sale) {
    const Back back = goods_back(sale);
    if (back.skus.size() != 1) return false;
    const auto fits = [&](const OfferId& offer) {
        const Used& used = used_.at(offer);
        const bool same = used.member.value == sale.member || sale.member.empty();
        return used.gift == back.skus.front() && !used.gift_back && same;
    };
    const auto found = std::ranges::find_if(gifts_out_, fits);
    if (found == gifts_out_.end()) return false;
    used_.at(*found).gift_back = true;
    marks_.insert("used/" + found->value);
    return true;
}

void AbuseWatch::returned(const Sale& sale, const std::set<OfferId>& known, const Stamp& now) {
    if (gift_follows(sale)) return;
    bool some = false;
    for (const OfferId& offer : known) {
        const auto at = used_.find(offer);
        if (at != used_.end()) take_back(offer, at->second, sale, now), some = true;
    }
    if (some) return;
    for (const OfferId& offer : given_back(sale, now)) take_back(offer, used_.at(offer), sale, now);
}

void AbuseWatch::take_back(const OfferId& offer, Used& used, const Sale& sale, const Stamp& now) {
    const Back back = goods_back(sale);
    const bool gift = used.gift != 0 && std::ranges::find(back.skus, used.gift) != back.skus.end();
    used.gift_back = used.gift_back || gift;
    used.refunded += back.gross;
    marks_.insert("used/" + offer.value);
    // Below its threshold, or as good as all of it.
    const bool all = used.refunded * 10 >= used.total * 9;
    const bool below = used.threshold > Money{} && used.spend - used.refunded < used.threshold;
    if (used.undone || (!all && !below)) return;
    used.undone = true;
    if (used.gift != 0) used.undone_at = now, gifts_out_.insert(offer);
    if (TillPast* const past = till_of(used.till, now)) ++past->days[past->hour / 24].undone;
    judge_refunds(used, now);
}

void AbuseWatch::judge_refunds(const Used& used, const Stamp& now) {
    AbuseFlag found{.kind = AbuseKind::RedeemThenRefund,
                    .campaign = used.campaign,
                    .till = used.till,
                    .staff = used.by,
                    .member = used.member,
                    .at = now};
    found.count = std::ranges::count_if(used_, [&](const auto& one) {
        return !used.member.empty() && one.second.member == used.member && one.second.undone &&
               !passed(Deadline{.set = one.second.at, .wait = kRefundDays * kDay}, now);
    });
    if (found.count >= settings_.refunds_week) {
        found.detail =
            std::to_string(found.count) + " redemptions of one card in 7 days were refunded";
        flag(found, used.member.value);
    }
    // A till at which far more comes back than at the others.
    double here_n = 0, here_back = 0, else_n = 0, else_back = 0;
    for (const auto& [till, past] : tills_) {
        for (auto day = past.days.lower_bound(now.wall.time_since_epoch() / kDay - kRefundDays);
             day != past.days.end(); ++day) {
            const bool here = till == used.till.value;
            (here ? here_n : else_n) += day->second.kept;
            (here ? here_back : else_back) += day->second.undone;
        }
    }
    const double rate = (else_back + kUsualRefunds) / (else_n + kUsualReceipts);
    found.count = static_cast<std::int64_t>(here_back);
    found.expected = here_n * rate;
    found.p = at_least(found.count, {.mean = found.expected, .spread = kRefundSpread});
    found.member = {};
    if (found.count < kRefundsLeast || found.p * kLooksWeek >= settings_.false_per_till_week)
        return;
    found.detail = std::to_string(found.count) + " of " +
                   std::to_string(static_cast<std::int64_t>(here_n)) +
                   " redemptions of this till in 7 days were refunded";
    flag(found, "till " + used.till.value);
}

// A gift whose goods went back, and that did not follow in time.
void AbuseWatch::look_for_gifts(const Stamp& now) {
    for (auto at = gifts_out_.begin(); at != gifts_out_.end();) {
        Used& used = used_.at(*at);
        const bool over =
            passed(Deadline{.set = *used.undone_at, .wait = settings_.gift_grace}, now);
        if (!used.gift_back && !over) {
            ++at;
            continue;
        }
        used.undone_at.reset();
        marks_.insert("used/" + at->value);
        if (!used.gift_back)
            flag({.kind = AbuseKind::GiftKept,
                  .campaign = used.campaign,
                  .till = used.till,
                  .staff = used.by,
                  .member = used.member,
                  .count = 1,
                  .detail = "the goods of sale " + used.sale.value + " went back without the gift",
                  .at = now},
                 "sale " + used.sale.value);
        at = gifts_out_.erase(at);
    }
}

// Once a day, a bounded number; and the cards that nobody has shown since.
void AbuseWatch::forget_used(const Stamp& now) {
    const std::int64_t day = now.wall.time_since_epoch() / kDay;
    if (day == forgot_day_) return;
    std::size_t gone = 0;
    for (auto at = used_.begin(); at != used_.end() && gone < kForgetMax;) {
        if (!passed(Deadline{.set = at->second.at, .wait = kReturnDays * kDay}, now)) {
            ++at;
            continue;
        }
        marks_.insert("used/" + at->first.value);
        gifts_out_.erase(at->first);
        at = used_.erase(at);
        ++gone;
    }
    if (gone == kForgetMax) return;
    forgot_day_ = day;
    std::erase_if(cards_, [&](const auto& one) {
        const bool over = one.second.empty() || now.wall - one.second.back().at > 2 * kDay;
        if (over) marks_.insert("card/" + one.first);
        return over;
    });
}

}  // namespace aisle::offers
