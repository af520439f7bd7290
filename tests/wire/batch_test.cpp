#include "sync/wire/batch.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/kit/builders.hpp"

namespace aisle::wire {
namespace {

BatchHeader header_for(std::int64_t first, std::int64_t last) {
    return {.store = StoreId{"s-0001"},
            .epoch = "0123456789abcdef",
            .stream = Stream::Ledger,
            .first = first,
            .last = last,
            .prev = "ba7816bf8f01cfea",
            .sent_at = kit::kNoon};
}

std::vector<std::string> some_lines(std::size_t n) {
    std::vector<std::string> lines;
    for (std::size_t i = 1; i <= n; ++i)
        lines.push_back("{\"seq\":" + std::to_string(i) + ",\"kind\":\"sale\",\"body\":{}}");
    return lines;
}

std::string fault_of(std::string_view payload) {
    const auto opened = open_batch(payload);
    return opened ? "opened" : opened.error().detail;
}

TEST(BatchHeader, IsWrittenAsTheDesignSays) {
    EXPECT_EQ(header_line(header_for(1201, 1700)),
              R"({"aisle":1,"store":"s-0001","epoch":"0123456789abcdef","stream":"ledger",)"
              R"("first":1201,"last":1700,"prev":"ba7816bf8f01cfea",)"
              R"("sent_at":"2026-06-12T04:00:00.000Z"})");
}

TEST(Batch, OpensAsItWasPacked) {
    const auto lines = some_lines(kBatchRowsMax);
    const auto opened = open_batch(pack_batch(header_for(1, 500), lines));
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(opened->header, header_for(1, 500));
    EXPECT_TRUE(std::equal(lines.begin(), lines.end(), opened->lines.begin(), opened->lines.end()));
}

TEST(Batch, IsTheSameBytesForTheSameLines) {
    const auto lines = some_lines(10);
    EXPECT_EQ(pack_batch(header_for(1, 10), lines), pack_batch(header_for(1, 10), lines));
}

TEST(Batch, SurvivesBeingMoved) {
    auto opened = open_batch(pack_batch(header_for(1, 1), some_lines(1)));
    ASSERT_TRUE(opened);
    const OpenBatch moved = std::move(*opened);
    EXPECT_EQ(moved.lines.front(), some_lines(1).front());
}

// zstd's own checksum is on: a flipped bit anywhere is found. Each byte of a small batch, one bit
// each.
TEST(Batch, WithAFlippedBitNeverOpensAsSomethingElse) {
    const auto lines = some_lines(20);
    const std::string packed = pack_batch(header_for(1, 20), lines);
    std::size_t refused = 0;
    for (std::size_t i = 0; i < packed.size(); ++i) {
        std::string bad = packed;
        bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
        const auto opened = open_batch(bad);
        if (!opened) {
            ++refused;
            continue;
        }
        EXPECT_EQ(opened->header, header_for(1, 20)) << "byte " << i;
        EXPECT_TRUE(
            std::equal(lines.begin(), lines.end(), opened->lines.begin(), opened->lines.end()));
    }
    EXPECT_GT(refused, packed.size() - 4);
}

TEST(Batch, CutOffAtAnyByteIsRefused) {
    const std::string packed = pack_batch(header_for(1, 20), some_lines(20));
    for (std::size_t n = 0; n < packed.size(); ++n)
        EXPECT_NE(fault_of(std::string_view{packed}.substr(0, n)), "opened") << n;
}

TEST(Batch, WithSomethingAfterTheFrameIsRefused) {
    const std::string packed = pack_batch(header_for(1, 1), some_lines(1));
    EXPECT_EQ(fault_of(packed + "x"), "bytes after the frame");
    EXPECT_EQ(fault_of(packed + packed), "bytes after the frame");
}

TEST(Batch, ThatClaimsGigabytesIsRefusedBeforeTheyAreTaken) {
    // A single-segment frame whose header says that it holds 4 GB.
    const std::string bomb{"\x28\xb5\x2f\xfd\xa0\xff\xff\xff\xff\x01\x00\x00", 12};
    EXPECT_NE(fault_of(bomb).find("zstd"), std::string::npos);
}

TEST(Batch, LongerThanTheLimitOnceDecompressedIsRefused) {
    // Made of blocks of 128 KB of one repeated byte: frame header, 65 RLE blocks, no checksum.
    std::string bomb{"\x28\xb5\x2f\xfd\x00\x58", 6};
    const auto block = [&bomb](bool last) {
        const std::uint32_t head = (last ? 1U : 0U) | (1U << 1U) | (131'072U << 3U);
        for (unsigned shift = 0; shift < 24; shift += 8) bomb += static_cast<char>(head >> shift);
        bomb += 'x';
    };
    for (int i = 0; i < 80; ++i) block(false);
    block(true);
    EXPECT_EQ(fault_of(bomb), "too long once decompressed");
}

// A frame by hand (RFC 8878): its header, and one raw block, the last.
std::string raw_frame(const std::string& header, const std::string& content) {
    const auto head = static_cast<std::uint32_t>(1U | (content.size() << 3U));
    std::string frame = "\x28\xb5\x2f\xfd" + header;
    for (unsigned shift = 0; shift < 24; shift += 8) frame += static_cast<char>(head >> shift);
    return frame + content;
}

std::string claiming(std::size_t bytes) {
    std::string header{"\xa0"};
    for (unsigned shift = 0; shift < 32; shift += 8) header += static_cast<char>(bytes >> shift);
    return header;
}

TEST(Batch, InAFrameThatDoesNotSayHowLongItIsOpensAsWell) {
    const std::string content = header_line(header_for(1, 1)) + "\n{}\n";
    const std::string window{"\x00\x58", 2};
    EXPECT_EQ(fault_of(raw_frame(window, content)), "opened");
    EXPECT_EQ(fault_of(raw_frame(claiming(content.size()), content)), "opened");
    EXPECT_EQ(fault_of(raw_frame(window, content) + "x"), "bytes after the frame");
}

TEST(Batch, InAFrameOfAnotherLengthThanItSaysIsRefused) {
    const std::string content = header_line(header_for(1, 1)) + "\n{}\n";
    for (const std::size_t wrong : {content.size() - 1, content.size() + 1, std::size_t{0}})
        EXPECT_NE(fault_of(raw_frame(claiming(wrong), content)), "opened") << wrong;
}

TEST(Batch, OpensAfterOneThatDidNotInTheSameUnpacker) {
    const std::string packed = pack_batch(header_for(1, 20), some_lines(20));
    Unpacker unpacker;
    for (std::size_t n = 0; n < packed.size(); n += 7) {
        EXPECT_FALSE(unpacker.open(std::string_view{packed}.substr(0, n)));
        ASSERT_TRUE(unpacker.open(packed));
    }
}

TEST(Batch, WithoutRecordsIsRefused) {
    EXPECT_NE(fault_of(""), "opened");
    EXPECT_NE(fault_of("{\"aisle\":1}\n"), "opened");
}

TEST(Batch, WithABadHeaderIsRefusedWithTheReason) {
    auto header = header_for(1, 1);
    header.epoch = "0123";
    EXPECT_EQ(fault_of(pack_batch(header, some_lines(1))), "header: bad epoch");
    header = header_for(5, 4);
    EXPECT_EQ(fault_of(pack_batch(header, some_lines(1))), "header: bad first and last");
    header = header_for(0, 4);
    EXPECT_EQ(fault_of(pack_batch(header, some_lines(1))), "header: bad first and last");
    header = header_for(1, 1);
    header.store = StoreId{"a/b"};
    EXPECT_EQ(fault_of(pack_batch(header, some_lines(1))), "header: bad store id");
    header = header_for(1, 1);
    header.prev = "xyz";
    EXPECT_EQ(fault_of(pack_batch(header, some_lines(1))), "header: bad prev");
}

TEST(Batch, OfNoiseIsAlwaysAnsweredAndNeverOpened) {
    std::mt19937 random{1};
    std::string noise;
    for (int round = 0; round < 2'000; ++round) {
        noise.assign(random() % 200, '\0');
        for (auto& c : noise) c = static_cast<char>(random());
        if (round % 2 == 0) noise.insert(0, "\x28\xb5\x2f\xfd");
        EXPECT_NE(fault_of(noise), "opened");
    }
}

TEST(Epoch, IsSixteenLowerCaseHexDigits) {
    EXPECT_TRUE(valid_epoch("0123456789abcdef"));
    EXPECT_FALSE(valid_epoch("0123456789ABCDEF"));
    EXPECT_FALSE(valid_epoch("0123456789abcde"));
    EXPECT_FALSE(valid_epoch(""));
}

}  // namespace
}  // namespace aisle::wire
