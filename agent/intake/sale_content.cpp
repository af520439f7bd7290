#include "agent/intake/sale_cleaner.hpp"

namespace aisle::intake {
namespace {

// "12:some text;": a length before each field, so that moving a character between two fields shows.
class Framer {
public:
    Framer& operator<<(std::string_view text) {
        out_ += std::to_string(text.size());
        out_ += ':';
        out_ += text;
        out_ += ';';
        return *this;
    }
    Framer& operator<<(std::int64_t number) {
        return *this << std::string_view{std::to_string(number)};
    }
    Framer& operator<<(Money amount) { return *this << amount.minor(); }
    template <typename Enum>
    requires std::is_enum_v<Enum> Framer& operator<<(Enum value) {
        return *this << static_cast<std::int64_t>(value);
    }
    std::string take() { return std::move(out_); }

private:
    std::string out_;
};

std::int64_t wide(std::size_t n) { return static_cast<std::int64_t>(n); }

void frame_lines(Framer& out, const Sale& sale) {
    out << wide(sale.lines.size());
    for (const auto& line : sale.lines) {
        out << std::int64_t{line.n} << line.kind << line.sku << line.gtin << line.text
            << line.qty_milli << line.unit << line.gross << line.discount << line.net
            << std::int64_t{line.voided ? 1 : 0} << std::int64_t{line.void_of};
    }
}

void frame_parts(Framer& out, const Sale& sale) {
    out << wide(sale.discounts.size());
    for (const auto& discount : sale.discounts) {
        out << std::int64_t{discount.line} << discount.offer << discount.kind << discount.amount;
    }
    out << wide(sale.tenders.size());
    for (const auto& tender : sale.tenders) out << tender.kind << tender.amount << tender.change;
    out << wide(sale.taxes.size());
    for (const auto& tax : sale.taxes) {
        out << tax.code << std::int64_t{tax.rate_ppm} << tax.base << tax.amount
            << std::int64_t{tax.included ? 1 : 0};
    }
}

std::string key_of(const Sale& sale) {
    if (!sale.vendor_id.empty()) return sale.source + '|' + sale.vendor_id;
    return sale.source + '|' + sale.store.value + '|' + sale.till.value + '|' +
           to_text(sale.business_date) + '|' + std::to_string(sale.seq);
}

}  // namespace

void identify(Sale& sale, const Intake& intake) {
    sale.key = key_of(sale);
    sale.sale = SaleId{sale_id_of(sale.key)};
    sale.member = intake.pseudonym(sale.member).value;
    sale.member_key = sale.member.empty() ? std::string{} : intake.settings().key.id;
    sale.card =
        intake.settings().link_cards ? intake.other_pseudonym("card", sale.card) : std::string{};
}

std::string canonical_content(const Sale& sale) {
    Framer out;
    out << sale.key << sale.type << sale.status << sale.currency << std::int64_t{sale.minor_digits};
    out << to_rfc3339(sale.ended_at) << to_text(sale.business_date) << sale.till.value << sale.seq;
    frame_lines(out, sale);
    frame_parts(out, sale);
    out << sale.rounding << sale.total << sale.member << sale.member_key;
    // Only where there is one: digests of before stay what they were.
    if (!sale.card.empty()) out << sale.card;
    return out.take();
}

}  // namespace aisle::intake
