#include "agent/offers/price_book.hpp"

#include <algorithm>
#include <charconv>

namespace aisle::offers {
namespace {

constexpr std::int64_t kMilli = 1'000;

std::int32_t day_of(Date date) {
    return static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count());
}

}  // namespace

void PriceBook::sold(const Sale& sale, const IsOurs& ours) {
    if (!counts(sale) || sale.type != SaleType::Sale || !sale.business_date.ok()) return;
    for (const SaleLine& line : sale.lines) {
        const bool article = line.kind == LineKind::Sale && !line.voided && line.void_of == 0;
        if (!article || line.sku.empty() || line.qty_milli <= 0 || line.net <= Money{}) continue;
        const bool personal = std::ranges::any_of(sale.discounts, [&](const SaleDiscount& one) {
            return one.line == line.n && !one.offer.empty() && ours(one.offer);
        });
        if (personal || (!prices_.contains(line.sku) && prices_.size() >= kSkus)) continue;
        // A weight of milligrams would not make a price; the lower of two roundings is no promise.
        if (line.net.minor() > INT64_MAX / kMilli) continue;
        const DayPrice seen{.day = day_of(sale.business_date),
                            .minor = line.net.minor() * kMilli / line.qty_milli};
        if (add(prices_[line.sku], seen)) marks_.insert(line.sku);
    }
}

// Whether it changed anything.
bool PriceBook::add(std::vector<DayPrice>& prices, const DayPrice& seen) const {
    const bool needless = std::ranges::any_of(prices, [&](const DayPrice& one) {
        return one.day >= seen.day && one.minor <= seen.minor;
    });
    if (needless) return false;
    const std::int32_t newest = prices.empty() ? seen.day : std::max(seen.day, prices.back().day);
    std::erase_if(prices, [&](const DayPrice& one) {
        return (one.day <= seen.day && one.minor >= seen.minor) || one.day + days_ <= newest;
    });
    const auto place = std::ranges::upper_bound(prices, seen.day, {}, &DayPrice::day);
    if (seen.day + days_ > newest) prices.insert(place, seen);
    return true;
}

std::optional<Money> PriceBook::lowest(std::string_view sku, Date today) const {
    const auto at = prices_.find(std::string{sku});
    if (at == prices_.end() || !today.ok()) return std::nullopt;
    for (const DayPrice& one : at->second)  // the first that is young enough is the lowest
        if (one.day + days_ > day_of(today)) return Money::minor(one.minor);
    return std::nullopt;
}

std::vector<std::string> PriceBook::keys() const {
    std::vector<std::string> all;
    for (const auto& [sku, prices] : prices_) all.push_back(sku);
    return all;
}

std::string PriceBook::row(const std::string& sku) const {
    const auto at = prices_.find(sku);
    std::string text;
    if (at == prices_.end()) return text;
    for (const DayPrice& one : at->second)
        text +=
            (text.empty() ? "" : " ") + std::to_string(one.day) + ":" + std::to_string(one.minor);
    return text;
}

bool PriceBook::restore_row(const std::string& sku, std::string_view bytes) {
    auto& prices = prices_[sku];
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (at != end) {
        DayPrice one;
        const auto day = std::from_chars(at, end, one.day);
        if (day.ec != std::errc{} || day.ptr == end || *day.ptr != ':') return false;
        const auto minor = std::from_chars(day.ptr + 1, end, one.minor);
        if (minor.ec != std::errc{}) return false;
        prices.push_back(one);
        at = minor.ptr == end ? end : minor.ptr + 1;
    }
    return true;
}

}  // namespace aisle::offers
