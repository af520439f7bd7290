#pragma once

#include <string>
#include <utility>
#include <vector>

#include "agent/intake/intake.hpp"
#include "drivers/pos/till_file.hpp"
#include "tests/kit/builders.hpp"

// POSLog snippets of our own making, as the dialects of reference/pos.md section 1.1 write them.
namespace aisle::pos {

struct Item {
    std::string n = "1";
    std::string gtin = "4006381333931";
    std::string amount = "12.50";
    std::string quantity = "1";
    std::string line_attributes;
    std::string inside;  // more elements in the Sale
};

inline std::string element(const std::string& name, const std::string& text) {
    return "<" + name + ">" + text + "</" + name + ">";
}

inline std::string line_item(const std::string& inside, const std::string& attributes = {}) {
    return "<LineItem" + attributes + ">" + inside + "</LineItem>\n";
}

inline std::string item(const std::string& kind, const Item& item) {
    return line_item(element("SequenceNumber", item.n) + "<" + kind +
                         " ItemType=\"Stock\"><POSIdentity POSIDType=\"GTIN\">" +
                         element("POSItemID", item.gtin) + "</POSIdentity>" +
                         element("ItemID", "S" + item.gtin) + element("Description", "green  tea") +
                         element("ExtendedAmount", item.amount) +
                         element("Quantity", item.quantity) + item.inside + "</" + kind + ">",
                     item.line_attributes);
}
inline std::string sold(const Item& what = {}) { return item("Sale", what); }

inline std::string paid(const std::string& amount, const std::string& type = "Cash",
                        const std::string& inside = {}) {
    return line_item("<Tender TenderType=\"" + type + "\" TypeCode=\"Sale\">" +
                     element("Amount", amount) + inside + "</Tender>");
}

inline std::string total(const std::string& amount) {
    return "<Total TotalType=\"TransactionGrandAmount\">" + amount + "</Total>\n";
}

inline std::string header(const std::string& seq) {
    return element("RetailStoreID", "s-0001") + element("WorkstationID", "3") +
           element("SequenceNumber", seq) + element("BusinessDayDate", "2026-06-12") +
           element("EndDateTime", "2026-06-12T12:00:00") + element("CurrencyCode", "CNY");
}

inline std::string transaction(const std::string& retail, const std::string& seq = "114",
                               const std::string& attributes = {}) {
    return "<Transaction" + attributes + ">" + header(seq) + "<RetailTransaction>\n" + retail +
           "</RetailTransaction></Transaction>\n";
}

inline std::string document(const std::string& transactions) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<POSLog "
           "xmlns=\"http://www.nrf-arts.org/IXRetail/namespace/\">\n" +
           transactions + "</POSLog>\n";
}

inline std::string plain_sale(const std::string& seq = "114") {
    return transaction(sold() + paid("12.50") + total("12.50"), seq);
}

inline TillFileSettings shop(const std::string& profile = "generic") {
    static const kit::FixedZone shanghai;
    return {.profile = profile,
            .source = "till",
            .store = StoreId{"s-0001"},
            .zone = &shanghai,
            .currency = "CNY"};
}

inline TillFile read(const std::string& bytes, const std::string& profile = "generic") {
    return read_till_file(shop(profile), bytes);
}

// As intake makes it of the one sale in `retail`, which is expected to be good.
inline intake::Intake store_intake() {
    intake::IntakeSettings settings{.store = StoreId{"s-0001"}, .currency = "CNY"};
    settings.key.bytes.fill(7);
    settings.key.id = "k1";
    return intake::Intake{settings};
}

inline Sale clean(Sale draft) {
    auto result = store_intake().sale({std::move(draft), {}}, kit::at());
    return std::get<intake::CleanSale>(std::move(result)).sale;
}

inline Sale only_sale(const std::string& retail, const std::string& profile = "generic") {
    const auto file = read(document(transaction(retail)), profile);
    if (file.sales.size() != 1 || !file.rejects.empty()) return {};
    return clean(file.sales[0].draft);
}

// The sale of `plain_sale` as a till would post it.
inline std::string posted_sale(const std::string& seq = "114") {
    return R"({"source":"till","store":"s-0001","till":"3","seq":)" + seq +
           R"(,"business_date":"2026-06-12","ended_at":"2026-06-12T12:00:00+08:00","currency":"CNY",)"
           R"("lines":[{"n":1,"sku":"S4006381333931","gtin":"4006381333931","text":"green tea","qty_milli":1000,"gross":1250}],)"
           R"("tenders":[{"kind":"cash","amount":1250,"change":0}],"total":1250})";
}

inline Money fen(std::int64_t units) { return Money::minor(units); }

}  // namespace aisle::pos
