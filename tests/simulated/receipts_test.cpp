// What the simulated tills ring up, and each kind of dirt that may lie on it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "drivers/simulated/plan.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::simulated {
namespace {

constexpr std::uint64_t kSeeds = 4;

// Made once: a day of forty minutes costs a tenth of a second.
const Plan& day_of(std::uint64_t seed, bool dirt) {
    static std::map<std::pair<std::uint64_t, bool>, Plan> days;
    const auto [day, fresh] = days.try_emplace({seed, dirt});
    if (fresh) {
        day->second = make_plan({.seed = seed,
                                 .business_date = *parse_date("2026-06-12"),
                                 .start = kit::kNoon,
                                 .length = minutes{40},
                                 .dirt = dirt});
    }
    return day->second;
}

// Every receipt of some days.
template <typename Check>
void each_receipt(bool dirt, const Check& check) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const Plan& plan = day_of(seed, dirt);
        for (const Receipt& receipt : plan.receipts) check(receipt);
    }
}

TEST(CleanReceipts, AppearWholeAFifthOfASecondAfterTheyWereRung) {
    each_receipt(false, [](const Receipt& receipt) {
        EXPECT_EQ(receipt.drop, Drop::Whole);
        EXPECT_EQ(receipt.dropped - receipt.rung, milliseconds{200});
        EXPECT_EQ(receipt.sale.revision, 1);
    });
}

TEST(Receipts, AreNumberedByTheirTillFromOneAsTheyAreRung) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        std::vector<const Receipt*> rung;
        for (const Receipt& receipt : day_of(seed, true).receipts) {
            if (receipt.sale.revision == 1) rung.push_back(&receipt);
        }
        std::ranges::sort(rung, [](const Receipt* a, const Receipt* b) {
            return std::tuple{a->sale.till, a->sale.seq} < std::tuple{b->sale.till, b->sale.seq};
        });
        const Receipt* before = nullptr;
        for (const Receipt* receipt : rung) {
            const bool first = before == nullptr || before->sale.till != receipt->sale.till;
            EXPECT_EQ(receipt->sale.seq, first ? 1 : before->sale.seq + 1);
            if (!first) {
                EXPECT_LE(before->rung, receipt->rung);
            }
            before = receipt;
        }
    }
}

TEST(DirtyReceipts, ComeHalfFirstDoubledLateAndCorrected) {
    int half = 0;
    int twice = 0;
    int late = 0;
    int corrected = 0;
    each_receipt(true, [&](const Receipt& receipt) {
        half += receipt.drop == Drop::HalfFirst ? 1 : 0;
        twice += receipt.drop == Drop::Twice ? 1 : 0;
        late += receipt.dropped - receipt.rung >= milliseconds{2200} ? 1 : 0;
        corrected += receipt.sale.revision == 2 ? 1 : 0;
    });
    EXPECT_GT(half, 50);
    EXPECT_GT(twice, 50);
    EXPECT_GT(late, 50);
    EXPECT_GT(corrected, 50);
}

TEST(DirtyReceipts, AreLateByNineSecondsAndACorrectionAtMost) {
    each_receipt(true, [](const Receipt& receipt) {
        const auto by = receipt.dropped - receipt.rung;
        const milliseconds most{receipt.sale.revision == 2 ? 13'200 : 9'200};
        EXPECT_LE(by, most);
        EXPECT_TRUE(by == milliseconds{200} || by >= milliseconds{2200});
    });
}

TEST(DirtyReceipts, AreCorrectedUnderTheirNumberAfterTheFirstWasSeen) {
    std::map<std::tuple<std::uint64_t, std::string, std::int64_t>, const Receipt*> first;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const Plan& plan = day_of(seed, true);
        for (const Receipt& receipt : plan.receipts) {
            const auto key = std::tuple{seed, receipt.sale.till.value, receipt.sale.seq};
            if (receipt.sale.revision == 1) {
                EXPECT_TRUE(first.emplace(key, &receipt).second);
                continue;
            }
            ASSERT_TRUE(first.contains(key)) << "a correction of nothing";
            const Receipt& before = *first.at(key);
            EXPECT_EQ(receipt.dropped, before.dropped + seconds{4});
            EXPECT_EQ(receipt.sale.sale, before.sale.sale);
            EXPECT_EQ(receipt.sale.total, before.sale.total);
            EXPECT_NE(receipt.sale.lines, before.sale.lines);
            EXPECT_EQ(receipt.drop, Drop::Whole);
        }
    }
}

TEST(DirtyReceipts, OvertakeOneAnother) {
    int overtaken = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const Plan& plan = day_of(seed, true);
        std::map<TillId, std::int64_t> last;
        for (const Receipt& receipt : plan.receipts) {
            std::int64_t& before = last[receipt.sale.till];
            overtaken += receipt.sale.seq < before ? 1 : 0;
            before = std::max(before, receipt.sale.seq);
        }
    }
    EXPECT_GT(overtaken, 20);
}

TEST(DirtyReceipts, AreStillInTheOrderOfTheirAppearance) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const Plan& plan = day_of(seed, true);
        EXPECT_TRUE(std::ranges::is_sorted(plan.receipts, {}, &Receipt::dropped));
        EXPECT_LE(plan.receipts.back().dropped, plan.settings.length);
    }
}

TEST(Receipts, CarryTheIdThatTheAgentMustGiveThem) {
    each_receipt(true, [](const Receipt& receipt) {
        EXPECT_EQ(receipt.sale.sale, expected_sale_id(receipt.sale));
        EXPECT_EQ(receipt.sale.sale.value.size(), 32U);
    });
}

