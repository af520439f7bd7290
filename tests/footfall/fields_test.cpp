#include "agent/footfall/fields.hpp"

#include <gtest/gtest.h>

#include <array>

namespace aisle::footfall {
namespace {

TEST(Fields, AreTakenOffOneByOne) {
    std::string_view text = "a|b|";
    EXPECT_EQ(take_field(text, '|'), "a");
    EXPECT_EQ(take_field(text, '|'), "b");
    EXPECT_EQ(take_field(text, '|'), "");
    EXPECT_TRUE(text.empty());
}

TEST(Fields, AreNumbersOrNothing) {
    EXPECT_EQ(number_from("-12"), -12);
    for (const char* text : {"", " 1", "1 ", "1x", "99999999999999999999"}) {
        EXPECT_FALSE(number_from(text)) << text;
    }
}

TEST(Fields, SplitOnlyIntoAsManyAsThereAre) {
    std::array<std::int64_t, 2> two{};
    EXPECT_TRUE(split(join({3, -4}), two));
    EXPECT_EQ(two, (std::array<std::int64_t, 2>{3, -4}));
    EXPECT_FALSE(split("1", two));
    EXPECT_FALSE(split("1 2 3", two));
}

}  // namespace
}  // namespace aisle::footfall
