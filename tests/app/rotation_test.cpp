#include "agent/app/keys.hpp"
#include "agent/records/sale_json.hpp"
#include "shop_world.hpp"

// The store's key is changed, and the overlap lets everybody keep their history.
namespace aisle::app {
namespace {

const std::string kAnna = "M-1001";

ShopKeys rotated() {
    ShopKeys keys = test_keys();
    keys.earlier = {keys.pseudonyms};
    keys.pseudonyms = {.bytes = {}, .id = "k2"};
    keys.pseudonyms.bytes.fill(8);
    return keys;
}

ShopKeys retired() {
    ShopKeys keys = rotated();
    keys.earlier.clear();
    return keys;
}

// The same shop, started again with these keys.
ShopWorld shop(const Folder& folder, const ShopKeys& keys,
               const std::vector<std::string>& campaigns = {}) {
    return ShopWorld{campaigns, &folder, kit::at(), keys};
}

CustomerCard card(ShopWorld& world) {
    return world.engines->customers.card(world.member(kAnna), world.clock.now());
}

Sale annas(std::int64_t total, std::int64_t seq) { return draft(total, seq, kAnna); }

std::size_t rows_of_customers(ShopWorld& world) {
    return world.store->read_state("customers")->size();
}

TEST(Rotation, NamesTheKeyOnEachPseudonym) {
    const Folder folder;
    EXPECT_TRUE(shop(folder, test_keys()).sell(annas(1000, 1)));
    ShopWorld world = shop(folder, rotated());
    world.sell(annas(2000, 2));
    const auto sales = world.journal("sale");
    EXPECT_EQ(records::sale_from_json(sales.at(0))->member_key, "k1");
    EXPECT_EQ(records::sale_from_json(sales.at(1))->member_key, "k2");
    EXPECT_NE(records::sale_from_json(sales.at(0))->member,
              records::sale_from_json(sales.at(1))->member);
}

TEST(Rotation, KeepsACustomersHistoryFromTheNextReceiptOn) {
    const Folder folder;
    EXPECT_TRUE(shop(folder, test_keys()).sell(annas(1000, 1)));
    ShopWorld world = shop(folder, rotated());
    world.sell(annas(2000, 2));
    EXPECT_EQ(card(world).purchases, 2);
    EXPECT_EQ(card(world).spent, Money::minor(3000));
    EXPECT_EQ(rows_of_customers(world), 1U);
}

TEST(Rotation, KeepsACustomersHistoryFromTheNextCheckInOn) {
    const Folder folder;
    EXPECT_TRUE(shop(folder, test_keys()).sell(annas(1000, 1)));
    ShopWorld world = shop(folder, rotated());
    EXPECT_EQ(world.check_in(kAnna).card.purchases, 1);
}

TEST(Rotation, TakesEveryMemberOfTheListOver) {
    const Folder folder;
    {
        ShopWorld before = shop(folder, test_keys());
        before.tell("members.jsonl", {MemberRow{.member = kAnna, .tags = {}, .tier = "gold"}});
        before.sell(annas(1000, 1));
    }
    ShopWorld world = shop(folder, rotated());
    world.tell("members.jsonl", {MemberRow{.member = kAnna, .tags = {}, .tier = "gold"}});
    EXPECT_EQ(card(world).purchases, 1);
    EXPECT_EQ(card(world).tier, "gold");
    EXPECT_EQ(rows_of_customers(world), 1U);
}

TEST(Rotation, KeepsAWithdrawalOfConsent) {
    const Folder folder;
    {
        ShopWorld before = shop(folder, test_keys());
        before.agree(before.member(kAnna), kConsentMarketing, true);
        before.clock.advance(minutes{1});
        before.agree(before.member(kAnna), kConsentMarketing, false);
    }
    ShopWorld world = shop(folder, rotated());
    world.check_in(kAnna);
    EXPECT_FALSE(world.engines->customers.consents(world.member(kAnna), kConsentMarketing));
    EXPECT_TRUE(world.check_in(kAnna).card.known);
}

TEST(Rotation, KnowsAReceiptThatComesAgain) {
    const Folder folder;
    EXPECT_TRUE(shop(folder, test_keys()).sell(annas(1000, 1)));
    ShopWorld world = shop(folder, rotated());
    const auto again = world.sell(annas(1000, 1));
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->duplicate);
    EXPECT_EQ(again->revision, 1);
    EXPECT_EQ(world.journal("sale").size(), 1U);
}

TEST(Rotation, AppliesTheDifferenceOfARevisionToTheSamePerson) {
    const Folder folder;
    EXPECT_TRUE(shop(folder, test_keys()).sell(annas(1000, 1)));
    ShopWorld world = shop(folder, rotated());
    const auto revised = world.sell(annas(1500, 1));
    ASSERT_TRUE(revised);
    EXPECT_EQ(revised->revision, 2);
    EXPECT_EQ(card(world).purchases, 1);
    EXPECT_EQ(card(world).spent, Money::minor(1500));
}

TEST(Rotation, LeavesFrequencyCapsInForce) {
    const Folder folder;
    const std::vector<std::string> campaigns{campaign("c", kOnSeen,
                                                      R"("experiment": {"holdout": 0},
                    "limits": {"per_customer": [{"n": 1, "per": "P1D"}]})")};
    {
        ShopWorld before = shop(folder, test_keys(), campaigns);
        before.agree(before.member(kAnna), kConsentMarketing);
        EXPECT_EQ(before.check_in(kAnna).offers.size(), 1U);
    }
    ShopWorld world = shop(folder, rotated(), campaigns);
    const auto seen = world.check_in(kAnna);
    ASSERT_EQ(seen.offers.size(), 1U);  // the same one, under the new name
    EXPECT_EQ(world.journal("offer").size(), 1U);
    EXPECT_EQ(seen.offers.front().member, world.member(kAnna));
}

TEST(Rotation, MakesAStrangerOfWhoWasNotSeenBeforeItsOverlapEnded) {
    const Folder folder;
    EXPECT_TRUE(shop(folder, test_keys()).sell(annas(1000, 1)));
    ShopWorld world = shop(folder, retired());
    EXPECT_FALSE(card(world).known);
}

TEST(Rotation, NeedsTheOldKeyNoMoreForWhoWasSeen) {
    const Folder folder;
    EXPECT_TRUE(shop(folder, test_keys()).sell(annas(1000, 1)));
    EXPECT_TRUE(shop(folder, rotated()).sell(annas(2000, 2)));
    ShopWorld world = shop(folder, retired());
    EXPECT_EQ(card(world).purchases, 2);
}

// On disk.

std::vector<std::string> ids_in(const Folder& folder) {
    std::vector<std::string> ids;
    const auto listed = list_store_keys(folder.path());
    for (const KeyOnDisk& key : *listed) ids.push_back(key.id);
    return ids;
}

TEST(StoreKeys, KeepTheOneBeforeARotation) {
    const Folder folder;
    ASSERT_TRUE(create_keys(folder.path()));
    const auto before = load_keys(folder.path());
    const auto id = rotate_store_key(folder.path());
    ASSERT_TRUE(id);
    const auto after = load_keys(folder.path());
    EXPECT_EQ(after->pseudonyms.id, *id);
    ASSERT_EQ(after->earlier.size(), 1U);
    EXPECT_EQ(after->earlier.front().bytes, before->pseudonyms.bytes);
    EXPECT_EQ(after->codes, before->codes);
    EXPECT_EQ(ids_in(folder), (std::vector{*id, before->pseudonyms.id}));
}

TEST(StoreKeys, AreRotatedOnlySoOftenWithoutRetiringOne) {
    const Folder folder;
    ASSERT_TRUE(create_keys(folder.path()));
    for (std::size_t i = 0; i < intake::kEarlierKeysMax; ++i)
        ASSERT_TRUE(rotate_store_key(folder.path()));
    const auto once_more = rotate_store_key(folder.path());
    ASSERT_FALSE(once_more);
    EXPECT_EQ(once_more.error().fault, Fault::Denied);
    ASSERT_TRUE(retire_store_key(folder.path(), ids_in(folder).back()));
    EXPECT_TRUE(rotate_store_key(folder.path()));
}

TEST(StoreKeys, LeaveNothingBehindWhenTheyAreRetired) {
    const Folder folder;
    ASSERT_TRUE(create_keys(folder.path()));
    const std::string hex = bytes_of(folder.file("keys/store.key"));
    const std::string old = load_keys(folder.path())->pseudonyms.id;
    ASSERT_TRUE(rotate_store_key(folder.path()));
    ASSERT_TRUE(retire_store_key(folder.path(), old));
    EXPECT_TRUE(load_keys(folder.path())->earlier.empty());
    for (const auto& file : std::filesystem::directory_iterator{folder.file("keys")})
        EXPECT_EQ(bytes_of(file.path().string()).find(hex), std::string::npos) << file.path();
}

TEST(StoreKeys, InUseCannotBeRetired) {
    const Folder folder;
    ASSERT_TRUE(create_keys(folder.path()));
    const auto refused = retire_store_key(folder.path(), load_keys(folder.path())->pseudonyms.id);
    EXPECT_EQ(refused.error().fault, Fault::Denied);
    EXPECT_EQ(retire_store_key(folder.path(), "00000000").error().fault, Fault::Malformed);
}

TEST(StoreKeys, SurviveARotationThatWasCutOff) {
    const Folder folder;
    ASSERT_TRUE(create_keys(folder.path()));
    const auto before = load_keys(folder.path());
    // The old key has its second name, the new one is not in place yet.
    std::filesystem::copy_file(folder.file("keys/store.key"),
                               folder.file("keys/store." + before->pseudonyms.id + ".key"));
    folder.write("keys/store.key.new", "half");
    const auto cut_off = load_keys(folder.path());
    EXPECT_EQ(cut_off->pseudonyms.id, before->pseudonyms.id);
    EXPECT_TRUE(cut_off->earlier.empty());
    ASSERT_TRUE(rotate_store_key(folder.path()));
    EXPECT_EQ(load_keys(folder.path())->earlier.size(), 1U);
}

}  // namespace
}  // namespace aisle::app
