#include <algorithm>
#include <random>

#include "shop_world.hpp"

// A shop that is stopped and started again is the shop that it was.
namespace aisle::app {
namespace {

using Rows = std::vector<std::string>;

Rows texts(const std::vector<StateChange>& rows) {
    Rows all;
    for (const StateChange& row : rows) all.push_back(row.key + " " + row.bytes);
    return all;
}

struct Picture {
    Rows customers;
    Rows offers;
    std::vector<OfferId> live;
    footfall::Today today;
    std::vector<std::string> visits;

    friend bool operator==(const Picture&, const Picture&) = default;
};

Picture picture(const ShopWorld& world) {
    Picture now{.customers = texts(world.engines->customers.rows()),
                .offers = texts(world.engines->offers->rows()),
                .live = {},
                .today = world.engines->footfall.today(world.clock.now().wall),
                .visits = {}};
    // A till's hour is written when it is over: a stop forgets the one that runs.
    std::erase_if(now.offers,
                  [](const std::string& row) { return row.starts_with("abuse/till/"); });
    for (const Offer& offer : world.engines->offers->live()) now.live.push_back(offer.id);
    for (const ZoneVisit& visit : world.engines->presence.open_visits())
        now.visits.push_back(visit.tag.value + "@" + visit.zone.value);
    return now;
}

const std::vector<std::string> kCampaigns{
    campaign("seen", kOnSeen), campaign("basket", kOnBasket),
    campaign("sale", kOnSale, R"("experiment": {"holdout": 0.5})"),
    campaign("dwell", R"({"type": "zone_dwell", "zone": "shoes", "min_s": 5, "rearm_s": 60})")};

// Customers, tills, doors and staff as chance has it.
class RandomDay {
public:
    RandomDay(ShopWorld& world, std::uint32_t seed) : world_{world}, random_{seed} {}

