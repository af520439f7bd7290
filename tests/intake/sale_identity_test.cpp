#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "readings.hpp"

namespace aisle::intake {
namespace {

using Change = std::function<void(Sale&)>;

Sale changed(const Change& change) {
    Sale draft = draft_of(1000, 42);
    change(draft);
    return draft;
}

// A sale with one part of every sort.
Sale rich() {
    Sale draft = draft_of(1000, 42);
    draft.lines[0].gtin = "4006381333931";
    draft.discounts.push_back({.line = 1, .offer = "P", .kind = "amount", .amount = yuan(0)});
    draft.taxes.push_back(
        {.code = "A", .rate_ppm = 130'000, .base = yuan(885), .amount = yuan(115)});
    draft.taxes.push_back({.code = "Z"});  // of nothing: no sum tells whether it is included
    draft.member = "M1";
    return draft;
}

TEST(SaleKeys, AreOneForOneReceiptWhateverItsContent) {
    const std::string id = good(draft_of(1000, 42)).sale.value;
    EXPECT_EQ(good(draft_of(2000, 42)).sale.value, id);
    EXPECT_EQ(good(changed([](Sale& s) { s.member = "M"; })).sale.value, id);
    EXPECT_EQ(good(changed([](Sale& s) { s.ended_at += seconds{9}; })).sale.value, id);
    EXPECT_EQ(good(changed([](Sale& s) { s.till.value = " 1 "; })).sale.value, id);
}

TEST(SaleKeys, DifferInEachOfTheirParts) {
    std::set<std::string> ids;
    for (const Change& change :
         std::vector<Change>{[](Sale&) {}, [](Sale& s) { s.source = "till2"; },
                             [](Sale& s) { s.till.value = "2"; }, [](Sale& s) { s.seq = 43; },
                             [](Sale& s) { s.business_date = *parse_date("2026-06-13"); },
                             [](Sale& s) { s.vendor_id = "42"; }}) {
        ids.insert(good(changed(change)).sale.value);
    }
    EXPECT_EQ(ids.size(), 6U);
}

TEST(SaleKeys, NeverMixTheirParts) {
    const Sale one = good(changed([](Sale& s) { s.till.value = "1", s.seq = 12; }));
    const Sale other = good(changed([](Sale& s) { s.till.value = "11", s.seq = 2; }));
    EXPECT_NE(one.sale, other.sale);
}

TEST(SaleKeys, OfAVendorsIdLeaveStoreTillAndDayOut) {
    const auto sale = [](const char* till, const char* day) {
        return good(changed([&](Sale& s) {
                   s.vendor_id = "A-77";
                   s.till.value = till;
                   s.business_date = *parse_date(day);
               }))
            .sale;
    };
    EXPECT_EQ(sale("1", "2026-06-12"), sale("2", "2026-06-13"));
}

// Golden: an id that changed would give every known sale a second life.
TEST(SaleKeys, GiveTheSameIdForEver) {
    const Sale sale = good(draft_of(1000, 42));
    EXPECT_EQ(sale.key, "till|s-0001|1|2026-06-12|42");
    EXPECT_EQ(sale.sale.value, sha256_hex("till|s-0001|1|2026-06-12|42").substr(0, 32));
    EXPECT_EQ(sale.sale.value.size(), 32U);
}

TEST(SaleDigests, ChangeWithEveryFieldOfTheContent) {
    const std::vector<std::pair<const char*, Change>> changes{
        {"seq", [](Sale& s) { s.seq = 43; }},
        {"type", [](Sale& s) { s.type = SaleType::Void; }},
        {"status", [](Sale& s) { s.status = SaleStatus::Suspended; }},
        {"ended_at", [](Sale& s) { s.ended_at += milliseconds{1}; }},
        {"date", [](Sale& s) { s.business_date = *parse_date("2026-06-13"); }},
        {"till", [](Sale& s) { s.till.value = "2"; }},
        {"vendor_id", [](Sale& s) { s.vendor_id = "v"; }},
        {"n", [](Sale& s) { s.lines[0].n = 2; }},
        {"kind", [](Sale& s) { s.lines[0].kind = LineKind::Fee; }},
        {"sku", [](Sale& s) { s.lines[0].sku = "SKU2"; }},
        {"gtin", [](Sale& s) { s.lines[0].gtin = "96385074"; }},
        {"text", [](Sale& s) { s.lines[0].text = "other"; }},
        {"qty", [](Sale& s) { s.lines[0].qty_milli = 2000; }},
        {"unit", [](Sale& s) { s.lines[0].unit = "kg"; }},
        {"gross", [](Sale& s) { s.lines[0].gross = yuan(1001); }},
        {"line discount", [](Sale& s) { s.lines[0].discount = yuan(1); }},
        {"void", [](Sale& s) { s.lines[0].voided = true; }},
        {"void_of", [](Sale& s) { s.lines[0].void_of = 1; }},
        {"lines", [](Sale& s) { s.lines.push_back({.n = 2, .sku = "A"}); }},
        {"discount line", [](Sale& s) { s.discounts[0].line = 0; }},
        {"discount offer", [](Sale& s) { s.discounts[0].offer = "Q"; }},
        {"discount kind", [](Sale& s) { s.discounts[0].kind = "coupon"; }},
        {"discount amount", [](Sale& s) { s.discounts[0].amount = yuan(1); }},
        {"tender kind", [](Sale& s) { s.tenders[0].kind = TenderKind::Card; }},
        {"tender amount", [](Sale& s) { s.tenders[0].amount = yuan(999); }},
        {"tender change", [](Sale& s) { s.tenders[0].change = yuan(1); }},
        {"tax code", [](Sale& s) { s.taxes[0].code = "B"; }},
        {"tax rate", [](Sale& s) { s.taxes[0].rate_ppm = 60'000; }},
        {"tax base", [](Sale& s) { s.taxes[0].base = yuan(886); }},
        {"tax amount", [](Sale& s) { s.taxes[0].amount = yuan(114); }},
        {"tax included", [](Sale& s) { s.taxes[1].included = false; }},
        {"rounding", [](Sale& s) { s.rounding = yuan(1); }},
        {"total", [](Sale& s) { s.total = yuan(1001); }},
        {"member", [](Sale& s) { s.member = "M2"; }}};
    std::set<std::string> digests{digest(rich())};
    for (const auto& [what, change] : changes) {
        Sale draft = rich();
        change(draft);
        EXPECT_TRUE(digests.insert(digest(draft)).second) << what;
    }
}

TEST(SaleDigests, StayWhatIsOnlyWrittenInAnotherWay) {
    const std::string plain = digest(rich());
    const auto same = [&](const Change& change) {
        Sale draft = rich();
        change(draft);
        return digest(draft) == plain;
    };
    EXPECT_TRUE(same([](Sale& s) { s.lines[0].text = "  item "; }));
    EXPECT_TRUE(same([](Sale& s) { s.lines[0].gtin = "04006381333931"; }));
    EXPECT_TRUE(same([](Sale& s) { s.lines[0].unit = " "; }));
    EXPECT_TRUE(same([](Sale& s) { s.lines[0].qty_milli = -1000; }));
    EXPECT_TRUE(same([](Sale& s) { s.lines[0].net = yuan(1); }));
    EXPECT_TRUE(same([](Sale& s) { s.member = " m-1 "; }));
    EXPECT_TRUE(same([](Sale& s) { s.currency.clear(); }));
    EXPECT_TRUE(same([](Sale& s) { s.business_date = Date{}; }));
    EXPECT_TRUE(same([](Sale& s) { s.lineage.rules = {"x"}; }));
}

TEST(SaleDigests, TellAMovedCharacterFromItsNeighbourField) {
    const auto with = [](const char* offer, const char* kind) {
        Sale draft = rich();
        draft.discounts[0].offer = offer;
        draft.discounts[0].kind = kind;
        return digest(draft);
    };
    EXPECT_NE(with("ab", "c"), with("a", "bc"));
    EXPECT_NE(with("1:a;", ""), with("", "1:a;"));
}

TEST(SaleLineage, IsFilledByIntake) {
    Sale draft = draft_of(1000);
    draft.lineage = {.source = "liar", .driver = "d/1", .origin = "a.xml", .received = WallTime{}};
    const auto result = Intake{settings_of_s1()}.sale({draft, "raw"}, kit::at(seconds{3}));
    const Lineage& lineage = std::get<CleanSale>(result).sale.lineage;
    EXPECT_EQ(lineage.source, "till");
    EXPECT_EQ(lineage.driver, "d/1");
    EXPECT_EQ(lineage.received, kit::kNoon + seconds{3});
    EXPECT_EQ(lineage.digest, sha256_hex("raw"));
}

TEST(SaleLineage, ListsEachRuleOnce) {
    Sale draft = draft_of(0);
    draft.lines.clear();
    for (int i = 1; i <= 3; ++i)
        draft.lines.push_back({.n = i, .sku = "A", .qty_milli = -1000, .gross = yuan(1)});
    const Sale sale = good(draft);
    EXPECT_EQ(std::count(sale.lineage.rules.begin(), sale.lineage.rules.end(), "qty_sign_turned"),
              1);
}

struct Member {
    const char* written;
    const char* same;
};

TEST(Pseudonyms, AreOfTheIdAndNotOfHowItIsWritten) {
    const Intake intake{settings_of_s1()};
    for (const auto& [written, same] : {Member{"ab12", "AB12"}, Member{" AB 12 ", "AB12"},
                                        Member{"AB-12", "AB12"}, Member{"--AB12--", "AB12"},
                                        Member{"\xef\xbc\xa1"
                                               "B12",
                                               "AB12"},
                                        Member{"A\tB\n12", "AB12"}}) {
        EXPECT_EQ(intake.pseudonym(written), intake.pseudonym(same)) << written;
    }
    EXPECT_NE(intake.pseudonym("AB12"), intake.pseudonym("AB13"));
    EXPECT_NE(intake.pseudonym("0012"), intake.pseudonym("12"));
}

TEST(Pseudonyms, AreEmptyForNobody) {
    const Intake intake{settings_of_s1()};
    for (const char* nobody : {"", " ", "-", " - - "}) {
        EXPECT_TRUE(intake.pseudonym(nobody).empty()) << nobody;
    }
    EXPECT_TRUE(intake.tag_pseudonym(" ").empty());
}

TEST(Pseudonyms, AreThirtyTwoHexDigits) {
    const Intake intake{settings_of_s1()};
    for (int i = 0; i < 50; ++i) {
        const auto key = intake.pseudonym(std::to_string(i)).value;
        EXPECT_EQ(key.size(), 32U);
        EXPECT_EQ(key.find_first_not_of("0123456789abcdef"), std::string::npos);
    }
}

TEST(Pseudonyms, OfTagsKeepTheirDashesAndSlashes) {
    const Intake intake{settings_of_s1()};
    EXPECT_EQ(intake.tag_pseudonym("AA-BB/1/2"), intake.tag_pseudonym("aa-bb/1/2"));
    EXPECT_NE(intake.tag_pseudonym("aa-bb"), intake.tag_pseudonym("aabb"));
}

TEST(Pseudonyms, AreIdempotentInNoDirection) {
    const Intake intake{settings_of_s1()};
    const auto once = intake.pseudonym("AB12");
    EXPECT_NE(intake.pseudonym(once.value), once) << "a draft must be cleaned once only";
}

}  // namespace
}  // namespace aisle::intake
