#include <gtest/gtest.h>

#include <functional>

#include "readings.hpp"

namespace aisle::intake {
namespace {

using Change = std::function<void(Sale&)>;

Quarantined aside(const Change& change) {
    Sale draft = draft_of(1000);
    change(draft);
    const auto result = cleaned(draft);
    const auto* item = std::get_if<Quarantined>(&result);
    return item ? *item : Quarantined{};
}

constexpr Money kAbove = kMoneyMax + Money::minor(1);

struct TooMuch {
    const char* what;
    Change change;
};

TEST(SaleLimits, HoldForEveryAmountInBothDirections) {
    for (const Money amount : {kAbove, -kAbove, Money::minor(INT64_MAX), Money::minor(INT64_MIN)}) {
        const std::vector<TooMuch> cases{
            {"gross", [&](Sale& s) { s.lines[0].gross = amount; }},
            {"line discount", [&](Sale& s) { s.lines[0].discount = amount; }},
            {"net", [&](Sale& s) { s.lines[0].net = amount; }},
            {"discount", [&](Sale& s) { s.discounts.push_back({.amount = amount}); }},
            {"tender", [&](Sale& s) { s.tenders[0].amount = amount; }},
            {"change", [&](Sale& s) { s.tenders[0].change = amount; }},
            {"tax", [&](Sale& s) { s.taxes.push_back({.amount = amount}); }},
            {"tax base", [&](Sale& s) { s.taxes.push_back({.base = amount}); }},
            {"rounding", [&](Sale& s) { s.rounding = amount; }},
            {"total", [&](Sale& s) { s.total = amount; }}};
        for (const auto& [what, change] : cases)
            EXPECT_EQ(aside(change).reason, "limit") << what << ' ' << amount.minor();
    }
}

TEST(SaleLimits, LetTheGreatestAmountPass) {
    EXPECT_EQ(reason(draft_of(kMoneyMax.minor())), "");
    EXPECT_EQ(reason(draft_of(-kMoneyMax.minor())), "");
}

TEST(SaleLimits, HoldForQuantities) {
    const auto with = [](std::int64_t milli) {
        return aside([&](Sale& s) { s.lines[0].qty_milli = milli; }).reason;
    };
    EXPECT_EQ(with(1'000'000'000'000), "");
    EXPECT_EQ(with(1'000'000'000'001), "limit");
    EXPECT_EQ(with(INT64_MIN), "limit");
}

TEST(SaleLimits, HoldForTheNumberOfEachPart) {
    const auto of = [](std::size_t n) {
        return std::vector<TooMuch>{
            {"lines", [n](Sale& s) { s.lines.resize(n, {.sku = "A", .qty_milli = 1000}); }},
            {"discounts", [n](Sale& s) { s.discounts.resize(n); }},
            {"tenders", [n](Sale& s) { s.tenders.resize(n); }},
            {"taxes", [n](Sale& s) { s.taxes.resize(n); }}};
    };
    for (const auto& [what, change] : of(1000)) EXPECT_EQ(aside(change).reason, "") << what;
    for (const auto& [what, change] : of(1001)) EXPECT_EQ(aside(change).reason, "limit") << what;
}

TEST(SaleLimits, HoldForEveryIdAndNameIt) {
    const std::string most(kIdBytesMax, 'x');
    const std::vector<std::pair<const char*, std::function<void(Sale&, std::string)>>> ids{
        {"source", [](Sale& s, std::string id) { s.source = std::move(id); }},
        {"till", [](Sale& s, std::string id) { s.till.value = std::move(id); }},
        {"vendor_id", [](Sale& s, std::string id) { s.vendor_id = std::move(id); }},
        {"lines.sku", [](Sale& s, std::string id) { s.lines[0].sku = std::move(id); }}};
    for (const auto& [name, set] : ids) {
        EXPECT_EQ(aside([&](Sale& s) { set(s, most); }).reason, "") << name;
        const auto item = aside([&](Sale& s) { set(s, most + "x"); });
        EXPECT_EQ(item.reason, "limit") << name;
        EXPECT_EQ(item.detail, std::string{name} + ": too long");
    }
    EXPECT_EQ(aside([&](Sale& s) { s.store.value = most + "x"; }).detail, "store: too long");
}

struct Refused {
    const char* reason;
    const char* detail;
    Change change;
};

TEST(SaleRefusals, NameTheReasonAndTheField) {
    const std::vector<Refused> cases{
        {"schema", "source: missing", [](Sale& s) { s.source = "  "; }},
        {"schema", "source: holds a bar", [](Sale& s) { s.source = "a|b"; }},
        {"schema", "vendor_id: holds a bar", [](Sale& s) { s.vendor_id = "a|b"; }},
        {"schema", "store: holds a bar", [](Sale& s) { s.store.value = "s-0001|"; }},
        {"schema", "till: missing", [](Sale& s) { s.till.value = "\t"; }},
        {"schema", "seq: below zero", [](Sale& s) { s.seq = -1; }},
        {"unknown_store", "store: not this one", [](Sale& s) { s.store.value = ""; }},
        {"unknown_store", "store: not this one", [](Sale& s) { s.store.value = "S-0001"; }},
        {"currency", "currency: not the store's", [](Sale& s) { s.currency = "cny"; }},
        {"currency", "minor_digits: not the store's", [](Sale& s) { s.minor_digits = 0; }},
        {"schema", "ended_at: missing or no time of ours",
         [](Sale& s) { s.ended_at = *parse_rfc3339("2009-12-31T23:59:59.999Z"); }},
        {"schema", "ended_at: missing or no time of ours",
         [](Sale& s) { s.ended_at = *parse_rfc3339("2100-01-01T00:00:00.001Z"); }},
        {"signs", "line 1: discount above gross",
         [](Sale& s) { s.lines[0].discount = yuan(1001); }},
        {"signs", "line 1: discount against gross",
         [](Sale& s) { s.lines[0].discount = yuan(-1); }},
        {"signs", "line 1: a return above zero",
         [](Sale& s) { s.lines[0].kind = LineKind::Return; }}};
    for (const auto& [why, detail, change] : cases) {
        const auto item = aside(change);
        EXPECT_EQ(item.reason, why) << detail;
        EXPECT_EQ(item.detail, detail);
    }
}

TEST(SaleRefusals, AreSparedAtTheVeryEdges) {
    EXPECT_EQ(aside([](Sale& s) { s.seq = 0; }).reason, "");
    EXPECT_EQ(aside([](Sale& s) { s.vendor_id = "A-1", s.till = {}; }).reason, "");
    for (const char* time : {"2010-01-01T00:00:00Z", "2100-01-01T00:00:00Z"})
        EXPECT_EQ(aside([&](Sale& s) { s.ended_at = *parse_rfc3339(time); }).reason, "") << time;
}

TEST(SaleRefusals, NeedAZoneToDeriveADay) {
    IntakeSettings settings = settings_of_s1();
    settings.zone = nullptr;
    Sale draft = draft_of(1000);
    draft.business_date = Date{};
    const auto result = Intake{settings}.sale({draft, ""}, kit::at());
    EXPECT_EQ(std::get<Quarantined>(result).detail, "business_date: missing");
}

TEST(SaleRefusals, KeepWhereTheRecordStood) {
    Sale draft = draft_of(1000);
    draft.store = StoreId{"s-0002"};
    draft.lineage = {.origin = " a  4111111111111111.xml", .byte_from = 7, .byte_to = 9};
    const auto result = Intake{settings_of_s1()}.sale({draft, "raw"}, kit::at(seconds{5}));
    const auto& item = std::get<Quarantined>(result);
    EXPECT_EQ(item.source, "till");
    EXPECT_EQ(item.origin, "a PAN:visa:****1111.xml");
    EXPECT_EQ(item.byte_from, 7);
    EXPECT_EQ(item.byte_to, 9);
    EXPECT_EQ(item.at, kit::at(seconds{5}));
    EXPECT_EQ(item.payload, "raw");
}

TEST(RejectedReadings, KeepEveryReasonOfTheList) {
    const Intake intake{settings_of_s1()};
    for (const auto reason : kReasons) {
        RejectedReading reading;
        reading.item = {.reason = std::string{reason}, .detail = "d"};
        const auto item = intake.rejected(reading, kit::at());
        EXPECT_EQ(item.reason, reason);
        EXPECT_EQ(item.detail, "d") << reason;
    }
}

TEST(RejectedReadings, HaveBoundedTexts) {
    RejectedReading reading;
    reading.item = {.source = std::string(5000, 's'),
                    .reason = "schema",
                    .detail = std::string(5000, 'd'),
                    .origin = std::string(5000, 'o'),
                    .payload = std::string(kQuarantinePayloadMax + 5000, 'p')};
    const auto item = Intake{settings_of_s1()}.rejected(reading, kit::at());
    EXPECT_EQ(item.source.size(), kIdBytesMax);
    EXPECT_EQ(item.detail.size(), 256U);
    EXPECT_EQ(item.origin.size(), kTextBytesMax);
    EXPECT_EQ(item.payload.size(), kQuarantinePayloadMax);
}

}  // namespace
}  // namespace aisle::intake
