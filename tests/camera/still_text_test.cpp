#include "drivers/camera/still_text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace aisle::camera {
namespace {

constexpr Frame::Size kSize{768, 576};
const std::vector<tracking::StillPlace> kPlaces{
    {.box = {.x = 12.4, .y = 100.2, .w = 40.6, .h = 99.9}, .evidence = minutes{61}, .masked = true},
    {.box = {.x = 300, .y = 5, .w = 20, .h = 50}, .evidence = seconds{100}, .masked = false},
    {.box = {.x = -3.6, .y = 400, .w = 30, .h = 80}, .evidence = seconds{185}, .masked = true}};

TEST(StillText, TellsWhatIsMasked) {
    EXPECT_EQ(still_text(kPlaces, kSize), "768x576;12,100,41,100,61;-4,400,30,80,3");
    EXPECT_EQ(still_text({}, kSize), "768x576");
}

TEST(StillText, IsReadBack) {
    const auto places = still_places(still_text(kPlaces, kSize), kSize);
    ASSERT_EQ(places.size(), 2U);
    EXPECT_EQ(places[0].box.x, 12);
    EXPECT_EQ(places[0].evidence, minutes{61});
    EXPECT_TRUE(places[1].masked);
    EXPECT_EQ(still_text(places, kSize), still_text(kPlaces, kSize));
}

TEST(StillText, IsNotTakenForAnotherPicture) {
    EXPECT_TRUE(still_places(still_text(kPlaces, kSize), {640, 480}).empty());
    EXPECT_TRUE(still_places("768x5760;1,2,3,4,5", kSize).empty());
}

TEST(StillText, GivesNothingForWhatIsNotOurs) {
    for (const char* text :
         {"", ";", "768x576;", "768x576;1,2,3,4", "768x576;1,2,3,4,5,6", "768x576;1,2,3,4,5;",
          "768x576;a,2,3,4,5", "768x576 1,2,3,4,5", "768x576;1,2,3,4,-5", "768x576;1,2,3,4,99999"})
        EXPECT_TRUE(still_places(text, kSize).empty()) << text;
}

TEST(StillText, SurvivesMutants) {
    std::mt19937 random{3};
    const std::string whole = still_text(kPlaces, kSize);
    for (int round = 0; round < 20'000; ++round) {
        std::string text = whole;
        for (int i = 0; i < 3; ++i) text[random() % text.size()] = static_cast<char>(random());
        EXPECT_LE(still_places(text, kSize).size(), tracking::kStillPlacesMax);
    }
}

TEST(StillText, HoldsNoMoreThanAMaskDoes) {
    std::string text = "768x576";
    for (int i = 0; i < 200; ++i) text += ";1,2,3,4,5";
    EXPECT_EQ(still_places(text, kSize).size(), tracking::kStillPlacesMax);
}

}  // namespace
}  // namespace aisle::camera
