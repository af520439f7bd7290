#include "drivers/camera/blind_spell.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::camera {
namespace {

Stamp after_ms(int ms) { return kit::at(milliseconds{ms}); }

TEST(BlindSpell, IsNoneBetweenPicturesThatComeInTime) {
    BlindSpell spell{after_ms(0)};
    for (int ms = 100; ms < 5000; ms += 100) EXPECT_FALSE(spell.seen(after_ms(ms)));
}

TEST(BlindSpell, IsToldWhenThePicturesComeBack) {
    BlindSpell spell{after_ms(0)};
    EXPECT_FALSE(spell.seen(after_ms(1000)));
    EXPECT_FALSE(spell.nothing(after_ms(5000)));
    const auto span = spell.seen(after_ms(8000));
    ASSERT_TRUE(span);
    EXPECT_EQ(span->from, after_ms(1000).wall);
    EXPECT_EQ(span->to, after_ms(8000).wall);
}

TEST(BlindSpell, BeginsWithTheDriver) {
    BlindSpell spell{after_ms(0)};
    EXPECT_EQ(spell.seen(after_ms(4000))->from, after_ms(0).wall);
}

TEST(BlindSpell, IsToldInPiecesThatMeetWhileItLasts) {
    BlindSpell spell{after_ms(0)};
    const auto first = spell.nothing(after_ms(31'000));
    const auto second = spell.nothing(after_ms(62'000));
    const auto last = spell.seen(after_ms(62'500));
    ASSERT_TRUE(first && second && last);
    EXPECT_EQ(first->from, after_ms(0).wall);
    EXPECT_EQ(second->from, first->to);
    EXPECT_EQ(last->from, second->to);  // short, but the end of a long one
}

TEST(BlindSpell, IsNotMadeByAWallClockThatIsPutRight) {
    BlindSpell spell{after_ms(0)};
    spell.seen(after_ms(1000));
    Stamp jumped = after_ms(1100);
    jumped.wall += std::chrono::hours{2};
    EXPECT_FALSE(spell.seen(jumped));
}

TEST(BlindSpell, KnowsHowLongItHasBeenSilent) {
    BlindSpell spell{after_ms(0)};
    spell.seen(after_ms(500));
    spell.nothing(after_ms(40'000));
    EXPECT_EQ(spell.silence(after_ms(41'000)), milliseconds{40'500});
}

}  // namespace
}  // namespace aisle::camera
