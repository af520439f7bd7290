#include <random>
#include <set>

#include "agent/app/store_care.hpp"
#include "agent/core/outbox.hpp"
#include "agent/intake/card_number.hpp"
#include "shop_world.hpp"

// A thousand made-up card numbers that check (row S17 of the security requirements), in every place
// where a till may put one: none reaches the disk, the wire or the log.
namespace aisle::app {
namespace {

constexpr std::size_t kCards = 1'000;

// Beginnings of the brands' ranges and the lengths that they give out.
struct Brand {
    const char* iin;
    std::size_t digits;
};
constexpr std::array<Brand, 7> kBrands{
    {{"4", 16}, {"51", 16}, {"2221", 16}, {"37", 15}, {"3528", 16}, {"6221", 16}, {"6229", 19}}};

// Seeded, so that a failure is the same again.
std::vector<std::string> corpus() {
    std::mt19937 random{17};
    std::vector<std::string> cards;
    std::set<std::string> ends;
    while (cards.size() < kCards) {
        const Brand& brand = kBrands[cards.size() % kBrands.size()];
        std::string card = brand.iin;
        while (card.size() < brand.digits)
            card += static_cast<char>('0' + static_cast<int>(random() % 10));
        while (!intake::luhn_checks(card))
            card.back() = card.back() == '9' ? '0' : static_cast<char>(card.back() + 1);
        if (ends.insert(card).second) cards.push_back(card);
    }
    return cards;
}

// As people and tills write it.
std::string written(const std::string& card, std::size_t how) {
    const char between = how % 3 == 0 ? '\0' : how % 3 == 1 ? ' ' : '-';
    std::string text;
    for (std::size_t i = 0; i < card.size(); ++i) {
        if (between != '\0' && i > 0 && i % 4 == 0) text += between;
        text += card[i];
    }
    return text;
}

void sell_with(ShopWorld& world, const std::string& card, std::size_t n) {
    Sale sale = draft(10'00, static_cast<std::int64_t>(n) + 1);
    const std::string text = written(card, n);
    std::string raw = "<Sale>";
    switch (n % 4) {
        case 0:
            sale.lines.front().text = "gift card " + text + " topped up";
            raw += "<Description>" + text + "</Description>";
            break;
        case 1:
            sale.lineage.origin = "export " + text + ".xml";
            raw += "<CardNumber>" + text + "</CardNumber>";
            break;
        case 2:
            raw += "<Note>" + text + "</Note><Track2>" + card + "=2512101</Track2>";
            break;
        default:
            (void)world.readings.accept(
                reading_of(RejectedReading{{.source = "till",
                                            .reason = "incomplete",
                                            .detail = "at " + text,
                                            .origin = "in/" + text,
                                            .payload = "{\"note\":\"" + text + "\","}}),
                {});
            raw += text;
    }
    (void)world.readings.accept(reading_of(SaleReading{sale, raw + "</Sale>"}), {});
}

// Where any of them stands in `text`, written in whatever way.
std::string found_in(const std::string& text, const std::vector<std::string>& cards) {
    std::string bare;
    for (const char c : text) {
        if (c != '-' && c != ' ') bare += c;
    }
    for (const std::string& card : cards) {
        if (bare.find(card) != std::string::npos) return card;
    }
    return {};
}

TEST(CardCorpus, ReachesNeitherDiskNorWireNorLog) {
    const auto cards = corpus();
    const Folder folder;
    std::string wire;
    testing::internal::CaptureStderr();
    {
        ShopWorld world{{}, &folder};
        for (std::size_t n = 0; n < cards.size(); ++n) {
            sell_with(world, cards[n], n);
            if (n % 50 == 49) world.settle();
        }
        world.settle();
        ASSERT_GT(world.journal("sale").size(), kCards / 2);
        ASSERT_GT(world.store->quarantined({.limit = 10'000})->size(), kCards / 8);
        // What goes up are the bodies of the outbox, byte for byte.
        for (const Stream stream : kUpStreams) {
            for (const OutboxRow& row :
                 *world.store->read(OutboxRead{.stream = stream, .rows_max = 100'000}))
                wire += row.record.body + "\n";
        }
    }
    const std::string log = testing::internal::GetCapturedStderr();
    std::string disk;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder.path()}) {
        if (entry.is_regular_file()) disk += bytes_of(entry.path().string());
    }
    EXPECT_NE(disk.find("PAN:"), std::string::npos) << "else nothing of it is there to look at";
    EXPECT_EQ(found_in(disk, cards), "");
    EXPECT_EQ(found_in(wire, cards), "");
    EXPECT_EQ(found_in(log, cards), "");
}

// The search finds what is there.
TEST(CardCorpusItself, IsFoundWhereNobodyMaskedIt) {
    const auto cards = corpus();
    EXPECT_EQ(found_in("x " + written(cards[7], 1) + " y", cards), cards[7]);
}

}  // namespace
}  // namespace aisle::app
