#include <gtest/gtest.h>

#include "readings.hpp"

namespace aisle::intake {
namespace {

Sale with_gtin(const char* gtin) {
    Sale draft = draft_of(1000);
    draft.lines[0].sku.clear();
    draft.lines[0].gtin = gtin;
    return draft;
}

TEST(SaleCodes, WidensAnArticleNumber) {
    EXPECT_EQ(good(with_gtin("4006381333931")).lines[0].gtin, "04006381333931");
}

TEST(SaleCodes, KeepsACodeThatDoesNotCheckAsSku) {
    const Sale sale = good(with_gtin("4006381333930"));
    EXPECT_EQ(sale.lines[0].gtin, "");
    EXPECT_EQ(sale.lines[0].sku, "4006381333930");
    EXPECT_TRUE(fired(sale, "gtin_check_failed"));
}

TEST(SaleCodes, ZeroesAPrintedValue) {
    const Sale sale = good(with_gtin("2112345001234"));
    EXPECT_EQ(sale.lines[0].gtin.substr(8, 5), "00000");
    EXPECT_TRUE(fired(sale, "gtin_value_zeroed"));
}

}  // namespace
}  // namespace aisle::intake
