#include "agent/offers/price_book.hpp"

#include <algorithm>
#include <random>

#include "sales.hpp"

// What may be struck through.
namespace aisle::offers {
namespace {

using kit::at;

Date day(int n) {
    return Date{std::chrono::sys_days{
                    Date{std::chrono::year{2026}, std::chrono::June, std::chrono::day{1}}} +
                std::chrono::days{n}};
}

Sale sold(std::int64_t minor, int on, const std::string& sku = "SKU1",
          std::int64_t qty_milli = 1'000) {
    Sale sale = kit::sale_of(minor);
    sale.business_date = day(on);
    sale.lines.front().sku = sku;
    sale.lines.front().qty_milli = qty_milli;
    return sale;
}

const PriceBook::IsOurs kNobodys = [](const std::string&) { return false; };

PriceBook book_of(const std::vector<Sale>& sales, std::int64_t days = 30) {
    PriceBook book{days};
    for (const Sale& sale : sales) book.sold(sale, kNobodys);
    return book;
}

TEST(PriceBook, ProvesNothingOfWhatWasNeverSold) {
    EXPECT_FALSE(book_of({}).lowest("SKU1", day(0)));
}

TEST(PriceBook, TellsTheLowestOfTheDays) {
    const auto book = book_of({sold(19'90, 0), sold(17'90, 3), sold(21'90, 5)});
    EXPECT_EQ(book.lowest("SKU1", day(5)), Money::minor(17'90));
}

TEST(PriceBook, ForgetsAPriceToTheDay) {
    const auto book = book_of({sold(17'90, 0), sold(19'90, 10)});
    EXPECT_EQ(book.lowest("SKU1", day(29)), Money::minor(17'90));
    EXPECT_EQ(book.lowest("SKU1", day(30)), Money::minor(19'90));
    EXPECT_FALSE(book.lowest("SKU1", day(40)));
}

TEST(PriceBook, CountsTheUnitAndNotThePack) {
    EXPECT_EQ(book_of({sold(10'00, 0, "TEA", 2'500)}).lowest("TEA", day(0)), Money::minor(4'00));
}

TEST(PriceBook, CountsTheTillsOwnMarkdownAsAPrice) {
    Sale sale = discounted(20'00, 5'00);
    sale.business_date = day(0);
    sale.lines.front().sku = "SKU1";
    EXPECT_EQ(book_of({sale}).lowest("SKU1", day(0)), Money::minor(15'00));
}

TEST(PriceBook, DoesNotCountWhatOneOfOurOffersTookOff) {
    Sale sale = naming("ours", 5'00);
    sale.business_date = day(0);
    sale.lines.front().sku = "SKU1";
    PriceBook book{30};
    book.sold(sale, [](const std::string& name) { return name == "ours"; });
    EXPECT_FALSE(book.lowest("SKU1", day(0)));
}

TEST(PriceBook, DoesNotCountReturnsVoidsOrGifts) {
    Sale back = sold(-17'90, 0);
    back.type = SaleType::Return;
    Sale voided = sold(17'90, 0);
    voided.lines.front().voided = true;
    Sale gift = sold(17'90, 0);
    gift.lines.front().net = Money{};
    EXPECT_FALSE(book_of({back, voided, gift}).lowest("SKU1", day(0)));
}

// 50 seeds: the same receipts in any order, and through rows, give the same book.
TEST(PriceBook, IsTheSameWhenItIsFilledFromTheJournal) {
    std::mt19937 dice{7};
    for (int seed = 0; seed < 50; ++seed) {
        std::vector<Sale> sales;
        for (int n = 0; n < 200; ++n)
            sales.push_back(sold(1'000 + static_cast<std::int64_t>(dice() % 900),
                                 static_cast<int>(dice() % 90),
                                 "SKU" + std::to_string(dice() % 5)));
        const PriceBook grown = book_of(sales);
        std::ranges::shuffle(sales, dice);
        const PriceBook filled = book_of(sales);
        PriceBook restored{30};
        for (const std::string& sku : grown.keys())
            ASSERT_TRUE(restored.restore_row(sku, grown.row(sku)));
        for (int n = 0; n < 5; ++n) {
            const std::string sku = "SKU" + std::to_string(n);
            std::optional<Money> lowest;
            for (const Sale& sale : sales) {
                const auto age =
                    std::chrono::sys_days{day(89)} - std::chrono::sys_days{sale.business_date};
                if (sale.lines.front().sku != sku || age >= std::chrono::days{30}) continue;
                lowest = std::min(lowest.value_or(kMoneyMax), sale.lines.front().net);
            }
            EXPECT_EQ(grown.lowest(sku, day(89)), lowest);
            EXPECT_EQ(filled.lowest(sku, day(89)), lowest);
            EXPECT_EQ(restored.lowest(sku, day(89)), lowest);
        }
    }
}

TEST(PriceBook, RefusesARowThatItDidNotWrite) {
    PriceBook book{30};
    for (const char* const bytes : {"x", "12", "12:", "12:x", "12:5 7"})
        EXPECT_FALSE(book.restore_row("SKU1", bytes)) << bytes;
}

std::string chip(const Offer& offer, const std::string& key) {
    const auto found = std::ranges::find(offer.reasons, key, &ReasonChip::key);
    return found == offer.reasons.end() ? "" : found->value;
}

std::string struck_through(const std::string& was, std::int64_t charged) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, R"("delivery": {"was": )" + was + "}")}};
    if (charged > 0) {
        Sale sale = kit::sale_of(charged);
        sale.business_date = Date{std::chrono::year{2026}, std::chrono::June, std::chrono::day{10}};
        sale.lines.front().sku = "SKU1";
        shop.sell(sale, at());
    }
    return chip(shop.seen(at()), "was_minor");
}

TEST(WasPrice, IsShownOnlyAsFarAsTheShopsReceiptsProveIt) {
    EXPECT_EQ(struck_through(R"({"sku": "SKU1", "minor": 1990})", 0), "");
    EXPECT_EQ(struck_through(R"({"sku": "SKU1", "minor": 1990})", 1'989), "");
    EXPECT_EQ(struck_through(R"({"sku": "SKU1", "minor": 1990})", 1'990), "1990");
    EXPECT_EQ(struck_through(R"({"sku": "SKU1", "minor": 1990})", 2'500), "1990");
    EXPECT_EQ(struck_through(R"({"sku": "SKU1"})", 2'500), "2500");
}

TEST(WasPrice, IsProvenAfterARestart) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, R"("delivery": {"was": {"sku": "SKU1"}})")}};
    Sale sale = kit::sale_of(19'90);
    sale.business_date = Date{std::chrono::year{2026}, std::chrono::June, std::chrono::day{10}};
    sale.lines.front().sku = "SKU1";
    shop.sell(sale, at());
    const auto engine = shop.restored();
    const Date today{std::chrono::year{2026}, std::chrono::June, std::chrono::day{12}};
    EXPECT_EQ(engine->proven_price("SKU1", today), Money::minor(19'90));
}

}  // namespace
}  // namespace aisle::offers
