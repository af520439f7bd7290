#include "agent/staff/feed.hpp"

#include <gtest/gtest.h>

#include "fakes.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::staff {
namespace {

Feed feed_of(std::size_t cards_max = 60, std::size_t ring_max = 1000) {
    return Feed{"e1", {.cards_max = cards_max, .ring_max = ring_max}};
}

Offer offered(int n, milliseconds made = milliseconds{0}) { return offer_of(n, kit::at(made)); }

Offer in_state(Offer offer, OfferState state, std::string by = "A3") {
    offer.state = state;
    offer.by = std::move(by);
    ++offer.revision;
    return offer;
}

TEST(Feed, TellsANewCardUnderTheNextRevision) {
    Feed feed = feed_of();
    const auto told = feed.put(offered(1), kit::at());
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].live);
    EXPECT_EQ(told[0].rev, 1);
    EXPECT_EQ(feed.rev(), 1);
}

TEST(Feed, NeverShowsAGhost) {
    Feed feed = feed_of();
    Offer ghost = offered(1);
    ghost.ghost = true;
    EXPECT_TRUE(feed.put(ghost, kit::at()).empty());
    EXPECT_EQ(feed.size(), 0U);
}

TEST(Feed, KeepsAnAcceptedCardWithWhoHasIt) {
    Feed feed = feed_of();
    feed.put(offered(1), kit::at());
    feed.put(in_state(offered(1), OfferState::Accepted), kit::at());
    EXPECT_EQ(feed.find(offered(1).id)->by, "A3");
}

TEST(Feed, TakesAFinishedCardAwayAndSaysWhatBecameOfIt) {
    for (const OfferState end : {OfferState::Redeemed, OfferState::Declined, OfferState::Expired}) {
        Feed feed = feed_of();
        feed.put(offered(1), kit::at());
        const auto told = feed.put(in_state(offered(1), end), kit::at());
        ASSERT_EQ(told.size(), 1U);
        EXPECT_FALSE(told[0].live);
        EXPECT_EQ(told[0].state, end);
        EXPECT_EQ(told[0].by, "A3");
        EXPECT_EQ(feed.size(), 0U);
    }
}

TEST(Feed, SaysNothingOfAFinishedOfferThatItNeverShowed) {
    Feed feed = feed_of();
    EXPECT_TRUE(feed.put(in_state(offered(1), OfferState::Expired), kit::at()).empty());
    EXPECT_EQ(feed.rev(), 0);
}

TEST(Feed, IgnoresARevisionOlderThanTheOneItKnows) {
    Feed feed = feed_of();
    feed.put(in_state(offered(1), OfferState::Accepted), kit::at());
    EXPECT_TRUE(feed.put(offered(1), kit::at()).empty());
    EXPECT_EQ(feed.find(offered(1).id)->state, OfferState::Accepted);
}

TEST(Feed, HoldsNoDecisions) {
    Feed feed = feed_of();
    Offer offer = offered(1);
    offer.decision.context = R"({"member":"..."})";
    feed.put(offer, kit::at());
    EXPECT_TRUE(feed.find(offer.id)->decision.context.empty());
}

TEST(Feed, MakesRoomByTheOldestCardThatNobodyHasTaken) {
    Feed feed = feed_of(2);
    feed.put(in_state(offered(1, milliseconds{0}), OfferState::Accepted), kit::at());
    feed.put(offered(2, milliseconds{10}), kit::at());
    const auto told = feed.put(offered(3, milliseconds{20}), kit::at());
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].offer, offered(2).id);
    EXPECT_TRUE(told[0].crowded);
    EXPECT_FALSE(told[0].live);
    EXPECT_EQ(told[1].offer, offered(3).id);
    EXPECT_EQ(feed.size(), 2U);
}

TEST(Feed, MakesRoomFirstByWhatHasRunOut) {
    Feed feed = feed_of(2);
    Offer brief = in_state(offered(2, milliseconds{10}), OfferState::Accepted);
    brief.expires.wait = seconds{1};
    feed.put(offered(1), kit::at());
    feed.put(brief, kit::at());
    const auto told = feed.put(offered(3), kit::at(seconds{5}));
    EXPECT_EQ(told[0].offer, brief.id);
}

TEST(Feed, ListsOnlyWhatHasTimeLeftInTheOrderItWasMade) {
    Feed feed = feed_of();
    Offer brief = offered(1, milliseconds{0});
    brief.expires.wait = seconds{1};
    feed.put(offered(9, milliseconds{10}), kit::at());
    feed.put(offered(5, milliseconds{20}), kit::at());
    feed.put(brief, kit::at());
    const auto live = feed.live(kit::at(seconds{2}));
    ASSERT_EQ(live.size(), 2U);
    EXPECT_EQ(live[0]->id, offered(9).id);
    EXPECT_EQ(live[1]->id, offered(5).id);
}

