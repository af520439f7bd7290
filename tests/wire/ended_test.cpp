#include "sync/wire/ended.hpp"

#include <gtest/gtest.h>

#include "sync/wire/batch.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::wire {
namespace {

const std::vector<EndedEpoch> kTwo{
    {"00000000000000bb", {{Stream::Ledger, 12, "ba7816bf8f01cfea"}, {Stream::Health, 3, ""}}},
    {"00000000000000aa", {{Stream::Offers, 7, "fedcba9876543210"}}}};

std::string written(std::int64_t first) {
    return header_line({.store = StoreId{"s-0001"},
                        .epoch = "00000000000000cc",
                        .stream = Stream::Ledger,
                        .first = first,
                        .last = 9,
                        .sent_at = kit::kNoon,
                        .ended = kTwo});
}

TEST(EndedEpochs, AreReadAsTheyWereWritten) {
    const auto read = parse_ended(to_json(kTwo));
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, kTwo);
}

TEST(EndedEpochs, StandInTheHeaderOfABatchThatBeginsItsStream) {
    EXPECT_NE(written(1).find(R"("ended":{"00000000000000bb":{"ledger":{"next":12,)"),
              std::string::npos);
    EXPECT_EQ(written(2).find("ended"), std::string::npos);
}

TEST(EndedEpochs, ComeOutOfTheHeaderAgain) {
    BatchHeader header{.store = StoreId{"s-0001"},
                       .epoch = "00000000000000cc",
                       .stream = Stream::Ledger,
                       .first = 1,
                       .last = 1,
                       .sent_at = kit::kNoon,
                       .ended = kTwo};
    const auto opened = open_batch(pack_batch(header, {{R"({"seq":1,"kind":"sale","body":{}})"}}));
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(opened->header.ended, kTwo);
}

TEST(EndedEpochs, BeyondTheBoundAreLeftOutAndRefused) {
    std::vector<EndedEpoch> many;
    for (std::size_t i = 0; i <= kEndedEpochsMax; ++i)
        many.push_back({"00000000000000" + std::to_string(10 + i), {{Stream::Ledger, 2, ""}}});
    EXPECT_EQ(parse_ended(to_json(many))->size(), kEndedEpochsMax);
    std::string json = to_json(many);
    json.back() = ',';
    EXPECT_FALSE(parse_ended(json + R"("00000000000000ff":{}})"));
}

TEST(EndedEpochs, AreRefusedWhereAMarkCannotBe) {
    for (const char* bad :
         {R"({"not an epoch":{}})", R"({"00000000000000aa":{"ledger":{"next":0,"check":""}}})",
          R"({"00000000000000aa":{"ledger":{"next":2,"check":"xyz"}}})",
          R"({"00000000000000aa":{"ledger":{"next":2}}})", R"({"00000000000000aa":3})", "[]"})
        EXPECT_FALSE(parse_ended(bad)) << bad;
}

}  // namespace
}  // namespace aisle::wire
