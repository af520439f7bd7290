#include <gtest/gtest.h>

#include <algorithm>

#include "tests/fault/chain.hpp"

namespace aisle::fault {
namespace {

// What a headquarters without any memory must hold in the end: in each stream that has something
// to send, in the epoch that it is in, one gap for what was acknowledged and has gone, and every
// row that the store still has.
std::vector<std::string> owed(const Chain::Before& before) {
    Chain chain{before};
    if (!chain.start_shop().empty()) return {};
    std::vector<std::string> lines;
    for (const StreamDepth& depth : chain.depths()) {
        const auto rows = chain.outbox(depth.stream);
        if (rows.empty()) continue;
        const std::string stream = chain.epoch() + " " + std::string{to_text(depth.stream)};
        if (depth.first > 1)
            lines.push_back(stream + " 1-" + std::to_string(depth.first - 1) + " gap");
        for (const OutboxRow& row : rows)
            lines.push_back(stream + " " + std::to_string(row.from) + "-" +
                            std::to_string(row.seq) + " " + row.record.kind);
    }
    std::ranges::sort(lines);
    return lines;
}

// Without the bodies.
std::vector<std::string> in_short(const std::vector<std::string>& at_hq) {
    std::vector<std::string> lines;
    for (const std::string& line : at_hq) lines.push_back(line.substr(0, line.find(" {")));
    std::ranges::sort(lines);
    return lines;
}

TEST(AHeadquartersThatLostEverything, GetsGapsAndAllThatStoresOfManyPastsStillHold) {
    int acked_before = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const Chain::Before before = lived_in_alone(seed, 25);
        const auto expected = owed(before);
        Chain chain{before};
        ASSERT_EQ(chain.start_hq() + chain.start_shop(), "");
        EXPECT_TRUE(chain.drain(minutes{10})) << "seed " << seed;
        chain.stop();
        const auto there = chain.at_hq();
        EXPECT_EQ(in_short(there), expected) << "seed " << seed;
        acked_before += static_cast<int>(std::ranges::count_if(there, [](const std::string& line) {
            return line.find(R"("reason":"acked_before")") != std::string::npos;
        }));
        EXPECT_EQ(chain.damage(), "");
    }
    EXPECT_GT(acked_before, 10);
}

// It lost everything while both were at work: the shop goes on in the epoch that it is in.
TEST(AHeadquartersThatLostEverything, GetsGapsForWhatItOnceHad) {
    const Chain::Before before = unsent(9, 12);
    Chain chain{before};
    ASSERT_EQ(chain.start_hq() + chain.start_shop(), "");
    ASSERT_TRUE(chain.drain(minutes{10}));
    chain.stop();
    const Chain::Before emptied{.shop = with_more(chain.shop.image(), 10, 12), .hq = {}};
    const auto expected = owed(emptied);
    Chain again{emptied};
    ASSERT_EQ(again.start_hq() + again.start_shop(), "");
    EXPECT_TRUE(again.drain(minutes{10}));
    again.stop();
    EXPECT_EQ(in_short(again.at_hq()), expected);
    EXPECT_TRUE(std::ranges::any_of(expected, [](const std::string& line) {
        return line.ends_with(" gap") && line.find(" 1-") != std::string::npos;
    }));
}

}  // namespace
}  // namespace aisle::fault
