#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "agent/core/customer.hpp"
#include "agent/offers/engine.hpp"

// Weeks of a shop with four tills, as they are: regulars with a long tail, people who come back for
// what they forgot, baskets that are filled up to reach a threshold, goods that come back, a busy
// Saturday, days on which everybody comes, campaigns that change; and abuse, where it is put in.
namespace aisle::offers::abuse {

using Millis = std::int64_t;
inline constexpr Millis kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;
inline constexpr Millis kFirstMonday = 1'772'409'600'000;  // 2026-03-02T00:00:00Z
inline constexpr int kTills = 4;

// One sort of abuse at one strength, done once in the week.
struct Injection {
    std::string name;
    AbuseKind kind = AbuseKind::OwnCard;
    int strength = 0;
    bool by_card = true;  // else nobody shows one
};

class Shop final : public Surroundings {
public:
    explicit Shop(std::uint64_t seed) : dice_{seed} {
        Settings settings;
        settings.store = StoreId{"s-0001"};
        settings.codes.key = "a store's secret";
        engine_ = std::move(*Engine::make(settings, *this));
        hire();
        change_campaigns(0);
    }

    // Runs the week with this number; `abused` is put into it. What was flagged comes back.
    std::vector<AbuseFlag> week(int number, const Injection* abused = nullptr) {
        flags_.clear();
        const Millis monday = kFirstMonday + number * 7 * kDay;
        if (number % 2 == 0) change_campaigns(number);
        for (int day = 0; day < 7; ++day) plan_day(monday + day * kDay, day);
        if (abused) plan(*abused, monday + 3 * kDay);
        while (!agenda_.empty() && agenda_.begin()->first < monday + 7 * kDay) {
            const auto next = agenda_.extract(agenda_.begin());
            // The engine's second hand, in strides: nothing it does here is finer than an hour.
            for (; ticked_ + 20 * kMinute < next.key(); ticked_ += 20 * kMinute) tick(ticked_);
            now_ = next.key();
            next.mapped()();
        }
        tick(now_);
        return flags_;
    }

    [[nodiscard]] std::int64_t receipts() const { return receipts_; }
    [[nodiscard]] std::int64_t redemptions() const { return redemptions_; }
    [[nodiscard]] std::int64_t returns() const { return returns_; }
    [[nodiscard]] std::int64_t card_days() const {
        return static_cast<std::int64_t>(card_days_.size());
    }
    [[nodiscard]] std::int64_t till_hours() const {
        return static_cast<std::int64_t>(till_hours_.size());
    }

    [[nodiscard]] conditions::Facts customer(const MemberKey&, const Stamp&) const override {
        conditions::Facts facts;
        facts.set("cust.known", true);
        return facts;
    }
    [[nodiscard]] const conditions::Facts& context(const Stamp&) const override { return nothing_; }
    [[nodiscard]] const ProductRow* product(std::string_view) const override { return nullptr; }

private:
    struct Regular {
        MemberKey key;
        double a_day = 0;
    };

    double random() { return std::uniform_real_distribution<double>{0, 1}(dice_); }
    std::int64_t pick(std::int64_t n) {
        return static_cast<std::int64_t>(dice_() % static_cast<std::uint64_t>(n));
    }
    [[nodiscard]] Stamp stamp() const {
        return {.boot = 1,
                .mono = MonoTime{milliseconds{now_ - kFirstMonday + kDay}},
                .wall = WallTime{milliseconds{now_}},
                .quality = ClockQuality::Ntp};
    }
    static MemberKey name(std::int64_t n) {
        const std::string digits = std::to_string(n);
        return MemberKey{std::string(32 - digits.size(), '0') + digits};
    }

    // Three thousand cards: most come every other week, some every day, a few more often.
    void hire() {
        std::gamma_distribution<double> visits{0.5, 0.22};
        double sum = 0;
        for (int n = 0; n < 3'000; ++n) {
            regulars_.push_back({.key = name(n), .a_day = std::min(1.2, visits(dice_))});
            sum += regulars_.back().a_day;
            upto_.push_back(sum);
        }
    }

