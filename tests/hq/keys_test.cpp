#include "sync/hq/keys.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "agent/intake/intake.hpp"
#include "hq_world.hpp"
#include "sync/hq/keys_member_code.hpp"
#include "sync/hq/keys_stores.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::hq {
namespace {

unsigned mode_of(const std::string& path) {
    struct stat info {};
    return stat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0;
}

TEST(Keys, AreMadeWithASecretThatOnlyItsOwnerReads) {
    const TempFolder folder;
    const auto made = make_signing_key(folder.file("keys"));
    ASSERT_TRUE(made);
    EXPECT_EQ(made->public_hex.size(), 64U);
    EXPECT_EQ(mode_of(folder.file("keys/" + made->id + ".secret")), 0600U);
    EXPECT_TRUE(std::filesystem::exists(folder.file("keys/" + made->id + ".pub")));
}

TEST(Keys, SignWhatTheirPublicHalfBelieves) {
    const TempFolder folder;
    const auto made = make_signing_key(folder.file("keys"));
    const auto key = load_signing_key(folder.file("keys/" + made->id + ".secret"));
    ASSERT_TRUE(key) << key.error().detail;
    const auto ring = load_keyring(folder.file("keys"));
    ASSERT_TRUE(ring);
    const auto sealed = wire::seal(wire::Purpose::Command, *key, "{}");
    EXPECT_TRUE(wire::unseal(sealed, *ring, wire::Purpose::Command));
}

TEST(Keys, ThatOthersCanReadAreRefused) {
    const TempFolder folder;
    const auto made = make_signing_key(folder.file("keys"));
    const auto path = folder.file("keys/" + made->id + ".secret");
    ASSERT_EQ(chmod(path.c_str(), 0644), 0);
    EXPECT_EQ(load_signing_key(path).error().fault, Fault::Denied);
}

TEST(Keys, OverlapAndTheRevokedOnesAreRemembered) {
    const TempFolder folder;
    const auto dir = folder.file("keys");
    const auto old = make_signing_key(dir);
    const auto fresh = make_signing_key(dir);
    ASSERT_EQ(load_keyring(dir)->keys().size(), 2U);
    ASSERT_TRUE(revoke_key(dir, old->id));
    ASSERT_TRUE(revoke_key(dir, old->id));
    const auto ring = load_keyring(dir);
    EXPECT_EQ(ring->find(old->id), nullptr);
    EXPECT_NE(ring->find(fresh->id), nullptr);
    for (const auto& key : *list_keys(dir)) EXPECT_EQ(key.revoked, key.id == old->id);
}

TEST(Keys, OfAFolderThatIsNotThereAreNone) {
    EXPECT_TRUE(load_keyring("/nonexistent/keys")->keys().empty());
    EXPECT_TRUE(StoreKeys::load("/nonexistent/keys")->all().empty());
}

TEST(Keys, ThatAreDamagedAreRefusedByName) {
    const TempFolder folder;
    std::ofstream{folder.file("kbad.pub")} << "no hex\n";
    const auto ring = load_keyring(folder.file("."));
    ASSERT_FALSE(ring);
    EXPECT_NE(ring.error().detail.find("kbad.pub"), std::string::npos);
}

TEST(StoreKeys, KeepTheEarlierKeyOfAStoreWhenItRotates) {
    const TempFolder folder;
    StoreKeys keys;
    ASSERT_TRUE(keys.add("s-1", std::string(64, 'a'), kit::kNoon));
    ASSERT_TRUE(keys.add("s-1", std::string(64, 'b'), kit::kNoon + seconds{60}));
    ASSERT_TRUE(keys.save(folder.file("keys"), "s-1"));
    EXPECT_EQ(mode_of(folder.file("keys/stores/s-1.keys")), 0600U);
    const auto read = StoreKeys::load(folder.file("keys"));
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->all(), keys.all());
    EXPECT_EQ(read->current("s-1")->hex, std::string(64, 'b'));
    EXPECT_EQ(read->find("s-1", key_id_of(std::string(64, 'a')))->replaced,
              kit::kNoon + seconds{60});
}

TEST(StoreKeys, FindAMemberUnderEachKeyOfTheStore) {
    StoreKeys keys;
    ASSERT_TRUE(keys.add("s-1", std::string(64, 'a'), kit::kNoon));
    ASSERT_TRUE(keys.add("s-1", std::string(64, 'b'), kit::kNoon));
    const auto pseudonyms = keys.pseudonyms("s-1", "M-1");
    ASSERT_EQ(pseudonyms.size(), 2U);
    EXPECT_NE(pseudonyms[0], pseudonyms[1]);
    EXPECT_TRUE(keys.pseudonyms("s-2", "M-1").empty());
    EXPECT_TRUE(keys.pseudonyms("s-1", " - ").empty());
}

TEST(StoreKeys, UseNoKeyThatIsRevoked) {
    StoreKeys keys;
    ASSERT_TRUE(keys.add("s-1", std::string(64, 'a'), kit::kNoon));
    ASSERT_TRUE(keys.revoke("s-1", key_id_of(std::string(64, 'a'))));
    EXPECT_EQ(keys.current("s-1"), nullptr);
    EXPECT_EQ(keys.pseudonyms("s-1", "M-1").size(), 1U);  // for erasure
    EXPECT_FALSE(keys.revoke("s-1", "00000000"));
    EXPECT_FALSE(keys.revoke("s-9", "00000000"));
}

TEST(StoreKeys, RefuseWhatIsNoKeyAndAKeyASecondTime) {
    StoreKeys keys;
    EXPECT_EQ(keys.add("s-1", "short", kit::kNoon).error().fault, Fault::Malformed);
    EXPECT_EQ(keys.add("No Store", std::string(64, 'a'), kit::kNoon).error().fault,
              Fault::Malformed);
    ASSERT_TRUE(keys.add("s-1", std::string(64, 'a'), kit::kNoon));
    EXPECT_EQ(keys.add("s-1", std::string(64, 'a'), kit::kNoon).error().fault, Fault::Denied);
}

// The store's own code makes the pseudonyms of what it sends: both must agree on every id.
TEST(Pseudonym, IsThatOfTheStoreWhateverTheIdLooksLike) {
    intake::IntakeSettings settings{.store = StoreId{"s-1"}};
    settings.key.bytes.fill(0xAA);
    const intake::Intake store{settings};
    const PseudonymKey key{.hex = std::string(64, 'a')};
    std::vector<std::string> ids{"M-1", " m 1 ", "１３８00138000", "a\xFF b", "会员-7", "\u200b"};
    std::mt19937 random{4};
    const std::vector<std::string> pieces{"a",  "Z",        "-",  " ",       "７",
                                          "\t", "\xE2\x80", "会", "\xC2\xA0"};
    for (int i = 0; i < 2'000; ++i) {
        std::string id;
        for (auto n = random() % 12; n > 0; --n) id += pieces[random() % pieces.size()];
        ids.push_back(std::move(id));
    }
    ids.push_back(std::string(600, 'x'));
    for (const auto& id : ids) ASSERT_EQ(pseudonym(key, id), store.pseudonym(id).value) << id;
}

}  // namespace
}  // namespace aisle::hq
