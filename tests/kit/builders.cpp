#include "tests/kit/builders.hpp"

#include <cstdio>

namespace aisle::kit {

Stamp at(milliseconds after) {
    return {.boot = 1,
            .mono = MonoTime{seconds{1000}} + after,
            .wall = kNoon + after,
            .quality = ClockQuality::Ntp};
}

Sale sale_of(std::int64_t total_minor, std::int64_t seq) {
    Sale sale;
    char id[33];
    std::snprintf(id, sizeof id, "%032llx", static_cast<unsigned long long>(seq));
    sale.sale = SaleId{id};
    sale.source = "till";
    sale.store = StoreId{"s-0001"};
    sale.till = TillId{"1"};
    sale.seq = seq;
    sale.key = "till|s-0001|1|2026-06-12|" + std::to_string(seq);
    sale.revision = 1;
    sale.business_date = Date{std::chrono::year{2026}, std::chrono::month{6}, std::chrono::day{12}};
    sale.ended_at = kNoon;
    sale.currency = "CNY";
    const Money total = Money::minor(total_minor);
    sale.lines.push_back(
        {.n = 1, .sku = "SKU1", .text = "item", .qty_milli = 1000, .gross = total, .net = total});
    sale.tenders.push_back({.kind = TenderKind::Cash, .amount = total, .change = Money{}});
    sale.total = total;
    sale.reconciled = {.tenders = true, .lines = true, .off = Money{}};
    return sale;
}

LocalTime FixedZone::local(WallTime time) const {
    const auto shown = time + east_;
    const auto day = std::chrono::floor<std::chrono::days>(shown);
    return {.date = Date{day},
            .minute_of_day = static_cast<int>(std::chrono::floor<minutes>(shown - day).count()),
            .weekday = std::chrono::weekday{day},
            .utc_offset = east_};
}

WallTime FixedZone::instant(Date date, milliseconds since_midnight) const {
    return WallTime{std::chrono::sys_days{date}} + since_midnight - east_;
}

}  // namespace aisle::kit
