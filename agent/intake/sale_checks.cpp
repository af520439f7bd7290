#include <algorithm>
#include <map>
#include <set>

#include "agent/intake/sale_cleaner.hpp"

namespace aisle::intake {
namespace {

constexpr std::int64_t kQuantityMaxMilli = 1'000'000'000'000;

// Tills with a dead battery say 1970 or 2000; nothing of ours was sold before this.
constexpr WallTime kEndedAtMin = WallTime{seconds{1'262'304'000}};  // 2010-01-01
constexpr WallTime kEndedAtMax = WallTime{seconds{4'102'444'800}};  // 2100-01-01

bool too_much(Money amount) { return amount > kMoneyMax || amount < -kMoneyMax; }

int sign_of(std::int64_t value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }
int sign_of(Money amount) { return sign_of(amount.minor()); }

bool line_too_much(const SaleLine& line) {
    return too_much(line.gross) || too_much(line.discount) || too_much(line.net) ||
           line.qty_milli > kQuantityMaxMilli || line.qty_milli < -kQuantityMaxMilli;
}

Problem contradiction(const SaleLine& line, const char* what) {
    return {"signs", "line " + std::to_string(line.n) + ": " + what};
}

// Vendors write a discount as -10 too; the line's own net tells which they mean.
void turn_discount(Sale& sale, SaleLine& line) {
    const bool opposite = sign_of(line.discount) * sign_of(line.gross) < 0;
    if (!opposite || line.net != line.gross + line.discount) return;
    line.discount = -line.discount;
    note(sale, "discount_sign_turned");
}

Step settle_line(Sale& sale, SaleLine& line) {
    turn_discount(sale, line);
    if (sign_of(line.discount) * sign_of(line.gross) < 0)
        return contradiction(line, "discount against gross");
    if (line.discount.magnitude() > line.gross.magnitude())
        return contradiction(line, "discount above gross");
    if (line.net != line.gross - line.discount) {
        line.net = line.gross - line.discount;
        note(sale, "net_recomputed");
    }
    if (sign_of(line.qty_milli) * sign_of(line.gross) < 0) {
        line.qty_milli = -line.qty_milli;
        note(sale, "qty_sign_turned");
    }
    const int sign = line.gross == Money{} ? sign_of(line.qty_milli) : sign_of(line.gross);
    if (line.kind == LineKind::Sale && sign < 0) {
        line.kind = LineKind::Return;
        note(sale, "kind_from_sign");
    }
    if (line.kind == LineKind::Return && sign > 0)
        return contradiction(line, "a return above zero");
    return {};
}

void settle_type(Sale& sale) {
    const bool may_change = sale.type == SaleType::Sale || sale.type == SaleType::Return ||
                            sale.type == SaleType::Exchange;
    if (!may_change) return;
    bool gives = false;
    bool takes = false;
    for (const auto& line : sale.lines) {
        if (line.voided) continue;
        takes = takes || line.kind == LineKind::Return;
        gives = gives || line.kind != LineKind::Return;
    }
    if (!gives && !takes) return;
    const SaleType told = sale.type;
    sale.type = gives && takes ? SaleType::Exchange : takes ? SaleType::Return : SaleType::Sale;
    if (sale.type != told) note(sale, "type_from_lines");
}

void settle_parts(Sale& sale) {
    for (auto& discount : sale.discounts) {
        const auto line = std::ranges::find(sale.lines, discount.line, &SaleLine::n);
        const bool whole = line == sale.lines.end();
        const int wanted = whole ? (sale.type == SaleType::Return ? -1 : 1) : sign_of(line->gross);
        if (sign_of(discount.amount) * wanted >= 0) continue;
        discount.amount = -discount.amount;
        note(sale, "discount_sign_turned");
    }
    for (auto& tender : sale.tenders) {
        if (tender.change >= Money{}) continue;
        tender.change = -tender.change;
        note(sale, "change_sign_turned");
    }
}

void number_lines(Sale& sale) {
    std::set<int> seen;
    const bool all_good = std::ranges::all_of(
        sale.lines, [&](const SaleLine& line) { return line.n > 0 && seen.insert(line.n).second; });
    if (all_good) return;
    // Where two lines bore one number the first of them was meant; of a line that is not there
    // nothing is left to say.
    std::map<int, int> renamed;
    int n = 0;
    for (auto& line : sale.lines) {
        ++n;
        if (line.n > 0) renamed.try_emplace(line.n, n);
        line.n = n;
    }
    const auto new_name = [&](int old) {
        const auto found = renamed.find(old);
        return found == renamed.end() ? 0 : found->second;
    };
    for (auto& line : sale.lines) line.void_of = new_name(line.void_of);
    for (auto& discount : sale.discounts) discount.line = new_name(discount.line);
    note(sale, "lines_renumbered");
}

Step check_identity(const Sale& sale) {
    if (sale.source.empty()) return Problem{"schema", "source: missing"};
    if (sale.vendor_id.empty() && sale.till.empty()) return Problem{"schema", "till: missing"};
    if (sale.seq < 0) return Problem{"schema", "seq: below zero"};
    return {};
}

}  // namespace

Step check_header(Sale& sale, const IntakeSettings& settings) {
    if (sale.store != settings.store) return Problem{"unknown_store", "store: not this one"};
    if (auto problem = check_identity(sale)) return problem;
    if (sale.currency.empty()) {
        sale.currency = settings.currency;
        note(sale, "currency_of_store");
    }
    if (sale.currency != settings.currency) return Problem{"currency", "currency: not the store's"};
    if (sale.minor_digits != settings.minor_digits)
        return Problem{"currency", "minor_digits: not the store's"};
    if (sale.ended_at < kEndedAtMin || sale.ended_at > kEndedAtMax) {
        return Problem{"schema", "ended_at: missing or no time of ours"};
    }
    if (sale.business_date.ok()) return {};
    if (!settings.zone) return Problem{"schema", "business_date: missing"};
    sale.business_date = business_date(*settings.zone, sale.ended_at, settings.business_day_cut);
    note(sale, "business_date_from_time");
    return {};
}

Step check_limits(const Sale& sale) {
    if (sale.lines.size() > kSaleLinesMax) return Problem{"limit", "lines: too many"};
    const auto parts = std::max({sale.discounts.size(), sale.tenders.size(), sale.taxes.size()});
    if (parts > kSalePartsMax) return Problem{"limit", "discounts, tenders or taxes: too many"};
    const bool amounts_good =
        std::ranges::none_of(sale.lines, line_too_much) &&
        std::ranges::none_of(sale.discounts, too_much, &SaleDiscount::amount) &&
        std::ranges::none_of(sale.tenders, too_much, &Tender::amount) &&
        std::ranges::none_of(sale.tenders, too_much, &Tender::change) &&
        std::ranges::none_of(sale.taxes, too_much, &Tax::amount) &&
        std::ranges::none_of(sale.taxes, too_much, &Tax::base) && !too_much(sale.rounding) &&
        !too_much(sale.total);
    if (!amounts_good) return Problem{"limit", "an amount or a quantity is too large"};
    return {};
}

Step settle_signs(Sale& sale) {
    number_lines(sale);
    for (auto& line : sale.lines) {
        if (auto problem = settle_line(sale, line)) return problem;
    }
    settle_type(sale);
    settle_parts(sale);
    return {};
}

}  // namespace aisle::intake
