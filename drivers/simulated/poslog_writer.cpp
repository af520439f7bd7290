#include "drivers/simulated/poslog_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace aisle::simulated {
namespace {

// `units` of 10^-decimals as a decimal text: -1234 with 2 is "-12.34".
std::string decimal(std::int64_t units, int decimals) {
    std::string digits = std::to_string(units < 0 ? -units : units);
    const auto places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    if (decimals > 0) digits.insert(digits.size() - places, ".");
    return (units < 0 ? "-" : "") + digits;
}

// Texts come from the command line too (store, source): they must not break the document apart.
std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        if (c == '&')
            safe += "&amp;";
        else if (c == '<')
            safe += "&lt;";
        else
            safe += c;
    }
    return safe;
}

class Writer {
public:
    explicit Writer(const Sale& sale) : sale_{sale} {}

    std::string document(const std::string& local_end_time) {
        out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<POSLog>\n";
        open_transaction();
        leaf("RetailStoreID", sale_.store.value);
        leaf("WorkstationID", sale_.till.value);
        leaf("SequenceNumber", std::to_string(sale_.seq));
        leaf("BusinessDayDate", to_text(sale_.business_date));
        leaf("EndDateTime", local_end_time);
        leaf("CurrencyCode", sale_.currency);
        if (sale_.type == SaleType::NoSale) {
            out_ += "<ControlTransaction><NoSale/></ControlTransaction>\n";
        } else {
            retail();
        }
        out_ += "</Transaction>\n</POSLog>\n";
        return std::move(out_);
    }

private:
    void open_transaction() {
        out_ += "<Transaction";
        if (sale_.status == SaleStatus::Training) out_ += " TrainingModeFlag=\"true\"";
        if (sale_.status == SaleStatus::Cancelled) out_ += " CancelFlag=\"true\"";
        out_ += ">\n";
    }

    void retail() {
        out_ += "<RetailTransaction>\n";
        for (const SaleLine& line : sale_.lines) item(line);
        for (const Tender& tender : sale_.tenders) payment(tender);
        out_ += "<Total TotalType=\"TransactionGrandAmount\">" + money(sale_.total) + "</Total>\n";
        if (!sale_.member.empty()) {
            out_ += "<LoyaltyAccount>";
            leaf("LoyaltyID", sale_.member);
            out_ += "</LoyaltyAccount>\n";
        }
        out_ += "</RetailTransaction>\n";
    }

    void item(const SaleLine& line) {
        const bool back = line.kind == LineKind::Return;
        const std::string tag = back ? "Return" : "Sale";
        out_ += "<LineItem";
        if (line.void_of != 0) out_ += " VoidFlag=\"true\"";
        out_ += ">";
        leaf("SequenceNumber", std::to_string(line.n));
        out_ += "<" + tag + ">";
        out_ += "<POSIdentity POSIDType=\"GTIN\"><POSItemID>" + line.gtin +
                "</POSItemID></POSIdentity>";
        leaf("ItemID", line.sku);
        leaf("Description", line.text);
        const std::int64_t sign = back ? -1 : 1;
        leaf("ExtendedAmount", money(line.net * sign));
        const std::string unit = line.unit == "kg" ? " UnitOfMeasureCode=\"KGM\"" : "";
        const std::int64_t qty = line.qty_milli * sign;
        out_ += "<Quantity" + unit + ">" +
                (qty % 1000 == 0 ? std::to_string(qty / 1000) : decimal(qty, 3)) + "</Quantity>";
        if (line.discount != Money{}) discount(line, sign);
        if (line.void_of != 0) leaf("ItemLink", std::to_string(line.void_of));
        out_ += "</" + tag + "></LineItem>\n";
    }

    void discount(const SaleLine& line, std::int64_t sign) {
        const auto given = std::ranges::find(sale_.discounts, line.n,
                                             [](const SaleDiscount& d) { return d.line; });
        out_ += "<RetailPriceModifier MethodCode=\"PromotionalDeal\"><Amount Action=\"Subtract\">" +
                money(line.discount * sign) + "</Amount>";
        if (given != sale_.discounts.end()) leaf("PromotionID", given->offer);
        out_ += "</RetailPriceModifier>";
    }

    void payment(const Tender& tender) {
        static constexpr std::array<const char*, 9> kTypes{"Cash",      "CreditDebit", "Alipay",
                                                           "WechatPay", "Voucher",     "GiftCard",
                                                           "Points",    "Account",     "Other"};
        const bool refund = tender.amount < Money{};
        out_ += std::string{"<LineItem><Tender TenderType=\""} +
                kTypes.at(static_cast<std::size_t>(tender.kind)) + "\" TypeCode=\"" +
                (refund ? "Refund" : "Sale") + "\">";
        leaf("Amount", money(tender.amount.magnitude()));
        if (tender.change != Money{}) {
            out_ += "<TenderChange><Amount>" + money(tender.change) + "</Amount></TenderChange>";
        }
        out_ += "</Tender></LineItem>\n";
    }

    void leaf(const char* name, const std::string& text) {
        out_ += std::string{"<"} + name + ">" + escaped(text) + "</" + name + ">";
    }

    [[nodiscard]] std::string money(Money amount) const {
        return decimal(amount.minor(), sale_.minor_digits);
    }

    const Sale& sale_;
    std::string out_;
};

}  // namespace

std::string poslog_document(const Sale& sale, const std::string& local_end_time) {
    return Writer{sale}.document(local_end_time);
}

}  // namespace aisle::simulated