    // 满100减10, a gift from 150 on, and in every other fortnight ten per cent on all of it.
    void change_campaigns(int week) {
        const auto text = [](const std::string& id, const std::string& action,
                             const std::string& group) {
            return R"({"schema":1,"id":")" + id + R"(","trigger":{"type":"basket"},"action":)" +
                   action + R"(,"stack":{"group":")" + group + R"("},"experiment":{"holdout":0}})";
        };
        std::vector<CampaignFile> files{
            {"tiers",
             text("full-reduction", R"({"type":"spend_tiers","tiers":[[10000,1000],[20000,2500]]})",
                  "order")},
            {"gift",
             text("gift", R"({"type":"gift","sku":"CUP","min_spend":15000,"worth":900})", "item")}};
        if (week % 4 == 2)
            files.push_back({"tea", text("tea",
                                         R"({"type":"pct_off","bp":1000,"max":900,)"
                                         R"("scope":{"sku":["S1","S2","S3"]}})",
                                         "item")});
        auto set = CampaignSet::load(files, {.store = &utc_});
        if (!set) std::abort();
        engine_->load(std::make_shared<const CampaignSet>(std::move(*set)));
    }

    // Half past eight to half past nine in the evening, with two humps; tills open as they are
    // needed.
    void plan_day(Millis day, int weekday) {
        const double crowd = (weekday == 5   ? 1.5
                              : weekday == 6 ? 1.3
                                             : 1.0) *
                             std::gamma_distribution<double>{40, 1.0 / 40}(dice_) *
                             (random() < 0.07 ? 2.5 : 1.0);
        for (int hour = 9; hour < 21; ++hour) {
            const double hump = (hour == 12 || hour >= 17) ? 1.5 : 0.8;
            const auto n = std::poisson_distribution<int>{28 * crowd * hump}(dice_);
            const std::int64_t open = 2 + (n > 30 ? 1 : 0) + (n > 50 ? 1 : 0);
            for (int i = 0; i < n; ++i)
                agenda_.emplace(day + hour * kHour + pick(kHour),
                                [this, till = pick(open)] { somebody_pays(till); });
        }
    }

    MemberKey some_card() {
        if (random() > 0.6) return {};
        const double at = random() * upto_.back();
        const auto found = std::ranges::lower_bound(upto_, at);
        return regulars_[static_cast<std::size_t>(found - upto_.begin())].key;
    }

