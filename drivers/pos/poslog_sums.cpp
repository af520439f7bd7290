#include "drivers/pos/poslog_sums.hpp"

#include <algorithm>

namespace aisle::pos {
namespace {

struct Sums {
    Money lines;      // net of what counts
    Money discounts;  // of the whole sale, not in the lines yet
    Money taxes;      // all of them, included or not
    Money excluded;
};

Sums sums_of(const Sale& sale) {
    Sums sums;
    for (const auto& line : sale.lines) {
        if (!line.voided) sums.lines += line.net;
    }
    for (const auto& discount : sale.discounts) {
        if (discount.line == 0) sums.discounts += discount.amount;
    }
    for (const auto& tax : sale.taxes) {
        sums.taxes += tax.amount;
        if (!tax.included) sums.excluded += tax.amount;
    }
    return sums;
}

// In any of the ways in which intake may find it to add up: with the basket's discounts or without,
// tax in or out.
bool adds_up(const Sale& sale) {
    const Sums sums = sums_of(sale);
    for (const Money discounts : {Money{}, sums.discounts}) {
        for (const Money taxes : {sums.excluded, sums.taxes - sums.excluded}) {
            if (sums.lines - discounts + taxes + sale.rounding == sale.total) return true;
        }
    }
    return false;
}

// ExtendedAmount may also be the price before its own modifiers; the total knows.
void settle_modifiers(Sale& sale, const std::vector<DraftLine>& drafts) {
    const bool any =
        std::ranges::any_of(drafts, [](const DraftLine& d) { return d.modifiers > Money{}; });
    if (!any || adds_up(sale)) return;
    Sale other = sale;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        SaleLine& line = other.lines[i];
        line.gross -= line.discount;
        line.net = line.gross - line.discount;
    }
    if (adds_up(other)) sale.lines = std::move(other.lines);
}

void apply_line_discounts(Sale& sale, std::vector<SaleDiscount>& discounts,
                          const std::vector<DraftLine>& drafts) {
    for (auto& discount : discounts) {
        if (discount.amount == Money{}) continue;
        const auto draft =
            std::ranges::find_if(drafts, [&](const auto& d) { return d.line.n == discount.line; });
        if (draft == drafts.end()) {
            discount.line = 0;
        } else if (draft->modifiers == Money{}) {
            SaleLine& line = sale.lines[static_cast<std::size_t>(draft - drafts.begin())];
            const Money off = line.gross < Money{} ? -discount.amount.magnitude() : discount.amount;
            discount.amount = off;
            line.discount += off;
            line.net -= off;
        }
        sale.discounts.push_back(discount);
    }
}

Money tendered(const Sale& sale) {
    Money sum;
    for (const auto& tender : sale.tenders) sum += tender.amount - tender.change;
    return sum;
}

// Money that goes back is written without a sign by many: the goods tell which way it went.
void settle_direction(Sale& sale, bool total_told) {
    const Money lines = sums_of(sale).lines;
    if (lines < Money{}) {
        for (auto& tax : sale.taxes) {
            tax.amount = -tax.amount.magnitude();
            tax.base = -tax.base.magnitude();
        }
        if (total_told && sale.total > Money{}) sale.total = -sale.total;
        const bool positive =
            std::ranges::all_of(sale.tenders, [](const Tender& t) { return t.amount >= Money{}; });
        for (auto& tender : sale.tenders) {
            if (positive && tender.change == Money{}) tender.amount = -tender.amount;
        }
    }
    if (total_told) return;
    const Sums sums = sums_of(sale);
    sale.total =
        sale.tenders.empty() ? sums.lines - sums.discounts + sums.excluded : tendered(sale);
}

// The grand amount may stand before the cash was rounded.
void settle_rounding(Sale& sale) {
    if (sale.rounding != Money{} && tendered(sale) == sale.total + sale.rounding)
        sale.total += sale.rounding;
}

}  // namespace

void settle_sums(Sale& sale, DraftLines&& drafts, bool total_told) {
    for (const auto& draft : drafts.lines) sale.lines.push_back(draft.line);
    apply_line_discounts(sale, drafts.discounts, drafts.lines);
    settle_direction(sale, total_told);
    settle_rounding(sale);
    settle_modifiers(sale, drafts.lines);
    const auto takes = [](const SaleLine& line) {
        return !line.voided && line.kind == LineKind::Return;
    };
    const auto gives = [](const SaleLine& line) {
        return !line.voided && line.kind != LineKind::Return;
    };
    if (sale.type != SaleType::Sale || !std::ranges::any_of(sale.lines, takes)) return;
    sale.type = std::ranges::any_of(sale.lines, gives) ? SaleType::Exchange : SaleType::Return;
}

}  // namespace aisle::pos
