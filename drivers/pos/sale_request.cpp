#include "drivers/pos/sale_request.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "agent/records/names.hpp"
#include "drivers/pos/decimal_text.hpp"
#include "drivers/pos/json_fields.hpp"

namespace aisle::pos {
namespace {

constexpr std::size_t kPartsMax = 1000;

void read(JsonValue& value, Money& out) {
    std::int64_t units = 0;
    if (value.integer(units)) out = Money::minor(units);
}

void read(JsonValue& value, int& out) {
    std::int64_t number = 0;
    if (!value.integer(number)) return;
    if (number < -2'000'000'000 || number > 2'000'000'000) return value.fail("out of range");
    out = static_cast<int>(number);
}

template <typename Enum>
void read_word(JsonValue& value, Enum& out) {
    std::string text;
    if (!value.text(text)) return;
    const auto word = records::from_text<Enum>(text);
    if (!word) return value.fail("an unknown word");
    out = *word;
}

void read(JsonValue& value, Date& out) {
    std::string text;
    if (!value.text(text)) return;
    const auto date = parse_date(text);
    if (!date) return value.fail("not a date YYYY-MM-DD");
    out = *date;
}

void read(JsonValue& value, WallTime& out) {
    std::string text;
    if (!value.text(text)) return;
    const auto time = parse_rfc3339(text);
    if (!time) return value.fail("not an RFC 3339 time with its offset");
    out = *time;
}

void read_number(JsonValue& value, std::int64_t& out) {
    std::string text;
    if (!value.text_or_digits(text)) return;
    const auto number = whole_number(text);
    if (!number) return value.fail("no number of at most 18 digits");
    out = *number;
}

// A line, and what was not told of it.
struct LineRequest {
    SaleLine line;
    bool kind_told = false;
    bool net_told = false;
    bool gross_told = false;
};

class Request {
public:
    explicit Request(int minor_digits) { out_.draft.minor_digits = minor_digits; }

    Result<SaleRequest> read_from(std::string_view json) {
        const auto status = read_json_object(
            json, [this](std::string_view key, JsonValue value) { header(key, value); });
        if (!status) return status.error();
        const bool own_id = !out_.draft.vendor_id.empty();
        for (const auto* key : {"source", "store", "till", "seq", "business_date", "ended_at",
                                "currency", "lines", "tenders", "total"}) {
            const bool spared = own_id && std::string_view{key} == "seq";
            if (!seen_.contains(std::string_view{key}) && !spared)
                return malformed(std::string{key} + ": missing");
        }
        finish_lines();
        check_tenders();
        if (!problem_.empty()) return malformed(problem_);
        return std::move(out_);
    }

private:
    void header(std::string_view key, JsonValue& value) {
        seen_.emplace(key);
        Sale& sale = out_.draft;
        if (key == "source") return void(value.text(sale.source));
        if (key == "store") return void(value.text_or_digits(sale.store.value));
        if (key == "till") return void(value.text_or_digits(sale.till.value));
        if (key == "seq") return read_number(value, sale.seq);
        if (key == "vendor_id") return void(value.text_or_digits(sale.vendor_id));
        if (key == "business_date") return read(value, sale.business_date);
        if (key == "ended_at") return read(value, sale.ended_at);
        if (key == "currency") return void(value.text(sale.currency));
        if (key == "minor_digits") return read(value, sale.minor_digits);
        if (key == "type") return read_word(value, sale.type);
        if (key == "status") return read_word(value, sale.status);
        if (key == "rounding") return read(value, sale.rounding);
        if (key == "total") return read(value, sale.total);
        if (key == "member") return void(value.text_or_digits(sale.member));
        if (key == "card_hash") return void(value.text_or_digits(sale.card));
        parts(key, value);
    }

    void parts(std::string_view key, JsonValue& value) {
        Sale& sale = out_.draft;
        if (key == "lines") {
            value.objects([this](std::string_view k, JsonValue v) { line(k, v); },
                          [this](std::size_t i) { return lines_.emplace_back(), i < kPartsMax; });
        } else if (key == "discounts") {
            value.objects(
                [this](std::string_view k, JsonValue v) { discount(k, v); },
                [&](std::size_t i) { return sale.discounts.emplace_back(), i < kPartsMax; });
        } else if (key == "tenders") {
            value.objects([this](std::string_view k, JsonValue v) { tender(k, v); },
                          [&](std::size_t i) {
                              amounts_told_.push_back(false);
                              return sale.tenders.emplace_back(), i < kPartsMax;
                          });
        } else if (key == "taxes") {
            value.objects([this](std::string_view k, JsonValue v) { tax(k, v); },
                          [&](std::size_t i) { return sale.taxes.emplace_back(), i < kPartsMax; });
        } else {
            unknown(key);
        }
    }

