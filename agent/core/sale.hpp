#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/lineage.hpp"
#include "agent/core/money.hpp"
#include "agent/core/time.hpp"

namespace aisle {

enum class SaleType { Sale, Return, Exchange, Void, NoSale, Control };
enum class SaleStatus { Completed, Suspended, Cancelled, PostVoided, Training };
enum class LineKind { Sale, Return, Deposit, Fee, GiftCard, Donation };
enum class TenderKind { Cash, Card, Alipay, WechatPay, Voucher, GiftCard, Points, Account, Other };

// One line of a receipt. gross, qty_milli, discount and net share one sign: >= 0 in a sale, <= 0 in
// a return; |discount| <= |gross|; net = gross - discount. A voided line is kept and left out of
// every sum.
struct SaleLine {
    int n = 0;  // from 1, as on the receipt
    LineKind kind = LineKind::Sale;
    std::string sku;
    std::string gtin;  // 14 digits, or empty
    std::string text;
    std::int64_t qty_milli = 0;  // thousandths of `unit`
    std::string unit = "ea";     // ea, kg, g, l, m
    Money gross;
    Money discount;
    Money net;
    bool voided = false;
    int void_of = 0;  // the line that this one voids, or 0

    friend bool operator==(const SaleLine&, const SaleLine&) = default;
};

struct SaleDiscount {
    int line = 0;       // 0: the whole sale
    std::string offer;  // the till's promotion id, or ours
    std::string kind;   // amount, percent, price, coupon, loyalty
    Money amount;       // taken off: >= 0 in a sale, <= 0 in a return

    friend bool operator==(const SaleDiscount&, const SaleDiscount&) = default;
};

struct Tender {
    TenderKind kind = TenderKind::Other;
    Money amount;  // handed over; negative when money goes back to the customer
    Money change;  // >= 0

    friend bool operator==(const Tender&, const Tender&) = default;
};

struct Tax {
    std::string code;
    std::int32_t rate_ppm = 0;
    Money base;
    Money amount;
    bool included = true;  // already inside the lines' net

    friend bool operator==(const Tax&, const Tax&) = default;
};

// What the sums say: sum(net) + sum(taxes not included) + rounding = total = sum(tender amount -
// change).
struct Reconciled {
    bool tenders = false;
    bool lines = false;
    Money off;  // total minus what the lines come to

    friend bool operator==(const Reconciled&, const Reconciled&) = default;
};

// A receipt, whoever sent it: `aisle.sale/1`. A driver fills what the till said (`member` raw,
// still in RAM only); intake adds sale, key, revision, reconciled and lineage and turns `member`
// into a pseudonym.
struct Sale {
    SaleId sale;
    std::string key;   // source|store|till|business_date|seq, or source|vendor id
    int revision = 0;  // from 1 once it is known
    std::string source;
    SaleType type = SaleType::Sale;
    SaleStatus status = SaleStatus::Completed;
    StoreId store;
    TillId till;
    std::int64_t seq = 0;
    std::string vendor_id;  // the till system's own unique id, if it has one; then it makes the key
    Date business_date{};
    WallTime ended_at{};
    std::string currency;
    int minor_digits = 2;
    std::vector<SaleLine> lines;
    std::vector<SaleDiscount> discounts;
    std::vector<Tender> tenders;
    std::vector<Tax> taxes;
    Money rounding;
    Money total;
    std::string member;      // raw from the driver, pseudonym after intake; empty: nobody known
    std::string member_key;  // which key made the pseudonym
    // What the till tells of the card that paid (a token, a hash; never its number): raw from the
    // driver, a pseudonym after intake, and empty where the shop does not link cards.
    std::string card = {};
    Reconciled reconciled;
    Lineage lineage;
};

// Only completed sales and returns reach figures and offers.
inline bool counts(const Sale& sale) {
    return sale.status == SaleStatus::Completed &&
           (sale.type == SaleType::Sale || sale.type == SaleType::Return ||
            sale.type == SaleType::Exchange);
}

}  // namespace aisle
