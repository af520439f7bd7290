#include "sync/wire/ack.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::wire {
namespace {

Ack ack_to(std::int64_t next) {
    return {.kind = AckKind::Ack,
            .epoch = "0123456789abcdef",
            .stream = Stream::Offers,
            .next = next,
            .check = "ba7816bf8f01cfea",
            .credit_bytes_s = 125'000,
            .now = kit::kNoon};
}

std::string fault_of(std::string_view json) {
    const auto ack = parse_ack(json);
    return ack ? "read" : ack.error().detail;
}

TEST(Ack, IsWrittenAsTheDesignSays) {
    EXPECT_EQ(to_json(ack_to(501)), R"({"epoch":"0123456789abcdef","stream":"offers","next":501,)"
                                    R"("check":"ba7816bf8f01cfea","credit_bytes_s":125000,)"
                                    R"("now":"2026-06-12T04:00:00.000Z"})");
}

TEST(Ack, OfEachKindIsReadBackAsWritten) {
    for (const auto kind : {AckKind::Ack, AckKind::Nack, AckKind::Fork}) {
        auto ack = ack_to(7);
        ack.kind = kind;
        const auto read = parse_ack(to_json(ack));
        ASSERT_TRUE(read) << read.error().detail;
        EXPECT_EQ(*read, ack);
    }
}

TEST(Ack, OfNothingHasNoCheck) {
    auto ack = ack_to(1);
    ack.check.clear();
    EXPECT_EQ(fault_of(to_json(ack)), "read");
    ack.check = "ba7816bf8f01cfea";
    EXPECT_EQ(fault_of(to_json(ack)), "bad check");
    ack = ack_to(2);
    ack.check.clear();
    EXPECT_EQ(fault_of(to_json(ack)), "bad check");
}

TEST(Ack, ThatIsNotOneIsRefusedWithTheReason) {
    EXPECT_EQ(fault_of(""), "not a JSON object");
    EXPECT_EQ(fault_of("[]"), "not a JSON object");
    EXPECT_EQ(fault_of("{}"), "no text \"epoch\"");
    EXPECT_EQ(fault_of(std::string(5'000, ' ')), "longer than any message of ours");
    auto ack = ack_to(2);
    ack.epoch = "x";
    EXPECT_EQ(fault_of(to_json(ack)), "bad epoch");
    EXPECT_EQ(fault_of(to_json(ack_to(0))), "next below 1");
}

TEST(Ack, WithFieldsOfALaterVersionIsStillRead) {
    auto text = to_json(ack_to(7));
    text.insert(1, R"("something":{"new":1},)");
    EXPECT_EQ(fault_of(text), "read");
}

}  // namespace
}  // namespace aisle::wire