    void somebody_pays(std::int64_t till) {
        const MemberKey card = some_card();
        if (now_ < busy_until_) till = 1;  // somebody keeps the first till for himself
        const auto receipt = pay(till, card, amounts());
        // Three of a hundred have forgotten something.
        if (random() < 0.03)
            agenda_.emplace(now_ + 2 * kMinute + pick(15 * kMinute),
                            [this, till, card] { pay(till, card, {300 + pick(2'000)}); });
        if (random() >= 0.02) return;
        const bool whole = random() < 0.5;
        agenda_.emplace(now_ + kHour + pick(6 * kDay),
                        [this, receipt, whole] { bring_back(*receipt, whole, true); });
    }

    // Lines of a basket. A quarter of those who are near a threshold fill up to it.
    std::vector<std::int64_t> amounts() {
        std::lognormal_distribution<double> price{6.8, 0.7};
        std::vector<std::int64_t> all;
        std::int64_t total = 0;
        for (auto n = 1 + std::poisson_distribution<int>{4}(dice_); n > 0; --n) {
            all.push_back(50 + static_cast<std::int64_t>(std::min(30'000.0, price(dice_))));
            total += all.back();
        }
        for (const std::int64_t threshold : {10'000, 15'000, 20'000})
            if (total < threshold && total > threshold * 7 / 10 && random() < 0.25) {
                all.push_back(threshold - total + pick(threshold / 12));
                break;
            }
        return all;
    }

    std::shared_ptr<Sale> pay(std::int64_t till, const MemberKey& card,
                              const std::vector<std::int64_t>& lines) {
        Basket basket{.key = "b" + std::to_string(++numbers_),
                      .till = TillId{std::to_string(till + 1)},
                      .member = card};
        for (const std::int64_t amount : lines)
            basket.lines.push_back({.n = static_cast<int>(basket.lines.size()) + 1,
                                    .sku = "S" + std::to_string(pick(400)),
                                    .qty_milli = 1'000,
                                    .gross = Money::minor(amount)});
        const BasketAnswer answer = take(engine_->basket(basket, stamp()));
        auto sale = std::make_shared<Sale>(receipt_of(basket, answer.answer));
        take(engine_->sale(nullptr, *sale, stamp()));
        ++receipts_;
        till_hours_.insert({till, now_ / kHour});
        if (!card.empty()) card_days_.insert({card.value, now_ / kDay});
        return sale;
    }

    Sale receipt_of(const Basket& basket, const BasketDecision& answer) {
        Sale sale{.sale = SaleId{"s" + std::to_string(numbers_)}, .revision = 1};
        sale.till = basket.till, sale.vendor_id = basket.key, sale.member = basket.member.value;
        sale.ended_at = stamp().wall;
        sale.business_date = utc_.local(sale.ended_at).date;
        for (const BasketLine& line : basket.lines) {
            SaleLine sold{.n = line.n, .sku = line.sku, .qty_milli = line.qty_milli};
            sold.gross = line.gross;
            sale.lines.push_back(sold);
        }
        for (const PricedOffer& offer : answer.offers) {
            for (const LineShare& share : offer.shares) {
                sale.lines[static_cast<std::size_t>(share.line) - 1].discount += share.amount;
                sale.discounts.push_back(
                    {.line = share.line, .offer = offer.offer.value, .amount = share.amount});
            }
            if (offer.gift_sku.empty()) continue;
            const int n = static_cast<int>(sale.lines.size()) + 1;
            SaleLine gift{.n = n, .sku = offer.gift_sku, .qty_milli = 1'000};
            gift.gross = gift.discount = Money::minor(900);
            sale.lines.push_back(gift);
            sale.discounts.push_back({.line = n, .offer = offer.offer.value, .amount = gift.gross});
        }
        for (SaleLine& line : sale.lines) {
            line.net = line.gross - line.discount;
            sale.total += line.net;
        }
        return sale;
    }

    // The goods, and as staff have learned: the gift with them where what stays is below its
    // threshold; sometimes it lies in the car and follows on a receipt of its own.
    void bring_back(const Sale& sale, bool whole, bool honest) {
        Money kept;
        const SaleLine* gift = nullptr;
        std::vector<const SaleLine*> back;
        for (const SaleLine& line : sale.lines) {
            if (line.sku == "CUP") {
                gift = &line;
            } else if (whole || back.empty()) {
                back.push_back(&line);
            } else {
                kept += line.gross;
            }
        }
        if (back.empty()) return;
        const bool due = gift != nullptr && honest && kept < Money::minor(15'000);
        const bool later = due && random() < 0.2;
        if (due && !later) back.push_back(gift);
        give_back(sale, back);
        if (later)
            agenda_.emplace(now_ + kMinute + pick(20 * kMinute),
                            [this, copy = sale, line = *gift] { give_back(copy, {&line}); });
    }
    void give_back(const Sale& sale, const std::vector<const SaleLine*>& lines) {
        Sale back{.sale = SaleId{"r" + std::to_string(++numbers_)},
                  .revision = 1,
                  .type = SaleType::Return};
        back.till = sale.till, back.member = sale.member, back.ended_at = stamp().wall;
        back.business_date = utc_.local(back.ended_at).date;
        for (const SaleLine* const line : lines) {
            SaleLine one = *line;
            one.qty_milli = -one.qty_milli, one.gross = -one.gross;
            one.discount = -one.discount, one.net = -one.net;
            back.total += one.net;
            back.lines.push_back(one);
        }
        ++returns_;
        take(engine_->sale(nullptr, back, stamp()));
    }

    void plan(const Injection& abused, Millis day);
    // A redemption without a customer: a code is taken from a basket that never was.
    void forge(std::int64_t till) {
        Basket basket{.key = "f" + std::to_string(++numbers_)};
        basket.lines.push_back(
            {.n = 1, .sku = "S1", .qty_milli = 1'000, .gross = Money::minor(12'000)});
        const BasketAnswer answer = take(engine_->basket(basket, stamp()));
        for (const PricedOffer& offer : answer.answer.offers) {
            if (auto used = engine_->redeem_code(
                    {.code = offer.code, .till = TillId{std::to_string(till + 1)}, .by = "till"},
                    stamp()))
                take(std::move(*used));
            return;
        }
    }

    void tick(Millis at) {
        const Millis before = std::exchange(now_, std::max(now_, at));
        take(engine_->tick(stamp()));
        now_ = std::max(before, now_);
    }
    Effects take(Effects effects) {
        redemptions_ += std::ssize(effects.redemptions);
        for (AbuseFlag& flag : effects.flags) flags_.push_back(flag);
        return effects;
    }
    BasketAnswer take(BasketAnswer answer) {
        answer.effects = take(std::move(answer.effects));
        return answer;
    }

    struct Utc final : TimeZone {
        [[nodiscard]] LocalTime local(WallTime time) const override {
            const auto day = std::chrono::floor<std::chrono::days>(time);
            return {
                .date = Date{day},
                .minute_of_day = static_cast<int>(std::chrono::floor<minutes>(time - day).count()),
                .weekday = std::chrono::weekday{day}};
        }
        [[nodiscard]] WallTime instant(Date date, milliseconds since_midnight) const override {
            return WallTime{std::chrono::sys_days{date}} + since_midnight;
        }
    } utc_;
    conditions::Facts nothing_;
    std::mt19937_64 dice_;
    std::unique_ptr<Engine> engine_;
    std::vector<Regular> regulars_;
    std::vector<double> upto_;  // of how often they come, added up
    std::multimap<Millis, std::function<void()>> agenda_;
    std::vector<AbuseFlag> flags_;
    std::set<std::pair<std::string, Millis>> card_days_;
    std::set<std::pair<std::int64_t, Millis>> till_hours_;
    Millis now_ = kFirstMonday;
    Millis ticked_ = kFirstMonday;
    Millis busy_until_ = 0;
    std::int64_t numbers_ = 0;
    std::int64_t receipts_ = 0;
    std::int64_t redemptions_ = 0;
    std::int64_t returns_ = 0;
};

// Beside everything else that happens; a Thursday and, where it takes longer, the days after it.
inline void Shop::plan(const Injection& abused, Millis day) {
    const MemberKey thief = abused.by_card ? name(9'999'999) : MemberKey{};
    const auto at = [&](Millis when, std::function<void()> what) {
        agenda_.emplace(when, std::move(what));
    };
    for (int i = 0; i < abused.strength; ++i) {
        switch (abused.kind) {
            case AbuseKind::OwnCard:  // on other people's receipts, over a shift
                at(day + 10 * kHour + i * 8 * kHour / abused.strength,
                   [this, thief] { pay(1, thief, amounts()); });
                break;
            case AbuseKind::SplitBaskets:  // one trolley, a receipt each minute
                at(day + 14 * kHour + i * kMinute, [this, thief] {
                    busy_until_ = now_ + 2 * kMinute;
                    pay(0, thief, {6'000, 4'000 + pick(900)});
                });
                break;
            case AbuseKind::GiftKept:
                at(day + 11 * kHour + i * 5 * kHour, [this, thief] {
                    const auto receipt = pay(0, thief, {9'000, 6'500, 1'200});
                    agenda_.emplace(now_ + kHour,
                                    [this, receipt] { bring_back(*receipt, true, false); });
                });
                break;
            case AbuseKind::RedeemThenRefund:
                at(day + 9 * kHour + i * 3 * kHour % (3 * kDay), [this, thief] {
                    const auto receipt = pay(2, thief, {8'000 + pick(900), 3'000 + pick(900)});
                    agenda_.emplace(now_ + 2 * kHour,
                                    [this, receipt] { bring_back(*receipt, true, true); });
                });
                break;
            case AbuseKind::RedemptionSpike:
                at(day + 15 * kHour + i * kHour / (abused.strength + 1), [this] { forge(1); });
                break;
        }
    }
}

}  // namespace aisle::offers::abuse
