#include "sync/wire/seal.hpp"

#include <gtest/gtest.h>

namespace aisle::wire {
namespace {

SigningKey key_of(std::uint8_t seed, std::string id = "hq-1") {
    std::array<std::uint8_t, 32> bytes{};
    bytes.fill(seed);
    return signing_key(std::move(id), bytes);
}

Keyring ring_of(const SigningKey& key) {
    Keyring ring;
    EXPECT_TRUE(ring.add(key.public_key()));
    return ring;
}

Refused why_not(std::string_view message, const Keyring& ring, Purpose purpose = Purpose::Command) {
    const auto opened = unseal(message, ring, purpose);
    EXPECT_FALSE(opened);
    return opened ? Refused::Full : opened.error().why;
}

TEST(Seal, OpensWhatWasSealed) {
    const SigningKey key = key_of(1);
    const auto opened =
        unseal(seal(Purpose::Command, key, "payload\n"), ring_of(key), Purpose::Command);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->payload, "payload\n");
    EXPECT_EQ(opened->key, "hq-1");
}

TEST(Seal, OpensTheCompressedFormToo) {
    const SigningKey key = key_of(1);
    const std::string payload(50'000, 'x');
    const std::string message = compress_sealed(seal(Purpose::Bundle, key, payload));
    EXPECT_LT(message.size(), 1'000U);
    const auto opened = unseal(message, ring_of(key), Purpose::Bundle);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->payload, payload);
}

// Ed25519 is deterministic: these bytes hold HQ and agents of different versions together.
TEST(Seal, HasStableBytes) {
    EXPECT_EQ(
        seal(Purpose::Command, key_of(7), "{}"),
        R"({"aisle_seal":1,"for":"command","key":"hq-1","sig":"BNFrwR0//IkO5pIN8DS2zoiwXaxDwkrWLEKno7+H)"
        R"(1lrAwSjlzKS9fblD+8+xmuuEzT6CdkV4D6jZMTo+FMMBBg=="})"
        "\n{}");
}

TEST(Seal, RefusesEveryFlippedBit) {
    const SigningKey key = key_of(1);
    const Keyring ring = ring_of(key);
    const std::string good = seal(Purpose::Command, key, R"({"a":1})");
    for (std::size_t i = 0; i < good.size() * 8; ++i) {
        std::string bad = good;
        bad[i / 8] = static_cast<char>(bad[i / 8] ^ (1 << (i % 8)));
        EXPECT_FALSE(unseal(bad, ring, Purpose::Command)) << "bit " << i;
    }
}

TEST(Seal, RefusesEveryCut) {
    const SigningKey key = key_of(1);
    const Keyring ring = ring_of(key);
    const std::string good = seal(Purpose::Command, key, R"({"a":1})");
    const std::string packed = compress_sealed(good);
    for (std::size_t i = 0; i < good.size(); ++i)
        EXPECT_FALSE(unseal(good.substr(0, i), ring, Purpose::Command)) << i;
    for (std::size_t i = 0; i < packed.size(); ++i)
        EXPECT_FALSE(unseal(packed.substr(0, i), ring, Purpose::Command)) << i;
}

TEST(Seal, RefusesBytesAfterTheFrame) {
    const SigningKey key = key_of(1);
    const std::string packed = compress_sealed(seal(Purpose::Command, key, "{}"));
    EXPECT_EQ(why_not(packed + "x", ring_of(key)), Refused::Malformed);
}

TEST(Seal, TellsAnUnknownKeyFromATamperedMessage) {
    const SigningKey key = key_of(1);
    EXPECT_EQ(why_not(seal(Purpose::Command, key, "{}"), ring_of(key_of(1, "hq-2"))),
              Refused::UnknownKey);
    EXPECT_EQ(why_not(seal(Purpose::Command, key_of(2), "{}"), ring_of(key)), Refused::Tampered);
}

TEST(Seal, IsForOnePurpose) {
    const SigningKey key = key_of(1);
    const std::string message = seal(Purpose::Data, key, "{}");
    EXPECT_EQ(why_not(message, ring_of(key)), Refused::WrongPurpose);
    // Nor can the word in the header be exchanged.
    std::string changed = message;
    changed.replace(changed.find("data"), 4, "command");
    EXPECT_EQ(why_not(changed, ring_of(key)), Refused::Tampered);
}

