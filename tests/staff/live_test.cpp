#include "agent/staff/live.hpp"

#include <gtest/gtest.h>

#include "fakes.hpp"

namespace aisle::staff {
namespace {

TEST(Live, WelcomesAPageWithTheShopTheDayAndTheCards) {
    Room room;
    room.shop.figures.entries = 37;
    room.staff.changed(offer_of(1, room.now()));
    const auto page = room.page();
    ASSERT_EQ(page->told.size(), 1U);
    const auto& welcome = page->told[0];
    EXPECT_EQ(welcome.at("t").as_string(), "welcome");
    EXPECT_EQ(welcome.at("epoch").as_string(), "aaaa");
    EXPECT_EQ(welcome.at("rev").as_int64(), 1);
    EXPECT_EQ(welcome.at("now").as_int64(), 1'000'000);
    EXPECT_EQ(welcome.at("cards").as_array().size(), 1U);
    EXPECT_EQ(welcome.at("today").at("entries").as_int64(), 37);
    EXPECT_EQ(welcome.at("shop").at("store").as_string(), "s-0001");
    EXPECT_EQ(welcome.at("shop").at("decline_reasons").as_array().size(), 5U);
}

TEST(Live, TellsEveryPageOfAChange) {
    Room room;
    const auto one = room.page();
    const auto other = room.page();
    Offer offer = offer_of(1, room.now());
    room.staff.changed(offer);
    offer.state = OfferState::Accepted;
    offer.by = "A3";
    ++offer.revision;
    room.staff.changed(offer);
    for (const auto& page : {one, other}) {
        const auto told = page->of("offer");
        ASSERT_EQ(told.size(), 2U);
        EXPECT_EQ(told[1].at("rev").as_int64(), 2);
        EXPECT_EQ(told[1].at("card").at("by").as_string(), "A3");
    }
}

TEST(Live, SaysWhatBecameOfACardThatGoes) {
    Room room;
    const auto page = room.page();
    Offer offer = offer_of(1, room.now());
    room.staff.changed(offer);
    offer.state = OfferState::Redeemed;
    offer.by = "A3";
    ++offer.revision;
    room.staff.changed(offer);
    const auto gone = page->of("gone");
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_EQ(gone[0].at("id").as_string(), offer.id.value);
    EXPECT_EQ(gone[0].at("state").as_string(), "redeemed");
    EXPECT_EQ(gone[0].at("by").as_string(), "A3");
}

TEST(Live, NeverMentionsAGhost) {
    Room room;
    const auto page = room.page();
    Offer ghost = offer_of(1, room.now());
    ghost.ghost = true;
    room.staff.changed(ghost);
    EXPECT_EQ(page->told.size(), 1U);
    EXPECT_EQ(room.staff.cards(), 0U);
}

TEST(Live, TellsAReturningPageOnlyWhatItMissed) {
    Room room;
    room.staff.changed(offer_of(1, room.now()));
    room.staff.changed(offer_of(2, room.now()));
    const auto page = room.page("aaaa.1");
    const auto& welcome = page->told.at(0);
    EXPECT_FALSE(welcome.contains("cards"));
    ASSERT_EQ(welcome.at("changes").as_array().size(), 1U);
    EXPECT_EQ(welcome.at("changes").at(0).at("card").at("id").as_string(),
              offer_of(2, {}).id.value);
}

TEST(Live, ShowsAReplayedCardAsItStandsNow) {
    Room room;
    Offer offer = offer_of(1, room.now());
    room.staff.changed(offer);
    offer.state = OfferState::Accepted;
    ++offer.revision;
    room.staff.changed(offer);
    const auto page = room.page("aaaa.0");
    ASSERT_EQ(page->told.at(0).at("changes").as_array().size(), 1U);
    EXPECT_EQ(page->told[0].at("changes").at(0).at("card").at("state").as_string(), "accepted");
}

TEST(Live, GivesAPageOfAnotherStartASnapshot) {
    Room room;
    room.staff.changed(offer_of(1, room.now()));
    EXPECT_TRUE(room.page("bbbb.1")->told.at(0).contains("cards"));
    EXPECT_TRUE(room.page("nonsense")->told.at(0).contains("cards"));
}

TEST(Live, ReplacesAllCardsOnAReset) {
    Room room;
    room.staff.changed(offer_of(1, room.now()));
    const auto page = room.page();
    room.staff.reset({offer_of(2, room.now())});
    const auto reset = page->of("reset");
    ASSERT_EQ(reset.size(), 1U);
    ASSERT_EQ(reset[0].at("cards").as_array().size(), 1U);
    EXPECT_EQ(reset[0].at("cards").at(0).at("id").as_string(), offer_of(2, {}).id.value);
}

TEST(Live, TellsTheFiguresEveryFewSecondsSoThatSilenceMeansALostConnection) {
    Room room;
    const auto page = room.page();
    room.shop.figures.sales = 5;
    room.loop.advance(milliseconds{15'000});
    const auto told = page->of("today");
    ASSERT_EQ(told.size(), 3U);
    EXPECT_EQ(told[2].at("today").at("sales").as_int64(), 5);
    EXPECT_EQ(told[2].at("now").as_int64(), 1'015'000);
}

TEST(Live, ForgetsAPageThatHasGone) {
    Room room;
    const auto page = room.page();
    room.routes.live.closed(page);
    room.staff.changed(offer_of(1, room.now()));
    EXPECT_EQ(page->told.size(), 1U);
    EXPECT_EQ(room.staff.clients(), 0U);
}

TEST(Live, TurnsAwayOnePageTooMany) {
    Room room;
    for (std::size_t i = 0; i < kLiveClientsMax; ++i) room.page();
    const auto page = room.page();
    EXPECT_FALSE(page->closed.empty());
    EXPECT_TRUE(page->told.empty());
    EXPECT_EQ(room.staff.clients(), kLiveClientsMax);
    EXPECT_EQ(room.metrics->counter("aisle_staff_clients_turned_away_total", "").value(), 1);
}

TEST(Live, CountsCardsThatHadToMakeRoom) {
    Room room;
    const auto page = room.page();
    for (int n = 0; n <= static_cast<int>(kLiveCardsMax); ++n)
        room.staff.changed(offer_of(n, room.now()));
    EXPECT_EQ(room.staff.cards(), kLiveCardsMax);
    EXPECT_EQ(page->of("gone").size(), 1U);
    EXPECT_EQ(room.metrics->counter("aisle_staff_cards_crowded_total", "").value(), 1);
    EXPECT_EQ(room.metrics->gauge("aisle_staff_cards", "").value(), 60);
}

TEST(Live, DoesNotListenToWhatAPageSays) {
    Room room;
    const auto page = room.page();
    room.routes.live.text(page, R"({"t":"act","offer":"1"})");
    EXPECT_EQ(page->told.size(), 1U);
    EXPECT_TRUE(room.shop.acts.empty());
}

// A send may close its own client, and closing is told at once.
TEST(Live, SurvivesAPageThatGoesWhileItIsToldSomething) {
    class Fleeting final : public runtime::WebSocket {
    public:
        explicit Fleeting(Room& room) : room_{room} {}
        void send(std::string) override {
            if (++sent_ == 2) room_.routes.live.closed(self.lock());
        }
        void close(std::string_view) override {}
        [[nodiscard]] const runtime::HttpRequest& request() const override { return request_; }
        std::weak_ptr<runtime::WebSocket> self;

    private:
        Room& room_;
        int sent_ = 0;
        runtime::HttpRequest request_;
    };
    Room room;
    const auto fleeting = std::make_shared<Fleeting>(room);
    fleeting->self = fleeting;
    room.routes.live.opened(fleeting);
    const auto page = room.page();
    room.staff.changed(offer_of(1, room.now()));
    EXPECT_EQ(page->of("offer").size(), 1U);
    EXPECT_EQ(room.staff.clients(), 1U);
}

}  // namespace
}  // namespace aisle::staff
