#pragma once

#include <string>

// A receipt of 12.50 as a till writes it into a POSLog file, and as it posts it.
namespace aisle::app {

inline std::string poslog_sale(const std::string& seq, const std::string& total = "12.50") {
    return "<Transaction><RetailStoreID>s-0001</RetailStoreID><WorkstationID>3</WorkstationID>"
           "<SequenceNumber>" +
           seq +
           "</SequenceNumber><BusinessDayDate>2026-06-12</BusinessDayDate>"
           "<EndDateTime>2026-06-12T12:00:00</EndDateTime><CurrencyCode>CNY</CurrencyCode>"
           "<RetailTransaction><LineItem><SequenceNumber>1</SequenceNumber>"
           "<Sale ItemType=\"Stock\"><POSIdentity POSIDType=\"GTIN\">"
           "<POSItemID>4006381333931</POSItemID></POSIdentity><ItemID>S1</ItemID>"
           "<Description>green tea</Description><ExtendedAmount>12.50</ExtendedAmount>"
           "<Quantity>1</Quantity></Sale></LineItem><LineItem>"
           "<Tender TenderType=\"Cash\" TypeCode=\"Sale\"><Amount>12.50</Amount></Tender>"
           "</LineItem><Total TotalType=\"TransactionGrandAmount\">" +
           total + "</Total></RetailTransaction></Transaction>\n";
}

inline std::string poslog(const std::string& transactions) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<POSLog "
           "xmlns=\"http://www.nrf-arts.org/IXRetail/namespace/\">\n" +
           transactions + "</POSLog>\n";
}

inline std::string posted_sale(const std::string& seq) {
    return R"({"source":"till","store":"s-0001","till":"3","seq":)" + seq +
           R"(,"business_date":"2026-06-12","ended_at":"2026-06-12T12:00:00+08:00",)"
           R"("currency":"CNY","lines":[{"n":1,"sku":"S1","gtin":"4006381333931",)"
           R"("text":"green tea","qty_milli":1000,"gross":1250}],)"
           R"("tenders":[{"kind":"cash","amount":1250,"change":0}],"total":1250})";
}

}  // namespace aisle::app