    // What is ours in a sale that comes back is not the sender's to say, and not a surprise either.
    void unknown(std::string_view key) {
        constexpr std::array<std::string_view, 6> kOurs{"sale",       "key",     "revision",
                                                        "reconciled", "lineage", "member_key"};
        if (std::ranges::find(kOurs, key) == kOurs.end()) ++out_.unknown_keys;
    }

    void line(std::string_view key, JsonValue& value) {
        LineRequest& request = lines_.back();
        SaleLine& line = request.line;
        if (key == "n") return read(value, line.n);
        if (key == "kind") return request.kind_told = true, read_word(value, line.kind);
        if (key == "sku") return void(value.text_or_digits(line.sku));
        if (key == "gtin") return void(value.text_or_digits(line.gtin));
        if (key == "text") return void(value.text(line.text));
        if (key == "qty_milli") return void(value.integer(line.qty_milli));
        if (key == "unit") return void(value.text(line.unit));
        if (key == "gross") return request.gross_told = true, read(value, line.gross);
        if (key == "discount") return read(value, line.discount);
        if (key == "net") return request.net_told = true, read(value, line.net);
        if (key == "void") return void(value.flag(line.voided));
        if (key == "void_of") return read(value, line.void_of);
        unknown(key);
    }

    void discount(std::string_view key, JsonValue& value) {
        SaleDiscount& discount = out_.draft.discounts.back();
        if (key == "line") return read(value, discount.line);
        if (key == "offer") return void(value.text(discount.offer));
        if (key == "kind") return void(value.text(discount.kind));
        if (key == "amount") return read(value, discount.amount);
        unknown(key);
    }

    void tender(std::string_view key, JsonValue& value) {
        Tender& tender = out_.draft.tenders.back();
        if (key == "kind") return read_word(value, tender.kind);
        if (key == "amount") return amounts_told_.back() = true, read(value, tender.amount);
        if (key == "change") return read(value, tender.change);
        unknown(key);
    }

    void tax(std::string_view key, JsonValue& value) {
        Tax& tax = out_.draft.taxes.back();
        if (key == "code") return void(value.text(tax.code));
        if (key == "rate_ppm") return read(value, tax.rate_ppm);
        if (key == "base") return read(value, tax.base);
        if (key == "amount") return read(value, tax.amount);
        if (key == "included") return void(value.flag(tax.included));
        unknown(key);
    }

    // Amounts far beyond the limit are left to intake, which refuses them before it counts with
    // them.
    void finish_lines() {
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            auto& [line, kind_told, net_told, gross_told] = lines_[i];
            if (!gross_told) miss("lines", i, "gross");
            const bool small = line.gross <= kMoneyMax && line.gross >= -kMoneyMax &&
                               line.discount <= kMoneyMax && line.discount >= -kMoneyMax;
            if (!net_told && small) line.net = line.gross - line.discount;
            if (!kind_told && line.gross < Money{}) line.kind = LineKind::Return;
            out_.draft.lines.push_back(std::move(line));
        }
    }

    void check_tenders() {
        for (std::size_t i = 0; i < amounts_told_.size(); ++i) {
            if (!amounts_told_[i]) miss("tenders", i, "amount");
        }
    }

    // The first one is told.
    void miss(std::string_view part, std::size_t i, std::string_view field) {
        if (!problem_.empty()) return;
        problem_ = std::string{part} + '[' + std::to_string(i) + "]." + std::string{field};
        problem_ += ": missing";
    }

    SaleRequest out_;
    std::vector<LineRequest> lines_;
    std::vector<bool> amounts_told_;  // by tender
    std::set<std::string, std::less<>> seen_;
    std::string problem_;
};

}  // namespace

Result<SaleRequest> sale_request_from_json(std::string_view json, int minor_digits) {
    return Request{minor_digits}.read_from(json);
}

}  // namespace aisle::pos