TEST(Receipts, OfADrawerThatWasOpenedHoldNothing) {
    each_receipt(false, [](const Receipt& receipt) {
        if (receipt.sale.type != SaleType::NoSale) return;
        EXPECT_TRUE(receipt.sale.lines.empty());
        EXPECT_TRUE(receipt.sale.tenders.empty());
        EXPECT_EQ(receipt.sale.total, Money{});
    });
}

TEST(Receipts, ThatWereCancelledTookNoMoney) {
    each_receipt(false, [](const Receipt& receipt) {
        if (receipt.sale.status != SaleStatus::Cancelled) return;
        EXPECT_FALSE(receipt.sale.lines.empty());
        EXPECT_TRUE(receipt.sale.tenders.empty());
    });
}

TEST(Receipts, TakeBackOneLineOfASaleThatWasThere) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const Plan& plan = day_of(seed, false);
        std::multiset<std::tuple<std::string, Money, Money>> sold;
        for (const Receipt& receipt : plan.receipts) {
            for (const SaleLine& line : receipt.sale.lines) {
                if (receipt.sale.type == SaleType::Sale) {
                    sold.emplace(line.sku, line.gross, line.net);
                    continue;
                }
                EXPECT_EQ(line.kind, LineKind::Return);
                EXPECT_TRUE(sold.contains({line.sku, -line.gross, -line.net})) << line.sku;
                EXPECT_LT(line.qty_milli, 0);
            }
            if (receipt.sale.type != SaleType::Return) continue;
            EXPECT_EQ(receipt.sale.lines.size(), 1U);
            EXPECT_LT(receipt.sale.total, Money{});
        }
    }
}

TEST(Receipts, RepeatAVoidedLineBelowTheOneThatItUndoes) {
    int voids = 0;
    each_receipt(false, [&](const Receipt& receipt) {
        for (const SaleLine& line : receipt.sale.lines) {
            if (line.void_of == 0) continue;
            const SaleLine& undone = receipt.sale.lines.at(static_cast<std::size_t>(line.n) - 2);
            EXPECT_EQ(line.void_of, undone.n);
            EXPECT_TRUE(line.voided && undone.voided);
            EXPECT_EQ(line.gross, undone.gross);
            ++voids;
        }
    });
    EXPECT_GT(voids, 20);
}

TEST(Receipts, NumberTheirLinesFromOne) {
    each_receipt(true, [](const Receipt& receipt) {
        int n = 0;
        for (const SaleLine& line : receipt.sale.lines) EXPECT_EQ(line.n, ++n);
    });
}

TEST(Receipts, WeighWhatIsSoldByWeight) {
    const Chain chain = make_chain(1);
    int weighed = 0;
    each_receipt(false, [&](const Receipt& receipt) {
        for (const SaleLine& line : receipt.sale.lines) {
            const auto product = std::ranges::find(chain.products, line.sku, &Product::sku);
            ASSERT_NE(product, chain.products.end());
            EXPECT_EQ(line.unit == "kg", product->by_weight);
            weighed += product->by_weight ? 1 : 0;
            const std::int64_t exact = product->price.minor() * std::abs(line.qty_milli);
            EXPECT_LE(std::abs(exact - line.gross.magnitude().minor() * 1000), 500);
            if (!product->by_weight) {
                EXPECT_EQ(line.qty_milli % 1000, 0);
            }
        }
    });
    EXPECT_GT(weighed, 100);
}

TEST(Receipts, NameEachDiscountWithItsLine) {
    int given = 0;
    each_receipt(false, [&](const Receipt& receipt) {
        std::map<int, Money> by_line;
        for (const SaleDiscount& discount : receipt.sale.discounts) {
            by_line[discount.line] += discount.amount;
            ++given;
        }
        for (const SaleLine& line : receipt.sale.lines) {
            EXPECT_EQ(line.discount, by_line[line.n]);
            if (line.discount != Money{}) {
                EXPECT_EQ(line.discount, percent_of(line.gross, BasisPoints{1000}));
            }
        }
    });
    EXPECT_GT(given, 100);
}

TEST(Receipts, GiveChangeOnlyForCashAndLessThanANote) {
    std::set<TenderKind> kinds;
    each_receipt(false, [&](const Receipt& receipt) {
        for (const Tender& tender : receipt.sale.tenders) {
            kinds.insert(tender.kind);
            EXPECT_GE(tender.change, Money{});
            EXPECT_LT(tender.change, Money::minor(1000));
            if (tender.kind != TenderKind::Cash) {
                EXPECT_EQ(tender.change, Money{});
            }
        }
    });
    EXPECT_EQ(kinds, (std::set{TenderKind::Cash, TenderKind::Alipay, TenderKind::WechatPay,
                               TenderKind::Voucher}));
}

TEST(Receipts, BearTheSettingsTheyWereMadeWith) {
    const Plan plan = make_plan({.seed = 2,
                                 .store = "shop-9",
                                 .source = "pos-a",
                                 .business_date = *parse_date("2026-06-11"),
                                 .start = kit::kNoon,
                                 .length = minutes{5}});
    for (const Receipt& receipt : plan.receipts) {
        EXPECT_EQ(receipt.sale.store, StoreId{"shop-9"});
        EXPECT_EQ(receipt.sale.source, "pos-a");
        EXPECT_EQ(to_text(receipt.sale.business_date), "2026-06-11");
        EXPECT_EQ(receipt.sale.ended_at, kit::kNoon + std::chrono::floor<seconds>(receipt.rung));
    }
}

}  // namespace
}  // namespace aisle::simulated