TEST(Seal, IsBoundedBeforeAndAfterDecompression) {
    const SigningKey key = key_of(1);
    const Keyring ring = ring_of(key);
    EXPECT_EQ(why_not(std::string(100'000, 'x'), ring), Refused::Oversized);
    const std::string bomb = compress_sealed(std::string(50'000'000, 'x'));
    EXPECT_LT(bomb.size(), 64U * 1024);
    EXPECT_EQ(why_not(bomb, ring), Refused::Oversized);
}

TEST(Keyring, OverlapsWhileKeysAreRotated) {
    const SigningKey old_key = key_of(1, "hq-1");
    const SigningKey new_key = key_of(2, "hq-2");
    Keyring ring = ring_of(old_key);
    ASSERT_TRUE(ring.add(new_key.public_key()));
    EXPECT_TRUE(unseal(seal(Purpose::Command, old_key, "{}"), ring, Purpose::Command));
    EXPECT_TRUE(unseal(seal(Purpose::Command, new_key, "{}"), ring, Purpose::Command));
    ASSERT_TRUE(ring.revoke("hq-1"));
    EXPECT_EQ(why_not(seal(Purpose::Command, old_key, "{}"), ring), Refused::RevokedKey);
    EXPECT_TRUE(unseal(seal(Purpose::Command, new_key, "{}"), ring, Purpose::Command));
}

TEST(Keyring, NeverTakesARevokedKeyBack) {
    Keyring ring = ring_of(key_of(1, "hq-1"));
    ASSERT_TRUE(ring.revoke("hq-9"));
    EXPECT_FALSE(ring.add(key_of(9, "hq-9").public_key()));
}

TEST(Keyring, KeepsItsLastKey) {
    Keyring ring = ring_of(key_of(1, "hq-1"));
    EXPECT_FALSE(ring.revoke("hq-1"));
    EXPECT_NE(ring.find("hq-1"), nullptr);
}

TEST(Keyring, HoldsOneKeyUnderOneId) {
    Keyring ring = ring_of(key_of(1, "hq-1"));
    EXPECT_TRUE(ring.add(key_of(1, "hq-1").public_key()));
    EXPECT_FALSE(ring.add(key_of(2, "hq-1").public_key()));
}

TEST(Keyring, IsBounded) {
    Keyring ring;
    for (std::size_t i = 0; i < kKeysMax; ++i) {
        const auto id = static_cast<std::uint8_t>(i);
        ASSERT_TRUE(ring.add(key_of(id, "k" + std::to_string(i)).public_key()));
    }
    EXPECT_FALSE(ring.add(key_of(99, "one-more").public_key()));
}

TEST(KeyFiles, ReadWhatIsWritten) {
    const PublicKey key = key_of(3, "hq-3").public_key();
    const auto read = public_key_from("hq-3", to_hex(key) + "\n");
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, key);
    EXPECT_FALSE(public_key_from("hq-3", to_hex(key).substr(1)));
    EXPECT_FALSE(public_key_from("HQ", to_hex(key)));
    EXPECT_FALSE(public_key_from("../x", to_hex(key)));
}

TEST(KeyFiles, ASeedGivesTheSameKeyAgain) {
    const std::string seed = std::string(63, '0') + "1";
    const auto one = signing_key_from("hq-1", seed);
    const auto two = signing_key_from("hq-1", seed + "\n");
    ASSERT_TRUE(one && two);
    EXPECT_EQ(one->public_key(), two->public_key());
    EXPECT_FALSE(signing_key_from("hq-1", "12"));
}

TEST(Refusals, HaveAWordEach) {
    for (std::size_t i = 0; i < kRefusedWords; ++i) {
        const auto why = static_cast<Refused>(i);
        EXPECT_EQ(refused_from(to_text(why)), why);
    }
    EXPECT_FALSE(refused_from("because"));
}

}  // namespace
}  // namespace aisle::wire
