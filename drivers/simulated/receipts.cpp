#include "drivers/simulated/receipts.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace aisle::simulated {
namespace {

constexpr std::size_t kSoldMax = 20;

Money sum_of_lines(const Sale& sale) {
    Money sum;
    for (const SaleLine& line : sale.lines) {
        if (!line.voided) sum += line.net;
    }
    return sum;
}

}  // namespace

std::vector<Receipt> Receipts::ring_up(const Chain& chain, const std::set<std::string>& seen,
                                       milliseconds at, const std::string& member) {
    const auto till = static_cast<std::size_t>(noise_.below(std::ssize(last_seq_)));
    std::vector<Receipt> receipts;
    if (noise_.chance(60)) {
        Sale drawer = blank(at - milliseconds{300}, till);
        drawer.type = SaleType::NoSale;
        receipts.push_back(receipt_of(std::move(drawer), at - milliseconds{300}));
    }
    Sale sale = blank(at, till);
    sale.member = member;
    fill(sale, chain, seen);
    if (noise_.chance(40))
        sale.status = SaleStatus::Training;
    else if (noise_.chance(40))
        sale.status = SaleStatus::Cancelled;
    if (sale.status == SaleStatus::Cancelled) sale.tenders.clear(), sale.total = Money{};
    if (sale.status == SaleStatus::Completed && sale.total > Money{}) sold_.push_back(sale);
    receipts.push_back(receipt_of(std::move(sale), at));
    if (sold_.size() > 3 && noise_.chance(120)) {
        const auto pick = static_cast<std::size_t>(noise_.below(std::ssize(sold_) - 1));
        receipts.push_back(
            receipt_of(give_back(sold_[pick], at + seconds{1}, till), at + seconds{1}));
        sold_.erase(sold_.begin() + static_cast<std::ptrdiff_t>(pick));
    }
    if (sold_.size() > kSoldMax) sold_.erase(sold_.begin());
    if (settings_.dirt) dirty(receipts);
    return receipts;
}

Sale Receipts::blank(milliseconds at, std::size_t till) {
    Sale sale;
    sale.source = settings_.source;
    sale.store = StoreId{settings_.store};
    sale.till = TillId{std::to_string(till + 1)};
    sale.seq = ++last_seq_.at(till);
    sale.business_date = settings_.business_date;
    sale.ended_at = settings_.start + std::chrono::floor<seconds>(at);
    sale.currency = "CNY";
    sale.revision = 1;
    return sale;
}

void Receipts::fill(Sale& sale, const Chain& chain, const std::set<std::string>& seen) {
    std::vector<const Product*> near;
    for (const Product& product : chain.products) {
        if (seen.contains(product.zone)) near.push_back(&product);
    }
    const auto lines = noise_.between(1, 6);
    for (std::int64_t i = 0; i < lines; ++i) {
        add_line(sale, *near[static_cast<std::size_t>(noise_.below(std::ssize(near)))]);
    }
    if (noise_.chance(80)) add_void(sale);
    sale.total = sum_of_lines(sale);
    take_money(sale);
}

void Receipts::add_line(Sale& sale, const Product& product) {
    SaleLine line;
    line.n = static_cast<int>(sale.lines.size()) + 1;
    line.sku = product.sku;
    line.gtin = product.gtin;
    line.text = product.text;
    if (product.by_weight) {
        line.unit = "kg";
        line.qty_milli = noise_.between(200, 2500);
        line.gross = Money::minor((product.price.minor() * line.qty_milli + 500) / 1000);
    } else {
        const auto pieces = noise_.between(1, 3);
        line.qty_milli = pieces * 1000;
        line.gross = product.price * pieces;
    }
    if (noise_.chance(150)) {
        line.discount = percent_of(line.gross, BasisPoints{1000});
        sale.discounts.push_back(
            {.line = line.n, .offer = "T10", .kind = "percent", .amount = line.discount});
    }
    line.net = line.gross - line.discount;
    sale.lines.push_back(std::move(line));
}

// The last line rung up by mistake and taken back, the way a till prints it.
void Receipts::add_void(Sale& sale) {
    SaleLine undo = sale.lines.back();
    if (undo.discount != Money{} || sale.lines.size() < 2) return;
    sale.lines.back().voided = true;
    undo.void_of = undo.n;
    undo.n += 1;
    undo.voided = true;
    sale.lines.push_back(std::move(undo));
}

void Receipts::take_money(Sale& sale) {
    constexpr std::int64_t kNote = 1000;
    const Money due = sale.total;
    const auto way = noise_.below(10);
    if (way < 2) {
        const Money paid = Money::minor((due.minor() + kNote - 1) / kNote * kNote);
        sale.tenders.push_back({.kind = TenderKind::Cash, .amount = paid, .change = paid - due});
    } else if (way < 3 && due.minor() > 500) {
        const Money voucher = Money::minor(500);
        sale.tenders.push_back({.kind = TenderKind::Voucher, .amount = voucher});
        sale.tenders.push_back({.kind = TenderKind::WechatPay, .amount = due - voucher});
    } else {
        sale.tenders.push_back(
            {.kind = way < 7 ? TenderKind::WechatPay : TenderKind::Alipay, .amount = due});
    }
}

Sale Receipts::give_back(const Sale& sold, milliseconds at, std::size_t till) {
    Sale back = blank(at, till);
    back.type = SaleType::Return;
    back.member = sold.member;
    const auto line = std::ranges::find_if(sold.lines, [](const SaleLine& l) { return !l.voided; });
    SaleLine returned = *line;
    returned.n = 1;
    returned.kind = LineKind::Return;
    returned.qty_milli = -returned.qty_milli;
    returned.gross = -returned.gross;
    returned.discount = -returned.discount;
    returned.net = -returned.net;
    if (returned.discount != Money{}) {
        back.discounts.push_back(
            {.line = 1, .offer = "T10", .kind = "percent", .amount = returned.discount});
    }
    back.lines.push_back(returned);
    back.total = returned.net;
    back.tenders.push_back({.kind = TenderKind::Cash, .amount = returned.net});
    return back;
}

Receipt Receipts::receipt_of(Sale sale, milliseconds at) {
    Receipt receipt{.rung = at, .dropped = at + milliseconds{200}, .sale = std::move(sale)};
    receipt.sale.sale = expected_sale_id(receipt.sale);
    return receipt;
}

void Receipts::dirty(std::vector<Receipt>& receipts) {
    const auto last = receipts.size();
    for (std::size_t i = 0; i < last; ++i) {
        Receipt& receipt = receipts[i];
        if (noise_.chance(120))
            receipt.drop = Drop::HalfFirst;
        else if (noise_.chance(120))
            receipt.drop = Drop::Twice;
        if (noise_.chance(100)) receipt.dropped += milliseconds{noise_.between(2000, 9000)};
        if (receipt.sale.type == SaleType::Sale && counts(receipt.sale) && noise_.chance(80)) {
            Receipt corrected =
                receipt;  // the cashier mends the receipt: same number, other content
            corrected.drop = Drop::Whole;
            corrected.dropped = receipt.dropped + seconds{4};
            corrected.sale.revision = 2;
            SaleLine& line = corrected.sale.lines.front();
            line.text += " *";
            receipts.push_back(std::move(corrected));
        }
    }
}

}  // namespace aisle::simulated
