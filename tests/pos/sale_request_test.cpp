#include "drivers/pos/sale_request.hpp"

#include <gtest/gtest.h>

#include "poslog_samples.hpp"

namespace aisle::pos {
namespace {

// The posted sale with `from` replaced by `to`, once.
std::string changed(const std::string& from, const std::string& to) {
    std::string body = posted_sale();
    const auto at = body.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? body : body.replace(at, from.size(), to);
}

std::string with(const std::string& field) {
    std::string body = posted_sale();
    return body.insert(1, field + ",");
}

// Why a body is refused; empty: it is not.
std::string refusal(const std::string& body) {
    const auto request = sale_request_from_json(body, 2);
    return request ? std::string{} : request.error().detail;
}

Sale draft_of(const std::string& body) {
    const auto request = sale_request_from_json(body, 2);
    EXPECT_TRUE(request) << (request ? "" : request.error().detail);
    return request ? request->draft : Sale{};
}

struct Bad {
    const char* field;  // replaces what stands in the good sale
    const char* by;
    const char* why;
};

TEST(SaleRequestFields, AreRefusedByTheirNamesWhereTheyAreOfAnotherType) {
    for (const auto& [field, by, why] :
         {Bad{R"("source":"till")", R"("source":7)", "source: not a text"},
          Bad{R"("source":"till")", R"("source":null)", "source: not a text"},
          Bad{R"("store":"s-0001")", R"("store":true)", "store: neither a text nor digits"},
          Bad{R"("store":"s-0001")", R"("store":-7)", "store: neither a text nor digits"},
          Bad{R"("till":"3")", R"("till":3.0)", "till: neither a text nor digits"},
          Bad{R"("till":"3")", R"("till":["3"])", "till: neither a text nor digits"},
          Bad{R"("seq":114)", R"("seq":-1)", "seq: neither a text nor digits"},
          Bad{R"("seq":114)", R"("seq":"12a")", "seq: no number of at most 18 digits"},
          Bad{R"("seq":114)", R"("seq":1234567890123456789)",
              "seq: no number of at most 18 digits"},
          Bad{R"("2026-06-12")", R"("2026-06-31")", "business_date: not a date YYYY-MM-DD"},
          Bad{R"("2026-06-12")", "20260612", "business_date: not a text"},
          Bad{"12:00:00+08:00", "12:00:00", "ended_at: not an RFC 3339 time with its offset"},
          Bad{R"("CNY")", "156", "currency: not a text"},
          Bad{R"("lines":[{)", R"("lines":{},"x":[{)", "lines: not an array"},
          Bad{R"("lines":[{)", R"("lines":[7,{)", "lines[0]: not an object"},
          Bad{R"("n":1)", R"("n":1.5)", "lines[0].n: not a whole number"},
          Bad{R"("n":1)", R"("n":3000000000)", "lines[0].n: out of range"},
          Bad{R"("n":1)", R"("kind":"goods")", "lines[0].kind: an unknown word"},
          Bad{R"("n":1)", R"("kind":1)", "lines[0].kind: not a text"},
          Bad{R"("n":1)", R"("void":"no")", "lines[0].void: neither true nor false"},
          Bad{R"("n":1)", R"("void_of":"1")", "lines[0].void_of: not a whole number"},
          Bad{R"("text":"green tea")", R"("text":null)", "lines[0].text: not a text"},
          Bad{R"("qty_milli":1000)", R"("qty_milli":"1")",
              "lines[0].qty_milli: not a whole number"},
          Bad{R"("gross":1250)", R"("gross":null)", "lines[0].gross: not a whole number"},
          Bad{R"("gross":1250)", R"("grass":1250)", "lines[0].gross: missing"},
          Bad{R"("kind":"cash")", R"("kind":"shells")", "tenders[0].kind: an unknown word"},
          Bad{R"("amount":1250,)", "", "tenders[0].amount: missing"},
          Bad{R"("change":0)", R"("change":"0")", "tenders[0].change: not a whole number"},
          Bad{R"("total":1250)", R"("total":12.5)", "total: not a whole number"}}) {
        EXPECT_EQ(refusal(changed(field, by)), why) << by;
    }
}

TEST(SaleRequestFields, ThatMayBeAbsentAreRefusedWhereTheyAreOfAnotherType) {
    for (const auto& [field, by, why] :
         {Bad{"", R"("type":"barter")", "type: an unknown word"},
          Bad{"", R"("status":"open")", "status: an unknown word"},
          Bad{"", R"("minor_digits":"2")", "minor_digits: not a whole number"},
          Bad{"", R"("rounding":0.5)", "rounding: not a whole number"},
          Bad{"", R"("member":{"id":1})", "member: neither a text nor digits"},
          Bad{"", R"("discounts":7)", "discounts: not an array"},
          Bad{"", R"("discounts":[{"line":"1"}])", "discounts[0].line: not a whole number"},
          Bad{"", R"("discounts":[{},{"amount":"1"}])", "discounts[1].amount: not a whole number"},
          Bad{"", R"("taxes":[{"rate_ppm":6.5}])", "taxes[0].rate_ppm: not a whole number"},
          Bad{"", R"("taxes":[{"included":1}])", "taxes[0].included: neither true nor false"},
          Bad{"", R"("taxes":[{"code":6}])", "taxes[0].code: not a text"}}) {
        EXPECT_EQ(refusal(with(std::string{field} + by)), why) << by;
    }
}

TEST(SaleRequestFields, NameTheFirstLineWithoutAGross) {
    EXPECT_EQ(refusal(changed(R"("lines":[{"n":1,)", R"("lines":[{"n":7},{"n":8},{"n":1,)")),
              "lines[0].gross: missing");
}

TEST(SaleRequestFields, AreAllTaken) {
    const Sale draft = draft_of(with(
        R"("type":"exchange","status":"training","minor_digits":3,"rounding":-2,"member":"M 7",)"
        R"("vendor_id":17,"discounts":[{"line":1,"offer":"P","kind":"coupon","amount":5}],)"
        R"("taxes":[{"code":"A","rate_ppm":60000,"base":9,"amount":1,"included":false}])"));
    EXPECT_EQ(draft.type, SaleType::Exchange);
    EXPECT_EQ(draft.status, SaleStatus::Training);
    EXPECT_EQ(draft.minor_digits, 3);
    EXPECT_EQ(draft.rounding, fen(-2));
    EXPECT_EQ(draft.member, "M 7");
    EXPECT_EQ(draft.vendor_id, "17");
    EXPECT_EQ(draft.discounts.at(0),
              (SaleDiscount{.line = 1, .offer = "P", .kind = "coupon", .amount = fen(5)}));
    EXPECT_EQ(
        draft.taxes.at(0),
        (Tax{
            .code = "A", .rate_ppm = 60'000, .base = fen(9), .amount = fen(1), .included = false}));
    EXPECT_EQ(draft.tenders.at(0),
              (Tender{.kind = TenderKind::Cash, .amount = fen(1250), .change = Money{}}));
}

TEST(SaleRequestFields, OfALineAreAllTaken) {
    const Sale draft = draft_of(changed(
        R"("n":1,)",
        R"("n":4,"kind":"fee","unit":"kg","discount":50,"net":7,"void":true,"void_of":2,)"));
    const SaleLine& line = draft.lines.at(0);
    EXPECT_EQ(line.n, 4);
    EXPECT_EQ(line.kind, LineKind::Fee);
    EXPECT_EQ(line.unit, "kg");
    EXPECT_EQ(line.discount, fen(50));
    EXPECT_EQ(line.net, fen(7)) << "as told: intake judges it";
    EXPECT_TRUE(line.voided);
    EXPECT_EQ(line.void_of, 2);
    EXPECT_EQ(line.gtin, "4006381333931");
}

TEST(SaleRequestFields, ThatAreOursAreNeitherTakenNorCounted) {
    const auto request = sale_request_from_json(
        with(
            R"("sale":"x","key":"y","revision":9,"reconciled":{"off":1},"lineage":{},"member_key":"k")"),
        2);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->unknown_keys, 0);
    EXPECT_TRUE(request->draft.sale.empty());
    EXPECT_EQ(request->draft.revision, 0);
}

TEST(SaleRequestFields, ThatNobodyKnowsAreCountedAtEveryDepth) {
    std::string body = with(R"("mood":1,"taxes":[{"x":1}],"discounts":[{"y":2}])");
    body.replace(body.find(R"("n":1,)"), 6, R"("z":[[]],)");
    body.replace(body.find(R"("change":0)"), 10, R"("w":{})");
    const auto request = sale_request_from_json(body, 2);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->unknown_keys, 5);
}

TEST(SaleRequest, NeedsNoNumberWhereTheVendorHasAnId) {
    EXPECT_EQ(refusal(changed(R"("seq":114)", R"("vendor_id":"A-1")")), "");
    EXPECT_EQ(refusal(changed(R"("seq":114)", R"("vendor_id":"")")), "seq: missing");
}

TEST(SaleRequest, TakesTheDigitsOfTheCurrencyFromTheSettings) {
    EXPECT_EQ(sale_request_from_json(posted_sale(), 0)->draft.minor_digits, 0);
}

TEST(SaleRequest, BoundsItsParts) {
    const auto many = [](std::size_t n) {
        std::string lines;
        for (std::size_t i = 0; i < n; ++i) lines += R"({"gross":0},)";
        return changed(R"("lines":[{)", R"("lines":[)" + lines + "{");
    };
    EXPECT_EQ(draft_of(many(999)).lines.size(), 1000U);
    EXPECT_EQ(refusal(many(1000)), "lines[1000]: too many");
    for (const char* part : {"discounts", "taxes"}) {
        std::string body = '"' + std::string{part} + "\":[";
        for (int i = 0; i < 1001; ++i) body += i == 0 ? "{}" : ",{}";
        EXPECT_EQ(refusal(with(body + "]")), std::string{part} + "[1000]: too many");
    }
}

TEST(SaleRequest, CountsNothingWithAmountsThatWouldRunOver) {
    for (const char* amount : {"9223372036854775807", "-9223372036854775808"}) {
        const std::string line = R"("gross":)" + std::string{amount} + R"(,"discount":)" + amount;
        EXPECT_EQ(draft_of(changed(R"("gross":1250)", line)).lines.at(0).net, Money{}) << amount;
    }
    EXPECT_EQ(refusal(changed(R"("gross":1250)", R"("gross":9223372036854775808)")),
              "lines[0].gross: not a whole number");
}

TEST(SaleRequest, ReadsEscapedKeysAndTexts) {
    const Sale draft = draft_of(changed(R"("text":"green tea")", R"("te\u0078t":"\u8336 \"x\"")"));
    EXPECT_EQ(draft.lines.at(0).text, "茶 \"x\"");
}

TEST(SaleRequest, RefusesWhatIsNoObject) {
    for (const char* body : {"", " ", "[]", "7", "null", "\"x\"", "{", "{}{}", "{\"a\"}",
                             "{\"a\":1,}", "{'a':1}", "\xff"}) {
        EXPECT_NE(refusal(body), "") << body;
    }
    EXPECT_EQ(refusal("{}"), "source: missing");
    EXPECT_EQ(refusal("[]"), "not a JSON object");
}

TEST(SaleRequest, KeepsTheLastOfAFieldThatIsToldTwice) {
    EXPECT_EQ(draft_of(with(R"("total":1)")).total, fen(1250));
}

}  // namespace
}  // namespace aisle::pos