TEST(Feed, TellsAReturningPageEachMissedOfferOnce) {
    Feed feed = feed_of();
    feed.put(offered(1), kit::at());
    feed.put(offered(2), kit::at());
    feed.put(in_state(offered(1), OfferState::Accepted), kit::at());
    feed.put(in_state(offered(2), OfferState::Declined), kit::at());
    const auto missed = feed.changes_since("e1.1");
    ASSERT_TRUE(missed);
    ASSERT_EQ(missed->size(), 2U);
    EXPECT_EQ((*missed)[0].offer, offered(1).id);
    EXPECT_TRUE((*missed)[0].live);
    EXPECT_EQ((*missed)[1].offer, offered(2).id);
    EXPECT_FALSE((*missed)[1].live);
}

TEST(Feed, TellsAPageThatMissedNothingNothing) {
    Feed feed = feed_of();
    feed.put(offered(1), kit::at());
    EXPECT_TRUE(feed.changes_since("e1.1")->empty());
}

TEST(Feed, CanOnlyGiveASnapshotToAPageOfAnotherStart) {
    Feed feed = feed_of();
    feed.put(offered(1), kit::at());
    for (const char* since : {"", "e1", "e2.1", "e1.", "e1.x", "e1.2", "e1.-1", ".1", "e1.1x"})
        EXPECT_FALSE(feed.changes_since(since)) << since;
}

TEST(Feed, CanOnlyGiveASnapshotBeyondTheRing) {
    Feed feed = feed_of(60, 3);
    for (int n = 1; n <= 5; ++n) feed.put(offered(n), kit::at());
    EXPECT_FALSE(feed.changes_since("e1.1"));
    ASSERT_TRUE(feed.changes_since("e1.2"));
    EXPECT_EQ(feed.changes_since("e1.2")->size(), 3U);
}

TEST(Feed, NeedsASnapshotForEverybodyAfterAReset) {
    Feed feed = feed_of();
    feed.put(offered(1), kit::at());
    feed.reset({offered(2)}, kit::at());
    EXPECT_FALSE(feed.changes_since("e1.1"));
    EXPECT_TRUE(feed.changes_since("e1.2"));
    EXPECT_EQ(feed.find(offered(1).id), nullptr);
    EXPECT_NE(feed.find(offered(2).id), nullptr);
}

TEST(Feed, ResetsToLiveOffersOnly) {
    Feed feed = feed_of();
    Offer ghost = offered(1);
    ghost.ghost = true;
    Offer over = offered(2);
    over.expires.wait = seconds{1};
    feed.reset({ghost, over, in_state(offered(3), OfferState::Redeemed), offered(4)},
               kit::at(seconds{2}));
    EXPECT_EQ(feed.size(), 1U);
}

TEST(Feed, ResetsToAtMostItsBound) {
    Feed feed = feed_of(2);
    feed.reset({offered(1), offered(2), offered(3)}, kit::at());
    EXPECT_EQ(feed.size(), 2U);
}

// What a page holds when it follows the changes is what a page holds that asks now.
TEST(Feed, LeadsAPageToTheSameCardsByChangesAsBySnapshot) {
    Feed feed = feed_of(5, 200);
    std::map<OfferId, std::int32_t> page;
    std::string since = "e1.0";
    std::uint32_t dice = 12345;
    const auto roll = [&dice](std::uint32_t sides) {
        dice = dice * 1664525U + 1013904223U;
        return (dice >> 16U) % sides;
    };
    std::map<int, Offer> offers;
    for (int step = 0; step < 2000; ++step) {
        const int n = static_cast<int>(roll(12));
        Offer& offer = offers.try_emplace(n, offered(n, milliseconds{step})).first->second;
        offer.state = static_cast<OfferState>(roll(6));
        ++offer.revision;
        feed.put(offer, kit::at());
        if (roll(4) != 0) continue;
        const auto missed = feed.changes_since(since);
        ASSERT_TRUE(missed) << "step " << step;
        for (const FeedChange& change : *missed) {
            if (change.live)
                page[change.offer] = feed.find(change.offer)->revision;
            else
                page.erase(change.offer);
        }
        since = "e1." + std::to_string(feed.rev());
        std::map<OfferId, std::int32_t> snapshot;
        for (const Offer* live : feed.live(kit::at())) snapshot[live->id] = live->revision;
        ASSERT_EQ(page, snapshot) << "step " << step;
    }
}

}  // namespace
}  // namespace aisle::staff
