#include "agent/app/keys.hpp"

#include "shop_world.hpp"

namespace aisle::app {
namespace {

namespace fs = std::filesystem;

fs::perms mode(const std::string& path) { return fs::status(path).permissions(); }
constexpr auto kOwnerOnly = fs::perms::owner_read | fs::perms::owner_write;

TEST(Keys, AreMadeForTheOwnerAlone) {
    const Folder folder;
    ASSERT_TRUE(create_keys(folder.path()));
    EXPECT_EQ(mode(folder.file("keys")), fs::perms::owner_all);
    EXPECT_EQ(mode(folder.file("keys/store.key")), kOwnerOnly);
    EXPECT_EQ(mode(folder.file("keys/codes.key")), kOwnerOnly);
}

TEST(Keys, AreReadAsTheyWereMade) {
    const Folder folder;
    ASSERT_TRUE(create_keys(folder.path()));
    const auto one = load_keys(folder.path());
    const auto again = load_keys(folder.path());
    ASSERT_TRUE(one && again);
    EXPECT_EQ(one->pseudonyms.bytes, again->pseudonyms.bytes);
    EXPECT_EQ(one->pseudonyms.id, again->pseudonyms.id);
    EXPECT_EQ(one->codes, again->codes);
}

TEST(Keys, AreTheBytesThatTheFileSpellsInHex) {
    const Folder folder;
    ASSERT_TRUE(create_keys(folder.path()));
    const std::string hex = bytes_of(folder.file("keys/store.key"));
    const auto keys = load_keys(folder.path());
    for (std::size_t i = 0; i < 32; ++i)
        EXPECT_EQ(keys->pseudonyms.bytes.at(i), std::stoul(hex.substr(2 * i, 2), nullptr, 16));
}

TEST(Keys, OfTwoShopsDiffer) {
    const Folder one;
    const Folder other;
    ASSERT_TRUE(create_keys(one.path()) && create_keys(other.path()));
    EXPECT_NE(load_keys(one.path())->pseudonyms.bytes, load_keys(other.path())->pseudonyms.bytes);
    EXPECT_NE(load_keys(one.path())->pseudonyms.id, load_keys(other.path())->pseudonyms.id);
    EXPECT_NE(load_keys(one.path())->codes, load_keys(other.path())->codes);
}

TEST(Keys, AreNamedWithoutBeingTold) {
    const Folder folder;
    ASSERT_TRUE(create_keys(folder.path()));
    const std::string id = load_keys(folder.path())->pseudonyms.id;
    EXPECT_EQ(id.size(), 8U);
    EXPECT_EQ(bytes_of(folder.file("keys/store.key")).find(id), std::string::npos);
}

TEST(Keys, AreNeverMadeASecondTime) {
    const Folder folder;
    ASSERT_TRUE(create_keys(folder.path()));
    const std::string before = bytes_of(folder.file("keys/store.key"));
    const Status again = create_keys(folder.path());
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().fault, Fault::Denied);
    EXPECT_EQ(bytes_of(folder.file("keys/store.key")), before);
}

TEST(Keys, ThatOthersMayReadAreRefused) {
    for (const fs::perms others : {fs::perms::group_read, fs::perms::others_read}) {
        const Folder folder;
        ASSERT_TRUE(create_keys(folder.path()));
        fs::permissions(folder.file("keys/codes.key"), others, fs::perm_options::add);
        const auto keys = load_keys(folder.path());
        ASSERT_FALSE(keys);
        EXPECT_EQ(keys.error().fault, Fault::Denied);
    }
}

TEST(Keys, AreUnavailableBeforeTheyAreMade) {
    const Folder folder;
    EXPECT_EQ(load_keys(folder.path()).error().fault, Fault::Unavailable);
    ASSERT_TRUE(create_keys(folder.path()));
    fs::remove(folder.file("keys/codes.key"));
    EXPECT_EQ(load_keys(folder.path()).error().fault, Fault::Unavailable);
}

TEST(Keys, MustBe64HexDigits) {
    const std::string good(64, 'a');
    for (const std::string& text :
         {std::string{}, good.substr(1), good + "a", good.substr(1) + "G", good.substr(1) + "A"}) {
        const Folder folder;
        ASSERT_TRUE(create_keys(folder.path()));
        folder.write("keys/store.key", text);
        const auto keys = load_keys(folder.path());
        ASSERT_FALSE(keys) << text;
        EXPECT_EQ(keys.error().fault, Fault::Malformed);
        EXPECT_TRUE(text.empty() || keys.error().detail.find(text) == std::string::npos);
    }
}

TEST(Keys, CannotBeMadeWhereAFileIsInTheWay) {
    const Folder folder;
    folder.write("keys", "a file");
    EXPECT_EQ(create_keys(folder.path()).error().fault, Fault::Unavailable);
}

}  // namespace
}  // namespace aisle::app
