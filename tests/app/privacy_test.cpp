#include <algorithm>
#include <cctype>

#include "shop_world.hpp"

// What must never reach the disk, looked for in the bytes of the data directory.
namespace aisle::app {
namespace {

const std::string kMember = "ADA-0815-4711";
const std::string kStranger = "EVE-0816-4712";
const std::string kTag = "fda50693a4e24fb1afcfc6eb07647825/10/7";
const std::string kCard = "4111111111111111";

// All bytes of all files, and once more in lower case without what people put between digits.
struct DiskBytes {
    explicit DiskBytes(const std::string& folder) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
            if (entry.is_regular_file()) raw += bytes_of(entry.path().string());
        }
        for (const char c : raw) {
            if (c != '-' && c != ' ')
                bare += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    [[nodiscard]] bool hold(const std::string& text) const {
        std::string plain;
        for (const char c : text) {
            if (c != '-' && c != ' ')
                plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
        return raw.find(text) != std::string::npos || bare.find(plain) != std::string::npos;
    }
    std::string raw;
    std::string bare;
};

void tell_reference(ShopWorld& world) {
    MemberRow ada{.member = kMember, .tags = {"vip", "card " + kCard}, .tier = "gold"};
    ada.consent[std::string{kConsentLocation}] = {.at = kit::kNoon, .version = "v1"};
    world.tell("members.jsonl", {ada});
    world.tell(
        "tags.jsonl",
        {TagRow{
            .tag = kTag, .bearer = TagBearer::Member, .label = "app " + kCard, .member = kMember}});
    world.tell("facts.jsonl", {FactRow{.key = "note", .value = "paid by 4111 1111 1111 1111"}});
}

void shop(ShopWorld& world) {
    Sale sale = draft(15'000, 1, kMember);
    sale.lines.front().text = "green tea " + kCard;
    world
        .take(reading_of(SaleReading{sale, "<Sale><CustomerID>" + kMember +
                                               "</CustomerID><CardNumber>" + kCard +
                                               "</CardNumber></Sale>"}))
        .value();
    EXPECT_TRUE(world.sell(draft(2'000, 2, kStranger)));
    world.check_in(kMember);
    world.agree(world.member(kMember), kConsentMarketing);
    world.decide("b1", 15'000, kMember);
    for (int i = 0; i < 8; ++i) {
        EXPECT_TRUE(world.readings.accept(reading_of(Sighting{.at = world.clock.now().mono,
                                                              .wall = world.clock.now().wall,
                                                              .tag = world.tag(kTag),
                                                              .scanner = "gw-shoes",
                                                              .rssi_dbm = -50}),
                                          {}));
        world.loop.advance(seconds{1});
    }
}

void put_aside(ShopWorld& world) {
    const std::string payloads[] = {
        "{\"member\":\"" + kMember + "\",\"card\":\"" + kCard + "\",\"total\":",
        "<Sale><LoyaltyAccount><CustomerID>" + kMember + "</CustomerID><Note>" + kCard + "</Note>",
        kCard.substr(0, 4) + " 1111 1111 1111"};
    for (const std::string& payload : payloads) {
        (void)world.take(reading_of(RejectedReading{{.source = "till",
                                                     .reason = "incomplete",
                                                     .detail = "ends at " + kCard,
                                                     .origin = kCard + ".xml",
                                                     .payload = payload}}));
    }
    Sale foreign = draft(1'000, 3, kMember);
    foreign.store = StoreId{"s-0002"};
    foreign.lineage.origin = "export-" + kCard + ".xml";
    (void)world.take(reading_of(
        SaleReading{foreign, "{\"member\":\"" + kMember + "\",\"pan\":\"" + kCard + "\"}"}));
    EXPECT_EQ(world.store->quarantined({})->size(), 4U);
}

TEST(Privacy, KeepsRawMembersTagsAndCardsOffTheDisk) {
    const Folder folder;
    std::string pseudonym;
    {
        ShopWorld world{{campaign("seen", kOnSeen), campaign("basket", kOnBasket)}, &folder};
        world.heartbeat.start();
        tell_reference(world);
        shop(world);
        put_aside(world);
        world.loop.advance(minutes{2});
        world.settle();
        pseudonym = world.member(kMember).value;
        EXPECT_EQ(world.journal("sale").size(), 2U);
        EXPECT_FALSE(world.journal("offer").empty());
        EXPECT_FALSE(world.journal("zone_visit").empty());
    }
    const DiskBytes disk{folder.path()};
    EXPECT_TRUE(disk.hold(pseudonym)) << "else nothing of the day is there to be looked at";
    EXPECT_TRUE(disk.hold("green tea PAN:visa:****1111"));
    for (const std::string& secret : {kMember, kStranger, kTag, kTag.substr(0, 32), kCard})
        EXPECT_FALSE(disk.hold(secret)) << secret;
}

TEST(Privacy, TurnsOneMemberIntoAnotherPseudonymInEachShop) {
    ShopKeys other = test_keys();
    other.pseudonyms.bytes.fill(8);
    const kit::FixedZone zone;
    const auto here = Engines::make(shop_config(), test_keys(), zone);
    const auto there = Engines::make(shop_config(), other, zone);
    EXPECT_NE((*here)->intake.pseudonym(kMember), (*there)->intake.pseudonym(kMember));
}

}  // namespace
}  // namespace aisle::app
