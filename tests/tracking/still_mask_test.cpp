#include "drivers/tracking/still_mask.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "drivers/tracking/tracker.hpp"

namespace aisle::tracking {
namespace {

constexpr milliseconds kFrame{200};
constexpr Box kFigure{.x = 300, .y = 100, .w = 30, .h = 80};

Box person_at(double x, double y = 104) { return {.x = x, .y = y, .w = 32, .h = 84}; }

void learn_for(StillMask& mask, const Box& box, milliseconds time) {
    for (milliseconds t{0}; t < time; t += kFrame) mask.learn({&box, 1}, kFrame);
}

void forget_for(StillMask& mask, milliseconds time) {
    for (milliseconds t{0}; t < time; t += kFrame) mask.learn({}, kFrame);
}

TEST(StillMask, LearnsAPlaceAfterMinutes) {
    StillMask mask;
    learn_for(mask, kFigure, milliseconds{119'000});
    EXPECT_EQ(mask.place_of(kFigure), nullptr);
    learn_for(mask, kFigure, milliseconds{2'000});
    ASSERT_NE(mask.place_of(kFigure), nullptr);
    EXPECT_EQ(mask.place_of(person_at(340)), nullptr);
}

TEST(StillMask, LearnsAFigureThatIsDetectedNowAndThen) {
    StillMask mask;
    for (int i = 0; i < 4'500; ++i) {
        if (i % 3 == 0)
            mask.learn({&kFigure, 1}, kFrame);
        else
            mask.learn({}, kFrame);
    }
    EXPECT_NE(mask.place_of(kFigure), nullptr);
}

TEST(StillMask, RemembersAWhileAndForgetsInTheEnd) {
    StillMask mask;
    learn_for(mask, kFigure, milliseconds{130'000});
    forget_for(mask, milliseconds{300'000});
    EXPECT_NE(mask.place_of(kFigure), nullptr);
    forget_for(mask, milliseconds{300'000});
    EXPECT_EQ(mask.place_of(kFigure), nullptr);
    EXPECT_TRUE(mask.places().empty());
}

TEST(StillMask, KeepsTheBestKnownPlacesWhenThereAreTooMany) {
    StillMask mask;
    learn_for(mask, kFigure, milliseconds{130'000});
    std::vector<Box> row;
    for (int i = 0; i < 100; ++i) row.push_back(person_at(0, 300 + 100.0 * i));
    mask.learn(row, kFrame);
    EXPECT_EQ(mask.places().size(), kStillPlacesMax);
    EXPECT_NE(mask.place_of(kFigure), nullptr);
}

TEST(StillMask, TakesBackWhatItRememberedAndNothingDamaged) {
    StillMask before;
    learn_for(before, kFigure, milliseconds{130'000});
    StillMask after;
    after.restore(before.places());
    EXPECT_NE(after.place_of(kFigure), nullptr);
    const double none = std::numeric_limits<double>::quiet_NaN();
    const std::vector<StillPlace> damaged{{.box = {none, 0, 10, 10}, .evidence = kFrame},
                                          {.box = {0, 0, 0, 10}, .evidence = kFrame},
                                          {.box = kFigure}};
    after.restore(damaged);
    EXPECT_TRUE(after.places().empty());
}

// A figure is detected in every frame for `frames`; `person` may stand somewhere beside it.
void stand(Tracker& tracker, int frames, std::vector<Box> others = {}) {
    others.push_back(kFigure);
    for (int i = 0; i < frames; ++i) tracker.update(others, kFrame);
}

Tracker& having_learnt(Tracker& tracker) {
    stand(tracker, 700);
    return tracker;
}

const Track* confirmed_of(const Tracker& tracker) {
    for (const Track& track : tracker.tracks()) {
        if (track.confirmed) return &track;
    }
    return nullptr;
}

TEST(TrackerMask, MasksAFigureThatStoodForMinutesAndNeverConfirmsIt) {
    Tracker tracker;
    stand(tracker, 500);
    EXPECT_FALSE(tracker.tracks()[0].masked);
    stand(tracker, 200);
    EXPECT_TRUE(tracker.tracks()[0].masked);
    EXPECT_EQ(confirmed_of(tracker), nullptr);
}

TEST(TrackerMask, LetsOneWalkByUnderOneId) {
    Tracker tracker;
    having_learnt(tracker);
    for (double x = 100; x <= 500; x += 12) {
        std::vector<Box> boxes{person_at(x)};
        // The figure is hidden behind whoever is before it.
        if (overlap(boxes[0], kFigure) < 0.3) boxes.push_back(kFigure);
        tracker.update(boxes, kFrame);
    }
    const Track* walker = confirmed_of(tracker);
    ASSERT_NE(walker, nullptr);
    EXPECT_NEAR(walker->box.x, 496, 12);
    int confirmed = 0;
    for (const Track& track : tracker.tracks()) confirmed += track.confirmed ? 1 : 0;
    EXPECT_EQ(confirmed, 1);
}

TEST(TrackerMask, DoesNotEndAWalkerOnTheFigureBehindWhichHeDisappears) {
    Tracker tracker;
    having_learnt(tracker);
    for (double x = 100; x < 300; x += 12) {
        std::vector<Box> boxes{person_at(x)};
        if (overlap(boxes[0], kFigure) < 0.3) boxes.push_back(kFigure);
        tracker.update(boxes, kFrame);
    }
    stand(tracker, 20);
    EXPECT_EQ(confirmed_of(tracker), nullptr);
}

TEST(TrackerMask, DoesNotSwallowAShopperWhoLingersBeforeTheFigure) {
    Tracker tracker;
    having_learnt(tracker);
    std::int64_t id = 0;
    for (double x = 100; x < 306; x += 12) tracker.update(std::vector<Box>{person_at(x)}, kFrame);
    for (int i = 0; i < 600; ++i) {  // two minutes, the figure hidden
        tracker.update(std::vector<Box>{person_at(304 + i % 2)}, kFrame);
    }
    ASSERT_NE(confirmed_of(tracker), nullptr);
    id = confirmed_of(tracker)->id;
    EXPECT_TRUE(confirmed_of(tracker)->seen);
    for (double x = 304; x < 500; x += 12) tracker.update(std::vector<Box>{person_at(x)}, kFrame);
    ASSERT_NE(confirmed_of(tracker), nullptr);
    EXPECT_EQ(confirmed_of(tracker)->id, id);
}

TEST(TrackerMask, OutlivesAResetAndARestart) {
    Tracker first;
    having_learnt(first);
    first.reset();
    first.update({}, kFrame);
    ASSERT_EQ(first.tracks().size(), 1U);  // the anchor waits there
    EXPECT_TRUE(first.tracks()[0].masked);
    Tracker second;
    second.restore_mask(first.mask().places());
    second.update({}, kFrame);
    ASSERT_EQ(second.tracks().size(), 1U);
    EXPECT_FALSE(second.tracks()[0].seen);
}

TEST(TrackerMask, LetsAPlaceGoWhenTheFigureIsTakenAway) {
    Tracker tracker;
    having_learnt(tracker);
    for (int i = 0; i < 3'500; ++i) tracker.update({}, kFrame);
    EXPECT_TRUE(tracker.mask().places().empty());
    EXPECT_TRUE(tracker.tracks().empty());
}

}  // namespace
}  // namespace aisle::tracking