    void live(int steps) {
        std::vector<ReferenceRow> tags;
        for (const char* tag : {"t1", "t2"})
            tags.emplace_back(TagRow{.tag = tag, .bearer = TagBearer::Trolley, .label = tag});
        world_.tell("tags.jsonl", tags);
        world_.heartbeat.start();
        for (int i = 0; i < steps; ++i) {
            step();
            world_.loop.advance(milliseconds{500 + below(4'000)});
        }
        world_.heartbeat.stop();
        world_.settle();
    }

private:
    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_()) % n; }
    std::string someone() { return "M" + std::to_string(below(4)); }

    void step() {
        switch (below(8)) {
            case 0:
            case 1:
                return sale();
            case 2:
                return door();
            case 3:
                world_.desk.check_in({.member = someone(), .by = "s-1"}, [](const auto&) {});
                return;
            case 4:
                return tap();
            case 5:
                world_.agree(world_.member(someone()), kConsentMarketing, below(3) > 0);
                return;
            case 6:
                world_.decide("b" + std::to_string(below(5)), 5'000 + below(20'000), someone(),
                              below(4) == 0);
                return;
            default:
                return walk();
        }
    }
    void sale() {
        const std::int64_t seq = 1 + below(30);
        Sale sale = draft(1'000 * (1 + below(20)), seq, below(2) == 0 ? someone() : std::string{});
        sale.ended_at = world_.clock.now().wall;
        EXPECT_TRUE(world_.readings.accept(reading_of(SaleReading{sale, {}}), {}));
    }
    void door() {
        const Stamp now = world_.clock.now();
        EXPECT_TRUE(world_.readings.accept(
            reading_of(Crossing{.door = DoorId{"main"},
                                .direction = below(3) > 0 ? Direction::In : Direction::Out,
                                .n = 1,
                                .at = now.wall,
                                .mono = now.mono}),
            {}));
    }
    void tap() {
        const auto offers = world_.engines->offers->live();
        if (offers.empty()) return;
        const OfferAction actions[] = {OfferAction::Accept, OfferAction::Present,
                                       OfferAction::Redeem, OfferAction::Decline};
        world_.act(offers[below(static_cast<std::uint32_t>(offers.size()))].id, actions[below(4)],
                   "s-1");
    }
    void walk() {
        const std::string tag = below(2) == 0 ? "t1" : "t2";
        const std::string scanner = below(3) > 0 ? "gw-shoes" : "gw-bags";
        for (int i = 0; i < 6; ++i) {
            const Stamp now = world_.clock.now();
            EXPECT_TRUE(world_.readings.accept(reading_of(Sighting{.at = now.mono,
                                                                   .wall = now.wall,
                                                                   .tag = world_.tag(tag),
                                                                   .scanner = scanner,
                                                                   .rssi_dbm = -50}),
                                               {}));
            world_.loop.advance(seconds{1});
        }
    }

    ShopWorld& world_;
    std::mt19937 random_;
};

TEST(Restore, GivesTheShopBackAsItWas) {
    for (std::uint32_t seed = 1; seed <= 4; ++seed) {
        const Folder folder;
        std::optional<Picture> before;
        Stamp now;
        {
            ShopWorld world{kCampaigns, &folder};
            RandomDay{world, seed}.live(120);
            before = picture(world);
            now = world.clock.now();
            EXPECT_TRUE(world.broken.empty()) << world.broken;
            EXPECT_GT(world.journal("").size(), 100U);
        }
        const ShopWorld again{kCampaigns, &folder, now};
        const Picture after = picture(again);
        EXPECT_EQ(after.customers, before->customers) << "seed " << seed;
        EXPECT_EQ(after.offers, before->offers) << "seed " << seed;
        EXPECT_EQ(after.live, before->live) << "seed " << seed;
        EXPECT_EQ(after.today, before->today) << "seed " << seed;
        EXPECT_EQ(after.visits, before->visits) << "seed " << seed;
    }
}

// Two shops live through the same day; one is stopped and started in the middle of it.
TEST(Restore, LetsTheDayGoOnAsIfNothingHadHappened) {
    const Folder folder;
    Stamp noon;
    {
        ShopWorld morning{kCampaigns, &folder};
        EXPECT_TRUE(morning.sell(draft(1'000, 1, "M1")));
        EXPECT_TRUE(morning.sell(draft(2'000, 2, "M1")));
        noon = morning.clock.now();
    }
    ShopWorld stopped{kCampaigns, &folder, noon};
    ShopWorld whole{kCampaigns};
    EXPECT_TRUE(whole.sell(draft(1'000, 1, "M1")));
    EXPECT_TRUE(whole.sell(draft(2'000, 2, "M1")));
    whole.clock.set(noon);
    for (ShopWorld* world : {&stopped, &whole}) {
        EXPECT_TRUE(world->sell(draft(1'500, 2, "M1")));
        EXPECT_TRUE(world->sell(draft(700, 3)));
    }
    EXPECT_EQ(picture(stopped).customers, picture(whole).customers);
    EXPECT_EQ(picture(stopped).today, picture(whole).today);
}

TEST(Restore, OfAnEmptyStoreGivesAnEmptyShop) {
    ShopWorld world;
    EXPECT_TRUE(picture(world).customers.empty());
    EXPECT_TRUE(picture(world).visits.empty());
}

// The shop must open: a room whose rows cannot be read begins anew, the others hold.
TEST(Restore, BeginsARoomAnewWhoseRowsCannotBeRead) {
    for (const char* room : {"customers", "offers", "footfall", "presence"}) {
        const Folder folder;
        {
            ShopWorld world{{}, &folder};
            EXPECT_TRUE(world.sell(draft(1'000, 1, "M1")));
            Batch bad;
            bad.state.push_back({room, "zz", "this is no row"});
            EXPECT_TRUE(world.store->append(bad, kit::kNoon));
        }
        ShopWorld world{{}, &folder};
        EXPECT_TRUE(world.sell(draft(2'000, 2, "M2"))) << room;
        const bool customers_hold = std::string{room} != "customers";
        EXPECT_EQ(world.engines->customers.size(), customers_hold ? 2U : 1U) << room;
        EXPECT_EQ(world.desk.today().sales, 2) << room;
    }
}

TEST(Restore, KeepsVisitsOpenUntilTheTagsAreTold) {
    const Folder folder;
    Stamp now;
    {
        ShopWorld world{{}, &folder};
        world.tell("tags.jsonl", {TagRow{.tag = "t1", .bearer = TagBearer::Trolley, .label = "1"}});
        for (int i = 0; i < 6; ++i) {
            const Stamp at = world.clock.now();
            EXPECT_TRUE(world.readings.accept(reading_of(Sighting{.at = at.mono,
                                                                  .wall = at.wall,
                                                                  .tag = world.tag("t1"),
                                                                  .scanner = "gw-shoes",
                                                                  .rssi_dbm = -50}),
                                              {}));
            world.loop.advance(seconds{1});
        }
        world.settle();
        now = world.clock.now();
    }
    ShopWorld world{{}, &folder, now};
    world.tell("members.jsonl", {MemberRow{.member = "M1", .tags = {}, .tier = "gold"}});
    world.agree(world.member("M1"), kConsentMarketing);
    EXPECT_EQ(world.engines->presence.open_visits().size(), 1U) << "nobody has said that it left";
    world.tell("tags.jsonl", {});
    EXPECT_TRUE(world.engines->presence.open_visits().empty());
}

}  // namespace
}  // namespace aisle::app
