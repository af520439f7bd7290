#include "drivers/simulated/plan.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "drivers/simulated/poslog_writer.hpp"
#include "drivers/simulated/signals.hpp"
#include "drivers/simulated/truth.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::simulated {
namespace {

PlanSettings settings_of(std::uint64_t seed, bool dirt = false) {
    return {.seed = seed,
            .business_date = *parse_date("2026-06-12"),
            .start = kit::kNoon,
            .length = minutes{20},
            .dirt = dirt};
}

// Everything that leaves the plan, as text.
std::string everything(const Plan& plan) {
    std::string all;
    for (const Receipt& receipt : plan.receipts) all += poslog_document(receipt.sale, "t");
    for (const std::string& line : truth_lines(plan, {}, minutes{20})) all += line;
    for (int s = 0; s < 1200; s += 7) {
        for (const Published& message : gateway_messages(plan, seconds{s})) all += message.payload;
        all += door_message(plan, seconds{s}).payload;
    }
    return all;
}

TEST(Plan, IsTheSameForTheSameSeed) {
    EXPECT_EQ(everything(make_plan(settings_of(7, true))),
              everything(make_plan(settings_of(7, true))));
    EXPECT_NE(everything(make_plan(settings_of(7))), everything(make_plan(settings_of(8))));
}

TEST(Plan, RingsUpReceiptsWhoseSumsHold) {
    const Plan plan = make_plan(settings_of(3, true));
    ASSERT_GT(plan.receipts.size(), 100U);
    for (const Receipt& receipt : plan.receipts) {
        const Sale& sale = receipt.sale;
        Money lines;
        for (const SaleLine& line : sale.lines) {
            EXPECT_EQ(line.net, line.gross - line.discount);
            if (!line.voided) lines += line.net;
        }
        Money paid;
        for (const Tender& tender : sale.tenders) paid += tender.amount - tender.change;
        EXPECT_EQ(paid, sale.total);
        EXPECT_EQ(sale.status == SaleStatus::Cancelled ? Money{} : lines, sale.total);
    }
}

TEST(Plan, NumbersTheReceiptsOfATillWithoutAGap) {
    std::map<std::string, std::set<std::int64_t>> seen;
    PlanSettings settings = settings_of(5);
    settings.length = minutes{10};
    for (const Receipt& receipt : make_plan(settings).receipts) {
        EXPECT_TRUE(seen[receipt.sale.till.value].insert(receipt.sale.seq).second);
    }
    for (const auto& [till, numbers] : seen) EXPECT_EQ(*numbers.begin(), 1) << till;
}

TEST(Plan, HasEveryTypeOfReceiptInADirtyDay) {
    PlanSettings settings = settings_of(11, true);
    settings.length = minutes{120};
    std::map<SaleType, int> types;
    std::map<SaleStatus, int> statuses;
    int corrected = 0;
    for (const Receipt& receipt : make_plan(settings).receipts) {
        ++types[receipt.sale.type];
        ++statuses[receipt.sale.status];
        corrected += receipt.sale.revision == 2 ? 1 : 0;
    }
    EXPECT_GT(types[SaleType::Return], 0);
    EXPECT_GT(types[SaleType::NoSale], 0);
    EXPECT_GT(statuses[SaleStatus::Training], 0);
    EXPECT_GT(statuses[SaleStatus::Cancelled], 0);
    EXPECT_GT(corrected, 0);
}

TEST(Plan, NeverPutsOneTagIntoTwoHands) {
    const Plan plan = make_plan(settings_of(13));
    for (const Shopper& a : plan.shoppers) {
        for (const Shopper& b : plan.shoppers) {
            if (a.number >= b.number || a.tag == nullptr || a.tag != b.tag) continue;
            EXPECT_LT(a.leaves, b.enters);
        }
    }
}

TEST(Plan, LetsEveryoneWhoEnteredLeave) {
    const Plan plan = make_plan(settings_of(17));
    for (const Shopper& shopper : plan.shoppers) {
        EXPECT_LT(shopper.enters, shopper.leaves);
        for (const Stay& stay : shopper.stays) EXPECT_LE(stay.to, shopper.leaves);
    }
    EXPECT_GE(plan.doors_at(minutes{20}).in, plan.doors_at(minutes{20}).out);
}

TEST(ExpectedSaleId, IsTheHashOfTheKeyThatTheContractNames) {
    Sale sale;
    sale.source = "till", sale.store = StoreId{"s-0001"}, sale.till = TillId{"2"};
    sale.business_date = *parse_date("2026-06-12"), sale.seq = 41;
    // printf 'till|s-0001|2|2026-06-12|41' | sha256sum | cut -c1-32
    EXPECT_EQ(expected_sale_id(sale).value, "569693f200d1cb268ec4c4c8126ebd10");
}

TEST(PoslogWriter, RepeatsAVoidedLineAndPutsChangeBesideItsTender) {
    Sale sale = kit::sale_of(1234);
    sale.tenders = {
        {.kind = TenderKind::Cash, .amount = Money::minor(2000), .change = Money::minor(766)}};
    SaleLine undo = sale.lines.front();
    undo.n = 2, undo.void_of = 1, undo.voided = true;
    sale.lines.push_back(undo);
    const std::string document = poslog_document(sale, "2026-06-12T12:00:00");
    EXPECT_NE(document.find("<LineItem VoidFlag=\"true\"><SequenceNumber>2</SequenceNumber>"),
              std::string::npos);
    EXPECT_NE(document.find("<Amount>20.00</Amount><TenderChange><Amount>7.66</Amount>"),
              std::string::npos);
    EXPECT_NE(document.find("<ItemLink>1</ItemLink>"), std::string::npos);
}

TEST(Signals, HearATagBestWhereItIs) {
    const Plan plan = make_plan(settings_of(19));
    int right = 0;
    int all = 0;
    for (const Shopper& shopper : plan.shoppers) {
        if (shopper.tag == nullptr) continue;
        const Stay& stay = shopper.stays.front();
        std::map<std::string, int> best;
        for (const Published& message : gateway_messages(plan, stay.from + seconds{2})) {
            if (message.payload.find(shopper.tag->mac) == std::string::npos) continue;
            const auto at = message.payload.find("\"rssi\":") + 7;
            best[message.topic.substr(8, message.topic.find("/BT") - 8)] =
                std::stoi(message.payload.substr(at));
        }
        const auto loudest =
            std::max_element(best.begin(), best.end(),
                             [](const auto& a, const auto& b) { return a.second < b.second; });
        ASSERT_NE(loudest, best.end());
        ++all;
        right += loudest->first == stay.zone ? 1 : 0;
    }
    EXPECT_GT(all, 50);
    EXPECT_EQ(right, all);
}

TEST(Signals, CountThePeopleAtTheDoorFromTheStart) {
    const Plan plan = make_plan(settings_of(23));
    const auto doors = plan.doors_at(minutes{5});
    const std::string payload = door_message(plan, minutes{5}).payload;
    EXPECT_NE(payload.find("\"in\":" + std::to_string(doors.in) + ","), std::string::npos)
        << payload;
    EXPECT_GT(doors.in, 50);
}

TEST(Truth, TellsEverySaleOncePerRevisionWithItsTotal) {
    const Plan plan = make_plan(settings_of(29, true));
    std::set<std::string> keys;
    std::size_t sales = 0;
    for (const std::string& line : truth_lines(plan, {}, minutes{30})) {
        if (line.find("\"kind\":\"sale\"") == std::string::npos) continue;
        ++sales;
        keys.insert(line.substr(line.find("\"sale\":\""), 60));
    }
    EXPECT_EQ(sales, plan.receipts.size());
    EXPECT_EQ(keys.size(), sales);
}

TEST(Truth, KnowsTheOffersThatAreDue) {
    const Plan plan = make_plan(settings_of(31));
    std::size_t due = 0;
    for (const std::string& line :
         truth_lines(plan, {.zone = "snacks", .dwell = seconds{8}}, minutes{20})) {
        due += line.find("offer_due") != std::string::npos ? 1U : 0U;
    }
    EXPECT_GT(due, 5U);
}

}  // namespace
}  // namespace aisle::simulated
