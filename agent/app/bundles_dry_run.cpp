#include "agent/app/bundles_dry_run.hpp"

#include <algorithm>
#include <map>

#include "agent/records/sale_json.hpp"

namespace aisle::app {
namespace {

using offers::Ask;

class NothingGranted final : public offers::Ledger {
public:
    [[nodiscard]] std::optional<offers::Reason> refuses(const offers::Campaign&,
                                                        const Ask&) const override {
        return std::nullopt;
    }
    [[nodiscard]] std::optional<Money> left(const offers::Campaign&) const override {
        return std::nullopt;
    }
};

Ask ask_of(TriggerKind trigger, const DryCase& one, const conditions::Facts& context) {
    const bool asked = trigger == TriggerKind::Basket;
    const bool known = asked || one.agrees;
    return {.trigger = trigger,
            .at = one.at,
            .member = known ? one.basket.member : MemberKey{},
            .subject = one.basket.key,
            .unit = one.basket.key,
            .till = one.basket.till,
            .asked = asked,
            .basket = trigger == TriggerKind::MemberSeen ? nullptr : &one.basket,
            .customer = known ? &one.customer : nullptr,
            .context = &context};
}

// Adds up what one bundle would have done.
class Tally {
public:
    explicit Tally(const Clock& clock) : clock_{clock}, began_{clock.now().mono} {}

    [[nodiscard]] bool time_is_up() const { return clock_.now().mono - began_ > kDryRunMax; }

    offers::Decided decide(const offers::CampaignSet& set, const Ask& ask) {
        const MonoTime before = clock_.now().mono;
        offers::Decided decided = offers::decide(set, ask, nothing_granted_);
        took_us_.push_back((clock_.now().mono - before).count());
        for (const offers::Win& win : decided.wins) {
            if (win.reason != offers::Reason::Chosen) continue;
            ++figures_.offers;
            ++by_hour_[std::chrono::floor<std::chrono::hours>(ask.at.wall)];
        }
        return decided;
    }
    void basket(const Basket& basket, const offers::Decided& decided) {
        Money sum;
        for (const BasketLine& line : basket.lines) sum += line.net();
        if (sum <= Money{}) return;
        ++figures_.baskets;
        figures_.sum += sum.minor();
        for (const offers::Win& win : decided.wins) figures_.discount += win.price.off.minor();
    }
    void record() { ++figures_.records; }

    [[nodiscard]] uplink::GuardFigures finish() {
        for (const auto& [hour, n] : by_hour_)
            figures_.offers_per_hour = std::max(figures_.offers_per_hour, n);
        if (took_us_.empty()) return figures_;
        const auto at = static_cast<std::ptrdiff_t>((took_us_.size() - 1) * 99 / 100);
        std::ranges::nth_element(took_us_, took_us_.begin() + at);
        figures_.p99_us = took_us_[static_cast<std::size_t>(at)];
        return figures_;
    }

private:
    const Clock& clock_;
    MonoTime began_;
    NothingGranted nothing_granted_;
    uplink::GuardFigures figures_;
    std::vector<std::int64_t> took_us_;
    std::map<std::chrono::sys_time<std::chrono::hours>, std::int64_t> by_hour_;
};

}  // namespace

std::vector<Sale> sales_of(std::span<const JournalRow> rows, WallTime since) {
    std::vector<Sale> sales;
    for (const JournalRow& row : rows) {
        if (row.record.kind != "sale" || row.record.at.wall < since) continue;
        auto sale = records::sale_from_json(row.record.body);
        if (!sale || !counts(*sale) || sale->type != SaleType::Sale) continue;
        sales.push_back(std::move(*sale));
    }
    if (sales.size() > kDryRunSalesMax)
        sales.erase(sales.begin(), sales.end() - static_cast<std::ptrdiff_t>(kDryRunSalesMax));
    return sales;
}

DryCase case_of(const Sale& sale) {
    DryCase one{
        .basket = {.key = sale.sale.value, .till = sale.till, .member = MemberKey{sale.member}}};
    for (const SaleLine& line : sale.lines) {
        if (line.voided || line.void_of != 0 || line.gross <= Money{}) continue;
        one.basket.lines.push_back({.n = line.n,
                                    .sku = line.sku,
                                    .qty_milli = line.qty_milli,
                                    .gross = line.gross,
                                    .discount = line.discount});
    }
    one.at.wall = sale.ended_at;
    one.at.quality = ClockQuality::Ntp;
    return one;
}

uplink::GuardFigures dry_run(const offers::CampaignSet& set, std::span<const DryCase> cases,
                             const conditions::Facts& context, const Clock& clock) {
    Tally tally{clock};
    for (const DryCase& one : cases) {
        if (tally.time_is_up()) break;
        tally.record();
        const auto decided = tally.decide(set, ask_of(TriggerKind::Basket, one, context));
        tally.basket(one.basket, decided);
        (void)tally.decide(set, ask_of(TriggerKind::Sale, one, context));
        if (one.agrees) (void)tally.decide(set, ask_of(TriggerKind::MemberSeen, one, context));
    }
    return tally.finish();
}

}  // namespace aisle::app
