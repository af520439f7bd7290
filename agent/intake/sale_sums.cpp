#include <algorithm>
#include <array>
#include <vector>

#include "agent/intake/sale_cleaner.hpp"

namespace aisle::intake {
namespace {

// One way to read a receipt where vendors differ.
struct Hypothesis {
    bool turn_taxes = false;
    bool spread_discounts = false;
};

Money lines_come_to(const Sale& sale) {
    Money sum = sale.rounding;
    for (const auto& line : sale.lines) {
        if (!line.voided) sum += line.net;
    }
    for (const auto& tax : sale.taxes) {
        if (!tax.included) sum += tax.amount;
    }
    return sum;
}

Money tendered(const Sale& sale) {
    Money sum;
    for (const auto& tender : sale.tenders) sum += tender.amount - tender.change;
    return sum;
}

// Largest remainder over what the lines still cost, so that no line falls below zero and the shares
// add up.
bool spread(Sale& sale) {
    Money whole;
    for (const auto& discount : sale.discounts) {
        if (discount.line == 0) whole += discount.amount;
    }
    std::vector<Money> weights;
    Money room;
    for (const auto& line : sale.lines) {
        const bool pays = !line.voided && (line.net > Money{}) == (whole > Money{});
        weights.push_back(pays ? line.net.magnitude() : Money{});
        room += weights.back();
    }
    if (whole == Money{} || whole.magnitude() > room) return false;
    const auto shares = split_by_weight(whole, weights);
    for (std::size_t i = 0; i < sale.lines.size(); ++i) {
        auto& line = sale.lines[i];
        line.discount += shares[i];
        line.net = line.gross - line.discount;
    }
    return true;
}

bool read_as(Sale& sale, Hypothesis how) {
    if (how.turn_taxes) {
        if (sale.taxes.empty()) return false;
        for (auto& tax : sale.taxes) tax.included = !tax.included;
    }
    return !how.spread_discounts || spread(sale);
}

}  // namespace

void reconcile(Sale& sale) {
    constexpr std::array<Hypothesis, 3> kOthers{{{.spread_discounts = true},
                                                 {.turn_taxes = true},
                                                 {.turn_taxes = true, .spread_discounts = true}}};
    Money off = sale.total - lines_come_to(sale);
    for (const auto& how : kOthers) {
        if (off == Money{} || !counts(sale)) break;
        Sale other = sale;
        if (!read_as(other, how) || lines_come_to(other) != other.total) continue;
        sale = std::move(other);
        off = Money{};
        if (how.turn_taxes) note(sale, "tax_inclusion_by_sum");
        if (how.spread_discounts) note(sale, "basket_discount_split");
    }
    const auto tolerance = static_cast<std::int64_t>(std::max<std::size_t>(1, sale.lines.size()));
    sale.reconciled = {.tenders = tendered(sale) == sale.total,
                       .lines = off.magnitude() <= Money::minor(tolerance),
                       .off = off};
    if (!sale.reconciled.tenders && counts(sale)) note(sale, "recon_tender");
    if (!sale.reconciled.lines && counts(sale)) note(sale, "recon_lines");
}

}  // namespace aisle::intake
