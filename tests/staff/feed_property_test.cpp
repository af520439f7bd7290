#include <gtest/gtest.h>

#include <map>
#include <random>

#include "agent/staff/card.hpp"
#include "agent/staff/feed.hpp"
#include "fakes.hpp"

// Pages that come, miss things and come back must all end with the same cards.
namespace aisle::staff {
namespace {

// What a tablet makes of what it is told, by the rules of the API's description.
class Tablet {
public:
    explicit Tablet(Room& room) : room_{room} { come(); }

    void come() {
        page_ = room_.page(epoch_.empty() ? "" : epoch_ + "." + std::to_string(rev_));
        read_ = 0;
        here_ = true;
    }
    void go() {
        read();
        room_.routes.live.closed(page_);
        here_ = false;
    }
    [[nodiscard]] bool here() const { return here_; }
    void read() {
        for (; read_ < page_->told.size(); ++read_) take(page_->told[read_]);
    }
    [[nodiscard]] std::map<std::string, std::int64_t> cards() const { return cards_; }

private:
    void take(const boost::json::object& message) {
        epoch_ = std::string{message.at("epoch").as_string()};
        const auto rev = message.at("rev").as_int64();
        EXPECT_GE(rev, rev_);
        rev_ = rev;
        if (message.contains("cards")) {
            cards_.clear();
            for (const auto& card : message.at("cards").as_array()) show(card.as_object());
        }
        if (message.contains("changes"))
            for (const auto& change : message.at("changes").as_array()) apply(change.as_object());
        apply(message);
    }
    void apply(const boost::json::object& message) {
        if (message.at("t").as_string() == "offer") show(message.at("card").as_object());
        if (message.at("t").as_string() == "gone")
            cards_.erase(std::string{message.at("id").as_string()});
    }
    void show(const boost::json::object& card) {
        cards_[std::string{card.at("id").as_string()}] = card.at("revision").as_int64();
    }

    Room& room_;
    std::shared_ptr<FakePage> page_;
    std::size_t read_ = 0;
    bool here_ = false;
    std::string epoch_;
    std::int64_t rev_ = 0;
    std::map<std::string, std::int64_t> cards_;
};

class ManyTablets : public testing::TestWithParam<std::uint64_t> {};

TEST_P(ManyTablets, EndWithTheSameCards) {
    std::mt19937_64 random{GetParam()};
    Room room;
    std::map<int, Offer> offers;
    std::vector<Tablet> tablets;
    for (int i = 0; i < 4; ++i) tablets.emplace_back(room);
    for (int step = 0; step < 1'500; ++step) {
        const auto draw = random() % 100;
        const int n = static_cast<int>(random() % 90);
        Tablet& tablet = tablets[random() % tablets.size()];
        if (draw < 80) {
            auto [place, fresh] = offers.try_emplace(n, offer_of(n, room.now()));
            Offer& offer = place->second;
            if (!fresh) {
                ++offer.revision;
                offer.state = static_cast<OfferState>(random() % 6);
            }
            room.staff.changed(offer);
            if (!is_live(offer.state)) offers.erase(place);
        } else if (draw < 95) {
            tablet.here() ? tablet.go() : tablet.come();
        } else if (draw == 99) {
            std::vector<Offer> live;
            for (const auto& [id, offer] : offers) live.push_back(offer);
            room.staff.reset(live);
        }
    }
    Tablet fresh{room};
    fresh.read();
    EXPECT_EQ(fresh.cards().size(), room.staff.cards());
    EXPECT_LE(room.staff.cards(), kLiveCardsMax);
    for (Tablet& tablet : tablets) {
        if (!tablet.here()) tablet.come();
        tablet.read();
        EXPECT_EQ(tablet.cards(), fresh.cards());
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ManyTablets, testing::Range<std::uint64_t>(1, 11));

TEST(FeedSince, TakesNothingForARevisionThatIsNone) {
    Feed feed{"e1", {.cards_max = 5, .ring_max = 5}};
    feed.put(offer_of(1, {}), {});
    for (const char* since : {"", "e1", "e1.", "e1.-1", "e1.x", "e1.1x", "e1. 1", "e1.2", ".1",
                              "e2.1", "e1.99999999999999999999", "1", "E1.1"})
        EXPECT_FALSE(feed.changes_since(since)) << since;
    EXPECT_TRUE(feed.changes_since("e1.0"));
    EXPECT_TRUE(feed.changes_since("e1.1"));
}

TEST(FeedSince, KnowsExactlyAsManyChangesAsItsRingHolds) {
    Feed feed{"e1", {.cards_max = 50, .ring_max = 3}};
    for (int n = 1; n <= 10; ++n) feed.put(offer_of(n, {}), {});
    EXPECT_FALSE(feed.changes_since("e1.6"));
    ASSERT_TRUE(feed.changes_since("e1.7"));
    EXPECT_EQ(feed.changes_since("e1.7")->size(), 3U);
}

TEST(FeedSince, AnEpochMayHoldADot) {
    Feed feed{"e.1", {.cards_max = 5, .ring_max = 5}};
    feed.put(offer_of(1, {}), {});
    EXPECT_TRUE(feed.changes_since("e.1.0"));
    EXPECT_FALSE(feed.changes_since("e.0"));
}

TEST(FeedRevisions, GrowByOneForEachThingThatIsTold) {
    Feed feed{"e1", {.cards_max = 2, .ring_max = 50}};
    std::int64_t expected = 0;
    for (int n = 1; n <= 20; ++n)
        for (const auto& change : feed.put(offer_of(n, {}), {})) EXPECT_EQ(change.rev, ++expected);
    EXPECT_EQ(feed.rev(), expected);
    EXPECT_EQ(feed.size(), 2U);
}

TEST(FeedRevisions, TheSameRevisionAgainIsToldAgain) {
    Feed feed{"e1", {.cards_max = 2, .ring_max = 50}};
    feed.put(offer_of(1, {}), {});
    EXPECT_EQ(feed.put(offer_of(1, {}), {}).size(), 1U);
    EXPECT_EQ(feed.size(), 1U);
}

}  // namespace
}  // namespace aisle::staff
