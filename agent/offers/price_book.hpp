#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "agent/core/sale.hpp"

// What the shop has charged, from its own receipts: a struck-through price is shown only where this
// proves it (after Directive (EU) 2019/2161, article 2: the lowest price of the last 30 days).
namespace aisle::offers {

// The lowest price of each article in the last days. Pure; the order in which receipts come makes
// no difference, so that a book which was filled from the journal is the same as one that has
// grown. Bounded: beyond kSkus articles no new one is followed, and nothing is proven of it.
class PriceBook {
public:
    static constexpr std::size_t kSkus = 20'000;

    explicit PriceBook(std::int64_t days) : days_{days} {}

    // Whether a name on a receipt's line is an offer of ours: what a person got for himself was no
    // price of the shop. Promotions of the till are public, and their price counts.
    using IsOurs = std::function<bool(const std::string& name)>;
    void sold(const Sale& sale, const IsOurs& ours);

    // The lowest price of one unit (an article, a kilogram, a litre) in the days up to `today`;
    // nothing: it was not sold. This is the most that may be struck through.
    [[nodiscard]] std::optional<Money> lowest(std::string_view sku, Date today) const;

    // Rows, by SKU.
    [[nodiscard]] std::set<std::string> take_marks() { return std::exchange(marks_, {}); }
    [[nodiscard]] std::vector<std::string> keys() const;
    [[nodiscard]] std::string row(const std::string& sku) const;
    // False where row() did not write this.
    bool restore_row(const std::string& sku, std::string_view bytes);
    void clear() { prices_.clear(), marks_.clear(); }

private:
    // Of one day, the lowest; a later day with a lower price makes an earlier one needless, so that
    // prices rise from the front.
    struct DayPrice {
        std::int32_t day = 0;  // since 1970
        std::int64_t minor = 0;
    };
    bool add(std::vector<DayPrice>& prices, const DayPrice& seen) const;

    std::int64_t days_;
    std::unordered_map<std::string, std::vector<DayPrice>> prices_;
    std::set<std::string> marks_;
};

}  // namespace aisle::offers
